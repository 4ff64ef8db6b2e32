// SPDX-License-Identifier: MIT
// The shape of the trees: files with known numbers, and sums that must be those of bucketStats.
#include "pagescape/database.h"
#include "pagescape/tree_statistics.h"
#include "pagescape/walk.h"
#include "support/file_builder.h"
#include "support/store_fixture.h"

#include <QDir>

#include <random>

using namespace pagescape;
using namespace pagescape::test;

namespace {

PageFile opened(const std::string& path) {
    auto file = PageFile::open(path);
    if (!file) {
        qFatal("open failed: %s", file.error().describe().c_str());
    }
    return *std::move(file);
}

using Histogram = std::array<std::uint64_t, kFillSteps>;

} // namespace

class TestTreeStatistics : public StoreFixture {
    Q_OBJECT

private:
    PageFile write(const FileBuilder& file) { return opened(file.write(newPath()).string()); }
    void compareWithBucketStats(const std::string& path);

private Q_SLOTS:
    void init() { begin(); }
    void cleanup() { end(); }

    void measuresEveryDepth();
    void countsPagesAndBytesOfAGet();
    void addsTheTreesUp();
    void findsTheMedian();
    void agreesWithBucketStats();
    void agreesWithBucketStatsOfAGrownFile();
    void tellsHowFarItIs();
    void stopsOnRequest();
    void tellsThatTheFileWasCut();
    void refusesFileWithoutMeta();
    void leavesOutDamage_data();
    void leavesOutDamage();
    void endsOnAnyDamage();
    void endsOnDamagedSamples();
};

void TestTreeStatistics::measuresEveryDepth() {
    const PageFile file = write(soundFile());
    const auto statistics = treeStatistics(file);
    VERIFY_OK(statistics);
    QCOMPARE(statistics->partsSkipped, 0U);
    QCOMPARE(statistics->trees.size(), 3U); // root, "tree", "tree/d"
    const BucketTree& root = statistics->trees[0];
    QVERIFY(root.name.empty() && !root.parent && statistics->path(0).empty());
    QCOMPARE(root.root, PageId{3});
    QCOMPARE(root.buckets, 2U);
    QCOMPARE(root.inlineBuckets, 1U);
    QCOMPARE(root.inlineKeys, 2U);
    QCOMPARE(root.inlineUsed, 16U + 2U * 16U + 4U);
    QCOMPARE(root.depths.size(), 1U);
    QCOMPARE(root.depths[0].used, 48U + 3U + 16U + 52U + 4U + 16U);
    const BucketTree& tree = statistics->trees[1];
    QCOMPARE(tree.name, std::string("tree"));
    QCOMPARE(tree.parent, std::optional<std::size_t>(0));
    QCOMPARE(tree.buckets, 1U);
    QCOMPARE(tree.inlineBuckets, 0U);
    QCOMPARE(tree.depths.size(), 2U);
    const DepthStatistics& top = tree.depths[0];
    QCOMPARE(top.branchPages, 1U);
    QCOMPARE(top.leafPages + top.overflowPages, 0U);
    QCOMPARE(top.elements, 2U);
    QCOMPARE(top.used, 50U);
    QCOMPARE(top.fill.median, 48U);
    const DepthStatistics& leaves = tree.depths[1];
    QCOMPARE(leaves.depth, 1U);
    QCOMPARE(leaves.leafPages, 2U);
    QCOMPARE(leaves.overflowPages, 1U);
    QCOMPARE(leaves.elements, 5U);
    QCOMPARE(leaves.allocated, 3072U);
    QCOMPARE(leaves.used, 85U + 1251U);
    QCOMPARE(leaves.wasted(), 3072U - 1336U);
    QCOMPARE(leaves.fill.pages, 2U);
    QCOMPARE(leaves.fill.minimum, 83U); // 85 of 1024
    QCOMPARE(leaves.fill.median, 83U);
    QCOMPARE(leaves.fill.maximum, 610U); // 1251 of 2048
    QCOMPARE(leaves.fill.histogram, (Histogram{1, 0, 0, 0, 0, 0, 1, 0, 0, 0}));
    QCOMPARE(statistics->path(2), (std::vector<std::string>{"tree", "d"}));
    QCOMPARE(statistics->trees[2].depths[0].used, 34U);
}

