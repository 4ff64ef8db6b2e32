// SPDX-License-Identifier: MIT
// export and load: the same content comes back, whatever its bytes; bad lines make no file.
#include "cli_runner.h"
#include "support/bolt_peer.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <csignal>

using namespace pagescape::test;

class TestCliTransfer : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    QString m_copy;
    QString m_lines;
    int m_number = 0;

    CliRun loadWhole(const QByteArray& lines, const QStringList& more = {}) const {
        QFile file(m_lines);
        if (file.open(QIODevice::WriteOnly)) {
            file.write(lines);
        }
        file.close();
        return runCli(
            QStringList{QStringLiteral("load"), m_copy, QStringLiteral("--input"), m_lines} + more);
    }
    // Lines by hand, without a closing one.
    CliRun load(const QByteArray& lines, const QStringList& more = {}) const {
        return loadWhole(lines, more + QStringList{QStringLiteral("--partial")});
    }
    // Lines and the one that closes them.
    static QByteArray closed(const QByteArray& lines) {
        return lines + "{\"end\":true,\"lines\":" + QByteArray::number(lines.count('\n')) + "}\n";
    }
    QByteArray exported(const QStringList& more = {}) const {
        return runCli(QStringList{QStringLiteral("export"), m_copy} + more).out;
    }

private Q_SLOTS:
    void init() {
        m_copy = m_dir.filePath(QStringLiteral("copy%1.db").arg(++m_number));
        m_lines = m_dir.filePath(QStringLiteral("lines%1.jsonl").arg(m_number));
    }
    [[nodiscard]] QStringList parts() const {
        return QDir(m_dir.path()).entryList({QStringLiteral("*.part")});
    }
    void cleanup() { QCOMPARE(parts(), QStringList()); }

    void everyDatabaseComesBack_data();
    void everyDatabaseComesBack();
    void readsStandardInput();
    void linesAreReadableOrBase64();
    void linesComeBackAsTheyWere();
    void exportsOneBucket();
    void exportSaysWhatIsMissing();
    void cutLinesMakeNoFile();
    void partialTakesCutLines();
    void brokenPipeIsNoticed();
    void loadCutsCommits();
    void loadTakesAPageSize();
    void loadCreatesBucketsAndTakesTheLastLine();
    void badLinesAreNamed_data();
    void badLinesAreNamed();
    void loadNeverReplacesAFile();
    void stoppedLoadLeavesNoFile_data();
    void stoppedLoadLeavesNoFile();
    void loadStopsAtAnyMoment();
    void newcomerIsNotReplaced();
};

void TestCliTransfer::everyDatabaseComesBack_data() {
    QTest::addColumn<QString>("path");
    const QStringList folders{QStringLiteral(PAGESCAPE_SAMPLE_DIR),
                              QStringLiteral(PAGESCAPE_SAMPLE_DIR "/damaged"),
                              QStringLiteral(PAGESCAPE_SHARED_DIR "/data")};
    for (const QString& folder : folders) {
        const auto files =
            QDir(folder).entryInfoList({QStringLiteral("*.db")}, QDir::Files, QDir::Name);
        for (const QFileInfo& file : files) {
            QTest::newRow(qPrintable(QDir(folder).dirName() + QLatin1Char('/') + file.fileName()))
                << file.absoluteFilePath();
        }
    }
}

void TestCliTransfer::everyDatabaseComesBack() {
    QFETCH(QString, path);
    const CliRun digest = runCli(withFile("digest FILE", path));
    const CliRun lines = runCli(withFile("export FILE", path));
    if (path.endsWith(QStringLiteral("leaf-unsorted.db"))) { // the copy puts its keys in order
        QCOMPARE(lines.status, 1);
        QVERIFY2(lines.err.contains("not in order"), lines.err.constData());
        QCOMPARE(load(lines.out).status, 0);
        QCOMPARE(runCli(withFile("check FILE", m_copy)).status, 0);
        QList<QByteArray> before = closed(lines.out).split('\n');
        QList<QByteArray> after = exported().split('\n');
        QVERIFY(before != after);
        std::sort(before.begin(), before.end());
        std::sort(after.begin(), after.end());
        QVERIFY(before == after);
        return;
    }
    QCOMPARE(lines.status, digest.status); // both say where a part of the data is not readable
    if (digest.status != 0) {
        return;
    }
    const CliRun loaded = loadWhole(lines.out);
    QVERIFY2(loaded.status == 0, loaded.err.constData());
    QCOMPARE(runCli(withFile("check FILE", m_copy)).status, 0);
    QCOMPARE(runCli(withFile("digest FILE", m_copy)).out, digest.out);
    QVERIFY(exported() == lines.out);
    if (BoltPeer::isThere()) {
        BoltPeer peer;
        QVERIFY2(peer.run("check " + m_copy.toUtf8()), peer.answer());
        QVERIFY2(peer.run("digest " + m_copy.toUtf8()), peer.answer());
        QVERIFY(digest.out.contains(peer.answer()));
    }
}

