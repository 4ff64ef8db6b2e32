// SPDX-License-Identifier: MIT
// Many readers and one writer on one store, through remaps, long readers, batches and close. Run it
// under the preset tsan as well.
#include "pagescape/check.h"
#include "pagescape/storage_file.h"
#include "pagescape/store.h"

#include <QTemporaryDir>
#include <QtTest>

#include <array>
#include <atomic>
#include <optional>
#include <stdexcept>
#include <thread>

using namespace pagescape;

namespace {

constexpr int kReaders = 8;
constexpr int kKeys = 200;

// All keys of a version hold the same number: a reader that sees two has seen two versions.
Result<void> writeVersion(WriteTransaction& tx, std::uint64_t version) {
    auto bucket = tx.createBucketIfNotExists(asBytes("b"));
    if (!bucket) {
        return fail(bucket.error());
    }
    const std::string value = std::to_string(version) + std::string(version * 3 % 400, ' ');
    for (int i = 0; i < kKeys; ++i) {
        if (auto put = bucket->put(asBytes("key" + std::to_string(i)), asBytes(value)); !put) {
            return put;
        }
    }
    return {};
}

// The version a snapshot holds; 0 when it mixes two.
std::uint64_t versionOf(const ReadTransaction& tx) {
    const std::array<Bytes, 1> path{asBytes("b")};
    const auto bucket = tx.bucket(path);
    if (!bucket) {
        return 0;
    }
    std::uint64_t version = 0;
    int count = 0;
    Cursor cursor = bucket->cursor();
    for (auto entry = cursor.first(); entry && *entry; entry = cursor.next(), ++count) {
        const std::uint64_t each = std::stoull(toString((*entry)->value));
        if (version != 0 && each != version) {
            return 0;
        }
        version = each;
    }
    return count == kKeys ? version : 0;
}

} // namespace

class TestStoreThreads : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;

    [[nodiscard]] Result<Store> open(const char* name) const {
        StoreOptions options;
        options.noSync = true;
        options.pageSize = 1024;
        return Store::open(m_dir.filePath(QLatin1String(name)).toStdString(), options);
    }

private Q_SLOTS:
    void readersSeeOneVersionThroughRemaps();
    void aLongReaderKeepsItsView();
    void transactionsMoveBetweenThreads();
    void batchesOfManyThreadsAllArrive();
    void closeWaitsForThoseInside();
    void writersGoOnWhileTheFileIsCut_data();
    void writersGoOnWhileTheFileIsCut();
    void readersAreListedWhileSomebodyWrites();
    void callbacksThatThrowHangNobody();
};

void TestStoreThreads::readersSeeOneVersionThroughRemaps() {
    auto store = open("remaps.db");
    QVERIFY(store);
    QVERIFY(store->update([](WriteTransaction& tx) { return writeVersion(tx, 1); }));
    const std::uint64_t mappedBefore = store->mapping().length;
    std::atomic<bool> isOver{false};
    std::atomic<int> mixed{0};
    std::atomic<std::uint64_t> looks{0};
    std::vector<std::thread> readers;
    for (int i = 0; i < kReaders; ++i) {
        readers.emplace_back([&] {
            std::uint64_t newest = 0;
            while (!isOver) {
                const auto tx = store->beginRead();
                const std::uint64_t version = tx ? versionOf(*tx) : 0;
                mixed += version == 0 || version < newest ? 1 : 0;
                newest = version;
                ++looks;
            }
        });
    }
    std::string filler(5000, 'x');
    for (std::uint64_t version = 2; version < 80; ++version) {
        QVERIFY(store->update([&](WriteTransaction& tx) -> Result<void> {
            auto more = tx.createBucketIfNotExists(asBytes("more"));
            const auto key = std::to_string(version);
            if (auto put = more->put(asBytes(key), asBytes(filler)); !put) {
                return put;
            }
            return writeVersion(tx, version);
        }));
    }
    isOver = true;
    for (std::thread& reader : readers) {
        reader.join();
    }
    QCOMPARE(mixed.load(), 0);
    QVERIFY(looks > 0);
    QVERIFY(store->mapping().length > mappedBefore);
    QVERIFY(store->readers().empty());
}

