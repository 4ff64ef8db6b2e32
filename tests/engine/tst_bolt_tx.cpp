// SPDX-License-Identifier: MIT
// What bbolt's tx_test.go asks of transactions. Slots carry its names. Not here:
//   Commit_ErrTxNotWritable, ..._ErrTxNotWritable   a read transaction has no such calls
//   CopyFile*                                       tst_bolt_copy.cpp
//   TruncateBeforeWrite                             tst_commit.cpp
//   TxStats_*                                       tst_bolt_db.cpp, dbStatsSub
#include "pagescape/storage_file.h"
#include "support/store_fixture.h"

#include <future>

using namespace pagescape;
using namespace pagescape::test;

class TestBoltTx : public StoreFixture {
    Q_OBJECT

private:
    std::shared_ptr<FaultyFile> m_faulty;

private Q_SLOTS:
    void init() { begin(); }
    void cleanup() {
        end();
        m_faulty.reset();
    }

    void txCheckReadOnly();
    void txCommitErrTxClosed();
    void txCursor();
    void txCreateBucket();
    void txCreateBucketErrors();
    void txCreateBucketIfNotExists();
    void txBucketPath();
    void txDeleteBucket();
    void txDeleteBucketErrors();
    void txForEach();
    void txOnCommit();
    void txOnCommitRollback();
    void onCommitMayUseTheStore();
    void txRollback_data();
    void txRollback();
    void destroyedTransactionIsRolledBack();
    void txReleaseRange();
};

// Two checks at once, on a read-only store and on the file.
void TestBoltTx::txCheckReadOnly() {
    VERIFY_OK(putAll("widgets", {{"foo", "bar"}}));
    StoreOptions options = smallPages();
    options.readOnly = true;
    reopen(options);
    const auto checkFile = [this] { return problemsOf(path()); };
    auto first = std::async(std::launch::async, checkFile);
    auto second = std::async(std::launch::async, checkFile);
    QCOMPARE(first.get(), std::string());
    QCOMPARE(second.get(), std::string());
}

// Commit_ErrTxClosed, Rollback_ErrTxClosed.
void TestBoltTx::txCommitErrTxClosed() {
    const ErrorCode closed = ErrorCode::TransactionClosed;
    auto tx = store().beginWrite();
    VERIFY_OK(tx->createBucket(asBytes("foo")));
    VERIFY_OK(tx->commit());
    VERIFY_FAILS(tx->commit(), closed);
    VERIFY_FAILS(tx->rollback(), closed);
    VERIFY_FAILS(tx->onCommit([] {}), closed);
    tx = store().beginWrite();
    VERIFY_OK(tx->rollback());
    VERIFY_FAILS(tx->rollback(), closed);
    VERIFY_FAILS(tx->commit(), closed);
}

void TestBoltTx::txCursor() {
    auto tx = store().beginWrite();
    VERIFY_OK(tx->createBucket(asBytes("widgets")));
    VERIFY_OK(tx->createBucket(asBytes("woojits")));
    const Pairs expected{{"widgets", "<bucket>"}, {"woojits", "<bucket>"}};
    QCOMPARE(entriesOf(tx->rootBucket().cursor()), expected);
    VERIFY_OK(tx->commit());
    QCOMPARE(entries({}), expected);
}

void TestBoltTx::txCreateBucket() {
    auto tx = store().beginWrite();
    const auto bucket = tx->createBucket(asBytes("widgets"));
    VERIFY_OK(bucket);
    QCOMPARE(bucket->level(), 1U);
    QVERIFY(*tx->bucket(asBytes("widgets")));
    VERIFY_OK(tx->commit());
    VERIFY_OK(store().beginRead()->bucket(bytesOf({"widgets"})));
}

// ErrTxClosed, ErrBucketExists, ErrBucketNameRequired.
void TestBoltTx::txCreateBucketErrors() {
    auto tx = store().beginWrite();
    VERIFY_OK(tx->createBucket(asBytes("widgets")));
    VERIFY_FAILS(tx->createBucket(asBytes("widgets")), ErrorCode::BucketExists);
    VERIFY_FAILS(tx->createBucket(Bytes()), ErrorCode::BucketNameRequired);
    VERIFY_FAILS(tx->createBucketIfNotExists(Bytes()), ErrorCode::BucketNameRequired);
    VERIFY_OK(tx->commit());
    VERIFY_FAILS(tx->createBucket(asBytes("foo")), ErrorCode::TransactionClosed);
    VERIFY_FAILS(putAll("", {}), ErrorCode::BucketNameRequired);
    tx = store().beginWrite();
    VERIFY_FAILS(tx->createBucket(asBytes("widgets")), ErrorCode::BucketExists);
}

