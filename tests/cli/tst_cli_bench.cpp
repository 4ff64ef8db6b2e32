// SPDX-License-Identifier: MIT
// bench, version, readers: what measures and tells.
#include "cli_runner.h"
#include "pagescape/store.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace pagescape;
using namespace pagescape::test;

class TestCliBench : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    QString m_file;
    int m_number = 0;

private Q_SLOTS:
    void init() { m_file = m_dir.filePath(QStringLiteral("bench%1.db").arg(++m_number)); }

    void bench_modes_data();
    void bench_modes();
    void bench_phases();
    void bench_goOutput();
    void bench_json();
    void bench_refusals_data();
    void bench_refusals();
    void version_namesTheFormat();
    void readers_namesWhoHoldsTheLock();
};

void TestCliBench::bench_modes_data() {
    QTest::addColumn<QString>("arguments");
    QTest::addColumn<quint64>("pairs");
    QTest::addColumn<quint64>("buckets");
    const auto row = [](const char* arguments, quint64 pairs, quint64 buckets) {
        QTest::newRow(arguments) << QString::fromUtf8(arguments) << pairs << buckets;
    };
    row("bench", 1000, 1);
    row("bench --write-mode seq --read-mode rnd --count 400 --batch-size 100 --key-size 4", 400, 1);
    row("bench --write-mode rnd --read-mode seq --count 400 --value-size 0", 400, 1);
    row("bench --write-mode rnd --read-mode rnd --count 400 --no-sync", 400, 1);
    row("bench --write-mode seq-nest --read-mode seq --count 400 --batch-size 100", 400, 5);
    row("bench --write-mode rnd-nest --read-mode rnd --count 400 --batch-size 100", 400, 5);
    row("bench --write-mode seq-nest --read-mode rnd --count 400 --fill-percent 1.0", 400, 2);
}

void TestCliBench::bench_modes() {
    QFETCH(QString, arguments);
    QFETCH(quint64, pairs);
    QFETCH(quint64, buckets);
    const CliRun run =
        runCli(words(arguments.toUtf8()) +
               QStringList{QStringLiteral("--path"), m_file, QStringLiteral("--work"),
                           QStringLiteral("--page-size"), QStringLiteral("4096")});
    QVERIFY2(run.status == 0, run.err.constData());
    const QRegularExpression lines(
        QStringLiteral(
            "^# Write\\t%1\\(ops\\)\\t[\\d.]+[^\\t]*\\t\\([\\d.]+.*/op\\)\\t\\(\\d+ "
            "op/sec\\)\\n"
            "# Read\\t(\\d+)\\(ops\\)\\t([\\d.]+)s\\t\\(.*/op\\)\\t\\(\\d+ op/sec\\)\\n$")
            .arg(pairs));
    const auto match = lines.match(QString::fromUtf8(run.out));
    QVERIFY2(match.hasMatch(), run.out.constData());
    QVERIFY(match.captured(1).toULongLong() >= pairs);
    QVERIFY(match.captured(2).toDouble() >= 1.0); // reading goes on for a second
    const auto digest = runCli(withFile("digest FILE --json", m_file)).json();
    COMPARE_JSON(digest.at("pairs"), pairs);
    COMPARE_JSON(digest.at("buckets"), buckets);
    QCOMPARE(runCli(withFile("check FILE", m_file)).status, 0);
}

void TestCliBench::bench_phases() {
    const auto run = [&](const char* mode) {
        return runCli(words("bench --count 100 --profile-mode") +
                      QStringList{QString::fromUtf8(mode), QStringLiteral("--path"), m_file});
    };
    QVERIFY(!run("w").out.contains("# Read"));
    QVERIFY(!QFile::exists(m_file)); // without --work it is gone
    QVERIFY(!run("r").out.contains("# Write"));
}

void TestCliBench::bench_goOutput() {
    const CliRun run = runCli(words("bench --count 100 --gobench-output"));
    const QRegularExpression lines(QStringLiteral("^BenchmarkWrite\\t +100\\t +[\\d.]+ ns/op\\n"
                                                  "BenchmarkRead \\t *\\d+\\t +[\\d.]+ ns/op\\n$"));
    QVERIFY2(lines.match(QString::fromUtf8(run.out)).hasMatch(), run.out.constData());
}

