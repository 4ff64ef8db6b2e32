// SPDX-License-Identifier: MIT
// The completion scripts, asked by the shells themselves. A shell that is not installed is left out
// visibly; its script is then only read.
#include "cli_runner.h"

#include <QDir>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace pagescape::test;

class TestCliCompletion : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;

    QString script(const char* shell) const {
        QFile file(m_dir.filePath(QString::fromUtf8(shell)));
        if (file.open(QIODevice::WriteOnly)) {
            file.write(runCli({QStringLiteral("completion"), QString::fromUtf8(shell)}).out);
        }
        return file.fileName();
    }
    // What a shell prints for a program of its own; started in the folder with one.db and two.db.
    QByteArray ask(const QString& shell, const QStringList& arguments) const {
        QProcess process;
        process.setWorkingDirectory(m_dir.filePath(QStringLiteral("files")));
        process.start(shell, arguments);
        return process.waitForFinished() && process.exitCode() == 0
                   ? process.readAllStandardOutput()
                   : "failed: " + process.readAllStandardError();
    }
    static QString shellNamed(const char* name) {
        return QStandardPaths::findExecutable(QString::fromUtf8(name));
    }

private Q_SLOTS:
    void initTestCase() {
        QVERIFY(QDir(m_dir.path()).mkdir(QStringLiteral("files")));
        for (const char* name : {"files/one.db", "files/two words.db"}) {
            QFile file(m_dir.filePath(QString::fromUtf8(name)));
            QVERIFY(file.open(QIODevice::WriteOnly));
        }
    }

    void bashCompletes_data();
    void bashCompletes();
    void zshFindsCandidates_data();
    void zshFindsCandidates();
    void fishCompletes_data();
    void fishCompletes();
    void everyScriptKnowsEveryCommand_data();
    void everyScriptKnowsEveryCommand();
    void unknownShellIsRefused();
};

void TestCliCompletion::bashCompletes_data() {
    QTest::addColumn<QString>("typed"); // the last word is the one that is completed
    QTest::addColumn<QString>("wanted");
    const auto row = [](const char* typed, const char* wanted) {
        QTest::newRow(typed) << QString::fromUtf8(typed) << QString::fromUtf8(wanted);
    };
    row("page", "pages,page,page-item");
    row("help comp", "compact,completion");
    row("surgery cl", "clear-page,clear-page-elements");
    row("surgery meta ''", "validate,update");
    row("surgery freelist r", "rebuild");
    row("surgery clear-page --p", "--page-size,--page-id,--pageId");
    row("surgery clear-page one.db --o", "--output");
    row("info ''", "one.db,two words.db");
    row("info t", "two words.db");
    row("info one.db t", "");
    row("diff one.db t", "two words.db");
    row("diff one.db one.db t", "");
    row("info --js", "--json");
    row("info --page-size ''", "");
    row("info --page-size 512 o", "one.db");
    row("compact one.db -o o", "one.db");
    row("load x.db --input t", "two words.db");
    row("bench --read-mode ''", "seq,rnd");
    row("bench --write-mode = rnd", "rnd,rnd-nest");
    row("keys one.db b --format h", "hex");
    row("completion ''", "bash,fish,zsh");
    row("nosuch ''", "");
}

void TestCliCompletion::bashCompletes() {
    QFETCH(QString, typed);
    QFETCH(QString, wanted);
    if (shellNamed("bash").isEmpty()) {
        QSKIP("bash is not installed");
    }
    const QByteArray answer =
        ask(shellNamed("bash"),
            {QStringLiteral("--norc"), QStringLiteral("-c"),
             QStringLiteral("source \"$0\"; COMP_WORDS=(pagescape-cli %1); "
                            "COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _pagescape_cli; "
                            "IFS=,; printf '%s' \"${COMPREPLY[*]}\"; complete -p pagescape-cli >&2")
                 .arg(typed),
             script("bash")});
    const auto sorted = [](const QString& list) { // readline sorts them when it shows them
        QStringList all = list.split(QLatin1Char(','));
        all.sort();
        return all.join(QLatin1Char(','));
    };
    QCOMPARE(sorted(QString::fromUtf8(answer)), sorted(wanted));
}

