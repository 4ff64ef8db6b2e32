// SPDX-License-Identifier: MIT
// Surgery on branch and leaf pages. The behaviours are those of bbolt's command_surgery tests;
// damage that would make bbolt panic is an error here.
#include "support/surgery_fixture.h"

#include <QRandomGenerator>

#include <functional>

using namespace pagescape;
using namespace pagescape::test;

namespace {

// Small values, one large one, small values. `at`: which one is large.
std::vector<FileBuilder::Pair> smallOnesAndALargeOne(std::size_t count, std::size_t at,
                                                     std::size_t large) {
    std::vector<std::size_t> sizes(count, 20);
    sizes[at] = large;
    return pairsOfSizes(sizes);
}

} // namespace

class TestSurgeryPages : public SurgeryFixture {
    Q_OBJECT

private Q_SLOTS:
    void copyPage_copiesTheRunAndRewritesTheId();
    void copyPage_refusals();
    void clearPage_removesAllElements();
    void clearPageElements_withoutOverflow_data();
    void clearPageElements_withoutOverflow();
    void clearPageElements_withOverflow_data();
    void clearPageElements_withOverflow();
    void clearPageElements_branchWarnsOfOrphans();
    void clearPageElements_mendsADamagedElement();
    void clearPageElements_trustsNothing();
    void errorsChangeNothing();
};

void TestSurgeryPages::copyPage_copiesTheRunAndRewritesTheId() {
    FileBuilder builder(kPageSize, 8);
    builder.meta(0, 6, 3, 2, 8);
    builder.meta(1, 5, 3, 2, 8);
    builder.freelist(2, {6, 7});
    builder.leaf(3, {{"data", FileBuilder::bucketValue(4), 1}});
    builder.leaf(4, pairsOfSizes({10, 5000}), 1);
    const auto outcome = copyPage(*file(builder), PageId{4}, PageId{6});
    VERIFY_OK(outcome);
    QCOMPARE(outcome->pagesWritten, std::uint64_t{2});
    QCOMPARE(outcome->warnings.size(), std::size_t{1}); // about the freelist
    QCOMPARE(header(6).id, std::uint64_t{6});
    QCOMPARE(header(6).overflow, 1U);
    QCOMPARE(elements(6), elements(4));
    QCOMPARE(elements(6), (std::vector<std::string>{"key0000=10a", "key0001=5000b"}));
}

void TestSurgeryPages::copyPage_refusals() {
    FileBuilder builder = fileWithLeaf(pairsOfSizes({10, 5000})); // page 4 and 5, the last ones
    const auto opened = file(builder);
    VERIFY_FAILS(copyPage(*opened, PageId{3}, PageId{3}), ErrorCode::SurgeryRefused);
    VERIFY_FAILS(copyPage(*opened, PageId{6}, PageId{3}), ErrorCode::SurgeryRefused);
    VERIFY_FAILS(copyPage(*opened, PageId{3}, PageId{6}), ErrorCode::SurgeryRefused);
    VERIFY_FAILS(copyPage(*opened, PageId{3}, PageId{~std::uint64_t{0}}),
                 ErrorCode::SurgeryRefused);
    VERIFY_FAILS(copyPage(*opened, PageId{3}, PageId{0}), ErrorCode::SurgeryRefused);
    VERIFY_FAILS(copyPage(*opened, PageId{4}, PageId{5}), ErrorCode::SurgeryRefused); // too long
    builder.put<std::uint32_t>(builder.at(4, format::kHeaderOverflowAt), 0xFFFFFFFF);
    VERIFY_FAILS(copyPage(*file(builder), PageId{4}, PageId{2}), ErrorCode::CorruptPage);
    builder.put<std::uint32_t>(builder.at(4, format::kHeaderOverflowAt), 2); // one too many
    VERIFY_FAILS(copyPage(*file(builder), PageId{4}, PageId{2}), ErrorCode::CorruptPage);
}