void TestCliTransfer::readsStandardInput() {
    QProcess process;
    process.setStandardInputFile(m_lines);
    QVERIFY(load("{\"bucket\":[\"a\"],\"key\":\"k\",\"value\":\"v\"}").status == 0);
    QFile::remove(m_copy);
    process.start(cliPath(), {QStringLiteral("load"), m_copy, QStringLiteral("--partial")});
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.exitCode(), 0);
    QCOMPARE(runCli(withFile("get FILE a k", m_copy)).out, QByteArray("v\n"));
}

void TestCliTransfer::linesAreReadableOrBase64() {
    QCOMPARE(runCli(withFile("create-bucket FILE caf\u00e9", m_copy)).status, 0);
    const auto put = [&](const char* key, const char* value) {
        return runCli(withFile("put FILE caf\u00e9", m_copy) +
                      QStringList{QString::fromLatin1(key), QString::fromLatin1(value),
                                  QStringLiteral("--parse-format"), QStringLiteral("hex"),
                                  QStringLiteral("--value-format"), QStringLiteral("hex")})
            .status;
    };
    QCOMPARE(put("61", "2268690a5c"), 0); // "hi LF backslash
    QCOMPARE(put("62", "00"), 0);
    QCOMPARE(put("63", ""), 0);
    QCOMPARE(put("ff", "eda080"), 0);     // a surrogate is no UTF-8
    QCOMPARE(put("f09f8c8d", "c080"), 0); // an overlong form is none either
    QCOMPARE(
        exported(),
        closed(
            "{\"bucket\":[\"caf\u00e9\"],\"sequence\":0}\n"
            "{\"bucket\":[\"caf\u00e9\"],\"key\":\"a\",\"value\":\"\\\"hi\\n\\\\\"}\n"
            "{\"bucket\":[\"caf\u00e9\"],\"key\":\"b\",\"value\":{\"base64\":\"AA==\"}}\n"
            "{\"bucket\":[\"caf\u00e9\"],\"key\":\"c\",\"value\":\"\"}\n"
            "{\"bucket\":[\"caf\u00e9\"],\"key\":\"\U0001F30D\",\"value\":{\"base64\":\"wIA=\"}}\n"
            "{\"bucket\":[\"caf\u00e9\"],\"key\":{\"base64\":\"/w==\"},\"value\":{"
            "\"base64\":\"7aCA\"}}\n"));
}

void TestCliTransfer::linesComeBackAsTheyWere() {
    const QByteArray lines =
        "{\"bucket\":[\"a\"],\"sequence\":18446744073709551615}\n"
        "{\"bucket\":[\"a\",{\"base64\":\"gA==\"}],\"sequence\":7}\n"
        "{\"bucket\":[\"a\",{\"base64\":\"gA==\"},\"deep\"],\"sequence\":0}\n"
        "{\"bucket\":[\"a\",{\"base64\":\"gA==\"}],\"key\":\"k\",\"value\":\"v\"}\n"
        "{\"bucket\":[\"a\"],\"key\":{\"base64\":\"//8=\"},\"value\":\"\"}\n"
        "{\"bucket\":[\"b\"],\"sequence\":1}\n";
    QCOMPARE(load(lines).status, 0);
    QCOMPARE(exported(), closed(lines));
}

