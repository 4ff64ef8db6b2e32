// SPDX-License-Identifier: MIT
// States that are kept for going back weigh what their pages weigh: past a limit some are dropped,
// and what can still be asked for stays right.
#include "sandbox/node_states.h"
#include "support/sandbox_play.h"

#include <QTemporaryDir>
#include <QtTest>

#include <random>

using namespace pagescape;
using namespace pagescape::gui;
using namespace pagescape::gui::test;

namespace {

constexpr std::uint64_t kBlocks = 40;
constexpr std::uint64_t kBlockBytes = PageLayer::kBlock * sizeof(StagePage);

StageState manyPages() {
    StageState state;
    state.pageSize = 1024;
    state.pages.resize(kBlocks * PageLayer::kBlock);
    return state;
}

// One page of any block: the block is a new one from then on.
StageEvent touch(std::uint64_t page) {
    return WriteTraceEvent{WriteEvent{PageId{page}, 1, {page * 1024, (page + 1) * 1024}, false}};
}

} // namespace

class TestKeptStates : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void sharedBlocksWeighNothing();
    void logThinsWhatItKeeps();
    void sandboxStaysRightWhenThinned();
    void onlyAFullLogNeedsNodeStates();
    void oldNodeStatesAreDropped();
};

void TestKeptStates::sharedBlocksWeighNothing() {
    StageState state = manyPages();
    const StageState copy = state;
    const std::uint64_t fixed = state.bytesBeyond(copy);
    QVERIFY(fixed < 4096);
    applyEvent(state, touch(3));
    applyEvent(state, touch(4));
    applyEvent(state, touch(5 * PageLayer::kBlock));
    const std::uint64_t two = state.bytesBeyond(copy) - fixed;
    QVERIFY(two >= 2 * kBlockBytes && two < 3 * kBlockBytes);
}

void TestKeptStates::logThinsWhatItKeeps() {
    constexpr int kEvents = 20'000;
    constexpr std::uint64_t kMost = 100 * kBlockBytes;
    std::mt19937_64 random(1);
    StageLog bounded(manyPages(), 16, kMost);
    StageLog whole(manyPages(), 16, UINT64_MAX);
    for (int i = 0; i < kEvents; ++i) {
        const StageEvent event = touch(random() % (kBlocks * PageLayer::kBlock));
        bounded.append(event);
        whole.append(event);
        QVERIFY(bounded.keptBytes() <= kMost);
    }
    QVERIFY(whole.keptBytes() > 10 * kMost);
    QCOMPARE(whole.stride(), 16);
    QVERIFY(bounded.stride() > 16);
    for (int i = 0; i < 200; ++i) {
        const int at = int(random() % kEvents);
        QVERIFY(bounded.stateAt(at) == whole.stateAt(at));
    }
    for (const int count : {15'001, 8'192, 4'000, 1}) {
        bounded.truncate(count);
        whole.truncate(count);
        QVERIFY(bounded.newest() == whole.newest());
        for (int i = 0; i < 50; ++i) {
            const StageEvent event = touch(random() % (kBlocks * PageLayer::kBlock));
            bounded.append(event);
            whole.append(event);
        }
        for (int at = -1; at < bounded.size(); at += 97) {
            QVERIFY(bounded.stateAt(at) == whole.stateAt(at));
        }
        QVERIFY(bounded.newest() == whole.newest());
    }
}

// A limit of nothing: each new state drives out others, in a real sitting.
void TestKeptStates::sandboxStaysRightWhenThinned() {
    QTemporaryDir dir;
    Play play(dir.filePath(QStringLiteral("t.db")));
    play.log = StageLog(play.found(), 4, 1);
    std::vector<StageState> all;
    StageState state = play.log.newest();
    std::mt19937_64 random(2);
    for (int i = 0; i < 200; ++i) {
        play.runRandom(random);
    }
    QVERIFY(play.log.stride() > 100);
    for (int i = 0; i < play.log.size(); ++i) {
        applyEvent(state, play.log.event(i));
        if (i % 13 == 0) {
            QVERIFY(play.log.stateAt(i) == state);
        }
    }
    QVERIFY(state == play.log.newest());
}

void TestKeptStates::onlyAFullLogNeedsNodeStates() {
    NodeStates states;
    StageLog log(manyPages());
    log.append(touch(7));
    const StageState then = log.newest();
    QVERIFY(states.keep(1, log).empty());
    log.append(touch(8));
    QCOMPARE(states.size(), 0U);
    states.truncate(log, 1, 1);
    QCOMPARE(log.size(), 1);
    QVERIFY(log.newest() == then);
}

void TestKeptStates::oldNodeStatesAreDropped() {
    StageLog log(manyPages());
    for (int i = 0; i < StageLog::kMostEvents; ++i) {
        log.append(AnswerEvent{});
    }
    NodeStates states(10 * kBlockBytes);
    std::vector<int> gone;
    std::vector<StageState> after;
    std::vector<std::uint64_t> dropped;
    constexpr int kNodes = 30;
    for (int node = 0; node < kNodes; ++node) {
        log.append(touch(std::uint64_t(node) * PageLayer::kBlock));
        after.push_back(log.newest());
        dropped.push_back(log.droppedEvents());
        for (const int old : states.keep(node, log)) {
            gone.push_back(old);
        }
        QVERIFY(states.bytes() <= 10 * kBlockBytes || states.size() == 1);
    }
    QVERIFY(!gone.empty());
    QCOMPARE(gone.size() + states.size(), std::size_t(kNodes));
    QVERIFY(std::ranges::is_sorted(gone)); // the oldest first
    const int kept = kNodes - 1;
    states.truncate(log, kept, log.size());
    QVERIFY(log.newest() == after[std::size_t(kept)]);
    QCOMPARE(log.droppedEvents(), dropped[std::size_t(kept)]);
    QVERIFY(log.isFull());
    // The same node again, when the log has room: it is read from there.
    log.truncate(10);
    QVERIFY(states.keep(kept, log).empty());
    QVERIFY(states.size() < kNodes - gone.size());
}

QTEST_GUILESS_MAIN(TestKeptStates)
#include "tst_kept_states.moc"
