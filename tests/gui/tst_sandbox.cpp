// SPDX-License-Identifier: MIT
#include "pagescape/check.h"
#include "pagescape/walk.h"
#include "sandbox/make_sandbox.h"
#include "sandbox/sandbox.h"
#include "sandbox/sandbox_folder.h"
#include "support/bolt_peer.h"
#include "support/stage_truth.h"

#include <QCryptographicHash>
#include <QPointer>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

using namespace pagescape;
using namespace pagescape::gui;
using namespace pagescape::test;

namespace {

using Kind = SandboxCommand::Kind;

SandboxCommand put(const QByteArray& key, const QByteArray& value, const QByteArray& bucket = "b") {
    SandboxCommand made;
    made.kind = Kind::Put;
    made.path = {bucket};
    made.key = key;
    made.value = value;
    return made;
}

SandboxCommand simple(Kind kind, quint64 number = 0) {
    SandboxCommand made;
    made.kind = kind;
    made.number = number;
    return made;
}

SandboxCommand generate(quint64 count, quint64 perTx, GeneratorSpec::Order order) {
    SandboxCommand made;
    made.kind = Kind::Generate;
    made.path = {"g"};
    made.generator.count = count;
    made.generator.perTx = perTx;
    made.generator.order = order;
    return made;
}

QByteArray bytesOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QString digestOf(const QString& path) {
    const auto file = PageFile::open(path.toStdString());
    const auto digest = file ? contentDigest(*file) : fail(file.error());
    return digest ? QString::fromStdString(digest->sha256) : QStringLiteral("cannot be read");
}

QString findingsOf(const QString& path) {
    QString all;
    const auto file = PageFile::open(path.toStdString());
    const auto done = file ? check(*file, {},
                                   [&](const Finding& finding) {
                                       all +=
                                           QString::fromStdString(finding.text) + QLatin1Char('\n');
                                   })
                           : fail(file.error());
    return done ? all : QStringLiteral("cannot be checked");
}

} // namespace

class TestSandbox : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    std::unique_ptr<Sandbox> m_box;
    QString m_path;

    void open(std::uint32_t pageSize = 1024) {
        static int count = 0;
        m_path = m_dir.filePath(QStringLiteral("%1.db").arg(++count));
        SandboxOptions options;
        options.pageSize = pageSize;
        options.noSync = true;
        m_box = std::make_unique<Sandbox>(m_path, SandboxKind::NewDatabase, options);
        QTRY_VERIFY_WITH_TIMEOUT(m_box->isOpen(), 30000);
    }
    void run(const SandboxCommand& command) {
        m_box->run(command);
        QTRY_VERIFY_WITH_TIMEOUT(!m_box->isBusy(), 20000);
    }
    void undo() {
        m_box->undo();
        QTRY_VERIFY_WITH_TIMEOUT(!m_box->isBusy(), 30000);
    }
    // What the stage says against what the file says; empty when they agree.
    [[nodiscard]] QString stageAgainstFile() const {
        const StageState& stage = m_box->log().newest();
        return pagescape::gui::test::difference(
            stage, pagescape::gui::test::foundStage(m_path.toStdString(), stage.map));
    }
    void redo() {
        m_box->redo();
        QTRY_VERIFY_WITH_TIMEOUT(!m_box->isBusy(), 30000);
    }

private Q_SLOTS:
    void cleanup() { m_box.reset(); }
    void commandsReachTheFile();
    void undoRestoresEveryByte();
    void undoKeepsOpenTransactions();
    void undoWithReadersStaysTrue();
    void branchesStay();
    void undoneSyncModeComesBack();
    void redoneReadersKeepTheirNumbers();
    void redoDoesNotKeepThePace();
    void failureToOpenMayEndTheSandbox();
    void stopEndsAGeneratorSoon();
    void stoppedGeneratorRunsAgainAlike();
    void failureIsTold();
    void crashMaterialIsTheLastCommit();
    void copyIsExactAndTheOriginalUntouched();
    void copyNeverReplaces();
    void lockedOriginalIsRefused();
    void listsArePairs();
    void bboltReadsTheSandbox();
};

