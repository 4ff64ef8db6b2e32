// SPDX-License-Identifier: MIT
// The part of bbolt's db_test.go and manydbs_test.go that needs threads: batches, closing while
// transactions are open, transactions that change threads. Slots carry its names.
#include "support/store_fixture.h"

#include <atomic>
#include <chrono>
#include <future>
#include <set>
#include <stdexcept>
#include <thread>

using namespace pagescape;
using namespace pagescape::test;

class TestBoltThreads : public StoreFixture {
    Q_OBJECT

private:
    // Calls `body` with 0, 1, ... in as many threads at once; returns when all have ended.
    static void inThreads(int count, const std::function<void(int)>& body) {
        std::vector<std::jthread> threads;
        for (int i = 0; i < count; ++i) {
            threads.emplace_back([&body, i] { body(i); });
        }
    }
    static Result<void> put(WriteTransaction& tx, int number) {
        auto bucket = tx.createBucketIfNotExists(asBytes("b"));
        return bucket ? bucket->put(asBytes(digits(std::uint64_t(number), 4)), {})
                      : fail(bucket.error());
    }
    void beginWithBatch(int size, std::chrono::milliseconds delay) {
        StoreOptions options = smallPages();
        options.maxBatchSize = size;
        options.maxBatchDelay = delay;
        begin(options);
    }
    static constexpr std::chrono::hours kNever{1000};

private Q_SLOTS:
    void init() { begin(); }
    void cleanup() { end(); }

    void dbBatch();
    void dbBatchFull();
    void dbBatchTime();
    void dbBatchError();
    void dbBatchPanic();
    void batchesOfOne();
    void dbClosePendingTxRW();
    void dbClosePendingTxRO();
    void aSecondWriterWaits();
    void transactionsMoveBetweenThreads();
    void readersAndAWriterAtOnce();
    void manyDbs();
};

void TestBoltThreads::dbBatch() {
    beginWithBatch(4, kNever); // each commit waits for four calls
    std::atomic<int> done = 0;
    inThreads(8, [&](int i) {
        done += store().batch([i](WriteTransaction& tx) { return put(tx, i); }) ? 1 : 0;
    });
    QCOMPARE(done.load(), 8);
    QCOMPARE(entries({"b"}).size(), 8U);
    QCOMPARE(store().beginRead()->id().value, 1U + 2); // two commits for eight calls
}

void TestBoltThreads::dbBatchFull() {
    beginWithBatch(3, kNever);
    std::atomic<int> done = 0;
    const auto call = [&](int i) {
        done += store().batch([i](WriteTransaction& tx) { return put(tx, i); }) ? 1 : 0;
    };
    auto first = std::async(std::launch::async, call, 0);
    auto second = std::async(std::launch::async, call, 1);
    QCOMPARE(first.wait_for(std::chrono::milliseconds(50)), std::future_status::timeout);
    QCOMPARE(second.wait_for(std::chrono::milliseconds(50)), std::future_status::timeout);
    call(2);
    first.get();
    second.get();
    QCOMPARE(done.load(), 3);
    QCOMPARE(store().beginRead()->id().value, 2U);
}

void TestBoltThreads::dbBatchTime() {
    beginWithBatch(1000, std::chrono::milliseconds(1));
    VERIFY_OK(store().batch([](WriteTransaction& tx) { return put(tx, 0); }));
    QCOMPARE(entries({"b"}).size(), 1U);
}

