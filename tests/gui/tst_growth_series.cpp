// SPDX-License-Identifier: MIT
// What the series says of a growing file must be what the engine says, after every commit, after an
// undo, and however long the log gets.
#include "stage/growth_series.h"
#include "support/sandbox_play.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QtTest>

using namespace pagescape;
using namespace pagescape::gui;
using namespace pagescape::gui::test;

namespace {

using Kind = SandboxCommand::Kind;

GrowthSeries readAnew(const StageLog& log) {
    GrowthSeries series;
    series.update(log);
    return series;
}

bool isSameRemap(const GrowthRemap& a, const GrowthRemap& b) {
    return a.event == b.event && a.txid == b.txid && a.map.newAddress == b.map.newAddress &&
           a.map.newLength == b.map.newLength && a.readers == b.readers && a.later == b.later &&
           a.moreReaders == b.moreReaders;
}

bool areAlike(const GrowthSeries& a, const GrowthSeries& b) {
    return a.points() == b.points() && std::ranges::equal(a.remaps(), b.remaps(), isSameRemap) &&
           a.commitsPerPoint() == b.commitsPerPoint();
}

// A state of a file with so many pages in use, as if it had been found so.
StageState madeState(std::uint64_t usedPages, std::uint64_t fileSize, StageMap map) {
    StageState state;
    state.pageSize = 4096;
    state.highWater = PageId{usedPages};
    state.fileSize = fileSize;
    state.map = map;
    state.metas[0].isKnown = true;
    state.metas[0].txid = TxId{7};
    return state;
}

void commit(StageLog& log, std::uint64_t txid, std::uint64_t highWater) {
    log.append(WriteTraceEvent{
        WriteTxEvent{WriteTxEvent::Phase::Commit, TxId{txid}, PageId{3}, PageId{highWater}}});
}

} // namespace

class TestGrowthSeries : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void saysWhatTheEngineSays();
    void readsOnlyWhatIsNew();
    void undoIsForgotten();
    void anotherMappingAfterReopening();
    void reopeningInAFullLogIsNoRemap();
    void undoAndAnotherCommandAreSeen();
    void readersOfARemapAreKnown();
    void boltWaitsForThoseReaders();
    void knowsStepsOfOneGiB();
    void stepsSurviveThinning();
    void millionEventsStayBounded();
    void fullLogGoesOn();
};

void TestGrowthSeries::saysWhatTheEngineSays() {
    QTemporaryDir dir;
    Play play(dir.filePath(QStringLiteral("a.db")), 4096);
    GrowthSeries series;
    series.update(play.log);
    const StageMap found = series.points().back().map;
    QCOMPARE(found.length, play.engine->store().mapping().length);
    int commits = 0;
    for (quint64 round = 0; round < 60; ++round) {
        QVERIFY(play.run(generating(60, round * 60)));
        QVERIFY(series.update(play.log) == GrowthSeries::Change::More);
        const GrowthPoint& last = series.points().back();
        const Store::MapInfo map = play.engine->store().mapping();
        QCOMPARE(last.map.address, map.address);
        QCOMPARE(last.map.length, map.length);
        QCOMPARE(last.fileSize, play.engine->store().fileSize());
        QCOMPARE(last.used, play.log.newest().highWater.value * 4096);
        const GrowthPoint exact = growthAt(play.log, play.log.size() - 1);
        QCOMPARE(exact.txid, last.txid);
        QCOMPARE(exact.used, last.used);
        commits += 2;
        QCOMPARE(last.commits, quint64(commits));
    }
    QVERIFY2(series.remaps().size() >= 5, "several remaps are what this is about");
    for (const GrowthRemap& remap : series.remaps()) {
        // As the engine asked: what is needed, or the file where that is longer.
        const GrowthPoint& at = series.points()[std::size_t(series.pointAt(remap.event))];
        QCOMPARE(at.kind, GrowthPoint::Kind::Remap);
        const auto ruled = mappingLength(std::max(remap.map.needed, at.fileSize), 4096);
        QCOMPARE(remap.map.newLength, *ruled);
        QVERIFY(remap.map.needed >= remap.map.oldLength);
        const GrowthPoint exact = growthAt(play.log, remap.event);
        QCOMPARE(exact.map, at.map);
        QCOMPARE(exact.fileSize, at.fileSize);
        QCOMPARE(exact.used, at.used);
    }
}

