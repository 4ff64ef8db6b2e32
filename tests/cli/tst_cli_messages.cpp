// SPDX-License-Identifier: MIT
// What the commands say when something is wrong: the right page and file, the right noun, what to
// try, and the exit status of the README's list.
#include "cli_runner.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <string>
#include <utility>

using namespace pagescape::test;

class TestCliMessages : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    QString m_file; // bucket "b" with a bucket "inner" and the key "k"

    CliRun run(const char* arguments) const { return runCli(withFile(arguments, m_file)); }
    static CliRun shell(const QString& script, const QStringList& arguments) {
        QProcess process;
        process.start(QStringLiteral("sh"),
                      QStringList{QStringLiteral("-c"), script, cliPath()} + arguments);
        CliRun run;
        if (process.waitForFinished()) {
            run.out = process.readAllStandardOutput();
            run.err = process.readAllStandardError();
            run.status = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
        }
        return run;
    }

private Q_SLOTS:
    void init() {
        m_file = m_dir.filePath(QStringLiteral("file.db"));
        QCOMPARE(run("create-bucket FILE b").status, 0);
        QCOMPARE(run("create-bucket FILE b inner").status, 0);
        QCOMPARE(run("put FILE b k v").status, 0);
    }
    void cleanup() {
        QVERIFY(QFile::remove(m_file));
        QCOMPARE(QDir(m_dir.path()).entryList(QDir::Files), QStringList());
    }

    void refusals_data();
    void refusals();
    void damageIsNamed();
    void linesAreFindings_data();
    void linesAreFindings();
    void lengthLimitIsAnError();
    void fullOutputIsAnErrorOfHelp();
    void keysNeverLookAlike();
    void valueFromFileOrStdin();
    void bucketsAreMarked();
    void overflowPagesAreNamed();
    void emptyFileCountsAsNone();
    void unsortedKeysAreSaid();
    void unknownFreelistIsNotZero();
    void readersRefusesWhatIsNoDatabase();
    void invalidMetasCanBeMended_data();
    void invalidMetasCanBeMended();
};

void TestCliMessages::refusals_data() {
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("said");
    const auto row = [](const char* arguments, int status, const char* said) {
        QTest::newRow(arguments) << status << QByteArray(said);
    };
    row("create-bucket FILE b", 1, "The bucket \"b\" exists already");
    row("delete-bucket FILE none", 1, "Bucket not found: \"none\"\n  try: ");
    row("delete FILE b inner", 1, "the key \"inner\" holds a bucket\n  try: ");
    row("put FILE b k x --value-format json", 2, "only for printing; those for typing are auto");
    row("put FILE b k 0g --value-format hex", 2, "the value cannot be read: expected a hex digit");
    row("get FILE zz k --bucket-format hex", 2, "a bucket name cannot be read: expected a hex");
    row("put FILE b 0g x --parse-format hex", 2, "the key or name cannot be read");
    row("get FILE b k --format uuid", 1, "does not fit the format uuid");
    row("keys FILE b --format uuid", 1, "do not fit the format uuid");
    row("create-bucket FILE", 2, "create-bucket needs [BUCKET...] NAME");
    row("compact FILE -o /dev/null/copy.db", 3, "/dev/null/copy.db: ");
    row("compact FILE -o copy.db --tx-max-size -1", 2, "\"-1\" is not a number from 0 on");
    row("bench --initial-mmap-size -5", 2, "\"-5\" is not a number from 0 on");
    row("put FILE b k v --timeout nan", 2, "\"nan\" is not a number of seconds");
    row("put FILE b k v --timeout -1", 2, "\"-1\" is not a number of seconds");
    row("dump FILE 18446744073709551616", 2, "18446744073709551616 is too large a number");
    row("surgery meta update FILE -o c.db --meta-page 0 --fields root:4,root:5", 2,
        "root is given twice");
    row("surgery meta update FILE -o c.db --meta-page 0 --fields root:-1", 2,
        "\"-1\" of root is not a number");
    row("surgery meta update FILE -o c.db --meta-page 0 --fields top:1", 2,
        "\"top:1\" is no field; expected root:N");
    row("help nonsense", 2, "there is no command \"nonsense\"");
    row("info FILE -v -k", 2, "there is no option \"-v\"");
    row("page FILE 999", 1, "The page lies past the end of the file");
    row("info /none/a.db", 3, "does not exist: ");
    row("check FILE --from-page 99", 2, "no tree has such a page");
}

