// SPDX-License-Identifier: MIT
// Walk, digest and statistics on small files whose contents are known by hand.
#include "format/sha256.h"
#include "pagescape/format.h"
#include "pagescape/walk.h"
#include "support/file_builder.h"

#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <random>

using namespace pagescape;
using namespace pagescape::test;

namespace {

std::string sha256(std::string_view text) {
    Sha256 hash;
    hash.update(asBytes(text));
    return hash.hexDigest();
}

// "path/key=value" or "path/key{sequence}", "@page" where the entry lies.
std::string describe(const WalkItem& item) {
    std::string text;
    for (const Bytes name : *item.path) {
        text += toString(name) + "/";
    }
    text += toString(item.key);
    text += item.isBucket ? "{" + std::to_string(item.sequence) + (item.isInline ? " inline}" : "}")
                          : "=" + std::to_string(item.value.size());
    return text + "@" + std::to_string(item.page.value);
}

} // namespace

class TestWalk : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void visitsBucketsBeforeTheirContents();
    void stopsWhenTheVisitorHasEnough();
    void stopsOnRequest();
    void refusesFileWithoutMeta();
    void tellsThatTheFileWasCut();
    void skipsDamageAndGoesOn_data();
    void skipsDamageAndGoesOn();
    void readsBranchWithDamagedKey();
    void endsOnDeepNesting();
    void endsOnOverlappingElements();
    void endsOnAnyDamage();

    void digestIsThatOfTheExample();
    void digestOfNothingIsThatOfNoBytes();
    void digestSaysWhatWasLeftOut();
    void digestFollowsPathsUpAndDown();

    void statisticsAreThoseOfBbolt();
    void statisticsOfNestedAndInlineBucketsAdd();
    void statisticsSumTopLevelBucketsByPrefix();
    void statisticsKeepTheGreaterDepth();
    void statisticsRefuseDamage_data();
    void statisticsRefuseDamage();

private:
    [[nodiscard]] Result<PageFile> open(const FileBuilder& file);
    [[nodiscard]] std::vector<std::string> entries(const FileBuilder& file,
                                                   std::vector<Error>* skipped = nullptr);
    [[nodiscard]] ReadTransaction begin(const FileBuilder& file);

    QTemporaryDir m_dir;
};

Result<PageFile> TestWalk::open(const FileBuilder& file) {
    return PageFile::open(file.write(m_dir.filePath(QStringLiteral("x.db")).toStdString()));
}

std::vector<std::string> TestWalk::entries(const FileBuilder& file, std::vector<Error>* skipped) {
    std::vector<std::string> lines;
    const auto opened = open(file);
    const auto walked = walkEntries(
        *opened,
        [&](const WalkItem& item) {
            lines.push_back(describe(item));
            return true;
        },
        [&](Error error) {
            if (skipped != nullptr) {
                skipped->push_back(std::move(error));
            }
        });
    if (!walked) {
        qFatal("walk failed: %s", walked.error().describe().c_str());
    }
    return lines;
}

ReadTransaction TestWalk::begin(const FileBuilder& file) {
    const auto database =
        Database::openReadOnly(file.write(m_dir.filePath(QStringLiteral("s.db")).toStdString()));
    if (!database) {
        qFatal("open failed: %s", database.error().describe().c_str());
    }
    auto tx = database->beginRead();
    return *std::move(tx);
}

void TestWalk::visitsBucketsBeforeTheirContents() {
    std::vector<Error> skipped;
    QCOMPARE(entries(soundFile(), &skipped),
             (std::vector<std::string>{"inl{5 inline}@3", "inl/a=1@3", "inl/b=1@3", "tree{7}@3",
                                       "tree/b=1@5", "tree/d{0}@5", "tree/d/x=1@8", "tree/e=1@5",
                                       "tree/m=1@6", "tree/n=1200@6"}));
    QVERIFY(skipped.empty());
}

void TestWalk::stopsWhenTheVisitorHasEnough() {
    const auto file = open(soundFile());
    QVERIFY(file);
    int visited = 0;
    QVERIFY(walkEntries(*file, [&](const WalkItem&) { return ++visited < 3; }));
    QCOMPARE(visited, 3);
}

void TestWalk::stopsOnRequest() {
    const auto file = open(soundFile());
    QVERIFY(file);
    std::stop_source source;
    int visited = 0;
    const auto walked = walkEntries(
        *file,
        [&](const WalkItem&) {
            source.request_stop();
            return ++visited > 0;
        },
        {}, source.get_token());
    QVERIFY(!walked);
    QCOMPARE(walked.error().code, ErrorCode::Cancelled);
    QCOMPARE(visited, 1);
}