void TestBoltTx::txCreateBucketIfNotExists() {
    auto tx = store().beginWrite();
    auto first = tx->createBucketIfNotExists(asBytes("widgets"));
    auto second = tx->createBucketIfNotExists(asBytes("widgets"));
    VERIFY_OK(first);
    VERIFY_OK(second);
    VERIFY_OK(first->put(asBytes("foo"), asBytes("bar")));
    QCOMPARE(valueOf(second->get(asBytes("foo"))), std::string("bar")); // one and the same
    VERIFY_OK(tx->commit());
    QCOMPARE(entries({"widgets"}), (Pairs{{"foo", "bar"}}));
}

// Tx_Bucket, Tx_Get_NotFound, and paths.
void TestBoltTx::txBucketPath() {
    auto tx = store().beginWrite();
    auto outer = tx->createBucket(asBytes("outer"));
    VERIFY_OK(outer->createBucket(asBytes("inner")));
    VERIFY_OK(outer->put(asBytes("plain"), {}));
    QCOMPARE(tx->bucket(bytesOf({"outer", "inner"}))->level(), 2U);
    QCOMPARE(tx->bucket(bytesOf({}))->level(), 0U);
    const auto missing = tx->bucket(bytesOf({"outer", "nope", "inner"}));
    VERIFY_FAILS(missing, ErrorCode::BucketNotFound);
    QVERIFY(missing.error().text.find("nope") != std::string::npos);
    VERIFY_FAILS(tx->bucket(bytesOf({"outer", "plain"})), ErrorCode::BucketNotFound);
    QVERIFY(!*tx->bucket(asBytes("nope")));
    QCOMPARE(valueOf(outer->get(asBytes("no_such_key"))), std::string("<none>"));
}

// A bucket that is made again has no phantom of the old values.
void TestBoltTx::txDeleteBucket() {
    VERIFY_OK(putAll("widgets", {{"foo", "bar"}}));
    VERIFY_OK(update([](WriteTransaction& tx) { return tx.deleteBucket(asBytes("widgets")); }));
    QCOMPARE(entries({}), Pairs());
    VERIFY_OK(putAll("widgets", {}));
    QCOMPARE(get({"widgets"}, "foo"), std::string("<none>"));
    VERIFY_OK(update([](WriteTransaction& tx) -> Result<void> { // both in one commit
        auto bucket = tx.createBucketIfNotExists(asBytes("widgets"));
        auto done = bucket->put(asBytes("foo"), asBytes("bar"));
        if (done) {
            done = tx.deleteBucket(asBytes("widgets"));
        }
        const auto again = tx.createBucket(asBytes("widgets"));
        return done && !again ? fail(again.error()) : done;
    }));
    QCOMPARE(entries({"widgets"}), Pairs());
}

// DeleteBucket_ErrTxClosed, NotFound.
void TestBoltTx::txDeleteBucketErrors() {
    auto tx = store().beginWrite();
    VERIFY_FAILS(tx->deleteBucket(asBytes("foo")), ErrorCode::BucketNotFound);
    VERIFY_OK(tx->commit());
    VERIFY_FAILS(tx->deleteBucket(asBytes("foo")), ErrorCode::TransactionClosed);
}

// ForEach_NoError, ForEach_WithError.
void TestBoltTx::txForEach() {
    VERIFY_OK(putAll("widgets", {{"foo", "bar"}}));
    VERIFY_OK(putAll("woojits", {{"foo", "bar"}}));
    auto tx = store().beginWrite();
    std::string names;
    VERIFY_OK(tx->rootBucket().forEach([&names](const Entry& entry) -> Result<void> {
        names += toString(entry.key) + (entry.isBucket ? " " : "?");
        return {};
    }));
    QCOMPARE(names, std::string("widgets woojits "));
    const auto stopped = tx->rootBucket().forEach([](const Entry&) { return fail(marker()); });
    VERIFY_FAILS(stopped, ErrorCode::Cancelled);
}

void TestBoltTx::txOnCommit() {
    std::string order;
    VERIFY_OK(update([&order](WriteTransaction& tx) -> Result<void> {
        static_cast<void>(tx.onCommit([&order] { order += "a"; }));
        static_cast<void>(tx.onCommit([&order] { order += "b"; }));
        const auto bucket = tx.createBucket(asBytes("widgets"));
        return tx.onCommit([&order] { order += "c"; });
    }));
    QCOMPARE(order, std::string("abc"));
}

