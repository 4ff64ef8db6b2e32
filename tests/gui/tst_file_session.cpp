// SPDX-License-Identifier: MIT
// FileSession over good, damaged, foreign and vanishing files: answers arrive as signals, the
// window's thread never waits, and no file is ever changed.
#include "pagescape/database.h"
#include "sample_files.h"
#include "session/file_session.h"
#include "session/job.h"
#include "support/page_builder.h"

#include <QDir>
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <array>

using namespace pagescape;
using namespace pagescape::gui;
using namespace pagescape::gui::test;
using namespace Qt::StringLiterals;

namespace {

struct Opened {
    explicit Opened(const QString& path) : result(FileSession::open(path)) {}
    FileSession* operator->() const { return result.session.get(); }
    FileSession::OpenResult result;
};

} // namespace

class TestFileSession : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;

    QString copyOf(const char* sample, const QString& name) {
        const QString path = m_dir.filePath(name);
        QFile::remove(path);
        if (!QFile::copy(samplePath(sample), path) ||
            !QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner)) {
            return {};
        }
        return path;
    }
    QString write(const QString& name, const QByteArray& bytes) {
        QFile file(m_dir.filePath(name));
        return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size()
                   ? file.fileName()
                   : QString();
    }

    // A sparse file of many pages that a scan takes its time over.
    QString bigSparseFile(std::uint64_t pages) {
        pagescape::test::FileBuilder builder(4096, 4);
        builder.meta(0, 1, 3, format::kNoFreelist, pages);
        builder.meta(1, 2, 3, format::kNoFreelist, pages);
        builder.header(2, format::kFreelistFlag, 0);
        builder.header(3, format::kLeafFlag, 0);
        const QString path = write(u"sparse.db"_s, toQByteArray(builder.bytes()));
        return QFile::resize(path, static_cast<qint64>(pages * 4096)) ? path : QString();
    }

