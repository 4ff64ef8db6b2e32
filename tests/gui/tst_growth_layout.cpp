// SPDX-License-Identifier: MIT
// Geometry of growth: the axis tells lengths apart, the rule's stairs are the engine's rule, and
// what stands on the screen can be found again.
#include "layout/growth_layout.h"
#include "layout/remap_layout.h"
#include "pagescape/page_file.h"

#include <QtTest>

#include <cmath>

using namespace pagescape;
using namespace pagescape::gui;

namespace {

constexpr quint64 kKiB = 1024;
constexpr quint64 kMiB = 1024 * kKiB;
constexpr quint64 kGiB = 1024 * kMiB;
const QRectF kArea(10, 20, 900, 300);

GrowthSample sample(int event, quint64 txid, quint64 used, quint64 file, quint64 map,
                    bool isRemap = false) {
    return {event, txid, {used, file, map}, isRemap, false};
}

std::vector<GrowthSample> doubling() {
    return {sample(-1, 2, 16 * kKiB, 32 * kKiB, 32 * kKiB),
            sample(10, 3, 16 * kKiB, 32 * kKiB, 64 * kKiB, true),
            sample(12, 3, 40 * kKiB, 64 * kKiB, 64 * kKiB),
            sample(30, 7, 60 * kKiB, 64 * kKiB, 128 * kKiB, true),
            sample(40, 9, 100 * kKiB, 128 * kKiB, 128 * kKiB)};
}

// The length that a staircase has over a need for so many bytes; the picture read back.
qreal stairY(const QPolygonF& stairs, qreal x) {
    for (qsizetype i = 0; i + 1 < stairs.size(); i += 2) {
        if (x > stairs[i].x() && x <= stairs[i + 1].x()) {
            return stairs[i].y();
        }
    }
    return -1;
}

} // namespace

class TestGrowthLayout : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void curvesStepAndStayInside_data();
    void curvesStepAndStayInside();
    void doublingScaleHasEvenLevels();
    void levelsAreLengthsOfTheRule();
    void stairsAreTheRule_data();
    void stairsAreTheRule();
    void fileRuleIsBolts();
    void labelsDoNotMeet();
    void pointsAreFoundAgain();
    void everyRemapHasAMark();
    void thousandsOfSamplesAreFewCorners();
    void smallRoomsAreEmpty();
    void mappingsStandAtTheirAddresses();
    void farMappingsAreCut();
    void movingStartsAndEndsAtThePlaces();
    void barsAreInOrderOfEvents();
    void barsThatDoNotFitAreCounted();
};

void TestGrowthLayout::curvesStepAndStayInside_data() {
    QTest::addColumn<bool>("isLogarithmic");
    QTest::addColumn<bool>("isWhole");
    QTest::newRow("doubling") << true << false;
    QTest::newRow("even") << false << false;
    QTest::newRow("doubling, whole") << true << true;
    QTest::newRow("even, whole") << false << true;
}

void TestGrowthLayout::curvesStepAndStayInside() {
    QFETCH(bool, isLogarithmic);
    QFETCH(bool, isWhole);
    GrowthMeasure measure;
    measure.isLogarithmic = isLogarithmic;
    measure.showsWholeRule = isWhole;
    const GrowthLayout layout(doubling(), kArea, measure);
    const QRectF room = layout.plotRect().adjusted(-1, -1, 1, 1);
    QVERIFY(kArea.contains(layout.plotRect()));
    QVERIFY(kArea.contains(layout.ruleRect()));
    QVERIFY(!layout.plotRect().intersects(layout.ruleRect()));
    for (const GrowthCurve curve : {GrowthCurve::Used, GrowthCurve::File, GrowthCurve::Map}) {
        const QPolygonF& line = layout.curve(curve);
        QVERIFY(line.size() >= 2);
        for (qsizetype i = 0; i < line.size(); ++i) {
            QVERIFY(room.contains(line[i]));
            QVERIFY(i == 0 || line[i].x() == line[i - 1].x() || line[i].y() == line[i - 1].y());
        }
        QCOMPARE(line.last().y(), layout.yOf(doubling().back().of(curve)));
    }
    QVERIFY(!isWhole || layout.highestBytes() >= 4 * kGiB);
    QVERIFY(layout.yOf(64 * kKiB) <= layout.yOf(32 * kKiB));
}

