// SPDX-License-Identifier: MIT
// surgery from the command line. Slots carry the names of bbolt's command tests; real bbolt checks
// what comes out, where it is installed.
#include "cli_runner.h"
#include "support/bolt_peer.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace pagescape::test;
using nlohmann::json;

class TestCliSurgery : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    QString m_source;
    QString m_output;
    QByteArray m_before;
    int m_number = 0;

    // A command line with SOURCE and OUTPUT filled in.
    CliRun run(const char* arguments) const {
        return runCli(words(arguments)
                          .replaceInStrings(QStringLiteral("SOURCE"), m_source)
                          .replaceInStrings(QStringLiteral("OUTPUT"), m_output));
    }
    // Puts the output in the place of the source, for the next operation.
    void goOn() {
        m_source = m_output;
        m_before = contents(m_source);
        m_output = m_dir.filePath(QStringLiteral("out%1.db").arg(++m_number));
    }
    json page(const char* id) const {
        return run((std::string("page OUTPUT --json ") + id).c_str()).json().at(0);
    }
    // An id of a page of that kind.
    std::string pageOfKind(const char* kind) const {
        const json pages = run("pages SOURCE --json").json();
        const auto found = std::find_if(pages.begin(), pages.end(),
                                        [&](const json& each) { return each.at("kind") == kind; });
        return found == pages.end() ? "none" : std::to_string(found->at("id").get<int>());
    }
    void verifySound() const {
        const CliRun check = run("check OUTPUT");
        QVERIFY2(check.status == 0, check.out.constData());
        if (BoltPeer::isThere()) {
            BoltPeer peer;
            QVERIFY2(peer.run("check " + m_output.toUtf8()), peer.answer());
        }
    }

private Q_SLOTS:
    void initTestCase() {
        if (!BoltPeer::isThere()) {
            qWarning("real bbolt is not installed: its check of the results is left out");
        }
    }
    void init() {
        m_source = sample("library.db");
        m_before = contents(m_source);
        m_output = m_dir.filePath(QStringLiteral("out%1.db").arg(++m_number));
        QVERIFY(m_before.size() > 0);
    }
    void cleanup() { // whatever the command: the source stays, and no half file is left behind
        QVERIFY(contents(m_source) == m_before);
        QCOMPARE(QDir(m_dir.path()).entryList({QStringLiteral("*.part")}), QStringList());
    }

    void surgeryRevertMetaPage();
    void surgeryCopyPage();
    void surgeryClearPage();
    void surgeryClearPageElements_withoutOverflow();
    void surgeryClearPageElements_withOverflow();
    void surgeryFreelistAbandonAndRebuild();
    void surgeryFreelistRebuild_alreadyExists();
    void surgeryMetaValidate();
    void surgeryMetaUpdate_data();
    void surgeryMetaUpdate();
    void surgeryFindPath();
    void surgeryRefusals_data();
    void surgeryRefusals();
    void surgeryNeverReplacesAFile();
};

void TestCliSurgery::surgeryRevertMetaPage() {
    QCOMPARE(run("create-bucket OUTPUT a").status, 0);
    QCOMPARE(run("put OUTPUT a k old").status, 0);
    QCOMPARE(run("put OUTPUT a k new").status, 0);
    goOn();
    const CliRun reverted = run("surgery revert-meta-page SOURCE --output OUTPUT");
    QVERIFY2(reverted.status == 0, reverted.err.constData());
    QCOMPARE(run("get SOURCE a k").out, QByteArray("new\n"));
    QCOMPARE(run("get OUTPUT a k").out, QByteArray("old\n"));
    verifySound();
    QCOMPARE(run("put OUTPUT a k newer").status, 0); // and it can be written
    verifySound();
}

