// SPDX-License-Identifier: MIT
// A sitting says what the log says, however it was built: at once, bit by bit, across undos.
#include "stage/sitting.h"
#include "support/sandbox_play.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QtTest>

#include <set>

using namespace pagescape;
using namespace pagescape::gui;
using test::Play;
using Kind = SandboxCommand::Kind;

namespace {

const WriteTxEvent* phaseOf(const StageEvent& event) {
    const auto* write = std::get_if<WriteTraceEvent>(&event);
    return write == nullptr ? nullptr : std::get_if<WriteTxEvent>(write);
}

Sitting madeAtOnce(const StageLog& log) {
    Sitting sitting;
    sitting.follow(log);
    return sitting;
}

} // namespace

class TestSitting : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void saysWhatHappened();
    void agreesWithTheLogAtEveryEvent();
    void isTheSameBitByBitAndAcrossUndos();
    void anUndoUnseenIsFoundOut();
    void lanesAreUsedAgain();
    void followsAMillionEvents();
};

void TestSitting::saysWhatHappened() {
    QTemporaryDir dir;
    Play play(dir.filePath(QStringLiteral("a.db")));
    test::playLesson(play);
    const Sitting sitting = madeAtOnce(play.log);
    QCOMPARE(sitting.events(), play.log.size());
    QVERIFY(!sitting.isCut());
    std::vector<SpanEnd> ends;
    for (const SittingSpan& span : sitting.spans()) {
        ends.push_back(span.outcome);
    }
    using enum SpanEnd;
    const std::vector<SpanEnd> expected{Committed, Committed, RolledBack, Committed, Committed,
                                        Committed, Committed, Committed,  Open};
    QVERIFY(ends == expected);
    QCOMPARE(int(sitting.readers().size()), 4);
    QCOMPARE(sitting.readers()[1].reader, 2U);
    QVERIFY(sitting.readers()[1].close > sitting.readers()[1].open);
    QCOMPARE(sitting.readers()[0].close, -1);
    QCOMPARE(sitting.commandText(0), QStringLiteral("Put books / book1"));
    int failures = 0;
    for (const SittingMark& mark : sitting.marks()) {
        failures += mark.bytes == 0 ? 1 : 0;
        QVERIFY(mark.bytes >= mark.oldBytes);
    }
    QCOMPARE(failures, 1);
    QVERIFY(sitting.marks().size() > 1); // and a new mapping
}

void TestSitting::agreesWithTheLogAtEveryEvent() {
    QTemporaryDir dir;
    Play play(dir.filePath(QStringLiteral("b.db")));
    std::mt19937_64 random(5);
    for (int i = 0; i < 300; ++i) {
        play.runRandom(random);
    }
    const Sitting sitting = madeAtOnce(play.log);
    for (int i = 0; i < play.log.size(); ++i) {
        const StageState state = play.log.stateAt(i);
        const auto span = sitting.spanAt(i);
        const bool isOpen = state.tx == StageTx::Open || state.tx == StageTx::Committing;
        const bool isLast = phaseOf(play.log.event(i)) != nullptr;
        QCOMPARE(span.has_value(), isOpen || isLast);
        if (span) {
            QCOMPARE(sitting.spans()[*span].txid, state.txid.value);
        }
        std::set<std::uint64_t> open;
        for (const SittingReader& bar : sitting.readers()) {
            if (bar.open <= i && (bar.close < 0 || bar.close > i)) {
                open.insert(bar.reader);
            }
        }
        std::set<std::uint64_t> expected;
        for (const StageReader& reader : state.readers) {
            expected.insert(reader.reader);
            QVERIFY(sitting.readerAt(reader.reader, i).has_value());
        }
        QVERIFY(open == expected);
        const auto command = sitting.commandAt(i);
        QCOMPARE(command ? sitting.commands()[*command] : -1, play.log.commandAt(i));
    }
    std::uint64_t released = 0;
    for (const SittingSpan& span : sitting.spans()) {
        const StageState before = play.log.stateAt(span.begin);
        const StageState after = play.log.stateAt(span.begin + 1);
        QCOMPARE(after.pendingPages + span.released, before.pendingPages);
        released += span.released;
    }
    QVERIFY(released > 0);
}