void TestCliMessages::refusals() {
    QFETCH(int, status);
    QFETCH(QByteArray, said);
    const CliRun run = this->run(QTest::currentDataTag());
    QCOMPARE(run.status, status);
    QVERIFY2(run.err.contains(said), run.err);
    QVERIFY2(!said.contains("does not exist") || !run.err.contains("nothing was"), run.err);
    // An empty name is usage, whatever the command.
    for (const char* command : {"put", "delete", "get"}) {
        const CliRun empty = runCli({QString::fromUtf8(command), m_file, QString(),
                                     QStringLiteral("k"), QStringLiteral("v")});
        QCOMPARE(empty.status, 2);
    }
    QCOMPARE(runCli({QStringLiteral("keys"), m_file, QString()}).status, 2);
    QVERIFY(runCli({QStringLiteral("info"), QString()}).err.startsWith("pagescape-cli: \"\": "));
}

// Page 18, a branch, has itself as a child.
void TestCliMessages::damageIsNamed() {
    const QString file = sample("damaged/branch-cycle-self.db");
    const CliRun stats = runCli(withFile("stats FILE", file));
    QCOMPARE(stats.status, 1);
    QVERIFY2(stats.err.contains("its own ancestor (page 18)"), stats.err);
    const CliRun diff = runCli(withFile("diff FILE", file) << sample("library.db"));
    QVERIFY2(diff.out.contains("skipped  1 part with damage"), diff.out + diff.err);
    // A key that is readable is found, and what is not is named.
    const auto lines = runCli(withFile("export FILE", file)).out.split('\n');
    const auto last = std::find_if(lines.rbegin(), lines.rend(), [](const QByteArray& line) {
        return line.contains("\"key\":\"");
    });
    QVERIFY(last != lines.rend());
    const QByteArray key = last->mid(last->indexOf("\"key\":\"") + 7).split('"').first();
    const CliRun paths = runCli(withFile("surgery find-path FILE", file) << QString::fromUtf8(key));
    QVERIFY2(!paths.out.isEmpty(), key + paths.err);
    QVERIFY2(paths.err.contains("leads back to itself"), paths.err);
    QCOMPARE(paths.status, 1);
}

void TestCliMessages::linesAreFindings_data() {
    QTest::addColumn<QByteArray>("said");
    QTest::newRow("no JSON") << QByteArray("line 1: ");
    QTest::newRow(R"({"bucket":["a"],"key":"","value":"x"})") << QByteArray("line 1: ");
    QTest::newRow(R"({"bucket":["a"],"sequence":0})") << QByteArray("after 1 line: the export");
    QTest::newRow(R"({"bucket":["a"],"sequence":18446744073709551616})")
        << QByteArray("to 18446744073709551615 as \"sequence\", found another number");
}

void TestCliMessages::linesAreFindings() {
    QFETCH(QByteArray, said);
    const CliRun run = shell(
        QStringLiteral("echo \"$2\" | \"$0\" load \"$1\""),
        {m_dir.filePath(QStringLiteral("new.db")), QString::fromUtf8(QTest::currentDataTag())});
    QCOMPARE(run.status, 1);
    QVERIFY2(run.err.contains(said), run.err);
    QVERIFY2(!run.err.contains("json.exception"), run.err);
}