void TestCliCompletion::zshFindsCandidates_data() {
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("wanted");
    const auto row = [](const char* typed, const char* wanted) {
        QTest::newRow(typed) << QString::fromUtf8(typed) << QString::fromUtf8(wanted);
    };
    row("surgery meta ''", "validate update");
    row("help surgery freelist ''", "abandon rebuild");
    row("info ''", "(files)");
    row("compact one.db -o ''", "(files)");
    row("diff one.db ''", "(files)");
    row("bench --read-mode ''", "seq rnd");
    row("bench --read-mode=s", "seq rnd");
    row("compact one.db --output=o", "(files)");
    row("readers --", "-h --help --help-all --json");
}

// What it hands over to zsh, which picks those that begin with what was typed.
void TestCliCompletion::zshFindsCandidates() {
    QFETCH(QString, typed);
    QFETCH(QString, wanted);
    if (shellNamed("zsh").isEmpty()) {
        QSKIP("zsh is not installed: nothing asked it");
    }
    const QByteArray answer =
        ask(shellNamed("zsh"),
            {QStringLiteral("-f"), QStringLiteral("-c"),
             QStringLiteral("compdef() { }; compset() { }; _files() { print '(files)' }; "
                            "compadd() { shift; print -r -- $@ }; source $0; "
                            "words=(pagescape-cli %1); CURRENT=$#words; _pagescape_cli")
                 .arg(typed),
             script("zsh")});
    QCOMPARE(QString::fromUtf8(answer.trimmed()), wanted);
}

void TestCliCompletion::fishCompletes_data() {
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("wanted");
    const auto row = [](const char* typed, const char* wanted) {
        QTest::newRow(typed) << QString::fromUtf8(typed) << QString::fromUtf8(wanted);
    };
    row("page", "page page-item pages");
    row("surgery meta ", "update validate");
    row("surgery clear-page --page-", "--page-id --page-size");
    row("bench --read-mode ", "rnd seq");
    row("info on", "one.db");
    row("compact one.db -o on", "one.db");
}

void TestCliCompletion::fishCompletes() {
    QFETCH(QString, typed);
    QFETCH(QString, wanted);
    if (shellNamed("fish").isEmpty()) {
        QSKIP("fish is not installed: nothing asked it");
    }
    const QByteArray answer = ask(
        shellNamed("fish"),
        {QStringLiteral("--no-config"), QStringLiteral("-c"),
         QStringLiteral("source '%1'; complete -C 'pagescape-cli %2'").arg(script("fish"), typed)});
    QStringList words;
    for (const QByteArray& line : answer.trimmed().split('\n')) { // "word TAB help"
        words.append(QString::fromUtf8(line.split('\t').first()));
    }
    words.sort();
    QCOMPARE(words.join(QLatin1Char(' ')), wanted);
}

void TestCliCompletion::everyScriptKnowsEveryCommand_data() {
    QTest::addColumn<QString>("check"); // what makes the shell only read a script
    QTest::newRow("bash") << QStringLiteral("-n");
    QTest::newRow("zsh") << QStringLiteral("-n");
    QTest::newRow("fish") << QStringLiteral("-n");
}

void TestCliCompletion::everyScriptKnowsEveryCommand() {
    QFETCH(QString, check);
    const char* shell = QTest::currentDataTag();
    const QString path = script(shell);
    const QByteArray text = contents(path);
    // The help lists a command a line, two spaces in.
    const QString help = QString::fromUtf8(runCli({QStringLiteral("--help")}).out);
    const QString list = help.section(QStringLiteral("Subcommands:"), 1)
                             .section(QStringLiteral("FORMAT is one of"), 0, 0);
    auto commands = QRegularExpression(QStringLiteral("^  ([a-z][a-z-]+) "),
                                       QRegularExpression::MultilineOption)
                        .globalMatch(list);
    int count = 0;
    while (commands.hasNext()) {
        const QByteArray name = commands.next().captured(1).toUtf8();
        QVERIFY2(text.contains("' " + name + "'"), name.constData());
        ++count;
    }
    QVERIFY(count >= 25);
    for (const char* nested : {"' surgery meta update'", "' surgery freelist rebuild'",
                               "' surgery find-path'", "' surgery clear-page-elements'"}) {
        QVERIFY2(text.contains(nested), nested);
    }
    if (shellNamed(shell).isEmpty()) {
        QSKIP("the shell is not installed: its script was only searched");
    }
    QCOMPARE(ask(shellNamed(shell), {check, path}), QByteArray());
}

void TestCliCompletion::unknownShellIsRefused() {
    const CliRun run = runCli(words("completion tcsh"));
    QCOMPARE(run.status, 2);
    QVERIFY2(run.err.contains("tcsh"), run.err.constData());
}

QTEST_GUILESS_MAIN(TestCliCompletion)
#include "tst_cli_completion.moc"
