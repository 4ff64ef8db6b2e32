// SPDX-License-Identifier: MIT
#include "layout/byte_canvas_layout.h"
#include "layout/wrapped_range.h"

#include <QtTest>

using namespace pagescape;
using namespace pagescape::gui;

namespace {

ByteCanvasLayout layoutOf(quint64 bytes, int perRow, quint32 pageSize = 0, qreal width = 640) {
    ByteCanvasSpec spec;
    spec.byteCount = bytes;
    spec.pageSize = pageSize;
    spec.width = width;
    spec.rowHeight = 16;
    spec.bytesPerRow = perRow;
    return ByteCanvasLayout(spec);
}

qreal areaOf(const std::vector<QRectF>& rects) {
    qreal area = 0;
    for (const QRectF& rect : rects) {
        area += rect.width() * rect.height();
    }
    return area;
}

qreal areaOf(const std::vector<QPolygonF>& polygons) {
    qreal area = 0;
    for (const QPolygonF& p : polygons) {
        qreal twice = 0;
        for (qsizetype i = 0; i + 1 < p.size(); ++i) {
            twice += p[i].x() * p[i + 1].y() - p[i + 1].x() * p[i].y();
        }
        area += qAbs(twice) / 2;
    }
    return area;
}

} // namespace

class TestByteCanvasLayout : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyByteFindsItsRectangle();
    void rangesWrapIntoAtMostThreeRectangles_data();
    void rangesWrapIntoAtMostThreeRectangles();
    void rowLengthSuitsTheWidth();
    void rangesBehindTheEndAreClipped();
    void labelsGoToTheWidestPart();
    void rulesStandAtPageBoundaries();
    void visibleBytesAreWholeRows();
    void arrowsConnectSeparateRanges();
    void longRunsCostNothing();
};

void TestByteCanvasLayout::everyByteFindsItsRectangle() {
    const ByteCanvasLayout layout = layoutOf(1000, 64);
    for (quint64 offset = 0; offset < 1000; ++offset) {
        QCOMPARE(layout.byteAt(layout.byteRect(offset).center()), std::optional(offset));
    }
    QCOMPARE(layout.rowCount(), quint64(16));
    QCOMPARE(layout.byteAt(layout.byteRect(1000).center()), std::nullopt); // row 15 is not full
    QCOMPARE(layout.byteAt(QPointF(-1, 5)), std::nullopt);
    QCOMPARE(layout.byteAt(QPointF(700, 5)), std::nullopt);
}

void TestByteCanvasLayout::rangesWrapIntoAtMostThreeRectangles_data() {
    QTest::addColumn<quint64>("begin");
    QTest::addColumn<quint64>("end");
    QTest::addColumn<int>("rects");
    QTest::addColumn<int>("outlines");
    QTest::newRow("inside a row") << quint64(3) << quint64(9) << 1 << 1;
    QTest::newRow("a whole row") << quint64(16) << quint64(32) << 1 << 1;
    QTest::newRow("rows that do not touch") << quint64(12) << quint64(20) << 2 << 2;
    QTest::newRow("rows that touch") << quint64(4) << quint64(28) << 2 << 1;
    QTest::newRow("three parts") << quint64(10) << quint64(100) << 3 << 1;
    QTest::newRow("whole rows") << quint64(16) << quint64(80) << 1 << 1;
    QTest::newRow("starts at a row") << quint64(16) << quint64(70) << 2 << 1;
    QTest::newRow("ends at a row") << quint64(20) << quint64(80) << 2 << 1;
    QTest::newRow("empty") << quint64(20) << quint64(20) << 0 << 0;
}

void TestByteCanvasLayout::rangesWrapIntoAtMostThreeRectangles() {
    QFETCH(quint64, begin);
    QFETCH(quint64, end);
    QFETCH(int, rects);
    QFETCH(int, outlines);
    const ByteCanvasLayout layout = layoutOf(160, 16);
    const auto parts = layout.rects({begin, end});
    QCOMPARE(static_cast<int>(parts.size()), rects);
    const qreal byteArea = layout.byteWidth() * layout.rowHeight();
    QCOMPARE(areaOf(parts), static_cast<qreal>(end - begin) * byteArea);
    const auto outline = layout.outline({begin, end});
    QCOMPARE(static_cast<int>(outline.size()), outlines);
    QCOMPARE(areaOf(outline), static_cast<qreal>(end - begin) * byteArea);
}