void TestTreeStatistics::countsPagesAndBytesOfAGet() {
    const PageFile file = write(soundFile());
    const auto statistics = treeStatistics(file);
    VERIFY_OK(statistics);
    const GetCost& tree = statistics->trees[1].get;
    QCOMPARE(tree.keys, 5U);
    QCOMPARE(tree.pagesPerGet(), 3.0);             // root leaf, branch, leaf
    QCOMPARE(tree.bytes, 3U * 3072U + 2U * 4096U); // the second leaf has two pages
    QCOMPARE(tree.entryBytes, 85U - 64U + 1251U - 48U);
    QCOMPARE(tree.bytesPerEntry(), 1224 / 5.0);
    QCOMPARE(tree.amplification(), 17408 / 1224.0);
    QCOMPARE(statistics->trees[0].get.pagesPerGet(), 1.0);
    QCOMPARE(statistics->trees[2].get.pagesPerGet(), 4.0); // those of "tree" and one more
    QCOMPARE(statistics->get.keys, 8U);
    QCOMPARE(statistics->get.pages, 2U + 15U + 4U);
    QCOMPARE(GetCost().pagesPerGet(), 0.0);
}

void TestTreeStatistics::addsTheTreesUp() {
    const PageFile file = write(soundFile());
    const auto statistics = treeStatistics(file);
    VERIFY_OK(statistics);
    QCOMPARE(statistics->depths.size(), 2U);
    const DepthStatistics& roots = statistics->depths[0];
    QCOMPARE(roots.branchPages, 1U);
    QCOMPARE(roots.leafPages, 2U);
    QCOMPARE(roots.elements, 5U);
    QCOMPARE(roots.used, 139U + 50U + 34U);
    QCOMPARE(roots.fill.minimum, 33U);
    QCOMPARE(roots.fill.median, 48U);
    QCOMPARE(roots.fill.maximum, 135U);
    QCOMPARE(roots.fill.histogram, (Histogram{2, 1, 0, 0, 0, 0, 0, 0, 0, 0}));
    QCOMPARE(statistics->depths[1].used, statistics->trees[1].depths[1].used);
}

// Five leaves of one tree that are filled to a tenth, two, four, eight and ten tenths.
void TestTreeStatistics::findsTheMedian() {
    FileBuilder file(1024, 10);
    file.meta(2, 3, format::kNoFreelist, 10);
    file.meta(3, 3, format::kNoFreelist, 10);
    file.leaf(3, {bucketItem("b", 4)});
    file.branch(4, {{"a", 5}, {"b", 6}, {"c", 7}, {"d", 8}, {"e", 9}});
    const std::size_t sizes[] = {1024, 103, 820, 205, 410}; // bytes in use, out of order
    for (std::uint64_t i = 0; i < 5; ++i) {
        file.leaf(5 + i, {{std::string(1, static_cast<char>('a' + i)),
                           std::string(sizes[i] - 16 - 16 - 1, 'v')}});
    }
    const auto statistics = treeStatistics(write(file));
    VERIFY_OK(statistics);
    for (const FillSummary& fill :
         {statistics->trees[1].depths[1].fill, statistics->depths[1].fill}) {
        QCOMPARE(fill.pages, 5U);
        QCOMPARE(fill.minimum, 100U);
        QCOMPARE(fill.median, 400U);
        QCOMPARE(fill.maximum, 1000U);
        QCOMPARE(fill.histogram, (Histogram{0, 1, 1, 0, 1, 0, 0, 0, 1, 1}));
    }
}

