// SPDX-License-Identifier: MIT
// Inspect on damaged pages built by hand: what is still decoded, and what is said about the rest.
#include "support/inspected_page.h"

#include <QtTest>

#include <algorithm>
#include <string>
#include <vector>

using namespace pagescape;
using namespace pagescape::test;

class TestInspectDamage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void namesWhatIsWrongInAMeta();
    void decodesAMetaWhoseHeaderIsDamaged();
    void keepsToTheIdsThatFitALyingFreelist();
    void keepsToTheElementsThatFitALyingCount();
    void clipsTheLaterOfTwoOverlappingFields();
    void namesTheScalarThatLeavesThePage_data();
    void namesTheScalarThatLeavesThePage();
    void callsBytesBetweenFieldsSlack();
    void callsFilledBytesBehindTheDataUnexplained();
    void callsAnUnknownPageUnexplained();
    void saysWhereARunIsCut();
    void noticesBytesBehindTheRun();
    void noticesKeysOutOfOrder();
    void doesNotDecodeABucketInsideAnInlineBucket();
    void decodesAnInlinePageWithALyingCount();
    void survivesRunsShorterThanAHeader();
    void boundsTheWorkOnElementsThatShareBytes();
};

void TestInspectDamage::namesWhatIsWrongInAMeta() {
    FileBuilder file(kPageSize, 4);
    file.meta(0, 7, 3, format::kNoFreelist, 4);
    QCOMPARE(problemsOf(inspectBuilt(file, 0)), std::string());

    file.put<std::uint64_t>(file.at(0, format::kMetaRootAt), 9);
    file.put<std::uint8_t>(file.at(0, 100), 0x55);
    const PageDescription page = inspectBuilt(file, 0);
    QCOMPARE(fieldOf(page, FieldKind::Root)->problem,
             std::string(
                 "page 0, byte 32 of the page: expected a page from 2 up to the high-water mark 4, "
                 "found 9"));
    QVERIFY(fieldOf(page, FieldKind::Checksum)
                ->problem.starts_with("page 0, byte 72 of the page: expected 0x"));
    QCOMPARE(page.fieldAt(99).kind, FieldKind::Unused);
    QCOMPARE(page.fieldAt(100).kind, FieldKind::Unexplained);
    QCOMPARE(page.fieldAt(101).kind, FieldKind::Unused);
}

// bolt takes a meta whose page header was trashed; so it must be decoded, and the header marked.
void TestInspectDamage::decodesAMetaWhoseHeaderIsDamaged() {
    FileBuilder file(kPageSize, 4);
    file.meta(0, 7, 3, 2, 4);
    file.put<std::uint16_t>(file.at(0, format::kHeaderFlagsAt), 0x02);
    const PageDescription page = inspectBuilt(file, 0);
    QCOMPARE(page.type, PageType::Meta);
    QCOMPARE(fieldOf(page, FieldKind::FlagsField)->problem,
             std::string("page 0, byte 8 of the page: expected 0x4 (meta), found 0x2"));
    QCOMPARE(fieldOf(page, FieldKind::TxIdField)->number, 7U);
}

void TestInspectDamage::keepsToTheIdsThatFitALyingFreelist() {
    FileBuilder file(kPageSize, 4);
    file.header(2, format::kFreelistFlag, format::kFreelistCountEscape);
    file.put<std::uint64_t>(file.at(2, 16), UINT64_MAX);
    for (std::uint64_t i = 0; i < 125; ++i) {
        file.put<std::uint64_t>(file.at(2, 24 + i * 8), 10 + i);
    }
    const PageDescription page = inspectBuilt(file, 2);
    QCOMPARE(fieldOf(page, FieldKind::FreelistCount)->problem,
             std::string(
                 "page 2, byte 16 of the page: expected at most 125 ids, which fit the page, found "
                 "18446744073709551615"));
    QCOMPARE(fieldOf(page, FieldKind::FreelistEntry, 124)->number, 134U);
    QCOMPARE(page.usedBytes, std::uint64_t{kPageSize});
}