void TestWalk::refusesFileWithoutMeta() {
    FileBuilder builder = soundFile();
    builder.poke(0, format::kMetaMagicAt, std::uint32_t{0});
    builder.poke(1, format::kMetaMagicAt, std::uint32_t{0});
    const auto file = open(builder);
    QVERIFY(file);
    const auto walked = walkEntries(*file, [](const WalkItem&) { return true; });
    QVERIFY(!walked);
    QCOMPARE(walked.error().code, ErrorCode::NotADatabase);
    QCOMPARE(contentDigest(*file).error().code, ErrorCode::NotADatabase);
}

void TestWalk::tellsThatTheFileWasCut() {
    const auto file = open(soundFile());
    QVERIFY(file);
    std::filesystem::resize_file(file->path(), 2048);
    const auto digest = contentDigest(*file);
    QVERIFY(!digest);
    QCOMPARE(digest.error().code, ErrorCode::Truncated);
}

void TestWalk::skipsDamageAndGoesOn_data() {
    QTest::addColumn<quint64>("page");
    QTest::addColumn<quint64>("at");
    QTest::addColumn<quint32>("value");
    QTest::addColumn<int>("entriesLeft"); // of 10
    QTest::addColumn<quint64>("skippedPage");
    const quint64 element0 = FileBuilder::element(0);
    QTest::newRow("child out of range")
        << quint64{4} << element0 + format::kBranchChildAt << 500U << 6 << quint64{500};
    QTest::newRow("child is its own parent")
        << quint64{4} << element0 + format::kBranchChildAt << 4U << 6 << quint64{4};
    QTest::newRow("child twice") << quint64{4} << element0 + format::kBranchChildAt << 6U << 6
                                 << quint64{6};
    QTest::newRow("unknown type") << quint64{5} << quint64{format::kHeaderFlagsAt} << 0x80U << 6
                                  << quint64{5};
    QTest::newRow("count") << quint64{5} << quint64{format::kHeaderCountAt} << 0xFFFFU << 6
                           << quint64{5};
    QTest::newRow("key past the end")
        << quint64{5} << element0 + format::kLeafKeySizeAt << 0x7FFFFFF0U << 9 << quint64{5};
    QTest::newRow("inline count") << quint64{3} << quint64{FileBuilder::element(2) + 3 + 16 + 10}
                                  << 500U << 8 << quint64{3};
    QTest::newRow("inline flags") << quint64{3} << quint64{FileBuilder::element(2) + 3 + 16 + 8}
                                  << 1U << 8 << quint64{3};
    QTest::newRow("bucket header size")
        << quint64{5} << quint64{FileBuilder::element(1) + format::kLeafValueSizeAt} << 15U << 8
        << quint64{5};
}

void TestWalk::skipsDamageAndGoesOn() {
    QFETCH(quint64, page);
    QFETCH(quint64, at);
    QFETCH(quint32, value);
    QFETCH(int, entriesLeft);
    QFETCH(quint64, skippedPage);
    FileBuilder file = soundFile();
    file.poke(page, at, value);
    std::vector<Error> skipped;
    QCOMPARE(int(entries(file, &skipped).size()), entriesLeft);
    QCOMPARE(skipped.size(), 1U);
    QCOMPARE(skipped[0].code, ErrorCode::CorruptPage);
    QCOMPARE(skipped[0].page, PageId{skippedPage});
    // The byte lies in that page; a page that the file does not have has none.
    QCOMPARE(skipped[0].offset.value_or(skippedPage * 1024) / 1024, skippedPage);
    QCOMPARE(skipped[0].offset.has_value(), skippedPage != 500);
}

void TestWalk::readsBranchWithDamagedKey() {
    FileBuilder file = soundFile();
    file.poke(4, FileBuilder::element(1) + format::kBranchPosAt, std::uint32_t{9999});
    QCOMPARE(entries(file).size(), 10U);
}

void TestWalk::endsOnDeepNesting() {
    constexpr std::uint64_t kPages = 3000;
    FileBuilder file(512, kPages);
    file.meta(2, 3, format::kNoFreelist, kPages);
    file.meta(3, 3, format::kNoFreelist, kPages);
    for (std::uint64_t page = 3; page < kPages; ++page) {
        file.leaf(page, {bucketItem("b", page + 1 < kPages ? page + 1 : 0)});
    }
    std::vector<Error> skipped;
    const auto found = entries(file, &skipped);
    QCOMPARE(found.size(), format::kMaxBucketDepth + 1U);
    QCOMPARE(skipped.size(), 1U);
    const auto stats = bucketStats(begin(file).rootBucket(), 512);
    QVERIFY(!stats);
    QCOMPARE(stats.error().code, ErrorCode::LimitReached);
}