// The limit on the length of files sends a signal that would end the program.
void TestCliMessages::lengthLimitIsAnError() {
    const QString copy = m_dir.filePath(QStringLiteral("copy.db"));
    for (const char* command : {"compact", "surgery revert-meta-page"}) {
        const CliRun run = shell(QStringLiteral("ulimit -f 4; exec \"$0\" %1 \"$1\" -o \"$2\"")
                                     .arg(QLatin1String(command)),
                                 {sample("library.db"), copy});
        QCOMPARE(run.status, 3);
        QVERIFY2(run.err.contains("copy.db: "), run.err);
        QVERIFY2(run.err.contains("File too large"), run.err);
    }
}

void TestCliMessages::fullOutputIsAnErrorOfHelp() {
    for (const char* arguments : {"--help", "help put", "--version"}) {
        const CliRun run =
            shell(QStringLiteral("exec \"$0\" %1 > /dev/full").arg(QLatin1String(arguments)), {});
        QCOMPARE(run.status, 3);
        QVERIFY2(run.err.contains("standard output cannot be written"), run.err);
    }
    QVERIFY(run("--help").out.contains("130"));
    QVERIFY(run("put --help").out.startsWith("Set the value of a key"));
    QVERIFY(run("put --help").out.contains("put [OPTIONS] FILE BUCKET [SUB...] KEY VALUE\n"));
}

void TestCliMessages::keysNeverLookAlike() {
    QCOMPARE(run("put FILE b ff text").status, 0);
    QCOMPARE(run("put FILE b ff bytes --parse-format hex").status, 0);
    QCOMPARE(run("put FILE b 0xff marked").status, 0);
    const QByteArray keys = run("keys FILE b").out;
    QCOMPARE(keys, QByteArray("0x30786666\nff\ninner\nk\n0xff\n"));
    for (const auto& [key, value] : {std::pair{"ff", "text\n"}, std::pair{"0xff", "bytes\n"},
                                     std::pair{"0x30786666", "marked\n"}}) {
        QCOMPARE(run((std::string("get FILE b ") + key + " --parse-format auto").c_str()).out,
                 QByteArray(value));
    }
    QCOMPARE(run("get FILE b 0xff").out, QByteArray("marked\n")); // typed as text, as ever
    QVERIFY(run("get FILE b 0xfe").err.contains("--parse-format auto"));
    QCOMPARE(QString::fromStdString(run("keys FILE b --json").json().at(4).at("key")),
             QStringLiteral("ff"));
}

void TestCliMessages::valueFromFileOrStdin() {
    QByteArray bytes("\0\n\xff", 3);
    bytes += QByteArray(3000000, 'x');
    const QString path = m_dir.filePath(QStringLiteral("value"));
    QFile value(path);
    QVERIFY(value.open(QIODevice::WriteOnly) && value.write(bytes) == bytes.size());
    value.close();
    QCOMPARE(runCli(withFile("put FILE b file --value-file", m_file) << path).status, 0);
    QCOMPARE(
        shell(QStringLiteral("\"$0\" put \"$1\" b stdin --value-file - < \"$2\""), {m_file, path})
            .status,
        0);
    for (const char* get : {"get FILE b file --format raw", "get FILE b stdin --format raw"}) {
        QVERIFY(run(get).out == bytes);
    }
    QVERIFY(QFile::remove(path));
    const CliRun missing = runCli(withFile("put FILE b file --value-file", m_file) << path);
    QCOMPARE(missing.status, 3);
    QVERIFY2(missing.err.contains(path.toUtf8() + ": "), missing.err);
    QCOMPARE(run("check FILE").status, 0);
}