// Neither after a rollback nor after a commit that fails.
void TestBoltTx::txOnCommitRollback() {
    beginWith(m_faulty, smallPages());
    int calls = 0;
    const auto enrol = [&calls](WriteTransaction& tx) { return tx.onCommit([&] { ++calls; }); };
    VERIFY_FAILS(update([&](WriteTransaction& tx) -> Result<void> {
                     auto done = enrol(tx);
                     return done ? fail(marker()) : done;
                 }),
                 ErrorCode::Cancelled);
    m_faulty->arm(FaultyFile::Fault{});
    VERIFY_FAILS(update(enrol), ErrorCode::OsFailure);
    m_faulty->arm(std::nullopt);
    QCOMPARE(calls, 0);
    VERIFY_OK(update(enrol));
    QCOMPARE(calls, 1);
}

// Handlers run after all locks are gone.
void TestBoltTx::onCommitMayUseTheStore() {
    std::string seen;
    VERIFY_OK(update([&](WriteTransaction& tx) -> Result<void> {
        auto bucket = tx.createBucket(asBytes("b"));
        static_cast<void>(bucket->put(asBytes("k"), asBytes("v")));
        return tx.onCommit([&] {
            seen = get({"b"}, "k");
            seen += outcomeOf(putAll("b", {{"k", "w"}}));
        });
    }));
    QCOMPARE(seen, std::string("vok"));
    QCOMPARE(get({"b"}, "k"), std::string("w"));
}

void TestBoltTx::txRollback_data() {
    QTest::addColumn<bool>("noFreelistSync");
    QTest::newRow("with freelist sync") << false;
    QTest::newRow("without") << true;
}

void TestBoltTx::txRollback() {
    QFETCH(bool, noFreelistSync);
    StoreOptions options = smallPages();
    options.noFreelistSync = noFreelistSync;
    begin(options);
    VERIFY_OK(putAll("mybucket", {{"k", std::string(20000, 'v')}}));
    const StoreStatistics before = store().statistics();
    {
        auto tx = store().beginWrite();
        VERIFY_OK((*tx->bucket(asBytes("mybucket")))->put(asBytes("k"), asBytes("w")));
        VERIFY_OK(tx->createBucket(asBytes("other")));
        VERIFY_OK(tx->deleteBucket(asBytes("mybucket"))); // frees its pages at once
        VERIFY_OK(tx->rollback());
    }
    const StoreStatistics after = store().statistics();
    QCOMPARE(after.freePages + after.pendingPages, before.freePages + before.pendingPages);
    QCOMPARE(entries({}), (Pairs{{"mybucket", "<bucket>"}}));
    QCOMPARE(get({"mybucket"}, "k"), std::string(20000, 'v'));
    VERIFY_OK(putAll("mybucket", {{"k", "w"}}));
    QCOMPARE(store().beginRead()->id().value, 3U);
}

void TestBoltTx::destroyedTransactionIsRolledBack() {
    std::optional<WriteBucket> kept;
    {
        auto tx = store().beginWrite();
        kept = *tx->createBucket(asBytes("b"));
    }
    VERIFY_FAILS(kept->put(asBytes("k"), {}), ErrorCode::TransactionClosed);
    auto tx = store().beginWrite();
    QVERIFY(!*tx->bucket(asBytes("b")));
    auto other = std::move(*tx);
    VERIFY_OK(other.createBucket(asBytes("c")));
    VERIFY_OK(other.commit());
    QCOMPARE(entries({}), (Pairs{{"c", "<bucket>"}}));
}

// Long readers keep what they see while the pages between them go round.
void TestBoltTx::txReleaseRange() {
    std::vector<std::pair<ReadTransaction, std::string>> readers;
    std::uint64_t highest = 0;
    for (int i = 0; i < 300; ++i) {
        const std::string value = digits(std::uint64_t(i), 4) + std::string(3000, 'v');
        VERIFY_OK(putAll("b", {{"k1", value}, {"k2", value}}));
        if (i % 50 == 10) {
            readers.emplace_back(*store().beginRead(), value);
            highest = highWater();
        }
        if (i == 200) { // the second goes: what only it saw becomes free
            readers.erase(readers.begin() + 1);
        }
    }
    QCOMPARE(store().readers().size(), readers.size());
    for (const auto& [tx, value] : readers) {
        const Path bucket{"b"};
        QVERIFY(valueOf(tx.get(bytesOf(bucket), asBytes("k1"))) == value);
        QVERIFY(valueOf(tx.get(bytesOf(bucket), asBytes("k2"))) == value);
    }
    // Each reader holds its own few pages back; two commits need room besides.
    QVERIFY2(highWater() < 60 && highWater() <= highest + 10, std::to_string(highWater()).c_str());
    readers.clear();
    VERIFY_OK(putAll("b", {}));
    VERIFY_OK(putAll("b", {}));
    QVERIFY(store().statistics().pendingPages <= 4);
}

QTEST_GUILESS_MAIN(TestBoltTx)
#include "tst_bolt_tx.moc"
