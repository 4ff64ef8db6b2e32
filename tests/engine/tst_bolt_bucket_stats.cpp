// SPDX-License-Identifier: MIT
// Statistics of buckets with the exact numbers of bbolt's bucket_test.go, and its random data.
// Not here: Stats_RandomFill, whose numbers come from Go's random generator.
#include "support/store_fixture.h"

#include <QRandomGenerator>

#include <map>
#include <set>

using namespace pagescape;
using namespace pagescape::test;

namespace {

struct Numbers {
    quint64 branchPages;
    quint64 leafPages;
    quint64 leafOverflow;
    quint64 keys;
    quint64 depth;
    quint64 branchInuse;
    quint64 leafAlloc;
    quint64 leafInuse;
};

// Unique keys of 1 to 1024 random bytes, with values of 0 to 1024; sorted.
std::map<std::string, std::string> randomPairs(quint32 seed, int count) {
    QRandomGenerator random(seed);
    const auto bytes = [&random](int length) {
        std::string text;
        for (int i = 0; i < length; ++i) {
            text += static_cast<char>(random.bounded(256));
        }
        return text;
    };
    std::map<std::string, std::string> pairs;
    while (static_cast<int>(pairs.size()) < count) {
        pairs.emplace(bytes(random.bounded(1, 1025)), bytes(random.bounded(0, 1025)));
    }
    return pairs;
}

} // namespace

class TestBoltBucketStats : public StoreFixture {
    Q_OBJECT

private:
    void compare(const BucketStats& found, const Numbers& expected) {
        QCOMPARE(found.branchPages, expected.branchPages);
        QCOMPARE(found.branchOverflow, 0U);
        QCOMPARE(found.leafPages, expected.leafPages);
        QCOMPARE(found.leafOverflow, expected.leafOverflow);
        QCOMPARE(found.keys, expected.keys);
        QCOMPARE(found.depth, expected.depth);
        QCOMPARE(found.branchAlloc, expected.branchPages * store().pageSize());
        QCOMPARE(found.branchInuse, expected.branchInuse);
        QCOMPARE(found.leafAlloc, expected.leafAlloc);
        QCOMPARE(found.leafInuse, expected.leafInuse);
        QCOMPARE(found.buckets, 1U);
        QCOMPARE(found.inlineBuckets, 0U);
        QCOMPARE(found.inlineInuse, 0U);
    }
    [[nodiscard]] StoreOptions withPage(quint32 pageSize) const {
        StoreOptions options = smallPages();
        options.pageSize = pageSize;
        return options;
    }
    // The key and value of every pair, from a cursor and from get.
    void compareContents(const std::map<std::string, std::string>& expected) {
        QVERIFY(entries({"widgets"}) == Pairs(expected.begin(), expected.end()));
        for (const auto& [key, value] : expected) {
            QVERIFY(get({"widgets"}, key) == value);
        }
    }

private Q_SLOTS:
    void init() { begin(); }
    void cleanup() { end(); }

    void bucketStats_data();
    void bucketStats();
    void bucketStatsSmall();
    void bucketStatsEmptyBucket();
    void bucketStatsNested();
    void bucketStatsLarge_data();
    void bucketStatsLarge();
    void shapes_data();
    void shapes();
    void shapeOfFiveHundredCommits();
    void shapeAfterDeletingAllKeysButOne();
    void shapeOfAnEscapedFreelist();
    void inlineUpToAQuarterOfAPage_data();
    void inlineUpToAQuarterOfAPage();
    void bucketPutSingle_data();
    void bucketPutSingle();
    void bucketPutMultiple_data() { bucketPutSingle_data(); }
    void bucketPutMultiple();
    void bucketDeleteQuick_data() { bucketPutSingle_data(); }
    void bucketDeleteQuick();
    void randomPutsAndDeletesInOneCommit_data() { bucketPutSingle_data(); }
    void randomPutsAndDeletesInOneCommit();
};

void TestBoltBucketStats::bucketStats_data() {
    QTest::addColumn<quint32>("pageSize");
    QTest::addColumn<Numbers>("expected");
    QTest::newRow("4096") << 4096U << Numbers{1, 7, 10, 501, 2, 149, 69632, 52011};
    QTest::newRow("16384") << 16384U << Numbers{1, 3, 10, 501, 2, 73, 212992, 174827};
    QTest::newRow("65536") << 65536U << Numbers{1, 2, 10, 501, 2, 54, 786432, 666331};
}

