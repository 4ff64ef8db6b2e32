// SPDX-License-Identifier: MIT
// The folders of sandboxes: who owns one, what a killed program leaves, and what must never be
// deleted.
#include "sandbox/sandbox_copier.h"
#include "sandbox/sandbox_file.h"
#include "sandbox/sandbox_folder.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include <cstdio>

using namespace pagescape;
using namespace pagescape::gui;

namespace {

void write(const QString& path, const QByteArray& bytes) {
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size()) {
        qFatal("%s cannot be written", qPrintable(path));
    }
}

// Others hold its lock when it is tried for the first times.
class HeldFile final : public ForwardingFile {
public:
    explicit HeldFile(int tries) : ForwardingFile(nullptr), m_tries(tries) {}
    [[nodiscard]] Result<bool> tryLock(FileLock lock) override {
        return lock == FileLock::Exclusive && m_tries-- <= 0;
    }

private:
    int m_tries;
};

// Another process makes a sandbox and is killed. Its database's path.
QString leaveOne(const char* mode) {
    QProcess other;
    other.start(QCoreApplication::applicationFilePath(), {QLatin1String(mode)});
    if (!other.waitForReadyRead(20000)) {
        qFatal("the other process does not answer");
    }
    const QString path = QString::fromUtf8(other.readLine()).trimmed();
    other.kill();
    other.waitForFinished();
    return path;
}

} // namespace

class TestSandboxFolder : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;

private Q_SLOTS:
    void initTestCase() {
        QVERIFY(m_dir.isValid());
        qputenv("TMPDIR", QFile::encodeName(m_dir.path())); // a temporary folder of its own
    }
    void cleanup();
    void livesAsLongAsItsOwner();
    void otherFilesStay();
    void killedOwnersSandboxIsFoundAndOpened();
    void heldSandboxIsLeftAlone();
    void whatIsNotOursIsLeftAlone();
    void unfinishedCopiesGo();
    void copyCanBeStopped();
    void copyArrives();
    void lockOfAMomentIsWaitedFor();
};

void TestSandboxFolder::cleanup() {
    for (const QFileInfo& left :
         QDir(m_dir.path()).entryInfoList(QDir::AllEntries | QDir::NoDotAndDotDot | QDir::Hidden)) {
        left.isDir() && !left.isSymLink() ? QDir(left.filePath()).removeRecursively()
                                          : QFile::remove(left.filePath());
    }
}

void TestSandboxFolder::livesAsLongAsItsOwner() {
    auto folder = SandboxFolder::make(QStringLiteral("/somewhere/100% mine.db"), true);
    QVERIFY(folder);
    const QString path = folder->path();
    QVERIFY(path.endsWith(QStringLiteral("/100% mine.db")));
    QVERIFY(QFileInfo(path).dir().exists());
    write(path, "bytes");
    QVERIFY(SandboxFolder::left().empty());
    folder.reset();
    QVERIFY(!QFileInfo(path).dir().exists());
}

void TestSandboxFolder::otherFilesStay() {
    auto folder = SandboxFolder::make(QStringLiteral("a.db"), false);
    const QString path = folder->path();
    const QString other = QFileInfo(path).path() + QStringLiteral("/notes.txt");
    write(other, "mine");
    folder.reset();
    QVERIFY(!QFileInfo::exists(path));
    QVERIFY(QFileInfo::exists(other));
}

void TestSandboxFolder::killedOwnersSandboxIsFoundAndOpened() {
    const QString path = leaveOne("--sandbox");
    QVERIFY(QFileInfo::exists(path));
    QCOMPARE(SandboxFolder::removeUnfinished(), 0);
    const std::vector<LeftSandbox> left = SandboxFolder::left();
    QCOMPARE(left.size(), 1U);
    QCOMPARE(left.front().path, path);
    QVERIFY(left.front().isCopy);
    auto adopted = SandboxFolder::adopt(left.front());
    QVERIFY(adopted);
    QCOMPARE(adopted->path(), path);
    QVERIFY(SandboxFolder::left().empty()); // it has an owner again
    QVERIFY(!SandboxFolder::adopt(left.front()));
    QVERIFY(QFileInfo::exists(path));
    adopted.reset();
    QVERIFY(QFileInfo::exists(path)); // until somebody says that it may go
    adopted = SandboxFolder::adopt(left.front());
    QVERIFY(adopted);
    adopted->setRemovedAtEnd(true);
    adopted.reset();
    QVERIFY(!QFileInfo(path).dir().exists());
}

void TestSandboxFolder::heldSandboxIsLeftAlone() {
    QProcess other;
    other.start(QCoreApplication::applicationFilePath(), {QStringLiteral("--sandbox")});
    QVERIFY(other.waitForReadyRead(20000));
    const QString path = QString::fromUtf8(other.readLine()).trimmed();
    QVERIFY(SandboxFolder::left().empty());
    QCOMPARE(SandboxFolder::removeUnfinished(), 0);
    QVERIFY(!SandboxFolder::adopt({path, true, {}}));
    QVERIFY(QFileInfo::exists(path));
    other.kill();
    QVERIFY(other.waitForFinished());
    QCOMPARE(SandboxFolder::left().size(), 1U);
}