void TestGrowthLayout::doublingScaleHasEvenLevels() {
    const GrowthLayout layout(doubling(), kArea, {});
    const qreal step = layout.yOf(32 * kKiB) - layout.yOf(64 * kKiB);
    QVERIFY(step > 10);
    QVERIFY(std::abs(layout.yOf(64 * kKiB) - layout.yOf(128 * kKiB) - step) <= 1);
    GrowthMeasure even;
    even.isLogarithmic = false;
    const GrowthLayout linear(doubling(), kArea, even);
    const qreal half = linear.plotRect().bottom() - linear.yOf(64 * kKiB);
    QVERIFY(std::abs(linear.plotRect().bottom() - linear.yOf(128 * kKiB) - 2 * half) <= 2);
}

void TestGrowthLayout::levelsAreLengthsOfTheRule() {
    GrowthMeasure measure;
    measure.showsWholeRule = true;
    const GrowthLayout layout(doubling(), kArea, measure);
    QCOMPARE(layout.levels().front().value, 32 * kKiB);
    QVERIFY(layout.levels().back().value >= 4 * kGiB);
    qreal lastLabel = 1e6;
    for (const GrowthTick& level : layout.levels()) {
        QCOMPARE(level.value, *mappingLength(level.value, 4096)); // a fixed point of the rule
        QCOMPARE(level.at, layout.yOf(level.value));
        if (level.hasLabel) {
            QVERIFY(lastLabel - level.at >= measure.lineHeight);
            lastLabel = level.at;
        }
    }
}

void TestGrowthLayout::stairsAreTheRule_data() {
    QTest::addColumn<quint64>("top");
    QTest::addColumn<bool>("isLogarithmic");
    QTest::newRow("KiB, doubling") << 128 * kKiB << true;
    QTest::newRow("MiB, doubling") << 64 * kMiB << true;
    QTest::newRow("MiB, even") << 64 * kMiB << false;
    QTest::newRow("GiB, doubling") << 6 * kGiB << true;
    QTest::newRow("GiB, even") << 6 * kGiB << false;
}

void TestGrowthLayout::stairsAreTheRule() {
    QFETCH(quint64, top);
    QFETCH(bool, isLogarithmic);
    GrowthMeasure measure;
    measure.isLogarithmic = isLogarithmic;
    const GrowthLayout layout({sample(0, 1, 16 * kKiB, top, top)}, kArea, measure);
    int compared = 0;
    for (double need = double(16 * kKiB); need < double(top); need *= 1.07) {
        const quint64 length = *mappingLength(quint64(need), 4096);
        const qreal x = layout.ruleXOf(quint64(need));
        // At an edge of the stairs, a pixel decides; either side is right there.
        const qreal here = stairY(layout.ruleStairs(GrowthCurve::Map), x);
        if (stairY(layout.ruleStairs(GrowthCurve::Map), x - 1) == here &&
            stairY(layout.ruleStairs(GrowthCurve::Map), x + 1) == here && here >= 0) {
            QCOMPARE(here, layout.yOf(length));
            ++compared;
        }
    }
    QVERIFY(compared > 5);
}

void TestGrowthLayout::fileRuleIsBolts() {
    // The lengths that bbolt's file was measured to have, page size 4096: bolt.md 2.5.
    QCOMPARE(ruledFileLength(20480, 65536, 16 * kMiB), 65536U);
    QCOMPARE(ruledFileLength(16 * kMiB - 4096, 16 * kMiB, 16 * kMiB), 16 * kMiB);
    QCOMPARE(ruledFileLength(33562624 - 16 * kMiB, 32 * kMiB, 16 * kMiB), 33562624U);
    const GrowthLayout layout({sample(0, 1, 16 * kKiB, 90 * kMiB, 128 * kMiB)}, kArea, {});
    const QPolygonF& stairs = layout.ruleStairs(GrowthCurve::File);
    QVERIFY(stairs.size() > 20);
    // First as the mapping, then 16 MiB and a page more each time.
    QCOMPARE(stairs[0].y(), layout.yOf(32 * kKiB));
    const auto has = [&](quint64 length) {
        return std::ranges::any_of(
            stairs, [&](QPointF corner) { return corner.y() == layout.yOf(length); });
    };
    QVERIFY(has(16 * kMiB));
    QVERIFY(has(32 * kMiB + 4096));
    QVERIFY(has(48 * kMiB + 8192));
    QVERIFY(has(64 * kMiB + 3 * 4096));
}

