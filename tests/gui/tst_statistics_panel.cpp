// SPDX-License-Identifier: MIT
// The statistics as the window tells them: the numbers are those of the engine, in the table, in
// the sentence, in the histogram and in what is copied.
#include "gui/sample_files.h"
#include "models/statistics_model.h"
#include "paint/histogram_painter.h"
#include "session/tree_measurer.h"
#include "state/place.h"
#include "units/units.h"
#include "views/statistics_panel.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QtTest>

using namespace pagescape;
using namespace pagescape::gui;
using namespace pagescape::gui::test;

class TestStatisticsPanel : public QObject {
    Q_OBJECT

private:
    std::shared_ptr<const PageFile> m_file;
    std::shared_ptr<const TreeStatistics> m_statistics;

private Q_SLOTS:
    void initTestCase();
    void rowsAreTheTreesAndTheirDepths();
    void getCostStandsInTheRowOfTheRoot();
    void sentenceSumsUp();
    void csvHasEveryNumber();
    void histogramShowsWhatIsThere();
    void histogramIsDrawnInItsCell();
    void tableSortsByNumber();
    void rowSelectsTheRootPage();
    void copyTakesTheChosenRowsOrAll();
    void isMeasuredWhenItIsSeen();
    void skippedPartsAreTold();
    void measurerAnswersAndStops();
};

void TestStatisticsPanel::initTestCase() {
    m_file = openSample("library.db");
    QVERIFY(m_file);
    auto measured = treeStatistics(*m_file);
    QVERIFY(measured.has_value());
    m_statistics = std::make_shared<const TreeStatistics>(std::move(*measured));
}

void TestStatisticsPanel::rowsAreTheTreesAndTheirDepths() {
    StatisticsModel model;
    const QAbstractItemModelTester tester(&model);
    model.setStatistics(m_statistics);
    int row = 0;
    for (std::size_t tree = 0; tree < m_statistics->trees.size(); ++tree) {
        for (const DepthStatistics& depth : m_statistics->trees[tree].depths) {
            const auto number = [&](int column) {
                return model.index(row, column).data(SortRole).toULongLong();
            };
            QCOMPARE(number(StatisticsModel::DepthColumn), quint64(depth.depth));
            QCOMPARE(number(StatisticsModel::PagesColumn), depth.branchPages + depth.leafPages);
            QCOMPARE(number(StatisticsModel::OverflowColumn), depth.overflowPages);
            QCOMPARE(number(StatisticsModel::ElementsColumn), depth.elements);
            QCOMPARE(number(StatisticsModel::MinimumColumn), quint64(depth.fill.minimum));
            QCOMPARE(number(StatisticsModel::MedianColumn), quint64(depth.fill.median));
            QCOMPARE(number(StatisticsModel::MaximumColumn), quint64(depth.fill.maximum));
            QCOMPARE(number(StatisticsModel::WastedColumn), depth.wasted());
            ++row;
        }
    }
    QCOMPARE(model.rowCount(), row);
    QVERIFY(row > 3);
    model.setStatistics(nullptr);
    QCOMPARE(model.rowCount(), 0);
}

void TestStatisticsPanel::getCostStandsInTheRowOfTheRoot() {
    StatisticsModel model;
    model.setStatistics(m_statistics);
    int row = 0;
    for (const BucketTree& tree : m_statistics->trees) {
        for (std::size_t depth = 0; depth < tree.depths.size(); ++depth, ++row) {
            const QVariant pages = model.index(row, StatisticsModel::GetPagesColumn).data(SortRole);
            QCOMPARE(pages.isValid(), depth == 0 && tree.get.keys > 0);
            if (pages.isValid()) {
                QCOMPARE(pages.toDouble(), tree.get.pagesPerGet());
                QCOMPARE(model.index(row, StatisticsModel::AmplificationColumn)
                             .data(SortRole)
                             .toDouble(),
                         tree.get.amplification());
            }
        }
    }
}

