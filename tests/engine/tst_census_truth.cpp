// SPDX-License-Identifier: MIT
// The census against the truth of every shared database: what each page of the file is, what each
// bucket holds, and what a damaged file is blamed for.
#include "pagescape/census.h"
#include "support/truth_fixture.h"

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

using namespace pagescape;
using namespace pagescape::test;
using nlohmann::json;

namespace {

/// One page as bbolt's `pages` sees it.
struct ExpectedPage {
    std::string kind;
    std::uint16_t count = 0;
    std::uint32_t overflow = 0;
};

/// Every page of the file that bbolt's list settles: the named ones, those inside their runs, the
/// free ones, the tail.
std::map<std::uint64_t, ExpectedPage> expectedPages(const json& truth, std::uint64_t filePages) {
    const json& list = truth.at("bbolt").at("pages");
    const auto highWater = truth.at("summary").at("high_water").get<std::uint64_t>();
    std::map<std::uint64_t, ExpectedPage> pages;
    for (const json& row : list.at("rows")) {
        const auto id = row.at(0).get<std::uint64_t>();
        const auto type = row.at(1).get<std::string>();
        const bool isUnknown = type.rfind("unknown", 0) == 0;
        pages[id] = {isUnknown ? "problem" : type, row.at(2).get<std::uint16_t>(),
                     row.at(3).get<std::uint32_t>()};
    }
    for (const json& run : list.at("free_runs")) {
        for (auto id = run.at(0).get<std::uint64_t>(); id <= run.at(1).get<std::uint64_t>(); ++id) {
            pages[id] = {"free"};
        }
    }
    for (std::uint64_t id = highWater; id < filePages; ++id) {
        pages[id] = {"tail"};
    }
    return pages;
}

std::string textOf(const PageRow& row) {
    return std::string(pageKindName(row.kind)) + " count " + std::to_string(row.count) +
           " overflow " + std::to_string(row.overflow);
}

std::string pathText(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) {
        text += '/';
        for (const char c : name) {
            constexpr char kDigits[] = "0123456789abcdef";
            text += kDigits[static_cast<unsigned char>(c) >> 4];
            text += kDigits[static_cast<unsigned char>(c) & 15];
        }
    }
    return text;
}

/// What the census has to say about a damaged file.
struct Blame {
    const char* name;
    std::uint64_t page;
    const char* text; ///< part of the problem's text
};

constexpr Blame kBlames[] = {
    {"bad-branch-cycle-self.db", 18, "refers to itself"},
    {"bad-branch-cycle-self.db", 5, "neither reachable nor free"},
    {"bad-branch-past-high-water.db", 18, "refers to page 32, outside [2, 29)"},
    {"bad-freelist-duplicate.db", 16, "more than once"},
    {"bad-freelist-leak.db", 27, "2 pages are neither reachable nor free"},
    {"bad-freelist-pgid-range.db", 0, "freelist at page 34, outside [2, 29)"},
    {"bad-freelist-reachable.db", 5, "in use and in the freelist"},
    {"bad-inline-count.db", 4, "500 elements"},
    {"bad-leaf-count-ffff.db", 5, "65535 elements"},
    {"bad-magic-both.db", 0, "magic"},
    {"bad-meta-both-checksum.db", 1, "Checksum"},
    {"bad-meta0-checksum.db", 0, "Checksum"},
    {"bad-meta1-checksum.db", 1, "Checksum"},
    {"bad-overflow-past-eof.db", 14, "overlaps page 15"},
    {"bad-overflow-past-eof.db", 14, "runs past page 29"},
    {"bad-page-flags-unknown.db", 5, "type flags 128"},
    {"bad-page-id-wrong.db", 5, "says it is page 4242"},
    {"bad-root-zero.db", 0, "outside [2, 29)"},
    {"bad-root-zero.db", 2, "18 pages are neither reachable nor free"},
    {"bad-truncate-1-page.db", 0, "shorter than its high-water mark"},
    {"bad-truncate-mid-page.db", 24, "past page 26, the end of the file"},
    {"bad-version-both.db", 0, "ersion"},
};

} // namespace

class TestCensusTruth : public TruthFixture {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { requireSharedData(); }
    void everyPageIsWhatBboltSays_data() { addRows(); }
    void everyPageIsWhatBboltSays();
    void bucketsAreThoseOfTheWalk_data() { addRows(); }
    void bucketsAreThoseOfTheWalk();
    void healthyFilesHaveNoProblem_data() { addRows(); }
    void healthyFilesHaveNoProblem();
    void namesTheDamage_data();
    void namesTheDamage();

private:
    std::shared_ptr<const PageFile> open() {
        auto file = openPages(truth());
        return file ? std::make_shared<const PageFile>(*std::move(file)) : nullptr;
    }
};

void TestCensusTruth::everyPageIsWhatBboltSays() {
    const Truth truth = this->truth();
    const auto file = open();
    if (!file) {
        QCOMPARE(truth.name, std::string("bad-zero-length.db"));
        return;
    }
    Census census(file);
    QVERIFY(census.run());
    QCOMPARE(census.stage(), CensusStage::Done);
    std::uint64_t kinds = 0;
    for (const std::uint64_t count : census.kindCounts()) {
        kinds += count;
    }
    QCOMPARE(kinds, census.pageCount());
    if (truth.json.at("bbolt").at("pages").at("outcome") != "ok") {
        return; // bbolt gives no list
    }
    const auto expected = expectedPages(truth.json, census.pageCount());
    for (const auto& [id, page] : expected) {
        PageRow row = census.row(PageId{id});
        if (page.kind == "free") {
            row.count = 0; // bbolt does not look into free pages; one that is also in use was read
        }
        const std::string wanted = page.kind + " count " + std::to_string(page.count) +
                                   " overflow " + std::to_string(page.overflow);
        QVERIFY2(textOf(row) == wanted,
                 ("page " + std::to_string(id) + " is " + textOf(row) + ", bbolt says " + wanted)
                     .c_str());
    }
    // What bbolt does not name lies inside a run it names.
    for (std::uint64_t id = 0; id < census.pageCount(); ++id) {
        const PageRow row = census.row(PageId{id});
        QVERIFY(row.kind != PageKind::NotRead);
        if (expected.count(id) == 0 && truth.name != "bad-overflow-past-eof.db") {
            QVERIFY(row.kind == PageKind::Overflow || row.kind == PageKind::Leaked);
        }
    }
}

