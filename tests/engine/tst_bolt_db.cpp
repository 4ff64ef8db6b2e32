// SPDX-License-Identifier: MIT
// What bbolt's db_test.go, allocate_test.go and manydbs_test.go ask of an open database. Slots
// carry its names. Not here:
//   opening                                  tst_bolt_open.cpp
//   Batch*, threads                          tst_bolt_threads.cpp
//   View_ManualCommit, View_ManualRollback   a read transaction has no such calls
//   Concurrent_WriteTo..., WriteTo_...       tst_bolt_copy.cpp
//   MaxSizeExceededDoesNotGrow, WindowsMMap...  Windows only
#include "support/store_fixture.h"

#include <QFileInfo>

#include <stdexcept>

using namespace pagescape;
using namespace pagescape::test;

class TestBoltDb : public StoreFixture {
    Q_OBJECT

private:
    [[nodiscard]] std::uint64_t sizeOnDisk() {
        return static_cast<std::uint64_t>(QFileInfo(QString::fromStdString(path())).size());
    }
    [[nodiscard]] static Result<void> nothing(WriteTransaction&) { return {}; }

private Q_SLOTS:
    void init() { begin(); }
    void cleanup() { end(); }

    void dbBeginErrDatabaseNotOpen();
    void dbBeginRW();
    void dbUpdate();
    void dbViewError();
    void dbUpdateException();
    void dbUpdateManualCommit();
    void dbStats();
    void dbConsistency();
    void sixCommitsAlternateBetweenFourPages();
    void dbStatsSub();
    void dbAllocatePageStats_data();
    void dbAllocatePageStats();
    void growthOfTheFile_data();
    void growthOfTheFile();
    void dbMaxSizeNotExceeded_data();
    void dbMaxSizeNotExceeded();
    void dbMaxSizeExceededCanOpen_data();
    void dbMaxSizeExceededCanOpen();
    void dbMaxSizeWithHighInitialMMap();
    void dbHugeValue();
    void readerKeepsItsViewDuringARemap();
    void oneOpenReaderDoesNotBloatTheFile_data();
    void oneOpenReaderDoesNotBloatTheFile();
    void readersAreListed();
};

// DB_Begin_ErrDatabaseNotOpen, BeginRW_Closed, Update_Closed.
void TestBoltDb::dbBeginErrDatabaseNotOpen() {
    VERIFY_OK(store().close());
    const ErrorCode closed = ErrorCode::DatabaseClosed;
    VERIFY_FAILS(store().beginRead(), closed);
    VERIFY_FAILS(store().beginWrite(), closed);
    VERIFY_FAILS(store().update(nothing), closed);
    VERIFY_FAILS(store().view([](const ReadTransaction&) { return Result<void>(); }), closed);
    VERIFY_FAILS(store().batch(nothing), closed);
    VERIFY_FAILS(store().sync(), closed);
    VERIFY_FAILS(store().shrink(), closed);
    QVERIFY(store().readers().empty());
}

void TestBoltDb::dbBeginRW() {
    auto tx = store().beginWrite();
    VERIFY_OK(tx);
    QVERIFY(tx->isOpen());
    QCOMPARE(tx->id().value, 2U);
    QCOMPARE(tx->size(), 4U * 4096);
    VERIFY_OK(tx->commit());
    QVERIFY(!tx->isOpen());
    auto next = store().beginWrite();
    QCOMPARE(next->id().value, 3U);
    auto moved = std::move(*next);
    VERIFY_OK(moved.rollback());
    QCOMPARE(store().beginWrite()->id().value, 3U); // the number of a dropped one is used again
}

void TestBoltDb::dbUpdate() {
    VERIFY_OK(update([](WriteTransaction& tx) -> Result<void> {
        auto bucket = tx.createBucket(asBytes("widgets"));
        auto done = bucket->put(asBytes("foo"), asBytes("bar"));
        if (done) {
            done = bucket->put(asBytes("baz"), asBytes("bat"));
        }
        return done ? bucket->remove(asBytes("foo")) : done;
    }));
    VERIFY_OK(store().view([](const ReadTransaction& tx) -> Result<void> {
        const auto bucket = tx.bucket(bytesOf({"widgets"}));
        return bucket ? Result<void>() : fail(bucket.error());
    }));
    QCOMPARE(entries({"widgets"}), (Pairs{{"baz", "bat"}}));
}

void TestBoltDb::dbViewError() {
    Error marker;
    marker.code = ErrorCode::Cancelled;
    marker.text = "view error";
    const auto seen = store().view([&](const ReadTransaction&) { return fail(marker); });
    VERIFY_FAILS(seen, ErrorCode::Cancelled);
    QCOMPARE(seen.error().text, std::string("view error"));
    QVERIFY(store().readers().empty());
    const auto changed = update([&](WriteTransaction& tx) -> Result<void> {
        const auto bucket = tx.createBucket(asBytes("widgets"));
        return bucket ? fail(marker) : fail(bucket.error());
    });
    VERIFY_FAILS(changed, ErrorCode::Cancelled);
    QCOMPARE(entries({}), Pairs());
}

