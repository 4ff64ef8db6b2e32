// SPDX-License-Identifier: MIT
// The census on damaged files: what is blamed for what, and that it ends.
#include "support/census_fixture.h"

#include <filesystem>

using namespace pagescape;
using namespace pagescape::test;

namespace {

constexpr std::uint64_t kNone = format::kNoFreelist;

} // namespace

class TestCensusDamage : public CensusFixture {
    Q_OBJECT

private Q_SLOTS:
    void leakedPagesKeepTheirHeaderKind();
    void correctsAnExpectedLeafThatIsABranch();
    void refusesASecondReference();
    void endsOnBucketsThatContainThemselves();
    void boundsALyingFreelistCount();
    void noticesAFreelistOfAnotherType();
    void clipsOverflowAtTheEndOfTheFile();
    void stopsNamingProblemsAtABound();
    void showsPagesOfAFileWithoutValidMeta();
    void aQuietFileIsWholeWhateverItsMetasState();
    void saysTruncatedWhenTheFileShrinks();
};

void TestCensusDamage::leakedPagesKeepTheirHeaderKind() {
    FileBuilder file = soundFile();
    file.freelist(2, {});
    QCOMPARE(scanned(file), QStringLiteral("meta meta freelist leaf branch leaf leaf overflow leaf "
                                           "leaf/leaked! tail tail"));
    file.poke(9, 8, std::uint16_t{0x40});
    QCOMPARE(scanned(file), QStringLiteral("meta meta freelist leaf branch leaf leaf overflow leaf "
                                           "leaked/leaked! tail tail"));
}

void TestCensusDamage::correctsAnExpectedLeafThatIsABranch() {
    FileBuilder file = deepFile();
    file.branch(8, {{"f", 11}}); // one level too deep
    file.leaf(11, {{"f", "2"}});
    file.freelist(2, {});
    Census census(open(file));
    QVERIFY(census.readBranches());
    QCOMPARE(census.row(PageId{8}).kind, PageKind::Leaf);
    QVERIFY(census.run());
    QCOMPARE(census.row(PageId{8}).kind, PageKind::Branch);
    QCOMPARE(census.row(PageId{11}).kind, PageKind::Leaf);
    QCOMPARE(numbers(census.pathTo(PageId{11})), QStringLiteral("3 4 5 8 11"));
    QCOMPARE(census.bucket(1).branchPages, 4U);
    QCOMPARE(census.bucket(1).height, 4U);
}

void TestCensusDamage::refusesASecondReference() {
    FileBuilder file = deepFile();
    file.branch(6, {{"m", 9}, {"s", 7}}); // page 7 belongs to branch 5
    QVERIFY(blames(file, 7, "refers to page 7, which page 5 refers to already"));
    file.branch(6, {{"m", 9}, {"s", 4}}); // its own parent
    QVERIFY(blames(file, 4, "refers to page 4, which page 3 refers to already"));
    file.branch(6, {{"m", 9}, {"s", 2}}); // the freelist
    QVERIFY(blames(file, 2, "refers to page 2"));
    file.branch(6, {{"m", 9}, {"s", 1}}); // a meta
    QVERIFY(blames(file, 6, "outside [2, 12)"));
}

void TestCensusDamage::endsOnBucketsThatContainThemselves() {
    FileBuilder file = soundFile();
    file.leaf(8, {bucketItem("again", 4, 0), bucketItem("self", 8, 0)});
    QVERIFY(blames(file, 4, "refers to page 4"));
    QVERIFY(blames(file, 8, "refers to itself"));
}

void TestCensusDamage::boundsALyingFreelistCount() {
    FileBuilder file = deepFile();
    file.poke(2, 10, std::uint16_t{50000});
    QVERIFY(blames(file, 2, "states 50000 ids; its 1024 bytes hold at most 126"));
    file.poke(2, 10, std::uint16_t{0xFFFF});
    file.poke(2, 16, std::uint64_t{0xFFFFFFFFFFFFFFF0});
    QVERIFY(blames(file, 2, "hold at most 125"));
    file.freelist(2, {11, 1, 500});
    QVERIFY(blames(file, 2, "names 2 pages outside [2, 12), the first of them page 1"));
    file.freelist(2, {11, 2});
    QVERIFY(blames(file, 2, "a page of the freelist itself"));
}

