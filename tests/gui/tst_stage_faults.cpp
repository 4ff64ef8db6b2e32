// SPDX-License-Identifier: MIT
// Commits that fail, at every call to the file: the stage, its captions and the biography of each
// page must say what the file says afterwards.
#include "sandbox/sandbox_engine.h"
#include "stage/growth_series.h"
#include "stage/page_biography.h"
#include "stage/stage_caption.h"
#include "stage/stage_log.h"
#include "support/sandbox_play.h"
#include "support/stage_truth.h"

#include <QTemporaryDir>
#include <QtTest>

#include <memory>
#include <optional>

using namespace pagescape;
using namespace pagescape::gui;
using namespace pagescape::gui::test;

namespace {

using Kind = SandboxCommand::Kind;
using Phase = WriteTxEvent::Phase;

bool isSameGrowth(const GrowthPoint& series, const GrowthPoint& exact) {
    return series.txid == exact.txid && series.used == exact.used && series.map == exact.map &&
           series.fileSize == exact.fileSize;
}

// An engine on a file that fails on purpose, and its log.
class FaultyPlay {
public:
    explicit FaultyPlay(const QString& path, bool noFreelistSync = false) {
        SandboxOptions options;
        options.pageSize = 1024;
        options.noFreelistSync = noFreelistSync;
        options.wrapFile = [this](std::shared_ptr<StorageFile> disk) {
            file = std::make_shared<FaultyFile>(std::move(disk));
            return file;
        };
        auto opened = SandboxEngine::open(path.toStdString(), options, [this](StageEvents events) {
            log.appendAll(std::move(events));
        });
        if (!opened) {
            qFatal("%s", opened.error().describe().c_str());
        }
        engine = std::move(*opened);
        const Store::MapInfo map = engine->store().mapping();
        log = StageLog(foundStage(engine->path(), {map.address, map.length}), 64);
    }

    Result<void> run(SandboxCommand asked) { return engine->run(asked); }
    void putMany(int first, int count) {
        for (int i = first; i < first + count; ++i) {
            if (!run(command(Kind::Put, "b", "key" + QByteArray::number(i), QByteArray(90, 'v')))) {
                qFatal("a put failed");
            }
        }
    }
    // Sixteen leaves, and some pages that are free.
    void fill() {
        for (int round = 0; round < 4; ++round) {
            putMany(round * 5, 80);
            if (!run(command(Kind::Commit))) {
                qFatal("a commit failed");
            }
        }
    }
    Result<void> commitWith(const FaultyFile::Fault& fault) {
        file->arm(fault);
        auto done = run(command(Kind::Commit));
        file->arm(std::nullopt);
        return done;
    }
    // Closes the store and opens it again.
    bool reopen() {
        SandboxCommand syncs = command(Kind::SetSync);
        syncs.number = 1;
        return run(syncs).has_value();
    }

    // Of the newest event in which a write transaction ended so; empty when there is none.
    [[nodiscard]] QString captionOf(Phase phase) const {
        for (int i = log.size() - 1; i >= 0; --i) {
            if (const auto* write = std::get_if<WriteTraceEvent>(&log.event(i))) {
                const auto* tx = std::get_if<WriteTxEvent>(write);
                if (tx != nullptr && tx->phase == phase) {
                    return stageCaptionAt(log, i);
                }
            }
        }
        return {};
    }
    [[nodiscard]] QString summary() const { return transactionSummary(log.newest()).join(u' '); }

    // The stage against the file, and each page's biography against the stage; empty when all
    // agree.
    [[nodiscard]] QString lie() const {
        const StageState& stage = log.newest();
        StageState found = foundStage(engine->path(), stage.map);
        for (std::size_t i = 0; i < 2; ++i) {
            if (stage.metas[i].isKnown != found.metas[i].isKnown) {
                return QStringLiteral("meta %1 is valid, or it is not").arg(i);
            }
            if (!found.metas[i].isKnown) { // its fields are what the fault left
                found.metas[i] = stage.metas[i];
                found.metas[i].mark = StageMark::None;
            }
        }
        const QString differs = difference(stage, found);
        GrowthSeries series;
        series.update(log);
        for (const GrowthPoint& point : series.points()) {
            if (!isSameGrowth(point, growthAt(log, point.event))) {
                return QStringLiteral("growth at event %1").arg(point.event);
            }
        }
        for (std::uint64_t id = 2; differs.isEmpty() && id < stage.pages.size(); ++id) {
            const StagePage& page = stage.pages.at(PageId{id});
            const StagePage told = pageBiography(log, PageId{id}).back().page;
            if (told.life != page.life || told.kind != page.kind) {
                return QStringLiteral("biography of page %1").arg(id);
            }
        }
        return differs;
    }