// Update_Panic, View_Panic.
void TestBoltDb::dbUpdateException() {
    const auto throwing = [](WriteTransaction& tx) -> Result<void> {
        static_cast<void>(tx.createBucket(asBytes("widgets")));
        throw std::runtime_error("omg");
    };
    QVERIFY_EXCEPTION_THROWN(static_cast<void>(update(throwing)), std::runtime_error);
    QVERIFY_EXCEPTION_THROWN(
        static_cast<void>(store().view(
            [](const ReadTransaction&) -> Result<void> { throw std::runtime_error("omg"); })),
        std::runtime_error);
    QVERIFY(store().readers().empty());
    QCOMPARE(entries({}), Pairs());
    VERIFY_OK(putAll("widgets", {{"foo", "bar"}})); // no lock was left behind
    QCOMPARE(store().beginRead()->id().value, 2U);
}

// Update_ManualCommit, Update_ManualRollback: bbolt panics.
void TestBoltDb::dbUpdateManualCommit() {
    VERIFY_OK(update([](WriteTransaction& tx) -> Result<void> {
        const auto bucket = tx.createBucket(asBytes("widgets"));
        if (outcomeOf(tx.commit()) != errorName(ErrorCode::TransactionManaged) ||
            outcomeOf(tx.rollback()) != errorName(ErrorCode::TransactionManaged)) {
            return fail(Error());
        }
        return bucket ? Result<void>() : fail(bucket.error());
    }));
    QCOMPARE(entries({}), (Pairs{{"widgets", "<bucket>"}}));
}

void TestBoltDb::dbStats() {
    VERIFY_OK(putAll("widgets", {}));
    const StoreStatistics now = store().statistics();
    QCOMPARE(now.tx.pageCount, 2U);
    QCOMPARE(now.tx.pageAlloc, 2U * 4096);
    QCOMPARE(now.freePages, 0U);
    QCOMPARE(now.pendingPages, 2U);
    QCOMPARE(now.freeAlloc, 2U * 4096);
    QCOMPARE(now.freelistInuse, 16U + 2 * 8);
}

// The pages: meta, meta, free, free, leaf, freelist.
void TestBoltDb::dbConsistency() {
    VERIFY_OK(putAll("widgets", {}));
    for (int i = 0; i < 10; ++i) {
        VERIFY_OK(putAll("widgets", {{"foo", "bar"}}));
    }
    const auto tx = store().beginRead();
    QCOMPARE(tx->id().value, 12U);
    QCOMPARE(tx->meta().root.value, 4U);
    QCOMPARE(tx->meta().freelist.value, 5U);
    QCOMPARE(tx->meta().highWater.value, 6U);
    QCOMPARE(store().statistics().pendingPages, 2U);
}

void TestBoltDb::sixCommitsAlternateBetweenFourPages() {
    for (std::uint64_t i = 0; i < 6; ++i) {
        VERIFY_OK(putAll("b", {{digits(i, 1), ""}}));
        const auto tx = store().beginRead();
        QCOMPARE(tx->meta().root.value, i % 2 == 0 ? 4U : 2U);
        QCOMPARE(tx->meta().freelist.value, i % 2 == 0 ? 5U : 3U);
        QCOMPARE(tx->meta().highWater.value, 6U);
        QCOMPARE(store().statistics().freePages, 0U);
        QCOMPARE(store().statistics().pendingPages, 2U);
    }
}

// DBStats_Sub, TxStats_Sub, TxStats_add.
void TestBoltDb::dbStatsSub() {
    StoreStatistics before;
    before.tx.pageCount = 3;
    before.freePages = 4;
    before.readsStarted = 5;
    StoreStatistics after = before;
    after.tx.pageCount = 10;
    after.tx.writeTime = std::chrono::nanoseconds(9);
    after.freePages = 14;
    after.readsStarted = 25;
    const StoreStatistics rest = after.minus(before);
    QCOMPARE(rest.tx.pageCount, 7U);
    QCOMPARE(rest.tx.writeTime.count(), 9);
    QCOMPARE(rest.freePages, 14U); // a state, not a sum
    QCOMPARE(rest.readsStarted, 20U);
    TxStatistics sum = rest.tx;
    sum.add(before.tx);
    QCOMPARE(sum.pageCount, 10U);
    QCOMPARE(sum.minus(rest.tx).pageCount, before.tx.pageCount);
}

