// SPDX-License-Identifier: MIT
// Metas, references between pages, and how a check runs and ends: one damage at a time in a small
// sound file, and exactly the findings it has to give.
#include "pagescape/format.h"
#include "support/check_fixture.h"

#include <cstdio>
#include <filesystem>
#include <random>
#include <stop_token>

using namespace pagescape;
using namespace pagescape::test;

namespace {

constexpr std::uint64_t kFlagsAt = format::kHeaderFlagsAt;
constexpr std::uint64_t kOverflowAt = format::kHeaderOverflowAt;

} // namespace

class TestCheck : public CheckFixture {
    Q_OBJECT

private Q_SLOTS:
    void findsNothingInASoundFile();
    void namesAreUnique();
    void everyFindingNamesPageByteAndPath();
    // metas and file
    void findsInvalidMeta();
    void findsThatNoMetaIsValid();
    void findsZeroChecksum();
    void findsWrongMetaFlags();
    void findsWrongMetaId();
    void findsOddPageSize();
    void findsFileShorterThanHighWater();
    void findsEmptyFile();
    // references
    void findsWrongPageId();
    void findsWrongPageType();
    void findsPageOutOfRange_data();
    void findsPageOutOfRange();
    void findsPagePastEof();
    void findsPageCutByEof();
    void findsCycle();
    void findsCycleThroughBuckets();
    void findsMultipleReferences();
    void findsOverlappingOverflow();
    void findsOverflowPastEof();
    void findsOverflowPastHighWater();
    void findsReachableFreePage();
    void findsFreeOverflowPage();
    void findsLeak();
    // the run itself
    void givesUpAtTheLimit();
    void checksOneSubtreeOnly();
    void stopsOnRequest();
    void tellsThatTheFileMoved();
    void tellsThatTheFileWasCut();
    void endsOnDeepNesting();
    void endsOnAnyDamage();
};

void TestCheck::findsNothingInASoundFile() {
    expect(soundFile(), {});
    QCOMPARE(summary().branchPages, 1U);
    QCOMPARE(summary().leafPages, 4U);
    QCOMPARE(summary().overflowPages, 1U);
    QCOMPARE(summary().maxTreeHeight, 2U);
    QVERIFY(summary().isWhole);
}

void TestCheck::namesAreUnique() {
    std::vector<std::string_view> names;
    for (int code = 0; code <= static_cast<int>(FindingCode::GaveUp); ++code) {
        names.push_back(findingName(static_cast<FindingCode>(code)));
        QVERIFY(!names.back().empty());
    }
    std::sort(names.begin(), names.end());
    QVERIFY(std::adjacent_find(names.begin(), names.end()) == names.end());
    QCOMPARE(severityOf(FindingCode::MetaInvalid), Severity::Note);
    QCOMPARE(severityOf(FindingCode::Leak), Severity::Warning);
    QCOMPARE(severityOf(FindingCode::Cycle), Severity::Error);
    QCOMPARE(severityOf(FindingCode::MetaPageSize), Severity::Error);
}

void TestCheck::everyFindingNamesPageByteAndPath() {
    FileBuilder file = soundFile();
    file.leaf(8, {{"y", "1"}, {"x", "2"}});
    const auto findings = run(file);
    QCOMPARE(findings.size(), 1U);
    const Finding& finding = findings.front();
    QCOMPARE(finding.code, FindingCode::KeyOrder);
    QCOMPARE(finding.page, PageId{8});
    QCOMPARE(finding.offset, 8 * 1024 + FileBuilder::element(1));
    QCOMPARE(finding.path, (std::vector<PageId>{PageId{3}, PageId{4}, PageId{5}, PageId{8}}));
    QCOMPARE(finding.text, std::string("Leaf element 1: key \"x\" is smaller than \"y\" before it "
                                       "(page 8, byte 8224)."));
}