    std::shared_ptr<FaultyFile> file;
    StageLog log;
    std::unique_ptr<SandboxEngine> engine;
};

} // namespace

class TestStageFaults : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    int m_files = 0;

    QString newPath() { return m_dir.filePath(QStringLiteral("%1.db").arg(++m_files)); }

private Q_SLOTS:
    void rollbackBeforeTheCommitWritesNothing();
    void failedWriteDoesNotSayNothing();
    void failedSyncNamesWhatWasWritten();
    void unconfirmedMetaIsUncertain();
    void tornMetaIsUncertain();
    void everyFaultEndsInTheTruth();
    void unstoredFreelistIsStaged();
};

void TestStageFaults::rollbackBeforeTheCommitWritesNothing() {
    FaultyPlay play(newPath());
    play.putMany(0, 5);
    QVERIFY(play.run(command(Kind::Rollback)));
    QCOMPARE(play.summary(), QStringLiteral("Rolled back: nothing was written."));
    QVERIFY(play.captionOf(Phase::RolledBack).contains(QStringLiteral("never knew")));
}

void TestStageFaults::failedWriteDoesNotSayNothing() {
    FaultyPlay play(newPath());
    play.fill();
    play.putMany(0, 3);
    QVERIFY(!play.commitWith({FileCall::Write, 0, 5, 100, false}));
    const StageState& state = play.log.newest();
    QCOMPARE(state.tx, StageTx::RolledBack);
    QCOMPARE(state.costs.writes, 0U); // the one that failed is none
    QVERIFY2(!play.summary().contains(QStringLiteral("nothing was written")),
             qPrintable(play.summary()));
    const QString caption = play.captionOf(Phase::RolledBack);
    QVERIFY2(caption.contains(QStringLiteral("perhaps a part")), qPrintable(caption));
    QVERIFY(!caption.contains(QStringLiteral("never knew")));
    QCOMPARE(play.lie(), QString());
}

void TestStageFaults::failedSyncNamesWhatWasWritten() {
    FaultyPlay play(newPath());
    play.fill();
    play.putMany(0, 3);
    QVERIFY(!play.commitWith({FileCall::SyncData, 0, 5, {}, false}));
    const StageState state = play.log.newest();
    QCOMPARE(state.tx, StageTx::RolledBack);
    QVERIFY(state.costs.writtenBytes > 0);
    QVERIFY2(play.summary().contains(QStringLiteral("Rolled back after")),
             qPrintable(play.summary()));
    QVERIFY(play.captionOf(Phase::RolledBack).contains(QStringLiteral("had been written")));
    QCOMPARE(play.lie(), QString());
    // The pages it wrote are what their bytes say, though free; and the next commit may take them.
    play.putMany(0, 3);
    QVERIFY(play.run(command(Kind::Commit)));
    QCOMPARE(play.lie(), QString());
}

void TestStageFaults::unconfirmedMetaIsUncertain() {
    FaultyPlay play(newPath());
    play.fill();
    const TxId before = play.log.newest().metas[std::size_t(play.log.newest().activeMeta)].txid;
    play.putMany(0, 3);
    QVERIFY(!play.commitWith({FileCall::SyncData, 1, 5, {}, false}));
    QCOMPARE(play.log.newest().tx, StageTx::Uncertain);
    QVERIFY(play.captionOf(Phase::RolledBack).isEmpty());
    QVERIFY(play.captionOf(Phase::Uncertain).contains(QStringLiteral("uncertain")));
    QVERIFY(play.summary().contains(QStringLiteral("Uncertain")));
    QVERIFY(!play.run(command(Kind::Begin))); // the engine writes nothing more
    QVERIFY(play.reopen());
    // The system had the bytes all the time: the new version counts.
    const StageState& state = play.log.newest();
    QCOMPARE(state.metas[std::size_t(state.activeMeta)].txid.value, before.value + 1);
    QVERIFY(!state.isBaseDurable()); // no sync told so
    QVERIFY(stageCaptionAt(play.log, play.log.size() - 1).contains(QStringLiteral("counts")));
    QCOMPARE(play.lie(), QString());
    play.putMany(0, 3);
    QVERIFY(play.run(command(Kind::Commit)));
    QCOMPARE(play.lie(), QString());
}