void TestSandbox::commandsReachTheFile() {
    open();
    QSignalSpy changed(m_box.get(), &Sandbox::fileChanged);
    run(put("one", "1"));
    QVERIFY(m_box->hasTransaction());
    QCOMPARE(changed.count(), 0);
    run(simple(Kind::Commit));
    QVERIFY(!m_box->hasTransaction());
    QCOMPARE(changed.count(), 1);
    QCOMPARE(findingsOf(m_path), QString());
    QCOMPARE(m_box->history().size(), 3);
    QVERIFY(m_box->log().size() > 10);
}

void TestSandbox::undoRestoresEveryByte() {
    open();
    std::vector<QByteArray> files{bytesOf(m_path)};
    for (int i = 0; i < 6; ++i) {
        run(generate(40, 20, GeneratorSpec::Order::Random));
        run(put("k" + QByteArray::number(i), QByteArray(3000 * i, 'x')));
        run(simple(Kind::Commit));
        files.push_back(bytesOf(m_path));
    }
    for (int i = 5; i >= 0; --i) {
        undo();
        undo();
        undo();
        QCOMPARE(bytesOf(m_path), files[std::size_t(i)]);
        QCOMPARE(stageAgainstFile(), QString());
    }
    QVERIFY(!m_box->history().undoTarget());
    for (int i = 1; i <= 6; ++i) {
        redo();
        redo();
        redo();
        QCOMPARE(bytesOf(m_path), files[std::size_t(i)]);
        QCOMPARE(stageAgainstFile(), QString());
    }
    QVERIFY(!m_box->history().redoTarget());
}

void TestSandbox::undoKeepsOpenTransactions() {
    open();
    run(simple(Kind::OpenReader));
    run(put("one", "1"));
    run(simple(Kind::Commit));
    run(put("two", "2"));
    const StageState after = m_box->log().newest();
    run(put("three", "3"));
    undo();
    QVERIFY(m_box->hasTransaction());
    QCOMPARE(m_box->log().newest().nodes, after.nodes);
    QCOMPARE(m_box->log().newest().costs, after.costs);
    QCOMPARE(m_box->log().newest().readers.size(), 1U);
    run(simple(Kind::Commit));
    QCOMPARE(findingsOf(m_path), QString());
}

// A reader makes the pages before it wait; when it comes back they may be free. Whatever the engine
// does then, stage and file agree, and the file is sound.
void TestSandbox::undoWithReadersStaysTrue() {
    open();
    run(generate(200, 50, GeneratorSpec::Order::Random));
    const QByteArray before = bytesOf(m_path);
    const int start = m_box->history().current();
    run(simple(Kind::OpenReader));
    for (int i = 0; i < 6; ++i) {
        run(generate(60, 20, GeneratorSpec::Order::Random));
    }
    const int end = m_box->history().current();
    for (int round = 0; round < 3; ++round) {
        for (int i = 0; i < 4; ++i) {
            undo();
            QCOMPARE(stageAgainstFile(), QString());
            QCOMPARE(findingsOf(m_path), QString());
        }
        m_box->goTo(end);
        QTRY_VERIFY_WITH_TIMEOUT(!m_box->isBusy(), 30000);
        QCOMPARE(stageAgainstFile(), QString());
        QCOMPARE(findingsOf(m_path), QString());
    }
    m_box->goTo(start);
    QTRY_VERIFY_WITH_TIMEOUT(!m_box->isBusy(), 30000);
    QCOMPARE(bytesOf(m_path), before);
}

void TestSandbox::undoneSyncModeComesBack() {
    open();
    QVERIFY(!m_box->isSynced());
    run(simple(Kind::SetSync, 1));
    QVERIFY(m_box->isSynced());
    QCOMPARE(stageAgainstFile(), QString());
    undo();
    QVERIFY(!m_box->isSynced());
    redo();
    QVERIFY(m_box->isSynced());
}

void TestSandbox::redoneReadersKeepTheirNumbers() {
    open();
    run(simple(Kind::OpenReader));
    run(simple(Kind::CloseReader, 1));
    run(simple(Kind::OpenReader));
    run(simple(Kind::CloseReader, 2));
    undo();
    undo();
    redo();
    QCOMPARE(m_box->log().newest().readers.front().reader, 2U);
    redo();
    QVERIFY(m_box->log().newest().readers.empty());
    QVERIFY(!m_box->log().newest().failure.has_value());
}

