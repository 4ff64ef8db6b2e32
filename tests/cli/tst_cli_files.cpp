// SPDX-License-Identifier: MIT
// What the commands say about files that they cannot read, write or lock, and what they leave
// there.
#include "cli_runner.h"

#include <QCoreApplication>
#include <QDir>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <sys/file.h>

#include <cmath>

using namespace pagescape::test;

namespace {

/// A database that this process has locked as a bolt program does.
class LockedFile {
public:
    explicit LockedFile(const QString& path) : m_file(path) {
        if (runCli({QStringLiteral("create-bucket"), path, QStringLiteral("a")}).status == 0 &&
            m_file.open(QIODevice::ReadWrite)) {
            m_isLocked = ::flock(m_file.handle(), LOCK_EX | LOCK_NB) == 0;
        }
    }
    ~LockedFile() { m_file.remove(); }
    [[nodiscard]] bool isLocked() const { return m_isLocked; }
    void release() { m_file.close(); }

private:
    QFile m_file;
    bool m_isLocked = false;
};

} // namespace

class TestCliFiles : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    QString m_lines;

    // A command line with SOURCE, TARGET and LINES filled in.
    QStringList filled(const QString& arguments, const QString& target) const {
        return arguments.split(QLatin1Char(' '))
            .replaceInStrings(QStringLiteral("SOURCE"), sample("library.db"))
            .replaceInStrings(QStringLiteral("TARGET"), target)
            .replaceInStrings(QStringLiteral("LINES"), m_lines);
    }

private Q_SLOTS:
    void messagesNeverReachTheDatabase();
    void leftoverPartsAreNotUsed();
    void initTestCase() {
        m_lines = m_dir.filePath(QStringLiteral("lines.jsonl"));
        QFile lines(m_lines);
        QVERIFY(lines.open(QIODevice::WriteOnly));
        lines.write(runCli(withFile("export FILE", sample("library.db"))).out);
    }
    void cleanup() {
        QCOMPARE(QDir(m_dir.path()).entryList(QDir::Files),
                 QStringList{QStringLiteral("lines.jsonl")});
    }

    void outputErrorsNameTheOutput_data();
    void outputErrorsNameTheOutput();
    void sourceErrorsNameTheSource_data();
    void sourceErrorsNameTheSource();
    void longWaitsNameTheHolder();
    void waitEndsWhenTheLockIsFree();
    void compactSaysThatTheFileIsInUse();
    void failedCreateLeavesNoFile();
    void sizesAsJson();
};

void TestCliFiles::outputErrorsNameTheOutput_data() {
    QTest::addColumn<QString>("arguments");
    const auto row = [](const char* name, const char* arguments) {
        QTest::newRow(name) << QString::fromUtf8(arguments);
    };
    row("compact", "compact SOURCE -o TARGET");
    row("load", "load TARGET --input LINES");
    row("revert-meta-page", "surgery revert-meta-page SOURCE -o TARGET");
    row("clear-page", "surgery clear-page SOURCE -o TARGET --page-id 65");
    row("rebuild", "surgery freelist rebuild SOURCE -o TARGET");
    row("meta update", "surgery meta update SOURCE -o TARGET --meta-page 0");
}

// Twice: a folder that is not there, and a disk that takes only the first 4 KiB.
void TestCliFiles::outputErrorsNameTheOutput() {
    QFETCH(QString, arguments);
    const QString nowhere = m_dir.filePath(QStringLiteral("none/copy.db"));
    const CliRun run = runCli(filled(arguments, nowhere));
    QCOMPARE(run.status, 3);
    QVERIFY2(run.err.contains("pagescape-cli: " + nowhere.toUtf8() + ": "), run.err.constData());
    QVERIFY2(!run.err.contains("library.db: "), run.err.constData());

    const QString target = m_dir.filePath(QStringLiteral("copy.db"));
    QProcess full;
    full.start(QStringLiteral("sh"),
               QStringList{QStringLiteral("-c"),
                           QStringLiteral("trap '' XFSZ; ulimit -f 8; exec \"$0\" \"$@\""),
                           cliPath()} +
                   filled(arguments, target));
    QVERIFY(full.waitForFinished());
    const QByteArray said = full.readAllStandardError();
    QCOMPARE(full.exitCode(), 3);
    QVERIFY2(said.contains("pagescape-cli: " + target.toUtf8() + ": "), said.constData());
    QVERIFY2(!said.contains("library.db: "), said.constData());
}