private Q_SLOTS:
    void scansAGoodFileToTheEnd() {
        Opened session(samplePath("library.db"));
        QVERIFY(session.result.session);
        QVERIFY(session.result.error.isEmpty());
        QVERIFY(session->isDatabase());
        QCOMPARE(session->residencyAsFound().size(), std::size_t{32});
        QSignalSpy advanced(session.result.session.get(), &FileSession::censusAdvanced);
        QSignalSpy finished(session.result.session.get(), &FileSession::scanFinished);
        QSignalSpy checked(session.result.session.get(), &FileSession::checkFinished);
        session->startScan();
        QVERIFY(session->isScanning());
        QCOMPARE(session->tasks().size(), std::size_t{1});
        QTRY_COMPARE(checked.count(), 1);
        QCOMPARE(finished.count(), 1);
        QCOMPARE(finished[0][0].toBool(), true);
        QVERIFY(finished[0][1].toString().isEmpty());
        QVERIFY(advanced.count() >= 1);
        QVERIFY(session->census()->stage() == CensusStage::Done);
        QVERIFY(session->isChecked());
        QVERIFY(session->findings().empty());
        QVERIFY(session->tasks().empty());
    }

    void answersOnlyTheNewestPage() {
        Opened session(samplePath("library.db"));
        QSignalSpy ready(session.result.session.get(), &FileSession::pageReady);
        for (std::uint64_t page = 0; page < 50; ++page) {
            session->requestPage(PageId{page});
        }
        QTRY_VERIFY(ready.count() >= 1);
        QCOMPARE(ready.last()[0].value<PageId>(), PageId{49});
        QTRY_COMPARE(jobPool().activeThreadCount(), 0);
        QCOMPARE(ready.count(), 1);
        const auto snapshot = ready[0][1].value<PageSnapshot>();
        QVERIFY(snapshot);
        QCOMPARE(snapshot->description.id, PageId{49});
        QCOMPARE(snapshot->bytes.size(), std::size_t{1024});
    }

    void aPagePastTheEndFails() {
        Opened session(samplePath("library.db"));
        QSignalSpy failed(session.result.session.get(), &FileSession::pageFailed);
        session->requestPage(PageId{1000000});
        QTRY_COMPARE(failed.count(), 1);
        QVERIFY(!failed[0][1].toString().isEmpty());
    }

    void aTracedGetEqualsTheEngines() {
        Opened session(samplePath("library.db"));
        QSignalSpy traced(session.result.session.get(), &FileSession::getTraced);
        session->requestGet({"books"}, "m");
        QTRY_COMPARE(traced.count(), 1);
        const auto missing = traced[0][0].value<GetTracePtr>();
        QVERIFY(!missing->found);
        QVERIFY(missing->error.isEmpty());

        // Every key of an inline bucket, against the engine's own answer.
        const auto database = Database::openReadOnly(toPath(samplePath("library.db")));
        QVERIFY(database);
        const auto transaction = database->beginRead();
        QVERIFY(transaction);
        const std::vector<Bytes> path{asBytes("hours")};
        const auto bucket = transaction->bucket(path);
        QVERIFY(bucket);
        Cursor cursor = bucket->cursor();
        int keys = 0;
        for (auto entry = cursor.first(); entry && *entry; entry = cursor.next()) {
            const QByteArray key = toQByteArray((*entry)->key);
            traced.clear();
            session->requestGet({"hours"}, key);
            QTRY_COMPARE(traced.count(), 1);
            const auto trace = traced[0][0].value<GetTracePtr>();
            QVERIFY(trace->found);
            QCOMPARE(trace->value, toQByteArray((*entry)->value));
            QCOMPARE(trace->quoted.size(), trace->events.size());
            ++keys;
        }
        QVERIFY(keys > 0);
    }

    void theScanOfABucketTouchesItsOwnLeaves() {
        Opened session(samplePath("library.db"));
        QSignalSpy traced(session.result.session.get(), &FileSession::getTraced);
        session->startScan();
        QTRY_VERIFY(!session->isScanning());
        session->requestGet({"books"}, "dracula");
        QTRY_COMPARE(traced.count(), 1);
        QCOMPARE(traced[0][0].value<GetTracePtr>()->leafPages, 38U);
        traced.clear();
        session->requestGet({"hours"}, "monday"); // an inline bucket has no leaf of its own
        QTRY_COMPARE(traced.count(), 1);
        QCOMPARE(traced[0][0].value<GetTracePtr>()->leafPages, 0U);
    }

    void entriesAndTreeArrive() {
        Opened session(samplePath("library.db"));
        QSignalSpy entries(session->entries(), &EntrySource::entriesReady);
        QSignalSpy shapes(session.result.session.get(), &FileSession::treeShapeReady);
        EntryRequest request;
        request.id = 7;
        request.bucket = session->entries()->rootBucket();
        session->entries()->requestEntries(request);
        session->requestTreeShape({});
        QTRY_COMPARE(entries.count(), 1);
        const auto chunk = entries[0][0].value<EntryChunk>();
        QCOMPARE(chunk.request, quint64{7});
        QCOMPARE(chunk.entries.size(), std::size_t{5});
        QVERIFY(chunk.atEnd);
        QTRY_COMPARE(shapes.count(), 1);
        QVERIFY(!shapes[0][0].value<TreeShape>().nodes.empty());
    }

    void findingsOfADamagedFileArrive() {
        Opened session(samplePath("damaged/branch-cycle-self.db"));
        QVERIFY(session->isDatabase());
        QSignalSpy checked(session.result.session.get(), &FileSession::checkFinished);
        QSignalSpy findings(session.result.session.get(), &FileSession::findingsChanged);
        session->startScan();
        QTRY_COMPARE(checked.count(), 1);
        QVERIFY(findings.count() >= 1);
        QVERIFY(!session->findings().empty());
    }

    void stopEndsTheScan() {
        const QString path = bigSparseFile(std::uint64_t{1} << 24);
        QVERIFY(!path.isEmpty());
        Opened session(path);
        QVERIFY2(session.result.error.isEmpty(), qPrintable(session.result.evidence));
        QSignalSpy advanced(session.result.session.get(), &FileSession::censusAdvanced);
        QSignalSpy finished(session.result.session.get(), &FileSession::scanFinished);
        session->startScan();
        QTRY_VERIFY(advanced.count() >= 1);
        QVERIFY(session->isScanning());
        QElapsedTimer timer;
        timer.start();
        session->stopAll();
        QVERIFY(!session->isScanning());
        QVERIFY(session->tasks().empty());
        QCOMPARE(finished.count(), 1);
        QVERIFY(!finished[0][1].toString().isEmpty());
        QTRY_COMPARE_WITH_TIMEOUT(jobPool().activeThreadCount(), 0, 2000);
        qInfo("the scan ended %lld ms after Stop", static_cast<long long>(timer.elapsed()));
        // It can go on where it was.
        session->startScan();
        QVERIFY(session->isScanning());
        session->stopAll();
    }

    void progressIsCoalesced() {
        const QString path = bigSparseFile(std::uint64_t{1} << 22);
        Opened session(path);
        QSignalSpy advanced(session.result.session.get(), &FileSession::censusAdvanced);
        QSignalSpy finished(session.result.session.get(), &FileSession::scanFinished);
        QElapsedTimer timer;
        timer.start();
        session->startScan();
        QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, 120000);
        const double seconds = static_cast<double>(timer.elapsed()) / 1000;
        QVERIFY2(static_cast<double>(advanced.count()) <= 30 * (seconds + 1),
                 qPrintable(u"%1 signals in %2 s"_s.arg(advanced.count()).arg(seconds)));
        session->stopAll();
    }

    void destroyingABusySessionIsSafe() {
        const QString path = bigSparseFile(std::uint64_t{1} << 22);
        for (int round = 0; round < 10; ++round) {
            auto result = FileSession::open(path);
            QVERIFY(result.session);
            // At another moment each time: at once, or when one of the jobs has answered.
            QSignalSpy page(result.session.get(), &FileSession::pageReady);
            QSignalSpy traced(result.session.get(), &FileSession::getTraced);
            QSignalSpy shape(result.session.get(), &FileSession::treeShapeReady);
            QSignalSpy advanced(result.session.get(), &FileSession::censusAdvanced);
            const std::array<QSignalSpy*, 5> moments{nullptr, &page, &traced, &shape, &advanced};
            result.session->startScan();
            result.session->requestPage(PageId{3});
            result.session->requestGet({}, "key");
            result.session->requestTreeShape({});
            EntryRequest request;
            request.bucket = result.session->entries()->rootBucket();
            result.session->entries()->requestEntries(request);
            QSignalSpy* const moment = moments[static_cast<std::size_t>(round) % moments.size()];
            QVERIFY(moment == nullptr || moment->count() > 0 || moment->wait());
            result.session.reset();
        }
        QTRY_COMPARE_WITH_TIMEOUT(jobPool().activeThreadCount(), 0, 5000);
    }

    void badFilesSayWhatTheyAreAndWhatCanBeDone_data() {
        QTest::addColumn<QString>("path");
        QTest::addColumn<bool>("isRaw");
        QTest::addColumn<QString>("words");
        QDir(m_dir.path()).mkdir(u"folder"_s);
        QTest::newRow("empty") << write(u"empty.db"_s, {}) << false << u"empty"_s;
        QTest::newRow("short") << write(u"short.db"_s, "abc") << true << u"short.db"_s;
        QTest::newRow("text") << write(u"text.db"_s,
                                       QByteArray("some words of text\n").repeated(900))
                              << true << u"text"_s;
        QTest::newRow("sqlite") << write(u"other.db"_s, QByteArray("SQLite format 3\0", 16) +
                                                            QByteArray(16000, '\1'))
                                << true << u"SQLite"_s;
        QTest::newRow("gzip") << write(u"packed.db"_s,
                                       QByteArray("\x1f\x8b\x08\x00", 4) + QByteArray(9000, '\x5a'))
                              << true << u"gzip"_s;
        QTest::newRow("folder") << m_dir.filePath(u"folder"_s) << false << u"folder"_s;
        QTest::newRow("vanished") << m_dir.filePath(u"vanished.db"_s) << false << u"vanished.db"_s;
    }
    void badFilesSayWhatTheyAreAndWhatCanBeDone() {
        QFETCH(QString, path);
        QFETCH(bool, isRaw);
        QFETCH(QString, words);
        const FileSession::OpenResult result = FileSession::open(path);
        QVERIFY(!result.error.isEmpty());
        QVERIFY(!result.evidence.isEmpty());
        QVERIFY(!result.advice.isEmpty());
        const QString all = result.error + result.evidence + result.advice;
        QVERIFY2(all.contains(words, Qt::CaseInsensitive), qPrintable(all));
        QCOMPARE(result.session != nullptr, isRaw);
        if (isRaw) {
            QVERIFY(!result.session->isDatabase());
            QSignalSpy ready(result.session.get(), &FileSession::pageReady);
            result.session->requestPage(PageId{0});
            QTRY_COMPARE(ready.count(), 1);
            QSignalSpy checked(result.session.get(), &FileSession::checkFinished);
            result.session->startScan();
            QTRY_COMPARE(checked.count(), 1);
        }
    }

    void aForbiddenFileSaysSo() {
        const QString path = write(u"secret.db"_s, QByteArray(20000, 'x'));
        QVERIFY(QFile::setPermissions(path, {}));
        if (QFile(path).open(QIODevice::ReadOnly)) {
            QSKIP("this user may read everything");
        }
        const FileSession::OpenResult result = FileSession::open(path);
        QVERIFY(!result.session);
        QVERIFY(result.error.contains(u"secret.db"_s));
    }

    void aFileCutWhileOpenIsAnErrorAndNoCrash() {
        const QString path = copyOf("library.db", u"cut.db"_s);
        Opened session(path);
        QVERIFY(session->isDatabase());
        QSignalSpy shrank(session.result.session.get(), &FileSession::fileShrank);
        QVERIFY(QFile::resize(path, 2048));
        QSignalSpy traced(session.result.session.get(), &FileSession::getTraced);
        session->requestGet({"books"}, "m");
        QTRY_COMPARE(traced.count(), 1);
        QVERIFY(!traced[0][0].value<GetTracePtr>()->error.isEmpty());
        QSignalSpy failed(session.result.session.get(), &FileSession::pageFailed);
        session->requestPage(PageId{76});
        QTRY_COMPARE(failed.count(), 1);
        QSignalSpy finished(session.result.session.get(), &FileSession::scanFinished);
        session->startScan();
        QTRY_COMPARE(finished.count(), 1);
        QVERIFY(!finished[0][1].toString().isEmpty());
        QTRY_COMPARE_WITH_TIMEOUT(shrank.count(), 1, 10000);
        QVERIFY(shrank[0][0].toString().contains(u"2048"_s));
    }

    void tellsWhenTheFileMovedOn() {
        pagescape::test::FileBuilder builder(4096, 4);
        builder.meta(0, 10, 3, 2, 4);
        builder.meta(1, 11, 3, 2, 4);
        builder.header(2, format::kFreelistFlag, 0);
        builder.header(3, format::kLeafFlag, 0);
        const QString path = write(u"moving.db"_s, toQByteArray(builder.bytes()));
        Opened session(path);
        QVERIFY2(session.result.error.isEmpty(), qPrintable(session.result.evidence));
        QSignalSpy moved(session.result.session.get(), &FileSession::fileMovedOn);
        builder.meta(0, 14, 3, 2, 4);
        QVERIFY(!write(u"moving.db"_s, toQByteArray(builder.bytes())).isEmpty());
        QTRY_COMPARE_WITH_TIMEOUT(moved.count(), 1, 10000);
        QCOMPARE(moved[0][0].toULongLong(), 3ULL);
    }

    void lookingChangesNothing() {
        const QString path = copyOf("library.db", u"watched.db"_s);
        const Fingerprint before = fingerprint(path);
        {
            Opened session(path);
            QSignalSpy checked(session.result.session.get(), &FileSession::checkFinished);
            session->startScan();
            session->requestPage(PageId{76});
            session->requestGet({"books"}, "m");
            QTRY_COMPARE(checked.count(), 1);
        }
        QCOMPARE(fingerprint(path), before);
    }
};

QTEST_GUILESS_MAIN(TestFileSession)
#include "tst_file_session.moc"