void TestCliMessages::bucketsAreMarked() {
    QCOMPARE(run("keys FILE b --long").out, QByteArray("    bucket  inner\n         1  k\n"));
    const auto pages = run("pages FILE --json").json();
    for (const auto& page : pages) { // the one of bucket b, inline or not, is named in its parent
        if (page.at("kind") == "leaf" && page.at("life") == "live" && page.at("depth") == 0) {
            const QString id = QString::number(page.at("id").get<int>());
            const CliRun item =
                runCli({QStringLiteral("page-item"), m_file, id, QStringLiteral("0")});
            QCOMPARE(item.status, 0);
            QVERIFY2(item.out.contains("bucket"), item.out);
            return;
        }
    }
    QFAIL("no leaf");
}

void TestCliMessages::overflowPagesAreNamed() {
    const QString path = m_dir.filePath(QStringLiteral("value"));
    QFile value(path);
    QVERIFY(value.open(QIODevice::WriteOnly) && value.write(QByteArray(20000, 'x')) == 20000);
    value.close();
    QCOMPARE(runCli(withFile("put FILE b long --value-file", m_file) << path).status, 0);
    QVERIFY(QFile::remove(path));
    const auto pages = run("pages FILE --json").json();
    int first = -1;
    for (const auto& page : pages) {
        const int id = page.at("id").get<int>();
        first = page.at("overflow").get<int>() > 0 ? id : first;
        if (page.at("kind") != "overflow") {
            continue;
        }
        const CliRun text = run(("page FILE " + std::to_string(id)).c_str());
        QCOMPARE(text.status, 0);
        QVERIFY2(text.out.contains("overflow page of page " + QByteArray::number(first)), text.out);
        QVERIFY2(!text.out.contains("Problem"), text.out);
        COMPARE_JSON(run(("page FILE --json " + std::to_string(id)).c_str()).json().at(0),
                     (nlohmann::json{{"id", id}, {"type", "overflow"}, {"overflow_of", first}}));
        const CliRun check = run(("check FILE --from-page " + std::to_string(id)).c_str());
        QCOMPARE(check.status, 2);
        QVERIFY2(check.err.contains("is an overflow page of page"), check.err);
    }
    QVERIFY(first > 0);
    for (const auto& [kind, name] :
         {std::pair{"free", "a free page"}, std::pair{"freelist", "a freelist page"}}) {
        const auto found = std::find_if(pages.begin(), pages.end(),
                                        [&, k = kind](const auto& p) { return p.at("kind") == k; });
        QVERIFY(found != pages.end());
        const CliRun check =
            run(("check FILE --from-page " + std::to_string(found->at("id").template get<int>()))
                    .c_str());
        QCOMPARE(check.status, 2);
        QVERIFY2(check.err.contains(QByteArray("is ") + name + ", not a tree"), check.err);
    }
}

void TestCliMessages::emptyFileCountsAsNone() {
    for (const char* arguments :
         {"compact FILE -o", "surgery revert-meta-page FILE -o", "create-bucket"}) {
        const QString path = m_dir.filePath(QStringLiteral("empty.db"));
        QFile empty(path);
        QVERIFY(empty.open(QIODevice::WriteOnly));
        empty.close();
        QStringList all = withFile(arguments, m_file) << path;
        if (all.first() == QLatin1String("create-bucket")) {
            all << QStringLiteral("a");
        }
        const CliRun run = runCli(all);
        QVERIFY2(run.status == 0, run.err);
        QCOMPARE(runCli({QStringLiteral("check"), path}).status, 0);
        QVERIFY(QFile::remove(path));
    }
}