void TestInspectDamage::keepsToTheElementsThatFitALyingCount() {
    FileBuilder file(kPageSize, 4);
    file.leaf(3, {{"a", "1", 0}, {"b", "2", 0}});
    file.put<std::uint16_t>(file.at(3, format::kHeaderCountAt), 0xFFFF);
    const PageDescription page = inspectBuilt(file, 3);
    QCOMPARE(
        fieldOf(page, FieldKind::CountField)->problem,
        std::string(
            "page 3, byte 10 of the page: expected at most 63 elements, which fit the 1024 bytes, "
            "found 65535"));
    QVERIFY(fieldOf(page, FieldKind::Element, 62) != nullptr);
    QVERIFY(fieldOf(page, FieldKind::Element, 63) == nullptr);
}

void TestInspectDamage::clipsTheLaterOfTwoOverlappingFields() {
    FileBuilder file(kPageSize, 4);
    file.leaf(3, {{"aaaa", "1111", 0}, {"bbbb", "2222", 0}});
    // Element 1 at byte 32 now points two bytes into the value of element 0, which is at [52, 56).
    file.put<std::uint32_t>(file.at(3, 36), 54 - 32);
    const PageDescription page = inspectBuilt(file, 3);
    QCOMPARE(fieldOf(page, FieldKind::Value, 0)->range, (ByteRange{52, 56}));
    QVERIFY(fieldOf(page, FieldKind::Value, 0)->problem.empty());
    QCOMPARE(fieldOf(page, FieldKind::Key, 1)->range, (ByteRange{56, 58}));
    QCOMPARE(
        fieldOf(page, FieldKind::Key, 1)->problem,
        std::string(
            "page 3, element 1, byte 56 of the page: expected bytes 54 to 57 to be this key alone, "
            "found them shared with an earlier field; bytes 56 to 57 are left for it"));
    // And now into the element array, where nothing is left for it.
    file.put<std::uint32_t>(file.at(3, 36), 4);
    const PageDescription inside = inspectBuilt(file, 3);
    QVERIFY(fieldOf(inside, FieldKind::Key, 1)->range.isEmpty());
    QCOMPARE(fieldOf(inside, FieldKind::ElementPos, 1)->problem,
             std::string("page 3, element 1, byte 36 of the page: expected at least 16 to get "
                         "behind the element "
                         "array, found 4"));
}

void TestInspectDamage::namesTheScalarThatLeavesThePage_data() {
    QTest::addColumn<quint32>("at");
    QTest::addColumn<quint32>("value");
    QTest::addColumn<int>("kind");
    const auto pos = static_cast<int>(FieldKind::ElementPos);
    const auto keySize = static_cast<int>(FieldKind::ElementKeySize);
    const auto valueSize = static_cast<int>(FieldKind::ElementValueSize);
    QTest::newRow("pos") << 20U << 0x7FFFFFF0U << pos;
    QTest::newRow("greatest pos") << 20U << 0xFFFFFFFFU << pos;
    QTest::newRow("key size") << 24U << 1500U << keySize;
    QTest::newRow("greatest key size") << 24U << 0xFFFFFFFFU << keySize;
    // Key and value begin at byte 32, so 988 bytes of value fit behind the 4 of the key.
    QTest::newRow("value size") << 28U << 989U << valueSize;
    QTest::newRow("greatest value size") << 28U << 0xFFFFFFFFU << valueSize;
}

void TestInspectDamage::namesTheScalarThatLeavesThePage() {
    QFETCH(quint32, at);
    QFETCH(quint32, value);
    QFETCH(int, kind);
    FileBuilder file(kPageSize, 4);
    file.leaf(3, {{"aaaa", "1111", 0}});
    file.put<std::uint32_t>(file.at(3, at), value);
    const PageDescription page = inspectBuilt(file, 3);
    const Field* scalar = fieldOf(page, static_cast<FieldKind>(kind), 0);
    QCOMPARE(scalar->number, std::uint64_t{value});
    const std::string begin =
        "page 3, element 0, byte " + std::to_string(at) + " of the page: expected";
    QVERIFY2(scalar->problem.starts_with(begin), scalar->problem.c_str());
    QVERIFY2(scalar->problem.ends_with(", found " + std::to_string(value)),
             scalar->problem.c_str());
}

