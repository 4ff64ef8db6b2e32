// SPDX-License-Identifier: MIT
// What the commands say about files that they cannot read, write or lock, and what they leave
// there.
#include "cli_runner.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace pagescape::test;

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

QTEST_GUILESS_MAIN(TestCliFiles)
#include "tst_cli_files.moc"