void TestCliMessages::unsortedKeysAreSaid() {
    QCOMPARE(run("put FILE b firstkey v").status, 0);
    QCOMPARE(run("put FILE b secondkey v").status, 0);
    QByteArray bytes = contents(m_file);
    QVERIFY(bytes.contains("firstkey"));
    const QString source = m_dir.filePath(QStringLiteral("unsorted.db"));
    QFile unsorted(source);
    QVERIFY(unsorted.open(QIODevice::WriteOnly));
    unsorted.write(bytes.replace("firstkey", "zzzzzkey"));
    unsorted.close();
    const QString copy = m_dir.filePath(QStringLiteral("copy.db"));
    const CliRun exported = runCli(withFile("export FILE", source));
    QCOMPARE(exported.status, 1);
    QVERIFY2(exported.err.contains("keys are not in order"), exported.err);
    QVERIFY(!exported.out.contains("\"end\":true"));
    const CliRun compacted = runCli(withFile("compact FILE -o", source) << copy);
    QCOMPARE(compacted.status, 1);
    QVERIFY2(compacted.err.contains("are not in order"), compacted.err);
    QCOMPARE(runCli({QStringLiteral("check"), copy}).status, 0);
    QVERIFY(QFile::remove(copy) && QFile::remove(source));
}

void TestCliMessages::unknownFreelistIsNotZero() {
    const QString copy = m_dir.filePath(QStringLiteral("copy.db"));
    QCOMPARE(runCli(withFile("surgery freelist abandon FILE -o", m_file) << copy).status, 0);
    const CliRun info = runCli({QStringLiteral("info"), copy});
    QVERIFY2(info.out.contains("ids in the freelist not stored"), info.out);
    QVERIFY(runCli({QStringLiteral("info"), copy, QStringLiteral("--json")})
                .json()
                .at("freelist_ids")
                .is_null());
    QVERIFY(QFile::remove(copy));
    QVERIFY(run("info FILE --json").json().at("freelist_ids").is_number());
}

void TestCliMessages::readersRefusesWhatIsNoDatabase() {
    QCOMPARE(run("readers FILE").status, 0);
    QCOMPARE(runCli({QStringLiteral("readers"), m_dir.path()}).status, 3);
    QCOMPARE(runCli({QStringLiteral("readers"), sample("README.md")}).status, 3);
    QVERIFY(runCli({QStringLiteral("readers"), sample("README.md")}).err.contains("plain text"));
}

void TestCliMessages::invalidMetasCanBeMended_data() {
    QTest::addColumn<int>("at");
    QTest::newRow("magic") << 16;
    QTest::newRow("version") << 20;
    QTest::newRow("checksum") << 72;
}

// The hint is a command, and it does what it says.
void TestCliMessages::invalidMetasCanBeMended() {
    QFETCH(int, at);
    const int pageSize = run("info FILE --json").json().at("page_size").get<int>();
    QFile file(m_file);
    QVERIFY(file.open(QIODevice::ReadWrite));
    for (const int begin : {0, pageSize}) {
        QVERIFY(file.seek(begin + at) && file.write("\x5a", 1) == 1);
    }
    file.close();
    const CliRun info = run("info FILE");
    QCOMPARE(info.status, 3);
    const int hint = int(info.err.indexOf("surgery meta update FILE -o COPY --meta-page "));
    QVERIFY2(hint > 0, info.err);
    const QString copy = m_dir.filePath(QStringLiteral("copy.db"));
    const QString command =
        QString::fromUtf8(info.err.mid(hint, info.err.indexOf(',', hint) - hint));
    const CliRun mended = runCli(withFile(command.toUtf8().constData(), m_file)
                                     .replaceInStrings(QStringLiteral("COPY"), copy));
    QVERIFY2(mended.status == 0, mended.err);
    QCOMPARE(runCli({QStringLiteral("get"), copy, QStringLiteral("b"), QStringLiteral("k")}).out,
             QByteArray("v\n"));
    QVERIFY(QFile::remove(copy));
    // The second meta's place is told from the start of the file, as check tells it.
    const CliRun validate = run("surgery meta validate FILE");
    const QByteArray place = "(page 1, byte " + QByteArray::number(pageSize + at) + ")";
    QVERIFY2(validate.out.contains(place), validate.out);
    QVERIFY2(run("check FILE").out.contains(place), validate.out);
}

QTEST_GUILESS_MAIN(TestCliMessages)
#include "tst_cli_messages.moc"
