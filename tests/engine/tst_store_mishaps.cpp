// SPDX-License-Identifier: MIT
// Mishaps that must not take a store along: want of memory, a sync that fails while the file grows,
// another writer's uncertain commit, a reader that ends while the store is closed, a change that
// keeps its transaction.
#include "pagescape/storage_file.h"
#include "pagescape/trace.h"
#include "support/store_fixture.h"

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <new>
#include <thread>

using namespace pagescape;
using namespace pagescape::test;

namespace {

thread_local long t_allocations = -1; // that this thread still gets; negative: any number

} // namespace

void* operator new(std::size_t size) {
    if (t_allocations >= 0 && t_allocations-- == 0) {
        throw std::bad_alloc();
    }
    if (void* bytes = std::malloc(size == 0 ? 1 : size)) {
        return bytes;
    }
    throw std::bad_alloc();
}
void operator delete(void* bytes) noexcept {
    std::free(bytes);
}
void operator delete(void* bytes, std::size_t) noexcept {
    std::free(bytes);
}

namespace {

// Whether the action threw for want of memory after so many allocations.
template <typename Action>
bool lacksMemory(long allocations, const Action& action) {
    t_allocations = allocations;
    bool threw = false;
    try {
        action();
    } catch (const std::bad_alloc&) {
        threw = true;
    }
    t_allocations = -1;
    return threw;
}

// The second data sync of the thread that asks for it fails: that of its meta.
thread_local int t_syncs = -1;
class MetaSyncFails final : public ForwardingFile {
public:
    using ForwardingFile::ForwardingFile;
    Result<void> syncData() override {
        if (t_syncs > 0 && --t_syncs == 0) {
            Error error;
            error.code = ErrorCode::OsFailure;
            error.text = "no disk";
            return fail(error);
        }
        return ForwardingFile::syncData();
    }
};

class CommitCounter final : public TraceSink {
public:
    std::atomic<int> commits{0};
    void onEvent(const TraceEvent&) noexcept override {}
    void onWriteEvent(const WriteTraceEvent& event) noexcept override {
        const auto* tx = std::get_if<WriteTxEvent>(&event);
        commits += tx != nullptr && tx->phase == WriteTxEvent::Phase::Commit ? 1 : 0;
    }
};

Result<void> nothing(WriteTransaction&) {
    return {};
}

} // namespace

class TestStoreMishaps : public StoreFixture {
    Q_OBJECT

private Q_SLOTS:
    void init() { begin(); }
    void cleanup() {
        end();
        m_faulty.reset();
    }

    void noMemoryToBegin();
    void noMemoryInABatch();
    void growthWithoutItsSyncIsKnown();
    void uncertainFileIsNotCut();
    void closedFileIsFree();
    void changeMayMoveItsTransaction();

private:
    std::shared_ptr<FaultyFile> m_faulty;

    // Twenty large values a round.
    static Pairs large(int round) {
        Pairs pairs;
        for (int i = 0; i < 20; ++i) {
            pairs.emplace_back(std::to_string(round) + "_" + std::to_string(i),
                               std::string(3000, 'v'));
        }
        return pairs;
    }
};

// The gate is open afterwards, nobody is listed as a reader, and the file is sound.
void TestStoreMishaps::noMemoryToBegin() {
    int failures = 0;
    bool isDone = false;
    for (long allocations = 0; allocations < 200 && !isDone; ++allocations) {
        const bool writes = lacksMemory(
            allocations, [&] { QVERIFY(store().beginWrite().value().rollback().has_value()); });
        const bool reads = lacksMemory(allocations, [&] { QVERIFY(store().beginRead()); });
        failures += (writes ? 1 : 0) + (reads ? 1 : 0);
        isDone = !writes && !reads;
        auto next = std::async(std::launch::async, [&] { return store().update(nothing); });
        if (next.wait_for(std::chrono::seconds(20)) != std::future_status::ready) {
            qFatal("the next transaction waits for ever");
        }
        QVERIFY(store().readers().empty());
        if (const auto done = next.get(); !done) { // what is free may not be known any more
            QCOMPARE(outcomeOf(done), std::string(errorName(ErrorCode::OsFailure)));
            reopen();
        }
    }
    QVERIFY(isDone);
    QVERIFY(failures >= 2);
}

