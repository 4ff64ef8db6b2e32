// SPDX-License-Identifier: MIT
// Inspect on pages built by hand: the fields of sound pages of every kind.
#include "support/inspected_page.h"

#include <QtTest>

#include <algorithm>
#include <string>
#include <vector>

using namespace pagescape;
using namespace pagescape::test;

namespace {

// "kind begin end" of each leaf field in byte order, to compare with a list written by hand.
std::vector<std::string> leafList(const PageDescription& page) {
    std::vector<std::string> out;
    for (const std::uint32_t index : page.leaves) {
        const Field& field = page.fields[index];
        out.push_back(std::string(fieldName(field.kind)) + " " + std::to_string(field.range.begin) +
                      " " + std::to_string(field.range.end));
    }
    return out;
}

} // namespace

class TestInspect : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void decodesTheWorkedExample();
    void decodesAMeta();
    void decodesABranch();
    void decodesAFreelist();
    void decodesAnEscapedFreelist();
    void callsABlankPageUnused();
    void decodesAnOverflowRun();
    void acceptsTheEmptyOverflowPageOfOldBolt();
    void decodesBucketValues();
    void decodesOddPageSizes_data();
    void decodesOddPageSizes();
    void decodesManyElementsInTime();
};

// Source: the worked example of the format reference: bucket "widgets" with foo=bar, page 4.
void TestInspect::decodesTheWorkedExample() {
    const QByteArray hex("04000000000000000200010000000000" // page header
                         "01000000100000000700000036000000" // element
                         "77696467657473"                   // key
                         "00000000000000000000000000000000" // bucket header
                         "00000000000000000200010000000000" // inline page header
                         "00000000100000000300000003000000" // its element
                         "666f6f626172");                   // its key and value
    const QByteArray used = QByteArray::fromHex(hex);
    std::string bytes = used.toStdString();
    bytes.resize(4096);
    const PageDescription page = inspectPage(asBytes(bytes), PageId{4}, 4096);

    const std::vector<std::string> expected = {"page-id 0 8",
                                               "flags 8 10",
                                               "count 10 12",
                                               "overflow 12 16",
                                               "element-flags 16 20",
                                               "element-pos 20 24",
                                               "element-key-size 24 28",
                                               "element-value-size 28 32",
                                               "key 32 39",
                                               "bucket-root 39 47",
                                               "bucket-sequence 47 55",
                                               "page-id 55 63",
                                               "flags 63 65",
                                               "count 65 67",
                                               "overflow 67 71",
                                               "element-flags 71 75",
                                               "element-pos 75 79",
                                               "element-key-size 79 83",
                                               "element-value-size 83 87",
                                               "key 87 90",
                                               "value 90 93",
                                               "unused 93 4096"};
    QCOMPARE(leafList(page), expected);
    QCOMPARE(partitionFault(page, 4096), std::string());
    QCOMPARE(problemsOf(page), std::string());
    QCOMPARE(page.type, PageType::Leaf);
    QCOMPARE(page.headerId, 4U);
    QCOMPARE(page.count, std::uint16_t{1});
    QCOMPARE(page.usedBytes, 93U);
    QVERIFY(!page.isCut);

    std::vector<std::string> groups;
    for (const Field& field : page.fields) {
        if (isGroup(field.kind)) {
            groups.push_back(
                std::string(fieldName(field.kind)) + " " + std::to_string(field.range.begin) + " " +
                std::to_string(field.range.end) + " level " + std::to_string(field.level));
        }
    }
    const std::vector<std::string> expectedGroups = {
        "header 0 16 level 0",  "element-array 16 32 level 0", "element 16 32 level 1",
        "pair 32 93 level 0",   "bucket-value 39 93 level 1",  "inline-page 55 93 level 2",
        "header 55 71 level 3", "element-array 71 87 level 3", "element 71 87 level 4",
        "pair 87 93 level 3"};
    QCOMPARE(groups, expectedGroups);

    QCOMPARE(fieldOf(page, FieldKind::ElementPos, 0)->number, 16U);
    QCOMPARE(fieldOf(page, FieldKind::ElementValueSize, 0)->number, 54U);
    QCOMPARE(fieldOf(page, FieldKind::Key, 0)->range, (ByteRange{32, 39}));
    QCOMPARE(page.fieldAt(88).kind, FieldKind::Key);
    QCOMPARE(page.fieldAt(4095).kind, FieldKind::Unused);
}