void TestCensusDamage::noticesAFreelistOfAnotherType() {
    FileBuilder file = deepFile();
    file.leaf(2, {});
    QVERIFY(blames(file, 2, "type flags 2 instead of 16"));
    // Free pages are then those that nothing reaches, as without a list.
    QVERIFY(scanned(file).contains(QStringLiteral("free tail tail")));
}

void TestCensusDamage::clipsOverflowAtTheEndOfTheFile() {
    FileBuilder file = soundFile();
    file.poke(6, 12, std::uint32_t{0xFFFFFFFF});
    QVERIFY(blames(file, 6, "overlaps page 8"));
    QVERIFY(blames(file, 6, "runs past page 10, the high-water mark"));
    QCOMPARE(scanned(file),
             QStringLiteral("meta meta freelist leaf branch leaf leaf! overflow leaf! "
                            "free tail tail"));
    file.bytes().resize(1024 * 7);
    QVERIFY(blames(file, 6, "past page 7, the end of the file"));
}

void TestCensusDamage::stopsNamingProblemsAtABound() {
    constexpr std::uint64_t kIds = 30000;
    FileBuilder file(1024, 300);
    file.meta(3, 290, 2, 300);
    file.leaf(290, {});
    file.freelist(2, {});
    file.poke(2, 10, std::uint16_t{kIds});
    file.poke(2, 12, std::uint32_t{250});
    for (std::uint64_t i = 0; i < kIds; ++i) {
        file.poke(2, 16 + 8 * i, std::uint64_t{295}); // the same page, over and over
    }
    Census census(open(file));
    QVERIFY(census.run());
    const auto problems = census.problems();
    QCOMPARE(problems.size(), std::size_t{10001});
    QVERIFY(problems.back().text.find("are not listed") != std::string::npos);
}

void TestCensusDamage::showsPagesOfAFileWithoutValidMeta() {
    FileBuilder file = soundFile();
    file.poke(0, 72, std::uint64_t{1});
    file.poke(1, 72, std::uint64_t{1});
    file.poke(8, 0, std::uint64_t{99}); // a header that names another page proves nothing
    QCOMPARE(scanned(file),
             QStringLiteral("meta! meta! freelist/leaked leaf/leaked branch/leaked leaf/leaked "
                            "leaf/leaked leaked/leaked not-read leaf/leaked not-read not-read"));
}

void TestCensusDamage::aQuietFileIsWholeWhateverItsMetasState() {
    const auto isWhole = [this](std::uint64_t meta, std::uint32_t pageSize) {
        FileBuilder file = soundFile();
        file.poke(meta, format::kMetaTxIdAt, std::uint64_t{1000}); // the newer one
        file.poke(meta, format::kMetaPageSizeAt, pageSize);
        file.seal(meta);
        Census census(open(file));
        if (!census.run()) {
            return false;
        }
        const auto whole = census.isWhole();
        return whole && *whole;
    };
    for (const std::uint32_t meta : {0U, 1U}) {
        QVERIFY(isWhole(meta, 2048)); // the other meta's pages
        QVERIFY(isWhole(meta, 7));    // no meta can be used
        QVERIFY(isWhole(meta, 1U << 31U));
    }
}

void TestCensusDamage::saysTruncatedWhenTheFileShrinks() {
    FileBuilder file = deepFile();
    file.bytes().resize(1024 * 64);
    file.meta(3, 3, kNone, 64);
    file.branch(6, {{"m", 9}, {"s", 60}});
    file.leaf(60, {{"s", "5"}});
    const auto pages = open(file);
    Census census(pages);
    QVERIFY(census.readBranches());
    std::filesystem::resize_file(pages->path(), 1024 * 4);
    const auto done = census.run();
    QVERIFY(!done);
    QCOMPARE(done.error().code, ErrorCode::Truncated);
}

QTEST_GUILESS_MAIN(TestCensusDamage)
#include "tst_census_damage.moc"
