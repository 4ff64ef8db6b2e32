// SPDX-License-Identifier: MIT
// The stage is drawn from events alone. So: after any history it must say of every page what the
// file says, and every event must have one state, from whichever side one comes to it.
// PAGESCAPE_STAGE_HISTORIES: histories, 1000 unless told.
#include "pagescape/census.h"
#include "sandbox/sandbox_engine.h"
#include "stage/cost_text.h"
#include "stage/reader_hold.h"
#include "stage/stage_caption.h"
#include "stage/stage_log.h"
#include "stage/stage_player.h"
#include "support/sandbox_play.h"
#include "support/stage_truth.h"
#include "units/english_plurals.h"

#include <QTemporaryDir>
#include <QtTest>

#include <random>
#include <set>

using namespace pagescape;
using namespace pagescape::gui;
using namespace pagescape::gui::test;

using Kind = SandboxCommand::Kind;

class TestStageLog : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void stageSaysWhatTheFileSays();
    void everyEventHasOneState();
    void readersHoldWhatTheEngineSays();
    void playerShowsTheStatesOfTheLog();
    void waitingPagesAreCounted();
    void putChangesNoPage();
    void commitFlipsTheMeta();
    void reopeningMakesNothingDurable();
    void rollbackLeavesNothing();
    void levelsNest();
    void captionsSayWhy();
    void countsHaveTheirForms();
    void remapToTheSameLengthIsExplained();
    void truncateForgets();
    void fullLogGoesOn();
};

void TestStageLog::stageSaysWhatTheFileSays() {
    QTemporaryDir dir;
    for (quint64 seed = 1; seed <= 40; ++seed) {
        std::mt19937_64 random(seed);
        Play play(dir.filePath(QStringLiteral("a%1.db").arg(seed)), seed % 4 == 0 ? 4096 : 1024);
        for (int i = 0; i < 120; ++i) {
            play.runRandom(random);
            if (!play.engine->hasTransaction()) {
                const QString wrong = difference(play.log.newest(), play.found());
                QVERIFY2(
                    wrong.isEmpty(),
                    qPrintable(
                        QStringLiteral("seed %1, command %2: %3").arg(seed).arg(i).arg(wrong)));
            }
        }
        QVERIFY(play.log.size() > 200);
    }
}

// Forwards, backwards, forwards again, and by the slider.
void TestStageLog::everyEventHasOneState() {
    QTemporaryDir dir;
    const int told = qEnvironmentVariableIntValue("PAGESCAPE_STAGE_HISTORIES");
    const quint64 histories = told > 0 ? quint64(told) : 1000;
    quint64 events = 0;
    for (quint64 seed = 1; seed <= histories; ++seed) {
        std::mt19937_64 random(seed + 5000);
        const QString path = dir.filePath(QStringLiteral("b.db"));
        QFile::remove(path);
        Play play(path, 1024, 1 + int(random() % 40));
        StageState state = play.log.newest();
        for (int i = 0; i < 12; ++i) {
            play.runRandom(random);
        }
        play.run(command(Kind::Commit));
        const StageLog& log = play.log;
        std::vector<StageState> forwards{state};
        for (int i = 0; i < log.size(); ++i) {
            applyEvent(state, log.event(i));
            forwards.push_back(state);
        }
        QVERIFY(forwards.back() == log.newest());
        for (int i = log.size() - 1; i >= -1; --i) {
            QVERIFY(log.stateAt(i) == forwards[std::size_t(i + 1)]);
        }
        for (int i = -1; i < log.size(); ++i) {
            QVERIFY(log.stateAt(i) == forwards[std::size_t(i + 1)]);
        }
        for (int i = 0; i < 5; ++i) {
            const int at = int(random() % quint64(log.size() + 1)) - 1;
            QVERIFY(log.stateAt(at) == forwards[std::size_t(at + 1)]);
        }
        events += quint64(log.size());
    }
    qInfo("%llu events of %llu histories", static_cast<unsigned long long>(events),
          static_cast<unsigned long long>(histories));
}

void TestStageLog::readersHoldWhatTheEngineSays() {
    QTemporaryDir dir;
    std::mt19937_64 random(77);
    Play play(dir.filePath(QStringLiteral("c.db")));
    int compared = 0;
    for (int round = 0; round < 60; ++round) {
        for (int i = 0; i < 4; ++i) {
            play.run(command(Kind::Put, "b", "key" + QByteArray::number(int(random() % 200)),
                             QByteArray(40, 'v')));
        }
        play.run(command(Kind::Commit));
        if (round % 7 == 0) {
            play.run(command(Kind::OpenReader));
        }
        for (const ReaderInfo& reader : play.engine->store().readers()) {
            QCOMPARE(heldBytes(play.log.newest(), reader.txid), reader.bytesHeldBack);
            compared += reader.bytesHeldBack > 0 ? 1 : 0;
        }
        const StoreStatistics statistics = play.engine->store().statistics();
        QCOMPARE(play.log.newest().freePages, statistics.freePages);
        QCOMPARE(play.log.newest().pendingPages, statistics.pendingPages);
    }
    QVERIFY(compared > 100);
}

