// SPDX-License-Identifier: MIT
#include "models/problem_model.h"

#include "models/byte_text.h"
#include "state/place.h"

#include <QCoreApplication>

#include <algorithm>

namespace pagescape::gui {

namespace {

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(Problem)

public:
    static QString metaOrPage(FindingCode code) {
        switch (code) {
        case FindingCode::MetaInvalid: return tr("Damaged meta page");
        case FindingCode::NoValidMeta: return tr("No valid meta page");
        case FindingCode::MetaChecksumZero: return tr("Meta page without a checksum");
        case FindingCode::MetaFlags: return tr("Meta page not marked as one");
        case FindingCode::MetaPageSize: return tr("Wrong page size in a meta page");
        case FindingCode::PageIdMismatch: return tr("Wrong page id");
        case FindingCode::PageType: return tr("Wrong page type");
        case FindingCode::PageOutOfRange: return tr("Reference beyond the high-water mark");
        case FindingCode::PagePastEof: return tr("Reference beyond the end of the file");
        case FindingCode::Cycle: return tr("Cycle");
        case FindingCode::MultipleReferences: return tr("Referred to more than once");
        case FindingCode::OverflowPastEof: return tr("Overflow beyond the end of the file");
        case FindingCode::OverflowPastHighWater: return tr("Overflow beyond the high-water mark");
        default: return {};
        }
    }

    static QString element(FindingCode code) {
        switch (code) {
        case FindingCode::ElementTable: return tr("Element table does not fit");
        case FindingCode::ElementBounds: return tr("Element leaves its page");
        case FindingCode::ElementFlags: return tr("Unknown element flags");
        case FindingCode::EmptyBranch: return tr("Branch without elements");
        case FindingCode::EmptyKey: return tr("Empty key");
        case FindingCode::KeyOrder: return tr("Keys out of order");
        case FindingCode::DuplicateKey: return tr("Duplicate key");
        case FindingCode::KeyRange: return tr("Key outside its branch's range");
        case FindingCode::UnevenDepth: return tr("Uneven depth");
        case FindingCode::BucketHeader: return tr("Damaged bucket header");
        case FindingCode::InlineBucket: return tr("Damaged inline bucket");
        default: return {};
        }
    }

    static QString list(FindingCode code) {
        switch (code) {
        case FindingCode::FreelistOutOfRange: return tr("Freelist page out of range");
        case FindingCode::FreelistType: return tr("Freelist page of another type");
        case FindingCode::FreelistCount: return tr("Freelist longer than its page");
        case FindingCode::FreelistIdRange: return tr("Free page out of range");
        case FindingCode::FreelistDuplicate: return tr("Page listed as free twice");
        case FindingCode::FreelistUnsorted: return tr("Freelist out of order");
        case FindingCode::ReachableFree: return tr("Page in use is listed as free");
        case FindingCode::Leak: return tr("Leaked page");
        case FindingCode::FileShorterThanHighWater:
            return tr("File shorter than its high-water mark");
        case FindingCode::EmptyFile: return tr("Empty file");
        default: return tr("Check gave up");
        }
    }
};

bool isSame(const Finding& a, const Finding& b) {
    return a.code == b.code && a.page == b.page && a.offset == b.offset && a.text == b.text;
}

} // namespace

QString severityText(Severity severity) {
    switch (severity) {
    case Severity::Note: return Texts::tr("Note");
    case Severity::Warning: return Texts::tr("Warning");
    case Severity::Error: break;
    }
    return Texts::tr("Error");
}

QString findingTitle(FindingCode code) {
    QString title = Texts::metaOrPage(code);
    if (title.isEmpty()) {
        title = Texts::element(code);
    }
    return title.isEmpty() ? Texts::list(code) : title;
}

ProblemModel::ProblemModel(QObject* parent) : QAbstractTableModel(parent) {}

void ProblemModel::setFindings(const std::vector<Finding>& findings, quint32 pageSize) {
    // A check only ever appends, so comparing both ends of the common part is enough.
    const std::size_t have = m_findings.size();
    const bool extends = pageSize == m_pageSize && findings.size() >= have &&
                         (have == 0 || (isSame(findings.front(), m_findings.front()) &&
                                        isSame(findings[have - 1], m_findings.back())));
    if (!extends) {
        beginResetModel();
        m_pageSize = pageSize;
        m_findings = findings;
        endResetModel();
        return;
    }
    if (findings.size() == have) {
        return;
    }
    beginInsertRows({}, static_cast<int>(have), static_cast<int>(findings.size()) - 1);
    m_findings.insert(m_findings.end(), findings.begin() + static_cast<std::ptrdiff_t>(have),
                      findings.end());
    endInsertRows();
}

int ProblemModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_findings.size());
}

int ProblemModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : kColumnCount;
}

QVariant ProblemModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) {
        return {};
    }
    const Finding& finding = m_findings[static_cast<std::size_t>(index.row())];
    const QVariant page =
        finding.page ? QVariant::fromValue<quint64>(finding.page->value) : QVariant();
    switch (role) {
    case Qt::DisplayRole:
        switch (index.column()) {
        case SeverityColumn: return severityText(severityOf(finding.code));
        case CodeColumn: return findingTitle(finding.code);
        case PageColumn: return finding.page ? QString::number(finding.page->value) : QString();
        default: return toQString(finding.text);
        }
    case Qt::ToolTipRole:
    case ProblemRole: return toQString(finding.text);
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::Alignment(
            (index.column() == PageColumn ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    case PlaceRole: {
        Place place;
        place.page = finding.page;
        if (finding.offset) {
            place.bytes = ByteRange{*finding.offset, *finding.offset + 1};
            if (!place.page && m_pageSize > 0) {
                place.page = PageId{*finding.offset / m_pageSize};
            }
        }
        return QVariant::fromValue(place);
    }
    case PageRole: return page;
    case FileOffsetRole:
        return finding.offset ? QVariant::fromValue<quint64>(*finding.offset) : QVariant();
    case SeverityRole: return static_cast<int>(severityOf(finding.code));
    case SortRole:
        switch (index.column()) {
        case SeverityColumn: return static_cast<int>(severityOf(finding.code));
        case PageColumn: return page;
        default: return data(index, Qt::DisplayRole);
        }
    default: return {};
    }
}

QVariant ProblemModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    switch (section) {
    case SeverityColumn: return tr("Severity");
    case CodeColumn: return tr("Kind");
    case PageColumn: return tr("Page");
    case TextColumn: return tr("What is wrong");
    default: return {};
    }
}

} // namespace pagescape::gui
