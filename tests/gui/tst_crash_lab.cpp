// SPDX-License-Identifier: MIT
// The crash lab on real commits of a sandbox: what it offers, what it finds, what it saves.
#include "crash_fixture.h"
#include "stage/crash_text.h"
#include "support/bolt_peer.h"
#include "support/crash_recording.h"

#include <QElapsedTimer>

using namespace pagescape;
using namespace pagescape::gui;
using namespace pagescape::test;

class TestCrashLab : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<CrashFixture> m_fixture;
    std::unique_ptr<CrashLab> m_lab;

    void record(bool isSynced, int before = 30, int count = 20, int valueSize = 40) {
        m_fixture = std::make_unique<CrashFixture>(isSynced);
        QVERIFY(m_fixture->open());
        QVERIFY(m_fixture->commit(0, before));
        QVERIFY(m_fixture->commit(before, count, valueSize));
        m_lab = std::make_unique<CrashLab>();
        m_lab->setMaterial(m_fixture->material());
        QCOMPARE(m_lab->script()->whyEmpty, QString());
        QVERIFY(m_lab->script()->rows.size() >= 2);
    }
    void search() {
        QSignalSpy done(m_lab.get(), &CrashLab::worstCaseReady);
        m_lab->findWorst();
        QTRY_VERIFY_WITH_TIMEOUT(m_lab->search() != nullptr, 60000);
        QCOMPARE(m_lab->search()->error, QString());
        QVERIFY(done.count() >= 1);
    }
    void exportTo(const QString& path, QString& error) {
        QSignalSpy saved(m_lab.get(), &CrashLab::imageSaved);
        m_lab->exportImage(path);
        QTRY_COMPARE_WITH_TIMEOUT(saved.count(), 1, 30000);
        error = saved.front().at(1).toString();
    }
    [[nodiscard]] std::vector<std::byte> image() const {
        return *buildImage(runOf(m_fixture->material()), m_lab->choice().cursor(),
                           m_lab->choice().fates);
    }

private Q_SLOTS:
    void cleanup() {
        m_lab.reset();
        m_fixture.reset();
    }
    void rowsAreTheOperationsOfTheCommit();
    void stopsAreWhereBoltFails();
    void syncedCommitEndsInOneOfTwoVersionsEverywhere();
    void verdictIsThatOfTheEngine();
    void commitWithoutSyncsIsFoundDamaged();
    void bboltAcceptsEveryImageOfASyncedCommit();
    void randomIsTheSameForASeed();
    void imageNeverReplacesTheDatabase();
    void stoppedSearchKeepsWhatItFound();
    void largeFilesAreJudgedWhenAsked();
    void sandboxFileStaysAsItIs();
};

void TestCrashLab::rowsAreTheOperationsOfTheCommit() {
    record(true);
    const CrashMaterial material = m_fixture->material();
    const CrashScript& script = *m_lab->script();
    QCOMPARE(script.rows.size(), material.operations.size());
    QCOMPARE(script.pageSize, 1024U);
    QVERIFY(script.isSynced);
    int metas = 0;
    for (std::size_t i = 0; i < script.rows.size(); ++i) {
        const FileOperation& operation = material.operations[i];
        QCOMPARE(script.rows[i].kind == CrashRow::Kind::Write,
                 operation.kind == FileOperation::Kind::Write);
        if (script.rows[i].kind == CrashRow::Kind::Write) {
            QCOMPARE(script.rows[i].page.value, operation.offset / 1024);
            QCOMPARE(script.rows[i].sectors, sectorCount(operation));
            quint64 pages = 0;
            for (const CrashPage& page : script.rows[i].pages) {
                QVERIFY(page.kind != PageKind::NotRead);
                pages += page.pageCount;
            }
            QCOMPARE(pages, script.rows[i].pageCount);
            metas += script.rows[i].isMeta() ? 1 : 0;
        }
    }
    QCOMPARE(metas, 1);
    QCOMPARE(script.commitEnds, std::vector<std::size_t>{script.rows.size()});
    QCOMPARE(m_lab->choice().cursor(), script.rows.size());
    QVERIFY(m_lab->choice().fates.empty());
}