void TestSitting::isTheSameBitByBitAndAcrossUndos() {
    QTemporaryDir dir;
    for (quint64 seed = 1; seed <= 30; ++seed) {
        std::mt19937_64 random(seed);
        Play play(dir.filePath(QStringLiteral("c%1.db").arg(seed)));
        Sitting sitting;
        for (int i = 0; i < 80; ++i) {
            play.runRandom(random);
            if (random() % 3 == 0) {
                sitting.follow(play.log);
                QVERIFY(sitting == madeAtOnce(play.log));
            }
        }
        sitting.follow(play.log);
        // Every cut: as if the log had ended there.
        StageLog part = play.log;
        for (int count = play.log.size(); count >= 0; count -= 1 + int(random() % 5)) {
            part.truncate(count);
            sitting.truncate(count);
            QVERIFY(sitting == madeAtOnce(part));
        }
    }
}

// The log was cut and has grown past its old end before anybody looked.
void TestSitting::anUndoUnseenIsFoundOut() {
    QTemporaryDir dir;
    for (quint64 seed = 1; seed <= 60; ++seed) {
        std::mt19937_64 random(seed);
        Play play(dir.filePath(QStringLiteral("d%1.db").arg(seed)));
        Sitting sitting;
        std::vector<int> ends{0};
        for (int i = 0; i < 60; ++i) {
            play.runRandom(random);
            ends.push_back(play.log.size());
            if (random() % 5 == 0) {
                sitting.follow(play.log);
            }
            if (random() % 8 == 0) { // only the log goes back: the picture knows nothing else
                const std::size_t to = random() % ends.size();
                ends.resize(to + 1);
                play.log.truncate(ends.back());
            }
        }
        sitting.follow(play.log);
        QVERIFY2(sitting == madeAtOnce(play.log), qPrintable(QString::number(seed)));
    }
}

void TestSitting::lanesAreUsedAgain() {
    StageLog log;
    const auto reader = [&](std::uint64_t number, bool isOpen) {
        log.append(ReaderEvent{number, TxId{1}, isOpen});
    };
    reader(1, true);
    reader(2, true);
    reader(1, false);
    reader(3, true);
    reader(4, true);
    const Sitting sitting = madeAtOnce(log);
    QCOMPARE(sitting.lanes(), 3);
    QCOMPARE(sitting.readers()[2].lane, 0); // the place that reader 1 left
    QCOMPARE(sitting.readers()[3].lane, 2);
}

void TestSitting::followsAMillionEvents() {
    StageLog log;
    while (!log.isFull()) {
        const auto number = std::uint64_t(log.size());
        log.append(CommandEvent{number, "Put books / a key of usual length"});
        if (number % 30 == 0) {
            log.append(ReaderEvent{number, TxId{number}, true});
        }
        log.append(WriteTraceEvent{WriteTxEvent{WriteTxEvent::Phase::Begin, TxId{number}, {}, {}}});
        for (int i = 0; i < 6; ++i) {
            log.append(WriteTraceEvent{SyncEvent{}});
        }
        log.append(
            WriteTraceEvent{WriteTxEvent{WriteTxEvent::Phase::Commit, TxId{number}, {}, {}}});
        log.append(ReaderEvent{number, TxId{number}, false});
    }
    Sitting sitting;
    QElapsedTimer timer;
    timer.start();
    sitting.follow(log);
    const qint64 all = timer.nsecsElapsed();
    timer.restart();
    for (int i = 0; i < 1000; ++i) {
        sitting.follow(log);
    }
    const qint64 nothing = timer.nsecsElapsed() / 1000;
    qInfo("1 000 000 events in %.1f ms; nothing new: %lld ns", double(all) / 1e6, nothing);
    QVERIFY(sitting.isCut());
    QVERIFY(all < 1'000'000'000);
    QVERIFY(nothing < 100'000);
}

QTEST_GUILESS_MAIN(TestSitting)
#include "tst_sitting.moc"