void TestWalk::endsOnOverlappingElements() {
    std::vector<Error> skipped;
    const auto found = entries(overlappingFile(), &skipped);
    QCOMPARE(found.size(), (16U * 102400U + 65536U) / 60000U); // of 2000 keys
    QCOMPARE(skipped.size(), 1U);
    QCOMPARE(skipped[0].page, PageId{3});
}

void TestWalk::endsOnAnyDamage() {
    const unsigned seed = 20240608;
    qInfo("seed %u", seed);
    std::mt19937 random(seed);
    int whole = 0;
    for (int round = 0; round < 1000; ++round) {
        FileBuilder file = soundFile();
        for (unsigned edit = 0; edit <= random() % 6; ++edit) {
            const std::uint64_t page = 2 + random() % 8;
            const std::uint64_t at = random() % (random() % 2 == 0 ? 64 : 1020);
            file.poke(page, at, static_cast<std::uint32_t>(random() >> (random() % 32)));
        }
        const auto opened = open(file);
        QVERIFY(opened);
        const auto digest = contentDigest(*opened);
        QVERIFY(digest);
        whole += digest->skipped.empty() ? 1 : 0;
        const auto tx = begin(file);
        const auto stats = bucketStats(tx.rootBucket(), 1024);
        QVERIFY(stats || stats.error().page);
    }
    QVERIFY(whole > 0 && whole < 1000);
}

void TestWalk::digestIsThatOfTheExample() {
    FileBuilder file(1024, 6);
    file.meta(2, 3, 2, 5);
    file.meta(3, 3, 2, 5);
    file.freelist(2, {});
    file.leaf(3, {bucketItem("a", 4, 7)});
    file.leaf(4, {inlineItem("b", {}), {"k", "v"}});
    const auto opened = open(file);
    QVERIFY(opened);
    const auto digest = contentDigest(*opened);
    QVERIFY(digest);
    QCOMPARE(digest->sha256, sha256("/61/{7}\n/61/62/{0}\n/61/6b=76\n"));
    QCOMPARE(digest->pairs, 1U);
    QCOMPARE(digest->buckets, 2U);
}