void TestGrowthSeries::readsOnlyWhatIsNew() {
    QTemporaryDir dir;
    Play play(dir.filePath(QStringLiteral("a.db")), 4096);
    GrowthSeries series;
    QVERIFY(series.update(play.log) == GrowthSeries::Change::Anew);
    QVERIFY(series.update(play.log) == GrowthSeries::Change::None);
    play.onCommit = [&] { QVERIFY(series.update(play.log) == GrowthSeries::Change::More); };
    QVERIFY(play.run(generating(600, 0)));
    play.onCommit = nullptr;
    series.update(play.log);
    QVERIFY(series.update(play.log) == GrowthSeries::Change::None);
    QVERIFY(areAlike(series, readAnew(play.log)));
}

void TestGrowthSeries::undoIsForgotten() {
    QTemporaryDir dir;
    Play play(dir.filePath(QStringLiteral("a.db")), 4096);
    QVERIFY(play.run(generating(300, 0)));
    const int before = play.log.size();
    const GrowthPoint then = growthAt(play.log, before - 1);
    QVERIFY(play.run(generating(900, 300)));
    GrowthSeries series = readAnew(play.log);
    QVERIFY(series.points().back().map.length > then.map.length);
    play.log.truncate(before);
    QVERIFY(series.update(play.log) == GrowthSeries::Change::Anew);
    QVERIFY(areAlike(series, readAnew(play.log)));
    QCOMPARE(series.points().back().map, then.map);
    QCOMPARE(series.points().back().used, then.used);
    QVERIFY(series.points().back().event < before);
}

// After another sync mode, and after an undo, the store has mapped the file anew and shorter.
void TestGrowthSeries::anotherMappingAfterReopening() {
    QTemporaryDir dir;
    Play play(dir.filePath(QStringLiteral("a.db")), 4096);
    const auto isTrue = [&play](const GrowthSeries& series) {
        const GrowthPoint& last = series.points().back();
        const GrowthPoint exact = growthAt(play.log, play.log.size() - 1);
        return last.map == exact.map && last.used == exact.used && last.txid == exact.txid &&
               last.map.length == play.engine->store().mapping().length;
    };
    QVERIFY(play.run(generating(300, 0)));
    static_cast<void>(play.engine->takeDelta());
    const int before = play.log.size();
    QVERIFY(play.run(command(Kind::OpenReader)));
    QVERIFY(play.run(generating(900, 300)));
    const FileDelta delta = play.engine->takeDelta();
    GrowthSeries series = readAnew(play.log);
    QVERIFY(isTrue(series));
    play.log.truncate(before);
    QVERIFY(play.engine->restore({&delta}));
    QVERIFY(play.engine->reopen(false, 1));
    series.update(play.log);
    QVERIFY(isTrue(series));
    QCOMPARE(series.points().back().kind, GrowthPoint::Kind::Reopen);
    const std::size_t remaps = series.remaps().size();
    SandboxCommand syncs = command(Kind::SetSync);
    for (const quint64 isOn : {1U, 0U, 1U}) {
        syncs.number = isOn;
        QVERIFY(play.run(syncs));
        series.update(play.log);
        QVERIFY(isTrue(series));
        QCOMPARE(series.remaps().size(), remaps); // none of the file's growth
        QVERIFY(play.run(generating(20, 5000 + isOn)));
        series.update(play.log);
        QVERIFY(isTrue(series));
    }
    QVERIFY(areAlike(series, readAnew(play.log)));
}

void TestGrowthSeries::reopeningInAFullLogIsNoRemap() {
    StageLog log(madeState(8, 32768, {0x7f0000000000, 32768}));
    for (int i = 0; i < StageLog::kMostEvents; ++i) {
        log.append(CommandEvent{std::uint64_t(i), {}});
    }
    GrowthSeries series = readAnew(log);
    log.append(ReopenedEvent{0x7e0000000000, 65536, TxId{7}, true});
    QVERIFY(series.update(log) == GrowthSeries::Change::More);
    QCOMPARE(series.points().back().map, log.newest().map);
    QVERIFY(series.remaps().empty());
    log.append(WriteTraceEvent{RemapEvent{0x7e0000000000, 65536, 0x7d0000000000, 131072, 70000}});
    series.update(log);
    QCOMPARE(series.remaps().size(), std::size_t(1));
    QCOMPARE(series.remaps().back().map.oldLength, 65536U);
}

void TestGrowthSeries::undoAndAnotherCommandAreSeen() {
    QTemporaryDir dir;
    Play play(dir.filePath(QStringLiteral("a.db")), 4096);
    QVERIFY(play.run(generating(300, 0)));
    const int before = play.log.size();
    QVERIFY(play.run(generating(100, 300)));
    GrowthSeries series = readAnew(play.log);
    // Between two looks the command was undone and a longer one run: the log did not get shorter.
    play.log.truncate(before);
    QVERIFY(play.run(generating(2000, 5000)));
    QVERIFY(play.log.size() > before + 100);
    QVERIFY(series.update(play.log) == GrowthSeries::Change::Anew);
    QVERIFY(areAlike(series, readAnew(play.log)));
}