void TestSandboxFolder::whatIsNotOursIsLeftAlone() {
    const QDir temporary(m_dir.path());
    // The right name without a marker; a marker with another text; a link to a sandbox that is one.
    QVERIFY(temporary.mkdir(QStringLiteral("pagescape-sandbox-other")));
    write(temporary.filePath(QStringLiteral("pagescape-sandbox-other/data.db")), "mine");
    QVERIFY(temporary.mkdir(QStringLiteral("pagescape-sandbox-odd")));
    write(temporary.filePath(QStringLiteral("pagescape-sandbox-odd/.pagescape-sandbox")),
          "something else\n");
    QVERIFY(temporary.mkdir(QStringLiteral("pagescape-sandbox-up")));
    write(temporary.filePath(QStringLiteral("pagescape-sandbox-up/.pagescape-sandbox")),
          "pagescape sandbox 1\ncopy\n..%2Fvictim.db\n");
    write(temporary.filePath(QStringLiteral("victim.db")), "mine");
    const QString path = leaveOne("--sandbox");
    const QString moved = m_dir.filePath(QStringLiteral("elsewhere"));
    QVERIFY(QDir().rename(QFileInfo(path).path(), moved));
    QVERIFY(QFile::link(moved, QFileInfo(path).path()));
    QVERIFY(SandboxFolder::left().empty());
    QCOMPARE(SandboxFolder::removeUnfinished(), 0);
    QVERIFY(!SandboxFolder::adopt({path, true, {}}));
    QVERIFY(QFileInfo::exists(moved + QLatin1Char('/') + QFileInfo(path).fileName()));
    QVERIFY(QFileInfo::exists(temporary.filePath(QStringLiteral("victim.db"))));
    QVERIFY(
        QFileInfo::exists(temporary.filePath(QStringLiteral("pagescape-sandbox-other/data.db"))));
}

void TestSandboxFolder::unfinishedCopiesGo() {
    const QString path = leaveOne("--unfinished");
    QVERIFY(QFileInfo::exists(path + QStringLiteral(".part")));
    QVERIFY(SandboxFolder::left().empty()); // nobody can want it
    QCOMPARE(SandboxFolder::removeUnfinished(), 1);
    QVERIFY(!QFileInfo(path).dir().exists());
}

void TestSandboxFolder::copyCanBeStopped() {
    // Data without holes, so much that the copy does not end before it is stopped.
    const QString original = m_dir.filePath(QStringLiteral("large.db"));
    QVERIFY(QFile::copy(QStringLiteral(PAGESCAPE_SAMPLE_DIR "/library.db"), original));
    {
        QFile file(original);
        QVERIFY(file.open(QIODevice::Append));
        const QByteArray piece(1 << 20, 'x');
        for (int i = 0; i < 300; ++i) {
            QCOMPARE(file.write(piece), piece.size());
        }
    }
    SandboxCopier copier;
    QSignalSpy copied(&copier, &SandboxCopier::copied);
    QSignalSpy failed(&copier, &SandboxCopier::failed);
    QElapsedTimer clock;
    clock.start();
    copier.start(original);
    QVERIFY2(clock.elapsed() < 100, qPrintable(QString::number(clock.elapsed())));
    QCOMPARE(copier.tasks().size(), 1U);
    QTRY_VERIFY_WITH_TIMEOUT(copier.tasks().empty() || copier.tasks().front().done > 0, 20000);
    QVERIFY(copier.isRunning());
    QVERIFY(copier.tasks().front().total > copier.tasks().front().done);
    copier.stop();
    QVERIFY(copier.tasks().empty());
    QTRY_COMPARE_WITH_TIMEOUT(
        QDir(m_dir.path()).entryList({QStringLiteral("pagescape-sandbox-*")}, QDir::Dirs).size(), 0,
        20000);
    QCOMPARE(copied.count() + failed.count(), 0);
    QVERIFY(!copier.take());
}

void TestSandboxFolder::copyArrives() {
    const QString original = QStringLiteral(PAGESCAPE_SAMPLE_DIR "/library.db");
    QString path;
    {
        SandboxCopier copier;
        QSignalSpy copied(&copier, &SandboxCopier::copied);
        copier.start(original);
        QTRY_COMPARE_WITH_TIMEOUT(copied.count(), 1, 20000);
        const auto folder = copier.take();
        QVERIFY(folder);
        QVERIFY(!QFileInfo::exists(folder->partPath()));
        QFile one(original);
        QFile two(folder->path());
        QVERIFY(one.open(QIODevice::ReadOnly) && two.open(QIODevice::ReadOnly));
        QCOMPARE(two.readAll(), one.readAll());
        QSignalSpy failed(&copier, &SandboxCopier::failed);
        copier.start(m_dir.filePath(QStringLiteral("none.db")));
        QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 1, 20000);
        path = folder->path();
        copier.start(original); // and is destroyed with the answer on its way
    }
    QVERIFY(!QFileInfo(path).dir().exists());
    QTRY_COMPARE_WITH_TIMEOUT(
        QDir(m_dir.path()).entryList({QStringLiteral("pagescape-sandbox-*")}, QDir::Dirs).size(), 0,
        20000);
}

void TestSandboxFolder::lockOfAMomentIsWaitedFor() {
    HeldFile free(0);
    QVERIFY(lockSoon(free).value_or(false));
    HeldFile scanned(2);
    QVERIFY(lockSoon(scanned).value_or(false));
    HeldFile taken(1'000'000);
    QVERIFY(!lockSoon(taken).value_or(true));
}

int main(int argc, char** argv) {
    QCoreApplication application(argc, argv);
    const QString mode = application.arguments().value(1);
    if (mode == QLatin1String("--sandbox") || mode == QLatin1String("--unfinished")) {
        const auto folder = SandboxFolder::make(QStringLiteral("left.db"), true);
        write(mode == QLatin1String("--sandbox") ? folder->path() : folder->partPath(), "left");
        std::puts(qPrintable(folder->path()));
        std::fflush(stdout);
        return QCoreApplication::exec(); // until it is killed
    }
    TestSandboxFolder test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_sandbox_folder.moc"
