// SPDX-License-Identifier: MIT
// PageView: what it hands out lies inside the bytes it was given, whatever these say.
#include "format/page_view.h"
#include "support/page_builder.h"

#include <QtTest>

#include <string>
#include <vector>

using namespace pagescape;
using namespace pagescape::format;
using pagescape::test::FileBuilder;

namespace {

constexpr std::uint32_t kPageSize = 1024;

Bytes pageOf(FileBuilder& file, std::uint64_t id) {
    return Bytes(file.bytes()).subspan(file.at(id), kPageSize);
}

bool isInside(Bytes inner, Bytes outer) {
    return inner.empty() || (inner.data() >= outer.data() &&
                             inner.data() + inner.size() <= outer.data() + outer.size());
}

} // namespace

class TestPageView : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsTheHeader();
    void hasAZeroHeaderForShortRuns();
    void readsBranchElements();
    void readsLeafElements();
    void takesTypesByEquality();
    void rejectsElementsPastThePageEnd();
    void rejectsScalarsThatLeaveThePage_data();
    void rejectsScalarsThatLeaveThePage();
    void acceptsDataThatEndsWithThePage();
    void tellsChildAndFlagsOfDamagedElements();
    void countsUsedBytesByTheLastElement();
    void readsAtAnyAddress();
    void readsBucketHeaders();
    void staysInsideForEveryScalar();
};

void TestPageView::readsTheHeader() {
    FileBuilder file(kPageSize, 4);
    file.header(3, kLeafFlag, 7, 2);
    const PageView page(pageOf(file, 3));
    QCOMPARE(page.header().id, 3U);
    QCOMPARE(page.header().flags, std::uint16_t{kLeafFlag});
    QCOMPARE(page.header().count, std::uint16_t{7});
    QCOMPARE(page.header().overflow, 2U);
    QCOMPARE(page.count(), 7U);
    QCOMPARE(PageView::elementAt(2), 48U);
}

void TestPageView::hasAZeroHeaderForShortRuns() {
    const std::vector<std::byte> bytes(15, std::byte{0xFF});
    for (std::size_t size = 0; size <= bytes.size(); ++size) {
        const PageView page(Bytes(bytes).first(size));
        QCOMPARE(page.header().id, 0U);
        QCOMPARE(page.count(), 0U);
        QVERIFY(!page.isLeaf() && !page.isBranch());
        QVERIFY(!page.elementTableFits());
        QVERIFY(!page.leaf(0) && !page.branch(0) && !page.child(0) && !page.leafFlags(0));
    }
}

void TestPageView::readsBranchElements() {
    FileBuilder file(kPageSize, 4);
    file.branch(2, {{"alpha", 7}, {"beta", 9}});
    const PageView page(pageOf(file, 2));
    QVERIFY(page.isBranch());
    QVERIFY(page.elementTableFits());
    QCOMPARE(toString(page.branch(1)->key), std::string("beta"));
    QCOMPARE(page.branch(1)->child, PageId{9});
    QCOMPARE(toString(*page.key(0)), std::string("alpha"));
    QCOMPARE(page.child(0), std::optional(PageId{7}));
}

void TestPageView::readsLeafElements() {
    FileBuilder file(kPageSize, 4);
    file.leaf(2, {{"a", "one", 0}, {"b", FileBuilder::bucketValue(5, 6), 1}, {"c", "", 0}});
    const PageView page(pageOf(file, 2));
    QVERIFY(page.isLeaf());
    QCOMPARE(toString(page.leaf(0)->key), std::string("a"));
    QCOMPARE(toString(page.leaf(0)->value), std::string("one"));
    QVERIFY(!page.leaf(0)->isBucket());
    QVERIFY(page.leaf(1)->isBucket());
    QCOMPARE(page.leafFlags(1), std::optional<std::uint32_t>(1));
    QVERIFY(page.leaf(2)->value.empty());
    QCOMPARE(toString(*page.key(2)), std::string("c"));
}

