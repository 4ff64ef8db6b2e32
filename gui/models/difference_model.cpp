// SPDX-License-Identifier: MIT
// Index ids: 0 for a bucket, else 1 + row of the bucket.
#include "models/difference_model.h"

#include "models/byte_text.h"
#include "state/place.h"
#include "units/key_text.h"
#include "units/units.h"

#include <QCoreApplication>

#include <algorithm>
#include <utility>

namespace pagescape::gui {

namespace {

constexpr std::size_t kKeyChars = 80;
constexpr std::size_t kValueChars = 120;

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(Difference)
};

QString titleOf(const std::vector<QByteArray>& path) {
    if (path.empty()) {
        return Texts::tr("(root)");
    }
    QStringList names;
    for (const QByteArray& name : path) {
        names += oneLine(toBytes(name), ValueFormat::Auto, kKeyChars);
    }
    return names.join(QStringLiteral(" \u25B8 "));
}

} // namespace

QString differenceSign(DiffKind kind) {
    switch (kind) {
    case DiffKind::Added: return QStringLiteral("+");
    case DiffKind::Removed: return QStringLiteral("\u2212");
    case DiffKind::Changed: break;
    }
    return QStringLiteral("~");
}

QString differenceWord(DiffKind kind) {
    switch (kind) {
    case DiffKind::Added: return Texts::tr("added");
    case DiffKind::Removed: return Texts::tr("removed");
    case DiffKind::Changed: break;
    }
    return Texts::tr("changed");
}

DifferenceModel::DifferenceModel(QObject* parent) : QAbstractItemModel(parent) {}

void DifferenceModel::clear() {
    beginResetModel();
    m_groups.clear();
    m_entryCount = 0;
    endResetModel();
}

// The comparison goes through a bucket, then a bucket inside it, and then on with the first: a
// group is looked for from the newest on, and that is nearly always the last or the one before.
void DifferenceModel::append(const std::vector<DifferenceEntry>& entries) {
    for (auto from = entries.begin(); from != entries.end();) {
        const auto to = std::find_if(from, entries.end(), [&](const DifferenceEntry& entry) {
            return entry.path != from->path && *entry.path != *from->path;
        });
        auto found = std::find_if(m_groups.rbegin(), m_groups.rend(), [&](const Group& group) {
            return group.path == from->path || *group.path == *from->path;
        });
        if (found == m_groups.rend()) {
            const int row = static_cast<int>(m_groups.size());
            beginInsertRows({}, row, row);
            m_groups.push_back({from->path, {}});
            endInsertRows();
            found = m_groups.rbegin();
        }
        const int group = static_cast<int>(m_groups.rend() - found) - 1;
        auto& rows = m_groups[static_cast<std::size_t>(group)].entries;
        const int first = static_cast<int>(rows.size());
        beginInsertRows(index(group, 0), first, first + static_cast<int>(to - from) - 1);
        rows.insert(rows.end(), from, to);
        endInsertRows();
        const QModelIndex head = index(group, KeyColumn);
        Q_EMIT dataChanged(head, head); // its count
        m_entryCount += static_cast<std::size_t>(to - from);
        from = to;
    }
}

void DifferenceModel::setShown(std::optional<DiffOrigin> shown, bool isOneFile) {
    m_shown = shown;
    m_isOneFile = isOneFile;
}

void DifferenceModel::setFormats(BucketFormats keys, BucketFormats values) {
    beginResetModel();
    m_keys = std::move(keys);
    m_values = std::move(values);
    endResetModel();
}

const DifferenceEntry* DifferenceModel::entry(const QModelIndex& index) const {
    if (!index.isValid() || index.internalId() == 0) {
        return nullptr;
    }
    return &m_groups[index.internalId() - 1].entries[static_cast<std::size_t>(index.row())];
}

QModelIndex DifferenceModel::index(int row, int column, const QModelIndex& parent) const {
    if (!hasIndex(row, column, parent)) {
        return {};
    }
    return createIndex(row, column,
                       parent.isValid() ? static_cast<quintptr>(parent.row()) + 1 : quintptr{0});
}

QModelIndex DifferenceModel::parent(const QModelIndex& child) const {
    if (!child.isValid() || child.internalId() == 0) {
        return {};
    }
    return createIndex(static_cast<int>(child.internalId()) - 1, 0, quintptr{0});
}

int DifferenceModel::rowCount(const QModelIndex& parent) const {
    if (!parent.isValid()) {
        return static_cast<int>(m_groups.size());
    }
    const bool isGroup = parent.internalId() == 0 && parent.column() == 0;
    return isGroup
               ? static_cast<int>(m_groups[static_cast<std::size_t>(parent.row())].entries.size())
               : 0;
}

int DifferenceModel::columnCount(const QModelIndex& /*parent*/) const {
    return kColumnCount;
}