void TestCheck::findsInvalidMeta() {
    FileBuilder file = soundFile();
    file.poke(1, format::kMetaTxIdAt, std::uint64_t{77});
    expect(file, {{FindingCode::MetaInvalid, 1}});
}

void TestCheck::findsThatNoMetaIsValid() {
    FileBuilder file = soundFile();
    file.poke(0, format::kMetaMagicAt, std::uint32_t{1});
    file.poke(1, format::kMetaVersionAt, std::uint32_t{3});
    expect(file, {{FindingCode::MetaInvalid, 0},
                  {FindingCode::MetaInvalid, 1},
                  {FindingCode::NoValidMeta, std::nullopt}});
}

void TestCheck::findsZeroChecksum() {
    FileBuilder file = soundFile();
    file.poke(1, format::kMetaChecksumAt, std::uint64_t{0});
    expect(file, {{FindingCode::MetaChecksumZero, 1}});
}

void TestCheck::findsWrongMetaFlags() {
    FileBuilder file = soundFile();
    file.poke(0, kFlagsAt, std::uint16_t{2});
    expect(file, {{FindingCode::MetaFlags, 0}});
}

void TestCheck::findsWrongMetaId() {
    FileBuilder file = soundFile();
    file.poke(1, format::kHeaderIdAt, std::uint64_t{9});
    expect(file, {{FindingCode::PageIdMismatch, 1}});
}

void TestCheck::findsOddPageSize() {
    FileBuilder file = soundFile();
    file.poke(1, format::kMetaPageSizeAt, std::uint32_t{3000});
    file.seal(1);
    expect(file, {{FindingCode::MetaPageSize, 1}});
    file.poke(1, format::kMetaPageSizeAt, std::uint32_t{2048});
    file.seal(1);
    expect(file, {{FindingCode::MetaPageSize, 1}});
}

void TestCheck::findsFileShorterThanHighWater() {
    FileBuilder file = soundFile();
    file.bytes().resize(9 * 1024 + 100); // the free page 9 is cut
    expect(file, {{FindingCode::FileShorterThanHighWater, std::nullopt}});
}

void TestCheck::findsEmptyFile() {
    const auto opened = open(FileBuilder(1024, 0));
    QVERIFY(!opened);
    const auto finding = findingOf(opened.error());
    QVERIFY(finding);
    QCOMPARE(finding->code, FindingCode::EmptyFile);
    const auto missing = PageFile::open(dir().filePath(QStringLiteral("missing")).toStdString());
    QVERIFY(!missing);
    QVERIFY(!findingOf(missing.error()));
}

void TestCheck::findsWrongPageId() {
    FileBuilder file = soundFile();
    file.poke(5, format::kHeaderIdAt, std::uint64_t{4242});
    expect(file, {{FindingCode::PageIdMismatch, 5}});
}

void TestCheck::findsWrongPageType() {
    FileBuilder file = soundFile();
    file.poke(8, kFlagsAt, std::uint16_t{0x80});
    expect(file, {{FindingCode::PageType, 8}});
    file.poke(8, kFlagsAt, std::uint16_t{3}); // branch and leaf at once
    expect(file, {{FindingCode::PageType, 8}});
}

void TestCheck::findsPageOutOfRange_data() {
    QTest::addColumn<quint64>("page");
    QTest::newRow("meta page") << quint64{1};
    QTest::newRow("high-water mark") << quint64{10};
    QTest::newRow("largest number") << ~quint64{0};
}

void TestCheck::findsPageOutOfRange() {
    QFETCH(quint64, page);
    FileBuilder file = soundFile();
    file.poke(4, FileBuilder::element(0) + format::kBranchChildAt, page);
    expect(file,
           {{FindingCode::PageOutOfRange, page}, {FindingCode::Leak, 5}, {FindingCode::Leak, 8}});
}

