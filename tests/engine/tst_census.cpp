// SPDX-License-Identifier: MIT
// The census on small files made page by page: what each stage knows, buckets and paths, the
// previous version, and the cost of a row.
#include "support/census_fixture.h"

#include <filesystem>
#include <fstream>

using namespace pagescape;
using namespace pagescape::test;

namespace {

constexpr std::uint64_t kNone = format::kNoFreelist;

} // namespace

class TestCensus : public CensusFixture {
    Q_OBJECT

private Q_SLOTS:
    void knowsTailAndFreePagesAfterStage0();
    void knowsBranchesAndExpectsLeavesAfterStage1();
    void confirmsLeavesInStage2();
    void readsBucketsNestedInLeaves();
    void listsPathsThroughHeaderLeaves();
    void countsWhatABucketHolds();
    void marksPagesOnlyTheOtherMetaReaches();
    void freePagesAreUnknownWithoutStoredList();
    void readsEscapedFreelist();
    void keepsOverflowCountsBeyond16Bits();
    void noticesACommitMeanwhile();
    void countsTailPagesWithoutVisitingThem();
    void copiesStatesInOneCall();
};

void TestCensus::knowsTailAndFreePagesAfterStage0() {
    Census census(open(deepFile()));
    QVERIFY(census.readMetas());
    QCOMPARE(census.stage(), CensusStage::Branches);
    QVERIFY(census.freePagesKnown());
    QCOMPARE(text(census), QStringLiteral("meta meta freelist not-read not-read not-read not-read "
                                          "not-read not-read not-read not-read free tail tail"));
    QCOMPARE(census.row(PageId{1}).life, PageLife::ActiveMeta);
    QCOMPARE(census.row(PageId{0}).life, PageLife::StaleMeta);
    QCOMPARE(census.freelistIds(), 1U);
    QCOMPARE(census.highWater(), PageId{12});
}

void TestCensus::knowsBranchesAndExpectsLeavesAfterStage1() {
    Census census(open(deepFile()));
    QVERIFY(census.readBranches());
    QCOMPARE(census.stage(), CensusStage::Leaves);
    QCOMPARE(text(census), QStringLiteral("meta meta freelist leaf branch branch branch "
                                          "leaf? leaf? leaf? leaf? free tail tail"));
    const PageRow expected = census.row(PageId{8});
    QCOMPARE(expected.count, std::uint16_t{0}); // not read yet
    QCOMPARE(expected.depth, std::uint8_t{2});
    QCOMPARE(expected.parent, 5U);
    QCOMPARE(expected.bucket, BucketIndex{1});
}

void TestCensus::confirmsLeavesInStage2() {
    Census census(open(deepFile()));
    QVERIFY(census.run());
    QCOMPARE(text(census), QStringLiteral("meta meta freelist leaf branch branch branch "
                                          "leaf leaf leaf leaf free tail tail"));
    const PageRow leaf = census.row(PageId{8});
    QCOMPARE(leaf.count, std::uint16_t{2});
    QCOMPARE(leaf.fill, std::uint8_t{(16 + 2 * 16 + 4) * 255 / 1024});
    QVERIFY(census.problems().empty());
}

void TestCensus::readsBucketsNestedInLeaves() {
    Census census(open(soundFile()));
    QVERIFY(census.run());
    QCOMPARE(text(census), QStringLiteral("meta meta freelist leaf branch leaf leaf overflow leaf "
                                          "free tail tail"));
    QCOMPARE(census.bucketCount(), std::size_t{3});
    QCOMPARE(census.bucketPath(2), (std::vector<std::string>{"tree", "d"}));
    QCOMPARE(census.bucketPath(0), std::vector<std::string>{});
    QCOMPARE(census.owner(PageId{8}), BucketIndex{2});
    QCOMPARE(census.owner(PageId{2}), kNoBucket);
    const BucketInfo nested = census.bucket(2);
    QCOMPARE(nested.headerPage, PageId{5});
    QCOMPARE(nested.headerElement, 1U);
    QCOMPARE(nested.level, 2U);
}