void TestCliSurgery::surgeryCopyPage() {
    const std::string from = pageOfKind("leaf");
    const std::string to = pageOfKind("free");
    const CliRun copied =
        run(("surgery copy-page SOURCE --output OUTPUT --from-page " + from + " --to-page " + to)
                .c_str());
    QVERIFY2(copied.status == 0, copied.err.constData());
    QVERIFY2(copied.err.contains("warning"), copied.err.constData()); // the freelist
    const json original = page(from.c_str());
    const json copy = page(to.c_str());
    COMPARE_JSON(copy.at("header_id"), std::stoi(to));
    QVERIFY(original.at("items").size() > 0);
    COMPARE_JSON(copy.at("items"), original.at("items"));
    verifySound(); // a free page may hold anything
}

void TestCliSurgery::surgeryClearPage() {
    const CliRun cleared = run("surgery clear-page SOURCE --output OUTPUT --pageId 65");
    QVERIFY2(cleared.status == 0, cleared.err.constData());
    COMPARE_JSON(page("65").at("count"), 0);
    COMPARE_JSON(page("65").at("overflow"), 0);
    goOn();
    const CliRun again = run("surgery clear-page SOURCE --output OUTPUT --page-id 65");
    QCOMPARE(again.status, 0);
    QVERIFY2(again.out.contains("nothing to change"), again.out.constData());
}

void TestCliSurgery::surgeryClearPageElements_withoutOverflow() {
    const json pages = run("pages SOURCE --json").json();
    const auto found = std::find_if(pages.begin(), pages.end(), [](const json& each) {
        return each.at("kind") == "leaf" && each.at("count") > 3 && each.at("overflow") == 0;
    });
    QVERIFY(found != pages.end());
    const std::string leaf = std::to_string(found->at("id").get<int>());
    const json before = run(("page SOURCE --json " + leaf).c_str()).json().at(0);
    const std::size_t count = before.at("items").size();
    QVERIFY(count > 2);
    const CliRun cleared = run(("surgery clear-page-elements SOURCE --output OUTPUT --pageId " +
                                leaf + " --from-index 1 --to-index 2")
                                   .c_str());
    QVERIFY2(cleared.status == 0, cleared.err.constData());
    const json after = page(leaf.c_str());
    QCOMPARE(after.at("items").size(), count - 1);
    COMPARE_JSON(after.at("items").at(0).at("key"), before.at("items").at(0).at("key"));
    COMPARE_JSON(after.at("items").at(1).at("key"), before.at("items").at(2).at("key"));
    COMPARE_JSON(after.at("problems"), json::array());
}

void TestCliSurgery::surgeryClearPageElements_withOverflow() {
    const json before = run("page SOURCE --json 65").json().at(0);
    COMPARE_JSON(before.at("overflow"), 2);
    const CliRun cleared = run("surgery clear-page-elements SOURCE --output OUTPUT --pageId 65 "
                               "--from-index 0 --to-index -1");
    QVERIFY2(cleared.status == 0, cleared.err.constData());
    QVERIFY2(cleared.err.contains("freelist abandon"), cleared.err.constData());
    COMPARE_JSON(page("65").at("overflow"), 0);
    QCOMPARE(run("check OUTPUT").status, 1); // pages 66 and 67 leak
    goOn();
    QCOMPARE(run("surgery freelist abandon SOURCE --output OUTPUT").status, 0);
    goOn();
    QCOMPARE(run("surgery freelist rebuild SOURCE --output OUTPUT").status, 0);
    verifySound();
}

void TestCliSurgery::surgeryFreelistAbandonAndRebuild() {
    const QByteArray digest = run("digest SOURCE").out;
    QVERIFY(run("info SOURCE --json").json().at("freelist").is_number());
    QCOMPARE(run("surgery freelist abandon SOURCE --output OUTPUT").status, 0);
    COMPARE_JSON(run("info OUTPUT --json").json().at("freelist"), nullptr);
    goOn();
    QCOMPARE(run("surgery freelist rebuild SOURCE --output OUTPUT").status, 0);
    QVERIFY(run("info OUTPUT --json").json().at("freelist").is_number());
    QCOMPARE(run("digest OUTPUT").out, digest);
    verifySound();
}

void TestCliSurgery::surgeryFreelistRebuild_alreadyExists() {
    const CliRun rebuilt = run("surgery freelist rebuild SOURCE --output OUTPUT");
    QCOMPARE(rebuilt.status, 1);
    QVERIFY2(rebuilt.err.contains("has a freelist already"), rebuilt.err.constData());
    QVERIFY(!QFile::exists(m_output));
}

