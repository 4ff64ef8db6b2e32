// SPDX-License-Identifier: MIT
// StatisticsPanel: how full the trees are and what a Get costs, bucket by bucket.
#pragma once

#include "models/statistics_model.h"
#include "paint/theme.h"
#include "state/selection_hub.h"

#include <QWidget>

QT_BEGIN_NAMESPACE
class QLabel;
class QProgressBar;
class QPushButton;
class QSortFilterProxyModel;
class QTableView;
QT_END_NAMESPACE

namespace pagescape::gui {

class HistogramDelegate;

/// A sentence and a table that sorts by any column. A row selects the root page of its bucket;
/// Ctrl+C copies rows as comma-separated values: the selected ones, or all.
class StatisticsPanel : public QWidget {
    Q_OBJECT
public:
    explicit StatisticsPanel(SelectionHub* hub, QWidget* parent = nullptr);

    /// No figures: no file, or the present ones are being measured.
    void clear();
    /// Measuring goes on: pages read of at most so many.
    void setProgress(quint64 done, quint64 total);
    /// The figures. `skipped` damaged parts are missing in them, the first one is `firstSkip`.
    void setStatistics(std::shared_ptr<const TreeStatistics> statistics, const QString& firstSkip);
    /// Why there are none.
    void setError(const QString& error);
    void setTheme(const Theme& theme);

    [[nodiscard]] QTableView* table() const { return m_table; }
    [[nodiscard]] StatisticsModel& model() { return m_model; }
    [[nodiscard]] QString summary() const;
    [[nodiscard]] QPushButton* stopButton() const { return m_stop; }
    [[nodiscard]] QPushButton* againButton() const { return m_again; }
    /// Puts rows onto the clipboard.
    void copy();
    [[nodiscard]] QSize minimumSizeHint() const override { return {160, 84}; }

Q_SIGNALS:
    /// It is seen and has no figures.
    void figuresWanted();
    void stopRequested();

protected:
    void showEvent(QShowEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void showState(bool isRunning);
    void fitColumns();
    [[nodiscard]] bool isEmpty() const { return m_model.statistics() == nullptr; }

    SelectionHub* m_hub;
    StatisticsModel m_model;
    QSortFilterProxyModel* m_sorted;
    HistogramDelegate* m_histogram;
    QLabel* m_summary;
    QProgressBar* m_progress;
    QPushButton* m_stop;
    QPushButton* m_again;
    QTableView* m_table;
};

} // namespace pagescape::gui