void TestStageLog::putChangesNoPage() {
    QTemporaryDir dir;
    Play play(dir.filePath(QStringLiteral("d.db")));
    play.run(command(Kind::Put, "b", "one", "1"));
    play.run(command(Kind::Commit));
    const StageState before = play.log.newest();
    QVERIFY(play.run(command(Kind::Put, "b", "two", "2")));
    const StageState& after = play.log.newest();
    QCOMPARE(after.tx, StageTx::Open);
    QCOMPARE(after.costs.writes, 0U);
    QCOMPARE(after.costs.userBytes, 4U);
    QCOMPARE(after.fileSize, before.fileSize);
    QVERIFY(!after.nodes.empty());
    for (std::uint64_t id = 0; id < before.pages.size(); ++id) {
        QCOMPARE(after.pages.at(PageId{id}).kind, before.pages.at(PageId{id}).kind);
        QCOMPARE(after.pages.at(PageId{id}).mark, StageMark::None);
    }
}

void TestStageLog::commitFlipsTheMeta() {
    QTemporaryDir dir;
    Play play(dir.filePath(QStringLiteral("e.db")));
    const int before = play.log.newest().activeMeta;
    play.run(command(Kind::Put, "b", "one", "1"));
    QCOMPARE(play.log.newest().activeMeta, before);
    play.run(command(Kind::Commit));
    const StageState& after = play.log.newest();
    QCOMPARE(after.activeMeta, 1 - before);
    QCOMPARE(after.tx, StageTx::Committed);
    QVERIFY(after.costs.writtenBytes >= 3 * 1024);
    QCOMPARE(after.metas[std::size_t(after.activeMeta)].mark, StageMark::Cached); // no syncs here
    QVERIFY(!transactionSummary(after).isEmpty());
    // The flip is the last thing: at every event before the commit's own the old meta counts.
    for (int i = 0; i + 1 < play.log.size(); ++i) {
        QCOMPARE(play.log.stateAt(i).activeMeta, before);
    }
}

// Commits with and without syncs, with the store opened anew between them.
void TestStageLog::reopeningMakesNothingDurable() {
    QTemporaryDir dir;
    Play play(dir.filePath(QStringLiteral("s.db")), 1024, 64, false);
    const auto setSync = [&](bool isOn) {
        SandboxCommand syncs = command(Kind::SetSync);
        syncs.number = isOn ? 1 : 0;
        QVERIFY(play.run(syncs));
    };
    const auto commitOne = [&] {
        QVERIFY(play.put("key", "value"));
        QVERIFY(play.run(Kind::Commit));
    };
    for (const bool isSynced : {true, false, true, false, false}) {
        setSync(isSynced);
        commitOne();
        setSync(!isSynced);
        QCOMPARE(play.log.newest().isBaseDurable(), isSynced);
        setSync(isSynced); // again, with no commit between
        QCOMPARE(play.log.newest().isBaseDurable(), isSynced);
        QVERIFY(play.put("key", "another"));
        const StageState& now = play.log.newest();
        QCOMPARE(now.isBaseDurable(), isSynced);
        QCOMPARE(now.metas[std::size_t(now.activeMeta)].isSynced, isSynced);
        QVERIFY(play.run(Kind::Rollback));
        QVERIFY(play.put("key", "once more"));
        QCOMPARE(play.log.newest().isBaseDurable(), isSynced);
        QVERIFY(play.run(Kind::Rollback));
    }
}

void TestStageLog::rollbackLeavesNothing() {
    QTemporaryDir dir;
    Play play(dir.filePath(QStringLiteral("f.db")));
    play.run(command(Kind::Put, "b", "one", "1"));
    play.run(command(Kind::Commit));
    play.run(command(Kind::Put, "b", "two", QByteArray(5000, 'x')));
    play.run(command(Kind::Rollback));
    QCOMPARE(play.log.newest().tx, StageTx::RolledBack);
    QCOMPARE(difference(play.log.newest(), play.found()), QString());
}