void TestTreeStatistics::compareWithBucketStats(const std::string& path) {
    const auto statistics = treeStatistics(opened(path));
    VERIFY_OK(statistics);
    QCOMPARE(statistics->partsSkipped, 0U);
    const auto database = Database::openReadOnly(path);
    VERIFY_OK(database);
    const auto tx = database->beginRead();
    VERIFY_OK(tx);
    const auto expected = bucketStats(tx->rootBucket(), tx->meta().pageSize);
    VERIFY_OK(expected);
    DepthStatistics sum;
    std::uint64_t keys = 0;
    for (const DepthStatistics& depth : statistics->depths) {
        sum.branchPages += depth.branchPages;
        sum.leafPages += depth.leafPages;
        sum.overflowPages += depth.overflowPages;
        sum.allocated += depth.allocated;
        sum.used += depth.used;
        QCOMPARE(depth.unknown, 0U);
        QCOMPARE(depth.fill.pages, depth.branchPages + depth.leafPages);
    }
    std::uint64_t inlineBuckets = 0;
    std::uint64_t inlineUsed = 0;
    for (const BucketTree& tree : statistics->trees) {
        keys += tree.get.keys + tree.inlineKeys;
        inlineBuckets += tree.inlineBuckets;
        inlineUsed += tree.inlineUsed;
    }
    QCOMPARE(sum.branchPages, expected->branchPages);
    QCOMPARE(sum.leafPages, expected->leafPages);
    QCOMPARE(sum.overflowPages, expected->branchOverflow + expected->leafOverflow);
    QCOMPARE(sum.allocated, expected->branchAlloc + expected->leafAlloc);
    QCOMPARE(sum.used, expected->branchInuse + expected->leafInuse);
    QCOMPARE(keys, expected->keys);
    QCOMPARE(statistics->trees.size() + inlineBuckets, expected->buckets);
    QCOMPARE(inlineBuckets, expected->inlineBuckets);
    QCOMPARE(inlineUsed, expected->inlineInuse);
}

void TestTreeStatistics::agreesWithBucketStats() {
    for (const char* name : {"etcd.db", "library.db", "podman.db", "containerd.db"}) {
        compareWithBucketStats(std::string(PAGESCAPE_SAMPLE_DIR "/") + name);
    }
}

void TestTreeStatistics::agreesWithBucketStatsOfAGrownFile() {
    Pairs pairs;
    for (std::uint64_t i = 0; i < 20000; ++i) {
        pairs.emplace_back(digits(i, 16), std::string(i % 500 == 0 ? 9000 : 60, 'v'));
    }
    VERIFY_OK(putAll("b", pairs));
    VERIFY_OK(putAll("inline", {{"k", "v"}}));
    compareWithBucketStats(path());
    const auto statistics = treeStatistics(opened(path()));
    const BucketTree& tree = statistics->trees.at(1);
    QCOMPARE(tree.depths.size(), std::size_t(stats({"b"}).depth));
    QCOMPARE(tree.get.pagesPerGet(), double(1 + tree.depths.size()));
}

void TestTreeStatistics::tellsHowFarItIs() {
    Pairs pairs;
    for (std::uint64_t i = 0; i < 20000; ++i) {
        pairs.emplace_back(digits(i, 16), std::string(100, 'v'));
    }
    VERIFY_OK(putAll("b", pairs));
    std::vector<std::uint64_t> done;
    const auto statistics =
        treeStatistics(opened(path()), {}, [&](std::uint64_t read, std::uint64_t most) {
            done.push_back(read);
            if (read > most) {
                qFatal("more pages than there are");
            }
        });
    VERIFY_OK(statistics);
    QVERIFY(done.size() > 2 && std::ranges::is_sorted(done));
    QCOMPARE(done[0], 256U);
    std::uint64_t pages = 0;
    for (const DepthStatistics& depth : statistics->depths) {
        pages += depth.branchPages + depth.leafPages;
    }
    QCOMPARE(done.back(), pages);
}

void TestTreeStatistics::stopsOnRequest() {
    std::stop_source source;
    source.request_stop();
    VERIFY_FAILS(treeStatistics(write(soundFile()), {}, {}, source.get_token()),
                 ErrorCode::Cancelled);
}

void TestTreeStatistics::tellsThatTheFileWasCut() {
    const PageFile file = write(soundFile());
    std::filesystem::resize_file(file.path(), 2048);
    VERIFY_FAILS(treeStatistics(file), ErrorCode::Truncated);
}

void TestTreeStatistics::refusesFileWithoutMeta() {
    FileBuilder builder = soundFile();
    builder.poke(0, format::kMetaMagicAt, std::uint32_t{0});
    builder.poke(1, format::kMetaMagicAt, std::uint32_t{0});
    VERIFY_FAILS(treeStatistics(write(builder)), ErrorCode::NotADatabase);
}