void TestCheck::findsPagePastEof() {
    FileBuilder file = soundFile();
    file.meta(5, 3, 2, 20);
    file.poke(4, FileBuilder::element(0) + format::kBranchChildAt, std::uint64_t{15});
    expect(file, {{FindingCode::FileShorterThanHighWater, std::nullopt},
                  {FindingCode::PagePastEof, 15},
                  {FindingCode::Leak, 5},
                  {FindingCode::Leak, 8},
                  {FindingCode::Leak, 10},
                  {FindingCode::Leak, 11}});
}

void TestCheck::findsPageCutByEof() {
    FileBuilder file = soundFile();
    file.bytes().resize(8 * 1024 + 300); // page 8 loses its unused end
    expect(file,
           {{FindingCode::FileShorterThanHighWater, std::nullopt}, {FindingCode::PagePastEof, 8}});
}

void TestCheck::findsCycle() {
    FileBuilder file = soundFile();
    file.poke(4, FileBuilder::element(1) + format::kBranchChildAt, std::uint64_t{4});
    expect(file, {{FindingCode::Cycle, 4}, {FindingCode::Leak, 6}, {FindingCode::Leak, 7}});
}

void TestCheck::findsCycleThroughBuckets() {
    FileBuilder file = soundFile();
    file.leaf(8, {bucketItem("again", 3)});
    expect(file, {{FindingCode::Cycle, 3}});
}

void TestCheck::findsMultipleReferences() {
    FileBuilder file = soundFile();
    file.poke(4, FileBuilder::element(1) + format::kBranchChildAt, std::uint64_t{5});
    expect(file,
           {{FindingCode::MultipleReferences, 5}, {FindingCode::Leak, 6}, {FindingCode::Leak, 7}});
    file = soundFile();
    file.leaf(8, {bucketItem("list", 2)});
    expect(file, {{FindingCode::MultipleReferences, 2}});
}

void TestCheck::findsOverlappingOverflow() {
    FileBuilder file = soundFile();
    file.poke(5, kOverflowAt, std::uint32_t{1}); // takes page 6, which the branch takes later
    expect(file, {{FindingCode::MultipleReferences, 6}, {FindingCode::Leak, 7}});
    file = soundFile();
    file.poke(6, kOverflowAt, std::uint32_t{2}); // takes page 8, which is taken already
    expect(file, {{FindingCode::MultipleReferences, 8}});
}

void TestCheck::findsOverflowPastEof() {
    FileBuilder file = soundFile();
    file.meta(5, 3, 2, 12);
    file.freelist(2, {9, 10});
    file.leaf(8, {bucketItem("z", 11)});
    file.leaf(11, {{"x", "9"}}, 5);
    expect(file, {{FindingCode::OverflowPastEof, 11}, {FindingCode::OverflowPastHighWater, 11}});
}

void TestCheck::findsOverflowPastHighWater() {
    FileBuilder file = soundFile();
    file.freelist(2, {});
    file.poke(8, kOverflowAt, std::uint32_t{2});
    expect(file, {{FindingCode::OverflowPastHighWater, 8}});
}

void TestCheck::findsReachableFreePage() {
    FileBuilder file = soundFile();
    file.freelist(2, {5, 9});
    expect(file, {{FindingCode::ReachableFree, 5}});
}

void TestCheck::findsFreeOverflowPage() {
    FileBuilder file = soundFile();
    file.freelist(2, {7, 9});
    expect(file, {{FindingCode::ReachableFree, 7}});
}

void TestCheck::findsLeak() {
    FileBuilder file = soundFile();
    file.freelist(2, {});
    expect(file, {{FindingCode::Leak, 9}});
}

void TestCheck::givesUpAtTheLimit() {
    FileBuilder file = soundFile();
    file.branch(4, {});
    CheckOptions options;
    options.maxFindings = 2;
    expect(file, {{FindingCode::EmptyBranch, 4}, {FindingCode::Leak, 5}, {FindingCode::GaveUp, {}}},
           options);
}