void TestStageLog::levelsNest() {
    QTemporaryDir dir;
    Play play(dir.filePath(QStringLiteral("g.db")));
    play.run(command(Kind::Put, "b", "one", "1"));
    play.run(command(Kind::Commit));
    play.run(command(Kind::Get, "b", "one"));
    for (int level = 1; level < kStageLevelCount; ++level) {
        const auto& coarse = play.log.steps(StageLevel(level - 1));
        const auto& fine = play.log.steps(StageLevel(level));
        QVERIFY(coarse.size() < fine.size());
        QVERIFY(std::includes(fine.begin(), fine.end(), coarse.begin(), coarse.end()));
    }
    QCOMPARE(int(play.log.steps(StageLevel::Byte).size()), play.log.size());
    QCOMPARE(play.log.commandAt(play.log.size() - 1), play.log.commandAt(play.log.size() - 2));
    QCOMPARE(play.log.commandAt(0), 0);
}

void TestStageLog::captionsSayWhy() {
    QTemporaryDir dir;
    Play play(dir.filePath(QStringLiteral("h.db")));
    std::mt19937_64 random(3);
    for (int i = 0; i < 600; ++i) {
        play.runRandom(random);
    }
    std::set<std::size_t> kinds;
    for (int i = 0; i < play.log.size(); ++i) {
        const StageEvent& event = play.log.event(i);
        if (!kinds.insert(kindOf(event)).second) {
            continue;
        }
        const QString text = stageCaptionAt(play.log, i);
        QVERIFY2(text.size() > 10 && !text.contains(QLatin1Char('%') + QString::number(1)),
                 qPrintable(text));
        QVERIFY(!stageKindText(event).isEmpty());
    }
    QVERIFY2(kinds.size() > 20, qPrintable(QString::number(kinds.size())));
    QVERIFY(!stageCaptionAt(play.log, -1).isEmpty());
}