// Asserted by what became of it: 400 keys a second would take 25 seconds.
void TestSandbox::redoDoesNotKeepThePace() {
    open();
    SandboxCommand slow = generate(10000, 10, GeneratorSpec::Order::Sequential);
    slow.generator.perSecond = 400;
    m_box->run(slow);
    QTRY_VERIFY_WITH_TIMEOUT(m_box->log().size() > 200, 30000);
    m_box->stop();
    QTRY_VERIFY_WITH_TIMEOUT(!m_box->isBusy(), 30000);
    const QString digest = digestOf(m_path);
    undo();
    redo();
    QCOMPARE(digestOf(m_path), digest);
    QCOMPARE(m_box->history().size(), 2);
}

void TestSandbox::failureToOpenMayEndTheSandbox() {
    const QString path = m_dir.filePath(QStringLiteral("no.db"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray(70000, 'x'));
    file.close();
    for (int i = 0; i < 20; ++i) {
        QPointer<Sandbox> box = new Sandbox(path, SandboxKind::Original, SandboxOptions());
        connect(box, &Sandbox::failedToOpen, this, [box] { delete box; });
        QTRY_VERIFY_WITH_TIMEOUT(box.isNull(), 30000);
    }
}

void TestSandbox::branchesStay() {
    open();
    run(put("one", "1"));
    run(simple(Kind::Commit));
    const int first = m_box->history().current();
    const QString digest = digestOf(m_path);
    undo();
    run(simple(Kind::Rollback));
    run(put("other", "2"));
    run(simple(Kind::Commit));
    QVERIFY(digestOf(m_path) != digest);
    QCOMPARE(m_box->history().branchEnds().size(), 2U);
    m_box->goTo(first);
    QTRY_VERIFY_WITH_TIMEOUT(!m_box->isBusy(), 30000);
    QCOMPARE(digestOf(m_path), digest);
    QCOMPARE(m_box->history().current(), first);
}

void TestSandbox::stopEndsAGeneratorSoon() {
    open();
    SandboxCommand endless = generate(100'000'000, 1000, GeneratorSpec::Order::Sequential);
    m_box->run(endless);
    m_box->run(put("never", "1"));
    QTRY_VERIFY_WITH_TIMEOUT(m_box->log().size() > 1000, 30000);
    QElapsedTimer clock;
    clock.start();
    m_box->stop();
    QTRY_VERIFY_WITH_TIMEOUT(!m_box->isBusy(), 30000);
    qInfo("stopped after %lld ms", static_cast<long long>(clock.elapsed()));
    QVERIFY(!m_box->hasTransaction());
    QCOMPARE(m_box->history().size(), 2);
    QCOMPARE(findingsOf(m_path), QString());
}

void TestSandbox::stoppedGeneratorRunsAgainAlike() {
    open();
    m_box->run(generate(100'000'000, 70, GeneratorSpec::Order::Zipf));
    QTRY_VERIFY_WITH_TIMEOUT(m_box->log().size() > 3000, 30000);
    m_box->stop();
    QTRY_VERIFY_WITH_TIMEOUT(!m_box->isBusy(), 30000);
    const QByteArray file = bytesOf(m_path);
    undo();
    QCOMPARE(m_box->log().size(), 1); // that the database was opened again
    redo();
    QCOMPARE(bytesOf(m_path), file);
    QCOMPARE(stageAgainstFile(), QString());
}

void TestSandbox::failureIsTold() {
    open();
    QSignalSpy finished(m_box.get(), &Sandbox::finished);
    run(simple(Kind::Commit));
    QCOMPARE(finished.count(), 1);
    QVERIFY(!finished.front().at(1).toString().isEmpty());
    QVERIFY(m_box->log().newest().failure.has_value());
}

void TestSandbox::crashMaterialIsTheLastCommit() {
    open();
    run(put("one", "1"));
    run(simple(Kind::Commit));
    const QByteArray before = bytesOf(m_path);
    run(put("two", QByteArray(50000, '2')));
    run(simple(Kind::Commit));
    run(simple(Kind::OpenReader));
    CrashMaterial got;
    connect(m_box.get(), &Sandbox::crashMaterialReady, this,
            [&](const CrashMaterial& material) { got = material; });
    m_box->requestCrashMaterial();
    QTRY_VERIFY_WITH_TIMEOUT(!got.begin.empty(), 30000);
    QCOMPARE(got.error, QString());
    QCOMPARE(
        QByteArray(reinterpret_cast<const char*>(got.begin.data()), qsizetype(got.begin.size())),
        before);
    // All writes one after the other make the present file.
    std::vector<std::byte> image = got.begin;
    for (const FileOperation& operation : got.operations) {
        if (operation.kind == FileOperation::Kind::Resize) {
            image.resize(operation.size);
        } else if (operation.kind == FileOperation::Kind::Write) {
            image.resize(std::max<std::size_t>(image.size(), operation.offset + operation.size));
            std::copy(operation.data.begin(), operation.data.end(),
                      image.begin() + std::ptrdiff_t(operation.offset));
        }
    }
    QCOMPARE(QByteArray(reinterpret_cast<const char*>(image.data()), qsizetype(image.size())),
             bytesOf(m_path));
}

void TestSandbox::copyIsExactAndTheOriginalUntouched() {
    const QString original = m_dir.filePath(QStringLiteral("original.db"));
    QVERIFY(QFile::copy(QStringLiteral(PAGESCAPE_SAMPLE_DIR "/library.db"), original));
    const QByteArray bytes = bytesOf(original);
    const QDateTime written = QFileInfo(original).lastModified();
    auto folder = SandboxFolder::make(original, true);
    QVERIFY(folder);
    const QString copy = folder->path();
    const auto made = copyForEditing(original, copy);
    QVERIFY2(made, made ? "" : made.error().describe().c_str());
    QCOMPARE(bytesOf(copy), bytes);
    m_box = std::make_unique<Sandbox>(copy, SandboxKind::Copy, SandboxOptions());
    QTRY_VERIFY_WITH_TIMEOUT(m_box->isOpen(), 30000);
    run(generate(300, 100, GeneratorSpec::Order::Random));
    QVERIFY(bytesOf(copy) != bytes);
    QCOMPARE(findingsOf(copy), QString());
    m_box.reset();
    QCOMPARE(bytesOf(original), bytes);
    QCOMPARE(QFileInfo(original).lastModified(), written);
    folder.reset();
    QVERIFY(!QFileInfo::exists(QFileInfo(copy).path()));
    QVERIFY(QFileInfo::exists(original));
}

void TestSandbox::copyNeverReplaces() {
    const QString there = m_dir.filePath(QStringLiteral("there.db"));
    QFile file(there);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("mine");
    file.close();
    QVERIFY(!copyForEditing(QStringLiteral(PAGESCAPE_SAMPLE_DIR "/library.db"), there));
    QCOMPARE(bytesOf(there), QByteArray("mine"));
}

void TestSandbox::lockedOriginalIsRefused() {
    open();
    Sandbox second(m_path, SandboxKind::Original, SandboxOptions());
    QSignalSpy failed(&second, &Sandbox::failedToOpen);
    QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 1, 30000);
    QVERIFY(failed.front().front().toString().contains(m_path));
}