void TestInspect::decodesAMeta() {
    FileBuilder file(kPageSize, 4);
    file.meta(1, 7, 3, 2, 4);
    const PageDescription page = inspectBuilt(file, 1);
    QCOMPARE(problemsOf(page), std::string());
    QCOMPARE(page.type, PageType::Meta);
    QCOMPARE(page.usedBytes, 80U);
    QCOMPARE(fieldOf(page, FieldKind::Meta)->range, (ByteRange{16, 80}));
    QCOMPARE(fieldOf(page, FieldKind::Magic)->number, std::uint64_t{format::kMagic});
    QCOMPARE(fieldOf(page, FieldKind::PageSizeField)->number, std::uint64_t{kPageSize});
    QCOMPARE(fieldOf(page, FieldKind::Root)->number, 3U);
    QCOMPARE(fieldOf(page, FieldKind::FreelistId)->number, 2U);
    QCOMPARE(fieldOf(page, FieldKind::HighWater)->number, 4U);
    QCOMPARE(fieldOf(page, FieldKind::TxIdField)->range, (ByteRange{64, 72}));
    QCOMPARE(fieldOf(page, FieldKind::TxIdField)->number, 7U);
    QCOMPARE(page.fieldAt(80).kind, FieldKind::Unused);
}

void TestInspect::decodesABranch() {
    FileBuilder file(kPageSize, 8);
    file.branch(3, {{"a", 5}, {"mm", 6}, {"b", 3}});
    const PageDescription page = inspectBuilt(file, 3);
    QCOMPARE(page.type, PageType::Branch);
    QCOMPARE(fieldOf(page, FieldKind::ElementChild, 1)->number, 6U);
    QCOMPARE(fieldOf(page, FieldKind::Key, 0)->range, (ByteRange{64, 65}));
    QCOMPARE(fieldOf(page, FieldKind::Key, 0)->parent, -1);
    QVERIFY(fieldOf(page, FieldKind::Key, 0)->problem.empty());
    QCOMPARE(fieldOf(page, FieldKind::ElementChild, 2)->problem,
             std::string("page 3, element 2, byte 56 of the page: expected another page than this "
                         "one, found 3"));
    QCOMPARE(fieldOf(page, FieldKind::Key, 2)->problem,
             std::string("page 3, element 2, byte 67 of the page: expected a key greater than the "
                         "one before it, "
                         "found one that is not"));
    file.branch(4, {});
    QCOMPARE(problemsOf(inspectBuilt(file, 4)),
             std::string("page 4, byte 10 of the page: expected a branch with at least one "
                         "element, found none\n"));
}

void TestInspect::decodesAFreelist() {
    FileBuilder file(kPageSize, 4);
    file.freelist(2, {5, 9, 9, 1});
    const PageDescription page = inspectBuilt(file, 2);
    QCOMPARE(fieldOf(page, FieldKind::ElementArray)->range, (ByteRange{16, 48}));
    QCOMPARE(fieldOf(page, FieldKind::FreelistEntry, 1)->number, 9U);
    QVERIFY(fieldOf(page, FieldKind::FreelistEntry, 1)->problem.empty());
    QCOMPARE(
        fieldOf(page, FieldKind::FreelistEntry, 2)->problem,
        std::string(
            "page 2, element 2, byte 32 of the page: expected more than 9 before it, found 9"));
    QCOMPARE(fieldOf(page, FieldKind::FreelistEntry, 3)->problem,
             std::string("page 2, element 3, byte 40 of the page: expected a page that can be "
                         "free, 2 or more, found 1"));
    QCOMPARE(page.fieldAt(48).kind, FieldKind::Unused);
}

void TestInspect::decodesAnEscapedFreelist() {
    constexpr std::uint64_t kIds = 70000;
    const std::uint64_t pages = (16 + 8 + kIds * 8) / kPageSize + 1;
    FileBuilder file(kPageSize, pages + 2);
    file.header(2, format::kFreelistFlag, format::kFreelistCountEscape,
                static_cast<std::uint32_t>(pages - 1));
    file.put<std::uint64_t>(file.at(2, 16), kIds);
    for (std::uint64_t i = 0; i < kIds; ++i) {
        file.put<std::uint64_t>(file.at(2, 24 + i * 8), 1000 + i);
    }
    const PageDescription page = inspectBuilt(file, 2, pages);
    QCOMPARE(problemsOf(page), std::string());
    QCOMPARE(fieldOf(page, FieldKind::FreelistCount)->range, (ByteRange{16, 24}));
    QCOMPARE(fieldOf(page, FieldKind::FreelistCount)->number, kIds);
    QCOMPARE(fieldOf(page, FieldKind::FreelistEntry, 69999)->number, 70999U);
    QCOMPARE(page.usedBytes, 24 + kIds * 8);
}

void TestInspect::callsABlankPageUnused() {
    FileBuilder file(kPageSize, 4);
    const PageDescription page = inspectBuilt(file, 3);
    QCOMPARE(page.type, PageType::Unknown);
    QCOMPARE(page.fieldAt(16).kind, FieldKind::Unused);
    QCOMPARE(page.fieldAt(16).range, (ByteRange{16, kPageSize}));
}