void TestCensus::listsPathsThroughHeaderLeaves() {
    Census census(open(soundFile()));
    QVERIFY(census.run());
    QCOMPARE(numbers(census.pathTo(PageId{8})), QStringLiteral("3 4 5 8"));
    QCOMPARE(numbers(census.pathTo(PageId{7})), QStringLiteral("3 4 6 7")); // a continuation page
    QCOMPARE(numbers(census.pathTo(PageId{3})), QStringLiteral("3"));
    QCOMPARE(numbers(census.pathTo(PageId{9})), QString()); // free
    QCOMPARE(numbers(census.pathTo(PageId{2})), QString()); // freelist
    QCOMPARE(numbers(census.pathTo(PageId{77})), QString());
}

void TestCensus::countsWhatABucketHolds() {
    Census census(open(soundFile()));
    QVERIFY(census.run());
    QCOMPARE(census.bucket(0).inlineBuckets, 1U);
    QCOMPARE(census.bucket(0).entries, 2U);
    const BucketInfo tree = census.bucket(1);
    QCOMPARE(tree.name, std::string("tree"));
    QCOMPARE(tree.sequence, 7U);
    QCOMPARE(tree.branchPages, 1U);
    QCOMPARE(tree.leafPages, 2U);
    QCOMPARE(tree.overflowPages, 1U);
    QCOMPARE(tree.entries, 5U);
    QCOMPARE(tree.height, 2U);
}

void TestCensus::marksPagesOnlyTheOtherMetaReaches() {
    FileBuilder file = soundFile();
    // The version before had another root leaf (9) and freelist (10); it shares bucket "tree".
    file.leaf(9, {bucketItem("gone", 11, 0), bucketItem("tree", 4, 7)});
    file.freelist(10, {});
    file.leaf(11, {{"k", std::string(1200, 'v')}}, 1);
    file.bytes().resize(1024 * 16);
    file.freelist(2, {9, 10, 11, 12, 13});
    file.meta(3, 9, 10, 14);
    file.meta(4, 3, 2, 14);
    QCOMPARE(scanned(file),
             QStringLiteral("meta meta freelist leaf branch leaf leaf overflow leaf free/previous "
                            "free/previous free/previous free/previous free tail tail"));
    file.poke(1, 72, std::uint64_t{0}); // an invalid meta reaches nothing
    QCOMPARE(scanned(file),
             QStringLiteral("meta meta! freelist leaf branch leaf leaf overflow leaf "
                            "free free free free free tail tail"));
}

void TestCensus::freePagesAreUnknownWithoutStoredList() {
    FileBuilder file = deepFile();
    file.meta(2, 3, kNone, 12);
    file.meta(3, 3, kNone, 12);
    Census census(open(file));
    QVERIFY(census.readBranches());
    QVERIFY(!census.freePagesKnown());
    QCOMPARE(census.row(PageId{11}).kind, PageKind::NotRead);
    QVERIFY(census.run());
    QVERIFY(census.freePagesKnown());
    QCOMPARE(census.row(PageId{11}).kind, PageKind::Free);
    QCOMPARE(census.row(PageId{2}).life, PageLife::Free);
    QCOMPARE(census.kindCounts()[static_cast<std::size_t>(PageKind::Free)], 2U);
    QCOMPARE(census.lifeCounts()[static_cast<std::size_t>(PageLife::Free)], 2U);
    QVERIFY(census.problems().empty());
}