void TestCliTransfer::exportsOneBucket() {
    const QByteArray before = "{\"bucket\":[\"a\"],\"sequence\":3}\n"
                              "{\"bucket\":[\"a\"],\"key\":\"x\",\"value\":\"1\"}\n";
    const QByteArray wanted = "{\"bucket\":[\"a\",\"y\"],\"sequence\":4}\n"
                              "{\"bucket\":[\"a\",\"y\"],\"key\":\"k\",\"value\":\"v\"}\n"
                              "{\"bucket\":[\"a\",\"y\",\"z\"],\"sequence\":5}\n";
    const QByteArray behind = "{\"bucket\":[\"b\"],\"sequence\":0}\n"
                              "{\"bucket\":[\"b\",\"y\"],\"sequence\":6}\n";
    QCOMPARE(load(before + wanted + behind).status, 0);
    QCOMPARE(exported({QStringLiteral("a"), QStringLiteral("y")}),
             closed("{\"bucket\":[\"a\"],\"sequence\":3}\n" + wanted));
    const QByteArray one = exported({QStringLiteral("a"), QStringLiteral("y")});
    QCOMPARE(runCli(withFile("export FILE a no", m_copy)).status, 1);
    QCOMPARE(runCli(withFile("export FILE a x", m_copy)).status, 1); // no bucket
    QVERIFY(QFile::remove(m_copy));
    QCOMPARE(loadWhole(one).status, 0); // it has its own closing line
}

void TestCliTransfer::exportSaysWhatIsMissing() {
    const CliRun run = runCli(withFile("export FILE", sample("damaged/branch-cycle-self.db")));
    QCOMPARE(run.status, 1);
    QVERIFY2(run.err.contains("visited before"), run.err.constData());
    QVERIFY(run.out.startsWith("{\"bucket\":"));
    QVERIFY(!run.out.contains("{\"end\":")); // so that load does not take it for everything
}

void TestCliTransfer::cutLinesMakeNoFile() {
    const QByteArray lines = "{\"bucket\":[\"a\"],\"sequence\":3}\n"
                             "{\"bucket\":[\"a\"],\"key\":\"x\",\"value\":\"1\"}\n";
    const auto refused = [&](const QByteArray& cut, const char* said) {
        const CliRun run = loadWhole(cut);
        QCOMPARE(run.status, 1);
        QVERIFY2(run.err.contains(said), run.err.constData());
        QVERIFY2(run.err.contains(m_lines.toUtf8() + ": "), run.err.constData());
        QVERIFY2(run.err.contains("--partial"), run.err.constData());
        QVERIFY(!QFile::exists(m_copy));
    };
    refused(lines, "found the end of the input after 2 lines");
    refused({}, "after 0 lines");
    refused(lines + "{\"end\":true,\"lines\":3}\n",
            "line 3: the closing line counts 3 lines, 2 came");
    refused(closed(lines) + lines, "line 4: this line stands behind");
    for (const char* bad : {"{\"end\":true}", "{\"end\":false,\"lines\":2}",
                            "{\"end\":true,\"lines\":-1}", "{\"end\":true,\"lines\":2,\"x\":1}"}) {
        const CliRun run = loadWhole(lines + bad);
        QCOMPARE(run.status, 1);
        QVERIFY2(run.err.contains("line 3: expected {\"end\":true"), run.err.constData());
    }
    QCOMPARE(loadWhole("\n" + closed(lines) + "\n").out, QByteArray("2 lines loaded\n"));
}

void TestCliTransfer::partialTakesCutLines() {
    const QByteArray first = closed("{\"bucket\":[\"a\"],\"sequence\":3}\n");
    const QByteArray second = closed("{\"bucket\":[\"b\"],\"sequence\":4}\n");
    QCOMPARE(load(first + second).out, QByteArray("2 lines loaded\n"));
    QCOMPARE(exported(), closed("{\"bucket\":[\"a\"],\"sequence\":3}\n"
                                "{\"bucket\":[\"b\"],\"sequence\":4}\n"));
}

// What the other end of a pipe sees when export is killed: whole lines, and then nothing.
void TestCliTransfer::brokenPipeIsNoticed() {
    QProcess process;
    process.start(QStringLiteral("sh"),
                  {QStringLiteral("-c"),
                   QStringLiteral("\"$0\" export \"$1\" | head -n 20 | \"$0\" load \"$2\""),
                   cliPath(), sample("library.db"), m_copy});
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.exitCode(), 1);
    QVERIFY(process.readAllStandardError().contains("standard input: "));
    QVERIFY(!QFile::exists(m_copy));
}