void TestSurgeryPages::clearPage_removesAllElements() {
    const auto outcome = clearPage(*file(fileWithLeaf(pairsOfSizes({10, 5000, 10}))), PageId{4});
    VERIFY_OK(outcome);
    QCOMPARE(elements(kDataPage), std::vector<std::string>());
    QCOMPARE(header(kDataPage).overflow, 0U);
    QCOMPARE(outcome->warnings.size(), std::size_t{1}); // page 5 is now a leak
    QVERIFY(problemsOf(m_file).find("leak") != std::string::npos);
    const auto again = clearPage(*reopened(), PageId{4});
    VERIFY_OK(again);
    QCOMPARE(again->pagesWritten, std::uint64_t{0});
}

void TestSurgeryPages::clearPageElements_withoutOverflow_data() {
    QTest::addColumn<unsigned>("from");
    QTest::addColumn<int>("to");
    QTest::addColumn<bool>("isAccepted");
    QTest::newRow("first ones") << 0U << 30 << true;
    QTest::newRow("middle") << 10U << 30 << true;
    QTest::newRow("last ones") << 50U << 100 << true;
    QTest::newRow("up to the end") << 50U << -1 << true;
    QTest::newRow("one") << 5U << 6 << true;
    QTest::newRow("the last one") << 99U << 100 << true;
    QTest::newRow("all") << 0U << 100 << true;
    QTest::newRow("all, -1") << 0U << -1 << true;
    QTest::newRow("start is the count") << 100U << -1 << false;
    QTest::newRow("start behind the count") << 101U << -1 << false;
    QTest::newRow("end behind the count") << 0U << 101 << false;
    QTest::newRow("start behind end") << 6U << 5 << false;
    QTest::newRow("start is end") << 5U << 5 << false;
}

void TestSurgeryPages::clearPageElements_withoutOverflow() {
    QFETCH(unsigned, from);
    QFETCH(int, to);
    QFETCH(bool, isAccepted);
    ElementRange range{from, std::nullopt};
    if (to >= 0) {
        range.to = static_cast<std::uint32_t>(to);
    }
    const FileBuilder builder = fileWithLeaf(pairsOfSizes(std::vector<std::size_t>(100, 10)));
    const auto opened = file(builder);
    const std::vector<std::string> before = elements(kDataPage);
    const auto outcome = clearPageElements(*opened, PageId{kDataPage}, range);
    if (!isAccepted) {
        VERIFY_FAILS(outcome, ErrorCode::SurgeryRefused);
        QCOMPARE(elements(kDataPage), before);
        return;
    }
    VERIFY_OK(outcome);
    QVERIFY(outcome->warnings.empty());
    std::vector<std::string> expected(before.begin(), before.begin() + from);
    if (to >= 0) {
        expected.insert(expected.end(), before.begin() + to, before.end());
    }
    QCOMPARE(elements(kDataPage), expected);
    QCOMPARE(problemsOf(m_file), std::string());
}

void TestSurgeryPages::clearPageElements_withOverflow_data() {
    QTest::addColumn<unsigned>("largeAt");
    QTest::addColumn<unsigned>("large");
    QTest::addColumn<unsigned>("from");
    QTest::addColumn<unsigned>("to");
    QTest::addColumn<unsigned>("expectedOverflow");
    QTest::newRow("big element at the beginning goes") << 0U << 8000U << 0U << 1U << 0U;
    QTest::newRow("big element in the middle goes") << 25U << 8000U << 25U << 26U << 0U;
    QTest::newRow("big element at the end goes") << 49U << 8000U << 49U << 50U << 0U;
    QTest::newRow("big element stays, small ones before it go") << 49U << 8000U << 0U << 40U << 2U;
    QTest::newRow("big element stays, small ones behind it go") << 0U << 8000U << 1U << 50U << 1U;
    QTest::newRow("huge element goes with neighbours") << 25U << 400000U << 20U << 30U << 0U;
    QTest::newRow("huge element stays") << 25U << 400000U << 30U << 50U << 97U;
    QTest::newRow("exactly two pages are left") << 49U << 8110U << 0U << 48U << 1U;
    QTest::newRow("one byte more") << 49U << 8111U << 0U << 48U << 2U;
}

