// SPDX-License-Identifier: MIT
// How pagescape-cli behaves towards its user: exit statuses, messages, formats, streams, safety.
#include "cli_runner.h"
#include "support/file_builder.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

using namespace pagescape::test;
using nlohmann::json;

class TestCli : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();

    void endsWithStatus_data();
    void endsWithStatus();
    void explainsWhatCannotBeOpened_data();
    void explainsWhatCannotBeOpened();
    void everyCommandLeavesTheFileAlone_data();
    void everyCommandLeavesTheFileAlone();
    void everyCommandPrintsValidJson_data();
    void everyCommandPrintsValidJson();

    void opensBesideAWriter();
    void saysWhenTheFileChanged_data();
    void saysWhenTheFileChanged();
    void endsQuietlyWhenNobodyReads();
    void reportsAFullDisk();

    void takesAnyKeyAsAnArgument();
    void printsBytesThatAreNoText();
    void keepsBigNumbersExact();
    void tracesTheWayToAKey();
    void readsKeysBehindDamage();
    void formatsKeys();

private:
    QString path(const char* name) const { return m_dir.filePath(QString::fromUtf8(name)); }
    QString oddNames();

    QTemporaryDir m_dir;
};

void TestCli::initTestCase() {
    QVERIFY2(QFileInfo::exists(cliPath()), "pagescape-cli is not built");
    QVERIFY(QFile::copy(sample("library.db"), path("library.db")));
}

void TestCli::endsWithStatus_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("status");
    const auto row = [](const char* arguments, int status) {
        QTest::newRow(arguments) << withFile(arguments, sample("library.db")) << status;
    };
    row("--version", 0);
    row("--help", 0);
    row("get --help", 0);
    row("info FILE", 0);
    row("keys FILE hours", 0);
    row("check FILE", 0);
    row("keys FILE nowhere", 1);
    row("keys FILE hours 1-mon", 1);
    row("get FILE hours nokey", 1);
    row("get FILE nowhere key", 1);
    row("page FILE 9999", 1);
    row("page FILE 0 9999 1", 1);
    row("dump FILE 9999", 1);
    row("page-item FILE 0 0", 1);
    row("page FILE 18446744073709551615", 1);
    row("dump FILE 18446744073709551615", 1);
    row("", 2);
    row("frobnicate FILE", 2);
    row("info", 2);
    row("get FILE hours", 2);
    row("keys FILE hours --format nonsense", 2);
    row("keys FILE hours --bucket-format hex", 2);
    row("page FILE", 2);
    row("page FILE 1 --all", 2);
    row("page FILE one", 2);
    row("info FILE --page-size 7", 2);
    row("check FILE --from-page 9999", 2);
    row("check FILE --from-page 0", 2);
    row("check FILE --from-page -1", 2);
    row("page FILE -1", 2);
    row("dump FILE -1", 2);
    row("page-item FILE 4 -1", 2);
    row("get FILE", 2);
    row("stats FILE b", 0);
    row("stats FILE zzz", 1);
    row("info FILE.missing", 3);
    row("check FILE/..", 3);
}

void TestCli::endsWithStatus() {
    QFETCH(QStringList, arguments);
    QFETCH(int, status);
    const CliRun run = runCli(arguments);
    QVERIFY2(run.status == status, (run.out + run.err).constData());
    QCOMPARE(run.err.isEmpty(), status == 0); // every failure is explained, success is silent
}

void TestCli::explainsWhatCannotBeOpened_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("evidence");
    const QByteArray zeros(4096, '\0');
    QTest::newRow("sqlite") << QByteArray("SQLite format 3\0", 16) + zeros
                            << QByteArray("a SQLite 3 database");
    QTest::newRow("lmdb") << QByteArray(16, '\0') + QByteArray("\xDE\xC0\xEF\xBE") + zeros
                          << QByteArray("an LMDB database");
    QTest::newRow("gzip") << QByteArray("\x1F\x8B\x08") + zeros << QByteArray("gunzip -c");
    QTest::newRow("text") << QByteArray("Dear database,\n").repeated(400)
                          << QByteArray("plain text");
    QTest::newRow("zeros") << zeros << QByteArray("zeros");
    QTest::newRow("short") << QByteArray("ab") << QByteArray("61 62");
    QTest::newRow("empty") << QByteArray() << QByteArray("empty");
}