void TestSandbox::listsArePairs() {
    const auto pairs = pairsFromText(QStringLiteral("a=1\r\n\nb\tx=2\nc, 3\nlonely\n=x\n"));
    QCOMPARE(pairs.size(), 4U);
    QCOMPARE(pairs[0].value, QByteArray("1"));
    QCOMPARE(pairs[1].key, QByteArray("b"));
    QCOMPARE(pairs[1].value, QByteArray("x=2"));
    QCOMPARE(pairs[2].value, QByteArray("3"));
    QVERIFY(pairs[3].value.isEmpty());
}

void TestSandbox::bboltReadsTheSandbox() {
    if (!BoltPeer::isThere()) {
        QSKIP("Go or its bbolt library is missing");
    }
    open();
    for (const auto order : {GeneratorSpec::Order::Sequential, GeneratorSpec::Order::Reverse,
                             GeneratorSpec::Order::Random, GeneratorSpec::Order::Zipf}) {
        run(generate(400, 37, order));
    }
    m_box.reset();
    BoltPeer peer;
    QVERIFY2(peer.run("check " + m_path.toUtf8()), peer.answer());
    QVERIFY2(peer.run("digest " + m_path.toUtf8()), peer.answer());
    QCOMPARE(QString::fromUtf8(peer.answer()), digestOf(m_path));
}

QTEST_GUILESS_MAIN(TestSandbox)
#include "tst_sandbox.moc"
