// SPDX-License-Identifier: MIT
// Surgery on metas and freelist, and the paths to a key. The behaviours are those of bbolt's
// internal/surgeon tests and command_surgery tests.
#include "support/surgery_fixture.h"

#include <array>

using namespace pagescape;
using namespace pagescape::test;

class TestSurgery : public SurgeryFixture {
    Q_OBJECT

private Q_SLOTS:
    void revertMetaPage_previousStateIsBackAndClean();
    void revertMetaPage_refusesWithoutAValidOlderMeta();
    void revertMetaPage_replacesATornNewerMeta();
    void freelistAbandon_leavesAnInvalidMetaAlone();
    void freelistRebuild_findsTheFreePages();
    void freelistRebuild_refusesAStoredList();
    void metaUpdate_setsEachField_data();
    void metaUpdate_setsEachField();
    void metaUpdate_mendsADestroyedMeta();
    void metaUpdate_refusals();
    void cutFileStaysAsItIs();
    void needsAPageSize();
    void findPathsToKey_oneBucket();
    void findPathsToKey_multipleBuckets();
    void findPathsToKey_bucket();
    void findPathsToKey_cycleDetected();
    void findPathsToKey_sharedPagesEnd();
};

// bbolt: TestRevertMetaPage.

void TestSurgery::revertMetaPage_previousStateIsBackAndClean() {
    begin();
    VERIFY_OK(putAll("data", {{"k", "old"}}));
    VERIFY_OK(putAll("data", {{"k", "new"}}));
    m_file = path();
    close();
    const auto outcome = revertMetaPage(*reopened());
    VERIFY_OK(outcome);
    QCOMPARE(outcome->pagesWritten, std::uint64_t{1});
    QCOMPARE(meta(0).txid.value, meta(1).txid.value);
    QCOMPARE(meta(1).headerId, std::uint64_t{1});
    open(smallPages());
    QCOMPARE(get({"data"}, "k"), std::string("old"));
    VERIFY_OK(putAll("data", {{"k", "newer"}})); // the freelist fits the older version
    QCOMPARE(get({"data"}, "k"), std::string("newer"));
    end();
}

void TestSurgery::revertMetaPage_refusesWithoutAValidOlderMeta() {
    FileBuilder builder = fileWithLeaf(pairsOfSizes({1}));
    builder.put<std::uint64_t>(builder.at(1, format::kMetaRootAt), 99); // its checksum is old
    const std::vector<std::byte> before = builder.bytes();
    const auto opened = file(builder);
    VERIFY_FAILS(revertMetaPage(*opened), ErrorCode::SurgeryRefused);
    std::vector<std::byte> after(before.size());
    VERIFY_OK(opened->readAt(0, after));
    QVERIFY(after == before);
}

void TestSurgery::revertMetaPage_replacesATornNewerMeta() {
    FileBuilder builder = fileWithLeaf(pairsOfSizes({1}));
    builder.put<std::uint64_t>(builder.at(0, format::kMetaRootAt), 99);
    VERIFY_OK(revertMetaPage(*file(builder)));
    QVERIFY(isMetaValid(0) && isMetaValid(1));
    QCOMPARE(meta(0).root.value, std::uint64_t{3});
    QCOMPARE(problemsOf(m_file), std::string());
}

// bbolt: TestSurgery_ClearPageElements_Without_Overflow.

// bbolt: TestSurgery_ClearPageElements_With_Overflow. Sizes in bytes; pages have 4096.

void TestSurgery::freelistAbandon_leavesAnInvalidMetaAlone() {
    FileBuilder builder = fileWithLeaf(pairsOfSizes({1}));
    const auto both = abandonFreelist(*file(builder));
    VERIFY_OK(both);
    QCOMPARE(both->pagesWritten, std::uint64_t{2});
    QVERIFY(!meta(0).hasFreelist() && !meta(1).hasFreelist());
    QVERIFY(isMetaValid(0) && isMetaValid(1));
    builder.put<std::uint64_t>(builder.at(0, format::kMetaRootAt), 99);
    const auto one = abandonFreelist(*file(builder));
    VERIFY_OK(one);
    QCOMPARE(one->warnings.size(), std::size_t{1});
    QVERIFY(!isMetaValid(0) && isMetaValid(1));
    builder.put<std::uint64_t>(builder.at(1, format::kMetaRootAt), 99);
    VERIFY_FAILS(abandonFreelist(*file(builder)), ErrorCode::NotADatabase);
}

