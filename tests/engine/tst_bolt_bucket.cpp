// SPDX-License-Identifier: MIT
// What bbolt's bucket_test.go asks of buckets. Slots carry its names. Not here:
//   Get_Capacity                      a span has no capacity behind its size
//   Put_ReadOnly, Delete_ReadOnly,    read transactions have no such calls: see the static
//   NextSequence_ReadOnly             assertions in bucketReadOnly
//   Inspect                                     tst_bolt_bucket_nested.cpp
//   buckets in buckets, sequences, ForEach      tst_bolt_bucket_nested.cpp
//   Stats*, Put_Single and other random data    tst_bolt_bucket_stats.cpp
#include "pagescape/format.h"
#include "support/store_fixture.h"

#include <cstdlib>
#include <memory>

using namespace pagescape;
using namespace pagescape::test;

namespace {

template <typename AnyBucket>
concept Writable = requires(AnyBucket bucket) {
    bucket.put(Bytes(), Bytes());
    bucket.remove(Bytes());
    bucket.createBucket(Bytes());
    bucket.deleteBucket(Bytes());
    bucket.nextSequence();
    bucket.setSequence(1);
};

} // namespace

class TestBoltBucket : public StoreFixture {
    Q_OBJECT

private Q_SLOTS:
    void init() { begin(); }
    void cleanup() { end(); }

    void bucketGetNonExistent();
    void bucketGetFromNode();
    void bucketGetIncompatibleValue();
    void bucketPut();
    void bucketPutRepeat();
    void bucketPutLarge();
    void dbPutVeryLarge();
    void bucketPutIncompatibleValue();
    void bucketPutClosed();
    void bucketReadOnly();
    void bucketDelete();
    void bucketDeleteLarge();
    void bucketDeleteFreelistOverflow();
    void bucketDeleteNonExisting();
    void bucketPutEmptyKey();
    void bucketPutKeyTooLarge();
    void bucketPutValueTooLarge();
    void emptyValueIsNoMissingValue();
    void keysAndValuesAreCopied();
};

void TestBoltBucket::bucketGetNonExistent() {
    auto tx = store().beginWrite();
    QVERIFY(tx);
    const auto bucket = tx->createBucket(asBytes("widgets"));
    VERIFY_OK(bucket);
    QCOMPARE(valueOf(bucket->get(asBytes("foo"))), std::string("<none>"));
    VERIFY_OK(tx->commit());
    QCOMPARE(get({"widgets"}, "foo"), std::string("<none>"));
}

void TestBoltBucket::bucketGetFromNode() {
    auto tx = store().beginWrite();
    auto bucket = tx->createBucket(asBytes("widgets"));
    VERIFY_OK(bucket->put(asBytes("foo"), asBytes("bar")));
    QCOMPARE(valueOf(bucket->get(asBytes("foo"))), std::string("bar"));
    QCOMPARE(get({}, "widgets"), std::string("<none>")); // a reader does not see it yet
}

void TestBoltBucket::bucketGetIncompatibleValue() {
    auto tx = store().beginWrite();
    auto bucket = tx->createBucket(asBytes("widgets"));
    VERIFY_OK(bucket->createBucket(asBytes("foo")));
    QCOMPARE(valueOf(bucket->get(asBytes("foo"))), std::string("<none>"));
    VERIFY_OK(tx->commit());
    QCOMPARE(get({"widgets"}, "foo"), std::string("<none>"));
}

void TestBoltBucket::bucketPut() {
    auto tx = store().beginWrite();
    auto bucket = tx->createBucket(asBytes("widgets"));
    VERIFY_OK(bucket->put(asBytes("foo"), asBytes("bar")));
    QCOMPARE(valueOf((*tx->bucket(asBytes("widgets")))->get(asBytes("foo"))), std::string("bar"));
    VERIFY_OK(tx->commit());
    reopen();
    QCOMPARE(get({"widgets"}, "foo"), std::string("bar"));
}

