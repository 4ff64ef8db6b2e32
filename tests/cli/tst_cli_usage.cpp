// SPDX-License-Identifier: MIT
// What pagescape-cli says about command lines that make no sense.
#include "cli_runner.h"

#include <QTest>

using namespace pagescape::test;

class TestCliUsage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void explainsUsageErrors_data();
    void explainsUsageErrors();
    void saysWhenNoBucketMatches();
    void helpNamesTheCommand();
};

void TestCliUsage::explainsUsageErrors_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("named");
    const auto row = [](const char* arguments, const char* named) {
        QTest::newRow(arguments) << withFile(arguments, sample("library.db")) << QByteArray(named);
    };
    row("bogus FILE", "no command \"bogus\"; known are info, buckets");
    row("bukets FILE", "did you mean \"buckets\"?");
    row("info FILE --jsno", "no option \"--jsno\"; did you mean \"--json\"?");
    row("info FILE --page-sise=512", "did you mean \"--page-size\"?");
    row("info FILE --zzzzz", "no option \"--zzzzz\"; known are --help");
    row("surgery clear-pag FILE", "no surgery command \"clear-pag\"; did you mean \"clear-page\"?");
    row("surgery bogus FILE", "\"bogus\"; known are revert-meta-page, copy-page");
    row("surgery meta updte FILE", "no surgery meta command \"updte\"; did you mean \"update\"?");
    row("surgery freelist", "try: pagescape-cli surgery freelist --help");
    row("surgery revert-meta-page FILE --ouput /none", "did you mean \"--output\"?");
    row("surgery clear-page FILE -o /none --pageid 4", "did you mean \"--page-id\"?");
    row("surgery meta update FILE -o /none --metapage 0", "did you mean \"--meta-page\"?");
    row("page FILE -1", "\"-1\" is not a number");
    row("get FILE books", "KEY");
    row("check FILE --from-page 9999", "[2, 84)");
    row("page FILE 3 --all", "ID excludes --all");
    row("page-item FILE 65 0 --key-only --value-only", "--key-only excludes --value-only");
    row("", "which command?");
}

void TestCliUsage::explainsUsageErrors() {
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, named);
    const CliRun run = runCli(arguments);
    QCOMPARE(run.status, 2);
    QVERIFY2(run.err.startsWith("pagescape-cli: "), run.err.constData());
    QVERIFY2(run.err.contains(named), run.err.constData());
    QVERIFY(run.out.isEmpty());
}

void TestCliUsage::saysWhenNoBucketMatches() {
    const CliRun text = runCli(withFile("stats FILE zzz", sample("library.db")));
    QVERIFY2(text.err.startsWith("pagescape-cli: "), text.err.constData());
    QVERIFY2(text.err.contains("\"zzz\""), text.err.constData());
    QVERIFY(text.out.isEmpty());
    const CliRun run = runCli(withFile("stats FILE zzz --json", sample("library.db")));
    QCOMPARE(run.status, 1);
    COMPARE_JSON(run.json().at("BucketN"), 0);
}

void TestCliUsage::helpNamesTheCommand() {
    for (const char* arguments : {"help surgery meta update", "surgery meta update --help"}) {
        const CliRun run = runCli(words(arguments));
        QCOMPARE(run.status, 0);
        QVERIFY2(run.out.contains("Usage: pagescape-cli surgery meta update"), run.out.constData());
    }
    QVERIFY(runCli(words("help")).out.contains("Exit status:"));
}

QTEST_GUILESS_MAIN(TestCliUsage)
#include "tst_cli_usage.moc"