void TestGrowthLayout::labelsDoNotMeet() {
    for (const quint64 used : {32 * kKiB, 60 * kKiB, 100 * kKiB, 128 * kKiB}) {
        for (const quint64 file : {32 * kKiB, 128 * kKiB}) {
            const GrowthLayout layout({sample(0, 1, used, file, 128 * kKiB)}, kArea, {});
            std::vector<qreal> at{layout.labelY(GrowthCurve::Used),
                                  layout.labelY(GrowthCurve::File),
                                  layout.labelY(GrowthCurve::Map)};
            std::ranges::sort(at);
            QVERIFY(at[1] - at[0] >= layout.measure().lineHeight - 0.01);
            QVERIFY(at[2] - at[1] >= layout.measure().lineHeight - 0.01);
            QVERIFY(at[2] <= layout.plotRect().bottom());
        }
    }
}

void TestGrowthLayout::pointsAreFoundAgain() {
    const GrowthLayout layout(doubling(), kArea, {});
    const qreal y = layout.plotRect().center().y();
    QCOMPARE(layout.sampleAt({layout.xOf(2), y}), 0);
    QCOMPARE(layout.sampleAt({layout.xOf(3), y}), 2); // the last of transaction 3
    QCOMPARE(layout.sampleAt({layout.xOf(3) - 5, y}), 2);
    QCOMPARE(layout.sampleAt({layout.xOf(7) + 3, y}), 3);
    QCOMPARE(layout.sampleAt({layout.xOf(9), y}), 4);
    QCOMPARE(layout.sampleAt({layout.ruleRect().center().x(), y}), -1);
}

void TestGrowthLayout::everyRemapHasAMark() {
    const GrowthLayout layout(doubling(), kArea, {});
    QCOMPARE(layout.remapMarks(), (std::vector<int>{1, 3}));
    QVERIFY(layout.growthMarks().empty());
}

void TestGrowthLayout::thousandsOfSamplesAreFewCorners() {
    std::vector<GrowthSample> samples;
    for (int i = 0; i < 10'000; ++i) {
        samples.push_back(
            sample(i, quint64(i), quint64(i) * 4096, 64 * kMiB, 64 * kMiB + quint64(i % 2) * 4096));
    }
    const GrowthLayout layout(std::move(samples), kArea, {});
    for (const GrowthCurve curve : {GrowthCurve::Used, GrowthCurve::File, GrowthCurve::Map}) {
        QVERIFY(layout.curve(curve).size() <= 4 * qsizetype(kArea.width()) + 4);
    }
}

void TestGrowthLayout::smallRoomsAreEmpty() {
    QVERIFY(GrowthLayout(doubling(), QRectF(0, 0, 30, 20), {}).plotRect().isEmpty());
    QVERIFY(GrowthLayout(doubling(), {}, {}).curve(GrowthCurve::Map).isEmpty());
    QVERIFY(GrowthLayout({}, kArea, {}).levels().empty());
    QVERIFY(GrowthLayout(doubling(), QRectF(0, 0, 330, 200), {}).ruleRect().isEmpty());
    QCOMPARE(GrowthLayout(doubling(), {}, {}).sampleAt({5, 5}), -1);
}