void TestBoltBucketStats::bucketStats() {
    QFETCH(quint32, pageSize);
    QFETCH(Numbers, expected);
    begin(withPage(pageSize));
    for (std::uint64_t i = 0; i < 500; ++i) {
        VERIFY_OK(putAll("woojits", {{digits(i, 3), std::to_string(i)}}));
    }
    VERIFY_OK(putAll("woojits", {{"really-big-value", std::string(10 * pageSize + 17, '*')}}));
    compare(stats({"woojits"}), expected);
}

void TestBoltBucketStats::bucketStatsSmall() {
    VERIFY_OK(putAll("whozawhats", {{"foo", "bar"}}));
    const BucketStats found = stats({"whozawhats"});
    QCOMPARE(found.leafPages, 0U);
    QCOMPARE(found.keys, 1U);
    QCOMPARE(found.depth, 1U);
    QCOMPARE(found.leafInuse, 0U);
    QCOMPARE(found.buckets, 1U);
    QCOMPARE(found.inlineBuckets, 1U);
    QCOMPARE(found.inlineInuse, 38U);
}

void TestBoltBucketStats::bucketStatsEmptyBucket() {
    VERIFY_OK(putAll("whozawhats", {}));
    const BucketStats found = stats({"whozawhats"});
    QCOMPARE(found.keys, 0U);
    QCOMPARE(found.depth, 1U);
    QCOMPARE(found.buckets, 1U);
    QCOMPARE(found.inlineBuckets, 1U);
    QCOMPARE(found.inlineInuse, 16U);
}

void TestBoltBucketStats::bucketStatsNested() {
    VERIFY_OK(update([](WriteTransaction& tx) -> Result<void> {
        auto foo = tx.createBucket(asBytes("foo"));
        auto bar = foo->createBucket(asBytes("bar"));
        auto baz = bar->createBucket(asBytes("baz"));
        auto done = Result<void>();
        for (std::uint64_t i = 0; done && i < 100; ++i) {
            done = foo->put(asBytes(digits(i, 2)), asBytes(digits(i, 2)));
        }
        for (std::uint64_t i = 0; done && i < 10; ++i) {
            done = bar->put(asBytes(digits(i, 1)), asBytes(digits(i, 1)));
            if (done) {
                done = baz->put(asBytes(digits(i, 1)), asBytes(digits(i, 1)));
            }
        }
        return done;
    }));
    // Page header, elements, pairs, and the header of the bucket in it.
    constexpr std::uint64_t kFoo = 16 + 101 * 16 + 100 * (2 + 2) + 3 + 16;
    constexpr std::uint64_t kBar = 16 + 11 * 16 + 10 * (1 + 1) + 3 + 16;
    constexpr std::uint64_t kBaz = 16 + 10 * 16 + 10 * (1 + 1);
    const BucketStats found = stats({"foo"});
    QCOMPARE(found.branchPages, 0U);
    QCOMPARE(found.leafPages, 2U);
    QCOMPARE(found.leafOverflow, 0U);
    QCOMPARE(found.keys, 122U);
    QCOMPARE(found.depth, 3U);
    QCOMPARE(found.leafAlloc, 8192U);
    QCOMPARE(found.leafInuse, kFoo + kBar + kBaz);
    QCOMPARE(found.buckets, 3U);
    QCOMPARE(found.inlineBuckets, 1U);
    QCOMPARE(found.inlineInuse, kBaz);
}

void TestBoltBucketStats::bucketStatsLarge_data() {
    QTest::addColumn<quint32>("pageSize");
    QTest::addColumn<Numbers>("expected");
    QTest::newRow("4096") << 4096U << Numbers{13, 1196, 0, 100000, 3, 25257, 1196 * 4096, 2596916};
    QTest::newRow("16384") << 16384U << Numbers{1, 292, 0, 100000, 2, 6094, 292 * 16384, 2582452};
    QTest::newRow("65536") << 65536U << Numbers{1, 73, 0, 100000, 2, 1534, 73 * 65536, 2578948};
}