void TestSurgeryPages::clearPageElements_withOverflow() {
    QFETCH(unsigned, largeAt);
    QFETCH(unsigned, large);
    QFETCH(unsigned, from);
    QFETCH(unsigned, to);
    QFETCH(unsigned, expectedOverflow);
    const auto pairs = smallOnesAndALargeOne(50, largeAt, large);
    const auto opened = file(fileWithLeaf(pairs));
    std::vector<std::string> expected = elements(kDataPage);
    expected.erase(expected.begin() + from, expected.begin() + to);
    const auto outcome =
        clearPageElements(*opened, PageId{kDataPage}, ElementRange{from, std::uint32_t{to}});
    VERIFY_OK(outcome);
    QCOMPARE(header(kDataPage).overflow, expectedOverflow);
    QCOMPARE(elements(kDataPage), expected);
    QCOMPARE(outcome->warnings.empty(), expectedOverflow == overflowOf(pairs));
    // The way that the warning names leads to a sound file.
    VERIFY_OK(abandonFreelist(*reopened()));
    VERIFY_OK(rebuildFreelist(m_file));
    QCOMPARE(problemsOf(m_file), std::string());
}

void TestSurgeryPages::clearPageElements_branchWarnsOfOrphans() {
    FileBuilder builder(kPageSize, 8);
    builder.meta(0, 6, 3, 2, 8);
    builder.meta(1, 5, 3, 2, 8);
    builder.freelist(2, {});
    builder.leaf(3, {{"data", FileBuilder::bucketValue(4), 1}});
    builder.branch(4, {{"a", 5}, {"b", 6}, {"c", 7}});
    builder.leaf(5, {{"a", "1", 0}});
    builder.leaf(6, {{"b", "2", 0}});
    builder.leaf(7, {{"c", "3", 0}});
    const auto opened = file(builder);
    const auto outcome = clearPageElements(*opened, PageId{4}, ElementRange{1, 2U});
    VERIFY_OK(outcome);
    QCOMPARE(elements(4), (std::vector<std::string>{"a>5", "c>7"}));
    QCOMPARE(outcome->warnings.size(), std::size_t{1});
    VERIFY_OK(abandonFreelist(*opened));
    const auto without = clearPageElements(*opened, PageId{4}, ElementRange{0, 1U});
    VERIFY_OK(without);
    QVERIFY(without->warnings.empty()); // no list is stored that could be wrong
    // A removed bucket orphans its pages as well.
    const auto bucket = clearPage(*file(builder), PageId{3});
    VERIFY_OK(bucket);
    QCOMPARE(bucket->warnings.size(), std::size_t{1});
}

void TestSurgeryPages::clearPageElements_mendsADamagedElement() {
    FileBuilder builder = fileWithLeaf(pairsOfSizes({10, 10, 10}));
    const std::uint64_t element = builder.at(kDataPage, format::kPageHeaderSize + 16);
    builder.put<std::uint32_t>(element + format::kLeafKeySizeAt, 0xFFFFFFF0);
    const auto opened = file(builder);
    QVERIFY(!problemsOf(m_file).empty());
    VERIFY_FAILS(clearPageElements(*opened, PageId{kDataPage}, ElementRange{0, 1U}),
                 ErrorCode::CorruptPage); // the damaged one would stay
    VERIFY_OK(clearPageElements(*opened, PageId{kDataPage}, ElementRange{1, 2U}));
    QCOMPARE(elements(kDataPage), (std::vector<std::string>{"key0000=10a", "key0002=10c"}));
    QCOMPARE(problemsOf(m_file), std::string());
}

