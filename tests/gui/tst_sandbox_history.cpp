// SPDX-License-Identifier: MIT
// What the history of a sandbox keeps of a command that runs again.
#include "sandbox/sandbox_history.h"

#include <QtTest>

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

QTEST_MAIN(TestSandboxHistory)
#include "tst_sandbox_history.moc"
