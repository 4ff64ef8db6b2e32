// SPDX-License-Identifier: MIT
// What is refused, with which exit status, and what stands on the disk afterwards: states of the
// file, outputs, values that are too large, words in the wrong order, memory that runs out.
#include "cli_runner.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <sys/file.h>

using namespace pagescape::test;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kIsSanitized = true; // a sanitizer itself takes more memory than the limit allows
#else
constexpr bool kIsSanitized = false;
#endif

class TestCliRefusals : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    QString m_file; // bucket "a" with the key "k"

    CliRun run(const char* arguments) const {
        return runCli(withFile(arguments, m_file).replaceInStrings(QStringLiteral("COPY"), copy()));
    }
    CliRun shell(const char* script) const {
        QProcess process;
        process.setWorkingDirectory(m_dir.path());
        process.start(QStringLiteral("sh"),
                      {QStringLiteral("-c"), QString::fromUtf8(script), cliPath(), m_file, copy()});
        CliRun run;
        if (process.waitForFinished(120000)) {
            run.out = process.readAllStandardOutput();
            run.err = process.readAllStandardError();
            run.status = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
        }
        return run;
    }
    [[nodiscard]] QString copy() const { return m_dir.filePath(QStringLiteral("copy.db")); }
    [[nodiscard]] QStringList files() const {
        return QDir(m_dir.path()).entryList(QDir::Files | QDir::Hidden);
    }
    // Writes over the magic of a meta page.
    void damageMeta(int page) const {
        const int pageSize = run("info FILE --json --page-size 4096").json().at("page_size");
        QFile file(m_file);
        QVERIFY(file.open(QIODevice::ReadWrite));
        QVERIFY(file.seek(qint64{page} * pageSize + 16) && file.write("\x5a", 1) == 1);
    }

private Q_SLOTS:
    void init() {
        m_file = m_dir.filePath(QStringLiteral("file.db"));
        QCOMPARE(run("create-bucket FILE a").status, 0);
        QCOMPARE(run("put FILE a k v").status, 0);
    }
    void cleanup() {
        QFile::remove(m_file);
        QCOMPARE(files(), QStringList());
    }

    void damagedMetasAreNoUsage();
    void outputsNeedAName_data();
    void outputsNeedAName();
    void emptyFileCountsAsNotThere_data();
    void emptyFileCountsAsNotThere();
    void valueIsNotReadPastTheLargest();
    void wordsInTheWrongPlaceAreExplained_data();
    void wordsInTheWrongPlaceAreExplained();
    void helpSaysToCheckFirst();
    void surgeryNotesTheLock();
    void memoryThatRunsOutIsAnError_data();
    void memoryThatRunsOutIsAnError();
};

// One invalid meta: there is no older version. Two: nothing tells what the pages are.
void TestCliRefusals::damagedMetasAreNoUsage() {
    const bool isNewest0 = run("info FILE --json").json().at("active_meta") == 0;
    damageMeta(isNewest0 ? 1 : 0);
    const CliRun revert = run("surgery revert-meta-page FILE -o COPY");
    QCOMPARE(revert.status, 1);
    QVERIFY2(revert.err.contains("There is no version to go back to"), revert.err);
    damageMeta(isNewest0 ? 0 : 1);
    for (const char* arguments :
         {"surgery revert-meta-page FILE -o COPY", "surgery clear-page FILE -o COPY --page-id 3",
          "surgery freelist abandon FILE -o COPY"}) {
        const CliRun unknown = run(arguments);
        QCOMPARE(unknown.status, 3);
        QVERIFY2(unknown.err.contains("file.db: No meta page tells the page size"), unknown.err);
    }
    QCOMPARE(run("surgery freelist abandon FILE -o COPY --page-size 4096").status, 3);
    QCOMPARE(files(), QStringList{QStringLiteral("file.db")});
}

void TestCliRefusals::outputsNeedAName_data() {
    QTest::addColumn<int>("status");
    QTest::newRow("\"$0\" compact \"$1\" -o ''") << 2;
    QTest::newRow("\"$0\" load '' </dev/null --partial") << 2;
    QTest::newRow("\"$0\" surgery revert-meta-page \"$1\" -o ''") << 2;
    QTest::newRow("\"$0\" surgery freelist rebuild \"$1\" -o ''") << 2;
    QTest::newRow("\"$0\" create-bucket '' a") << 2;
}

void TestCliRefusals::outputsNeedAName() {
    QFETCH(int, status);
    const CliRun refused = shell(QTest::currentDataTag());
    QCOMPARE(refused.status, status);
    QVERIFY2(refused.err.contains("needs a name, found an empty one"), refused.err);
    QCOMPARE(files(), QStringList{QStringLiteral("file.db")});
}

void TestCliRefusals::emptyFileCountsAsNotThere_data() {
    QTest::addColumn<bool>("isEmpty");
    for (const char* script : {"\"$0\" compact \"$1\" -o \"$2\"",
                               "echo '{\"bucket\":[\"a\"]}' | \"$0\" load \"$2\" --partial",
                               "\"$0\" surgery revert-meta-page \"$1\" -o \"$2\"",
                               "\"$0\" bench --count 10 --profile-mode w --path \"$2\" --work",
                               "\"$0\" create-bucket \"$2\" a"}) {
        QTest::newRow(script) << true;
    }
    QTest::newRow("\"$0\" bench --count 10 --path \"$2\"") << false;
    QTest::newRow("\"$0\" compact \"$1\" -o \"$2\"  ") << false;
}

