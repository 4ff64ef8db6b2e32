// SPDX-License-Identifier: MIT
#include "views/statistics_panel.h"

#include "units/units.h"
#include "views/histogram_delegate.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QShortcut>
#include <QSortFilterProxyModel>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <numeric>
#include <utility>

namespace pagescape::gui {

StatisticsPanel::StatisticsPanel(SelectionHub* hub, QWidget* parent)
    : QWidget(parent), m_hub(hub), m_sorted(new QSortFilterProxyModel(this)),
      m_histogram(new HistogramDelegate(this)), m_summary(new QLabel), m_progress(new QProgressBar),
      m_stop(new QPushButton(tr("Stop"))), m_again(new QPushButton(tr("Measure"))),
      m_table(new QTableView) {
    m_summary->setWordWrap(true);
    m_summary->setTextFormat(Qt::PlainText);
    m_summary->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_progress->setAccessibleName(tr("Pages measured"));
    m_stop->setAccessibleName(tr("Stop measuring"));
    m_again->setAccessibleName(tr("Measure the trees"));
    m_sorted->setSourceModel(&m_model);
    m_sorted->setSortRole(SortRole);
    m_table->setModel(m_sorted);
    m_table->setItemDelegateForColumn(StatisticsModel::HistogramColumn, m_histogram);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->setAccessibleName(tr("Statistics"));
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->setShowGrid(false);
    m_table->setAlternatingRowColors(true);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(-1, Qt::AscendingOrder); // stored order
    m_table->setTabKeyNavigation(false);

    auto* head = new QHBoxLayout;
    head->addWidget(m_summary, 1);
    head->addWidget(m_progress);
    head->addWidget(m_stop);
    head->addWidget(m_again);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(4, 4, 4, 4);
    column->addLayout(head);
    column->addWidget(m_table, 1);

    connect(m_stop, &QPushButton::clicked, this, &StatisticsPanel::stopRequested);
    connect(m_again, &QPushButton::clicked, this, &StatisticsPanel::figuresWanted);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& index) {
                const Place place = index.data(PlaceRole).value<Place>();
                if (!place.isEmpty()) {
                    m_hub->select(place);
                }
            });
    connect(m_table->horizontalHeader(), &QHeaderView::sortIndicatorChanged, this,
            [this](int sorted) {
                if (sorted >= 0) {
                    const int needed = m_table->horizontalHeader()->sectionSizeHint(sorted);
                    m_table->setColumnWidth(sorted, std::max(needed, m_table->columnWidth(sorted)));
                }
            });
    auto* copying = new QShortcut(QKeySequence::Copy, this);
    copying->setContext(Qt::WidgetWithChildrenShortcut);
    connect(copying, &QShortcut::activated, this, &StatisticsPanel::copy);
    clear();
}

void StatisticsPanel::clear() {
    m_model.setStatistics(nullptr);
    m_summary->setText(tr("Nothing is measured yet."));
    showState(false);
}

void StatisticsPanel::setProgress(quint64 done, quint64 total) {
    m_summary->setText(total == 0 ? tr("Measuring the trees.")
                                  : tr("Measuring the trees: %1 of at most %2 pages read.")
                                        .arg(countText(done), countText(total)));
    m_progress->setRange(0, total == 0 ? 0 : 1000);
    if (total > 0) {
        m_progress->setValue(int(double(done) / double(total) * 1000));
    }
    showState(true);
}

void StatisticsPanel::setStatistics(std::shared_ptr<const TreeStatistics> statistics,
                                    const QString& firstSkip) {
    QString text = statisticsSentence(*statistics);
    if (statistics->partsSkipped > 0) {
        text += u' ' + (statistics->partsSkipped == 1
                            ? tr("1 damaged part is missing in these figures: %1.").arg(firstSkip)
                            : tr("%1 damaged parts are missing in these figures, first of all: %2.")
                                  .arg(countText(statistics->partsSkipped), firstSkip));
    }
    m_summary->setText(text);
    m_model.setStatistics(std::move(statistics));
    showState(false);
    fitColumns();
}

void StatisticsPanel::setError(const QString& error) {
    m_model.setStatistics(nullptr);
    m_summary->setText(error);
    showState(false);
}

void StatisticsPanel::setTheme(const Theme& theme) {
    m_histogram->setTheme(theme);
    m_table->viewport()->update();
}

QString StatisticsPanel::summary() const {
    return m_summary->text();
}

void StatisticsPanel::showState(bool isRunning) {
    m_progress->setVisible(isRunning);
    m_stop->setVisible(isRunning);
    m_again->setVisible(!isRunning && isEmpty());
    m_table->setVisible(!isEmpty());
}

// A long path does not push the figures out of sight.
void StatisticsPanel::fitColumns() {
    // Room for the sort arrow is made in the column that has it, not in all of them.
    const QAbstractItemView* view = m_table;
    const int padding = fontMetrics().averageCharWidth() * 2;
    for (int column = 0; column < StatisticsModel::kColumnCount; ++column) {
        const QString head = m_model.headerData(column, Qt::Horizontal).toString();
        m_table->setColumnWidth(column, std::max(view->sizeHintForColumn(column),
                                                 fontMetrics().horizontalAdvance(head) + padding));
    }
    const int most = fontMetrics().averageCharWidth() * 32;
    if (m_table->columnWidth(StatisticsModel::BucketColumn) > most) {
        m_table->setColumnWidth(StatisticsModel::BucketColumn, most);
    }
}

void StatisticsPanel::copy() {
    std::vector<int> rows;
    for (const QModelIndex& index : m_table->selectionModel()->selectedRows()) {
        rows.push_back(index.row());
    }
    if (rows.size() <= 1) { // the row that was clicked to select its page is no choice of rows
        rows.resize(static_cast<std::size_t>(m_sorted->rowCount()));
        std::iota(rows.begin(), rows.end(), 0);
    }
    std::sort(rows.begin(), rows.end());
    for (int& row : rows) {
        row = m_sorted->mapToSource(m_sorted->index(row, 0)).row();
    }
    if (!isEmpty()) {
        QApplication::clipboard()->setText(m_model.csv(rows));
    }
}

void StatisticsPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (isEmpty() && !m_stop->isVisibleTo(this)) {
        Q_EMIT figuresWanted();
    }
}

void StatisticsPanel::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange) {
        m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
        fitColumns();
    }
}

} // namespace pagescape::gui
