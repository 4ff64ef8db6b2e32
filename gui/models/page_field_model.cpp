// SPDX-License-Identifier: MIT
// Indexes carry the field's number; rows and children are worked out once for each page.
#include "models/page_field_model.h"

#include "models/byte_text.h"
#include "pagescape/format.h"
#include "pagescape/value_format.h"

#include <QCoreApplication>

#include <optional>
#include <utility>

namespace pagescape::gui {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t kValueChars = 120;

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(PageField)

public:
    static QString group(FieldKind kind) {
        switch (kind) {
        case FieldKind::Header: return tr("page header");
        case FieldKind::Meta: return tr("meta");
        case FieldKind::ElementArray: return tr("element array");
        case FieldKind::Element: return tr("element");
        case FieldKind::Pair: return tr("pair");
        case FieldKind::BucketValue: return tr("bucket header");
        case FieldKind::InlinePage: return tr("inline page");
        default: return {};
        }
    }

    static QString metaField(FieldKind kind) {
        switch (kind) {
        case FieldKind::Magic: return tr("magic");
        case FieldKind::Version: return tr("version");
        case FieldKind::PageSizeField: return tr("page size");
        case FieldKind::MetaFlags: return tr("flags");
        case FieldKind::Root: return tr("root bucket: page");
        case FieldKind::RootSequence: return tr("root bucket: sequence");
        case FieldKind::FreelistId: return tr("freelist: page");
        case FieldKind::HighWater: return tr("high-water mark");
        case FieldKind::TxIdField: return tr("transaction");
        case FieldKind::Checksum: return tr("checksum");
        default: return {};
        }
    }

    static QString scalar(FieldKind kind) {
        switch (kind) {
        case FieldKind::PageIdField: return tr("page id");
        case FieldKind::FlagsField: return tr("flags");
        case FieldKind::CountField: return tr("count");
        case FieldKind::OverflowField: return tr("overflow pages");
        case FieldKind::ElementFlags: return tr("flags");
        case FieldKind::ElementPos: return tr("position");
        case FieldKind::ElementKeySize: return tr("key size");
        case FieldKind::ElementValueSize: return tr("value size");
        case FieldKind::ElementChild: return tr("child page");
        case FieldKind::FreelistCount: return tr("number of free pages");
        case FieldKind::FreelistEntry: return tr("free page");
        case FieldKind::Key: return tr("key");
        case FieldKind::Value: return tr("value");
        case FieldKind::BucketRoot: return tr("root page");
        case FieldKind::BucketSequence: return tr("sequence");
        case FieldKind::Slack: return tr("slack");
        case FieldKind::Unused: return tr("unused");
        default: return tr("unexplained");
        }
    }

    static QString pageFlags(quint64 flags) {
        switch (flags) {
        case format::kBranchFlag: return tr("branch");
        case format::kLeafFlag: return tr("leaf");
        case format::kMetaFlag: return tr("meta");
        case format::kFreelistFlag: return tr("freelist");
        default: return tr("no known type");
        }
    }
};

QString hex(quint64 number) {
    return u"0x%1"_s.arg(number, 0, 16);
}

} // namespace

QString fieldTitle(const Field& field) {
    QString name = Texts::group(field.kind);
    if (name.isEmpty()) {
        name = Texts::metaField(field.kind);
    }
    if (name.isEmpty()) {
        name = Texts::scalar(field.kind);
    }
    const bool isNumbered =
        field.element >= 0 && (field.kind == FieldKind::Element || field.kind == FieldKind::Pair ||
                               (field.kind == FieldKind::Key && field.parent < 0) ||
                               field.kind == FieldKind::FreelistEntry);
    return isNumbered ? u"%1 %2"_s.arg(name).arg(field.element) : name;
}

QString fieldValueText(const Field& field, Bytes run) {
    if (isGroup(field.kind)) {
        return {};
    }
    switch (field.kind) {
    case FieldKind::Key:
    case FieldKind::Value: {
        if (field.range.begin > run.size() || field.range.size() > run.size() - field.range.begin) {
            return {};
        }
        return toQString(
            shortText(run.subspan(field.range.begin, field.range.size()), kValueChars));
    }
    case FieldKind::Slack:
    case FieldKind::Unused:
    case FieldKind::Unexplained: return {};
    case FieldKind::Magic:
    case FieldKind::Checksum: return hex(field.number);
    case FieldKind::FlagsField:
        return u"%1 (%2)"_s.arg(hex(field.number), Texts::pageFlags(field.number));
    case FieldKind::ElementFlags:
        return (field.number & format::kBucketElementFlag) != 0
                   ? u"%1 (%2)"_s.arg(hex(field.number), Texts::tr("bucket"))
                   : hex(field.number);
    case FieldKind::FreelistId:
        return field.number == format::kNoFreelist ? Texts::tr("none stored")
                                                   : QString::number(field.number);
    case FieldKind::BucketRoot:
        return field.number == 0 ? Texts::tr("0 (inline)") : QString::number(field.number);
    default: return QString::number(field.number);
    }
}