void TestCheck::checksOneSubtreeOnly() {
    FileBuilder file = soundFile();
    file.poke(1, format::kMetaTxIdAt, std::uint64_t{77}); // an invalid meta
    file.freelist(2, {6});                                // a leak and a reachable free page
    file.poke(8, format::kHeaderIdAt, std::uint64_t{1});  // a wrong id below page 5
    CheckOptions options;
    options.from = PageId{5};
    expect(file, {{FindingCode::PageIdMismatch, 8}}, options);
    options.from = PageId{6};
    expect(file, {{FindingCode::ReachableFree, 6}}, options);
    options.from = PageId{10};
    expect(file, {{FindingCode::PageOutOfRange, 10}}, options);
}

void TestCheck::stopsOnRequest() {
    const auto file = open(soundFile());
    QVERIFY(file);
    std::stop_source source;
    source.request_stop();
    const auto checked = check(*file, {}, {}, source.get_token());
    QVERIFY(!checked);
    QCOMPARE(checked.error().code, ErrorCode::Cancelled);
}

void TestCheck::tellsThatTheFileMoved() {
    FileBuilder builder = soundFile();
    const auto file = open(builder);
    QVERIFY(file);
    builder.meta(5, 3, 2, 10);
    // In place: the mapping of the opened file has to see it, as that of a live database would.
    std::FILE* raw = std::fopen(file->path().c_str(), "r+b");
    QVERIFY(raw != nullptr);
    QCOMPARE(std::fwrite(builder.bytes().data(), 1, 2048, raw), 2048U);
    std::fclose(raw);
    const auto checked = check(*file, {}, {});
    QVERIFY(checked);
    QVERIFY(!checked->isWhole);
}

void TestCheck::tellsThatTheFileWasCut() {
    const auto file = open(soundFile());
    QVERIFY(file);
    std::filesystem::resize_file(file->path(), 2048);
    const auto checked = check(*file, {}, {});
    QVERIFY(!checked);
    QCOMPARE(checked.error().code, ErrorCode::Truncated);
}

void TestCheck::endsOnDeepNesting() {
    constexpr std::uint64_t kPages = 3000;
    FileBuilder file(512, kPages);
    file.meta(2, 3, format::kNoFreelist, kPages);
    file.meta(3, 3, format::kNoFreelist, kPages);
    for (std::uint64_t page = 3; page < kPages; ++page) {
        file.leaf(page, {bucketItem("b", page + 1 < kPages ? page + 1 : 0)});
    }
    const auto findings = run(file);
    QCOMPARE(findings.size(), 1U);
    QCOMPARE(findings[0].code, FindingCode::GaveUp);
    QCOMPARE(findings[0].path.size(), format::kMaxBucketDepth + 1);
}

void TestCheck::endsOnAnyDamage() {
    const unsigned seed = 20240607;
    qInfo("seed %u", seed);
    std::mt19937 random(seed);
    for (int round = 0; round < 1000; ++round) {
        FileBuilder file = soundFile();
        for (unsigned edit = 0; edit <= random() % 8; ++edit) {
            // Mostly headers and element tables, where numbers are.
            const std::uint64_t page = random() % 10;
            const std::uint64_t at = random() % (random() % 2 == 0 ? 64 : 1020);
            file.poke(page, at, static_cast<std::uint32_t>(random() >> (random() % 32)));
        }
        if (random() % 2 == 0) {
            file.seal(0);
            file.seal(1);
        }
        const auto opened = open(file);
        QVERIFY(opened);
        std::uint64_t count = 0;
        const auto checked = check(*opened, {}, [&](const Finding& finding) {
            ++count;
            QVERIFY(finding.text.ends_with('.'));
        });
        QVERIFY(checked);
        QCOMPARE(checked->findings, count);
    }
}

QTEST_GUILESS_MAIN(TestCheck)
#include "tst_check.moc"