void TestGrowthSeries::readersOfARemapAreKnown() {
    QTemporaryDir dir;
    Play play(dir.filePath(QStringLiteral("a.db")), 4096);
    QVERIFY(play.run(generating(50, 0)));
    QVERIFY(play.run(command(Kind::OpenReader)));
    const GrowthSeries before = readAnew(play.log);
    QVERIFY(play.run(generating(600, 50)));
    QVERIFY(play.run(command(Kind::OpenReader)));
    QVERIFY(play.run(closing(1)));
    const GrowthSeries series = readAnew(play.log);
    QVERIFY(series.remaps().size() > before.remaps().size());
    const GrowthRemap& last = series.remaps().back();
    QCOMPARE(last.readers.size(), std::size_t(1));
    QCOMPARE(last.readers[0].reader, 1U);
    QCOMPARE(last.readers[0].closed, play.log.size() - 1);
    QVERIFY(last.readers[0].isOpenAt(last.event));
    QVERIFY(!last.readers[0].isOpenAt(play.log.size() - 1));
    QCOMPARE(last.later.size(), std::size_t(1));
    QCOMPARE(last.later[0].reader, 2U);
    for (const GrowthRemap& remap : series.remaps()) {
        QCOMPARE(remap.readers.empty(), remap.event < last.readers[0].opened);
        if (!remap.readers.empty()) {
            QCOMPARE(remap.readers[0].closed, last.readers[0].closed);
        }
    }
}

void TestGrowthSeries::boltWaitsForThoseReaders() {
    GrowthRemap remap;
    remap.event = 100;
    remap.txid = 9;
    remap.readers = {{1, TxId{3}, 10, 140}, {2, TxId{8}, 90, 120}};
    remap.later = {{3, TxId{9}, 130, -1}};
    for (const RemapLane& lane : remapLanes(remap, 200, false)) {
        QVERIFY(!lane.isWaiting);
    }
    const std::vector<RemapLane> bolt = remapLanes(remap, 200, true);
    QCOMPARE(bolt.size(), std::size_t(4));
    QVERIFY(bolt[0].who == RemapLane::Who::Writer && bolt[0].isWaiting);
    QCOMPARE(bolt[0].waitBegin, 100);
    QCOMPARE(bolt[0].waitEnd, 140); // the last of the two
    QVERIFY(!bolt[1].isWaiting && !bolt[2].isWaiting);
    QVERIFY(bolt[3].who == RemapLane::Who::Later && bolt[3].isWaiting);
    QCOMPARE(bolt[3].waitBegin, 130);
    QCOMPARE(bolt[3].waitEnd, 140);
    // Seen from before the first reader ended, and from before the later one came.
    const std::vector<RemapLane> early = remapLanes(remap, 125, true);
    QCOMPARE(early.size(), std::size_t(3));
    QCOMPARE(early[0].waitEnd, -1);
    QCOMPARE(early[1].end, -1);
    QCOMPARE(early[2].end, 120);
    // Without readers nobody waits in bolt either.
    remap.readers.clear();
    remap.later.clear();
    QVERIFY(!remapLanes(remap, 200, true).front().isWaiting);
}

void TestGrowthSeries::knowsStepsOfOneGiB() {
    constexpr std::uint64_t kGiB = std::uint64_t{1} << 30U;
    StageLog log(madeState(kGiB / 4096 - 3, kGiB, {0x7f0000000000, kGiB}));
    std::uint64_t length = kGiB;
    std::uint64_t address = 0x7f0000000000;
    for (std::uint64_t step = 1; step <= 4; ++step) {
        const std::uint64_t needed = length + 8192;
        const std::uint64_t next = *mappingLength(needed, 4096);
        QCOMPARE(next, length + kGiB);
        log.append(WriteTraceEvent{RemapEvent{address, length, address - next, next, needed}});
        log.append(WriteTraceEvent{GrowEvent{length, needed + (16U << 20U), false}});
        address -= next;
        length = next;
        commit(log, 7 + step, needed / 4096 - 1);
    }
    const GrowthSeries series = readAnew(log);
    QCOMPARE(series.remaps().size(), std::size_t(4));
    QCOMPARE(series.points().back().map.length, 5 * kGiB);
    QCOMPARE(series.points().back().fileSize, 4 * kGiB + 8192 + (16U << 20U));
    QCOMPARE(series.points().back().used, 4 * kGiB + 4096);
    QCOMPARE(series.points().front().kind, GrowthPoint::Kind::Found);
    QCOMPARE(series.points().front().txid, 7U);
}