void TestCliSurgery::surgeryMetaValidate() {
    const CliRun sound = run("surgery meta validate SOURCE");
    QCOMPARE(sound.status, 0);
    QCOMPARE(sound.out, QByteArray("meta page 0 is valid\nmeta page 1 is valid\n"));
    QByteArray bytes = m_before;
    bytes[40] = static_cast<char>(bytes[40] ^ 1); // the root sequence of meta 0
    QFile damagedFile(m_output);
    QVERIFY(damagedFile.open(QIODevice::WriteOnly));
    damagedFile.write(bytes);
    damagedFile.close();
    goOn();
    const CliRun damaged = run("surgery meta validate SOURCE --json");
    QCOMPARE(damaged.status, 1);
    COMPARE_JSON(damaged.json().at(0).at("valid"), false);
    QVERIFY(damaged.json().at(0).at("error").is_string());
    COMPARE_JSON(damaged.json().at(1).at("valid"), true);
    QCOMPARE(run("surgery meta update SOURCE --output OUTPUT --meta-page 0").status, 0);
    QCOMPARE(run("surgery meta validate OUTPUT").status, 0);
}

void TestCliSurgery::surgeryMetaUpdate_data() {
    QTest::addColumn<QString>("field");
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("number");
    QTest::addColumn<int>("metaPage");
    for (int metaPage = 0; metaPage < 2; ++metaPage) {
        const auto row = [&](const char* field, const char* name, int number) {
            QTest::addRow("%s of meta %d", field, metaPage)
                << QString::fromUtf8(field) << QString::fromUtf8(name) << number << metaPage;
        };
        row("root", "root", 17);
        row("freelist", "freelist", 18);
        row("pgid", "high_water", 60);
        row("pageSize", "page_size", 2048);
    }
}

void TestCliSurgery::surgeryMetaUpdate() {
    QFETCH(QString, field);
    QFETCH(QString, name);
    QFETCH(int, number);
    QFETCH(int, metaPage);
    const CliRun updated = run(
        QStringLiteral("surgery meta update SOURCE --output OUTPUT --meta-page %1 --fields %2:%3")
            .arg(metaPage)
            .arg(field)
            .arg(number)
            .toUtf8()
            .constData());
    QVERIFY2(updated.status == 0, updated.err.constData());
    // The meta as it stands: the page size that it states now is not that of the file.
    const json metas = run("page OUTPUT 0 --json --fields").json();
    QVERIFY(metas.is_array());
    const json before = run("info SOURCE --json").json().at("metas");
    QByteArray bytes = contents(m_output);
    const int at = metaPage * 1024;
    const auto number64 = [&](int offset) {
        quint64 value = 0;
        std::copy_n(bytes.constData() + at + offset, 8,
                    static_cast<char*>(static_cast<void*>(&value)));
        return value;
    };
    const auto& old = before.at(static_cast<std::size_t>(metaPage));
    const auto expected = [&](const char* member) {
        return name == QLatin1String(member) ? static_cast<quint64>(number)
                                             : old.at(member).get<quint64>();
    };
    QCOMPARE(number64(32), expected("root"));
    QCOMPARE(number64(48), expected("freelist"));
    QCOMPARE(number64(56), expected("high_water"));
    QCOMPARE(number64(24) & 0xFFFFFFFFU, expected("page_size"));
    QCOMPARE(number64(24) >> 32U, quint64{4}); // the flags, as bbolt's tool sets them
    QCOMPARE(bytes.mid((1 - metaPage) * 1024, 1024), m_before.mid((1 - metaPage) * 1024, 1024));
}

