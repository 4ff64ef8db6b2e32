// SPDX-License-Identifier: MIT
// PageListModel: the page map as a table, one row a page, for any number of pages. Sorting and
// filtering make a new index vector in a worker; the window never waits for them.
#pragma once

#include "models/roles.h"
#include "pagescape/census.h"

#include <QAbstractTableModel>
#include <QFutureWatcher>

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace pagescape::gui {

/// Pages of a census, at most kMaxRows of them at a time: an item view sets memory aside for every
/// row, and does so on the GUI thread. Answers PlaceRole, PageRole, FillRole, KindRole, LifeRole,
/// BucketIndexRole, PointerRole (the parent), ProblemRole.
class PageListModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column {
        IdColumn,
        KindColumn,
        LifeColumn,
        BucketColumn,
        DepthColumn,
        FillColumn,
        CountColumn,
        OverflowColumn,
        ParentColumn,
        kColumnCount
    };

    /// Rows of one part. The view's work for a part of this size stays far below 50 ms.
    static constexpr int kMaxRows = 200'000;

    explicit PageListModel(QObject* parent = nullptr);
    ~PageListModel() override;

    void setCensus(std::shared_ptr<const Census> census);
    /// Only pages that pass; null shows all. Runs in a worker, so it must own what it looks at.
    using Filter = std::function<bool(PageId page)>;
    void setFilter(Filter filter);
    [[nodiscard]] bool isFiltered() const { return static_cast<bool>(m_filter); }
    /// Page of a row; row of a page, or -1 when the page is filtered out or in another part.
    [[nodiscard]] PageId pageAt(int row) const;
    [[nodiscard]] int rowOf(PageId page) const;
    /// Rows of all parts together, and how many of them come before the shown part.
    [[nodiscard]] std::uint64_t totalRows() const;
    [[nodiscard]] std::uint64_t firstRow() const { return m_first; }
    /// Shows the part that begins at the multiple of kMaxRows at or below `row`.
    void showPart(std::uint64_t row);
    /// Shows the part that holds the page, unless it is filtered out.
    void showPartOf(PageId page);
    /// True while a worker orders the rows.
    [[nodiscard]] bool isOrdering() const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index,
                                int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;
    /// Returns at once; `ordered` follows. The result is dropped if another order was asked for.
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;

public Q_SLOTS:
    /// Shows the census' present figures; the order stays until sorted again.
    void refresh();

Q_SIGNALS:
    void ordered();

private:
    using Order = std::vector<std::uint32_t>;
    void startOrdering();
    void applyOrder();
    void cutPart(std::uint64_t first);
    [[nodiscard]] std::uint64_t place(PageId page) const;
    [[nodiscard]] QVariant display(PageId page, const PageRow& row, int column) const;
    [[nodiscard]] QString bucketName(BucketIndex bucket) const;

    std::shared_ptr<const Census> m_census;
    std::shared_ptr<const Order> m_order; // null: row n is page n
    std::shared_ptr<const Order> m_rowOf; // inverse of m_order, null with it
    Filter m_filter;
    int m_sortColumn = IdColumn;
    Qt::SortOrder m_sortOrder = Qt::AscendingOrder;
    std::uint64_t m_first = 0;
    int m_rows = 0;
    struct Ordering;
    std::unique_ptr<Ordering> m_ordering;
    mutable std::vector<QString> m_bucketNames;
};

/// "branch", "leaf", … translated; for tables and tooltips.
[[nodiscard]] QString pageKindText(PageKind kind);
[[nodiscard]] QString pageLifeText(PageLife life);

} // namespace pagescape::gui