void TestCli::explainsWhatCannotBeOpened() {
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, evidence);
    const QString name = path("foreign.db");
    QFile file(name);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(bytes);
    file.close();
    for (const char* command :
         {"info FILE", "pages FILE", "check FILE", "digest FILE", "stats FILE", "inspect FILE",
          "buckets FILE", "keys FILE b", "get FILE b k"}) {
        const CliRun run = runCli(withFile(command, name));
        QCOMPARE(run.status, 3);
        QVERIFY2(run.err.contains(name.toUtf8()), run.err.constData());
        QVERIFY2(run.err.contains(evidence), run.err.constData());
        QVERIFY2(run.err.contains("try: "), run.err.constData());
    }
    QCOMPARE(runCli(withFile("dump FILE 0", name)).status, bytes.isEmpty() ? 3 : 0);
    QCOMPARE(contents(name), bytes);
}

void TestCli::everyCommandLeavesTheFileAlone_data() {
    QTest::addColumn<QString>("command");
    for (const char* command :
         {"info FILE", "buckets FILE", "keys FILE books", "get FILE hours 1-mon --trace",
          "pages FILE", "page FILE --all", "page-item FILE 65 0", "dump FILE 0 1 2", "inspect FILE",
          "stats FILE", "check FILE", "digest FILE"}) {
        QTest::newRow(command) << QString::fromUtf8(command);
    }
}

void TestCli::everyCommandLeavesTheFileAlone() {
    QFETCH(QString, command);
    const QString file = path("library.db");
    const QByteArray before = contents(file);
    const QDateTime modified = QFileInfo(file).lastModified();
    const CliRun run = runCli(withFile(command.toUtf8().constData(), file));
    QVERIFY2(run.status == 0, run.err.constData());
    QVERIFY(!run.out.isEmpty());
    QVERIFY(contents(file) == before);
    QCOMPARE(QFileInfo(file).lastModified(), modified);
}

void TestCli::everyCommandPrintsValidJson_data() {
    QTest::addColumn<QString>("command");
    for (const char* command :
         {"info FILE", "buckets FILE", "keys FILE key", "keys FILE key --format raw",
          "get FILE meta consistent_index --trace", "pages FILE", "page FILE --all --fields",
          "page FILE 31 --format raw --format-value raw", "page-item FILE 25 0 --format raw",
          "dump FILE 0 1", "inspect FILE", "stats FILE", "check FILE", "digest FILE"}) {
        QTest::newRow(command) << QString::fromUtf8(command);
    }
}

void TestCli::everyCommandPrintsValidJson() {
    QFETCH(QString, command);
    const CliRun run =
        runCli(withFile(command.toUtf8().constData(), sample("etcd.db")) + words("--json"));
    QVERIFY2(run.status == 0, run.err.constData());
    QVERIFY2(!run.json().is_discarded(), run.out.left(400).constData());
    QCOMPARE(run.out, QString::fromUtf8(run.out).toUtf8()); // no byte that is no UTF-8
    QVERIFY(run.out.endsWith('\n'));
}

void TestCli::opensBesideAWriter() {
    QFile file(path("library.db"));
    QVERIFY(file.open(QIODevice::ReadWrite));
    if (::flock(file.handle(), LOCK_EX | LOCK_NB) != 0) {
        QSKIP("this file system has no locks");
    }
    const CliRun run = runCli(withFile("digest FILE --json", path("library.db")));
    QCOMPARE(run.status, 0);
    QVERIFY2(run.err.contains("another program holds the lock"), run.err.constData());
    QCOMPARE(run.out, runCli(withFile("digest FILE --json", sample("library.db"))).out);
}

void TestCli::saysWhenTheFileChanged_data() {
    QTest::addColumn<bool>("isCut");
    QTest::addColumn<QByteArray>("message");
    QTest::newRow("a commit") << false << QByteArray("transaction 12 became 13");
    QTest::newRow("a cut") << true << QByteArray("the file became shorter");
}