void TestByteCanvasLayout::rowLengthSuitsTheWidth() {
    QCOMPARE(layoutOf(4096, 0, 4096, 60).bytesPerRow(), quint64(16));
    QCOMPARE(layoutOf(4096, 0, 4096, 330).bytesPerRow(), quint64(64));
    QCOMPARE(layoutOf(4096, 0, 4096, 5000).bytesPerRow(), quint64(128));
    const ByteCanvasLayout layout = layoutOf(4096, 0, 4096, 333);
    QVERIFY(layout.size().width() <= 333);
    QCOMPARE(layout.byteWidth(), 5.0);
}

void TestByteCanvasLayout::rangesBehindTheEndAreClipped() {
    const ByteCanvasLayout layout = layoutOf(100, 16);
    QVERIFY(layout.rects({100, 200}).empty());
    QCOMPARE(areaOf(layout.rects({90, ~quint64(0)})), 10 * layout.byteWidth() * layout.rowHeight());
    QVERIFY(layout.rects({~quint64(0) - 1, ~quint64(0)}).empty());
}

void TestByteCanvasLayout::labelsGoToTheWidestPart() {
    const ByteCanvasLayout layout = layoutOf(160, 16);
    QCOMPARE(layout.labelRect({14, 26}).top(), layout.rowHeight()); // 2 bytes above, 10 below
    QCOMPARE(layout.labelRect({4, 20}).top(), 0.0);
    QVERIFY(layout.labelRect({5, 5}).isEmpty());
}

void TestByteCanvasLayout::rulesStandAtPageBoundaries() {
    const ByteCanvasLayout even = layoutOf(3 * 1024, 64, 1024);
    QCOMPARE(even.ruleCount(), quint64(2));
    QCOMPARE(even.rule(1).size(), 2);
    QCOMPARE(even.rule(1).first().y(), even.byteRect(1024).top());
    QVERIFY(even.rule(0).isEmpty());
    QVERIFY(even.rule(3).isEmpty());
    // 1000 is no multiple of 64: the rule is a step that separates bytes 999 and 1000.
    const ByteCanvasLayout odd = layoutOf(2000, 64, 1000);
    const QPolygonF step = odd.rule(1);
    QCOMPARE(step.size(), 4);
    QCOMPARE(step[1].x(), odd.byteRect(1000).left());
    QCOMPARE(step[1].y(), odd.byteRect(999).bottom());
    QCOMPARE(step[2].y(), odd.byteRect(1000).top());
}

void TestByteCanvasLayout::visibleBytesAreWholeRows() {
    const ByteCanvasLayout layout = layoutOf(1000, 16);
    QCOMPARE(layout.visibleBytes(QRectF(0, 20, 100, 30)), (ByteRange{16, 64}));
    QCOMPARE(layout.visibleBytes(QRectF(0, 0, 100, 1e9)), (ByteRange{0, 1000}));
    QVERIFY(layout.visibleBytes(QRectF(0, 1e9, 100, 10)).isEmpty());
    QVERIFY(layout.visibleBytes(QRectF(0, -100, 100, 50)).isEmpty());
}

void TestByteCanvasLayout::arrowsConnectSeparateRanges() {
    const ByteCanvasLayout layout = layoutOf(1000, 16);
    const auto down = byteArrow(layout, {16, 20}, {200, 204});
    QVERIFY(down.has_value());
    QCOMPARE(down->from.y(), layout.byteRect(16).bottom());
    QCOMPARE(down->to.y(), layout.byteRect(200).top());
    const auto up = byteArrow(layout, {200, 204}, {16, 20});
    QCOMPARE(up->to.y(), layout.byteRect(16).bottom());
    QVERIFY(!byteArrow(layout, {16, 20}, {17, 18}).has_value());
    QVERIFY(!byteArrow(layout, {16, 20}, {5000, 5004}).has_value());
}

void TestByteCanvasLayout::longRunsCostNothing() {
    // A run of 2 GiB is still three rectangles and one division.
    const ByteCanvasLayout layout = layoutOf(quint64(2) << 30, 128, 4096);
    QCOMPARE(layout.rects({5, (quint64(2) << 30) - 5}).size(), std::size_t(3));
    QCOMPARE(layout.ruleCount(), (quint64(2) << 30) / 4096 - 1);
    QCOMPARE(layout.byteAt(layout.byteRect(2'000'000'001).center()),
             std::optional(quint64(2'000'000'001)));
}

QTEST_GUILESS_MAIN(TestByteCanvasLayout)
#include "tst_byte_canvas_layout.moc"
