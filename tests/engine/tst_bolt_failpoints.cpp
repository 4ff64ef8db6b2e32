// SPDX-License-Identifier: MIT
// What bbolt's tests/failpoint asks. Slots carry its names. Not here:
//   UnmapFail_DbClose   munmap cannot fail in a way that anything is left of: the lock goes with
//   the
//                       descriptor (tst_bolt_open.cpp, closeUnlocksWhileOldHandlesLive)
//   Issue72             keys are copied before the search (tst_bolt_bucket.cpp,
//                       keysAndValuesAreCopied)
// Every call failing once in every place: tst_faults.cpp.
#include "pagescape/storage_file.h"
#include "support/store_fixture.h"

#include <cerrno>

using namespace pagescape;
using namespace pagescape::test;

class TestBoltFailpoints : public StoreFixture {
    Q_OBJECT

private:
    std::shared_ptr<FaultyFile> m_faulty;

    static FaultyFile::Fault faultOf(FileCall call, int osError = EIO, std::uint64_t after = 0) {
        FaultyFile::Fault fault;
        fault.call = call;
        fault.osError = osError;
        fault.after = after;
        return fault;
    }
    // Opening the fixture's file with a fault armed.
    Result<Store> openWithFault(const FaultyFile::Fault& fault, StoreOptions options) {
        options.openFile = [&](const std::filesystem::path& file) {
            auto faulty = std::make_shared<FaultyFile>(*openStorageFile(file));
            faulty->arm(fault);
            return faulty;
        };
        return Store::open(path(), options);
    }
    // Ids of the pages that the file calls free.
    std::string freePages() {
        std::string ids;
        const auto tx = store().beginRead();
        for (std::uint64_t id = 0; id < tx->meta().highWater.value; ++id) {
            if ((*tx->page(PageId{id}))->type == "free") {
                ids += std::to_string(id) + " ";
            }
        }
        return ids;
    }

private Q_SLOTS:
    void init() { begin(); }
    void cleanup() {
        end();
        m_faulty.reset();
    }

    void mapFail();
    void mLockFail();
    void mLockFailWhenRemap();
    void resizeFileFail();
    void lackOfDiskSpace();
    void txRollbackFreelist();
};

void TestBoltFailpoints::mapFail() {
    VERIFY_OK(putAll("b", {{"k", "v"}}));
    close();
    VERIFY_FAILS(openWithFault(faultOf(FileCall::Map), smallPages()), ErrorCode::MapFailed);
    open(smallPages()); // nothing is left locked
    QCOMPARE(get({"b"}, "k"), std::string("v"));
}

void TestBoltFailpoints::mLockFail() {
    close();
    StoreOptions options = smallPages();
    options.lockMemory = true;
    const auto refused = openWithFault(faultOf(FileCall::LockMemory, ENOMEM), options);
    VERIFY_FAILS(refused, ErrorCode::OsFailure);
    QCOMPARE(refused.error().osError, ENOMEM);
    open(smallPages());
    VERIFY_OK(putAll("b", {{"k", "v"}}));
}

// The commit fails, the store goes on with the mapping it had.
void TestBoltFailpoints::mLockFailWhenRemap() {
    StoreOptions options = smallPages();
    options.lockMemory = true;
    beginWith(m_faulty, options);
    VERIFY_OK(putAll("b", {{"k", "v"}}));
    const std::uint64_t mapped = store().mapping().length;
    m_faulty->arm(faultOf(FileCall::LockMemory, ENOMEM));
    const Pairs large{{"l", std::string(200000, 'x')}};
    VERIFY_FAILS(putAll("b", large), ErrorCode::OsFailure);
    QVERIFY(m_faulty->hasStruck());
    m_faulty->arm(std::nullopt);
    QCOMPARE(store().mapping().length, mapped);
    QCOMPARE(get({"b"}, "k"), std::string("v"));
    VERIFY_OK(putAll("b", large));
    QVERIFY(store().mapping().length > mapped);
}

void TestBoltFailpoints::resizeFileFail() {
    beginWith(m_faulty, smallPages());
    VERIFY_OK(putAll("b", {{"k", "v"}}));
    m_faulty->arm(faultOf(FileCall::Resize));
    const Pairs large{{"l", std::string(200000, 'x')}};
    VERIFY_FAILS(putAll("b", large), ErrorCode::OsFailure);
    QVERIFY(m_faulty->hasStruck());
    m_faulty->arm(std::nullopt);
    VERIFY_OK(putAll("b", large));
    QCOMPARE(get({"b"}, "l"), std::string(200000, 'x'));
}

void TestBoltFailpoints::lackOfDiskSpace() {
    beginWith(m_faulty, smallPages());
    VERIFY_OK(putAll("b", {{"k", "v"}}));
    auto tx = store().beginWrite();
    VERIFY_OK((*tx->bucket(asBytes("b")))->put(asBytes("k"), asBytes("w")));
    m_faulty->arm(faultOf(FileCall::Write, ENOSPC));
    const auto refused = tx->commit();
    VERIFY_FAILS(refused, ErrorCode::OsFailure);
    QCOMPARE(refused.error().osError, ENOSPC);
    VERIFY_FAILS(tx->commit(), ErrorCode::TransactionClosed);
    VERIFY_FAILS(tx->rollback(), ErrorCode::TransactionClosed);
    m_faulty->arm(std::nullopt);
    QCOMPARE(get({"b"}, "k"), std::string("v"));
    VERIFY_OK(putAll("b", {{"k", "x"}}));
    QCOMPARE(get({"b"}, "k"), std::string("x"));
}

// A commit that fails at any write, the meta's too, leaves the list of free pages as it was.
void TestBoltFailpoints::txRollbackFreelist() {
    bool hadMeta = false;
    for (std::uint64_t after = 0; !hadMeta; ++after) {
        beginWith(m_faulty, smallPages());
        Pairs pairs;
        for (std::uint64_t i = 0; i < 100; ++i) {
            pairs.emplace_back(digits(i, 3), std::string(200, 'v'));
        }
        VERIFY_OK(putAll("b", pairs));
        VERIFY_OK(putAll("b", {{"050", std::string(5000, 'w')}}));
        const std::string before = freePages();
        QVERIFY(!before.empty());
        m_faulty->arm(faultOf(FileCall::Write, EIO, after));
        const auto failed =
            update([](WriteTransaction& tx) { return tx.deleteBucket(asBytes("b")); });
        QVERIFY(!failed);
        QVERIFY(m_faulty->hasStruck());
        m_faulty->arm(std::nullopt);
        hadMeta = failed.error().code == ErrorCode::CommitUncertain;
        QCOMPARE(freePages(), before);
        m_faulty.reset();
        reopen();
        QCOMPARE(freePages(), before);
        QCOMPARE(entries({"b"}).size(), pairs.size());
    }
}

QTEST_GUILESS_MAIN(TestBoltFailpoints)
#include "tst_bolt_failpoints.moc"