void TestWalk::digestOfNothingIsThatOfNoBytes() {
    FileBuilder file(1024, 4);
    file.meta(0, 3, 2, 4);
    file.meta(1, 3, 2, 4);
    file.freelist(2, {});
    file.leaf(3, {});
    const auto opened = open(file);
    QVERIFY(opened);
    const auto digest = contentDigest(*opened);
    QVERIFY(digest);
    QCOMPARE(digest->sha256,
             std::string("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
}

void TestWalk::digestSaysWhatWasLeftOut() {
    FileBuilder file = soundFile();
    file.poke(8, format::kHeaderFlagsAt, std::uint16_t{0});
    const auto opened = open(file);
    QVERIFY(opened);
    const auto digest = contentDigest(*opened);
    QVERIFY(digest);
    QCOMPARE(digest->skipped.size(), 1U);
    QCOMPARE(digest->skipped[0].page, PageId{8});
    QCOMPARE(digest->pairs, 6U);
    QCOMPARE(digest->buckets, 3U);
}

void TestWalk::digestFollowsPathsUpAndDown() {
    // Siblings and values behind nested buckets: the path has to shrink and grow again.
    const auto opened = open(soundFile());
    QVERIFY(opened);
    const auto digest = contentDigest(*opened);
    QVERIFY(digest);
    std::string big;
    for (int i = 0; i < 1200; ++i) {
        big += "76";
    }
    QCOMPARE(digest->sha256,
             sha256("/696e6c/{5}\n/696e6c/61=31\n/696e6c/62=32\n/74726565/{7}\n/74726565/62=31\n"
                    "/74726565/64/{0}\n/74726565/64/78=39\n/74726565/65=32\n/74726565/6d=33\n"
                    "/74726565/6e=" +
                    big + "\n"));
}

void TestWalk::statisticsAreThoseOfBbolt() {
    const auto tx = begin(soundFile());
    const Bytes path[] = {asBytes("tree"), asBytes("d")};
    const auto nested = tx.bucket(path);
    QVERIFY(nested);
    const auto stats = bucketStats(*nested, 1024);
    QVERIFY(stats);
    QCOMPARE(stats->leafPages, 1U);
    QCOMPARE(stats->keys, 1U);
    QCOMPARE(stats->depth, 1U);
    QCOMPARE(stats->leafAlloc, 1024U);
    QCOMPARE(stats->leafInuse, 16U + 16U + 2U);
    QCOMPARE(stats->buckets, 1U);
    QCOMPARE(stats->inlineBuckets, 0U);
    QCOMPARE(stats->branchPages + stats->branchAlloc + stats->branchInuse, 0U);
}

void TestWalk::statisticsOfNestedAndInlineBucketsAdd() {
    const auto tx = begin(soundFile());
    const auto stats = bucketStats(tx.rootBucket(), 1024);
    QVERIFY(stats);
    QCOMPARE(stats->branchPages, 1U);
    QCOMPARE(stats->branchInuse, 16U + 2U * 16U + 2U);
    QCOMPARE(stats->leafPages, 4U);
    QCOMPARE(stats->leafOverflow, 1U);
    QCOMPARE(stats->leafAlloc, 5U * 1024U);
    QCOMPARE(stats->keys, 10U); // 7 values and 3 buckets
    QCOMPARE(stats->depth, 4U); // root leaf, two levels of "tree", one of "d"
    QCOMPARE(stats->buckets, 4U);
    QCOMPARE(stats->inlineBuckets, 1U);
    QCOMPARE(stats->inlineInuse, 16U + 2U * 16U + 4U);
    const Bytes path[] = {asBytes("inl")};
    const auto inlined = bucketStats(*tx.bucket(path), 1024);
    QVERIFY(inlined);
    QCOMPARE(inlined->leafPages, 0U);
    QCOMPARE(inlined->inlineInuse, stats->inlineInuse);
    QCOMPARE(inlined->depth, 1U);
}

void TestWalk::statisticsSumTopLevelBucketsByPrefix() {
    const auto tx = begin(soundFile());
    const auto all = aggregateStats(tx);
    QVERIFY(all);
    QCOMPARE(all->buckets, 3U);
    QCOMPARE(all->keys, 8U);
    QCOMPARE(all->depth, 3U);
    const auto some = aggregateStats(tx, asBytes("in"));
    QVERIFY(some);
    QCOMPARE(some->buckets, 1U);
    QCOMPARE(some->keys, 2U);
    const auto none = aggregateStats(tx, asBytes("treehouse"));
    QVERIFY(none);
    QCOMPARE(none->buckets, 0U);
}

void TestWalk::statisticsKeepTheGreaterDepth() {
    BucketStats a;
    a.depth = 3;
    a.keys = 1;
    BucketStats b;
    b.depth = 2;
    b.keys = 4;
    a.add(b);
    QCOMPARE(a.depth, 3U);
    QCOMPARE(a.keys, 5U);
}

void TestWalk::statisticsRefuseDamage_data() {
    QTest::addColumn<quint64>("page");
    QTest::addColumn<quint64>("at");
    QTest::addColumn<quint32>("value");
    QTest::addColumn<bool>("isLimit");
    QTest::newRow("cycle") << quint64{4}
                           << quint64{FileBuilder::element(1) + format::kBranchChildAt} << 4U
                           << true;
    QTest::newRow("bucket cycle") << quint64{5} << quint64{FileBuilder::element(3) + 3} << 4U
                                  << true;
    QTest::newRow("count") << quint64{5} << quint64{format::kHeaderCountAt} << 0xFFFFU << false;
    QTest::newRow("last element") << quint64{5}
                                  << quint64{FileBuilder::element(2) + format::kLeafValueSizeAt}
                                  << 5000U << false;
    QTest::newRow("inline count") << quint64{3} << quint64{FileBuilder::element(2) + 3 + 16 + 10}
                                  << 500U << false;
}

void TestWalk::statisticsRefuseDamage() {
    QFETCH(quint64, page);
    QFETCH(quint64, at);
    QFETCH(quint32, value);
    QFETCH(bool, isLimit);
    FileBuilder file = soundFile();
    file.poke(page, at, value);
    const auto tx = begin(file);
    const auto stats = bucketStats(tx.rootBucket(), 1024);
    QVERIFY(!stats);
    QCOMPARE(stats.error().code, isLimit ? ErrorCode::LimitReached : ErrorCode::CorruptPage);
    QVERIFY(stats.error().page);
}

QTEST_GUILESS_MAIN(TestWalk)
#include "tst_walk.moc"