void TestBoltBucketStats::bucketStatsLarge() {
    QFETCH(quint32, pageSize);
    QFETCH(Numbers, expected);
    begin(withPage(pageSize));
    for (int i = 0; i < 100000; i += 1000) {
        VERIFY_OK(update([i](WriteTransaction& tx) -> Result<void> {
            auto bucket = tx.createBucketIfNotExists(asBytes("widgets"));
            for (int j = i; j < i + 1000; ++j) {
                const std::string text = std::to_string(j);
                if (auto put = bucket->put(asBytes(text), asBytes(text)); !put) {
                    return put;
                }
            }
            return {};
        }));
    }
    compare(stats({"widgets"}), expected);
    const auto sum = aggregateStats(*store().beginRead(), asBytes("wid"));
    VERIFY_OK(sum);
    compare(*sum, expected);
}

// 10,000 keys of 8 digits with values of 100 zero bytes, in one commit.
void TestBoltBucketStats::shapes_data() {
    QTest::addColumn<double>("fill");
    QTest::addColumn<quint64>("highWater");
    QTest::addColumn<quint64>("root");
    QTest::addColumn<Numbers>("expected");
    QTest::newRow("half full") << 0.5 << quint64{638} << quint64{635}
                               << Numbers{8, 624, 0, 10000, 3, 15272, 624 * 4096, 1249984};
    QTest::newRow("full") << 1.0 << quint64{322} << quint64{319}
                          << Numbers{3, 313, 0, 10000, 3, 7608, 313 * 4096, 1245008};
}

void TestBoltBucketStats::shapes() {
    QFETCH(double, fill);
    QFETCH(Numbers, expected);
    Pairs pairs;
    for (std::uint64_t i = 0; i < 10000; ++i) {
        pairs.emplace_back(digits(i, 8), std::string(100, '\0'));
    }
    VERIFY_OK(putAll("b", pairs, fill));
    compare(stats({"b"}), expected);
    const auto tx = store().beginRead();
    QCOMPARE(tx->id().value, 2U);
    QTEST(quint64(tx->meta().highWater.value), "highWater");
    QTEST(quint64(tx->bucket(bytesOf({"b"}))->rootPage().value), "root");
}

void TestBoltBucketStats::shapeOfFiveHundredCommits() {
    StoreOptions options = smallPages();
    options.freelistType = FreelistType::Array; // which pages are taken depends on it
    begin(options);
    for (std::uint64_t i = 0; i < 500; ++i) {
        VERIFY_OK(putAll("woojits", {{digits(i, 3), std::to_string(i)}}));
    }
    compare(stats({"woojits"}), Numbers{1, 5, 0, 500, 2, 111, 5 * 4096, 10970});
    const auto tx = store().beginRead();
    QCOMPARE(tx->id().value, 501U);
    QCOMPARE(tx->meta().highWater.value, 14U);
    QCOMPARE(tx->bucket(bytesOf({"woojits"}))->rootPage().value, 3U);
}

void TestBoltBucketStats::shapeAfterDeletingAllKeysButOne() {
    Pairs pairs;
    for (std::uint64_t i = 0; i < 10000; ++i) {
        pairs.emplace_back(digits(i, 8), std::string(100, '\0'));
    }
    VERIFY_OK(putAll("b", pairs));
    VERIFY_OK(update([&](WriteTransaction& tx) -> Result<void> {
        auto bucket = *tx.bucket(asBytes("b"));
        for (std::size_t i = 0; i + 1 < pairs.size(); ++i) {
            if (auto removed = bucket->remove(asBytes(pairs[i].first)); !removed) {
                return removed;
            }
        }
        return {};
    }));
    QCOMPARE(stats({"b"}).inlineBuckets, 1U);
    QCOMPARE(stats({"b"}).inlineInuse, 140U);
    QCOMPARE(highWater(), 640U);
    const StoreStatistics now = store().statistics();
    QCOMPARE(now.freePages, 1U);
    QCOMPARE(now.pendingPages, 634U);
    QVERIFY(now.freelistInuse > 4096 && now.freelistInuse <= 8192);
}

void TestBoltBucketStats::shapeOfAnEscapedFreelist() {
    begin(withPage(1024));
    VERIFY_OK(putAll("b", {{"x", std::string(std::size_t{70000} * 1024, '\0')}}));
    VERIFY_OK(update([](WriteTransaction& tx) { return tx.deleteBucket(asBytes("b")); }));
    QCOMPARE(highWater(), 70554U);
    const PageId list = store().beginRead()->meta().freelist;
    QCOMPARE(list.value, 70007U);
    {
        const auto file = PageFile::open(path());
        const std::vector<std::byte> page = *file->readPages(list, 1);
        const auto number = [&page](std::size_t at, std::size_t size) {
            std::uint64_t value = 0;
            std::memcpy(&value, page.data() + at, size); // little-endian
            return value;
        };
        QCOMPARE(number(10, 2), 0xFFFFU);
        QCOMPARE(number(12, 4), 546U);
        QCOMPARE(number(16, 8), 70004U);
        QCOMPARE(number(24, 8), 3U);
        QCOMPARE(number(32, 8), 4U);
    }
    reopen(withPage(1024));
    QCOMPARE(store().statistics().freePages, 70004U);
}