std::optional<PageId> fieldPointer(const Field& field) {
    switch (field.kind) {
    case FieldKind::ElementChild:
    case FieldKind::Root:
    case FieldKind::FreelistEntry: return PageId{field.number};
    case FieldKind::BucketRoot:
        return field.number == 0 ? std::nullopt : std::optional(PageId{field.number});
    case FieldKind::FreelistId:
        return field.number == format::kNoFreelist ? std::nullopt
                                                   : std::optional(PageId{field.number});
    default: return std::nullopt;
    }
}

PageFieldModel::PageFieldModel(QObject* parent) : QAbstractItemModel(parent) {}

void PageFieldModel::setPage(PageSnapshot page) {
    beginResetModel();
    m_page = std::move(page);
    m_top.clear();
    m_children.clear();
    m_rows.clear();
    if (m_page) {
        const auto& fields = m_page->description.fields;
        m_children.resize(fields.size());
        m_rows.resize(fields.size());
        for (std::size_t i = 0; i < fields.size(); ++i) {
            auto& siblings = fields[i].parent < 0
                                 ? m_top
                                 : m_children[static_cast<std::size_t>(fields[i].parent)];
            m_rows[i] = static_cast<int>(siblings.size());
            siblings.push_back(static_cast<int>(i));
        }
    }
    endResetModel();
}

QModelIndex PageFieldModel::indexOfField(int field) const {
    if (!m_page || field < 0 || static_cast<std::size_t>(field) >= m_rows.size()) {
        return {};
    }
    return createIndex(m_rows[static_cast<std::size_t>(field)], 0, static_cast<quintptr>(field));
}

QModelIndex PageFieldModel::indexAtByte(quint64 offsetInRun) const {
    if (!m_page || offsetInRun >= m_page->bytes.size()) {
        return {};
    }
    return indexOfField(static_cast<int>(m_page->description.fieldIndexAt(offsetInRun)));
}

QModelIndex PageFieldModel::index(int row, int column, const QModelIndex& parent) const {
    if (row < 0 || column < 0 || column >= kColumnCount || row >= rowCount(parent)) {
        return {};
    }
    const auto& siblings = parent.isValid() ? m_children[parent.internalId()] : m_top;
    const int field = siblings[static_cast<std::size_t>(row)];
    return createIndex(row, column, static_cast<quintptr>(field));
}

QModelIndex PageFieldModel::parent(const QModelIndex& child) const {
    if (!child.isValid() || !m_page) {
        return {};
    }
    return indexOfField(m_page->description.fields[child.internalId()].parent);
}

int PageFieldModel::rowCount(const QModelIndex& parent) const {
    if (!parent.isValid()) {
        return static_cast<int>(m_top.size());
    }
    return parent.column() == 0 ? static_cast<int>(m_children[parent.internalId()].size()) : 0;
}

int PageFieldModel::columnCount(const QModelIndex&) const {
    return kColumnCount;
}

QVariant PageFieldModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || !m_page) {
        return {};
    }
    const Field& field = m_page->description.fields[index.internalId()];
    switch (role) {
    case Qt::DisplayRole: return display(field, index.column());
    case Qt::ToolTipRole:
        return field.problem.empty() ? QVariant() : QVariant(toQString(field.problem));
    case Qt::TextAlignmentRole: {
        const bool isNumber = index.column() == OffsetColumn || index.column() == SizeColumn;
        return QVariant::fromValue(
            Qt::Alignment((isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    }
    case PlaceRole: return QVariant::fromValue(placeOf(field));
    case PageRole: return QVariant::fromValue<quint64>(m_page->description.id.value);
    case ElementRole: return field.element;
    case FileOffsetRole: return fileOffset(field);
    case SizeRole: return QVariant::fromValue<quint64>(field.range.size());
    case PointerRole: {
        const auto pointer = fieldPointer(field);
        return pointer ? QVariant::fromValue<quint64>(pointer->value) : QVariant();
    }
    case ProblemRole: return toQString(field.problem);
    case FieldIndexRole: return static_cast<int>(index.internalId());
    case KindRole: return static_cast<int>(field.kind);
    default: return {};
    }
}

QVariant PageFieldModel::display(const Field& field, int column) const {
    switch (column) {
    case NameColumn: return fieldTitle(field);
    case OffsetColumn: return QString::number(field.range.begin);
    case SizeColumn: return QString::number(field.range.size());
    case ValueColumn: return fieldValueText(field, m_page->bytes);
    case ProblemColumn: return toQString(field.problem);
    default: return {};
    }
}

quint64 PageFieldModel::fileOffset(const Field& field) const {
    const PageDescription& page = m_page->description;
    return page.id.value * page.pageSize + field.range.begin;
}

Place PageFieldModel::placeOf(const Field& field) const {
    Place place;
    place.page = m_page->description.id;
    const quint64 at = fileOffset(field);
    place.bytes = ByteRange{at, at + field.range.size()};
    // Fields of an inline page count its own elements; a place counts those of the page around it.
    const Field* own = &field;
    while (own->level > 2 && own->parent >= 0) {
        own = &m_page->description.fields[static_cast<std::size_t>(own->parent)];
    }
    place.element = own->element;
    return place;
}

QVariant PageFieldModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    switch (section) {
    case NameColumn: return tr("Field");
    case OffsetColumn: return tr("Offset");
    case SizeColumn: return tr("Size");
    case ValueColumn: return tr("Value");
    case ProblemColumn: return tr("Problem");
    default: return {};
    }
}

} // namespace pagescape::gui