void TestCrashLab::stopsAreWhereBoltFails() {
    record(true, 10, 60, 400); // grows
    const CrashScript& script = *m_lab->script();
    QStringList names;
    for (const CrashStop& stop : script.stops) {
        names += crashStopName(stop.kind);
        QVERIFY(stop.cursor <= script.rows.size());
    }
    QCOMPARE(names.join(u'|'),
             QStringLiteral("Before growth|After growth|Before data sync|Before meta write|Before "
                            "meta sync|After commit"));
    const auto rowAfter = [&](CrashStop::Kind kind) {
        const auto stop = std::ranges::find(script.stops, kind, &CrashStop::kind);
        return script.rows[stop->cursor];
    };
    QCOMPARE(rowAfter(CrashStop::Kind::BeforeGrowth).kind, CrashRow::Kind::Resize);
    QCOMPARE(rowAfter(CrashStop::Kind::BeforeDataSync).kind, CrashRow::Kind::Sync);
    QVERIFY(rowAfter(CrashStop::Kind::BeforeMetaWrite).isMeta());
    QCOMPARE(rowAfter(CrashStop::Kind::BeforeMetaSync).kind, CrashRow::Kind::Sync);
}

void TestCrashLab::syncedCommitEndsInOneOfTwoVersionsEverywhere() {
    record(true);
    const std::size_t count = m_lab->script()->rows.size();
    std::uint64_t images = 0;
    for (std::size_t cursor = 0; cursor <= count; ++cursor) {
        m_lab->setCursor(cursor);
        search();
        const WorstCase& worst = m_lab->search()->worst;
        images += worst.images;
        QVERIFY(!worst.outcomes.empty());
        for (const CrashOutcome& outcome : worst.outcomes) {
            QVERIFY2(outcome.crashClass <= CrashClass::OldVersion,
                     qPrintable(crashOutcomeText(outcome, m_lab->search()->expected)));
        }
    }
    qInfo("%zu cursors, %llu images: the old version or the new one", count + 1,
          static_cast<unsigned long long>(images));
}

void TestCrashLab::verdictIsThatOfTheEngine() {
    record(true);
    const std::size_t count = m_lab->script()->rows.size();
    const auto sentence = [this] {
        return m_lab->judgement() ? crashStatement(*m_lab->judgement()) : QString();
    };
    QTRY_VERIFY_WITH_TIMEOUT(m_lab->judgement(), 30000);
    const TxId before = m_lab->judgement()->expected.before.txid;
    QCOMPARE(m_lab->judgement()->crashClass, CrashClass::NewVersion);
    for (std::size_t cursor = 0; cursor <= count; ++cursor) {
        m_lab->setCursor(cursor);
        m_lab->loseAll();
        QTRY_VERIFY_WITH_TIMEOUT(m_lab->judgement(), 30000);
        const CrashJudgement& got = *m_lab->judgement();
        QCOMPARE(got.error, QString());
        const CrashVerdict expected = *judgeImage(image());
        QCOMPARE(got.verdict.digest, expected.digest);
        QCOMPARE(got.verdict.pairs, expected.pairs);
        QCOMPARE(got.verdict.damage, expected.damage);
        QCOMPARE(got.verdict.txid(), expected.txid());
        if (cursor < count) {
            QCOMPARE(got.promised.isSame(), true);
            QCOMPARE(got.underWay.missing, 20U);
        }
    }
    m_lab->setCursor(0);
    QTRY_COMPARE_WITH_TIMEOUT(sentence(),
                              QStringLiteral("You are at transaction %1; %2 never happened.")
                                  .arg(before.value - 1)
                                  .arg(before.value),
                              30000);
}

void TestCrashLab::commitWithoutSyncsIsFoundDamaged() {
    record(false);
    QVERIFY(!m_lab->script()->isSynced);
    search();
    const CrashSearchPtr found = m_lab->search();
    QVERIFY(found->worst.outcomes.front().crashClass >= CrashClass::Damaged);
    m_lab->takeOutcome(0);
    QCOMPARE(m_lab->choice().fates, found->worst.outcomes.front().fates);
    QTRY_VERIFY_WITH_TIMEOUT(m_lab->judgement(), 30000);
    QCOMPARE(m_lab->judgement()->crashClass, found->worst.outcomes.front().crashClass);
    const QString html = crashVerdictHtml(*m_lab->judgement());
    QVERIFY2(html.contains(QStringLiteral("href=\"page:")), qPrintable(html));
    QVERIFY(crashStatement(*m_lab->judgement()).startsWith(QStringLiteral("Neither")));
    const QString path = m_fixture->newPath(QStringLiteral("damaged.db"));
    QString error;
    exportTo(path, error);
    QCOMPARE(error, QString());
    QVERIFY(!judgeImage(image())->isSound());
    if (!BoltPeer::isThere()) {
        QSKIP("Go or its bbolt library is missing");
    }
    BoltPeer peer;
    // It answers with an error, or it ends in a panic: the damage is real either way.
    QVERIFY2(!peer.run("check " + path.toUtf8()), peer.answer());
    qInfo("bbolt: %s", peer.answer().constData());
}