void TestCensusTruth::bucketsAreThoseOfTheWalk() {
    const Truth truth = this->truth();
    const json& walk = truth.json.at("bbolt").at("walk");
    const auto file = open();
    if (!file || walk.at("outcome") != "ok") {
        return;
    }
    Census census(file);
    QVERIFY(census.run());
    std::map<std::string, BucketInfo> found;
    for (BucketIndex i = 0; i < census.bucketCount(); ++i) {
        found[pathText(census.bucketPath(i))] = census.bucket(i);
    }
    std::map<std::string, std::uint64_t> inlineBuckets;
    std::size_t paged = 0;
    std::uint64_t entriesInList = 0;
    for (const json& bucket : walk.at("bucket_list")) {
        const auto path = bucket.at("path").get<std::string>();
        if (bucket.at("inline").get<bool>()) {
            ++inlineBuckets[path.substr(0, path.rfind('/'))];
            continue;
        }
        ++paged;
        QVERIFY2(found.count(path) == 1, path.c_str());
        const BucketInfo& info = found[path];
        QCOMPARE(info.root.value, bucket.at("root").get<std::uint64_t>());
        QCOMPARE(info.level, bucket.at("level").get<std::uint32_t>());
        const auto entries =
            bucket.at("pairs").get<std::uint64_t>() + bucket.at("buckets").get<std::uint64_t>();
        entriesInList += entries;
        if (truth.content().empty()) {
            QCOMPARE(info.sequence, bucket.at("sequence").get<std::uint64_t>());
            QCOMPARE(info.entries, entries);
        }
    }
    QVERIFY(entriesInList > 0 || truth.json.at("summary").at("pairs") == 0);
    QCOMPARE(found.size(), paged);
    std::uint64_t leafPages = 0;
    std::uint64_t branchPages = 0;
    std::uint64_t overflowPages = 0;
    for (const auto& [path, info] : found) {
        QCOMPARE(info.inlineBuckets, inlineBuckets[path]);
        leafPages += info.leafPages;
        branchPages += info.branchPages;
        overflowPages += info.overflowPages;
    }
    if (truth.content().empty()) {
        const json& strict = truth.json.at("strict");
        QCOMPARE(leafPages, strict.at("leaf_pages").get<std::uint64_t>());
        QCOMPARE(branchPages, strict.at("branch_pages").get<std::uint64_t>());
        QCOMPARE(overflowPages, strict.at("overflow_pages").get<std::uint64_t>());
        // bbolt's sum over the whole tree, inline pages not counted.
        const json& stats = walk.at("bucket_list").at(0).at("stats");
        std::uint64_t used = 0;
        for (const auto& [path, info] : found) {
            used += info.usedBytes;
        }
        QCOMPARE(used, stats.at("LeafInuse").get<std::uint64_t>() +
                           stats.at("BranchInuse").get<std::uint64_t>());
    }
}

void TestCensusTruth::healthyFilesHaveNoProblem() {
    const Truth truth = this->truth();
    const auto file = open();
    if (!file || !truth.content().empty()) {
        return;
    }
    Census census(file);
    QVERIFY(census.run());
    const auto problems = census.problems();
    QVERIFY2(problems.empty(), problems.empty() ? "" : problems.front().text.c_str());
    QCOMPARE(census.freelistIds(), truth.json.at("strict").at("freelist_ids").get<std::uint64_t>());
    const auto whole = census.isWhole();
    QVERIFY(whole && *whole);
    for (std::uint64_t id = 0; id < census.pageCount(); ++id) {
        QVERIFY(!census.hasProblem(PageId{id}));
    }
}

void TestCensusTruth::namesTheDamage_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<qulonglong>("page");
    QTest::addColumn<QString>("text");
    for (const Blame& blame : kBlames) {
        QTest::addRow("%s page %llu %s", blame.name, static_cast<unsigned long long>(blame.page),
                      blame.text)
            << blame.name << qulonglong{blame.page} << blame.text;
    }
}

void TestCensusTruth::namesTheDamage() {
    QFETCH(qulonglong, page);
    QFETCH(QString, text);
    const auto file = open();
    QVERIFY(file);
    Census census(file);
    QVERIFY(census.run());
    const auto problems = census.problems();
    const bool isNamed =
        std::any_of(problems.begin(), problems.end(), [&](const CensusProblem& problem) {
            return problem.page.value == page &&
                   problem.text.find(text.toStdString()) != std::string::npos;
        });
    std::string all;
    for (const CensusProblem& problem : problems) {
        all += std::to_string(problem.page.value) + ": " + problem.text + '\n';
    }
    QVERIFY2(isNamed, all.c_str());
    QVERIFY(census.hasProblem(PageId{page}));
}

QTEST_GUILESS_MAIN(TestCensusTruth)
#include "tst_census_truth.moc"