void TestBoltDb::dbAllocatePageStats_data() {
    QTest::addColumn<bool>("isHashmap");
    QTest::newRow("array") << false;
    QTest::newRow("hashmap") << true;
}

// Tx_allocatePageStats: an overflow run counts all its pages.
void TestBoltDb::dbAllocatePageStats() {
    QFETCH(bool, isHashmap);
    StoreOptions options = smallPages();
    options.freelistType = isHashmap ? FreelistType::Hashmap : FreelistType::Array;
    begin(options);
    VERIFY_OK(putAll("b", {{"k", "v"}}));
    const StoreStatistics before = store().statistics();
    VERIFY_OK(putAll("b", {{"k", std::string(5 * 4096 - 16 - 16 - 1, 'v')}}));
    const TxStatistics change = store().statistics().minus(before).tx;
    QCOMPARE(change.pageCount, 5U + 1 + 1); // the leaf, the root, the freelist
    QCOMPARE(change.pageAlloc, 7U * 4096);
    QCOMPARE(change.bytesWritten, 8U * 4096); // and the meta
}

// Tx_TruncateBeforeWrite and bbolt's growth rule: 3000 bytes a commit.
void TestBoltDb::growthOfTheFile_data() {
    dbAllocatePageStats_data();
}

void TestBoltDb::growthOfTheFile() {
    QFETCH(bool, isHashmap);
    StoreOptions options = smallPages();
    options.freelistType = isHashmap ? FreelistType::Hashmap : FreelistType::Array;
    begin(options);
    constexpr std::uint64_t kStep = std::uint64_t{16} << 20;
    std::uint64_t before = sizeOnDisk();
    std::uint64_t growths = 0;
    for (std::uint64_t i = 0; growths < 12 && i < 20000; ++i) {
        VERIFY_OK(putAll("b", {{digits(i, 8), std::string(3000, 'v')}}));
        const std::uint64_t size = sizeOnDisk();
        QCOMPARE(store().fileSize(), size);
        if (size != before) {
            // Doubled up to 16 MiB; then a page and 16 MiB more than is needed now.
            QCOMPARE(size, before < kStep ? 2 * before : (highWater() + 1) * 4096 + kStep);
            before = size;
            ++growths;
        }
    }
    QCOMPARE(growths, 12U); // ten times doubled, from 16 KiB to 16 MiB, then two steps
}

void TestBoltDb::dbMaxSizeNotExceeded_data() {
    QTest::addColumn<bool>("noGrowSync");
    QTest::newRow("normal") << false;
    QTest::newRow("noGrowSync") << true;
}

void TestBoltDb::dbMaxSizeNotExceeded() {
    QFETCH(bool, noGrowSync);
    constexpr std::uint64_t kLimit = std::uint64_t{4} << 20;
    StoreOptions options = smallPages();
    options.maxSize = kLimit;
    options.noGrowSync = noGrowSync;
    begin(options);
    auto done = Result<void>();
    std::uint64_t committed = 0;
    while (done && committed < 10000) {
        done = putAll("b", {{digits(committed, 8), std::string(20000, 'v')}});
        committed += done ? 1U : 0U;
    }
    VERIFY_FAILS(done, ErrorCode::MaxSizeReached);
    QVERIFY(committed > 50);
    QVERIFY(sizeOnDisk() <= kLimit);
    QCOMPARE(stats({"b"}).keys, committed);
    VERIFY_OK(update([](WriteTransaction& tx) { return tx.deleteBucket(asBytes("b")); }));
    VERIFY_OK(putAll("c", {{"k", std::string(20000, 'v')}})); // the freed pages can be used
    QVERIFY(sizeOnDisk() <= kLimit);
}

// MaxSizeExceededCanOpen, ...WithHighMmap.
void TestBoltDb::dbMaxSizeExceededCanOpen_data() {
    QTest::addColumn<quint64>("mapSize");
    QTest::newRow("normal") << quint64{0};
    QTest::newRow("high mmap") << (quint64{1} << 28);
}

void TestBoltDb::dbMaxSizeExceededCanOpen() {
    QFETCH(quint64, mapSize);
    VERIFY_OK(putAll("b", {{"k", std::string(2000000, 'v')}}));
    StoreOptions options = smallPages();
    options.maxSize = std::uint64_t{1} << 20;
    options.initialMapSize = mapSize;
    reopen(options);
    const std::uint64_t size = sizeOnDisk();
    QCOMPARE(get({"b"}, "k").size(), 2000000U);
    VERIFY_FAILS(putAll("b", {{"l", std::string(2000000, 'v')}}), ErrorCode::MaxSizeReached);
    QCOMPARE(sizeOnDisk(), size);
}