void TestStageLog::countsHaveTheirForms() {
    EnglishPlurals plurals;
    QCoreApplication::installTranslator(&plurals);
    QCOMPARE(putsText(1), QStringLiteral("1 put"));
    QCOMPARE(putsText(0), QStringLiteral("0 puts"));
    QCOMPARE(syncsText(1), QStringLiteral("1 sync"));
    QCOMPARE(pagesMadeText(1), QStringLiteral("1 page made"));
    QCOMPARE(runsText(12'345), QStringLiteral("12\u202F345 runs"));
    StageState state;
    state.tx = StageTx::Committed;
    state.costs.writes = state.costs.syncs = state.costs.pagesMade = 1;
    const QString summary = transactionSummary(state).join(u' ');
    QVERIFY2(summary.contains(QStringLiteral("in 1 run and 1 sync.")), qPrintable(summary));
    QVERIFY2(summary.contains(QStringLiteral("Pages made: 1,")), qPrintable(summary));
    QVERIFY(!summary.contains(QLatin1String("(s)")));
    QCoreApplication::removeTranslator(&plurals);
}

// The rule asks for a new mapping as soon as the pages need as much as is mapped.
void TestStageLog::remapToTheSameLengthIsExplained() {
    const auto captionOf = [](const RemapEvent& remap) {
        return stageCaption(WriteTraceEvent{remap}, StageState());
    };
    const QString same = captionOf({0x1000, 32768, 0x2000, 32768, 32768});
    QVERIFY2(same.contains(QStringLiteral("the same length again")), qPrintable(same));
    QVERIFY2(same.contains(QStringLiteral("0x2000 now, before that at 0x1000")), qPrintable(same));
    const QString longer = captionOf({0x1000, 32768, 0x2000, 65536, 40000});
    QVERIFY2(!longer.contains(QStringLiteral("again")), qPrintable(longer));
}

void TestStageLog::truncateForgets() {
    QTemporaryDir dir;
    Play play(dir.filePath(QStringLiteral("i.db")), 1024, 4);
    play.run(command(Kind::Put, "b", "one", "1"));
    play.run(command(Kind::Commit));
    const int size = play.log.size();
    const StageState state = play.log.newest();
    play.run(command(Kind::Put, "b", "two", "2"));
    play.run(command(Kind::Commit));
    play.log.truncate(size);
    QCOMPARE(play.log.size(), size);
    QVERIFY(play.log.newest() == state);
    QVERIFY(play.log.steps(StageLevel::Byte).back() == size - 1);
    play.log.truncate(0);
    QCOMPARE(play.log.size(), 0);
    QVERIFY(play.log.steps(StageLevel::Transaction).empty());
}

void TestStageLog::fullLogGoesOn() {
    StageLog log;
    for (int i = 0; i < StageLog::kMostEvents + 10; ++i) {
        log.append(ReaderEvent{std::uint64_t(i), TxId{1}, i % 2 == 0});
        log.append(ReaderEvent{std::uint64_t(i), TxId{1}, false});
        if (log.isFull()) {
            break;
        }
    }
    QVERIFY(log.isFull());
    QCOMPARE(log.size(), StageLog::kMostEvents);
    log.append(ReaderEvent{7, TxId{1}, true});
    QCOMPARE(log.newest().readers.back().reader, 7U);
    // Going back to a moment when it was full already: whoever kept the state knows it.
    const StageState kept = log.newest();
    const std::uint64_t dropped = log.droppedEvents();
    log.append(ReaderEvent{8, TxId{1}, true});
    log.truncate(log.size(), kept, dropped);
    QVERIFY(log.newest() == kept);
    QVERIFY(log.isFull()); // what came between the last event and that moment is still missing
    QCOMPARE(log.droppedEvents(), dropped);
    StageState stepped = log.stateAt(log.size() - 2);
    log.advance(stepped, log.size() - 2, log.size() - 1);
    QVERIFY(stepped == log.stateAt(log.size() - 1));
    QVERIFY(!(stepped == kept));
    log.truncate(log.size() - 1); // and back to one that stands in it
    QVERIFY(!log.isFull());
    QVERIFY(log.newest() == log.stateAt(log.size() - 1));
}

// Wherever one comes from, the player shows what the log says of that place.
void TestStageLog::playerShowsTheStatesOfTheLog() {
    QTemporaryDir dir;
    std::mt19937_64 random(5);
    Play play(dir.filePath(QStringLiteral("p.db")));
    StagePlayer player;
    player.setLog(&play.log);
    const auto isTrue = [&] {
        const int at = player.position();
        return player.before() == play.log.stateAt(at - 1) && player.now() == play.log.stateAt(at);
    };
    for (int round = 0; round < 40; ++round) {
        for (int i = 0; i < 6; ++i) {
            play.run(command(Kind::Put, "b", "key" + QByteArray::number(int(random() % 50)),
                             QByteArray(30 + round, 'v')));
        }
        play.run(command(Kind::Commit));
        player.logChanged();
        QVERIFY(isTrue());
        player.setLevelIndex(int(random() % kStageLevelCount));
        player.seek(int(random() % std::uint64_t(play.log.size())));
        for (int i = 0; i < 30; ++i) {
            switch (random() % 6) {
            case 0: player.back(); break;
            case 1: player.seek(int(random() % std::uint64_t(play.log.size()))); break;
            default: player.forward();
            }
            QVERIFY(isTrue());
        }
        if (round % 5 == 4) { // other events come to stand at the same numbers
            player.last();
            play.log.truncate(play.log.size() - int(random() % 40));
            play.log.append(CommandEvent{std::uint64_t(round), "another"});
            play.log.append(ReaderEvent{std::uint64_t(round), TxId{1}, true});
            player.logChanged();
            QVERIFY(isTrue());
        }
    }
}

void TestStageLog::waitingPagesAreCounted() {
    QTemporaryDir dir;
    std::mt19937_64 random(6);
    Play play(dir.filePath(QStringLiteral("w.db")));
    for (int i = 0; i < 1500; ++i) { // a tree of more than one block
        play.run(command(Kind::Put, "b", "key" + QByteArray::number(i), QByteArray(900, 'v')));
    }
    play.run(command(Kind::Commit));
    play.run(command(Kind::OpenReader));
    for (int i = 0; i < 1000; ++i) {
        play.run(command(Kind::Put, "b", "key" + QByteArray::number(int(random() % 900)),
                         QByteArray(400, 'v')));
        if (i % 20 == 0) {
            play.run(command(Kind::Commit));
        }
    }
    QVERIFY(play.log.newest().pages.size() > PageLayer::kBlock); // more than one block
    std::uint64_t most = 0;
    for (int index = 0; index < play.log.size(); index += 101) {
        const StageState state = play.log.stateAt(index);
        std::vector<PageId> told;
        state.pages.eachWaiting([&](PageId id, const StagePage&) { told.push_back(id); });
        std::vector<PageId> found;
        for (std::uint64_t id = 0; id < state.pages.size(); ++id) {
            if (state.pages.at(PageId{id}).life == StageLife::Pending) {
                found.push_back(PageId{id});
            }
        }
        QCOMPARE(told, found);
        QCOMPARE(state.pages.waiting(), std::uint64_t(found.size()));
        most = std::max<std::uint64_t>(most, found.size());
    }
    QVERIFY(most > 100);
}

QTEST_GUILESS_MAIN(TestStageLog)
#include "tst_stage_log.moc"
