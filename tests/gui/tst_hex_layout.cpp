// SPDX-License-Identifier: MIT
#include "layout/hex_layout.h"

#include <QtTest>

using namespace pagescape;
using namespace pagescape::gui;

namespace {

HexLayout layoutOf(quint64 bytes, quint64 base = 0) {
    HexSpec spec;
    spec.byteCount = bytes;
    spec.baseOffset = base;
    spec.charWidth = 8;
    spec.lineHeight = 16;
    return HexLayout(spec);
}

using Hit = HexLayout::Hit;

} // namespace

class TestHexLayout : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyByteFindsItsTwoCells();
    void gapsBelongToTheNearerByte();
    void columnsDoNotTouch();
    void offsetsAreAsWideAsTheLargestOne();
    void rangesCoverTheirCells();
    void outlinesSplitWhenLinesDoNotTouch();
    void onlyVisibleLinesAreAskedFor();
    void emptyContentHasNoLines();
    void linesAreAsLongAsTheWidthAllows();
};

void TestHexLayout::everyByteFindsItsTwoCells() {
    const HexLayout layout = layoutOf(100);
    QCOMPARE(layout.lineCount(), quint64(7));
    for (quint64 offset = 0; offset < 100; ++offset) {
        for (const HexColumn column : {HexColumn::Hex, HexColumn::Text}) {
            QCOMPARE(layout.at(layout.cellRect(offset, column).center()),
                     std::optional(Hit{offset, column}));
        }
    }
    QCOMPARE(layout.at(layout.cellRect(100, HexColumn::Hex).center()), std::nullopt);
    QVERIFY(layout.size().width() >= layout.cellRect(15, HexColumn::Text).right());
}

void TestHexLayout::gapsBelongToTheNearerByte() {
    const HexLayout layout = layoutOf(64);
    const QRectF cell = layout.cellRect(3, HexColumn::Hex);
    QCOMPARE(layout.at(QPointF(cell.right() + 3, 8)), std::optional(Hit{3, HexColumn::Hex}));
    QCOMPARE(layout.at(QPointF(cell.right() + 6, 8)), std::optional(Hit{4, HexColumn::Hex}));
    // Between the groups of eight the gap is wider.
    QCOMPARE(layout.cellRect(8, HexColumn::Hex).left() - layout.cellRect(7, HexColumn::Hex).right(),
             16.0);
}

void TestHexLayout::columnsDoNotTouch() {
    const HexLayout layout = layoutOf(64);
    const qreal hexEnd = layout.cellRect(15, HexColumn::Hex).right();
    const qreal textBegin = layout.cellRect(0, HexColumn::Text).left();
    QVERIFY(textBegin - hexEnd >= 16);
    QCOMPARE(layout.at(QPointF(textBegin - 5, 8)), std::nullopt);
    QCOMPARE(layout.at(QPointF(layout.offsetRect(0).center())), std::nullopt);
    QCOMPARE(layout.at(QPointF(layout.size().width() + 1, 8)), std::nullopt);
    QCOMPARE(layout.at(QPointF(textBegin, -1)), std::nullopt);
}

void TestHexLayout::offsetsAreAsWideAsTheLargestOne() {
    QCOMPARE(layoutOf(4096).offsetDigits(), 8);
    QCOMPARE(layoutOf(4096, quint64(1) << 36).offsetDigits(), 10);
    QVERIFY(layoutOf(16, quint64(1) << 36).cellRect(0, HexColumn::Hex).left() >
            layoutOf(16).cellRect(0, HexColumn::Hex).left());
}

void TestHexLayout::rangesCoverTheirCells() {
    const HexLayout layout = layoutOf(256);
    const auto rects = layout.rects({10, 40}, HexColumn::Text);
    QCOMPARE(rects.size(), std::size_t(3));
    for (quint64 offset = 0; offset < 64; ++offset) {
        const QRectF cell = layout.cellRect(offset, HexColumn::Text);
        const bool isCovered = std::any_of(rects.begin(), rects.end(), [&cell](const QRectF& rect) {
            return rect.contains(cell.center());
        });
        QCOMPARE(isCovered, offset >= 10 && offset < 40);
    }
    QVERIFY(layout.rects({300, 400}, HexColumn::Hex).empty());
    QCOMPARE(layout.rects({250, 9999}, HexColumn::Hex).size(), std::size_t(1));
}

void TestHexLayout::outlinesSplitWhenLinesDoNotTouch() {
    const HexLayout layout = layoutOf(256);
    QCOMPARE(layout.outline({12, 18}, HexColumn::Hex).size(), std::size_t(2));
    QCOMPARE(layout.outline({12, 30}, HexColumn::Hex).size(), std::size_t(1));
    const QPolygonF around = layout.outline({20, 22}, HexColumn::Hex).front();
    QVERIFY(around.boundingRect().contains(layout.cellRect(20, HexColumn::Hex)));
    QVERIFY(!around.boundingRect().intersects(layout.cellRect(22, HexColumn::Hex)));
}

void TestHexLayout::onlyVisibleLinesAreAskedFor() {
    const HexLayout layout = layoutOf(quint64(1) << 31);
    QCOMPARE(layout.visibleBytes(QRectF(0, 160, 100, 32)), (ByteRange{160, 192}));
    QCOMPARE(layout.visibleBytes(QRectF(0, 165, 100, 32)), (ByteRange{160, 208}));
    QVERIFY(layout.visibleBytes(QRectF(0, -50, 100, 20)).isEmpty());
    QCOMPARE(layout.lineOf(1'000'000), quint64(62'500));
}

void TestHexLayout::emptyContentHasNoLines() {
    const HexLayout layout = layoutOf(0);
    QCOMPARE(layout.lineCount(), quint64(0));
    QCOMPARE(layout.at(QPointF(100, 5)), std::nullopt);
    QVERIFY(layout.rects({0, 10}, HexColumn::Hex).empty());
}

void TestHexLayout::linesAreAsLongAsTheWidthAllows() {
    for (const qreal width : {50.0, 300.0, 350.0, 500.0, 700.0}) {
        const HexSpec spec = HexLayout::fitted(HexSpec{256, 0, 8, 16, 16}, width);
        QVERIFY(spec.bytesPerLine == 4 || HexLayout(spec).size().width() <= width);
        HexSpec longer = spec;
        longer.bytesPerLine *= 2;
        QVERIFY(spec.bytesPerLine == 16 || HexLayout(longer).size().width() > width);
    }
}

QTEST_GUILESS_MAIN(TestHexLayout)
#include "tst_hex_layout.moc"