// A call that fails gets its own error from a run of its own; the others are committed.
void TestBoltThreads::dbBatchError() {
    beginWithBatch(5, kNever);
    std::atomic<int> runsOfTheBadOne = 0;
    std::atomic<int> good = 0;
    std::string badOutcome;
    inThreads(5, [&](int i) {
        const auto done = store().batch([&, i](WriteTransaction& tx) -> Result<void> {
            auto each = put(tx, i);
            if (i != 2 || !each) {
                return each;
            }
            ++runsOfTheBadOne;
            Error error;
            error.code = ErrorCode::Cancelled;
            error.text = "bad one";
            return fail(std::move(error));
        });
        if (i == 2) {
            badOutcome = done ? "ok" : done.error().text;
        } else {
            good += done ? 1 : 0;
        }
    });
    QCOMPARE(badOutcome, std::string("bad one"));
    QCOMPARE(runsOfTheBadOne.load(), 2);
    QCOMPARE(good.load(), 4);
    QCOMPARE(entries({"b"}), (Pairs{{"0000", ""}, {"0001", ""}, {"0003", ""}, {"0004", ""}}));
    QCOMPARE(store().beginRead()->id().value, 2U);
}

// An exception reaches its own caller.
void TestBoltThreads::dbBatchPanic() {
    beginWithBatch(3, kNever);
    std::atomic<int> good = 0;
    std::atomic<int> caught = 0;
    inThreads(3, [&](int i) {
        try {
            good += store().batch([i](WriteTransaction& tx) -> Result<void> {
                if (i == 0) {
                    throw std::runtime_error("bang");
                }
                return put(tx, i);
            })
                        ? 1
                        : 0;
        } catch (const std::runtime_error& error) {
            caught += i == 0 && std::string(error.what()) == "bang" ? 1 : 0;
        }
    });
    QCOMPARE(caught.load(), 1);
    QCOMPARE(good.load(), 2);
    QCOMPARE(entries({"b"}).size(), 2U);
}

void TestBoltThreads::batchesOfOne() {
    for (const int size : {1, 0, -1}) {
        beginWithBatch(size, kNever);
        for (int i = 0; i < 3; ++i) {
            VERIFY_OK(store().batch([i](WriteTransaction& tx) { return put(tx, i); }));
        }
        QCOMPARE(store().beginRead()->id().value, 1U + 3);
    }
    beginWithBatch(1000, std::chrono::milliseconds(-1));
    VERIFY_OK(store().batch([](WriteTransaction& tx) { return put(tx, 0); }));
}

// Close_PendingTx_RW.
void TestBoltThreads::dbClosePendingTxRW() {
    auto tx = store().beginWrite();
    VERIFY_OK(put(*tx, 1));
    auto closing = std::async(std::launch::async, [this] { return outcomeOf(store().close()); });
    QCOMPARE(closing.wait_for(std::chrono::milliseconds(100)), std::future_status::timeout);
    VERIFY_OK(tx->commit());
    QCOMPARE(closing.get(), std::string("ok"));
    open(smallPages());
    QCOMPARE(entries({"b"}).size(), 1U);
}

void TestBoltThreads::dbClosePendingTxRO() {
    VERIFY_OK(putAll("b", {{"k", "v"}}));
    auto tx = std::make_optional(*store().beginRead());
    auto closing = std::async(std::launch::async, [this] { return outcomeOf(store().close()); });
    QCOMPARE(closing.wait_for(std::chrono::milliseconds(100)), std::future_status::timeout);
    QCOMPARE(valueOf(tx->get(bytesOf({"b"}), asBytes("k"))), std::string("v"));
    tx.reset();
    QCOMPARE(closing.get(), std::string("ok"));
    VERIFY_FAILS(store().beginRead(), ErrorCode::DatabaseClosed);
}

void TestBoltThreads::aSecondWriterWaits() {
    auto first = store().beginWrite();
    auto second = std::async(std::launch::async, [this] {
        return outcomeOf(update([](WriteTransaction& tx) { return put(tx, 2); }));
    });
    QCOMPARE(second.wait_for(std::chrono::milliseconds(100)), std::future_status::timeout);
    VERIFY_OK(put(*first, 1));
    VERIFY_OK(first->commit());
    QCOMPARE(second.get(), std::string("ok"));
    QCOMPARE(entries({"b"}).size(), 2U);
}