void TestBoltBucket::bucketPutRepeat() {
    auto tx = store().beginWrite();
    auto bucket = tx->createBucket(asBytes("widgets"));
    VERIFY_OK(bucket->put(asBytes("foo"), asBytes("bar")));
    VERIFY_OK(bucket->put(asBytes("foo"), asBytes("baz")));
    QCOMPARE(valueOf(bucket->get(asBytes("foo"))), std::string("baz"));
    VERIFY_OK(tx->commit());
    QCOMPARE(entries({"widgets"}), (Pairs{{"foo", "baz"}}));
}

void TestBoltBucket::bucketPutLarge() {
    constexpr std::size_t kCount = 100;
    constexpr std::size_t kFactor = 200;
    Pairs pairs;
    for (std::size_t i = 1; i < kCount; ++i) {
        pairs.emplace_back(std::string(i * kFactor, '0'), std::string((kCount - i) * kFactor, 'X'));
    }
    VERIFY_OK(putAll("widgets", pairs));
    reopen();
    QVERIFY(entries({"widgets"}) == pairs); // they are sorted by their length
    for (const auto& [key, value] : pairs) {
        QVERIFY(get({"widgets"}, key) == value);
    }
}

void TestBoltBucket::dbPutVeryLarge() {
    constexpr std::uint64_t kPairs = 400000;
    constexpr std::uint64_t kInOneCommit = 200000;
    const std::string value(500, '\0');
    for (std::uint64_t i = 0; i < kPairs; i += kInOneCommit) {
        VERIFY_OK(update([&](WriteTransaction& tx) -> Result<void> {
            auto bucket = tx.createBucketIfNotExists(asBytes("test"));
            for (std::uint64_t j = i; j < i + kInOneCommit; ++j) {
                if (auto put = bucket->put(asBytes(digits(j, 8)), asBytes(value)); !put) {
                    return put;
                }
            }
            return {};
        }));
    }
    QCOMPARE(stats({"test"}).keys, kPairs);
    QVERIFY(get({"test"}, digits(kPairs - 1, 8)) == value);
}

void TestBoltBucket::bucketPutIncompatibleValue() {
    auto tx = store().beginWrite();
    auto bucket = tx->createBucket(asBytes("widgets"));
    VERIFY_OK(bucket->createBucket(asBytes("foo")));
    VERIFY_FAILS(bucket->put(asBytes("foo"), asBytes("bar")), ErrorCode::IncompatibleValue);
    VERIFY_OK(tx->commit());
    QCOMPARE(entries({"widgets"}), (Pairs{{"foo", "<bucket>"}}));
}

// Put_Closed, Delete_Closed, NextSequence_Closed, and all other calls of a bucket.
void TestBoltBucket::bucketPutClosed() {
    auto tx = store().beginWrite();
    auto bucket = tx->createBucket(asBytes("widgets"));
    VERIFY_OK(tx->rollback());
    const ErrorCode closed = ErrorCode::TransactionClosed;
    VERIFY_FAILS(bucket->put(asBytes("foo"), asBytes("bar")), closed);
    VERIFY_FAILS(bucket->remove(asBytes("foo")), closed);
    VERIFY_FAILS(bucket->get(asBytes("foo")), closed);
    VERIFY_FAILS(bucket->bucket(asBytes("foo")), closed);
    VERIFY_FAILS(bucket->createBucket(asBytes("foo")), closed);
    VERIFY_FAILS(bucket->createBucketIfNotExists(asBytes("foo")), closed);
    VERIFY_FAILS(bucket->deleteBucket(asBytes("foo")), closed);
    VERIFY_FAILS(bucket->moveBucket(asBytes("foo"), *bucket), closed);
    VERIFY_FAILS(bucket->sequence(), closed);
    VERIFY_FAILS(bucket->setSequence(7), closed);
    VERIFY_FAILS(bucket->nextSequence(), closed);
    WriteCursor cursor = bucket->cursor();
    VERIFY_FAILS(cursor.first(), closed);
    VERIFY_FAILS(cursor.last(), closed);
    VERIFY_FAILS(cursor.next(), closed);
    VERIFY_FAILS(cursor.prev(), closed);
    VERIFY_FAILS(cursor.seek(asBytes("foo")), closed);
    VERIFY_FAILS(cursor.remove(), closed);
}