void TestInspectDamage::callsBytesBetweenFieldsSlack() {
    FileBuilder file(kPageSize, 4);
    file.leaf(3, {{"k", "v", 0}});
    file.put<std::uint32_t>(file.at(3, 20), 100);
    file.putText(file.at(3, 116), "kv");
    const PageDescription page = inspectBuilt(file, 3);
    QCOMPARE(page.fieldAt(32).kind, FieldKind::Slack);
    QCOMPARE(page.fieldAt(32).range, (ByteRange{32, 116}));
    QCOMPARE(page.usedBytes, 34U);
}

void TestInspectDamage::callsFilledBytesBehindTheDataUnexplained() {
    FileBuilder file(kPageSize, 4);
    file.leaf(3, {{"k", "v", 0}});
    file.putText(file.at(3, 1000), "left over");
    const PageDescription page = inspectBuilt(file, 3);
    QCOMPARE(page.fieldAt(500).kind, FieldKind::Unused);
    QCOMPARE(page.fieldAt(1000).range, (ByteRange{1000, 1009}));
    QCOMPARE(page.fieldAt(1000).kind, FieldKind::Unexplained);
    QCOMPARE(page.fieldAt(1000).problem,
             std::string("page 3, byte 1000 of the page: expected zeros behind the last used byte, "
                         "found 9 bytes "
                         "that nothing refers to"));
    QCOMPARE(page.fieldAt(1009).kind, FieldKind::Unused);
}

void TestInspectDamage::callsAnUnknownPageUnexplained() {
    FileBuilder file(kPageSize, 4);
    file.leaf(3, {{"k", "v", 0}}, 7);
    file.put<std::uint16_t>(file.at(3, format::kHeaderFlagsAt), 0x80);
    const PageDescription page = inspectBuilt(file, 3);
    QCOMPARE(page.type, PageType::Unknown);
    QCOMPARE(page.fieldAt(16).kind, FieldKind::Unexplained);
    QCOMPARE(page.fieldAt(16).range, (ByteRange{16, kPageSize}));
    QCOMPARE(
        fieldOf(page, FieldKind::FlagsField)->problem,
        std::string(
            "page 3, byte 8 of the page: expected 0x1 (branch), 0x2 (leaf), 0x4 (meta) or 0x10 "
            "(freelist), found 0x80"));
    QVERIFY(!page.isCut); // the overflow of such a header means nothing
}

void TestInspectDamage::saysWhereARunIsCut() {
    FileBuilder file(kPageSize, 8);
    file.leaf(3, {{"big", std::string(2500, 'x'), 0}}, 2);
    const Bytes cut = Bytes(file.bytes()).subspan(file.at(3), 1500);
    const PageDescription page = inspectPage(cut, PageId{3}, kPageSize);
    QCOMPARE(partitionFault(page, cut.size()), std::string());
    QVERIFY(page.isCut);
    QCOMPARE(page.problems.size(), std::size_t{1});
    QCOMPARE(
        page.problems.front(),
        std::string(
            "page 3, byte 1500 of the page: expected 3072 bytes of page and overflow pages, found "
            "1500 bytes before the end of the file"));
    QCOMPARE(fieldOf(page, FieldKind::Value, 0)->range, (ByteRange{35, 1500}));
    QCOMPARE(
        fieldOf(page, FieldKind::ElementValueSize, 0)->problem,
        std::string(
            "page 3, element 0, byte 28 of the page: expected at most 1465 bytes of value to stay "
            "before byte 1500, found 2500"));
}

void TestInspectDamage::noticesBytesBehindTheRun() {
    FileBuilder file(kPageSize, 8);
    file.leaf(3, {{"k", "v", 0}});
    const PageDescription page = inspectBuilt(file, 3, 2);
    QCOMPARE(page.fieldAt(kPageSize).kind, FieldKind::Unexplained);
    QCOMPARE(
        page.fieldAt(kPageSize).problem,
        std::string(
            "page 3, byte 1024 of the page: expected the run to end at byte 1024, found 1024 more "
            "bytes"));
}

void TestInspectDamage::noticesKeysOutOfOrder() {
    FileBuilder file(kPageSize, 4);
    file.leaf(3, {{"b", "", 0}, {"c", "", 0}, {"c", "", 0}, {"bb", "", 0}});
    const PageDescription page = inspectBuilt(file, 3);
    QVERIFY(fieldOf(page, FieldKind::Key, 1)->problem.empty());
    QVERIFY(fieldOf(page, FieldKind::Key, 2)->problem.ends_with("found one that is not"));
    QVERIFY(fieldOf(page, FieldKind::Key, 3)->problem.ends_with("found one that is not"));
}