void TestSurgery::freelistRebuild_findsTheFreePages() {
    begin();
    for (int i = 0; i < 20; ++i) {
        VERIFY_OK(putAll("data", {{digits(static_cast<std::uint64_t>(i), 4),
                                   std::string(3000, static_cast<char>('a' + i))}}));
    }
    m_file = path();
    const Pairs before = entries({"data"});
    close();
    VERIFY_OK(abandonFreelist(*reopened()));
    QVERIFY(!PageFile::open(m_file)->layout().metas.activeFields()->hasFreelist());
    VERIFY_OK(rebuildFreelist(m_file));
    QVERIFY(PageFile::open(m_file)->layout().metas.activeFields()->hasFreelist());
    open(smallPages());
    QCOMPARE(entries({"data"}), before);
    end(); // with the full check: no page is lost, none is free and in use
}

void TestSurgery::freelistRebuild_refusesAStoredList() {
    static_cast<void>(file(fileWithLeaf(pairsOfSizes({1}))));
    VERIFY_FAILS(rebuildFreelist(m_file), ErrorCode::SurgeryRefused);
    VERIFY_FAILS(rebuildFreelist(m_file + ".no"), ErrorCode::FileNotFound);
}

// bbolt: TestSurgery_Meta_Update.

void TestSurgery::metaUpdate_setsEachField_data() {
    QTest::addColumn<int>("field");
    QTest::addColumn<int>("metaPage");
    for (int metaPage = 0; metaPage < 2; ++metaPage) {
        for (int field = 0; field < 5; ++field) {
            static constexpr std::array<const char*, 5> kNames{"root", "freelist", "pgid",
                                                               "pageSize", "all"};
            QTest::addRow("%s of meta %d", kNames.at(static_cast<std::size_t>(field)), metaPage)
                << field << metaPage;
        }
    }
}

void TestSurgery::metaUpdate_setsEachField() {
    QFETCH(int, field);
    QFETCH(int, metaPage);
    const auto page = static_cast<std::uint64_t>(metaPage);
    FileBuilder builder = fileWithLeaf(pairsOfSizes({1}));
    builder.put<std::uint64_t>(builder.at(page, format::kMetaRootSequenceAt), 77);
    builder.seal(page);
    const auto opened = file(builder);
    MetaFields expected = meta(page);
    const MetaFields other = meta(1 - page);
    MetaChange change;
    if (field == 0 || field == 4) {
        change.root = expected.root = PageId{4};
        expected.rootSequence = 0;
    }
    if (field == 1 || field == 4) {
        change.freelist = expected.freelist = PageId{format::kNoFreelist};
    }
    if (field == 2 || field == 4) {
        change.highWater = expected.highWater = PageId{1000};
    }
    if (field == 3 || field == 4) {
        change.pageSize = expected.pageSize = 8192;
    }
    VERIFY_OK(updateMeta(*opened, PageId{page}, change));
    std::vector<std::byte> bytes(80);
    VERIFY_OK(opened->readAt(page * kPageSize, bytes));
    const auto read = [&](std::uint32_t at) {
        return format::load<std::uint64_t>(bytes.data() + at);
    };
    QCOMPARE(read(format::kMetaRootAt), expected.root.value);
    QCOMPARE(read(format::kMetaRootSequenceAt), expected.rootSequence);
    QCOMPARE(read(format::kMetaFreelistAt), expected.freelist.value);
    QCOMPARE(read(format::kMetaHighWaterAt), expected.highWater.value);
    QCOMPARE(read(format::kMetaTxIdAt), expected.txid.value);
    QCOMPARE(format::load<std::uint32_t>(bytes.data() + format::kMetaPageSizeAt),
             expected.pageSize);
    QCOMPARE(format::load<std::uint32_t>(bytes.data() + format::kMetaFlagsAt), 4U);
    QCOMPARE(read(format::kMetaChecksumAt), format::fnv1a64(Bytes(bytes).subspan(16, 56)));
    std::vector<std::byte> neighbour(80);
    VERIFY_OK(opened->readAt((1 - page) * kPageSize, neighbour));
    QCOMPARE(format::load<std::uint64_t>(neighbour.data() + format::kMetaChecksumAt),
             other.checksum);
}