void TestCliFiles::sourceErrorsNameTheSource_data() {
    QTest::addColumn<QString>("arguments");
    QTest::addColumn<QByteArray>("named");
    const auto row = [](const char* arguments, const char* named) {
        QTest::newRow(arguments) << QString::fromUtf8(arguments) << QByteArray(named);
    };
    row("compact /none/a.db -o TARGET", "/none/a.db: ");
    row("compact " PAGESCAPE_SAMPLE_DIR "/damaged/branch-cycle-self.db -o TARGET",
        "branch-cycle-self.db: ");
    row("surgery revert-meta-page /none/a.db -o TARGET", "/none/a.db: ");
    row("surgery clear-page SOURCE -o TARGET --page-id 9999", "library.db: ");
    row("surgery freelist rebuild SOURCE -o TARGET", "library.db: "); // one is stored
    row("load TARGET --input /none/lines", "/none/lines: ");
}

void TestCliFiles::sourceErrorsNameTheSource() {
    QFETCH(QString, arguments);
    QFETCH(QByteArray, named);
    const CliRun run = runCli(filled(arguments, m_dir.filePath(QStringLiteral("copy.db"))));
    QVERIFY(run.status > 0);
    QVERIFY2(run.err.contains(named), run.err.constData());
    QVERIFY2(!run.err.contains("copy.db: "), run.err.constData());
}

void TestCliFiles::longWaitsNameTheHolder() {
    const QString path = m_dir.filePath(QStringLiteral("locked.db"));
    const LockedFile locked(path);
    QVERIFY(locked.isLocked());
    const QByteArray holder =
        "process " + QByteArray::number(QCoreApplication::applicationPid()) + " (tst_cli_files)";
    for (const char* arguments : {"put FILE a k v", "delete FILE a k", "create-bucket FILE b",
                                  "delete-bucket FILE a", "shrink FILE"}) {
        const CliRun run = runCli(withFile(arguments, path) + words("--timeout 0.4"));
        QCOMPARE(run.status, 3);
        const QList<QByteArray> lines = run.err.split('\n');
        QVERIFY2(lines.at(0).contains("waiting up to 0.4 s"), run.err.constData());
        QVERIFY2(lines.at(0).contains(holder), run.err.constData());
        QVERIFY2(lines.at(1).contains(holder), run.err.constData());
    }
    const CliRun atOnce = runCli(withFile("put FILE a k v --timeout 0", path));
    QCOMPARE(atOnce.status, 3);
    QVERIFY2(!atOnce.err.contains("waiting"), atOnce.err.constData());
    QVERIFY2(atOnce.err.contains(holder), atOnce.err.constData());
}

void TestCliFiles::waitEndsWhenTheLockIsFree() {
    const QString path = m_dir.filePath(QStringLiteral("locked.db"));
    LockedFile locked(path);
    QVERIFY(locked.isLocked());
    QProcess process;
    process.start(cliPath(), withFile("put FILE a k v --timeout 100", path));
    QByteArray said;
    QTRY_VERIFY((said += process.readAllStandardError()).contains("waiting up to 100 s"));
    locked.release();
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.exitCode(), 0);
    QCOMPARE(runCli(withFile("get FILE a k", path)).out, QByteArray("v\n"));
}

