// SPDX-License-Identifier: MIT
// What the history of a sandbox keeps of a command that runs again.
#include "sandbox/sandbox_history.h"

#include <QtTest>

#include <array>

using namespace pagescape;
using namespace pagescape::gui;

namespace {

SandboxCommand command(SandboxCommand::Kind kind) {
    SandboxCommand made;
    made.kind = kind;
    return made;
}

std::shared_ptr<const FileDelta> noDelta() {
    return std::make_shared<const FileDelta>();
}

} // namespace

class TestSandboxHistory : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aNewRunSaysAnewWhetherAllIsQuiet();
    void anUnfinishedWayIsGoneAgain();
    void aDeltaThatIsTooLargeIsNotKept();
};

// Undo goes back to the last quiet node and runs what follows again, so an old answer would send it
// to a state that the file alone cannot give.
void TestSandboxHistory::aNewRunSaysAnewWhetherAllIsQuiet() {
    SandboxHistory history;
    history.add(command(SandboxCommand::Kind::Begin), noDelta(), true, 1);
    history.add(command(SandboxCommand::Kind::Commit), noDelta(), true, 2);
    const auto quiet = history.routeTo(1);
    QVERIFY(quiet);
    QCOMPARE(quiet->base, 1);

    history.setRun(1, noDelta(), false, 1);
    QVERIFY(!history.node(1).isQuiet);
    const auto busy = history.routeTo(1);
    QVERIFY(busy);
    QCOMPARE(busy->base, 0);
    QCOMPARE(busy->rerun, std::vector<int>{1});

    history.setCurrent(0); // the same command from the same node is the same node
    history.add(command(SandboxCommand::Kind::Begin), noDelta(), true, 1);
    QCOMPARE(history.size(), 3);
    QVERIFY(history.node(1).isQuiet);
}

// The file stands between two nodes: none of those on the way can be a base.
void TestSandboxHistory::anUnfinishedWayIsGoneAgain() {
    SandboxHistory history;
    for (int i = 1; i <= 5; ++i) {
        SandboxCommand put = command(SandboxCommand::Kind::Put);
        put.key = QByteArray::number(i);
        history.add(put, noDelta(), true, i);
    }
    history.setUnfinished(2);
    QVERIFY(history.isUnfinished());
    for (const int target : {5, 4, 3}) { // where it stands, too
        const auto route = history.routeTo(target);
        QVERIFY(route);
        QCOMPARE(route->base, 2);
        QCOMPARE(route->undone, (std::vector<int>{5, 4, 3}));
        QCOMPARE(int(route->rerun.size()), target - 2);
    }
    QCOMPARE(history.routeTo(1)->base, 1); // further back is a way out as well
    history.setUnfinished(3);
    QCOMPARE(history.routeTo(4)->base, 2); // the one before still counts
    history.setCurrent(2);
    history.setFinished();
    QVERIFY(history.routeTo(5)->undone.empty());
}

// A command that writes over more than may be kept cannot be undone; the one after it can.
void TestSandboxHistory::aDeltaThatIsTooLargeIsNotKept() {
    constexpr std::uint64_t kBlocks = 40;
    constexpr std::uint64_t kMost = 10;
    auto memory = makeMemoryFile();
    QVERIFY(memory);
    const std::vector<std::byte> block(FileDelta::kBlock, std::byte{'x'});
    const std::array<Bytes, 1> parts{block};
    const auto writeBlocks = [&](SandboxFile& file, std::uint64_t end) {
        for (std::uint64_t i = 0; i < end; ++i) {
            QVERIFY(file.writeAt(i * FileDelta::kBlock, parts));
        }
    };
    SandboxFile file(*memory, true, kMost * FileDelta::kBlock);
    writeBlocks(file, kBlocks); // a new file: nothing is written over
    SandboxHistory history;
    std::vector<FileDelta> deltas{file.takeDelta()};
    for (const std::uint64_t end : {kMost, kBlocks, kMost}) {
        writeBlocks(file, end);
        deltas.push_back(file.takeDelta());
        QVERIFY(deltas.back().isChanged);
        QVERIFY(deltas.back().bytes() <= kMost * FileDelta::kBlock);
    }
    for (std::size_t i = 0; i < deltas.size(); ++i) {
        QCOMPARE(deltas[i].isTooLarge, i == 2);
        SandboxCommand put = command(SandboxCommand::Kind::Put);
        put.key = QByteArray::number(int(i));
        history.add(put, std::make_shared<const FileDelta>(deltas[i]), true, int(i));
    }
    QVERIFY(!history.node(3).delta);
    QVERIFY(history.node(3).isTooLarge && !history.node(2).isTooLarge);
    QCOMPARE(history.undoTarget(), std::optional(3));
    QVERIFY(!history.routeTo(2));
    history.setCurrent(3);
    QVERIFY(!history.undoTarget());
    history.setCurrent(2);
    QVERIFY(history.routeTo(4)); // forwards it runs again
}

QTEST_MAIN(TestSandboxHistory)
#include "tst_sandbox_history.moc"