void TestCliBench::bench_json() {
    const auto both = runCli(words("bench --count 100 --json")).json();
    COMPARE_JSON(both.at("write").at("operations"), 100);
    QVERIFY(both.at("write").at("nanoseconds").get<std::int64_t>() > 0);
    QVERIFY(both.at("read").at("nanoseconds").get<std::int64_t>() >= 1000000000);
    QVERIFY(both.at("read").at("ns_per_operation").get<double>() > 0);
    QVERIFY(both.at("read").at("operations_per_second").get<double>() > 0);
    const auto written = runCli(words("bench --count 100 --profile-mode w --json")).json();
    QVERIFY(written.at("write").is_object() && written.at("read").is_null());
    QVERIFY(
        runCli(words("bench --count 100 --profile-mode r --json")).json().at("write").is_null());
}

void TestCliBench::bench_refusals_data() {
    QTest::addColumn<QByteArray>("said");
    const auto row = [](const char* arguments, const char* said) {
        QTest::newRow(arguments) << QByteArray(said);
    };
    row("bench --count 100 --batch-size 30", "does not divide");
    row("bench --count 0", "--count");
    row("bench --key-size 3", "--key-size");
    row("bench --write-mode seq-del", "--write-mode");
    row("bench --read-mode nest", "--read-mode");
    row("bench --profile-mode x", "--profile-mode");
    row("bench --fill-percent 2", "--fill-percent");
    row("bench --path FILE", "there already");
    row("bench --json --gobench-output", "excludes --json");
}

void TestCliBench::bench_refusals() {
    QFETCH(QByteArray, said);
    const QByteArray before = contents(sample("library.db"));
    const CliRun run = runCli(withFile(QTest::currentDataTag(), sample("library.db")));
    QCOMPARE(run.status, 2);
    QVERIFY2(run.err.contains(said), run.err.constData());
    QVERIFY(contents(sample("library.db")) == before);
}

void TestCliBench::version_namesTheFormat() {
    const auto version = runCli(words("version --json")).json();
    COMPARE_JSON(version.at("format_version"), 2);
    COMPARE_JSON(version.at("magic"), "0xed0cdaed");
    const CliRun text = runCli(words("version"));
    QCOMPARE(text.status, 0);
    QVERIFY(text.out.contains(QByteArray::fromStdString(version.at("version").get<std::string>())));
    QVERIFY(
        text.out.contains(QByteArray::fromStdString(version.at("compiler").get<std::string>())));
}

void TestCliBench::readers_namesWhoHoldsTheLock() {
    if (!QFile::exists(QStringLiteral("/proc/locks"))) {
        QSKIP("this system has no /proc/locks");
    }
    const auto readers = [&] { return runCli(withFile("readers FILE --json", m_file)).json(); };
    QCOMPARE(runCli(withFile("readers FILE", m_file)).status, 3); // no such file
    for (const bool isReadOnly : {false, true}) {
        StoreOptions options;
        options.readOnly = isReadOnly;
        auto store = Store::open(m_file.toStdString(), options);
        QVERIFY(store.has_value());
        const auto held = readers();
        COMPARE_JSON(held.at("locked"), true);
        COMPARE_JSON(held.at("exclusive"), !isReadOnly);
        QCOMPARE(held.at("holders").size(), std::size_t{1});
        COMPARE_JSON(held.at("holders").at(0).at("pid"), QCoreApplication::applicationPid());
        COMPARE_JSON(held.at("holders").at(0).at("process"), "tst_cli_bench");
        COMPARE_JSON(held.at("holders").at(0).at("waiting"), false);
        QVERIFY(held.at("holders").at(0).at("started").is_number());
        QVERIFY(runCli(withFile("readers FILE", m_file)).out.contains("not visible"));
    }
    COMPARE_JSON(readers().at("locked"), false);
    QCOMPARE(readers().at("holders").size(), std::size_t{0});
}

QTEST_GUILESS_MAIN(TestCliBench)
#include "tst_cli_bench.moc"