void TestSurgery::metaUpdate_mendsADestroyedMeta() {
    FileBuilder builder = fileWithLeaf(pairsOfSizes({1}));
    for (std::uint32_t at = 0; at < 80; at += 8) {
        builder.put<std::uint64_t>(builder.at(0, at), 0xAAAAAAAAAAAAAAAA);
    }
    const auto opened = file(builder);
    MetaChange change;
    change.root = PageId{3};
    change.freelist = PageId{2};
    change.highWater = PageId{5};
    change.pageSize = kPageSize;
    const auto outcome = updateMeta(*opened, PageId{0}, change);
    VERIFY_OK(outcome);
    QVERIFY(outcome->warnings.empty());
    QVERIFY(isMetaValid(0));
    QCOMPARE(problemsOf(m_file), std::string());
    change.root = PageId{5}; // at the high-water mark
    QCOMPARE(updateMeta(*opened, PageId{0}, change)->warnings.size(), std::size_t{1});
}

void TestSurgery::metaUpdate_refusals() {
    const auto opened = file(fileWithLeaf(pairsOfSizes({1})));
    VERIFY_FAILS(updateMeta(*opened, PageId{2}, {}), ErrorCode::SurgeryRefused);
    MetaChange change;
    for (const std::uint32_t size : {0U, 127U, 16U * 1024 * 1024 + 1, 0xFFFFFFFFU}) {
        change.pageSize = size;
        VERIFY_FAILS(updateMeta(*opened, PageId{0}, change), ErrorCode::SurgeryRefused);
    }
    QVERIFY(isMetaValid(0) && isMetaValid(1));
}

// A file that was cut in page 1, behind its meta: no operation writes past its end or changes a
// part.
void TestSurgery::cutFileStaysAsItIs() {
    const auto opened = file(fileWithLeaf(pairsOfSizes({1})));
    VERIFY_OK(opened->resize(kPageSize + 100));
    std::vector<std::byte> before(kPageSize + 100);
    VERIFY_OK(opened->readAt(0, before));
    VERIFY_FAILS(revertMetaPage(*opened), ErrorCode::SurgeryRefused);
    VERIFY_FAILS(abandonFreelist(*opened), ErrorCode::SurgeryRefused);
    QCOMPARE(*opened->size(), std::uint64_t{kPageSize} + 100);
    std::vector<std::byte> after(kPageSize + 100);
    VERIFY_OK(opened->readAt(0, after));
    QVERIFY(after == before);
}

void TestSurgery::needsAPageSize() {
    FileBuilder builder = fileWithLeaf(pairsOfSizes({1, 2}));
    for (std::uint64_t page = 0; page < 2; ++page) {
        builder.put<std::uint32_t>(builder.at(page, format::kMetaMagicAt), 0);
    }
    const auto opened = file(builder);
    VERIFY_FAILS(clearPage(*opened, PageId{4}), ErrorCode::NotADatabase);
    VERIFY_FAILS(updateMeta(*opened, PageId{1}, {}), ErrorCode::NotADatabase);
    SurgeryOptions options;
    options.pageSizeHint = kPageSize;
    VERIFY_OK(updateMeta(*opened, PageId{1}, {}, options));
    QVERIFY(isMetaValid(1)); // and now the file opens
    VERIFY_OK(clearPage(*opened, PageId{4}));
    QCOMPARE(elements(4), std::vector<std::string>());
}

// bbolt: TestFindPathsToKey.