void TestSurgeryPages::clearPageElements_trustsNothing() {
    const FileBuilder sound = fileWithLeaf(pairsOfSizes({10, 10, 10}));
    const ElementRange first{0, 1U};
    const auto refused = [&](ErrorCode code, std::uint64_t page, std::uint32_t at, auto value) {
        FileBuilder builder = sound;
        builder.put(builder.at(page, at), value);
        return outcomeOf(clearPageElements(*file(builder), PageId{page}, first)) == errorName(code);
    };
    QVERIFY(refused(ErrorCode::CorruptPage, 4, format::kHeaderCountAt, std::uint16_t{0xFFFF}));
    QVERIFY(refused(ErrorCode::CorruptPage, 4, format::kHeaderOverflowAt, 1U));
    QVERIFY(refused(ErrorCode::CorruptPage, 4, format::kHeaderOverflowAt, 0xFFFFFFFFU));
    QVERIFY(refused(ErrorCode::SurgeryRefused, 4, format::kHeaderFlagsAt, std::uint16_t{0x13}));
    QVERIFY(refused(ErrorCode::SurgeryRefused, 2, format::kHeaderCountAt, std::uint16_t{0}));
    QVERIFY(refused(ErrorCode::SurgeryRefused, 1, format::kHeaderCountAt, std::uint16_t{0}));
    QCOMPARE(outcomeOf(clearPage(*file(sound), PageId{5})), std::string("surgery-refused"));
    QCOMPARE(outcomeOf(clearPage(*file(sound), PageId{~std::uint64_t{0}})),
             std::string("surgery-refused"));
    // Elements that all claim the same large part of the page.
    FileBuilder overlapping = sound;
    for (std::uint32_t i = 0; i < 3; ++i) {
        const std::uint64_t element = overlapping.at(4, format::kPageHeaderSize + i * 16);
        overlapping.put<std::uint32_t>(element + format::kLeafValueSizeAt, 3900);
    }
    VERIFY_FAILS(clearPageElements(*file(overlapping), PageId{4}, first), ErrorCode::CorruptPage);
}

// Random damage to headers and elements: every operation ends, and one that fails writes nothing.
void TestSurgeryPages::errorsChangeNothing() {
    QRandomGenerator random(20240611);
    const FileBuilder sound = fileWithLeaf(smallOnesAndALargeOne(20, 7, 9000));
    int failures = 0;
    for (int round = 0; round < 400; ++round) {
        FileBuilder builder = sound;
        for (int flip = 0; flip < 6; ++flip) {
            const std::uint64_t page = random.bounded(5U);
            const std::uint64_t at = builder.at(page, random.bounded(400U));
            builder.put<std::uint8_t>(at, static_cast<std::uint8_t>(random.bounded(256U)));
        }
        const std::uint32_t from = random.bounded(22U);
        const PageId page{2 + random.bounded(6U)};
        const std::vector<std::function<Result<SurgeryOutcome>(StorageFile&)>> operations{
            [&](StorageFile& f) { return revertMetaPage(f); },
            [&](StorageFile& f) { return abandonFreelist(f); },
            [&](StorageFile& f) { return copyPage(f, PageId{4}, page); },
            [&](StorageFile& f) { return copyPage(f, page, PageId{2}); },
            [&](StorageFile& f) { return clearPage(f, page); },
            [&](StorageFile& f) {
                return clearPageElements(f, PageId{4}, {from, {}});
            },
            [&](StorageFile& f) {
                return clearPageElements(f, PageId{4}, {from, from + 3});
            },
        };
        for (const auto& operation : operations) {
            const auto memory = makeMemoryFile(builder.bytes());
            VERIFY_OK(memory);
            if (operation(**memory)) {
                continue;
            }
            ++failures;
            std::vector<std::byte> after(builder.bytes().size());
            VERIFY_OK((*memory)->readAt(0, after));
            QVERIFY2(after == builder.bytes(), qPrintable(QString::number(round)));
            QCOMPARE(*(*memory)->size(), std::uint64_t{after.size()});
        }
        static_cast<void>(file(builder));
        static_cast<void>(paths("key0003")); // ends, whatever the references
    }
    QVERIFY(failures > 100);
}

QTEST_GUILESS_MAIN(TestSurgeryPages)
#include "tst_surgery_pages.moc"