void TestStoreThreads::aLongReaderKeepsItsView() {
    auto store = open("long.db");
    QVERIFY(store);
    QVERIFY(store->update([](WriteTransaction& tx) { return writeVersion(tx, 1); }));
    const auto old = store->beginRead();
    QVERIFY(old);
    std::thread writer([&] {
        for (std::uint64_t version = 2; version < 60; ++version) {
            static_cast<void>(
                store->update([&](WriteTransaction& tx) { return writeVersion(tx, version); }));
        }
    });
    for (int i = 0; i < 50; ++i) {
        QCOMPARE(versionOf(*old), std::uint64_t{1});
    }
    writer.join();
    QCOMPARE(versionOf(*old), std::uint64_t{1});
    const auto readers = store->readers();
    QCOMPARE(readers.size(), std::size_t{1});
    QCOMPARE(readers[0].txid, old->id());
    QVERIFY(readers[0].pagesHeldBack > 0);
}

void TestStoreThreads::transactionsMoveBetweenThreads() {
    auto store = open("moved.db");
    QVERIFY(store);
    auto tx = store->beginWrite();
    QVERIFY(tx);
    std::thread([&] { QVERIFY(writeVersion(*tx, 5)); }).join();
    std::thread([moved = std::move(*tx)]() mutable { QVERIFY(moved.commit()); }).join();
    auto reader = store->beginRead();
    QVERIFY(reader);
    std::thread([moved = std::move(*reader)] {
        QCOMPARE(versionOf(moved), std::uint64_t{5});
    }).join();
    QVERIFY(store->readers().empty());
}