void TestStatisticsPanel::sentenceSumsUp() {
    const QString text = statisticsSentence(*m_statistics);
    QVERIFY2(text.contains(QString::number(m_statistics->get.pagesPerGet(), 'f', 1)),
             qPrintable(text));
    QVERIFY(text.contains(bytesText(quint64(m_statistics->get.bytesPerGet() + 0.5))));
    quint64 wasted = 0;
    for (const DepthStatistics& depth : m_statistics->depths) {
        wasted += depth.wasted();
    }
    QVERIFY(text.contains(bytesText(wasted)));
    QCOMPARE(statisticsSentence(TreeStatistics()), QString());
}

void TestStatisticsPanel::csvHasEveryNumber() {
    StatisticsModel model;
    model.setStatistics(m_statistics);
    const QStringList lines = model.csv({0, 1}).split(u'\n', Qt::SkipEmptyParts);
    QCOMPARE(lines.size(), 3);
    const QStringList heads = lines[0].split(u',');
    QCOMPARE(heads.size(), int(StatisticsModel::kColumnCount) - 1 + int(kFillSteps));
    const QStringList fields = lines[1].split(u',');
    QCOMPARE(fields.size(), heads.size());
    const DepthStatistics& depth = m_statistics->trees[0].depths[0];
    QCOMPARE(fields[heads.indexOf(QStringLiteral("wasted_bytes"))].toULongLong(), depth.wasted());
    quint64 runs = 0;
    for (int step = 0; step < int(kFillSteps); ++step) {
        runs += fields[heads.indexOf(QStringLiteral("runs_0_to_10_percent")) + step].toULongLong();
    }
    QCOMPARE(runs, depth.fill.pages);

    auto odd = std::make_shared<TreeStatistics>();
    odd->trees.push_back({});
    odd->trees.push_back({});
    odd->trees[1].name = "a,\"b\"";
    odd->trees[1].parent = 0;
    odd->trees[1].depths.push_back({});
    model.setStatistics(odd);
    QVERIFY(model.csv({0}).contains(QStringLiteral("\n\"a,\"\"b\"\"\",0,")));
}

void TestStatisticsPanel::histogramShowsWhatIsThere() {
    QImage image(100, 20, QImage::Format_RGB32);
    const QColor bar = Theme::light().ramp(6);
    const QColor axis = Theme::light().color(Theme::Role::DimText);
    const QColor background = Theme::light().color(Theme::Role::Background);
    image.fill(background);
    QPainter painter(&image);
    const FillHistogram steps{1000, 0, 0, 0, 0, 500, 0, 0, 0, 1};
    paintHistogram(painter, QRectF(0, 0, 100, 20), steps, {bar, axis});
    painter.end();
    const auto height = [&](int step) {
        int pixels = 0;
        for (int y = 0; y < 19; ++y) {
            pixels += image.pixelColor(step * 10 + 4, y) == bar ? 1 : 0;
        }
        return pixels;
    };
    QCOMPARE(height(0), 19);
    QCOMPARE(height(1), 0);
    QVERIFY(qAbs(height(5) - 10) <= 1);
    QCOMPARE(height(9), 2); // one of a thousand is seen
    QCOMPARE(histogramText(steps).count(u'\n'), 2);
    QVERIFY(histogramText(steps).contains(QStringLiteral("50 to 60 % full: 500")));
}

void TestStatisticsPanel::histogramIsDrawnInItsCell() {
    SelectionHub hub;
    StatisticsPanel panel(&hub);
    panel.setTheme(Theme::light());
    panel.setStatistics(m_statistics, {});
    panel.resize(1000, 240);
    panel.show();
    QVERIFY(QTest::qWaitForWindowExposed(&panel));
    const QRect cell = panel.table()->visualRect(
        panel.table()->model()->index(0, StatisticsModel::HistogramColumn));
    const QImage image = panel.table()->viewport()->grab(cell).toImage();
    int drawn = 0;
    for (int x = 0; x < image.width(); ++x) {
        for (int y = 0; y < image.height(); ++y) {
            drawn += image.pixelColor(x, y) == Theme::light().ramp(6) ? 1 : 0;
        }
    }
    QVERIFY(drawn >= 4);
}

void TestStatisticsPanel::tableSortsByNumber() {
    SelectionHub hub;
    StatisticsPanel panel(&hub);
    panel.setStatistics(m_statistics, {});
    panel.table()->sortByColumn(StatisticsModel::ElementsColumn, Qt::DescendingOrder);
    quint64 before = std::numeric_limits<quint64>::max();
    for (int row = 0; row < panel.table()->model()->rowCount(); ++row) {
        const quint64 now = panel.table()
                                ->model()
                                ->index(row, StatisticsModel::ElementsColumn)
                                .data(SortRole)
                                .toULongLong();
        QVERIFY(now <= before);
        before = now;
    }
}