void TestCensus::readsEscapedFreelist() {
    // 70000 ids do not fit the header's count: 0xFFFF there, the real number in front of the ids.
    constexpr std::uint64_t kIds = 70000;
    constexpr std::uint32_t kOverflow = (16 + 8 + 8 * kIds) / 128;
    constexpr std::uint64_t kFirst = 4 + kOverflow;
    FileBuilder file(128, kFirst + kIds);
    file.meta(2, 2, 3, kFirst + kIds);
    file.meta(3, 2, 3, kFirst + kIds);
    file.leaf(2, {});
    file.freelist(3, {});
    file.poke(3, 10, std::uint16_t{0xFFFF});
    file.poke(3, 12, kOverflow);
    file.poke(3, 16, kIds);
    for (std::uint64_t i = 0; i < kIds; ++i) {
        file.poke(3, 24 + 8 * i, kFirst + i);
    }
    Census census(open(file));
    QVERIFY(census.run());
    QCOMPARE(census.freelistIds(), kIds);
    QCOMPARE(census.kindCounts()[static_cast<std::size_t>(PageKind::Free)], kIds);
    QCOMPARE(census.row(PageId{3}).count, std::uint16_t{0xFFFF});
    QCOMPARE(census.row(PageId{4}).kind, PageKind::Overflow);
    QVERIFY(census.problems().empty());
}

void TestCensus::keepsOverflowCountsBeyond16Bits() {
    constexpr std::uint32_t kOverflow = 70000;
    FileBuilder file(128, 4 + kOverflow);
    file.meta(2, 3, kNone, 4 + kOverflow);
    file.meta(3, 3, kNone, 4 + kOverflow);
    file.leaf(3, {{"k", std::string(128 * kOverflow, 'v')}}, kOverflow);
    Census census(open(file));
    QVERIFY(census.run());
    QCOMPARE(census.row(PageId{3}).overflow, kOverflow);
    QCOMPARE(census.row(PageId{3 + kOverflow}).kind, PageKind::Overflow);
    QCOMPARE(census.row(PageId{3 + kOverflow}).parent, 3U);
    QCOMPARE(census.bucket(0).overflowPages, std::uint64_t{kOverflow});
}

void TestCensus::noticesACommitMeanwhile() {
    FileBuilder file = deepFile();
    const auto pages = open(file);
    Census census(pages);
    QVERIFY(census.run());
    auto whole = census.isWhole();
    QVERIFY(whole && *whole);
    file.meta(4, 3, 2, 12);
    std::ofstream(pages->path(), std::ios::binary | std::ios::in | std::ios::out) << file.bytes();
    whole = census.isWhole();
    QVERIFY(whole && !*whole);
}

void TestCensus::countsTailPagesWithoutVisitingThem() {
    FileBuilder file = deepFile();
    const auto path = file.write(m_dir.filePath(QStringLiteral("long.db")).toStdString());
    std::filesystem::resize_file(path, std::uint64_t{1} << 32);
    auto opened = PageFile::open(path);
    QVERIFY(opened);
    Census census(std::make_shared<const PageFile>(*std::move(opened)));
    QVERIFY(census.run());
    const auto tail = (std::uint64_t{1} << 22) - 12;
    QCOMPARE(census.kindCounts()[static_cast<std::size_t>(PageKind::Tail)], tail);
    QCOMPARE(census.row(PageId{4'000'000}).kind, PageKind::Tail);
    QVERIFY(census.tableBytes() <= 16 * 12); // no row for any of them
    std::filesystem::remove(path);
}

void TestCensus::copiesStatesInOneCall() {
    Census census(open(soundFile()));
    QVERIFY(census.run());
    std::vector<std::uint8_t> states(census.pageCount());
    std::vector<std::uint8_t> fills(census.pageCount());
    census.copyStates(PageId{0}, states);
    census.copyFills(PageId{0}, fills);
    for (std::uint64_t id = 0; id < states.size(); ++id) {
        QCOMPARE(states[id], census.state(PageId{id}));
        QCOMPARE(fills[id], census.fill(PageId{id}));
        const PageRow row = census.row(PageId{id});
        QCOMPARE(states[id], static_cast<std::uint8_t>(static_cast<unsigned>(row.kind) |
                                                       static_cast<unsigned>(row.life) << 4U));
    }
}

QTEST_GUILESS_MAIN(TestCensus)
#include "tst_census.moc"