void TestSurgery::findPathsToKey_oneBucket() {
    begin();
    Pairs pairs;
    for (std::uint64_t i = 0; i < 500; ++i) {
        pairs.emplace_back(digits(i, 4), std::string(100, 'v'));
    }
    VERIFY_OK(putAll("data", pairs));
    m_file = path();
    close();
    for (const char* key : {"0000", "0451", "0499"}) {
        const auto found = paths(key);
        QCOMPARE(found.size(), std::size_t{1});
        const auto leaf = std::stoull(found.front().substr(found.front().rfind(' ')));
        const std::string entry = std::string(key) + "=100v";
        QCOMPARE(std::ranges::count(elements(leaf), entry), 1);
        QCOMPARE(std::ranges::count(found.front(), ' '), 2); // root leaf, branch, leaf
    }
    QCOMPARE(paths("0500"), std::vector<std::string>());
}

// bbolt: TestFindPathsToKey_MultipleBuckets and _Bucket.

void TestSurgery::findPathsToKey_multipleBuckets() {
    FileBuilder builder(kPageSize, 6);
    builder.meta(0, 6, 3, 2, 6);
    builder.meta(1, 5, 3, 2, 6);
    builder.freelist(2, {});
    builder.leaf(
        3, {{"one", FileBuilder::bucketValue(4), 1}, {"two", FileBuilder::bucketValue(5), 1}});
    builder.leaf(4, {{"k", "1", 0}});
    builder.leaf(5, {{"k", "2", 0}, {"l", "3", 0}});
    static_cast<void>(file(builder));
    QCOMPARE(paths("k"), (std::vector<std::string>{"3 4", "3 5"}));
    QCOMPARE(paths("l"), std::vector<std::string>{"3 5"});
}

void TestSurgery::findPathsToKey_bucket() {
    begin();
    VERIFY_OK(putAll("inlined", {{"k", "v"}}));
    m_file = path();
    const std::string root = std::to_string(store().beginRead()->meta().root.value);
    close();
    QCOMPARE(paths("inlined"), std::vector<std::string>{root});
    QCOMPARE(paths("k"), std::vector<std::string>{root}); // an inline bucket has no page
}

// bbolt: TestFindPathsToKey_CycleDetected.

void TestSurgery::findPathsToKey_cycleDetected() {
    FileBuilder builder(kPageSize, 7);
    builder.meta(0, 6, 3, 2, 7);
    builder.meta(1, 5, 3, 2, 7);
    builder.freelist(2, {});
    builder.leaf(3, {{"data", FileBuilder::bucketValue(4), 1}});
    builder.branch(4, {{"a", 5}, {"b", 6}});
    builder.leaf(5, {{"a", "1", 0}});
    builder.branch(6, {{"b", 4}});
    static_cast<void>(file(builder));
    QCOMPARE(paths("a"), (std::vector<std::string>{"3 4 5", "corrupt-page"}));
    builder.branch(6, {{"b", 99}});
    static_cast<void>(file(builder));
    QCOMPARE(paths("a"), (std::vector<std::string>{"3 4 5", "corrupt-page"}));
    builder.leaf(6, {{"b", "", 0}});
    builder.put<std::uint16_t>(builder.at(6, format::kHeaderCountAt), 0xFFFF);
    static_cast<void>(file(builder));
    QCOMPARE(paths("a"), (std::vector<std::string>{"3 4 5", "corrupt-page"}));
}

void TestSurgery::findPathsToKey_sharedPagesEnd() {
    // Each branch names the next one twice: 2^40 paths.
    constexpr std::uint64_t kLevels = 40;
    FileBuilder builder(kPageSize, 5 + kLevels);
    builder.meta(0, 6, 3, 2, 5 + kLevels);
    builder.meta(1, 5, 3, 2, 5 + kLevels);
    builder.freelist(2, {});
    builder.leaf(3, {{"data", FileBuilder::bucketValue(4), 1}});
    for (std::uint64_t level = 0; level < kLevels; ++level) {
        builder.branch(4 + level, {{"a", 5 + level}, {"b", 5 + level}});
    }
    builder.leaf(4 + kLevels, {{"k", "v", 0}});
    static_cast<void>(file(builder));
    const auto found = paths("k");
    QCOMPARE(found.back(), std::string("limit-reached"));
    QVERIFY(found.size() < 1000);
}

QTEST_GUILESS_MAIN(TestSurgery)
#include "tst_surgery.moc"