void TestTreeStatistics::leavesOutDamage_data() {
    QTest::addColumn<quint64>("page");
    QTest::addColumn<quint64>("at");
    QTest::addColumn<quint32>("value");
    QTest::addColumn<quint64>("keys"); // of 8
    QTest::addColumn<quint64>("unknown");
    const quint64 child = FileBuilder::element(0) + format::kBranchChildAt;
    const quint64 lastSize = FileBuilder::element(2) + format::kLeafValueSizeAt;
    QTest::newRow("child out of range") << quint64{4} << child << 500U << quint64{4} << quint64{0};
    QTest::newRow("child is its parent") << quint64{4} << child << 4U << quint64{4} << quint64{0};
    QTest::newRow("type") << quint64{5} << quint64{format::kHeaderFlagsAt} << 0x80U << quint64{4}
                          << quint64{0};
    QTest::newRow("count") << quint64{5} << quint64{format::kHeaderCountAt} << 0xFFFFU << quint64{4}
                           << quint64{0};
    // The fill is not known then, and what is on the page still is.
    QTest::newRow("last element") << quint64{5} << lastSize << 5000U << quint64{5} << quint64{1024};
    QTest::newRow("root of a bucket")
        << quint64{5} << quint64{FileBuilder::element(3) + 3} << 500U << quint64{7} << quint64{0};
    QTest::newRow("inline count") << quint64{3} << quint64{FileBuilder::element(2) + 3 + 16 + 10}
                                  << 500U << quint64{8} << quint64{0};
}

void TestTreeStatistics::leavesOutDamage() {
    QFETCH(quint64, page);
    QFETCH(quint64, at);
    QFETCH(quint32, value);
    QFETCH(quint64, keys);
    QFETCH(quint64, unknown);
    FileBuilder builder = soundFile();
    builder.poke(page, at, value);
    std::vector<Error> skipped;
    const auto statistics =
        treeStatistics(write(builder), [&](Error error) { skipped.push_back(std::move(error)); });
    VERIFY_OK(statistics);
    QCOMPARE(statistics->get.keys, keys);
    QCOMPARE(skipped.size(), 1U);
    QCOMPARE(statistics->partsSkipped, 1U);
    QVERIFY(skipped[0].page); // one that the file does not have has no byte
    QCOMPARE(skipped[0].offset.has_value(), skipped[0].page != PageId{500});
    std::uint64_t sum = 0;
    for (const DepthStatistics& depth : statistics->depths) {
        sum += depth.unknown;
        QVERIFY(depth.used + depth.unknown <= depth.allocated);
    }
    QCOMPARE(sum, unknown);
}

void TestTreeStatistics::endsOnAnyDamage() {
    const unsigned seed = 20261126;
    qInfo("seed %u", seed);
    std::mt19937 random(seed);
    int damaged = 0;
    for (int round = 0; round < 1000; ++round) {
        FileBuilder builder = soundFile();
        for (unsigned edit = 0; edit <= random() % 6; ++edit) {
            const std::uint64_t page = 2 + random() % 8;
            const std::uint64_t at = random() % (random() % 2 == 0 ? 64 : 1020);
            builder.poke(page, at, static_cast<std::uint32_t>(random() >> (random() % 32)));
        }
        const std::string path = newPath();
        const auto statistics = treeStatistics(opened(builder.write(path).string()));
        VERIFY_OK(statistics);
        damaged += statistics->partsSkipped > 0 ? 1 : 0;
        for (const DepthStatistics& depth : statistics->depths) {
            QVERIFY(depth.used + depth.unknown <= depth.allocated);
            QVERIFY(depth.fill.minimum <= depth.fill.median);
            QVERIFY(depth.fill.median <= depth.fill.maximum && depth.fill.maximum <= 1000);
        }
        std::filesystem::remove(path);
    }
    QVERIFY(damaged > 0 && damaged < 1000);
    VERIFY_OK(treeStatistics(write(overlappingFile())));
}

void TestTreeStatistics::endsOnDamagedSamples() {
    int files = 0;
    for (const char* folder : {PAGESCAPE_SAMPLE_DIR "/damaged", PAGESCAPE_SHARED_DIR "/data"}) {
        const QDir dir(QString::fromUtf8(folder));
        for (const QString& name : dir.entryList({QStringLiteral("*.db")}, QDir::Files)) {
            const auto file = PageFile::open(dir.filePath(name).toStdString());
            if (file) { // one is empty
                const auto statistics = treeStatistics(*file);
                QVERIFY(statistics || file->layout().openError);
                ++files;
            }
        }
    }
    QVERIFY(files > 0);
    qInfo("%d files", files);
}

QTEST_GUILESS_MAIN(TestTreeStatistics)
#include "tst_tree_statistics.moc"