void TestBoltThreads::transactionsMoveBetweenThreads() {
    auto begun = std::async(std::launch::async, [this] { return store().beginWrite(); }).get();
    VERIFY_OK(begun);
    VERIFY_OK(put(*begun, 1));
    const auto committed = std::async(std::launch::async, [tx = std::move(*begun)]() mutable {
                               auto each = put(tx, 2);
                               return each ? tx.commit() : each;
                           }).get();
    VERIFY_OK(committed);
    auto reader = std::async(std::launch::async, [this] { return store().beginRead(); }).get();
    VERIFY_OK(reader);
    QCOMPARE(store().readers().size(), 1U);
    const auto seen = std::async(std::launch::async, [tx = std::move(*reader)] {
                          return entriesOf(tx.bucket(bytesOf({"b"}))->cursor()).size();
                      }).get();
    QCOMPARE(seen, std::size_t{2});
    reader = store().beginRead(); // the one before has ended with its thread
    QCOMPARE(store().readers().size(), 1U);
    VERIFY_OK(update([](WriteTransaction& tx) { return put(tx, 3); }));
}

// Each commit writes one number under many keys: a reader must see the same number everywhere.
void TestBoltThreads::readersAndAWriterAtOnce() {
    constexpr int kKeys = 200;
    constexpr std::uint64_t kCommits = 200;
    const auto write = [this](std::uint64_t number) {
        return update([number](WriteTransaction& tx) -> Result<void> {
            auto bucket = tx.createBucketIfNotExists(asBytes("b"));
            // Values of changing length, so that pages split, merge and move.
            const std::string value(1 + number * 37 % 300, static_cast<char>('a' + number % 26));
            for (int i = 0; i < kKeys; ++i) {
                if (auto each = bucket->put(asBytes(digits(std::uint64_t(i), 4)), asBytes(value));
                    !each) {
                    return each;
                }
            }
            return {};
        });
    };
    VERIFY_OK(write(0));
    std::atomic<bool> isDone = false;
    std::atomic<int> torn = 0;
    std::atomic<int> backwards = 0;
    {
        std::vector<std::jthread> readers;
        for (int r = 0; r < 3; ++r) {
            readers.emplace_back([&] {
                std::uint64_t newest = 0;
                while (!isDone) {
                    const auto tx = store().beginRead();
                    backwards += tx->id().value < newest ? 1 : 0;
                    newest = tx->id().value;
                    std::set<std::string> values;
                    const Pairs pairs = entriesOf(tx->bucket(bytesOf({"b"}))->cursor());
                    for (const auto& [key, value] : pairs) {
                        values.insert(value);
                    }
                    torn += values.size() != 1 || pairs.size() != kKeys ? 1 : 0;
                }
            });
        }
        for (std::uint64_t i = 1; i <= kCommits; ++i) {
            const auto written = write(i);
            if (!written) {
                isDone = true;
            }
            VERIFY_OK(written);
        }
        isDone = true;
    }
    QCOMPARE(torn.load(), 0);
    QCOMPARE(backwards.load(), 0);
    QCOMPARE(store().beginRead()->id().value, 2 + kCommits);
}

void TestBoltThreads::manyDbs() {
    constexpr int kThreads = 10;
    std::vector<std::string> paths;
    for (int i = 0; i < 100; ++i) {
        paths.push_back(newPath());
    }
    std::atomic<int> failures = 0;
    inThreads(kThreads, [&](int thread) {
        for (std::size_t i = std::size_t(thread); i < paths.size(); i += kThreads) {
            auto mine = Store::open(paths[i], smallPages());
            for (int j = 0; mine && j < 100; ++j) {
                failures += mine->update([j](WriteTransaction& tx) { return put(tx, j); }) ? 0 : 1;
            }
            failures += mine && mine->close() ? 0 : 1;
        }
    });
    QCOMPARE(failures.load(), 0);
    for (const std::string& each : paths) {
        QCOMPARE(problemsOf(each), std::string());
    }
}

QTEST_GUILESS_MAIN(TestBoltThreads)
#include "tst_bolt_threads.moc"