void TestCliRefusals::emptyFileCountsAsNotThere() {
    QFETCH(bool, isEmpty);
    QFile there(copy());
    QVERIFY(there.open(QIODevice::WriteOnly));
    there.write(isEmpty ? "" : "precious");
    there.close();
    const CliRun run = shell(QTest::currentDataTag());
    QVERIFY2(run.status == (isEmpty ? 0 : 2), run.err);
    if (isEmpty) {
        QCOMPARE(runCli({QStringLiteral("check"), copy()}).status, 0);
    } else {
        QCOMPARE(contents(copy()), QByteArray("precious"));
    }
    QVERIFY(QFile::remove(copy()));
}

// A file of 3 GB without blocks; the program may not take the memory to read it.
void TestCliRefusals::valueIsNotReadPastTheLargest() {
    const QByteArray before = contents(m_file);
    const CliRun refused =
        shell(kIsSanitized ? "truncate -s 3G \"$2\"; exec \"$0\" put \"$1\" a k --value-file \"$2\""
                           : "truncate -s 3G \"$2\"; ulimit -v 400000; "
                             "exec \"$0\" put \"$1\" a k --value-file \"$2\"");
    QVERIFY(QFile::remove(copy()));
    QCOMPARE(refused.status, 1);
    QVERIFY2(refused.err.contains("copy.db: The value is too large: expected at most 2147483646 "
                                  "bytes"),
             refused.err);
    QVERIFY(contents(m_file) == before);
    const CliRun key = shell("exec \"$0\" put \"$1\" a \"$(printf '%040000d' 0)\" v");
    QCOMPARE(key.status, 1);
}

void TestCliRefusals::wordsInTheWrongPlaceAreExplained_data() {
    QTest::addColumn<QByteArray>("said");
    const auto row = [](const char* arguments, const char* said) {
        QTest::newRow(arguments) << QByteArray(said);
    };
    row("put FILE a k v --value-file /dev/null", "With --value-file VALUE is left out");
    row("put FILE a none v --value-file /dev/null", "With --value-file VALUE is left out");
    row("put FILE a k v extra more", "The last two words are key and value");
    row("put FILE none k v", "List the names");
    row("put FILE none k --value-file /dev/null", "List the names");
}

void TestCliRefusals::wordsInTheWrongPlaceAreExplained() {
    QFETCH(QByteArray, said);
    const CliRun refused = run(QTest::currentDataTag());
    QCOMPARE(refused.status, 1);
    QVERIFY2(refused.err.contains(said), refused.err);
}

void TestCliRefusals::helpSaysToCheckFirst() {
    for (const char* command : {"put", "delete", "create-bucket", "delete-bucket"}) {
        const CliRun help = runCli({QString::fromUtf8(command), QStringLiteral("--help")});
        QVERIFY2(help.out.contains("Run pagescape-cli check FILE first"), help.out);
        QVERIFY2(help.out.contains("write over them"), help.out);
    }
    QVERIFY(run("load --help").out.contains("needs no --partial"));
    for (const char* command :
         {"compact --help", "load --help", "bench --help", "surgery revert-meta-page --help"}) {
        QVERIFY2(run(command).out.contains("be empty"), command);
    }
}

void TestCliRefusals::surgeryNotesTheLock() {
    QFile file(m_file);
    QVERIFY(file.open(QIODevice::ReadWrite));
    if (::flock(file.handle(), LOCK_EX | LOCK_NB) != 0) {
        QSKIP("this file system has no locks");
    }
    const QByteArray note = "file.db: note: another program holds the lock";
    QVERIFY(run("get FILE a k").err.contains(note));
    const CliRun copied = run("surgery revert-meta-page FILE -o COPY");
    QVERIFY(QFile::remove(copy()));
    QCOMPARE(copied.status, 0);
    QVERIFY2(copied.err.contains(note), copied.err);
    file.close();
    QVERIFY(!run("surgery revert-meta-page FILE -o COPY").err.contains("note"));
    QVERIFY(QFile::remove(copy()));
}

void TestCliRefusals::memoryThatRunsOutIsAnError_data() {
    QTest::addColumn<QByteArray>("command");
    QTest::newRow("load") << QByteArray("load \"$2\" --partial");
    QTest::newRow("put") << QByteArray("put \"$1\" a k --value-file -");
}

// 300 MB in one line, or in one value, where 200 MB may be taken.
void TestCliRefusals::memoryThatRunsOutIsAnError() {
    if (kIsSanitized) {
        QSKIP("a sanitizer takes more memory than the limit allows");
    }
    QFETCH(QByteArray, command);
    const QByteArray before = contents(m_file);
    const CliRun ended =
        shell("head -c 300000000 /dev/zero | (ulimit -v 200000; exec \"$0\" " + command + ")");
    QCOMPARE(ended.status, 3);
    QVERIFY2(ended.err.startsWith("pagescape-cli: there is not enough memory"), ended.err);
    QVERIFY(contents(m_file) == before);
    QCOMPARE(files(), QStringList{QStringLiteral("file.db")});
}

QTEST_GUILESS_MAIN(TestCliRefusals)
#include "tst_cli_refusals.moc"