void TestCliTransfer::loadCutsCommits() {
    const QByteArray lines = runCli(withFile("export FILE", sample("library.db"))).out;
    const auto transactions = [&] {
        return runCli(withFile("info FILE --json", m_copy)).json().at("txid").get<int>();
    };
    QCOMPARE(load(lines, {QStringLiteral("--tx-max-size"), QStringLiteral("0")}).status, 0);
    QCOMPARE(transactions(), 2);
    QFile::remove(m_copy);
    QCOMPARE(load(lines, {QStringLiteral("--tx-max-size"), QStringLiteral("1000"),
                          QStringLiteral("--no-sync")})
                 .status,
             0);
    QVERIFY(transactions() > 10);
    QCOMPARE(runCli(withFile("digest FILE", m_copy)).out,
             runCli(withFile("digest FILE", sample("library.db"))).out);
}

void TestCliTransfer::loadTakesAPageSize() {
    QCOMPARE(load({}, {QStringLiteral("--page-size"), QStringLiteral("16384")}).status, 0);
    COMPARE_JSON(runCli(withFile("info FILE --json", m_copy)).json().at("page_size"), 16384);
    QCOMPARE(exported(), closed({})); // no line, no bucket
    m_copy += QStringLiteral("2");
    QCOMPARE(load({}, {QStringLiteral("--page-size"), QStringLiteral("512")}).status, 2);
}

void TestCliTransfer::loadCreatesBucketsAndTakesTheLastLine() {
    QCOMPARE(load("\n{\"bucket\": [\"a\", \"b\"], \"key\": \"k\", \"value\": \"old\"}\r\n"
                  "  \n{\"key\": \"k\", \"value\": \"new\", \"bucket\": [\"a\", \"b\"]}\n"
                  "{\"bucket\": [\"a\"], \"sequence\": 9}")
                 .status,
             0);
    QCOMPARE(exported(), closed("{\"bucket\":[\"a\"],\"sequence\":9}\n"
                                "{\"bucket\":[\"a\",\"b\"],\"sequence\":0}\n"
                                "{\"bucket\":[\"a\",\"b\"],\"key\":\"k\",\"value\":\"new\"}\n"));
}

void TestCliTransfer::badLinesAreNamed_data() {
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QByteArray>("said");
    const auto row = [](const char* line, const char* said) {
        QTest::newRow(line) << QByteArray(line) << QByteArray(said);
    };
    row("{\"bucket\":[\"a\"],\"key\":\"k\"", "this is no JSON");
    row("[]", "expected an object");
    row("{\"key\":\"k\",\"value\":\"v\"}", "\"bucket\"");
    row("{\"bucket\":\"a\",\"sequence\":1}", "list of names");
    row("{\"bucket\":[1],\"sequence\":1}", "found number");
    row("{\"bucket\":[\"a\"],\"key\":\"k\"}", "\"key\" and \"value\"");
    row("{\"bucket\":[\"a\"],\"key\":\"k\",\"value\":\"v\",\"sequence\":1}",
        "\"key\" and \"value\"");
    row("{\"bucket\":[\"a\"],\"sequence\":-1}", "from 0 to 18446744073709551615");
    row("{\"bucket\":[\"a\"],\"sequence\":1.5}", "from 0 to 18446744073709551615");
    row("{\"bucket\":[\"a\"],\"seq\":1}", "unknown member \"seq\"");
    row("{\"bucket\":[\"a\"],\"key\":{\"base64\":\"AA=\"},\"value\":\"v\"}", "base64");
    row("{\"bucket\":[\"a\"],\"key\":{\"base64\":\"AB==\"},\"value\":\"v\"}", "base64");
    row("{\"bucket\":[\"a\"],\"key\":{\"base64\":\"A*==\"},\"value\":\"v\"}", "base64");
    row("{\"bucket\":[\"a\"],\"key\":{\"hex\":\"00\"},\"value\":\"v\"}", "base64");
    row("{\"bucket\":[\"a\"],\"key\":\"k\",\"value\":\"v\",\"value\":\"w\"}",
        "the member \"value\" stands twice");
    row("{\"bucket\":[\"a\"],\"key\":{\"base64\":\"AA==\",\"base64\":\"AQ==\"},\"value\":\"v\"}",
        "the member \"base64\" stands twice");
    row("{\"bucket\":[],\"key\":\"k\",\"value\":\"v\"}", "line 2");
    row("{\"bucket\":[\"a\"],\"key\":\"\",\"value\":\"v\"}", "line 2");
    row("{\"bucket\":[\"a\",\"pair\"],\"sequence\":0}", "line 2");
    row("{\"bucket\":[\"a\"],\"key\":\"\\ud800\",\"value\":\"v\"}", "this is no JSON");
}