void TestStoreThreads::batchesOfManyThreadsAllArrive() {
    auto store = open("batch.db");
    QVERIFY(store);
    QVERIFY(store->update([](WriteTransaction& tx) -> Result<void> {
        const auto made = tx.createBucket(asBytes("b"));
        return made ? Result<void>() : fail(made.error());
    }));
    constexpr int kThreads = 20;
    std::vector<std::thread> threads;
    std::atomic<int> failures{0};
    for (int i = 0; i < kThreads; ++i) {
        threads.emplace_back([&, i] {
            const bool fails = i % 5 == 0;
            const auto done = store->batch([&, i](WriteTransaction& tx) -> Result<void> {
                if (fails) {
                    Error error;
                    error.code = ErrorCode::KeyRequired;
                    return fail(error);
                }
                return (*tx.bucket(asBytes("b")))->put(asBytes(std::to_string(i)), asBytes("v"));
            });
            failures += fails == !done ? 0 : 1;
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    QCOMPARE(failures.load(), 0);
    const auto tx = store->beginRead();
    for (int i = 0; i < kThreads; ++i) {
        const std::array<Bytes, 1> path{asBytes("b")};
        const auto found = tx->get(path, asBytes(std::to_string(i)));
        QVERIFY(found);
        QCOMPARE(found->has_value(), i % 5 != 0);
    }
}

void TestStoreThreads::closeWaitsForThoseInside() {
    auto store = open("close.db");
    QVERIFY(store);
    QVERIFY(store->update([](WriteTransaction& tx) { return writeVersion(tx, 1); }));
    std::atomic<bool> isClosed{false};
    auto reader = std::make_unique<Result<ReadTransaction>>(store->beginRead());
    std::thread closer([&] {
        static_cast<void>(store->close());
        isClosed = true;
    });
    QCOMPARE(versionOf(**reader), std::uint64_t{1});
    QVERIFY(!isClosed);
    reader.reset();
    closer.join();
    QVERIFY(isClosed);
    const auto late = store->beginRead();
    QVERIFY(!late);
    QCOMPARE(late.error().code, ErrorCode::DatabaseClosed);
    const auto lateWriter = store->beginWrite();
    QVERIFY(!lateWriter);
    QCOMPARE(lateWriter.error().code, ErrorCode::DatabaseClosed);
}

void TestStoreThreads::writersGoOnWhileTheFileIsCut_data() {
    QTest::addColumn<bool>("moves");
    QTest::newRow("shrink") << false;
    QTest::newRow("compactInPlace") << true;
}

// What others commit in between must not be cut away. A reader holds each cut back now and then.
void TestStoreThreads::writersGoOnWhileTheFileIsCut() {
    QFETCH(const bool, moves);
    auto store = open(moves ? "compact.db" : "shrink.db");
    QVERIFY(store);
    std::atomic<bool> isOver{false};
    std::atomic<int> failed{0};
    std::vector<std::thread> writers;
    for (int writer = 0; writer < 2; ++writer) {
        writers.emplace_back([&, writer] {
            for (int i = 0; !isOver; ++i) {
                const auto key = std::to_string(writer) + "/" + std::to_string(i % 50);
                const auto done = store->update([&](WriteTransaction& tx) -> Result<void> {
                    auto bucket = tx.createBucketIfNotExists(asBytes("b"));
                    return i % 3 == 2 ? bucket->remove(asBytes(key))
                                      : bucket->put(asBytes(key), asBytes(std::string(3000, 'v')));
                });
                failed += done ? 0 : 1;
            }
        });
    }
    std::optional<ReadTransaction> reader;
    for (int i = 0; i < 60; ++i) {
        reader.reset();
        if (i % 4 == 0) {
            if (auto begun = store->beginRead()) {
                reader.emplace(std::move(*begun));
            }
        }
        failed += (moves ? store->compactInPlace() : store->shrink()) ? 0 : 1;
        failed +=
            !reader || reader->rootBucket().forEach([](const Entry&) { return Result<void>(); })
                ? 0
                : 1;
    }
    isOver = true;
    for (std::thread& writer : writers) {
        writer.join();
    }
    QCOMPARE(failed.load(), 0);
    reader.reset();
    const std::string path = store->path().string();
    QVERIFY(store->close());
    std::uint64_t findings = 0;
    {
        const auto file = PageFile::open(path);
        QVERIFY(file);
        QVERIFY(check(*file, {}, [&findings](const Finding&) { ++findings; }));
    }
    QCOMPARE(findings, std::uint64_t{0});
    QVERIFY(Store::open(path));
}

void TestStoreThreads::readersAreListedWhileSomebodyWrites() {
    auto store = open("listed.db");
    QVERIFY(store);
    QVERIFY(store->update([](WriteTransaction& tx) { return writeVersion(tx, 1); }));
    const auto reader = store->beginRead();
    QVERIFY(reader);
    QVERIFY(store->update([](WriteTransaction& tx) { return writeVersion(tx, 2); }));
    const std::uint64_t before = store->readers().front().pagesHeldBack;
    QVERIFY(before > 0);
    QVERIFY(store->update([&](WriteTransaction& tx) -> Result<void> {
        const auto all = store->readers(); // would wait for this very transaction
        if (all.size() != 1 || all.front().pagesHeldBack != before) {
            return fail(Error());
        }
        return writeVersion(tx, 3);
    }));
    QCOMPARE(store->readers().front().pagesHeldBack, before);
}

// The batch is committed: its calls succeed, and the exception is of the call that asked for it.
void TestStoreThreads::callbacksThatThrowHangNobody() {
    auto store = open("throws.db");
    QVERIFY(store);
    std::atomic<int> good{0};
    std::atomic<int> threw{0};
    std::atomic<int> thrower{-1};
    std::vector<std::thread> callers;
    for (int i = 0; i < 6; ++i) {
        callers.emplace_back([&, i] {
            try {
                const auto done = store->batch([i](WriteTransaction& tx) -> Result<void> {
                    if (auto told = tx.onCommit([i] {
                            if (i == 3) {
                                throw std::runtime_error("a callback");
                            }
                        });
                        !told) {
                        return told;
                    }
                    return tx.createBucket(asBytes(std::to_string(i))).map([](const auto&) {});
                });
                good += done ? 1 : 0;
            } catch (const std::runtime_error&) {
                ++threw;
                thrower = i;
            }
        });
    }
    for (std::thread& caller : callers) {
        caller.join();
    }
    QCOMPARE(threw.load(), 1);
    QCOMPARE(thrower.load(), 3);
    QCOMPARE(good.load(), 5);
    const auto tx = store->beginRead();
    for (int i = 0; i < 6; ++i) {
        QVERIFY(tx->rootBucket().bucket(asBytes(std::to_string(i))).value());
    }
}

QTEST_GUILESS_MAIN(TestStoreThreads)
#include "tst_store_threads.moc"
