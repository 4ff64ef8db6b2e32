// SPDX-License-Identifier: MIT
// Rows are numbers into the census; what the worker makes is only an order of them.
#include "models/page_list_model.h"

#include "models/byte_text.h"
#include "models/headline.h"
#include "pagescape/value_format.h"
#include "state/place.h"

#include <QCoreApplication>
#include <QtConcurrent>

#include <algorithm>
#include <limits>
#include <numeric>
#include <stop_token>
#include <utility>

namespace pagescape::gui {

using namespace Qt::StringLiterals;

namespace {

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(PageList)
};

using Order = std::vector<std::uint32_t>;

constexpr std::uint32_t kNoRow = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint64_t kNowhere = std::numeric_limits<std::uint64_t>::max();

struct OrderRequest {
    std::shared_ptr<const Census> census;
    PageListModel::Filter filter;
    int column = 0;
    bool isDescending = false;
    std::size_t pages = 0;
};

// Both directions of an order; null pointers stand for "row n is page n".
struct OrderResult {
    std::shared_ptr<const Order> order;
    std::shared_ptr<const Order> rowOf;
    bool isFiltered = false;
};

// Bucket names as ranks, so that pages order by their owner's name.
std::vector<std::uint32_t> bucketRanks(const Census& census) {
    const std::size_t count = census.bucketCount();
    std::vector<std::vector<std::string>> paths(count);
    for (std::size_t i = 0; i < count; ++i) {
        paths[i] = census.bucketPath(static_cast<BucketIndex>(i));
    }
    std::vector<std::uint32_t> byName(count);
    std::iota(byName.begin(), byName.end(), 0U);
    std::stable_sort(byName.begin(), byName.end(),
                     [&paths](std::uint32_t a, std::uint32_t b) { return paths[a] < paths[b]; });
    std::vector<std::uint32_t> ranks(count);
    for (std::size_t rank = 0; rank < count; ++rank) {
        ranks[byName[rank]] = static_cast<std::uint32_t>(rank) + 1;
    }
    return ranks;
}

std::uint32_t sortKey(const PageRow& row, int column, const std::vector<std::uint32_t>& ranks) {
    switch (column) {
    case PageListModel::KindColumn: return static_cast<std::uint32_t>(row.kind);
    case PageListModel::LifeColumn: return static_cast<std::uint32_t>(row.life);
    case PageListModel::BucketColumn: return row.bucket < ranks.size() ? ranks[row.bucket] : 0;
    case PageListModel::DepthColumn: return row.depth;
    case PageListModel::FillColumn: return row.fill;
    case PageListModel::CountColumn: return row.count;
    case PageListModel::OverflowColumn: return row.overflow;
    case PageListModel::ParentColumn: return row.parent;
    default: return 0;
    }
}

OrderResult makeOrder(const OrderRequest& request, const std::stop_token& stop) {
    constexpr std::size_t kPoll = 0xFFFF;
    const bool byId = request.column == PageListModel::IdColumn;
    if (byId && !request.isDescending && !request.filter) {
        return {};
    }
    auto order = std::make_shared<Order>();
    for (std::size_t page = 0; page < request.pages; ++page) {
        if ((page & kPoll) == 0 && stop.stop_requested()) {
            return {};
        }
        if (!request.filter || request.filter(PageId{page})) {
            order->push_back(static_cast<std::uint32_t>(page));
        }
    }
    if (!byId) {
        const std::vector<std::uint32_t> ranks = request.column == PageListModel::BucketColumn
                                                     ? bucketRanks(*request.census)
                                                     : std::vector<std::uint32_t>();
        // Keys are read once: the census may move on while we sort, and an order must not change
        // under std::stable_sort.
        std::vector<std::uint32_t> keys(request.pages);
        for (const std::uint32_t page : *order) {
            keys[page] = sortKey(request.census->row(PageId{page}), request.column, ranks);
        }
        std::stable_sort(order->begin(), order->end(), [&](std::uint32_t a, std::uint32_t b) {
            return request.isDescending ? keys[a] > keys[b] : keys[a] < keys[b];
        });
    } else if (request.isDescending) {
        std::reverse(order->begin(), order->end());
    }
    auto rowOf = std::make_shared<Order>(request.pages, kNoRow);
    for (std::size_t row = 0; row < order->size(); ++row) {
        (*rowOf)[(*order)[row]] = static_cast<std::uint32_t>(row);
    }
    return {std::move(order), std::move(rowOf), static_cast<bool>(request.filter)};
}

} // namespace

struct PageListModel::Ordering final : QFutureWatcher<OrderResult> {
    std::stop_source stop;
    ~Ordering() override { stop.request_stop(); }
};