void TestCliTransfer::badLinesAreNamed() {
    QFETCH(QByteArray, line);
    QFETCH(QByteArray, said);
    const CliRun run =
        load("{\"bucket\":[\"a\"],\"key\":\"pair\",\"value\":\"v\"}\n" + line + '\n');
    QVERIFY(run.status != 0);
    QVERIFY2(run.err.contains("line 2: "), run.err.constData());
    QVERIFY2(run.err.contains(said), run.err.constData());
    QVERIFY(!QFile::exists(m_copy));
}

void TestCliTransfer::loadNeverReplacesAFile() {
    QCOMPARE(load("{\"bucket\":[\"a\"]}").status, 0);
    const QByteArray before = contents(m_copy);
    QCOMPARE(load("{\"bucket\":[\"b\"]}").status, 2);
    QVERIFY(contents(m_copy) == before);
    QCOMPARE(runCli({QStringLiteral("load"), m_copy + QStringLiteral("2"),
                     QStringLiteral("--input"), QStringLiteral("/nowhere")})
                 .status,
             3);
}

void TestCliTransfer::stoppedLoadLeavesNoFile_data() {
    QTest::addColumn<int>("signal");
    QTest::newRow("SIGINT") << SIGINT;
    QTest::newRow("SIGTERM") << SIGTERM;
    QTest::newRow("SIGHUP") << SIGHUP;
}

void TestCliTransfer::stoppedLoadLeavesNoFile() {
    QFETCH(int, signal);
    QProcess process; // its input stays open
    process.start(cliPath(), {QStringLiteral("load"), m_copy});
    process.write("{\"bucket\":[\"a\"],\"key\":\"k\",\"value\":\"v\"}\n");
    QTRY_COMPARE(parts().size(), 1);
    QCOMPARE(::kill(static_cast<pid_t>(process.processId()), signal), 0);
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 128 + signal);
    const QByteArray said = process.readAllStandardError();
    QVERIFY2(said.contains(m_copy.toUtf8() + ": stopped by a signal; the database was not created"),
             said.constData());
    QVERIFY(!QFile::exists(m_copy));
}

// Ctrl+C at any moment ends it: beside the first lines, and again and again.
void TestCliTransfer::loadStopsAtAnyMoment() {
    for (int i = 0; i < 50; ++i) {
        QProcess process;
        process.start(cliPath(), {QStringLiteral("load"), m_copy});
        process.write("{\"bucket\":[\"a\"],\"key\":\"k\",\"value\":\"v\"}\n");
        QTRY_COMPARE(parts().size(), 1); // now it hears signals
        process.write(QByteArray("{\"bucket\":[\"a\"]}\n").repeated(i * 20));
        QVERIFY(process.bytesToWrite() == 0 || process.waitForBytesWritten());
        process.terminate();
        QVERIFY(process.waitForFinished(20000));
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 128 + SIGTERM);
        QCOMPARE(parts(), QStringList());
    }
}

// What came into being while the load went on is not replaced.
void TestCliTransfer::newcomerIsNotReplaced() {
    QProcess process;
    process.start(cliPath(), {QStringLiteral("load"), m_copy, QStringLiteral("--partial")});
    QTRY_COMPARE(parts().size(), 1);
    QFile newcomer(m_copy);
    QVERIFY(newcomer.open(QIODevice::WriteOnly) && newcomer.write("precious") == 8);
    newcomer.close();
    process.write("{\"bucket\":[\"a\"],\"key\":\"k\",\"value\":\"v\"}\n");
    process.closeWriteChannel();
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.exitCode(), 3);
    QVERIFY(newcomer.open(QIODevice::ReadOnly));
    QCOMPARE(newcomer.readAll(), QByteArray("precious"));
}

QTEST_GUILESS_MAIN(TestCliTransfer)
#include "tst_cli_transfer.moc"