void TestBoltBucket::bucketReadOnly() {
    static_assert(Writable<WriteBucket> && !Writable<Bucket>);
    VERIFY_OK(putAll("widgets", {{"foo", "bar"}}));
    StoreOptions options = smallPages();
    options.readOnly = true;
    reopen(options);
    VERIFY_FAILS(putAll("widgets", {{"foo", "baz"}}), ErrorCode::DatabaseReadOnly);
    QCOMPARE(get({"widgets"}, "foo"), std::string("bar"));
}

void TestBoltBucket::bucketDelete() {
    auto tx = store().beginWrite();
    auto bucket = tx->createBucket(asBytes("widgets"));
    VERIFY_OK(bucket->put(asBytes("foo"), asBytes("bar")));
    VERIFY_OK(bucket->remove(asBytes("foo")));
    QCOMPARE(valueOf(bucket->get(asBytes("foo"))), std::string("<none>"));
    VERIFY_OK(tx->commit());
    QCOMPARE(entries({"widgets"}), Pairs());
}

void TestBoltBucket::bucketDeleteLarge() {
    Pairs pairs;
    for (int i = 0; i < 100; ++i) {
        pairs.emplace_back(std::to_string(i), std::string(1024, '*'));
    }
    VERIFY_OK(putAll("widgets", pairs));
    VERIFY_OK(update([&](WriteTransaction& tx) -> Result<void> {
        auto bucket = *tx.bucket(asBytes("widgets"));
        for (const auto& [key, value] : pairs) {
            if (auto removed = bucket->remove(asBytes(key)); !removed) {
                return removed;
            }
        }
        return {};
    }));
    for (const auto& [key, value] : pairs) {
        QCOMPARE(get({"widgets"}, key), std::string("<none>"));
    }
    QCOMPARE(stats({"widgets"}).inlineBuckets, 1U);
}

// bbolt takes 8192 commits at 4 KiB; smaller pages come to more than 65,535 ids with fewer keys.
void TestBoltBucket::bucketDeleteFreelistOverflow() {
    StoreOptions options = smallPages();
    options.pageSize = 1024;
    begin(options);
    for (std::uint64_t i = 0; i < 1100; ++i) {
        VERIFY_OK(update([i](WriteTransaction& tx) -> Result<void> {
            auto bucket = tx.createBucketIfNotExists(asBytes("0"));
            for (std::uint64_t j = 0; j < 1000; ++j) {
                if (auto put = bucket->put(asBytes(digits(i * 1000 + j, 16)), {}); !put) {
                    return put;
                }
            }
            return {};
        }));
    }
    VERIFY_OK(update([](WriteTransaction& tx) -> Result<void> {
        WriteCursor cursor = (*tx.bucket(asBytes("0")))->cursor();
        for (auto entry = cursor.first(); entry && *entry; entry = cursor.next()) {
            if (auto removed = cursor.remove(); !removed) {
                return removed;
            }
        }
        return {};
    }));
    QCOMPARE(entries({"0"}), Pairs());
    const StoreStatistics before = store().statistics();
    QVERIFY(before.freePages + before.pendingPages > 0xFFFF);
    reopen(options);
    const StoreStatistics after = store().statistics();
    QCOMPARE(after.freePages, before.freePages + before.pendingPages);
    QCOMPARE(after.pendingPages, 0U);
    QCOMPARE(after.freelistInuse, before.freelistInuse);
}

