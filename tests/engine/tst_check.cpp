// SPDX-License-Identifier: MIT
// One damage at a time in a small sound file, and exactly the findings it has to give.
#include "pagescape/check.h"
#include "pagescape/format.h"
#include "support/file_builder.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <filesystem>
#include <random>

using namespace pagescape;
using namespace pagescape::test;

namespace {

using Issue = std::pair<FindingCode, std::optional<std::uint64_t>>;

constexpr std::uint64_t kFlagsAt = format::kHeaderFlagsAt;
constexpr std::uint64_t kCountAt = format::kHeaderCountAt;
constexpr std::uint64_t kOverflowAt = format::kHeaderOverflowAt;

QString describe(const std::vector<Issue>& issues) {
    QStringList parts;
    for (const auto& [code, page] : issues) {
        const auto name = findingName(code);
        parts += QString::fromUtf8(name.data(), qsizetype(name.size())) +
                 (page ? QStringLiteral(" %1").arg(*page) : QString());
    }
    return parts.join(QStringLiteral(", "));
}

} // namespace

class TestCheck : public QObject {
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
    // elements and keys
    void findsElementTablePastPageEnd();
    void findsElementPastPageEnd();
    void findsBranchKeyPastPageEnd();
    void findsUnknownElementFlags();
    void findsEmptyBranch();
    void findsEmptyKey();
    void findsUnsortedKeys();
    void findsDuplicateKey();
    void findsKeyBelowItsSeparator();
    void findsKeyAtTheNextSeparator();
    void findsFirstChildBelowItsSeparator();
    void findsUnevenDepth();
    // buckets
    void findsShortBucketHeader();
    void findsLongBucketHeader();
    void findsDamagedInlineBucket_data();
    void findsDamagedInlineBucket();
    void findsUnsortedKeysOfInlineBucket();
    void findsRootPageZero();
    // freelist
    void findsFreelistOutOfRange();
    void findsFreelistOfWrongType();
    void findsFreelistCountPastPageEnd_data();
    void findsFreelistCountPastPageEnd();
    void findsFreelistIdOutOfRange();
    void findsDuplicateFreelistId();
    void findsUnsortedFreelist();
    void findsFreelistThatListsItself();
    void readsEscapedFreelistCount();
    void expectsNoLeaksWithoutFreelist();
    // the run itself
    void givesUpAtTheLimit();
    void checksOneSubtreeOnly();
    void stopsOnRequest();
    void tellsThatTheFileMoved();
    void tellsThatTheFileWasCut();
    void endsOnDeepNesting();
    void endsOnAnyDamage();

private:
    [[nodiscard]] Result<PageFile> open(const FileBuilder& file);
    [[nodiscard]] std::vector<Finding> run(const FileBuilder& file, const CheckOptions& options = {});
    void expect(const FileBuilder& file, std::vector<Issue> expected,
                const CheckOptions& options = {});

    QTemporaryDir m_dir;
    CheckSummary m_summary;
};

Result<PageFile> TestCheck::open(const FileBuilder& file) {
    return PageFile::open(file.write(m_dir.filePath(QStringLiteral("x.db")).toStdString()));
}

std::vector<Finding> TestCheck::run(const FileBuilder& file, const CheckOptions& options) {
    std::vector<Finding> findings;
    const auto opened = open(file);
    if (!opened) {
        qFatal("open failed: %s", opened.error().describe().c_str());
    }
    const auto checked =
        check(*opened, options, [&](Finding finding) { findings.push_back(std::move(finding)); });
    if (!checked) {
        qFatal("check failed: %s", checked.error().describe().c_str());
    }
    m_summary = *checked;
    return findings;
}

