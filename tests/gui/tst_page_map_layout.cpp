// SPDX-License-Identifier: MIT
#include "layout/page_map_layout.h"

#include <QtTest>

#include <cmath>

using namespace pagescape;
using namespace pagescape::gui;

namespace {

int zoomOf(int cellPixels, int pagesPerCell = 1) {
    for (int i = 0; i < kZoomStepCount; ++i) {
        if (kZoomSteps[static_cast<std::size_t>(i)] == ZoomStep{cellPixels, pagesPerCell}) {
            return i;
        }
    }
    return -1;
}

PageMapLayout layoutOf(quint64 pages, int zoom, qreal ratio = 1, int rowPages = 0,
                       QSizeF viewport = {600, 400}) {
    PageMapSpec spec;
    spec.pageCount = pages;
    spec.zoom = zoom;
    spec.rowPages = rowPages;
    spec.viewport = viewport;
    spec.devicePixelRatio = ratio;
    spec.gutter = 40;
    return PageMapLayout(spec);
}

bool isWhole(qreal value) {
    return std::abs(value - std::round(value)) < 1e-6;
}

} // namespace

class TestPageMapLayout : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void zoomStepsGrow();
    void pageAndCellAgreeAtEveryScale_data();
    void pageAndCellAgreeAtEveryScale();
    void cellsAreWholeDevicePixels_data();
    void cellsAreWholeDevicePixels();
    void rowsArePowersOfTwoThatFit();
    void chosenRowLengthIsKept();
    void severalPagesShareACellBelowOnePixel();
    void pointsBesideTheCellsHitNothing();
    void visibleRangeCoversExactlyTheTouchedRows();
    void scrollingBringsAPageIntoView();
    void movesStayInsideTheFile();
    void zoomToFitShowsEverything();
    void hugeFilesDoNotOverflow();
    void emptyFileHasNoCells();
    void overviewMapsPagesBothWays();
    void overviewBandIsNeverEmpty();
};

void TestPageMapLayout::zoomStepsGrow() {
    for (std::size_t i = 1; i < kZoomSteps.size(); ++i) {
        const auto scale = [](ZoomStep step) {
            return double(step.cellPixels) / step.pagesPerCell;
        };
        QVERIFY(scale(kZoomSteps[i]) > scale(kZoomSteps[i - 1]));
        QVERIFY(kZoomSteps[i].cellPixels == 1 || kZoomSteps[i].pagesPerCell == 1);
    }
    QCOMPARE(layoutOf(100, kDefaultZoom).zoomStep(), (ZoomStep{8, 1}));
    QCOMPARE(layoutOf(100, 999).zoomStep(), (ZoomStep{64, 1}));
    QCOMPARE(layoutOf(100, -1).zoomStep(), (ZoomStep{1, 4096}));
}

void TestPageMapLayout::pageAndCellAgreeAtEveryScale_data() {
    QTest::addColumn<int>("zoom");
    QTest::addColumn<double>("ratio");
    for (int zoom = 0; zoom < kZoomStepCount; ++zoom) {
        for (const double ratio : {1.0, 1.25, 1.5, 2.0}) {
            QTest::addRow("step %d at %g", zoom, ratio) << zoom << ratio;
        }
    }
}