QString pageKindText(PageKind kind) {
    switch (kind) {
    case PageKind::NotRead: return Texts::tr("not read yet");
    case PageKind::Meta: return Texts::tr("meta");
    case PageKind::Freelist: return Texts::tr("freelist");
    case PageKind::Branch: return Texts::tr("branch");
    case PageKind::Leaf: return Texts::tr("leaf");
    case PageKind::Overflow: return Texts::tr("overflow");
    case PageKind::Free: return Texts::tr("free");
    case PageKind::Leaked: return Texts::tr("leaked");
    case PageKind::Tail: return Texts::tr("never used");
    case PageKind::Problem: break;
    }
    return Texts::tr("problem");
}

QString pageLifeText(PageLife life) {
    switch (life) {
    case PageLife::Live: return Texts::tr("in use");
    case PageLife::ActiveMeta: return Texts::tr("meta in force");
    case PageLife::StaleMeta: return Texts::tr("other meta");
    case PageLife::Previous: return Texts::tr("reachable through the other meta");
    case PageLife::Free: return Texts::tr("free");
    case PageLife::Leaked: return Texts::tr("reachable by nobody, not listed as free");
    case PageLife::Tail: break;
    }
    return Texts::tr("never used");
}

PageListModel::PageListModel(QObject* parent) : QAbstractTableModel(parent) {}
PageListModel::~PageListModel() = default;

void PageListModel::setCensus(std::shared_ptr<const Census> census) {
    beginResetModel();
    m_ordering.reset();
    m_census = std::move(census);
    m_order.reset();
    m_rowOf.reset();
    m_bucketNames.clear();
    m_filter = nullptr;
    m_sortColumn = IdColumn;
    m_sortOrder = Qt::AscendingOrder;
    cutPart(0);
    endResetModel();
}

void PageListModel::setFilter(Filter filter) {
    m_filter = std::move(filter);
    startOrdering();
}

void PageListModel::sort(int column, Qt::SortOrder order) {
    if (column < 0 || column >= kColumnCount) {
        return;
    }
    m_sortColumn = column;
    m_sortOrder = order;
    startOrdering();
}

bool PageListModel::isOrdering() const {
    return m_ordering != nullptr;
}

void PageListModel::startOrdering() {
    if (!m_census) {
        return;
    }
    constexpr std::uint64_t kMaxPages = kNoRow; // an order counts in 32 bits
    OrderRequest request{m_census, m_filter, m_sortColumn, m_sortOrder == Qt::DescendingOrder,
                         static_cast<std::size_t>(std::min(m_census->pageCount(), kMaxPages))};
    m_ordering = std::make_unique<Ordering>(); // stops an order under way; its answer is dropped
    connect(m_ordering.get(), &QFutureWatcherBase::finished, this, &PageListModel::applyOrder);
    m_ordering->setFuture(
        QtConcurrent::run(makeOrder, std::move(request), m_ordering->stop.get_token()));
}

void PageListModel::applyOrder() {
    const OrderResult result = m_ordering->result();
    // The watcher is telling us: it must outlive this call.
    m_ordering.release()->deleteLater();
    const std::uint64_t rows = result.order ? result.order->size() : m_census->pageCount();
    if (rows != totalRows() || result.isFiltered || rows > kMaxRows) {
        beginResetModel();
        m_order = result.order;
        m_rowOf = result.rowOf;
        cutPart(0);
        endResetModel();
    } else {
        Q_EMIT layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
        const QModelIndexList before = persistentIndexList();
        std::vector<PageId> pages;
        for (const QModelIndex& index : before) {
            pages.push_back(pageAt(index.row()));
        }
        m_order = result.order;
        m_rowOf = result.rowOf;
        QModelIndexList after;
        for (qsizetype i = 0; i < before.size(); ++i) {
            after.append(index(rowOf(pages[static_cast<std::size_t>(i)]), before[i].column()));
        }
        changePersistentIndexList(before, after);
        Q_EMIT layoutChanged({}, QAbstractItemModel::VerticalSortHint);
    }
    Q_EMIT ordered();
}

void PageListModel::refresh() {
    m_bucketNames.clear();
    if (m_rows > 0) {
        Q_EMIT dataChanged(index(0, 0), index(m_rows - 1, kColumnCount - 1));
    }
}

std::uint64_t PageListModel::totalRows() const {
    return m_order ? m_order->size() : m_census ? m_census->pageCount() : 0;
}

void PageListModel::cutPart(std::uint64_t first) {
    m_first = first / kMaxRows * kMaxRows;
    m_rows = static_cast<int>(
        std::min<std::uint64_t>(totalRows() - std::min(m_first, totalRows()), kMaxRows));
}