void TestGrowthSeries::stepsSurviveThinning() {
    StageLog log(madeState(8, 32768, {0x7f0000000000, 32768}));
    std::uint64_t txid = 7;
    int steps = 0;
    for (int i = 0; i < 30'000; ++i) {
        if (i % 10 == 3) {
            const std::uint64_t size = 32768 + std::uint64_t(i) * 4096;
            log.append(WriteTraceEvent{GrowEvent{size, size + 4096, false}});
            ++steps;
        }
        if (i % 1000 == 5) {
            log.append(WriteTraceEvent{RemapEvent{1, 2, 3, 4, 5}});
            ++steps;
        }
        commit(log, ++txid, 8 + std::uint64_t(i));
    }
    GrowthSeries series = readAnew(log);
    const auto count = [&](GrowthPoint::Kind kind) {
        return std::ranges::count(series.points(), kind, &GrowthPoint::kind);
    };
    QCOMPARE(count(GrowthPoint::Kind::Remap) + count(GrowthPoint::Kind::Grow), steps);
    QCOMPARE(series.remaps().size(), std::size_t(30));
    QVERIFY(count(GrowthPoint::Kind::Commit) <= qsizetype(GrowthSeries::kMostCommits));
    QVERIFY(count(GrowthPoint::Kind::Commit) > 500);
    QVERIFY(series.commitsPerPoint() >= 16);
    QCOMPARE(series.points().back().txid, txid); // the newest is there in any case
    QVERIFY(std::ranges::is_sorted(series.points(), {}, &GrowthPoint::event));
    commit(log, ++txid, 99'999);
    series.update(log);
    QCOMPARE(series.points().back().used, 99'999 * 4096);
}

void TestGrowthSeries::millionEventsStayBounded() {
    StageLog log(madeState(8, 32768, {0x7f0000000000, 32768}));
    GrowthSeries series;
    qint64 most = 0;
    for (int i = 0; i < 1'000'000; ++i) {
        switch (i % 4) {
        case 0: log.append(WriteTraceEvent{GrowEvent{0, 32768U + std::uint64_t(i), false}}); break;
        case 1:
            log.append(WriteTraceEvent{RemapEvent{1, 2, 3, 32768U + std::uint64_t(i), 5}});
            break;
        case 2: log.append(ReaderEvent{std::uint64_t(i), TxId{1}, true}); break;
        default: commit(log, std::uint64_t(i), 8 + std::uint64_t(i) / 100);
        }
        if (i % 1000 == 999) {
            QElapsedTimer timer;
            timer.start();
            series.update(log);
            most = std::max(most, timer.nsecsElapsed());
        }
    }
    QVERIFY(series.points().size() <= GrowthSeries::kMostSteps + GrowthSeries::kMostCommits + 1);
    QVERIFY(series.remaps().size() <= GrowthSeries::kMostSteps);
    QCOMPARE(series.remaps().back().map.newLength, 32768U + 999'997U);
    QCOMPARE(series.remaps().back().readers.size(), GrowthSeries::kMostReaders);
    QVERIFY(series.remaps().back().moreReaders > 200'000);
    QElapsedTimer timer;
    timer.start();
    QVERIFY(areAlike(series, readAnew(log)));
    qInfo("1,000 events: %.2f ms at most; a million anew: %.1f ms", double(most) / 1e6,
          double(timer.nsecsElapsed()) / 1e6);
}

void TestGrowthSeries::fullLogGoesOn() {
    StageLog log(madeState(8, 32768, {0x7f0000000000, 32768}));
    for (int i = 0; i < StageLog::kMostEvents; ++i) {
        log.append(CommandEvent{std::uint64_t(i), {}});
    }
    GrowthSeries series = readAnew(log);
    QCOMPARE(series.points().size(), std::size_t(1));
    log.append(WriteTraceEvent{RemapEvent{0x7f0000000000, 32768, 0x7e0000000000, 65536, 40000}});
    log.append(WriteTraceEvent{GrowEvent{32768, 65536, false}});
    commit(log, 8, 12);
    QVERIFY(log.isFull());
    QVERIFY(series.update(log) == GrowthSeries::Change::More);
    QCOMPARE(series.points().back().fileSize, 65536U);
    QCOMPARE(series.points().back().map.length, 65536U);
    QCOMPARE(series.points().back().used, 12U * 4096);
    QCOMPARE(series.remaps().size(), std::size_t(1));
    QVERIFY(series.update(log) == GrowthSeries::Change::None);
}

QTEST_GUILESS_MAIN(TestGrowthSeries)
#include "tst_growth_series.moc"