void TestPageMapLayout::pageAndCellAgreeAtEveryScale() {
    QFETCH(int, zoom);
    QFETCH(double, ratio);
    PageMapLayout layout = layoutOf(100'000, zoom, ratio);
    for (const quint64 id :
         {quint64(0), quint64(1), quint64(17), quint64(4095), quint64(54'321), quint64(99'999)}) {
        const PageId page{id};
        layout.centerOn(page);
        const QRectF rect = layout.cellRect(page);
        const PageRange cell = layout.pagesOfCell(page);
        QVERIFY(cell.contains(page));
        // Every device pixel of the cell finds it again, its neighbours do not.
        const qreal pixel = 1 / ratio;
        for (const QPointF point : {rect.topLeft() + QPointF(pixel / 2, pixel / 2),
                                    rect.bottomRight() - QPointF(pixel / 2, pixel / 2)}) {
            QCOMPARE(layout.pageAt(point), std::optional(PageId{cell.begin}));
        }
        QVERIFY(layout.pageAt(QPointF(rect.right() + pixel / 2, rect.center().y())) !=
                PageId{cell.begin});
        QVERIFY(layout.pageAt(QPointF(rect.center().x(), rect.top() - pixel / 2)) !=
                PageId{cell.begin});
    }
}

void TestPageMapLayout::cellsAreWholeDevicePixels_data() {
    QTest::addColumn<double>("ratio");
    for (const double ratio : {1.0, 1.25, 1.5, 2.0}) {
        QTest::addRow("%g", ratio) << ratio;
    }
}

void TestPageMapLayout::cellsAreWholeDevicePixels() {
    QFETCH(double, ratio);
    for (int zoom = 0; zoom < kZoomStepCount; ++zoom) {
        const PageMapLayout layout = layoutOf(5000, zoom, ratio);
        QCOMPARE(layout.cellDevicePixels(),
                 std::max(1, int(std::lround(layout.zoomStep().cellPixels * ratio))));
        for (const quint64 id : std::initializer_list<quint64>{0, 7, 333, 4999}) {
            const QRectF rect = layout.cellRect(PageId{id});
            QVERIFY(isWhole(rect.left() * ratio) && isWhole(rect.top() * ratio));
            QVERIFY(isWhole(rect.width() * ratio) && isWhole(rect.height() * ratio));
        }
        // Neighbours share an edge: no seam, no overlap.
        const quint64 perCell = layout.pagesPerCell();
        QCOMPARE(layout.cellRect(PageId{0}).right(), layout.cellRect(PageId{perCell}).left());
    }
}

void TestPageMapLayout::rowsArePowersOfTwoThatFit() {
    for (const int width : {100, 640, 1024, 1280, 3000}) {
        const PageMapLayout layout = layoutOf(1'000'000, zoomOf(4), 1, 0, QSizeF(width, 400));
        const quint64 cells = layout.cellsPerRow();
        QCOMPARE(cells & (cells - 1), quint64(0));
        QVERIFY(cells >= 16);
        if (width >= 640) {
            QVERIFY(layout.maxScrollX() == 0);
            QVERIFY(quint64(width) < 40 + cells * 2 * 4 + 8); // twice as many would not fit
        }
    }
}

void TestPageMapLayout::chosenRowLengthIsKept() {
    for (const int rowPages : kRowLengths) {
        if (rowPages == 0) {
            continue;
        }
        const PageMapLayout layout = layoutOf(10'000, zoomOf(16), 1, rowPages);
        QCOMPARE(layout.pagesPerRow(), quint64(rowPages));
        QCOMPARE(layout.firstPageOfRow(3), PageId{quint64(rowPages) * 3});
        QCOMPARE(layout.rowOf(PageId{quint64(rowPages) * 3 + 5}), quint64(3));
    }
}

void TestPageMapLayout::severalPagesShareACellBelowOnePixel() {
    const PageMapLayout layout = layoutOf(1'000'003, zoomOf(1, 16));
    QCOMPARE(layout.pagesPerCell(), quint64(16));
    QCOMPARE(layout.mipLevel(), 2);
    QCOMPARE(layout.cellRect(PageId{16}), layout.cellRect(PageId{31}));
    QVERIFY(layout.cellRect(PageId{31}) != layout.cellRect(PageId{32}));
    QCOMPARE(layout.pagesOfCell(PageId{1'000'001}), (PageRange{1'000'000, 1'000'003}));
    QCOMPARE(layout.cellCount(), quint64(62'501));
}

void TestPageMapLayout::pointsBesideTheCellsHitNothing() {
    const PageMapLayout layout = layoutOf(20, zoomOf(16));  // one row of 32
    QCOMPARE(layout.pageAt(QPointF(39, 10)), std::nullopt); // gutter
    QCOMPARE(layout.pageAt(QPointF(41, 1)), std::nullopt);  // air above
    QCOMPARE(layout.pageAt(layout.cellRect(PageId{19}).center()), std::optional(PageId{19}));
    QCOMPARE(layout.pageAt(layout.cellRect(PageId{20}).center()), std::nullopt);
    QCOMPARE(layout.pageAt(QPointF(100, 100)), std::nullopt);
    QCOMPARE(layout.pageAt(QPointF(-5, -5)), std::nullopt);
}

void TestPageMapLayout::visibleRangeCoversExactlyTheTouchedRows() {
    PageMapLayout layout = layoutOf(10'000, zoomOf(16), 1, 32);
    layout.setScroll(0, 100);
    const PageRange visible = layout.visiblePages();
    QCOMPARE(visible.begin, layout.pageAt(QPointF(41, 0))->value);
    QVERIFY(layout.cellRect(PageId{visible.begin}).bottom() > 0);
    QVERIFY(layout.cellRect(PageId{visible.end - 1}).top() < 400);
    QVERIFY(layout.cellRect(PageId{visible.end}).top() >= 400);

    const QRectF cell = layout.cellRect(PageId{visible.begin + 32 * 4 + 3});
    QCOMPARE(layout.rowsIn(cell).size(), quint64(1));
    QCOMPARE(layout.columnsIn(cell), (PageRange{3, 4}));
}

void TestPageMapLayout::scrollingBringsAPageIntoView() {
    PageMapLayout layout = layoutOf(100'000, zoomOf(24), 1.5, 64);
    for (const quint64 id : std::initializer_list<quint64>{99'999, 0, 50'063, 50'000, 63}) {
        layout.scrollTo(PageId{id});
        QVERIFY(layout.viewportRect().contains(layout.cellRect(PageId{id})));
        QVERIFY(!layout.scrollTo(PageId{id})); // already there
    }
    layout.setScroll(-50, 1LL << 60);
    QCOMPARE(layout.scrollX(), 0);
    QCOMPARE(layout.scrollY(), layout.maxScrollY());
}

void TestPageMapLayout::movesStayInsideTheFile() {
    const PageMapLayout layout = layoutOf(100, zoomOf(16), 1, 32); // rows of 32: 3 whole, 4 pages
    QCOMPARE(layout.moved(PageId{31}, 1, 0), PageId{32});
    QCOMPARE(layout.moved(PageId{0}, -1, 0), PageId{0});
    QCOMPARE(layout.moved(PageId{99}, 1, 0), PageId{99});
    QCOMPARE(layout.moved(PageId{5}, 0, 1), PageId{37});
    QCOMPARE(layout.moved(PageId{5}, 0, -1), PageId{5});
    QCOMPARE(layout.moved(PageId{70}, 0, 1), PageId{70});   // no page below it
    QCOMPARE(layout.moved(PageId{33}, 0, 100), PageId{97}); // last row of its column
    QCOMPARE(layout.moved(PageId{33}, 0, std::numeric_limits<qint64>::max()), PageId{97});
    QCOMPARE(layout.moved(PageId{33}, std::numeric_limits<qint64>::min() / 2, 0), PageId{0});
}

void TestPageMapLayout::zoomToFitShowsEverything() {
    for (const quint64 pages :
         std::initializer_list<quint64>{10, 500, 40'000, 2'000'000, 16'000'000}) {
        PageMapSpec spec = layoutOf(pages, 0).spec();
        spec.zoom = PageMapLayout::zoomToFit(spec);
        QVERIFY(PageMapLayout(spec).isAllVisible());
        if (spec.zoom + 1 < kZoomStepCount) {
            ++spec.zoom;
            QVERIFY(!PageMapLayout(spec).isAllVisible());
        }
    }
}

void TestPageMapLayout::hugeFilesDoNotOverflow() {
    const quint64 pages = quint64(1) << 32;
    PageMapLayout layout = layoutOf(pages, zoomOf(64), 2, 16);
    layout.centerOn(PageId{pages - 1});
    QVERIFY(layout.viewportRect().contains(layout.cellRect(PageId{pages - 1})));
    QCOMPARE(layout.pageAt(layout.cellRect(PageId{pages - 1}).center()),
             std::optional(PageId{pages - 1}));
    QCOMPARE(layout.visiblePages().end, pages);
}

void TestPageMapLayout::emptyFileHasNoCells() {
    const PageMapLayout layout = layoutOf(0, kDefaultZoom);
    QCOMPARE(layout.rowCount(), quint64(0));
    QVERIFY(layout.visiblePages().isEmpty());
    QCOMPARE(layout.pageAt(QPointF(50, 6)), std::nullopt);
    QVERIFY(PageMapOverview(0, QRectF(0, 0, 100, 100), 1).isEmpty());
}

void TestPageMapLayout::overviewMapsPagesBothWays() {
    for (const quint64 pages :
         {quint64(50), quint64(5'000), quint64(300'000), quint64(16'000'000)}) {
        const QRectF frame(400, 300, 160, 90);
        const PageMapOverview overview(pages, frame, 1);
        QVERIFY(!overview.isEmpty());
        QVERIFY(frame.adjusted(-0.5, -0.5, 0.5, 0.5).contains(overview.rect()));
        QVERIFY(overview.cellsPerRow() * overview.rowCount() * overview.pagesPerCell() >= pages);
        QCOMPARE(overview.pageAt(overview.rect().topLeft() + QPointF(0.1, 0.1)),
                 std::optional(PageId{0}));
        for (const quint64 page : {quint64(0), pages / 2, pages - 1}) {
            const QRectF band = overview.bandOf({page, page + 1});
            QVERIFY(band.height() >= 1);
            const auto first = overview.pageAt(band.topLeft() + QPointF(0.1, 0.1));
            QVERIFY(first && first->value <= page);
        }
        QCOMPARE(overview.pageAt(QPointF(0, 0)), std::nullopt);
    }
}

void TestPageMapLayout::overviewBandIsNeverEmpty() {
    PageMapLayout layout = layoutOf(16'000'000, zoomOf(64));
    QVERIFY(!PageMapOverview::defaultFrame(layout).isEmpty());
    QVERIFY(layout.viewportRect().contains(PageMapOverview::defaultFrame(layout)));
    const PageMapOverview overview(16'000'000, PageMapOverview::defaultFrame(layout), 1);
    QVERIFY(overview.bandOf(layout.visiblePages()).height() > 0);
    // The inset leaves the corner where a page must stay visible.
    const QRectF usual = PageMapOverview::defaultFrame(layout);
    QCOMPARE(PageMapOverview::frameBeside(layout, {}), usual);
    const std::vector kept{*layout.pageAt(usual.center())};
    const QRectF beside = PageMapOverview::frameBeside(layout, kept);
    QVERIFY(!beside.isEmpty() && !beside.intersects(layout.cellRect(kept.front())));
    QVERIFY(layout.viewportRect().contains(beside));
    // A file that is wholly visible needs none.
    QVERIFY(PageMapOverview::defaultFrame(layoutOf(10, kDefaultZoom)).isEmpty());
}

QTEST_GUILESS_MAIN(TestPageMapLayout)
#include "tst_page_map_layout.moc"