void TestInspectDamage::doesNotDecodeABucketInsideAnInlineBucket() {
    FileBuilder file(kPageSize, 8);
    file.leaf(3, {{"b", inlineBucket({{"inner", FileBuilder::bucketValue(6), 1}}), 1}});
    const PageDescription page = inspectBuilt(file, 3);
    QCOMPARE(std::count_if(page.fields.begin(), page.fields.end(),
                           [](const Field& f) { return f.kind == FieldKind::BucketRoot; }),
             std::ptrdiff_t{1});
    // The key ends at byte 33; bucket header and inline page header come before the inline element.
    QCOMPARE(
        problemsOf(page),
        std::string(
            "page 3, element 0, inline page, element 0, byte 65 of the page: expected no bucket "
            "inside an inline bucket, found one\n"));
}

void TestInspectDamage::decodesAnInlinePageWithALyingCount() {
    FileBuilder file(kPageSize, 8);
    file.leaf(3, {{"b", inlineBucket({{"k", "v", 0}}), 1}, {"c", "next", 0}});
    // The inline page begins behind array (48), key (1) and bucket header (16).
    file.put<std::uint16_t>(file.at(3, 65 + format::kHeaderCountAt), 500);
    const PageDescription page = inspectBuilt(file, 3);
    QCOMPARE(page.fieldAt(65 + format::kHeaderCountAt).problem,
             std::string("page 3, element 0, inline page, byte 75 of the page: expected at most 1 "
                         "elements, which "
                         "fit the 34 bytes, found 500"));
    QCOMPARE(fieldOf(page, FieldKind::Value, 1)->range.size(), 4U);
    QVERIFY(fieldOf(page, FieldKind::Value, 1)->problem.empty());
}

void TestInspectDamage::survivesRunsShorterThanAHeader() {
    const std::vector<std::byte> bytes(80, std::byte{4});
    for (std::size_t size = 0; size <= bytes.size(); ++size) {
        for (const std::uint32_t pageSize : {0U, 1U, 16U, 17U, 79U, 1024U}) {
            const PageDescription page = inspectPage(Bytes(bytes).first(size), PageId{0}, pageSize);
            QCOMPARE(partitionFault(page, size), std::string());
            QCOMPARE(page.isCut, size < 16 || size < pageSize);
        }
    }
}

// All elements claim the same megabyte, as keys and as inline buckets: work must stay linear.
void TestInspectDamage::boundsTheWorkOnElementsThatShareBytes() {
    constexpr std::uint32_t kLargePage = 4U << 20;
    constexpr std::uint32_t kElements = 60000;
    constexpr std::uint32_t kData = format::kPageHeaderSize + kElements * format::kElementSize;
    for (const std::uint32_t keySize : {1U, 1U << 20}) {
        FileBuilder file(kLargePage, 3);
        file.header(2, format::kLeafFlag, kElements);
        for (std::uint32_t i = 0; i < kElements; ++i) {
            const std::uint64_t element = file.at(2, 16 + std::uint64_t{i} * 16);
            file.put<std::uint32_t>(element, 1);
            file.put<std::uint32_t>(element + 4, kData - 16 - i * 16);
            file.put<std::uint32_t>(element + 8, keySize);
            file.put<std::uint32_t>(element + 12, 1U << 20);
        }
        // What they share is an inline page full of elements.
        const std::uint64_t inlineAt = file.at(2, kData + keySize + 16);
        file.put<std::uint16_t>(inlineAt + format::kHeaderFlagsAt, format::kLeafFlag);
        file.put<std::uint16_t>(inlineAt + format::kHeaderCountAt, kElements);
        const double begin = processorSeconds();
        const PageDescription page = inspectBuilt(file, 2, 1, kLargePage);
        QVERIFY2(processorSeconds() - begin < 10,
                 "elements that share bytes cost more than linear time");
        QVERIFY(std::any_of(page.fields.begin(), page.fields.end(),
                            [](const Field& f) { return f.problem == "also damaged"; }));
    }
}

QTEST_GUILESS_MAIN(TestInspectDamage)
#include "tst_inspect_damage.moc"