// Each call answers, by an error of its own or by what it is: done.
void TestStoreMishaps::noMemoryInABatch() {
    StoreOptions options = smallPages();
    options.maxBatchDelay = std::chrono::milliseconds(5);
    reopen(options);
    VERIFY_OK(store().batch(nothing));
    std::atomic<int> failures{0};
    for (long allocations = 0; allocations < 3; ++allocations) { // an error of its own needs memory
        std::atomic<int> answers{0};
        const auto call = [&](long least) {
            failures += lacksMemory(least, [&] { static_cast<void>(store().batch(nothing)); });
            ++answers;
        };
        std::thread poor([&] { call(allocations); });
        std::thread rich([&] { call(-1); });
        if (!QTest::qWaitFor([&] { return answers == 2; }, 20000)) {
            qFatal("a batch waits for ever");
        }
        poor.join();
        rich.join();
    }
    QVERIFY(failures > 0);
    VERIFY_OK(putAll("b", {{"k", "v"}}));
}

void TestStoreMishaps::growthWithoutItsSyncIsKnown() {
    StoreOptions options = smallPages();
    options.noSync = false;
    beginWith(m_faulty, options);
    FaultyFile::Fault fault;
    fault.call = FileCall::SyncAll;
    m_faulty->arm(fault);
    Pairs pairs;
    for (int i = 0; i < 300; ++i) {
        pairs.emplace_back(digits(std::uint64_t(i), 4), std::string(3000, 'v'));
    }
    VERIFY_FAILS(putAll("b", pairs), ErrorCode::OsFailure);
    QVERIFY(m_faulty->hasStruck());
    m_faulty->arm(std::nullopt);
    const std::uint64_t grown = std::filesystem::file_size(path());
    QVERIFY(grown > 300U * 3000U);
    QCOMPARE(store().fileSize(), grown);
    VERIFY_OK(store().shrink());
    QVERIFY(std::filesystem::file_size(path()) < grown);
    QCOMPARE(store().fileSize(), std::filesystem::file_size(path()));
    VERIFY_OK(putAll("b", pairs));
}

// A commit between the last one of shrink() and the cut may be in the file or not: nothing is cut.
void TestStoreMishaps::uncertainFileIsNotCut() {
    int uncertain = 0;
    int commits = 0; // of a shrink
    for (int round = 0; round < 150; ++round) {
        begin();
        for (int i = 0; i < 3; ++i) {
            VERIFY_OK(putAll("b", large(i)));
        }
        VERIFY_OK(update([](WriteTransaction& tx) { return tx.deleteBucket(asBytes("b")); }));
        close();
        CommitCounter counter;
        StoreOptions options = smallPages();
        options.noSync = false;
        options.trace = &counter;
        options.openFile = [](const std::filesystem::path& file) {
            return std::make_shared<MetaSyncFails>(*openStorageFile(file));
        };
        open(options);
        if (round == 0) {
            VERIFY_OK(store().shrink());
            commits = counter.commits;
            QVERIFY(commits > 0);
            continue;
        }
        Result<void> other;
        std::thread writer([&] {
            while (counter.commits < commits) { // right behind the last commit
                std::this_thread::yield();
            }
            t_syncs = 2;
            other = putAll("other", large(0));
            t_syncs = -1;
        });
        const auto shrunk = store().shrink();
        writer.join();
        uncertain += !other && other.error().code == ErrorCode::CommitUncertain ? 1 : 0;
        VERIFY_OK(store().close());
        const auto opened = Store::open(path(), smallPages());
        VERIFY_OK(opened);
    }
    QVERIFY(uncertain > 0);
}

void TestStoreMishaps::closedFileIsFree() {
    StoreOptions options = smallPages();
    options.timeout = std::chrono::milliseconds(0);
    for (int round = 0; round < 200; ++round) {
        auto reader = std::make_unique<ReadTransaction>(*store().beginRead());
        std::thread ending([&] { reader.reset(); });
        close();
        auto again = Store::open(path(), options);
        ending.join();
        VERIFY_OK(again);
        VERIFY_OK(again->close());
        open(smallPages());
    }
}

void TestStoreMishaps::changeMayMoveItsTransaction() {
    const auto moves = [](WriteTransaction& tx) -> Result<void> {
        const WriteTransaction mine(std::move(tx));
        return {};
    };
    VERIFY_FAILS(store().update(moves), ErrorCode::TransactionClosed);
    VERIFY_FAILS(store().batch(moves), ErrorCode::TransactionClosed);
    std::optional<WriteTransaction> kept;
    VERIFY_FAILS(update([&](WriteTransaction& tx) -> Result<void> {
                     kept.emplace(std::move(tx));
                     return {};
                 }),
                 ErrorCode::TransactionClosed);
    VERIFY_OK(kept->createBucket(asBytes("b"))); // it is an own one now
    VERIFY_OK(kept->commit());
    QCOMPARE(entries({"b"}), Pairs());
}

QTEST_GUILESS_MAIN(TestStoreMishaps)
#include "tst_store_mishaps.moc"
