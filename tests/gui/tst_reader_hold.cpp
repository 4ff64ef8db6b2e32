// SPDX-License-Identifier: MIT
// What readers hold, and what their end frees: the dry run against the engine, which does it.
// PAGESCAPE_READER_HISTORIES: random histories, 400 unless told.
#include "stage/reader_hold.h"
#include "support/sandbox_play.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace pagescape;
using namespace pagescape::gui;
using test::Play;
using Kind = SandboxCommand::Kind;

namespace {

const ReleaseEvent* releaseOf(const StageEvent& event) {
    const auto* write = std::get_if<WriteTraceEvent>(&event);
    return write == nullptr ? nullptr : std::get_if<ReleaseEvent>(write);
}

std::vector<PageId> pagesOf(const ReleaseEvent& event) {
    std::vector<PageId> pages;
    for (const PageRun& run : event.released) {
        for (std::uint64_t i = 0; i < run.pages; ++i) {
            pages.push_back(pageAfter(run.first, i));
        }
    }
    return pages;
}

// What the next Begin really frees; the transaction stays open.
std::vector<PageId> beginNow(Play& play) {
    const int before = play.log.size();
    play.run(Kind::Begin);
    std::vector<PageId> pages;
    for (int i = before; i < play.log.size(); ++i) {
        if (const ReleaseEvent* release = releaseOf(play.log.event(i))) {
            pages = pagesOf(*release);
        }
    }
    return pages;
}

int histories() {
    const int told = qEnvironmentVariableIntValue("PAGESCAPE_READER_HISTORIES");
    return told > 0 ? told : 400;
}

} // namespace

class TestReaderHold : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void holdsWhatTheEngineSays();
    void releasesWhatTheEngineReleases();
    void ruleHasTheNumbers();
    void namesRunsOfPages();
};

void TestReaderHold::holdsWhatTheEngineSays() {
    QTemporaryDir dir;
    quint64 compared = 0;
    for (quint64 seed = 1; seed <= 40; ++seed) {
        std::mt19937_64 random(seed);
        Play play(dir.filePath(QStringLiteral("e%1.db").arg(seed)));
        for (int i = 0; i < 120; ++i) {
            play.runRandom(random);
            const StageState& state = play.log.newest();
            if (play.engine->hasTransaction()) {
                continue; // its own pages wait in the engine already
            }
            const HoldReport report = holdReport(state);
            const std::vector<ReaderInfo> real = play.engine->store().readers();
            QCOMPARE(report.readers.size(), real.size());
            for (std::size_t r = 0; r < real.size(); ++r) {
                QCOMPARE(report.readers[r].bytes, real[r].bytesHeldBack);
                QCOMPARE(report.readers[r].bytes, heldBytes(state, real[r].txid));
                compared += real[r].bytesHeldBack > 0 ? 1U : 0U;
            }
            QCOMPARE(report.heldPages + report.duePages, state.pendingPages);
        }
    }
    QVERIFY(compared > 1000);
}

void TestReaderHold::releasesWhatTheEngineReleases() {
    QTemporaryDir dir;
    quint64 freed = 0;
    quint64 asked = 0;
    for (int seed = 1; seed <= histories(); ++seed) {
        std::mt19937_64 random(static_cast<std::mt19937_64::result_type>(seed));
        const QString path = dir.filePath(QStringLiteral("f.db"));
        QFile::remove(path);
        Play play(path);
        for (int i = 0; i < 80; ++i) {
            play.runRandom(random);
        }
        play.run(Kind::Commit);
        // Reader after reader ends, in any order; and now and then a Begin without an end.
        while (!play.readers.empty()) {
            const std::size_t at = random() % play.readers.size();
            const quint64 reader = random() % 4 == 0 ? 0 : play.readers[at];
            const StageState before = play.log.newest();
            const std::vector<PageId> told = releasedWithout(before, reader);
            if (reader != 0) {
                play.readers.erase(play.readers.begin() + std::ptrdiff_t(at));
                QVERIFY(play.run(test::closing(reader)));
            }
            const std::vector<PageId> real = beginNow(play);
            QVERIFY2(told == real, qPrintable(QStringLiteral("seed %1, reader %2: %3 and %4")
                                                  .arg(seed)
                                                  .arg(reader)
                                                  .arg(told.size())
                                                  .arg(real.size())));
            freed += real.size();
            ++asked;
            play.put("more" + QByteArray::number(int(random() % 9)), QByteArray(300, 'm'));
            play.run(random() % 5 == 0 ? Kind::Rollback : Kind::Commit);
        }
    }
    qInfo("%llu dry runs, %llu pages freed", static_cast<unsigned long long>(asked),
          static_cast<unsigned long long>(freed));
    QVERIFY(freed > 500);
}

void TestReaderHold::ruleHasTheNumbers() {
    StageState state;
    QVERIFY(releaseRuleText(state).front().contains(QStringLiteral("Nobody reads")));
    state.readers = {{1, TxId{5}}, {2, TxId{9}}, {3, TxId{9}}, {4, TxId{10}}};
    const QStringList lines = releaseRuleText(state);
    QCOMPARE(lines.size(), 3);
    QVERIFY2(lines[0].contains(QStringLiteral("freed in 4 and before")), qPrintable(lines[0]));
    QVERIFY2(lines[1].contains(QStringLiteral("freed in 6 to 8 ")), qPrintable(lines[1]));
    QVERIFY2(lines[2].contains(QStringLiteral("11 or later")), qPrintable(lines[2]));
}

void TestReaderHold::namesRunsOfPages() {
    const std::vector<PageId> pages{PageId{3}, PageId{5}, PageId{6}, PageId{7}, PageId{9}};
    QCOMPARE(pageRunsText(pages, 9), QStringLiteral("3, 5 to 7, 9"));
    QCOMPARE(pageRunsText(pages, 2), QStringLiteral("3, 5 to 7 and 1 more"));
    QCOMPARE(pageRunsText({}, 2), QString());
}

QTEST_GUILESS_MAIN(TestReaderHold)
#include "tst_reader_hold.moc"