// A listing longer than the pipe waits for its reader; meanwhile the file changes.
void TestCli::saysWhenTheFileChanged() {
    QFETCH(bool, isCut);
    QFETCH(QByteArray, message);
    FileBuilder builder = soundFile();
    builder.meta(12, 3, 2, 10);
    builder.bytes().resize(1024 * 20000); // most of it is tail: a line for each page all the same
    const QString name = path("changing.db");
    builder.write(name.toStdString());

    QProcess process;
    process.start(cliPath(), withFile("pages FILE", name));
    QVERIFY(process.waitForReadyRead()); // the scan is over, the rest does not fit the pipe
    if (isCut) {
        QVERIFY(QFile::resize(name, 1024 * 12));
    } else {
        builder.meta(13, 3, 2, 10);
        QFile file(name);
        QVERIFY(file.open(QIODevice::ReadWrite));
        file.seek(1024);
        file.write(builder.bytes().data() + 1024, 1024);
    }
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.exitCode(), 3);
    QCOMPARE(process.readAllStandardOutput().count('\n'), 20002);
    const QByteArray said = process.readAllStandardError();
    QVERIFY2(said.contains(message), said.constData());
}

void TestCli::endsQuietlyWhenNobodyReads() {
    // The list is longer than a pipe and our buffer together, so writing must fail on the way.
    QProcess shell;
    shell.start(QStringLiteral("sh"),
                {QStringLiteral("-c"),
                 QStringLiteral("{ \"$0\" page \"$1\" --all --fields --json; echo status $? >&2; } "
                                "| head -c 10"),
                 cliPath(), path("library.db")});
    QVERIFY(shell.waitForFinished());
    QCOMPARE(shell.readAllStandardOutput().size(), 10);
    QCOMPARE(shell.readAllStandardError(), QByteArray("status 0\n"));
}

void TestCli::reportsAFullDisk() {
    if (!QFileInfo::exists(QStringLiteral("/dev/full"))) {
        QSKIP("there is no /dev/full here");
    }
    QProcess process;
    process.setStandardOutputFile(QStringLiteral("/dev/full"));
    process.start(cliPath(), withFile("info FILE", path("library.db")));
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.exitCode(), 3);
    QVERIFY(process.readAllStandardError().contains("standard output cannot be written"));
}

/// A database whose names are hard on option parsers and terminals.
QString TestCli::oddNames() {
    FileBuilder file = soundFile();
    file.leaf(3, {inlineItem("[x,y]", {{"--json", "dashes"},
                                       {"[a,b]", "brackets"},
                                       {"info", "command"},
                                       {"{}", "braces"}}),
                  inlineItem(std::string("b\xFF\x00\x1B", 4),
                             {{std::string("\x00\x80", 2), "bytes"}, {"k", std::string()}},
                             0xFFFFFFFFFFFFFFFF),
                  bucketItem("tree", 4, 7)});
    return QString::fromStdString(file.write(path("odd-names.db").toStdString()).string());
}

void TestCli::takesAnyKeyAsAnArgument() {
    const QString file = oddNames();
    const auto get = [&](const char* key) {
        return runCli({QStringLiteral("get"), file, QStringLiteral("--"), QStringLiteral("[x,y]"),
                       QString::fromUtf8(key)})
            .out;
    };
    QCOMPARE(get("[a,b]"), QByteArray("brackets\n"));
    QCOMPARE(get("{}"), QByteArray("braces\n"));
    QCOMPARE(get("info"), QByteArray("command\n"));
    QCOMPARE(get("--json"), QByteArray("dashes\n"));
    const CliRun listed = runCli({QStringLiteral("keys"), file, QStringLiteral("[x,y]")});
    QCOMPARE(listed.out, QByteArray("--json\n[a,b]\ninfo\n{}\n"));
    QCOMPARE(runCli({QStringLiteral("get"), file, QStringLiteral("tree"), QString()}).status, 2);
}

void TestCli::printsBytesThatAreNoText() {
    const QString file = oddNames();
    const CliRun text = runCli(withFile("buckets FILE", file));
    QCOMPARE(text.out, QByteArray("[x,y]\n0x62ff001b\ntree\n"));
    const json buckets = runCli(withFile("buckets FILE --json", file)).json();
    COMPARE_JSON(buckets.at(1).at("name"), "62ff001b");
    COMPARE_JSON(buckets.at(1).at("name_hex"), "62ff001b");
    const json empty =
        runCli(withFile("get FILE 62ff001b k --bucket-format hex --json", file)).json();
    QCOMPARE(empty.at("found").get<bool>(), true);
    COMPARE_JSON(empty.at("value_hex"), "");
    const CliRun raw = runCli(withFile(
        "get FILE 62ff001b 0080 --bucket-format hex --parse-format hex --format raw", file));
    QCOMPARE(raw.out, QByteArray("bytes"));
}