void TestStageFaults::tornMetaIsUncertain() {
    FaultyPlay play(newPath());
    play.fill();
    const int active = play.log.newest().activeMeta;
    play.putMany(0, 1);
    // The meta is the last write of the commit: after those of the pages.
    std::uint64_t writes = 0;
    const int begin = play.log.size();
    {
        FaultyPlay twin(newPath());
        twin.fill();
        twin.putMany(0, 1);
        const std::uint64_t counted = twin.log.newest().costs.writes;
        QCOMPARE(counted, 0U);
        for (; writes < 50; ++writes) {
            if (const auto done = twin.commitWith({FileCall::Write, writes, 5, 48, false}); done) {
                QFAIL("no write failed");
            } else if (done.error().code == ErrorCode::CommitUncertain) {
                break;
            }
            twin.putMany(0, 1);
        }
    }
    QVERIFY(!play.commitWith({FileCall::Write, writes, 5, 48, false}));
    QVERIFY(play.log.size() > begin);
    QCOMPARE(play.log.newest().tx, StageTx::Uncertain);
    QVERIFY(play.reopen());
    const StageState& state = play.log.newest();
    QCOMPARE(state.activeMeta, active); // the old one counts
    QVERIFY(!state.metas[std::size_t(1 - active)].isKnown);
    QVERIFY(
        stageCaptionAt(play.log, play.log.size() - 1).contains(QStringLiteral("does not count")));
    QCOMPARE(play.lie(), QString());
}

void TestStageFaults::everyFaultEndsInTheTruth() {
    int failures = 0;
    int uncertain = 0;
    for (const FileCall call :
         {FileCall::Write, FileCall::SyncData, FileCall::SyncAll, FileCall::Resize}) {
        for (std::uint64_t after = 0; after < 12; ++after) {
            FaultyPlay play(newPath());
            play.fill();
            play.putMany(1000, 800); // enough for a longer file
            const auto done = play.commitWith({call, after, 28, 64, false});
            if (done) {
                break; // there are no further calls of that kind
            }
            ++failures;
            if (done.error().code == ErrorCode::CommitUncertain) {
                ++uncertain;
                QCOMPARE(play.log.newest().tx, StageTx::Uncertain);
                QVERIFY(play.reopen());
            } else {
                QCOMPARE(play.log.newest().tx, StageTx::RolledBack);
            }
            QCOMPARE(play.lie(), QString());
            play.putMany(1000, 20);
            QVERIFY(play.run(command(Kind::Commit)));
            QCOMPARE(play.lie(), QString());
        }
    }
    QVERIFY2(failures > 5, qPrintable(QString::number(failures)));
    QVERIFY(uncertain >= 2);
}

void TestStageFaults::unstoredFreelistIsStaged() {
    FaultyPlay play(newPath(), true);
    for (int round = 0; round < 6; ++round) {
        play.putMany(round * 3, 30);
        QVERIFY(play.run(command(Kind::Commit)));
        const StageState& state = play.log.newest();
        QCOMPARE(state.metas[std::size_t(state.activeMeta)].freelist.value, format::kNoFreelist);
        for (std::uint64_t id = 2; id < state.highWater.value; ++id) {
            const StagePage& page = state.pages.at(PageId{id});
            QVERIFY(page.life != StageLife::Live || page.kind != PageKind::Freelist);
        }
        QCOMPARE(play.lie(), QString());
    }
    QVERIFY(play.log.newest().freePages + play.log.newest().pendingPages > 0);
}

QTEST_GUILESS_MAIN(TestStageFaults)
#include "tst_stage_faults.moc"