void TestCliSurgery::surgeryFindPath() {
    const json found = run("surgery find-path SOURCE dracula --json").json().at("paths");
    const QByteArray text = run("surgery find-path SOURCE dracula").out;
    QCOMPARE(text.count('\n'), static_cast<qsizetype>(found.size()));
    QVERIFY(found.size() > 0);
    const json traced = run("get SOURCE books dracula --trace --json").json().at("pages");
    QVERIFY(std::find(found.begin(), found.end(), traced) != found.end());
    const CliRun missing = run("surgery find-path SOURCE nosuchkey");
    QCOMPARE(missing.status, 1);
    QVERIFY(missing.out.isEmpty());
}

void TestCliSurgery::surgeryRefusals_data() {
    QTest::addColumn<QByteArray>("said");
    QTest::addColumn<int>("status");
    const auto row = [](const char* arguments, const char* said, int status = 2) {
        QTest::newRow(arguments) << QByteArray(said) << status;
    };
    row("surgery", "subcommand");
    row("surgery revert-meta-page", "FILE");
    row("surgery revert-meta-page SOURCE", "--output");
    row("surgery copy-page SOURCE --output OUTPUT --from-page 3", "--to-page");
    row("surgery copy-page SOURCE --output OUTPUT --from-page 3 --to-page 3", "are one");
    row("surgery copy-page SOURCE --output OUTPUT --from-page 3 --to-page 99999", "past the end",
        1);
    row("surgery clear-page SOURCE --output OUTPUT", "--page-id");
    row("surgery clear-page SOURCE --output OUTPUT --pageId 1", "from 2 on");
    row("surgery clear-page SOURCE --output OUTPUT --pageId 99999", "no such page", 1);
    row("surgery clear-page-elements SOURCE --output OUTPUT --pageId 76 --from-index 0",
        "--to-index");
    row("surgery clear-page-elements SOURCE --output OUTPUT --pageId 76 --from-index 9999 "
        "--to-index -1",
        "start index 9999 is out of range", 1);
    row("surgery clear-page-elements SOURCE --output OUTPUT --pageId 76 --from-index 0 --to-index "
        "9999",
        "end index 9999 is out of range", 1);
    row("surgery clear-page-elements SOURCE --output OUTPUT --pageId 76 --from-index 1 --to-index "
        "1",
        "expected an index behind --from-index 1, found 1");
    row("surgery freelist rebuild SOURCE --output OUTPUT", "has a freelist already", 1);
    row("surgery copy-page SOURCE --output OUTPUT --from-page 3 --to-page 1", "another kind");
    row("surgery freelist", "subcommand");
    row("surgery freelist abandon SOURCE", "--output");
    row("surgery freelist rebuild SOURCE", "--output");
    row("surgery meta validate", "FILE");
    row("surgery meta update SOURCE --output OUTPUT", "--meta-page");
    row("surgery meta update SOURCE --output OUTPUT --meta-page 2", "expected 0 or 1");
    row("surgery meta update SOURCE --output OUTPUT --meta-page 0 --fields depth:3", "depth:3");
    row("surgery meta update SOURCE --output OUTPUT --meta-page 0 --fields root:x",
        "\"x\" of root");
    row("surgery meta update SOURCE --output OUTPUT --meta-page 0 --fields pageSize:5", "5 bytes");
}

void TestCliSurgery::surgeryRefusals() {
    QFETCH(QByteArray, said);
    QFETCH(int, status);
    const CliRun refused = run(QTest::currentDataTag());
    QCOMPARE(refused.status, status);
    QVERIFY2(refused.err.contains(said), refused.err.constData());
    QVERIFY(!QFile::exists(m_output));
}

void TestCliSurgery::surgeryNeverReplacesAFile() {
    QFile there(m_output);
    QVERIFY(there.open(QIODevice::WriteOnly));
    there.write("precious");
    there.close();
    QCOMPARE(run("surgery revert-meta-page SOURCE --output OUTPUT").status, 2);
    QCOMPARE(contents(m_output), QByteArray("precious"));
    m_output = m_dir.filePath(QStringLiteral("no.db"));
    QCOMPARE(run("surgery revert-meta-page /nowhere/no.db --output OUTPUT").status, 3);
    QVERIFY(!QFile::exists(m_output));
}

QTEST_GUILESS_MAIN(TestCliSurgery)
#include "tst_cli_surgery.moc"
