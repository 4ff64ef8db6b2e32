// SPDX-License-Identifier: MIT
// Compaction of an open file: the same content in fewer pages, readers undisturbed, and a file that
// the real bbolt accepts.
#include "support/bolt_peer.h"
#include "support/page_builder.h"
#include "support/store_fixture.h"

#include <filesystem>
#include <numeric>
#include <random>

using namespace pagescape;
using namespace pagescape::test;

class TestCompactInPlace : public StoreFixture {
    Q_OBJECT
private slots:
    void init() { begin(); }
    void cleanup() { end(); }

    void holesAreFilled_data();
    void holesAreFilled();
    void denseFileStays();
    void readersGoOn();
    void emptiedDatabase();
    void singleItems();
    void longRunsMoveToo();
    void stops();
    void circleIsRefused();
    void hiddenBucketIsRefused();
    void bboltAccepts();

private:
    [[nodiscard]] std::string digest() {
        const auto file = PageFile::open(path());
        const auto content = contentDigest(*file);
        return content ? content->sha256 : content.error().describe();
    }
    // 5,000 keys in two buckets, one nested and one with large values, of which one in ten stays.
    void makeHoles() {
        std::mt19937 random(1);
        std::vector<int> order(5000);
        std::iota(order.begin(), order.end(), 0);
        std::shuffle(order.begin(), order.end(), random);
        for (const bool isPut : {true, false}) {
            for (std::size_t from = 0; from < order.size(); from += 500) {
                VERIFY_OK(update([&](WriteTransaction& tx) -> Result<void> {
                    auto outer = tx.createBucketIfNotExists(asBytes("outer"));
                    auto inner = outer->createBucketIfNotExists(asBytes("inner"));
                    for (std::size_t i = from; i < from + 500; ++i) {
                        const std::string key = digits(static_cast<std::uint64_t>(order[i]), 8);
                        auto& bucket = order[i] % 2 == 0 ? *outer : *inner;
                        const std::string value(order[i] % 100 == 0 ? 9000 : 300, 'v');
                        if (isPut) {
                            if (auto put = bucket.put(asBytes(key), asBytes(value)); !put) {
                                return put;
                            }
                        } else if (order[i] % 10 != 0) {
                            if (auto gone = bucket.remove(asBytes(key)); !gone) {
                                return gone;
                            }
                        }
                    }
                    return {};
                }));
            }
        }
    }
};

void TestCompactInPlace::holesAreFilled_data() {
    QTest::addColumn<bool>("isHashmap");
    QTest::addColumn<int>("pageSize");
    QTest::newRow("array, 4 KiB") << false << 4096;
    QTest::newRow("hashmap, 1 KiB") << true << 1024;
}

void TestCompactInPlace::holesAreFilled() {
    QFETCH(const bool, isHashmap);
    QFETCH(const int, pageSize);
    StoreOptions options = smallPages();
    options.pageSize = static_cast<std::uint32_t>(pageSize);
    options.freelistType = isHashmap ? FreelistType::Hashmap : FreelistType::Array;
    close();
    begin(options);
    makeHoles();
    const std::string before = digest();
    const std::uint64_t size = std::filesystem::file_size(path());

    const auto given = store().compactInPlace();
    VERIFY_OK(given);
    QCOMPARE(std::filesystem::file_size(path()), size - *given);
    const auto now = store().statistics();
    const std::uint64_t live = highWater() - now.freePages - now.pendingPages;
    QVERIFY2(highWater() < live + live / 8 + 32,
             qPrintable(QString("%1 pages, %2 of them live").arg(highWater()).arg(live)));
    QCOMPARE(digest(), before);
    QVERIFY(problemsOf(path()).empty());
    VERIFY_OK(putAll("outer", {{"new", "value"}})); // it goes on
}

void TestCompactInPlace::denseFileStays() {
    VERIFY_OK(putAll("b", {{"key", "value"}}));
    VERIFY_OK(store().compactInPlace());
    const std::uint64_t size = store().fileSize();
    const auto given = store().compactInPlace();
    VERIFY_OK(given);
    QCOMPARE(*given, 0U);
    QCOMPARE(store().fileSize(), size);
    QCOMPARE(get({"b"}, "key"), std::string("value"));
}

// An old reader keeps its pages; the file does not grow because of it.
void TestCompactInPlace::readersGoOn() {
    VERIFY_OK(putAll("first", {{"key", "value"}}));
    makeHoles();
    const auto reader = store().beginRead();
    VERIFY_OK(reader);
    const auto bucket = reader->bucket(bytesOf({"outer", "inner"}));
    VERIFY_OK(bucket);
    const Pairs seen = entriesOf(bucket->cursor());
    const std::uint64_t size = store().fileSize();
    VERIFY_OK(store().compactInPlace());
    QVERIFY(store().fileSize() <= size);
    QCOMPARE(entriesOf(bucket->cursor()), seen);
    QCOMPARE(entries({"outer", "inner"}), seen);
}