void TestCrashLab::bboltAcceptsEveryImageOfASyncedCommit() {
    if (!BoltPeer::isThere()) {
        QSKIP("Go or its bbolt library is missing");
    }
    record(true);
    BoltPeer peer;
    int images = 0;
    for (std::size_t cursor = 0; cursor <= m_lab->script()->rows.size(); ++cursor) {
        m_lab->setCursor(cursor);
        for (quint64 seed = 0; seed < 6; ++seed) {
            if (seed == 0) {
                m_lab->loseAll();
            } else if (seed > 1) {
                m_lab->randomize(seed);
            }
            const QString path = m_fixture->newPath(QStringLiteral("image%1.db").arg(++images));
            QString error;
            exportTo(path, error);
            QCOMPARE(error, QString());
            QVERIFY2(peer.run("check " + path.toUtf8()), peer.answer());
        }
    }
    qInfo("bbolt accepts %d images", images);
}

void TestCrashLab::randomIsTheSameForASeed() {
    record(false);
    m_lab->randomize(7);
    const auto first = m_lab->choice().fates;
    m_lab->randomize(8);
    QVERIFY(m_lab->choice().fates != first);
    m_lab->randomize(7);
    QCOMPARE(m_lab->choice().fates, first);
}

void TestCrashLab::imageNeverReplacesTheDatabase() {
    record(true);
    const QByteArray bytes = fileBytes(m_fixture->path());
    m_lab->setProtectedFiles({m_fixture->path()});
    m_lab->setCursor(0);
    const QString link = m_fixture->newPath(QStringLiteral("link.db"));
    QVERIFY(QFile::link(m_fixture->path(), link));
    for (const QString& path : {m_fixture->path(), link}) {
        QString error;
        exportTo(path, error);
        QVERIFY(error.contains(QStringLiteral("the database itself")));
        QCOMPARE(fileBytes(m_fixture->path()), bytes);
    }
}

void TestCrashLab::stoppedSearchKeepsWhatItFound() {
    record(false, 3000, 4000, 100);
    QSignalSpy progress(m_lab.get(), &CrashLab::searchProgressed);
    m_lab->findWorst();
    QTRY_VERIFY_WITH_TIMEOUT(progress.count() >= 3, 60000);
    QVERIFY(m_lab->isSearching());
    QElapsedTimer clock;
    clock.start();
    m_lab->stopSearch();
    QTRY_VERIFY_WITH_TIMEOUT(m_lab->search(), 30000);
    qInfo("stopped after %lld ms", static_cast<long long>(clock.elapsed()));
    QVERIFY(clock.elapsed() < 2000);
    QVERIFY(m_lab->search()->worst.wasStopped);
    QVERIFY(!m_lab->search()->worst.outcomes.empty());
    QVERIFY(!m_lab->isSearching());
}

void TestCrashLab::largeFilesAreJudgedWhenAsked() {
    record(true, 30, 30, 200'000); // some 6 MiB
    QVERIFY(!m_lab->isLive());
    QVERIFY(!m_lab->isJudging());
    m_lab->crash();
    QTRY_VERIFY_WITH_TIMEOUT(m_lab->judgement(), 30000);
    QCOMPARE(m_lab->judgement()->crashClass, CrashClass::NewVersion);
    m_lab->setCursor(0);
    QVERIFY(m_lab->isLive());
    QTRY_VERIFY_WITH_TIMEOUT(m_lab->judgement(), 30000);
}

void TestCrashLab::sandboxFileStaysAsItIs() {
    record(false);
    const QByteArray bytes = fileBytes(m_fixture->path());
    const QDateTime written = QFileInfo(m_fixture->path()).lastModified();
    search();
    m_lab->takeOutcome(0);
    QTRY_VERIFY_WITH_TIMEOUT(m_lab->judgement(), 30000);
    QCOMPARE(fileBytes(m_fixture->path()), bytes);
    QCOMPARE(QFileInfo(m_fixture->path()).lastModified(), written);
}

QTEST_GUILESS_MAIN(TestCrashLab)
#include "tst_crash_lab.moc"
