// SPDX-License-Identifier: MIT
// Every shared database: the census against the page list that bbolt gives (its `pages` command).
#include "pagescape/census.h"
#include "support/truth_fixture.h"

#include <map>

using namespace pagescape;
using namespace pagescape::test;
using nlohmann::json;

namespace {

/// Pages that we call otherwise than bbolt, which believes any header; and why.
const std::map<std::string, std::map<std::uint64_t, PageKind>>& knownBetter() {
    static const std::map<std::string, std::map<std::uint64_t, PageKind>> pages = {
        // bbolt prints "unknown<80>".
        {"bad-page-flags-unknown.db", {{5, PageKind::Problem}}},
    };
    return pages;
}

} // namespace

class TestTruthPages : public TruthFixture {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { requireSharedData(); }
    void pagesAgree_data() { addRows(); }
    void pagesAgree();
    void everyPageHasOneKind_data() { addRows(); }
    void everyPageHasOneKind();
};

void TestTruthPages::pagesAgree() {
    const Truth truth = this->truth();
    const json& pages = truth.json.at("bbolt").at("pages");
    if (pages.at("outcome") != "ok") {
        QVERIFY(!truth.content().empty());
        return;
    }
    auto file = openPages(truth);
    QVERIFY(file);
    Census census(std::make_shared<const PageFile>(*std::move(file)));
    QVERIFY(census.run());
    const auto better = knownBetter().find(truth.name);
    for (const json& row : pages.at("rows")) {
        const PageId id{row.at(0).get<std::uint64_t>()};
        const PageRow ours = census.row(id);
        const QString where = QStringLiteral("page %1 is %2")
                                  .arg(id.value)
                                  .arg(QString::fromUtf8(pageKindName(ours.kind).data()));
        if (better != knownBetter().end() && better->second.contains(id.value)) {
            QVERIFY2(ours.kind == better->second.at(id.value), qPrintable(where));
        } else {
            QVERIFY2(pageKindName(ours.kind) == row.at(1).get<std::string>(), qPrintable(where));
        }
        QCOMPARE(ours.count, row.at(2).get<std::uint16_t>());
        QCOMPARE(ours.overflow, row.at(3).get<std::uint32_t>());
    }
    for (const json& run : pages.at("free_runs")) {
        for (auto id = run.at(0).get<std::uint64_t>(); id <= run.at(1).get<std::uint64_t>(); ++id) {
            QCOMPARE(pageKindName(census.row(PageId{id}).kind), std::string_view("free"));
        }
    }
}

void TestTruthPages::everyPageHasOneKind() {
    const Truth truth = this->truth();
    auto file = openPages(truth);
    if (!file || file->layout().openError) {
        QVERIFY(truth.content() == "none");
        return;
    }
    const auto pageCount = file->layout().pageCount;
    Census census(std::make_shared<const PageFile>(*std::move(file)));
    QVERIFY(census.run());
    QCOMPARE(census.pageCount(), pageCount);
    const auto counts = census.kindCounts();
    std::uint64_t sum = 0;
    for (const std::uint64_t count : counts) {
        sum += count;
    }
    QCOMPARE(sum, pageCount);
    QCOMPARE(counts[static_cast<std::size_t>(PageKind::NotRead)], 0U);
    QCOMPARE(census.freelistIds(), truth.json.at("strict").at("freelist_ids").get<std::uint64_t>());
}

QTEST_GUILESS_MAIN(TestTruthPages)
#include "tst_truth_pages.moc"