// Longer than all that one commit may move otherwise.
void TestCompactInPlace::longRunsMoveToo() {
    const std::string value(20 << 20, 'v');
    VERIFY_OK(putAll("first", {{"k", value}}));
    VERIFY_OK(putAll("second", {{"k", value}}));
    VERIFY_OK(update([](WriteTransaction& tx) { return tx.deleteBucket(asBytes("first")); }));
    const auto given = store().compactInPlace();
    VERIFY_OK(given);
    QVERIFY2(store().fileSize() < 21 << 20, digits(store().fileSize(), 1).c_str());
    QCOMPARE(get({"second"}, "k"), value);
}

void TestCompactInPlace::stops() {
    makeHoles();
    const std::string before = digest();
    std::stop_source stop;
    int calls = 0;
    const auto stopSoon = [&](std::uint64_t pagesLeft) { // after the first commit
        if (++calls > 1 && pagesLeft > 0) {
            stop.request_stop();
        }
    };
    const TxId first = store().beginRead()->meta().txid;
    VERIFY_FAILS(store().compactInPlace(stopSoon, stop.get_token()), ErrorCode::Cancelled);
    QVERIFY(store().beginRead()->meta().txid > first);
    QCOMPARE(digest(), before);
}

// An emptied root leaf has no key to find it by.
void TestCompactInPlace::emptiedDatabase() {
    makeHoles();
    {
        const auto reader = store().beginRead(); // keeps the low pages from being taken
        VERIFY_OK(update([](WriteTransaction& tx) { return tx.deleteBucket(asBytes("outer")); }));
        VERIFY_OK(putAll("b", {{"key", "value"}}));
    }
    VERIFY_OK(update([](WriteTransaction& tx) { return tx.deleteBucket(asBytes("b")); }));
    VERIFY_OK(store().compactInPlace());
    QVERIFY2(highWater() < 24, qPrintable(QString::number(highWater())));
}

// Leaves that a store with single items would leave where they are have to move as well.
void TestCompactInPlace::singleItems() {
    StoreOptions options = smallPages();
    options.splitToSingleItems = true;
    close();
    begin(options);
    makeHoles();
    const std::string before = digest();
    VERIFY_OK(store().compactInPlace());
    const auto now = store().statistics();
    const std::uint64_t live = highWater() - now.freePages - now.pendingPages;
    QVERIFY2(highWater() < live + live / 8 + 32,
             qPrintable(QString("%1 pages, %2 of them live").arg(highWater()).arg(live)));
    QCOMPARE(digest(), before);
}

// Forty branches, each with two elements that lead to the same child: 2^40 ways to the leaf.
void TestCompactInPlace::circleIsRefused() {
    constexpr std::uint64_t kBranches = 40;
    constexpr std::uint64_t kHighWater = kBranches + 6;
    FileBuilder file(4096, kHighWater);
    file.meta(0, 2, 4, 2, kHighWater);
    file.meta(1, 1, 4, 2, kHighWater);
    file.freelist(2, {3});
    for (std::uint64_t page = 4; page < 4 + kBranches; ++page) {
        file.branch(page, {{"a", page + 1}, {"b", page + 1}});
    }
    file.leaf(4 + kBranches, {});
    const std::string hostile = newPath();
    file.write(hostile);
    auto opened = Store::open(hostile, smallPages());
    VERIFY_OK(opened);
    VERIFY_FAILS(opened->compactInPlace(), ErrorCode::CorruptPage);
}

void TestCompactInPlace::bboltAccepts() {
    if (!BoltPeer::isThere()) {
        QSKIP("bolt_peer was not built: Go or bbolt is missing");
    }
    makeHoles();
    VERIFY_OK(store().compactInPlace());
    const std::string expected = digest();
    close();
    BoltPeer peer;
    const QByteArray file = QByteArray::fromStdString(path());
    QVERIFY2(peer.run("check " + file), peer.answer().constData());
    QVERIFY2(peer.run("digest " + file), peer.answer().constData());
    QCOMPARE(peer.answer().toStdString(), expected);
    open(smallPages());
}

// Names out of order: a search for the bucket ends before it comes to it.
void TestCompactInPlace::hiddenBucketIsRefused() {
    FileBuilder file(4096, 8);
    file.meta(0, 2, 4, 2, 8);
    file.meta(1, 1, 4, 2, 8);
    file.freelist(2, {3, 6, 7});
    const std::string header = FileBuilder::bucketValue(5);
    file.leaf(4, {{"z", header, 1}, {"a", header, 1}, {"b", header, 1}});
    file.leaf(5, {});
    const std::string hostile = newPath();
    file.write(hostile);
    auto opened = Store::open(hostile, smallPages());
    VERIFY_OK(opened);
    VERIFY_FAILS(opened->compactInPlace(), ErrorCode::CorruptPage);
}

QTEST_APPLESS_MAIN(TestCompactInPlace)
#include "tst_compact_in_place.moc"