void TestCheck::expect(const FileBuilder& file, std::vector<Issue> expected,
                       const CheckOptions& options) {
    std::vector<Issue> found;
    for (const Finding& finding : run(file, options)) {
        found.emplace_back(finding.code,
                           finding.page ? std::optional(finding.page->value) : std::nullopt);
    }
    std::sort(found.begin(), found.end());
    std::sort(expected.begin(), expected.end());
    QVERIFY2(found == expected, qPrintable(QStringLiteral("found: %1; expected: %2")
                                               .arg(describe(found), describe(expected))));
    QCOMPARE(m_summary.findings, expected.size());
    QCOMPARE(m_summary.ok(), expected.empty());
}

void TestCheck::findsNothingInASoundFile() {
    expect(soundFile(), {});
    QCOMPARE(m_summary.branchPages, 1U);
    QCOMPARE(m_summary.leafPages, 4U);
    QCOMPARE(m_summary.overflowPages, 1U);
    QCOMPARE(m_summary.maxTreeHeight, 2U);
    QVERIFY(m_summary.isWhole);
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
    const auto missing = PageFile::open(m_dir.filePath(QStringLiteral("missing")).toStdString());
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
    expect(file, {{FindingCode::PageOutOfRange, page},
                  {FindingCode::Leak, 5},
                  {FindingCode::Leak, 8}});
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
    expect(file, {{FindingCode::FileShorterThanHighWater, std::nullopt},
                  {FindingCode::PagePastEof, 8}});
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
    expect(file, {{FindingCode::MultipleReferences, 5},
                  {FindingCode::Leak, 6},
                  {FindingCode::Leak, 7}});
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

void TestCheck::findsElementTablePastPageEnd() {
    FileBuilder file = soundFile();
    file.poke(8, kCountAt, std::uint16_t{64}); // 16 + 64 * 16 is one element too many
    expect(file, {{FindingCode::ElementTable, 8}});
    QCOMPARE(m_summary.leafPages, 3U);
}

void TestCheck::findsElementPastPageEnd() {
    FileBuilder file = soundFile();
    file.poke(8, FileBuilder::element(0) + format::kLeafKeySizeAt, std::uint32_t{0xFFFFFFF0});
    expect(file, {{FindingCode::ElementBounds, 8}});
    file = soundFile();
    file.poke(8, FileBuilder::element(0) + format::kLeafValueSizeAt, std::uint32_t{1024});
    expect(file, {{FindingCode::ElementBounds, 8}});
    // The last byte of the page may be used: element at 16, key at 32, 992 bytes in all.
    file.poke(8, FileBuilder::element(0) + format::kLeafValueSizeAt, std::uint32_t{991});
    expect(file, {});
}

void TestCheck::findsBranchKeyPastPageEnd() {
    FileBuilder file = soundFile();
    file.poke(4, FileBuilder::element(1) + format::kBranchPosAt, std::uint32_t{5000});
    expect(file, {{FindingCode::ElementBounds, 4}}); // the child is checked all the same
    QCOMPARE(m_summary.leafPages, 4U);
}

void TestCheck::findsUnknownElementFlags() {
    FileBuilder file = soundFile();
    file.poke(8, FileBuilder::element(0) + format::kLeafFlagsAt, std::uint32_t{6});
    expect(file, {{FindingCode::ElementFlags, 8}});
}

void TestCheck::findsEmptyBranch() {
    FileBuilder file = soundFile();
    file.branch(4, {});
    expect(file, {{FindingCode::EmptyBranch, 4},
                  {FindingCode::Leak, 5},
                  {FindingCode::Leak, 6},
                  {FindingCode::Leak, 7},
                  {FindingCode::Leak, 8}});
}

void TestCheck::findsEmptyKey() {
    FileBuilder file = soundFile();
    file.leaf(8, {{"", "1"}, {"x", "2"}});
    expect(file, {{FindingCode::EmptyKey, 8}});
}

void TestCheck::findsUnsortedKeys() {
    FileBuilder file = soundFile();
    file.leaf(8, {{"a", ""}, {"x", ""}, {"xa", ""}, {"x\x7f", ""}, {"x", ""}, {"z", ""}});
    expect(file, {{FindingCode::KeyOrder, 8}});
}

void TestCheck::findsDuplicateKey() {
    FileBuilder file = soundFile();
    file.leaf(8, {{"x", "1"}, {"x", "2"}});
    expect(file, {{FindingCode::DuplicateKey, 8}});
}

void TestCheck::findsKeyBelowItsSeparator() {
    FileBuilder file = soundFile();
    file.leaf(6, {{"l", "below m"}, {"n", "1"}}, 1);
    expect(file, {{FindingCode::KeyRange, 6}});
}

void TestCheck::findsKeyAtTheNextSeparator() {
    FileBuilder file = soundFile();
    file.leaf(5, {{"b", "1"}, bucketItem("d", 8), {"lz", "last that fits"}});
    expect(file, {});
    file.leaf(5, {{"b", "1"}, bucketItem("d", 8), {"m", "belongs to page 6"}, {"n", ""}});
    expect(file, {{FindingCode::KeyRange, 5}}); // one for the page, however many keys
}

void TestCheck::findsFirstChildBelowItsSeparator() {
    // A search still finds such a key, but bolt never writes it.
    FileBuilder file = soundFile();
    file.leaf(5, {{"a", "1"}, bucketItem("d", 8)});
    expect(file, {{FindingCode::KeyRange, 5}});
}

void TestCheck::findsUnevenDepth() {
    FileBuilder file = soundFile();
    file.freelist(2, {});
    file.branch(4, {{"b", 5}, {"m", 6}, {"p", 9}});
    file.leaf(9, {{"p", "1"}});
    expect(file, {});
    file.branch(9, {{"p", 8}}); // a level more under the last child
    file.leaf(5, {{"b", "1"}, {"e", "2"}});
    file.leaf(8, {{"p", "1"}});
    expect(file, {{FindingCode::UnevenDepth, 8}});
    QCOMPARE(m_summary.maxTreeHeight, 3U);
}

void TestCheck::findsShortBucketHeader() {
    FileBuilder file = soundFile();
    file.leaf(8, {{"short", std::string(15, '\1'), 1}});
    expect(file, {{FindingCode::BucketHeader, 8}});
}

void TestCheck::findsLongBucketHeader() {
    FileBuilder file = soundFile();
    LeafItem item = bucketItem("d", 8);
    item.value += "more";
    file.leaf(5, {{"b", "1"}, item});
    expect(file, {{FindingCode::BucketHeader, 5}});
}

void TestCheck::findsDamagedInlineBucket_data() {
    QTest::addColumn<int>("at"); // in the page image of the inline bucket
    QTest::addColumn<int>("value");
    QTest::newRow("flags") << 8 << 1;
    QTest::newRow("count") << 10 << 3;
    QTest::newRow("id") << 0 << 6;
    QTest::newRow("overflow") << 12 << 1;
    QTest::newRow("position") << 16 + 4 << 200;
    QTest::newRow("value size") << 32 + 12 << 2;
    QTest::newRow("nested bucket") << 16 << 1;
}

void TestCheck::findsDamagedInlineBucket() {
    QFETCH(int, at);
    QFETCH(int, value);
    FileBuilder file = soundFile();
    // Behind the element array of page 3, the name "inl" and the bucket header.
    const std::uint64_t image = FileBuilder::element(2) + 3 + 16;
    file.poke(3, image + std::uint64_t(at), static_cast<std::uint8_t>(value));
    expect(file, {{FindingCode::InlineBucket, 3}});
}

void TestCheck::findsUnsortedKeysOfInlineBucket() {
    FileBuilder file = soundFile();
    file.leaf(3, {inlineItem("inl", {{"b", "1"}, {"a", "2"}}), bucketItem("tree", 4)});
    const auto findings = run(file);
    QCOMPARE(findings.size(), 1U);
    QCOMPARE(findings[0].code, FindingCode::KeyOrder);
    QCOMPARE(findings[0].path, std::vector<PageId>{PageId{3}});
    QVERIFY(findings[0].text.starts_with("In the inline bucket of element 0, leaf element 1:"));
}

void TestCheck::findsRootPageZero() {
    FileBuilder file = soundFile();
    file.meta(5, 0, 2, 10);
    std::vector<Issue> expected{{FindingCode::PageOutOfRange, 0}};
    for (std::uint64_t page = 3; page <= 8; ++page) {
        expected.emplace_back(FindingCode::Leak, page);
    }
    expect(file, expected);
}

void TestCheck::findsFreelistOutOfRange() {
    FileBuilder file = soundFile();
    file.meta(5, 3, 10, 10);
    expect(file, {{FindingCode::FreelistOutOfRange, 10}}); // leaks cannot be known then
    file.meta(6, 3, 1, 10);
    expect(file, {{FindingCode::FreelistOutOfRange, 1}});
    file.meta(7, 3, 15, 20);
    expect(file, {{FindingCode::FreelistOutOfRange, 15},
                  {FindingCode::FileShorterThanHighWater, std::nullopt}});
}

void TestCheck::findsFreelistOfWrongType() {
    FileBuilder file = soundFile();
    file.poke(2, kFlagsAt, std::uint16_t{2});
    expect(file, {{FindingCode::FreelistType, 2}});
}

void TestCheck::findsFreelistCountPastPageEnd_data() {
    QTest::addColumn<int>("count");
    QTest::addColumn<quint64>("escaped");
    QTest::newRow("one too many") << 127 << quint64{9};
    QTest::newRow("escaped") << 0xFFFF << quint64{127};
    QTest::newRow("escaped, so large that its bytes would wrap") << 0xFFFF << (~quint64{0} / 8 + 2);
}

void TestCheck::findsFreelistCountPastPageEnd() {
    QFETCH(int, count);
    QFETCH(quint64, escaped);
    FileBuilder file = soundFile();
    file.poke(2, kCountAt, static_cast<std::uint16_t>(count));
    file.poke(2, format::kPageHeaderSize, escaped);
    expect(file, {{FindingCode::FreelistCount, 2}});
}

void TestCheck::findsFreelistIdOutOfRange() {
    FileBuilder file = soundFile();
    file.freelist(2, {1, 9, 10});
    expect(file, {{FindingCode::FreelistIdRange, 1}, {FindingCode::FreelistIdRange, 10}});
}

void TestCheck::findsDuplicateFreelistId() {
    FileBuilder file = soundFile();
    file.freelist(2, {9, 9});
    expect(file, {{FindingCode::FreelistDuplicate, 9}});
}

void TestCheck::findsUnsortedFreelist() {
    FileBuilder file = soundFile();
    file.meta(5, 3, 2, 12);
    file.freelist(2, {9, 11, 10});
    expect(file, {{FindingCode::FreelistUnsorted, 10}});
}

void TestCheck::findsFreelistThatListsItself() {
    FileBuilder file = soundFile();
    file.freelist(2, {2, 9});
    expect(file, {{FindingCode::ReachableFree, 2}});
}

void TestCheck::readsEscapedFreelistCount() {
    FileBuilder file = soundFile();
    file.freelist(2, {1, 9}); // with the count escaped, the first number is the number of ids
    file.poke(2, kCountAt, format::kFreelistCountEscape);
    expect(file, {});
}

void TestCheck::expectsNoLeaksWithoutFreelist() {
    FileBuilder file = soundFile();
    file.meta(5, 3, format::kNoFreelist, 10);
    expect(file, {});
}

void TestCheck::givesUpAtTheLimit() {
    FileBuilder file = soundFile();
    file.branch(4, {});
    CheckOptions options;
    options.maxFindings = 2;
    expect(file,
           {{FindingCode::EmptyBranch, 4}, {FindingCode::Leak, 5}, {FindingCode::GaveUp, {}}},
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