void TestBoltBucketStats::inlineUpToAQuarterOfAPage_data() {
    QTest::addColumn<int>("valueSize");
    QTest::addColumn<quint64>("inlineBuckets");
    QTest::newRow("1024 bytes") << 988 << quint64{1};
    QTest::newRow("1025 bytes") << 989 << quint64{0};
}

void TestBoltBucketStats::inlineUpToAQuarterOfAPage() {
    QFETCH(int, valueSize);
    VERIFY_OK(putAll("b", {{"four", std::string(std::size_t(valueSize), 'v')}}));
    QTEST(quint64(stats({"b"}).inlineBuckets), "inlineBuckets");
    VERIFY_OK(putAll("b", {{"four", "v"}})); // a bucket that shrinks becomes inline again
    QCOMPARE(stats({"b"}).inlineBuckets, 1U);
}

void TestBoltBucketStats::bucketPutSingle_data() {
    QTest::addColumn<quint32>("seed");
    for (const quint32 seed : {1U, 20U, 300U}) {
        QTest::addRow("seed %u", seed) << seed;
    }
}

void TestBoltBucketStats::bucketPutSingle() {
    QFETCH(quint32, seed);
    const auto pairs = randomPairs(seed, 300);
    std::map<std::string, std::string> expected;
    for (const auto& [key, value] : pairs) {
        VERIFY_OK(putAll("widgets", {{key, value}}));
        expected.emplace(key, value);
        if (expected.size() % 50 == 0) {
            compareContents(expected);
        }
    }
}

void TestBoltBucketStats::bucketPutMultiple() {
    QFETCH(quint32, seed);
    const auto pairs = randomPairs(seed, 1000);
    VERIFY_OK(putAll("widgets", Pairs(pairs.begin(), pairs.end())));
    compareContents(pairs);
}

void TestBoltBucketStats::bucketDeleteQuick() {
    QFETCH(quint32, seed);
    const auto pairs = randomPairs(seed, 300);
    VERIFY_OK(putAll("widgets", Pairs(pairs.begin(), pairs.end())));
    auto left = pairs;
    for (const auto& [key, value] : pairs) {
        VERIFY_OK(update([&key = key](WriteTransaction& tx) {
            return (*tx.bucket(asBytes("widgets")))->remove(asBytes(key));
        }));
        left.erase(key);
        if (left.size() % 60 == 0) {
            compareContents(left);
        }
    }
    QCOMPARE(entries({"widgets"}), Pairs());
    QCOMPARE(stats({"widgets"}).inlineBuckets, 1U);
}

// Each commit deletes and puts at random places, so that nodes are merged and split together.
void TestBoltBucketStats::randomPutsAndDeletesInOneCommit() {
    QFETCH(quint32, seed);
    begin(withPage(1024));
    QRandomGenerator random(seed);
    std::map<std::string, std::string> expected;
    for (int commit = 0; commit < 40; ++commit) {
        const int most = commit % 4 == 3 ? 20 : 900; // now and then nearly everything goes
        VERIFY_OK(update([&](WriteTransaction& tx) -> Result<void> {
            auto bucket = tx.createBucketIfNotExists(asBytes("widgets"));
            for (int i = 0; i < 600; ++i) {
                const std::string key = digits(random.bounded(1000U), 4);
                const std::string value(random.bounded(100U), 'v');
                if (random.bounded(1000) < most / 2) {
                    if (auto put = bucket->put(asBytes(key), asBytes(value)); !put) {
                        return put;
                    }
                    expected[key] = value;
                } else {
                    if (auto removed = bucket->remove(asBytes(key)); !removed) {
                        return removed;
                    }
                    expected.erase(key);
                }
            }
            return {};
        }));
        QVERIFY(entries({"widgets"}) == Pairs(expected.begin(), expected.end()));
    }
    reopen(withPage(1024));
    compareContents(expected);
}

QTEST_GUILESS_MAIN(TestBoltBucketStats)
#include "tst_bolt_bucket_stats.moc"