void TestGrowthLayout::mappingsStandAtTheirAddresses() {
    const RemapValues values{0x7f0000020000, 64 * kKiB, 0x7f0000000000,
                             128 * kKiB,     60 * kKiB, 96 * kKiB};
    const RemapLayout layout(values, QRectF(0, 0, 600, 80), 16);
    QVERIFY(layout.isMoved());
    QCOMPARE(layout.newRect().left(), 0.0);
    QCOMPARE(layout.newRect().width(), 400.0);
    QCOMPARE(layout.oldRect().left(), 400.0); // right behind the new one
    QCOMPARE(layout.oldRect().width(), 200.0);
    QVERIFY(layout.oldRect().bottom() < layout.newRect().top());
    QCOMPARE(layout.fileRect().width(), 300.0);
    QVERIFY(std::abs(layout.usedRect().width() - 187.5) <= 1);
    QVERIFY(layout.cutRect().isEmpty());
    const RemapValues inPlace{0x1000000, 64 * kKiB, 0x1000000, 128 * kKiB, 0, 0};
    const RemapLayout grown(inPlace, QRectF(0, 0, 600, 80), 16);
    QVERIFY(!grown.isMoved());
    QCOMPARE(grown.oldRect().left(), grown.newRect().left());
    QCOMPARE(grown.oldRect().width() * 2, grown.newRect().width());
    const RemapLayout first({0, 0, 0x1000000, 64 * kKiB, 0, 0}, QRectF(0, 0, 600, 80), 16);
    QVERIFY(!first.hasOld() && first.newRect() == QRectF(0, 0, 600, 80));
}

void TestGrowthLayout::farMappingsAreCut() {
    const RemapValues values{0x7f0000000000, 64 * kKiB, 0x550000000000, 128 * kKiB, 0, 0};
    const RemapLayout layout(values, QRectF(0, 0, 600, 80), 16);
    QVERIFY(!layout.cutRect().isEmpty());
    QCOMPARE(layout.cutBytes(), 0x7f0000000000 - 0x550000000000 - 128 * kKiB);
    QCOMPARE(layout.newRect().right(), layout.cutRect().left());
    QCOMPARE(layout.oldRect().left(), layout.cutRect().right());
    QVERIFY(layout.newRect().width() > layout.oldRect().width());
}

void TestGrowthLayout::movingStartsAndEndsAtThePlaces() {
    const RemapLayout layout({0x20000, 0x10000, 0x40000, 0x20000, 0, 0}, QRectF(0, 0, 600, 80), 16);
    QCOMPARE(layout.movingRect(0), layout.oldRect());
    QCOMPARE(layout.movingRect(1), layout.newRect());
    QVERIFY(layout.movingRect(0.5).left() > layout.oldRect().left());
}

void TestGrowthLayout::barsAreInOrderOfEvents() {
    const WaitLayout layout({{100, -1, true, 100, 140},
                             {10, 140, false, -1, -1},
                             {90, 120, false, -1, -1},
                             {130, -1, true, 130, 140}},
                            100, QRectF(0, 0, 600, 80), 100, 16);
    QCOMPARE(layout.shownBars(), 4);
    QVERIFY(layout.xOf(10) < layout.xOf(90) && layout.xOf(90) < layout.remapX());
    QVERIFY(layout.remapX() < layout.xOf(120) && layout.xOf(130) < layout.xOf(140));
    QCOMPARE(layout.barRect(0).left(), 100.0); // the writer was there before
    QCOMPARE(layout.barRect(1).right(), layout.xOf(140));
    QCOMPARE(layout.barRect(3).right(), 600.0);
    QCOMPARE(layout.waitRect(0)->left(), layout.remapX());
    QCOMPARE(layout.waitRect(0)->right(), layout.xOf(140));
    QVERIFY(!layout.waitRect(1));
}

void TestGrowthLayout::barsThatDoNotFitAreCounted() {
    const WaitLayout layout(std::vector<WaitBar>(9, {1, -1, false, -1, -1}), 1,
                            QRectF(0, 0, 600, 70), 100, 16);
    QCOMPARE(layout.shownBars(), 3);
    QCOMPARE(layout.hiddenBars(), 6);
    QVERIFY(layout.area().contains(layout.moreRect()));
}

QTEST_GUILESS_MAIN(TestGrowthLayout)
#include "tst_growth_layout.moc"