void TestCliFiles::compactSaysThatTheFileIsInUse() {
    const QString path = m_dir.filePath(QStringLiteral("locked.db"));
    const QString copy = m_dir.filePath(QStringLiteral("copy.db"));
    const LockedFile locked(path);
    QVERIFY(locked.isLocked());
    const CliRun run = runCli(withFile("compact FILE -o", path) << copy);
    QVERIFY(QFile::remove(copy));
    QCOMPARE(run.status, 0);
    QVERIFY2(run.err.contains("another program holds the lock"), run.err.constData());
}

void TestCliFiles::failedCreateLeavesNoFile() {
    const QString path = m_dir.filePath(QStringLiteral("new.db"));
    const CliRun run = runCli(withFile("create-bucket FILE none inner", path));
    QCOMPARE(run.status, 1);
    QVERIFY2(run.err.contains(path.toUtf8() + ": "), run.err.constData());
    QVERIFY(!QFile::exists(path)); // nor a part of one: see cleanup()
    QCOMPARE(runCli(withFile("create-bucket FILE outer", path)).status, 0);
    QVERIFY(QFile::remove(path));
}

void TestCliFiles::sizesAsJson() {
    const QString path = m_dir.filePath(QStringLiteral("json.db"));
    const QString copy = m_dir.filePath(QStringLiteral("copy.db"));
    QVERIFY(QFile::copy(sample("library.db"), path));
    QVERIFY(QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner));
    const qint64 before = QFileInfo(path).size();
    const auto compacted = runCli(withFile("compact FILE --json -o", path) << copy).json();
    const qint64 after = QFileInfo(copy).size();
    COMPARE_JSON(compacted.at("file_size_before"), before);
    COMPARE_JSON(compacted.at("file_size_after"), after);
    QVERIFY(std::abs(compacted.at("gain").get<double>() - double(before) / double(after)) < 0.001);
    const auto shrunk = runCli(withFile("shrink FILE --json", path)).json();
    COMPARE_JSON(shrunk.at("file_size_before"), before);
    COMPARE_JSON(shrunk.at("file_size_after"), QFileInfo(path).size());
    QVERIFY(QFile::remove(path) && QFile::remove(copy));
}

// Without stderr the next file opened gets its number, and what is complained would go into it.
void TestCliFiles::messagesNeverReachTheDatabase() {
    const QTemporaryDir dir;
    const QString path = dir.filePath(QStringLiteral("closed.db"));
    QVERIFY(QFile::copy(sample("library.db"), path));
    QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner);
    const QByteArray digest = runCli({QStringLiteral("digest"), path}).out;
    for (const char* closing : {"2>&-", "<&- >&- 2>&-"}) {
        QProcess shell;
        shell.start(QStringLiteral("sh"),
                    {QStringLiteral("-c"),
                     QStringLiteral("exec \"$0\" put \"$1\" nosuchbucket k v %1")
                         .arg(QLatin1String(closing)),
                     cliPath(), path});
        QVERIFY(shell.waitForFinished());
        QCOMPARE(runCli({QStringLiteral("digest"), path}).out, digest);
        QCOMPARE(runCli({QStringLiteral("check"), path}).status, 0);
    }
}

// A killed run left a file under the name that the next one with its process id takes.
void TestCliFiles::leftoverPartsAreNotUsed() {
    const QTemporaryDir dir;
    const QString path = dir.filePath(QStringLiteral("left.db"));
    QProcess shell;
    shell.start(QStringLiteral("sh"),
                {QStringLiteral("-c"),
                 QStringLiteral("cp \"$1\" \"$2.$$.part\"; exec \"$0\" create-bucket \"$2\" only"),
                 cliPath(), sample("library.db"), path});
    QVERIFY(shell.waitForFinished());
    QCOMPARE(shell.exitCode(), 0);
    QCOMPARE(runCli({QStringLiteral("buckets"), path}).out, QByteArray("only\n"));
}

QTEST_GUILESS_MAIN(TestCliFiles)
#include "tst_cli_files.moc"
