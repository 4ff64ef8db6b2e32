// SPDX-License-Identifier: MIT
// StatisticsModel: the shape of every bucket's tree, a row for each depth.
#pragma once

#include "models/roles.h"
#include "pagescape/tree_statistics.h"

#include <QAbstractTableModel>
#include <QMetaType>

#include <array>
#include <memory>
#include <vector>

namespace pagescape::gui {

/// Runs of pages by tenths of fill.
using FillHistogram = std::array<std::uint64_t, kFillSteps>;

/// One row a bucket and depth. What a Get costs is a figure of the whole bucket and stands in the
/// row of its root page only. Answers SortRole, PageRole and PlaceRole (root page of the bucket),
/// and HistogramRole.
class StatisticsModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column {
        BucketColumn,
        DepthColumn,
        PagesColumn,
        OverflowColumn,
        ElementsColumn,
        MinimumColumn,
        MedianColumn,
        MaximumColumn,
        HistogramColumn,
        WastedColumn,
        GetPagesColumn,
        AmplificationColumn,
        GetBytesColumn,
        kColumnCount
    };
    /// FillHistogram of the row.
    static constexpr int HistogramRole = SortRole + 100;

    explicit StatisticsModel(QObject* parent = nullptr);

    /// Shows other figures; null for none.
    void setStatistics(std::shared_ptr<const TreeStatistics> statistics);
    [[nodiscard]] const std::shared_ptr<const TreeStatistics>& statistics() const {
        return m_statistics;
    }
    /// Rows as comma-separated values with a heading, numbers without units; RFC 4180.
    [[nodiscard]] QString csv(const std::vector<int>& rows) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index,
                                int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

private:
    struct Row {
        std::size_t tree = 0;
        std::size_t depth = 0;
        QString bucket;
    };
    [[nodiscard]] const DepthStatistics& depthOf(const Row& row) const;
    [[nodiscard]] QVariant number(const Row& row, int column) const;
    [[nodiscard]] QString text(const Row& row, int column) const;

    std::shared_ptr<const TreeStatistics> m_statistics;
    std::vector<Row> m_rows;
};

/// "A Get reads 3.1 pages = 3.1 KiB for 128 B of key and value: 24 times as much." And how many
/// bytes of all pages are wasted. Empty without figures.
[[nodiscard]] QString statisticsSentence(const TreeStatistics& statistics);
/// The steps that have pages: "0 to 10 %: 3 pages, …".
[[nodiscard]] QString histogramText(const FillHistogram& histogram);

} // namespace pagescape::gui

Q_DECLARE_METATYPE(pagescape::gui::FillHistogram)