void PageListModel::showPart(std::uint64_t row) {
    if (row < totalRows() && row / kMaxRows != m_first / kMaxRows) {
        beginResetModel();
        cutPart(row);
        endResetModel();
    }
}

void PageListModel::showPartOf(PageId page) {
    showPart(place(page));
}

PageId PageListModel::pageAt(int row) const {
    const std::uint64_t at = m_first + static_cast<std::uint64_t>(std::max(row, 0));
    return PageId{m_order && at < m_order->size() ? (*m_order)[at] : at};
}

// Where the page stands among all rows.
std::uint64_t PageListModel::place(PageId page) const {
    if (!m_rowOf) {
        return page.value < totalRows() ? page.value : kNowhere;
    }
    const bool isListed = page.value < m_rowOf->size() && (*m_rowOf)[page.value] != kNoRow;
    return isListed ? (*m_rowOf)[page.value] : kNowhere;
}

int PageListModel::rowOf(PageId page) const {
    const std::uint64_t at = place(page);
    const bool isShown = at >= m_first && at - m_first < static_cast<std::uint64_t>(m_rows);
    return isShown ? static_cast<int>(at - m_first) : -1;
}

int PageListModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : m_rows;
}

int PageListModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : kColumnCount;
}

QVariant PageListModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || !m_census) {
        return {};
    }
    const PageId page = pageAt(index.row());
    const PageRow row = m_census->row(page);
    switch (role) {
    case Qt::DisplayRole: return display(page, row, index.column());
    case Qt::TextAlignmentRole: {
        const bool isText = index.column() >= KindColumn && index.column() <= BucketColumn;
        return QVariant::fromValue(
            Qt::Alignment((isText ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter));
    }
    case PlaceRole: {
        Place place;
        place.page = page;
        return QVariant::fromValue(place);
    }
    case PageRole: return QVariant::fromValue<quint64>(page.value);
    case FillRole: return row.fill / 255.0;
    case KindRole: return static_cast<int>(row.kind);
    case LifeRole: return static_cast<int>(row.life);
    case BucketIndexRole:
        return row.bucket == kNoBucket ? QVariant() : QVariant::fromValue<quint32>(row.bucket);
    case PointerRole:
        return row.parent == 0 ? QVariant() : QVariant::fromValue<quint64>(row.parent);
    case ProblemRole: return row.hasProblem ? Texts::tr("a problem names this page") : QString();
    default: return {};
    }
}

QVariant PageListModel::display(PageId page, const PageRow& row, int column) const {
    const bool isTreePage = row.kind == PageKind::Branch || row.kind == PageKind::Leaf;
    switch (column) {
    case IdColumn: return QVariant::fromValue<quint64>(page.value);
    case KindColumn:
        return row.isExpected ? Texts::tr("%1 (not read)").arg(pageKindText(row.kind))
                              : pageKindText(row.kind);
    case LifeColumn: return pageLifeText(row.life);
    case BucketColumn: return row.bucket == kNoBucket ? QString() : bucketName(row.bucket);
    case DepthColumn: return isTreePage ? QVariant(row.depth) : QVariant();
    case FillColumn:
        return isTreePage && !row.isExpected ? Texts::tr("%1 %").arg(row.fill * 100 / 255)
                                             : QString();
    case CountColumn: return isTreePage && !row.isExpected ? QVariant(row.count) : QVariant();
    case OverflowColumn: return row.overflow > 0 ? QVariant(row.overflow) : QVariant();
    case ParentColumn: return row.parent > 0 ? QVariant(row.parent) : QVariant();
    default: return {};
    }
}

QString PageListModel::bucketName(BucketIndex bucket) const {
    if (bucket >= m_bucketNames.size()) {
        m_bucketNames.resize(std::max<std::size_t>(bucket + 1, m_census->bucketCount()));
    }
    QString& name = m_bucketNames[bucket];
    if (name.isEmpty() && bucket < m_census->bucketCount()) {
        QStringList parts;
        for (const std::string& part : m_census->bucketPath(bucket)) {
            parts.append(toQString(shortText(asBytes(part))));
        }
        name = parts.isEmpty() ? Texts::tr("(root)") : parts.join(u" ▸ "_s);
    }
    return name;
}

QVariant PageListModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    switch (section) {
    case IdColumn: return tr("Page");
    case KindColumn: return tr("Kind");
    case LifeColumn: return tr("State");
    case BucketColumn: return tr("Bucket");
    case DepthColumn: return tr("Depth");
    case FillColumn: return tr("Fill");
    case CountColumn: return tr("Elements");
    case OverflowColumn: return tr("Overflow");
    case ParentColumn: return tr("Parent");
    default: return {};
    }
}

} // namespace pagescape::gui
