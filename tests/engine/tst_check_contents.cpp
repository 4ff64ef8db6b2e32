// SPDX-License-Identifier: MIT
// Elements, keys, buckets and the freelist: one damage at a time in a small sound file, and exactly
// the findings it has to give.
#include "pagescape/format.h"
#include "support/check_fixture.h"

using namespace pagescape;
using namespace pagescape::test;

namespace {

constexpr std::uint64_t kFlagsAt = format::kHeaderFlagsAt;
constexpr std::uint64_t kCountAt = format::kHeaderCountAt;

} // namespace

class TestCheckContents : public CheckFixture {
    Q_OBJECT

private Q_SLOTS:
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
    void givesUpOnOverlappingKeys();
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
};

void TestCheckContents::findsElementTablePastPageEnd() {
    FileBuilder file = soundFile();
    file.poke(8, kCountAt, std::uint16_t{64}); // 16 + 64 * 16 is one element too many
    expect(file, {{FindingCode::ElementTable, 8}});
    QCOMPARE(summary().leafPages, 3U);
}

void TestCheckContents::findsElementPastPageEnd() {
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

void TestCheckContents::findsBranchKeyPastPageEnd() {
    FileBuilder file = soundFile();
    file.poke(4, FileBuilder::element(1) + format::kBranchPosAt, std::uint32_t{5000});
    expect(file, {{FindingCode::ElementBounds, 4}}); // the child is checked all the same
    QCOMPARE(summary().leafPages, 4U);
}

void TestCheckContents::findsUnknownElementFlags() {
    FileBuilder file = soundFile();
    file.poke(8, FileBuilder::element(0) + format::kLeafFlagsAt, std::uint32_t{6});
    expect(file, {{FindingCode::ElementFlags, 8}});
}

void TestCheckContents::findsEmptyBranch() {
    FileBuilder file = soundFile();
    file.branch(4, {});
    expect(file, {{FindingCode::EmptyBranch, 4},
                  {FindingCode::Leak, 5},
                  {FindingCode::Leak, 6},
                  {FindingCode::Leak, 7},
                  {FindingCode::Leak, 8}});
}

void TestCheckContents::findsEmptyKey() {
    FileBuilder file = soundFile();
    file.leaf(8, {{"", "1"}, {"x", "2"}});
    expect(file, {{FindingCode::EmptyKey, 8}});
}

void TestCheckContents::findsUnsortedKeys() {
    FileBuilder file = soundFile();
    file.leaf(8, {{"a", ""}, {"x", ""}, {"xa", ""}, {"x\x7f", ""}, {"x", ""}, {"z", ""}});
    expect(file, {{FindingCode::KeyOrder, 8}});
}

void TestCheckContents::findsDuplicateKey() {
    FileBuilder file = soundFile();
    file.leaf(8, {{"x", "1"}, {"x", "2"}});
    expect(file, {{FindingCode::DuplicateKey, 8}});
}

void TestCheckContents::findsKeyBelowItsSeparator() {
    FileBuilder file = soundFile();
    file.leaf(6, {{"l", "below m"}, {"n", "1"}}, 1);
    expect(file, {{FindingCode::KeyRange, 6}});
}

void TestCheckContents::findsKeyAtTheNextSeparator() {
    FileBuilder file = soundFile();
    file.leaf(5, {{"b", "1"}, bucketItem("d", 8), {"lz", "last that fits"}});
    expect(file, {});
    file.leaf(5, {{"b", "1"}, bucketItem("d", 8), {"m", "belongs to page 6"}, {"n", ""}});
    expect(file, {{FindingCode::KeyRange, 5}}); // one for the page, however many keys
}

void TestCheckContents::findsFirstChildBelowItsSeparator() {
    // A search still finds such a key, but bolt never writes it.
    FileBuilder file = soundFile();
    file.leaf(5, {{"a", "1"}, bucketItem("d", 8)});
    expect(file, {{FindingCode::KeyRange, 5}});
}

void TestCheckContents::findsUnevenDepth() {
    FileBuilder file = soundFile();
    file.freelist(2, {});
    file.branch(4, {{"b", 5}, {"m", 6}, {"p", 9}});
    file.leaf(9, {{"p", "1"}});
    expect(file, {});
    file.branch(9, {{"p", 8}}); // a level more under the last child
    file.leaf(5, {{"b", "1"}, {"e", "2"}});
    file.leaf(8, {{"p", "1"}});
    expect(file, {{FindingCode::UnevenDepth, 8}});
    QCOMPARE(summary().maxTreeHeight, 3U);
}

void TestCheckContents::givesUpOnOverlappingKeys() {
    std::vector<Issue> expected{{FindingCode::GaveUp, 3}};
    expected.resize((16 * 102400 + 65536) / 60000, {FindingCode::DuplicateKey, 3});
    expect(overlappingFile(), expected);
}

void TestCheckContents::findsShortBucketHeader() {
    FileBuilder file = soundFile();
    file.leaf(8, {{"short", std::string(15, '\1'), 1}});
    expect(file, {{FindingCode::BucketHeader, 8}});
}

void TestCheckContents::findsLongBucketHeader() {
    FileBuilder file = soundFile();
    LeafItem item = bucketItem("d", 8);
    item.value += "more";
    file.leaf(5, {{"b", "1"}, item});
    expect(file, {{FindingCode::BucketHeader, 5}});
}

void TestCheckContents::findsDamagedInlineBucket_data() {
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

void TestCheckContents::findsDamagedInlineBucket() {
    QFETCH(int, at);
    QFETCH(int, value);
    FileBuilder file = soundFile();
    // Behind the element array of page 3, the name "inl" and the bucket header.
    const std::uint64_t image = FileBuilder::element(2) + 3 + 16;
    file.poke(3, image + std::uint64_t(at), static_cast<std::uint8_t>(value));
    expect(file, {{FindingCode::InlineBucket, 3}});
}

void TestCheckContents::findsUnsortedKeysOfInlineBucket() {
    FileBuilder file = soundFile();
    file.leaf(3, {inlineItem("inl", {{"b", "1"}, {"a", "2"}}), bucketItem("tree", 4)});
    const auto findings = run(file);
    QCOMPARE(findings.size(), 1U);
    QCOMPARE(findings[0].code, FindingCode::KeyOrder);
    QCOMPARE(findings[0].path, std::vector<PageId>{PageId{3}});
    QVERIFY(findings[0].text.starts_with("In the inline bucket of element 0, leaf element 1:"));
}

void TestCheckContents::findsRootPageZero() {
    FileBuilder file = soundFile();
    file.meta(5, 0, 2, 10);
    std::vector<Issue> expected{{FindingCode::PageOutOfRange, 0}};
    for (std::uint64_t page = 3; page <= 8; ++page) {
        expected.emplace_back(FindingCode::Leak, page);
    }
    expect(file, expected);
}

void TestCheckContents::findsFreelistOutOfRange() {
    FileBuilder file = soundFile();
    file.meta(5, 3, 10, 10);
    expect(file, {{FindingCode::FreelistOutOfRange, 10}}); // leaks cannot be known then
    file.meta(6, 3, 1, 10);
    expect(file, {{FindingCode::FreelistOutOfRange, 1}});
    file.meta(7, 3, 15, 20);
    expect(file, {{FindingCode::FreelistOutOfRange, 15},
                  {FindingCode::FileShorterThanHighWater, std::nullopt}});
}

void TestCheckContents::findsFreelistOfWrongType() {
    FileBuilder file = soundFile();
    file.poke(2, kFlagsAt, std::uint16_t{2});
    expect(file, {{FindingCode::FreelistType, 2}});
}

void TestCheckContents::findsFreelistCountPastPageEnd_data() {
    QTest::addColumn<int>("count");
    QTest::addColumn<quint64>("escaped");
    QTest::newRow("one too many") << 127 << quint64{9};
    QTest::newRow("escaped") << 0xFFFF << quint64{127};
    QTest::newRow("escaped, so large that its bytes would wrap") << 0xFFFF << (~quint64{0} / 8 + 2);
}

void TestCheckContents::findsFreelistCountPastPageEnd() {
    QFETCH(int, count);
    QFETCH(quint64, escaped);
    FileBuilder file = soundFile();
    file.poke(2, kCountAt, static_cast<std::uint16_t>(count));
    file.poke(2, format::kPageHeaderSize, escaped);
    expect(file, {{FindingCode::FreelistCount, 2}});
}

void TestCheckContents::findsFreelistIdOutOfRange() {
    FileBuilder file = soundFile();
    file.freelist(2, {1, 9, 10});
    expect(file, {{FindingCode::FreelistIdRange, 1}, {FindingCode::FreelistIdRange, 10}});
}

void TestCheckContents::findsDuplicateFreelistId() {
    FileBuilder file = soundFile();
    file.freelist(2, {9, 9});
    expect(file, {{FindingCode::FreelistDuplicate, 9}});
}

void TestCheckContents::findsUnsortedFreelist() {
    FileBuilder file = soundFile();
    file.meta(5, 3, 2, 12);
    file.freelist(2, {9, 11, 10});
    expect(file, {{FindingCode::FreelistUnsorted, 10}});
}

void TestCheckContents::findsFreelistThatListsItself() {
    FileBuilder file = soundFile();
    file.freelist(2, {2, 9});
    expect(file, {{FindingCode::ReachableFree, 2}});
}

void TestCheckContents::readsEscapedFreelistCount() {
    FileBuilder file = soundFile();
    file.freelist(2, {1, 9}); // with the count escaped, the first number is the number of ids
    file.poke(2, kCountAt, format::kFreelistCountEscape);
    expect(file, {});
}

void TestCheckContents::expectsNoLeaksWithoutFreelist() {
    FileBuilder file = soundFile();
    file.meta(5, 3, format::kNoFreelist, 10);
    expect(file, {});
}

QTEST_GUILESS_MAIN(TestCheckContents)
#include "tst_check_contents.moc"
