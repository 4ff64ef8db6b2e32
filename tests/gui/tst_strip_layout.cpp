// SPDX-License-Identifier: MIT
#include "layout/strip_layout.h"

#include <QtTest>

using namespace pagescape;
using namespace pagescape::gui;

namespace {

const QRectF kArea(10, 5, 1000, 20);
constexpr quint64 kMiB = 1024 * 1024;

StripValues valuesOf(quint64 file, quint64 mapping, quint64 highWater) {
    StripValues values;
    values.fileSize = file;
    values.mapLength = mapping;
    values.mapAddress = 0x7f0000000000;
    values.highWaterBytes = highWater;
    return values;
}

} // namespace

class TestStripLayout : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void mappingIsLongerThanTheFile();
    void fileIsLongerThanTheMapping();
    void highWaterMarkMayLiePastTheEnd();
    void offsetsAndPositionsAgree();
    void smallRangesStayVisible();
    void residencyIsSummedByPixel();
    void pagesWiderThanAPixelAreCountedOnce();
    void nothingIsDrawnWithoutAFile();
};

void TestStripLayout::mappingIsLongerThanTheFile() {
    const StripLayout layout(valuesOf(5 * kMiB, 10 * kMiB, 4 * kMiB), kArea);
    QCOMPARE(layout.totalBytes(), 10 * kMiB);
    QCOMPARE(layout.fileRect(), QRectF(10, 5, 500, 20));
    QCOMPARE(layout.pastEndRect(), QRectF(510, 5, 500, 20));
    QVERIFY(layout.unmappedRect().isEmpty());
    QCOMPARE(layout.highWaterX(), std::optional(410.0));
    QCOMPARE(layout.tailRect(), QRectF(410, 5, 100, 20));
}

void TestStripLayout::fileIsLongerThanTheMapping() {
    const StripLayout layout(valuesOf(10 * kMiB, 5 * kMiB, 0), kArea);
    QCOMPARE(layout.fileRect(), kArea);
    QVERIFY(layout.pastEndRect().isEmpty());
    QCOMPARE(layout.unmappedRect(), QRectF(510, 5, 500, 20));
    QVERIFY(!layout.highWaterX().has_value());
    QVERIFY(StripLayout(valuesOf(10 * kMiB, 0, 0), kArea)
                .unmappedRect()
                .isEmpty()); // not mapped at all
}

void TestStripLayout::highWaterMarkMayLiePastTheEnd() {
    const StripLayout layout(valuesOf(5 * kMiB, 10 * kMiB, 7 * kMiB), kArea);
    QCOMPARE(layout.highWaterX(), std::optional(710.0));
    QVERIFY(layout.tailRect().isEmpty());
    const StripLayout beyond(valuesOf(5 * kMiB, 10 * kMiB, ~quint64(0)), kArea);
    QCOMPARE(beyond.highWaterX(), std::optional(kArea.right()));
}

void TestStripLayout::offsetsAndPositionsAgree() {
    const StripLayout layout(valuesOf(5 * kMiB, 10 * kMiB, 0), kArea, 2);
    for (const quint64 offset : {quint64(0), kMiB, 3 * kMiB + 12345, 10 * kMiB - 1}) {
        const QPointF point(std::min(layout.xOf(offset), kArea.right() - 0.01), 10);
        const auto found = layout.offsetAt(point);
        QVERIFY(found.has_value());
        // Half a device pixel is 10 MiB / 2000 / 2 bytes.
        const quint64 distance = *found > offset ? *found - offset : offset - *found;
        QVERIFY(distance <= 10 * kMiB / 2000);
    }
    QCOMPARE(layout.offsetAt(QPointF(5, 10)), std::nullopt);
    QCOMPARE(layout.offsetAt(QPointF(500, 30)), std::nullopt);
}

void TestStripLayout::smallRangesStayVisible() {
    const StripLayout layout(valuesOf(1000 * kMiB, 1000 * kMiB, 0), kArea, 2);
    QCOMPARE(layout.rangeRect({0, 4096}).width(), 0.5);
    const QRectF last = layout.rangeRect({1000 * kMiB - 4096, 1000 * kMiB});
    QVERIFY(last.width() >= 0.5 && last.right() <= kArea.right());
    QVERIFY(layout.rangeRect({5, 5}).isEmpty());
}

void TestStripLayout::residencyIsSummedByPixel() {
    StripValues values = valuesOf(10'000 * 4096, 10'000 * 4096, 0); // ten pages a pixel
    std::vector<std::uint8_t> residency(10'000, 0);
    std::fill(residency.begin() + 2000, residency.begin() + 4000, std::uint8_t{1});
    for (std::size_t i = 6000; i < 7000; i += 2) {
        residency[i] = 1;
    }
    values.residency = residency;
    const StripLayout layout(values, kArea);
    QCOMPARE(layout.residentShare(), std::optional(0.25));
    QCOMPARE(layout.resident().size(), std::size_t(2));
    QCOMPARE(layout.resident()[0].rect, QRectF(210, 5, 200, 20));
    QCOMPARE(layout.resident()[0].share, 1.0);
    QCOMPARE(layout.resident()[1].share, 0.5);
}

void TestStripLayout::pagesWiderThanAPixelAreCountedOnce() {
    StripValues values = valuesOf(4 * 4096, 8 * 4096, 0);
    const std::vector<std::uint8_t> residency{1, 0, 1, 1};
    values.residency = residency;
    const StripLayout layout(values, kArea);
    QCOMPARE(layout.residentShare(), std::optional(0.75));
    QCOMPARE(layout.resident().size(), std::size_t(2));
    QCOMPARE(layout.resident()[0].rect, QRectF(10, 5, 125, 20));
    QCOMPARE(layout.resident()[1].rect, QRectF(260, 5, 250, 20));
}

void TestStripLayout::nothingIsDrawnWithoutAFile() {
    const StripLayout layout(valuesOf(0, 0, 0), kArea);
    QCOMPARE(layout.totalBytes(), quint64(0));
    QVERIFY(layout.fileRect().isEmpty());
    QCOMPARE(layout.offsetAt(kArea.center()), std::nullopt);
    QVERIFY(layout.rangeRect({0, 100}).isEmpty());
}

QTEST_GUILESS_MAIN(TestStripLayout)
#include "tst_strip_layout.moc"