void TestBoltDb::dbMaxSizeWithHighInitialMMap() {
    StoreOptions options = smallPages();
    options.maxSize = std::uint64_t{64} << 20;
    options.initialMapSize = std::uint64_t{1} << 30;
    begin(options);
    const std::uint64_t size = sizeOnDisk();
    VERIFY_FAILS(putAll("b", {{"k", std::string(std::size_t{50} << 20, 'v')}}),
                 ErrorCode::MaxSizeReached);
    QCOMPARE(sizeOnDisk(), size);
    VERIFY_OK(putAll("b", {{"k", "v"}}));
}

void TestBoltDb::dbHugeValue() {
    const std::string value(std::size_t{256} << 20, 'v');
    VERIFY_OK(putAll("data", {{"huge", value}}));
    reopen();
    QVERIFY(get({"data"}, "huge") == value);
    QCOMPARE(stats({"data"}).leafOverflow, 65536U);
}

// In bbolt a remap waits for all readers, and new readers wait for it. This test runs in one
// thread, so anybody who waited here would wait for ever.
void TestBoltDb::readerKeepsItsViewDuringARemap() {
    VERIFY_OK(putAll("b", {{"k", "old"}}));
    const Store::MapInfo before = store().mapping();
    const auto reader = store().beginRead();
    const auto value = reader->get(bytesOf({"b"}), asBytes("k"));
    auto writer = store().beginWrite();
    auto bucket = **writer->bucket(asBytes("b"));
    const auto early = *bucket.get(asBytes("k"));
    VERIFY_OK(bucket.put(asBytes("k"), asBytes("new")));
    VERIFY_OK(bucket.put(asBytes("large"), asBytes(std::string(std::size_t{8} << 20, 'x'))));
    const auto during = store().beginRead();
    QCOMPARE(toString(*early), std::string("old"));
    VERIFY_OK(writer->commit());
    QVERIFY(store().mapping().length > before.length);
    QCOMPARE(valueOf(value), std::string("old"));
    for (const auto* each : {&*reader, &*during}) {
        QCOMPARE(each->id().value, 2U);
        QCOMPARE(valueOf(each->get(bytesOf({"b"}), asBytes("k"))), std::string("old"));
        QCOMPARE(valueOf(each->get(bytesOf({"b"}), asBytes("large"))), std::string("<none>"));
    }
    QCOMPARE(get({"b"}, "k"), std::string("new"));
    VERIFY_OK(putAll("b", {{"k", "newer"}}));
    QCOMPARE(valueOf(value), std::string("old"));
}

void TestBoltDb::oneOpenReaderDoesNotBloatTheFile_data() {
    dbAllocatePageStats_data();
}

// bbolt takes new pages for each of these commits: its high-water mark rises from 6 to 1329.
void TestBoltDb::oneOpenReaderDoesNotBloatTheFile() {
    QFETCH(bool, isHashmap);
    StoreOptions options = smallPages();
    options.freelistType = isHashmap ? FreelistType::Hashmap : FreelistType::Array;
    begin(options);
    VERIFY_OK(putAll("b", {{"000", "0"}}));
    const auto reader = store().beginRead();
    const Pairs seen = entries({"b"});
    for (std::uint64_t i = 1; i < 500; ++i) {
        VERIFY_OK(putAll("b", {{digits(i, 3), std::to_string(i)}}));
    }
    // Five leaves, a branch, the root and the list, twice, and what the reader sees.
    QVERIFY2(highWater() < 30, std::to_string(highWater()).c_str());
    QCOMPARE(entriesOf(reader->bucket(bytesOf({"b"}))->cursor()), seen);
    QCOMPARE(entries({"b"}).size(), 500U);
}

void TestBoltDb::readersAreListed() {
    VERIFY_OK(putAll("b", {{"k", std::string(10000, 'v')}})); // a leaf of three pages
    auto first = std::make_optional(*store().beginRead());
    VERIFY_OK(putAll("b", {{"k", "v"}}));
    VERIFY_OK(putAll("b", {{"k", "w"}}));
    const auto second = store().beginRead();
    const std::vector<ReaderInfo> readers = store().readers();
    QCOMPARE(readers.size(), 2U);
    QCOMPARE(readers[0].txid.value, 2U);
    QCOMPARE(readers[1].txid.value, 4U);
    QVERIFY(readers[0].id < readers[1].id);
    QVERIFY(readers[0].pagesHeldBack >= 4); // that leaf and the root above it
    QCOMPARE(readers[0].bytesHeldBack, readers[0].pagesHeldBack * 4096);
    QCOMPARE(store().statistics().readsOpen, 2U);
    first.reset();
    QCOMPARE(store().readers().size(), 1U);
    QCOMPARE(store().readers()[0].txid.value, 4U);
}

QTEST_GUILESS_MAIN(TestBoltDb)
#include "tst_bolt_db.moc"