void TestStatisticsPanel::rowSelectsTheRootPage() {
    SelectionHub hub;
    StatisticsPanel panel(&hub);
    panel.setStatistics(m_statistics, {});
    const int last = panel.model().rowCount() - 1;
    panel.table()->setCurrentIndex(panel.table()->model()->index(last, 0));
    QCOMPARE(hub.selection().page, std::optional(m_statistics->trees.back().root));
}

void TestStatisticsPanel::copyTakesTheChosenRowsOrAll() {
    SelectionHub hub;
    StatisticsPanel panel(&hub);
    panel.setStatistics(m_statistics, {});
    panel.show();
    QVERIFY(QTest::qWaitForWindowActive(&panel));
    panel.table()->setFocus();
    QTest::keyClick(panel.table(), Qt::Key_C, Qt::ControlModifier);
    const auto lines = [] {
        return QApplication::clipboard()->text().split(u'\n', Qt::SkipEmptyParts);
    };
    QCOMPARE(lines().size(), panel.model().rowCount() + 1);
    panel.table()->selectRow(1);
    panel.table()->selectionModel()->select(panel.table()->model()->index(2, 0),
                                            QItemSelectionModel::Select |
                                                QItemSelectionModel::Rows);
    panel.copy();
    QCOMPARE(lines().join(u'\n') + u'\n', panel.model().csv({1, 2}));
}

void TestStatisticsPanel::isMeasuredWhenItIsSeen() {
    SelectionHub hub;
    StatisticsPanel panel(&hub);
    QSignalSpy wanted(&panel, &StatisticsPanel::figuresWanted);
    QCOMPARE(wanted.size(), 0);
    panel.show();
    QCOMPARE(wanted.size(), 1);
    panel.setProgress(5, 10);
    QVERIFY(panel.stopButton()->isVisible());
    panel.hide();
    panel.show(); // still measuring
    QCOMPARE(wanted.size(), 1);
    panel.setStatistics(m_statistics, {});
    QVERIFY(!panel.stopButton()->isVisible() && panel.table()->isVisible());
    panel.hide();
    panel.show();
    QCOMPARE(wanted.size(), 1);
    panel.setError(QStringLiteral("Measuring was stopped."));
    QVERIFY(panel.againButton()->isVisible());
    panel.againButton()->click();
    QCOMPARE(wanted.size(), 2);
}

void TestStatisticsPanel::skippedPartsAreTold() {
    SelectionHub hub;
    StatisticsPanel panel(&hub);
    auto damaged = std::make_shared<TreeStatistics>(*m_statistics);
    damaged->partsSkipped = 3;
    panel.setStatistics(damaged, QStringLiteral("page 9 is no leaf"));
    QVERIFY(panel.summary().contains(QStringLiteral("3 damaged parts are missing")));
    QVERIFY(panel.summary().contains(QStringLiteral("page 9 is no leaf")));
}

void TestStatisticsPanel::measurerAnswersAndStops() {
    const auto census = std::make_shared<const Census>(m_file);
    TreeMeasurer measurer;
    QSignalSpy finished(&measurer, &TreeMeasurer::finished);
    measurer.start(census);
    QVERIFY(measurer.isRunning() && measurer.tasks().front().id == TreeMeasurer::kTask);
    QVERIFY(finished.wait());
    const auto trees = finished[0][0].value<std::shared_ptr<const MeasuredTrees>>();
    QCOMPARE(trees->error, QString());
    QCOMPARE(trees->statistics.get.keys, m_statistics->get.keys);
    QCOMPARE(trees->statistics.trees.size(), m_statistics->trees.size());
    measurer.start(census);
    measurer.stop();
    QCOMPARE(finished.size(), 2);
    QVERIFY(!finished[1][0].value<std::shared_ptr<const MeasuredTrees>>()->error.isEmpty());
    QVERIFY(!measurer.isRunning());
}

QTEST_MAIN(TestStatisticsPanel)
#include "tst_statistics_panel.moc"