QVariant DifferenceModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) {
        return {};
    }
    if (const DifferenceEntry* found = entry(index)) {
        return entryData(*found, index.column(), role);
    }
    return groupData(m_groups[static_cast<std::size_t>(index.row())], index.column(), role);
}

QVariant DifferenceModel::groupData(const Group& group, int column, int role) const {
    if (column != KeyColumn) {
        return {};
    }
    if (role == Qt::DisplayRole || role == Qt::ToolTipRole) {
        return Texts::tr("%1  (%2)").arg(titleOf(*group.path), countText(group.entries.size()));
    }
    if (role == Qt::AccessibleTextRole) {
        return Texts::tr("Bucket %1, %2 differences")
            .arg(titleOf(*group.path), countText(group.entries.size()));
    }
    return {};
}

// Where the entry is: in the version on show, else in the other one.
DiffOrigin DifferenceModel::placeSide(const DifferenceEntry& entry) const {
    switch (entry.kind) {
    case DiffKind::Added: return DiffOrigin::After;
    case DiffKind::Removed: return DiffOrigin::Before;
    case DiffKind::Changed: break;
    }
    return m_shown.value_or(DiffOrigin::After);
}

QVariant DifferenceModel::entryData(const DifferenceEntry& entry, int column, int role) const {
    const DiffOrigin side = placeSide(entry);
    const bool isBefore = side == DiffOrigin::Before;
    switch (role) {
    case Qt::DisplayRole: return text(entry, column);
    case Qt::ToolTipRole:
        return Texts::tr("%1 in bucket %2: %3")
            .arg(oneLine(toBytes(entry.key), ValueFormat::Auto, kKeyChars), titleOf(*entry.path),
                 differenceWord(entry.kind));
    case Qt::AccessibleTextRole:
        return column == KeyColumn
                   ? Texts::tr("%1: %2").arg(differenceWord(entry.kind), text(entry, column).mid(2))
                   : text(entry, column);
    case Qt::TextAlignmentRole:
        return column == PageColumn ? QVariant(int(Qt::AlignRight | Qt::AlignVCenter)) : QVariant();
    case KeyRole: return entry.key;
    case KindRole: return static_cast<int>(entry.kind);
    case IsBucketRole: return entry.isBucket;
    case PageRole: return quint64((isBefore ? entry.pageBefore : entry.pageAfter).value);
    case PlaceRole:
        if (m_isOneFile || side == m_shown) {
            Place place;
            place.page = isBefore ? entry.pageBefore : entry.pageAfter;
            place.bytes = isBefore ? entry.bytesBefore : entry.bytesAfter;
            return QVariant::fromValue(place);
        }
        return {};
    default: return {};
    }
}

QString DifferenceModel::valueText(const DifferenceEntry& entry, DiffOrigin side) const {
    const bool isBefore = side == DiffOrigin::Before;
    if (entry.kind == (isBefore ? DiffKind::Added : DiffKind::Removed)) {
        return {};
    }
    if (entry.isBucket) {
        return Texts::tr("bucket, sequence %1")
            .arg(countText(isBefore ? entry.sequenceBefore : entry.sequenceAfter));
    }
    const QByteArray& value = isBefore ? entry.before : entry.after;
    const quint64 size = isBefore ? entry.beforeSize : entry.afterSize;
    if (size == 0) {
        return Texts::tr("(empty)");
    }
    const ValueFormat format = m_values ? m_values(*entry.path) : ValueFormat::Auto;
    const QString shown = oneLine(toBytes(value), format, kValueChars);
    return size > quint64(value.size()) ? Texts::tr("%1 \u2026 (%2)").arg(shown, bytesText(size))
                                        : shown;
}

QString DifferenceModel::text(const DifferenceEntry& entry, int column) const {
    switch (column) {
    case KeyColumn: {
        const ValueFormat format =
            m_keys && !entry.isBucket ? m_keys(*entry.path) : ValueFormat::Auto;
        return differenceSign(entry.kind) + u' ' + oneLine(toBytes(entry.key), format, kKeyChars);
    }
    case BeforeColumn: return valueText(entry, DiffOrigin::Before);
    case AfterColumn: return valueText(entry, DiffOrigin::After);
    case PageColumn: {
        const QString before = QString::number(entry.pageBefore.value);
        const QString after = QString::number(entry.pageAfter.value);
        return entry.kind == DiffKind::Added     ? after
               : entry.kind == DiffKind::Removed ? before
               : before == after                 ? after
                                                 : Texts::tr("%1 \u2192 %2").arg(before, after);
    }
    default: return {};
    }
}

QVariant DifferenceModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    switch (section) {
    case KeyColumn: return Texts::tr("Bucket and key");
    case BeforeColumn: return Texts::tr("Before");
    case AfterColumn: return Texts::tr("After");
    case PageColumn: return Texts::tr("Page");
    default: return {};
    }
}

} // namespace pagescape::gui