// Since bbolt 1.3.7 a page is a leaf only if that one flag is set.
void TestPageView::takesTypesByEquality() {
    FileBuilder file(kPageSize, 4);
    for (const int raw : {0, 3, 6, 0x12, 0x82, 0x101}) {
        const auto flags = static_cast<std::uint16_t>(raw);
        file.header(2, flags, 0);
        const PageView page(pageOf(file, 2));
        QVERIFY(!page.isLeaf() && !page.isBranch());
    }
}

void TestPageView::rejectsElementsPastThePageEnd() {
    FileBuilder file(kPageSize, 4);
    file.header(2, kLeafFlag, 64);
    const PageView page(pageOf(file, 2)); // room for 63
    QVERIFY(!page.elementTableFits());
    QVERIFY(page.leaf(62).has_value());
    QVERIFY(!page.leaf(63) && !page.branch(63) && !page.child(63) && !page.leafFlags(63));
    QVERIFY(!page.leaf(UINT32_MAX) && !page.branch(UINT32_MAX));
    file.header(2, kLeafFlag, 63);
    QVERIFY(PageView(pageOf(file, 2)).elementTableFits());
}

void TestPageView::rejectsScalarsThatLeaveThePage_data() {
    QTest::addColumn<quint32>("pos");
    QTest::addColumn<quint32>("keySize");
    QTest::addColumn<quint32>("valueSize");
    // The element is at byte 16, so 1008 bytes lie from it to the end of the page.
    QTest::newRow("pos") << 1009U << 0U << 0U;
    QTest::newRow("key") << 1000U << 9U << 0U;
    QTest::newRow("value") << 1000U << 4U << 5U;
    QTest::newRow("greatest pos") << 0xFFFFFFFFU << 0U << 0U;
    QTest::newRow("greatest key") << 16U << 0xFFFFFFFFU << 0U;
    QTest::newRow("greatest value") << 16U << 1U << 0xFFFFFFFFU;
    QTest::newRow("sum wraps in 32 bits") << 0xFFFFFFFFU << 0xFFFFFFFFU << 0xFFFFFFFFU;
    QTest::newRow("sum wraps to the page") << 0xFFFFFFF0U << 0x20U << 1U;
}

void TestPageView::rejectsScalarsThatLeaveThePage() {
    QFETCH(quint32, pos);
    QFETCH(quint32, keySize);
    QFETCH(quint32, valueSize);
    FileBuilder file(kPageSize, 4);
    file.header(2, kLeafFlag, 1);
    file.put<std::uint32_t>(file.at(2, 20), pos);
    file.put<std::uint32_t>(file.at(2, 24), keySize);
    file.put<std::uint32_t>(file.at(2, 28), valueSize);
    const PageView page(pageOf(file, 2));
    QVERIFY(!page.leaf(0));
    QVERIFY(!page.key(0));
    QVERIFY(!page.usedBytes());
}

void TestPageView::acceptsDataThatEndsWithThePage() {
    FileBuilder file(kPageSize, 4);
    file.header(2, kLeafFlag, 1);
    file.put<std::uint32_t>(file.at(2, 20), 1000);
    file.put<std::uint32_t>(file.at(2, 24), 3);
    file.put<std::uint32_t>(file.at(2, 28), 5);
    const PageView page(pageOf(file, 2));
    QCOMPARE(page.leaf(0)->key.size(), std::size_t{3});
    QCOMPARE(page.leaf(0)->value.size(), std::size_t{5});
    QCOMPARE(page.usedBytes(), std::optional<std::uint64_t>(kPageSize));
}