void TestBoltBucket::bucketDeleteNonExisting() {
    VERIFY_OK(update([](WriteTransaction& tx) -> Result<void> {
        auto bucket = tx.createBucket(asBytes("widgets"));
        const auto nested = bucket->createBucket(asBytes("nested"));
        return nested ? Result<void>() : fail(nested.error());
    }));
    VERIFY_OK(update([](WriteTransaction& tx) {
        return (*tx.bucket(asBytes("widgets")))->remove(asBytes("foo"));
    }));
    QCOMPARE(entries({"widgets"}), (Pairs{{"nested", "<bucket>"}}));
    QCOMPARE(entries({"widgets", "nested"}), Pairs());
}

// ForEachBucket, ForEachBucket_NoBuckets: the entries say which of them are buckets.
void TestBoltBucket::bucketPutEmptyKey() {
    auto tx = store().beginWrite();
    auto bucket = tx->createBucket(asBytes("widgets"));
    VERIFY_FAILS(bucket->put(asBytes(""), asBytes("bar")), ErrorCode::KeyRequired);
    VERIFY_FAILS(bucket->put(Bytes(), asBytes("bar")), ErrorCode::KeyRequired);
}

void TestBoltBucket::bucketPutKeyTooLarge() {
    auto tx = store().beginWrite();
    auto bucket = tx->createBucket(asBytes("widgets"));
    const std::string largest(format::kMaxKeySize, 'k');
    VERIFY_OK(bucket->put(asBytes(largest), asBytes("bar")));
    VERIFY_FAILS(bucket->put(asBytes(largest + "k"), asBytes("bar")), ErrorCode::KeyTooLarge);
    VERIFY_OK(tx->commit());
    reopen();
    QCOMPARE(get({"widgets"}, largest), std::string("bar"));
}

void TestBoltBucket::bucketPutValueTooLarge() {
    // Address space only: the call must refuse it by its size, unread.
    constexpr std::size_t kSize = std::size_t{format::kMaxValueSize} + 1;
    const std::unique_ptr<void, void (*)(void*)> room(std::calloc(1, kSize), &std::free);
    if (!room) {
        QSKIP("no 2 GiB of address space");
    }
    auto tx = store().beginWrite();
    auto bucket = tx->createBucket(asBytes("widgets"));
    const Bytes value(static_cast<const std::byte*>(room.get()), kSize);
    VERIFY_FAILS(bucket->put(asBytes("foo"), value), ErrorCode::ValueTooLarge);
    QCOMPARE(valueOf(bucket->get(asBytes("foo"))), std::string("<none>"));
}

// bbolt accepts longer names, against its own description.
void TestBoltBucket::emptyValueIsNoMissingValue() {
    auto tx = store().beginWrite();
    auto bucket = tx->createBucket(asBytes("widgets"));
    VERIFY_OK(bucket->put(asBytes("foo"), {}));
    QCOMPARE(valueOf(bucket->get(asBytes("foo"))), std::string());
    VERIFY_OK(tx->commit());
    QCOMPARE(get({"widgets"}, "foo"), std::string());
    QCOMPARE(get({"widgets"}, "fo"), std::string("<none>"));
}

// In bbolt the caller must keep the value until the commit, and a key that changed meanwhile once
// broke files.
void TestBoltBucket::keysAndValuesAreCopied() {
    auto tx = store().beginWrite();
    auto bucket = tx->createBucket(asBytes("widgets"));
    std::string key = "key";
    std::string value = "value";
    VERIFY_OK(bucket->put(asBytes(key), asBytes(value)));
    key = "xxx";
    value = "yyyyy";
    VERIFY_OK(tx->commit());
    QCOMPARE(entries({"widgets"}), (Pairs{{"key", "value"}}));
}
QTEST_GUILESS_MAIN(TestBoltBucket)
#include "tst_bolt_bucket.moc"
