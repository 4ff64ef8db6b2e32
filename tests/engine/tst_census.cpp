// SPDX-License-Identifier: MIT
// The census on small files made page by page: what each stage knows, buckets and paths, the
// previous version, leaks, damage, and the cost of a row.
#include "pagescape/census.h"
#include "pagescape/format.h"
#include "support/file_builder.h"

#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <filesystem>
#include <fstream>

using namespace pagescape;
using namespace pagescape::test;

namespace {

constexpr std::uint64_t kNone = format::kNoFreelist;

/// Three levels: branch 4 -> branches 5, 6 -> leaves 7 to 10; everything in bucket "b".
FileBuilder deepFile() {
    FileBuilder file(1024, 14);
    file.meta(2, 3, 2, 12);
    file.meta(3, 3, 2, 12);
    file.freelist(2, {11});
    file.leaf(3, {bucketItem("b", 4, 0)});
    file.branch(4, {{"a", 5}, {"m", 6}});
    file.branch(5, {{"a", 7}, {"f", 8}});
    file.branch(6, {{"m", 9}, {"s", 10}});
    file.leaf(7, {{"a", "1"}});
    file.leaf(8, {{"f", "2"}, {"g", "3"}});
    file.leaf(9, {{"m", "4"}});
    file.leaf(10, {{"s", "5"}});
    return file;
}

QString text(const Census& census) {
    QStringList kinds;
    for (std::uint64_t id = 0; id < census.pageCount(); ++id) {
        const PageRow row = census.row(PageId{id});
        QString kind = QString::fromUtf8(pageKindName(row.kind).data());
        if (row.life == PageLife::Previous || row.life == PageLife::Leaked) {
            kind += QLatin1Char('/') + QString::fromUtf8(pageLifeName(row.life).data());
        }
        kinds += kind + (row.isExpected ? QStringLiteral("?") : QString()) +
                 (row.hasProblem ? QStringLiteral("!") : QString());
    }
    return kinds.join(QLatin1Char(' '));
}

QString numbers(const std::vector<PageId>& pages) {
    QStringList ids;
    for (const PageId id : pages) {
        ids += QString::number(id.value);
    }
    return ids.join(QLatin1Char(' '));
}

} // namespace

class TestCensus : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    std::shared_ptr<const PageFile> open(const FileBuilder& file) {
        auto opened =
            PageFile::open(file.write(m_dir.filePath(QStringLiteral("t.db")).toStdString()));
        if (!opened) {
            qFatal("%s", opened.error().describe().c_str());
        }
        return std::make_shared<const PageFile>(*std::move(opened));
    }
    QString scanned(const FileBuilder& file) {
        Census census(open(file));
        return census.run() ? text(census) : QStringLiteral("failed");
    }
    bool blames(const FileBuilder& file, std::uint64_t page, const std::string& part) {
        Census census(open(file));
        if (!census.run()) {
            return false;
        }
        const auto problems = census.problems();
        return census.hasProblem(PageId{page}) &&
               std::any_of(problems.begin(), problems.end(), [&](const CensusProblem& problem) {
                   return problem.page.value == page &&
                          problem.text.find(part) != std::string::npos;
               });
    }

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
    void leakedPagesKeepTheirHeaderKind();
    void correctsAnExpectedLeafThatIsABranch();
    void refusesASecondReference();
    void endsOnBucketsThatContainThemselves();
    void boundsALyingFreelistCount();
    void noticesAFreelistOfAnotherType();
    void clipsOverflowAtTheEndOfTheFile();
    void stopsNamingProblemsAtABound();
    void showsPagesOfAFileWithoutValidMeta();
    void noticesACommitMeanwhile();
    void saysTruncatedWhenTheFileShrinks();
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
    constexpr std::uint32_t kOverflow = (16 + 8 + 8 * kIds) / 4096;
    constexpr std::uint64_t kFirst = 4 + kOverflow;
    FileBuilder file(4096, kFirst + kIds);
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

void TestCensus::leakedPagesKeepTheirHeaderKind() {
    FileBuilder file = soundFile();
    file.freelist(2, {});
    QCOMPARE(scanned(file), QStringLiteral("meta meta freelist leaf branch leaf leaf overflow leaf "
                                           "leaf/leaked! tail tail"));
    file.poke(9, 8, std::uint16_t{0x40});
    QCOMPARE(scanned(file), QStringLiteral("meta meta freelist leaf branch leaf leaf overflow leaf "
                                           "leaked/leaked! tail tail"));
}

void TestCensus::correctsAnExpectedLeafThatIsABranch() {
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

void TestCensus::refusesASecondReference() {
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

void TestCensus::endsOnBucketsThatContainThemselves() {
    FileBuilder file = soundFile();
    file.leaf(8, {bucketItem("again", 4, 0), bucketItem("self", 8, 0)});
    QVERIFY(blames(file, 4, "refers to page 4"));
    QVERIFY(blames(file, 8, "refers to itself"));
}

void TestCensus::boundsALyingFreelistCount() {
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

void TestCensus::noticesAFreelistOfAnotherType() {
    FileBuilder file = deepFile();
    file.leaf(2, {});
    QVERIFY(blames(file, 2, "type flags 2 instead of 16"));
    // Free pages are then those that nothing reaches, as without a list.
    QVERIFY(scanned(file).contains(QStringLiteral("free tail tail")));
}

void TestCensus::clipsOverflowAtTheEndOfTheFile() {
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

void TestCensus::stopsNamingProblemsAtABound() {
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

void TestCensus::showsPagesOfAFileWithoutValidMeta() {
    FileBuilder file = soundFile();
    file.poke(0, 72, std::uint64_t{1});
    file.poke(1, 72, std::uint64_t{1});
    file.poke(8, 0, std::uint64_t{99}); // a header that names another page proves nothing
    QCOMPARE(scanned(file),
             QStringLiteral("meta! meta! freelist/leaked leaf/leaked branch/leaked leaf/leaked "
                            "leaf/leaked leaked/leaked not-read leaf/leaked not-read not-read"));
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

void TestCensus::saysTruncatedWhenTheFileShrinks() {
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
