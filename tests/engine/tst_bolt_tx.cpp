// SPDX-License-Identifier: MIT
// What bbolt's tx_test.go asks of transactions. Slots carry its names. Not here:
//   Commit_ErrTxNotWritable, ..._ErrTxNotWritable   a read transaction has no such calls
//   CopyFile*                                       a live copy is not part of the engine
//   TxStats_*                                       tst_bolt_db.cpp, dbStatsSub
#include "pagescape/storage_file.h"
#include "support/store_fixture.h"

#include <QFile>

#include <future>

using namespace pagescape;
using namespace pagescape::test;

class TestBoltTx : public StoreFixture {
    Q_OBJECT

private:
    std::shared_ptr<RecordingFile> m_recorded;
    std::shared_ptr<FaultyFile> m_faulty;

    // The fixture's store over a file that records, or that fails on purpose.
    template <typename Wrapper>
    void beginWith(std::shared_ptr<Wrapper>& wrapper, StoreOptions options) {
        options.openFile = [&wrapper](const std::filesystem::path& file) {
            wrapper = std::make_shared<Wrapper>(*openStorageFile(file));
            return wrapper;
        };
        begin(options);
    }
    [[nodiscard]] QByteArray fileBytes() {
        QFile file(QString::fromStdString(path()));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    [[nodiscard]] static Error marker() {
        Error error;
        error.code = ErrorCode::Cancelled;
        error.text = "marker";
        return error;
    }

private Q_SLOTS:
    void init() { begin(); }
    void cleanup() {
        end();
        m_recorded.reset();
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
    void rollbackLeavesTheFileUntouched();
    void destroyedTransactionIsRolledBack();
    void txReleaseRange();
    void txTruncateBeforeWrite_data();
    void txTruncateBeforeWrite();
    void emptyCommitMovesTheFreelist();
    void failedCommitChangesNothing_data();
    void failedCommitChangesNothing();
    void failedMetaSyncStopsWriting();
    void failedShrinkKeepsTheFreePages();
    void shrinkGivesTheTailBack();
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

void TestBoltTx::rollbackLeavesTheFileUntouched() {
    VERIFY_OK(putAll("b", {{"k", "v"}}));
    const QByteArray before = fileBytes();
    auto tx = store().beginWrite();
    VERIFY_OK((*tx->bucket(asBytes("b")))->put(asBytes("l"), asBytes(std::string(100000, 'x'))));
    VERIFY_OK(tx->rollback());
    QVERIFY(!before.isEmpty() && fileBytes() == before);
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

void TestBoltTx::txTruncateBeforeWrite_data() {
    QTest::addColumn<bool>("isHashmap");
    QTest::newRow("array") << false;
    QTest::newRow("hashmap") << true;
}

// Growth and its sync, then pages and sync, then the meta and sync.
void TestBoltTx::txTruncateBeforeWrite() {
    QFETCH(bool, isHashmap);
    StoreOptions options = smallPages();
    options.noSync = false;
    options.freelistType = isHashmap ? FreelistType::Hashmap : FreelistType::Array;
    beginWith(m_recorded, options);
    m_recorded->clear();
    VERIFY_OK(putAll("b", {{"k", std::string(100000, 'v')}}));
    std::string order;
    for (const FileOperation& each : m_recorded->operations()) {
        using Kind = FileOperation::Kind;
        const bool isMeta = each.kind == Kind::Write && each.offset < 2 * 4096;
        const char letter = each.kind == Kind::Resize     ? 'R'
                            : each.kind == Kind::SyncAll  ? 'A'
                            : each.kind == Kind::SyncData ? 'S'
                            : isMeta                      ? 'M'
                                                          : 'W';
        if (order.empty() || order.back() != letter) {
            order += letter;
        }
    }
    QCOMPARE(order, std::string("RAWSMS"));
}

void TestBoltTx::emptyCommitMovesTheFreelist() {
    VERIFY_OK(putAll("widgets", {{"foo", "bar"}}));
    const PageId root = store().beginRead()->meta().root;
    VERIFY_OK(update([](WriteTransaction&) { return Result<void>(); }));
    const auto tx = store().beginRead();
    QCOMPARE(tx->id().value, 3U);
    QCOMPARE(tx->meta().root, root);
    QCOMPARE(tx->meta().freelist.value, 2U);
    QCOMPARE(tx->meta().highWater.value, 6U);
}

void TestBoltTx::failedCommitChangesNothing_data() {
    QTest::addColumn<int>("call");
    QTest::newRow("growth") << int(FileCall::Resize);
    QTest::newRow("sync of the growth") << int(FileCall::SyncAll);
    QTest::newRow("pages") << int(FileCall::Write);
    QTest::newRow("sync of the pages") << int(FileCall::SyncData);
    QTest::newRow("remap") << int(FileCall::Map);
}

// Then everything works again: what the failed commit took and freed is as before.
void TestBoltTx::failedCommitChangesNothing() {
    QFETCH(int, call);
    StoreOptions options = smallPages();
    options.noSync = false;
    beginWith(m_faulty, options);
    VERIFY_OK(putAll("b", {{"k", std::string(20000, 'v')}}));
    const StoreStatistics before = store().statistics();
    const std::uint64_t mark = highWater();
    for (int i = 0; i < 3; ++i) {
        FaultyFile::Fault fault;
        fault.call = FileCall(call);
        fault.osError = ENOSPC;
        m_faulty->arm(fault);
        VERIFY_FAILS(putAll("b", {{"k", "w"}, {"l", std::string(300000, 'x')}}),
                     call == int(FileCall::Map) ? ErrorCode::MapFailed : ErrorCode::OsFailure);
        QVERIFY(m_faulty->hasStruck());
        m_faulty->arm(std::nullopt);
        QCOMPARE(store().beginRead()->id().value, 2U);
        QCOMPARE(highWater(), mark);
        const StoreStatistics after = store().statistics();
        QCOMPARE(after.freePages + after.pendingPages, before.freePages + before.pendingPages);
        QCOMPARE(get({"b"}, "k"), std::string(20000, 'v'));
    }
    VERIFY_OK(putAll("b", {{"k", "w"}, {"l", std::string(300000, 'x')}}));
    QCOMPARE(get({"b"}, "k"), std::string("w"));
}

// Nobody knows which meta the disk holds, so nobody may build on it.
void TestBoltTx::failedMetaSyncStopsWriting() {
    StoreOptions options = smallPages();
    options.noSync = false;
    beginWith(m_faulty, options);
    VERIFY_OK(putAll("b", {{"k", "v"}}));
    FaultyFile::Fault fault;
    fault.call = FileCall::SyncData;
    fault.after = 1;
    m_faulty->arm(fault);
    VERIFY_FAILS(putAll("b", {{"k", "w"}}), ErrorCode::CommitUncertain);
    m_faulty->arm(std::nullopt);
    VERIFY_FAILS(putAll("b", {{"k", "x"}}), ErrorCode::CommitUncertain);
    QCOMPARE(get({"b"}, "k"), std::string("v"));
    m_faulty.reset(); // the file is closed with its last owner
    reopen();
    VERIFY_OK(putAll("b", {{"k", "y"}}));
    QCOMPARE(get({"b"}, "k"), std::string("y"));
}

void TestBoltTx::failedShrinkKeepsTheFreePages() {
    beginWith(m_faulty, smallPages());
    VERIFY_OK(putAll("a", {{"k", "v"}}));
    VERIFY_OK(putAll("b", {{"k", std::string(400000, 'v')}}));
    VERIFY_OK(update([](WriteTransaction& tx) { return tx.deleteBucket(asBytes("b")); }));
    m_faulty->arm(FaultyFile::Fault{});
    VERIFY_FAILS(store().shrink(), ErrorCode::OsFailure);
    m_faulty->arm(std::nullopt);
    VERIFY_OK(putAll("a", {{"k", "w"}})); // the check finds pages that are in no list
    QVERIFY(store().statistics().freePages > 90);
}

void TestBoltTx::shrinkGivesTheTailBack() {
    VERIFY_OK(putAll("a", {{"k", "v"}}));
    VERIFY_OK(putAll("b", {{"k", std::string(400000, 'v')}}));
    VERIFY_OK(update([](WriteTransaction& tx) { return tx.deleteBucket(asBytes("b")); }));
    const std::uint64_t before = store().fileSize();
    const auto given = store().shrink();
    VERIFY_OK(given);
    QVERIFY(*given >= 390000);
    QCOMPARE(store().fileSize(), before - *given);
    QCOMPARE(std::uint64_t(fileBytes().size()), store().fileSize());
    reopen();
    VERIFY_OK(putAll("b", {{"k", std::string(400000, 'v')}}));
    QCOMPARE(get({"a"}, "k"), std::string("v"));
}

QTEST_GUILESS_MAIN(TestBoltTx)
#include "tst_bolt_tx.moc"