void TestPageView::tellsChildAndFlagsOfDamagedElements() {
    FileBuilder file(kPageSize, 4);
    file.branch(2, {{"a", 7}});
    file.put<std::uint32_t>(file.at(2, 20), 0xFFFFFFFF);
    QVERIFY(!PageView(pageOf(file, 2)).branch(0));
    QCOMPARE(PageView(pageOf(file, 2)).child(0), std::optional(PageId{7}));
    file.leaf(3, {{"a", "b", 1}});
    file.put<std::uint32_t>(file.at(3, 24), 0xFFFFFFFF);
    QVERIFY(!PageView(pageOf(file, 3)).leaf(0));
    QCOMPARE(PageView(pageOf(file, 3)).leafFlags(0), std::optional<std::uint32_t>(1));
}

void TestPageView::countsUsedBytesByTheLastElement() {
    FileBuilder file(kPageSize, 6);
    file.leaf(2, {});
    file.leaf(3, {{"a", "one", 0}, {"bb", "two", 0}});
    file.branch(4, {{"a", 1}, {"bbb", 2}});
    QCOMPARE(PageView(pageOf(file, 2)).usedBytes(), std::optional<std::uint64_t>(16));
    QCOMPARE(PageView(pageOf(file, 3)).usedBytes(), std::optional<std::uint64_t>(16 + 32 + 4 + 5));
    QCOMPARE(PageView(pageOf(file, 4)).usedBytes(), std::optional<std::uint64_t>(16 + 32 + 4));
}

// Inline pages lie at any address inside a value.
void TestPageView::readsAtAnyAddress() {
    FileBuilder file(kPageSize, 2);
    file.leaf(1, {{"key", "value", 0}});
    for (std::size_t shift = 0; shift < 16; ++shift) {
        std::vector<std::byte> moved(shift);
        const Bytes page = pageOf(file, 1);
        moved.insert(moved.end(), page.begin(), page.end());
        const PageView view(Bytes(moved).subspan(shift));
        QCOMPARE(view.header().id, 1U);
        QCOMPARE(toString(view.leaf(0)->value), std::string("value"));
    }
}

void TestPageView::readsBucketHeaders() {
    const std::string value = FileBuilder::bucketValue(5, 77) + "rest";
    const auto header = readBucketHeader(asBytes(value));
    QCOMPARE(header->root, PageId{5});
    QCOMPARE(header->sequence, 77U);
    QCOMPARE(toString(header->inlinePage), std::string("rest"));
    QVERIFY(!readBucketHeader(asBytes(value).first(15)));
    QVERIFY(readBucketHeader(asBytes(value).first(16))->inlinePage.empty());
}

// Each scalar of two elements takes every value near a border, alone and with the others.
void TestPageView::staysInsideForEveryScalar() {
    const std::vector<std::uint32_t> values = {
        0, 1, 16, 990, 991, 992, 993, 1008, 1009, 0x7FFFFFFF, 0x80000000, 0xFFFFFFF0, 0xFFFFFFFF};
    FileBuilder file(kPageSize, 4);
    for (const std::uint16_t flags : {kLeafFlag, kBranchFlag}) {
        file.header(2, flags, 2);
        for (const std::uint32_t a : values) {
            for (const std::uint32_t b : values) {
                for (const std::uint32_t c : values) {
                    file.put<std::uint32_t>(file.at(2, 32), a);
                    file.put<std::uint32_t>(file.at(2, 36), b);
                    file.put<std::uint32_t>(file.at(2, 40), c);
                    file.put<std::uint32_t>(file.at(2, 44), a);
                    const Bytes run = pageOf(file, 2);
                    const PageView page(run);
                    if (const auto leaf = page.leaf(1)) {
                        QVERIFY(isInside(leaf->key, run) && isInside(leaf->value, run));
                    }
                    if (const auto branch = page.branch(1)) {
                        QVERIFY(isInside(branch->key, run));
                    }
                    const auto used = page.usedBytes();
                    QVERIFY(!used || *used <= run.size());
                }
            }
        }
    }
}

QTEST_GUILESS_MAIN(TestPageView)
#include "tst_page_view.moc"