void TestCli::keepsBigNumbersExact() {
    const CliRun run = runCli(withFile("buckets FILE --json", oddNames()));
    QCOMPARE(run.json().at(1).at("sequence").get<std::uint64_t>(), 0xFFFFFFFFFFFFFFFF);
    QVERIFY(run.out.contains("\"sequence\": 18446744073709551615"));
    const json info = runCli(withFile("info FILE --json", sample("etcd.db"))).json();
    QVERIFY(info.at("freelist").is_null()); // this file stores none
    QVERIFY(info.at("freelist_ids").is_null());
    QCOMPARE(info.at("metas").at(0).at("checksum").get<std::string>().size(), 18U);
}

void TestCli::tracesTheWayToAKey() {
    const QString file = path("library.db");
    const QByteArray key = runCli(withFile("keys FILE books", file)).out.split('\n').at(70);
    const CliRun run = runCli(QStringList{QStringLiteral("get"), file, QStringLiteral("books"),
                                          QString::fromUtf8(key), QStringLiteral("--trace"),
                                          QStringLiteral("--json")});
    QCOMPARE(run.status, 0);
    const json got = run.json();
    const json pages = runCli(withFile("pages FILE --json", file)).json();
    const json& way = got.at("pages");
    QCOMPARE(way.size(), 4U); // the root bucket's leaf, two branches, a leaf
    COMPARE_JSON(pages.at(way.at(0).get<std::size_t>()).at("bucket"), "");
    for (std::size_t i = 1; i < way.size(); ++i) {
        const json& page = pages.at(way.at(i).get<std::size_t>());
        COMPARE_JSON(page.at("bucket"), "books");
        COMPARE_JSON(page.at("depth"), i - 1);
        COMPARE_JSON(page.at("kind"), i < 3 ? "branch" : "leaf");
    }
    COMPARE_JSON(got.at("events").front().at("event"), "meta-chosen");
    COMPARE_JSON(got.at("events").back().at("event"), "value-slice");
    const json& range = got.at("events").back().at("value_bytes");
    const QByteArray bytes =
        contents(file).mid(range.at(0).get<int>(), range.at(1).get<int>() - range.at(0).get<int>());
    QCOMPARE(bytes.toHex().toStdString(), got.at("value_hex").get<std::string>());

    const CliRun text = runCli(QStringList{QStringLiteral("get"), file, QStringLiteral("books"),
                                           QString::fromUtf8(key), QStringLiteral("--trace")});
    // One line an event, an empty line, the value.
    QCOMPARE(static_cast<std::size_t>(text.out.count('\n')), got.at("events").size() + 2);
}

void TestCli::readsKeysBehindDamage() {
    FileBuilder file = soundFile();
    file.poke<std::uint32_t>(5, FileBuilder::element(1) + 4, 0x7FFFFFF0); // pos of "d" on page 5
    const QString name =
        QString::fromStdString(file.write(path("damaged.db").toStdString()).string());
    const CliRun run = runCli(withFile("keys FILE tree", name));
    QCOMPARE(run.status, 1);
    QCOMPARE(run.out, QByteArray("b\ne\nm\nn\n"));
    QVERIFY2(run.err.contains("page 5"), run.err.constData());
    const CliRun got = runCli(withFile("get FILE tree m", name));
    QCOMPARE(got.out, QByteArray("3\n"));
}

void TestCli::formatsKeys() {
    const QString file = sample("etcd.db");
    const QByteArray first = runCli(withFile("keys FILE key --format etcd-revision", file)).out;
    const QByteArray hex = runCli(withFile("keys FILE key --format hex", file)).out;
    QCOMPARE(first.count('\n'), hex.count('\n'));
    QCOMPARE(hex.left(34).size(), 34); // 17 bytes
    QVERIFY(first != hex);
    // What does not fit is shown in hex, and that is said.
    const CliRun misfit = runCli(withFile("keys FILE key --format uint-big", file));
    QCOMPARE(misfit.status, 1);
    QCOMPARE(misfit.out, hex);
    QVERIFY2(misfit.err.contains("uint-big"), misfit.err.constData());
    // A value cannot fall back silently.
    const CliRun value = runCli(withFile("get FILE meta consistent_index --format uuid", file));
    QCOMPARE(value.status, 1);
    QVERIFY(value.out.isEmpty());
    QCOMPARE(runCli(withFile("get FILE meta consistent_index --format hex", file)).out.size(), 17);
}

QTEST_GUILESS_MAIN(TestCli)
#include "tst_cli.moc"