void TestInspect::decodesAnOverflowRun() {
    FileBuilder file(kPageSize, 8);
    file.leaf(3, {{"big", std::string(2500, 'x'), 0}}, 2);
    const PageDescription page = inspectBuilt(file, 3, 3);
    QCOMPARE(problemsOf(page), std::string());
    QCOMPARE(page.overflow, 2U);
    QCOMPARE(fieldOf(page, FieldKind::Value, 0)->range, (ByteRange{35, 2535}));
    QCOMPARE(page.fieldAt(2535).kind, FieldKind::Unused);
}

// Original bolt allocated size / page size + 1 pages, one too many for a node of exactly a page.
void TestInspect::acceptsTheEmptyOverflowPageOfOldBolt() {
    FileBuilder file(kPageSize, 8);
    file.leaf(3, {{"k", std::string(kPageSize - 33, 'x'), 0}}, 1);
    const PageDescription page = inspectBuilt(file, 3, 2);
    QCOMPARE(problemsOf(page), std::string());
    QCOMPARE(page.usedBytes, std::uint64_t{kPageSize});
    QCOMPARE(page.fieldAt(kPageSize).range, (ByteRange{kPageSize, 2 * kPageSize}));
    QCOMPARE(page.fieldAt(kPageSize).kind, FieldKind::Unused);
}

void TestInspect::decodesBucketValues() {
    FileBuilder file(kPageSize, 8);
    file.leaf(3, {{"a", FileBuilder::bucketValue(6, 42), 1},
                  {"b", inlineBucket({}, 9), 1},
                  {"c", FileBuilder::bucketValue(6) + "more", 1},
                  {"d", "short", 1},
                  {"e", FileBuilder::bucketValue(0), 1}});
    const PageDescription page = inspectBuilt(file, 3);
    QCOMPARE(fieldOf(page, FieldKind::BucketRoot, 0)->number, 6U);
    QCOMPARE(fieldOf(page, FieldKind::BucketSequence, 0)->number, 42U);
    QCOMPARE(fieldOf(page, FieldKind::BucketSequence, 1)->number, 9U);
    QCOMPARE(fieldOf(page, FieldKind::InlinePage, 1)->range.size(), 16U);
    QCOMPARE(fieldOf(page, FieldKind::Unexplained, 2)->range.size(), 4U);
    QVERIFY(fieldOf(page, FieldKind::Unexplained, 2)
                ->problem.ends_with("expected nothing behind the 16 bytes of a bucket with root "
                                    "page 6, found 4 bytes"));
    QVERIFY(fieldOf(page, FieldKind::Value, 3)
                ->problem.ends_with("expected a bucket header of 16 bytes, found 5 bytes"));
    QVERIFY(fieldOf(page, FieldKind::BucketRoot, 4)
                ->problem.ends_with(
                    "expected an inline page of at least 16 bytes behind root 0, found 0 bytes"));
}

void TestInspect::decodesOddPageSizes_data() {
    QTest::addColumn<quint32>("pageSize");
    for (const quint32 size : {128U, 512U, 1000U, 3000U, 131072U}) {
        QTest::addRow("%u", size) << size;
    }
}

void TestInspect::decodesOddPageSizes() {
    QFETCH(quint32, pageSize);
    FileBuilder file(pageSize, 8);
    file.meta(0, 2, 3, 2, 4);
    file.leaf(3, {{"a", std::string(pageSize, 'y'), 0}, {"b", "z", 0}}, 1);
    QCOMPARE(problemsOf(inspectBuilt(file, 0, 1, pageSize)), std::string());
    const PageDescription page = inspectBuilt(file, 3, 2, pageSize);
    QCOMPARE(problemsOf(page), std::string());
    QCOMPARE(page.usedBytes, pageSize + 16U + 32U + 3U);
}

// 65534 elements is what bolt writes at most. The bound is generous, for instrumented builds.
void TestInspect::decodesManyElementsInTime() {
    constexpr std::uint32_t kLargePage = 4U << 20;
    FileBuilder file(kLargePage, 2);
    std::vector<FileBuilder::Pair> pairs;
    for (int i = 0; i < 65534; ++i) {
        pairs.push_back({std::to_string(100000 + i), "value", 0});
    }
    file.leaf(1, pairs);
    const double begin = processorSeconds();
    const PageDescription page =
        inspectPage(Bytes(file.bytes()).subspan(kLargePage), PageId{1}, kLargePage);
    const double elapsed = processorSeconds() - begin;
    qInfo("65534 elements: %.3f s, %zu fields", elapsed, page.fields.size());
    QCOMPARE(partitionFault(page, kLargePage), std::string());
    QCOMPARE(fieldOf(page, FieldKind::Key, 65533)->number, 0U);
    QVERIFY2(elapsed < 5, "a page of 65534 elements takes too long");
}

QTEST_GUILESS_MAIN(TestInspect)
#include "tst_inspect.moc"
