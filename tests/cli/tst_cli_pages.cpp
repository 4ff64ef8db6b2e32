// SPDX-License-Identifier: MIT
// The commands that show pages as they stand in the file, and counts that must agree among
// commands.
#include "cli_runner.h"

#include <QFileInfo>
#include <QTest>

#include <algorithm>
#include <vector>

using namespace pagescape::test;
using nlohmann::json;

class TestCliPages : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void decodesEveryByteOfAPage();
    void dumpsTheBytesOfAPage();
    void pageItemAgreesWithGet();
    void inspectIndentsAsBbolt();
    void countsTheSameEverywhere();
    void namesOwnersAndLives();
    void looksAtPagesOfForeignFiles();
};

void TestCliPages::decodesEveryByteOfAPage() {
    const json pages =
        runCli(withFile("page FILE --all --fields --json", sample("library.db"))).json();
    QVERIFY(pages.size() > 60);
    for (const json& page : pages) {
        std::uint64_t covered = 0;
        for (const json& field : page.at("fields")) {
            const auto begin = field.at("begin").get<std::uint64_t>();
            QVERIFY(begin <= covered);
            covered = std::max(covered,
                               begin == covered ? field.at("end").get<std::uint64_t>() : covered);
        }
        QVERIFY2(page.at("problems").empty(), page.at("problems").dump().c_str());
        COMPARE_JSON(page.at("id"), page.at("header_id"));
    }
}

void TestCliPages::dumpsTheBytesOfAPage() {
    const QString file = sample("library.db");
    const json pages = runCli(withFile("dump FILE 0 75 --json", file)).json();
    COMPARE_JSON(pages.at(1).at("offset"), 75 * 1024);
    QCOMPARE(QByteArray::fromStdString(pages.at(1).at("hex").get<std::string>()),
             contents(file).mid(75 * 1024, 1024).toHex());
    const QList<QByteArray> lines = runCli(withFile("dump FILE 0", file)).out.split('\n');
    QCOMPARE(lines.first(), QByteArray("0000000 0000 0000 0000 0000 0400 0000 0000 0000"));
    QVERIFY(lines.at(6).endsWith(" *")); // zeros behind the meta
    QCOMPARE(lines.at(7), QByteArray("00003f0 0000 0000 0000 0000 0000 0000 0000 0000"));
}

void TestCliPages::pageItemAgreesWithGet() {
    const QString file = sample("library.db");
    const json page = runCli(withFile("page FILE 65 --json", file)).json().at(0);
    COMPARE_JSON(page.at("overflow"), 2);
    const QString key = QString::fromStdString(page.at("items").at(0).at("key"));
    const CliRun item = runCli(withFile("page-item FILE 65 0 --value-only --format raw", file));
    const CliRun got = runCli({QStringLiteral("get"), file, QStringLiteral("excerpts"), key,
                               QStringLiteral("--format"), QStringLiteral("raw")});
    QCOMPARE(got.status, 0);
    QVERIFY(got.out.size() > 1024);
    QCOMPARE(item.out, got.out);
    QCOMPARE(runCli(withFile("page-item FILE 65 0 --key-only", file)).out, key.toUtf8() + '\n');
}

void TestCliPages::inspectIndentsAsBbolt() {
    const CliRun run = runCli(withFile("inspect FILE --json", sample("library.db")));
    QVERIFY2(run.out.startsWith("{\n    \"name\": \"root\",\n"), run.out.constData());
    QVERIFY2(run.out.contains("\n    \"buckets\": [\n        {\n            \"name\": "),
             run.out.constData());
}

void TestCliPages::countsTheSameEverywhere() {
    const QString file = sample("library.db");
    const json digest = runCli(withFile("digest FILE --json", file)).json();
    const json stats = runCli(withFile("stats FILE --json", file)).json();
    const json tree = runCli(withFile("inspect FILE --json", file)).json();
    std::uint64_t pairs = 0;
    std::uint64_t buckets = 0;
    std::vector<const json*> open{&tree};
    while (!open.empty()) {
        const json* bucket = open.back();
        open.pop_back();
        pairs += bucket->at("keyN").get<std::uint64_t>();
        if (bucket->contains("buckets")) {
            for (const json& child : bucket->at("buckets")) {
                ++buckets;
                open.push_back(&child);
            }
        }
    }
    QCOMPARE(pairs, digest.at("pairs").get<std::uint64_t>());
    QCOMPARE(buckets, digest.at("buckets").get<std::uint64_t>());
    COMPARE_JSON(stats.at("BucketN"), digest.at("buckets"));
    const json pages = runCli(withFile("pages FILE --json", file)).json();
    QCOMPARE(pages.size(), static_cast<std::size_t>(QFileInfo(file).size() / 1024));
}

void TestCliPages::namesOwnersAndLives() {
    const json pages = runCli(withFile("pages FILE --json", sample("library.db"))).json();
    COMPARE_JSON(pages.at(76).at("bucket"), "books");
    COMPARE_JSON(pages.at(76).at("depth"), 0);
    COMPARE_JSON(pages.at(69).at("bucket"), "loans/2026-02");
    COMPARE_JSON(pages.at(65).at("overflow"), 2);
    COMPARE_JSON(pages.at(66).at("kind"), "overflow");
    COMPARE_JSON(pages.at(66).at("bucket"), "excerpts");
    COMPARE_JSON(pages.at(66).at("fill"), nullptr);
    const auto lives = [&](const char* life) {
        return std::count_if(pages.begin(), pages.end(),
                             [&](const json& page) { return page.at("life") == life; });
    };
    QCOMPARE(lives("active-meta"), 1);
    QCOMPARE(lives("stale-meta"), 1);
    QVERIFY(lives("previous") > 0);
    QCOMPARE(lives("tail"), 44);
    for (const json& page : pages) {
        if (page.at("kind") == "leaf" || page.at("kind") == "branch") {
            QVERIFY(page.at("fill") > 0.0 && page.at("fill") <= 1.0);
            QVERIFY(page.at("bucket").is_string());
        }
    }
}

void TestCliPages::looksAtPagesOfForeignFiles() {
    const QString text = sample("README.md");
    const CliRun page = runCli(withFile("page FILE 0 --json --page-size 512", text));
    QCOMPARE(page.status, 0);
    QVERIFY(!page.json().at(0).at("problems").empty());
    COMPARE_JSON(page.json().at(0).at("total_size"), 512);
    const CliRun assumed = runCli(withFile("dump FILE 0 --json", text));
    QCOMPARE(assumed.status, 0);
    QCOMPARE(QByteArray::fromStdString(assumed.json().at(0).at("hex")),
             contents(text).left(4096).toHex());
    QVERIFY2(assumed.err.contains("are assumed"), assumed.err.constData());
}

QTEST_GUILESS_MAIN(TestCliPages)
#include "tst_cli_pages.moc"
