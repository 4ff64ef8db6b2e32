// SPDX-License-Identifier: MIT
// Copies of a live database: what bbolt's tx_test.go (CopyFile), db_test.go (WriteTo) and compact
// tests ask. Slots carry their names.
#include "pagescape/compact.h"
#include "support/store_fixture.h"

#include <QFile>

#include <atomic>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <thread>

using namespace pagescape;
using namespace pagescape::test;

class TestBoltCopy : public StoreFixture {
    Q_OBJECT

private:
    [[nodiscard]] static std::string digestOfFile(const std::string& path) {
        const auto file = PageFile::open(path);
        const auto digest = file ? contentDigest(*file) : fail(file.error());
        return digest && digest->skipped.empty() ? digest->sha256 : "cannot be read";
    }

private Q_SLOTS:
    void init() { begin(); }
    void cleanup() { end(); }

    void txCopyFile();
    void txCopyFileError_data();
    void txCopyFileError();
    void dbWriteToAndOverwrite();
    void dbConcurrentWriteToAndConsistentRead();
    void compactKeepsEverythingButTheSpace();
};

void TestBoltCopy::txCopyFile() {
    VERIFY_OK(putAll("widgets", {{"baz", "bat"}, {"foo", "bar"}}));
    const std::string copy = newPath();
    const auto tx = store().beginRead();
    const auto bytes = copyToFile(*tx, copy);
    VERIFY_OK(bytes);
    QCOMPARE(*bytes, tx->meta().highWater.value * 4096);
    QCOMPARE(problemsOf(copy), std::string());
    StoreOptions options = smallPages();
    const auto opened = Store::open(copy, options);
    VERIFY_OK(opened);
    const auto copied = opened->beginRead();
    const Path path{"widgets"};
    QCOMPARE(valueOf(copied->get(bytesOf(path), asBytes("foo"))), std::string("bar"));
    QCOMPARE(valueOf(copied->get(bytesOf(path), asBytes("baz"))), std::string("bat"));
    QCOMPARE(copied->id(), tx->id());
}

void TestBoltCopy::txCopyFileError_data() {
    QTest::addColumn<std::uint64_t>("room"); // bytes that the target takes
    QTest::newRow("Error_Meta") << std::uint64_t{0};
    QTest::newRow("in the second meta") << std::uint64_t{4096};
    QTest::newRow("Error_Normal") << std::uint64_t{3 * 4096};
}

void TestBoltCopy::txCopyFileError() {
    QFETCH(std::uint64_t, room);
    VERIFY_OK(putAll("widgets", {{"foo", "bar"}}));
    std::uint64_t written = 0;
    const auto copied = copyTo(*store().beginRead(), [&](Bytes piece) -> Result<void> {
        if (piece.size() > room - written) {
            return fail(marker());
        }
        written += piece.size();
        return {};
    });
    VERIFY_FAILS(copied, ErrorCode::Cancelled);
    QVERIFY(written <= room);
}

// The copy is of the file that is open, not of what its name means meanwhile.
void TestBoltCopy::dbWriteToAndOverwrite() {
    VERIFY_OK(putAll("b", {{"k", std::string(30000, 'v')}}));
    const std::string original = path();
    const std::string digest = digestOfFile(original);
    const std::string other = newPath();
    {
        auto second = Store::open(other, smallPages());
        VERIFY_OK(second);
        VERIFY_OK(second->update([](WriteTransaction& tx) -> Result<void> {
            const auto made = tx.createBucket(asBytes("other"));
            return made ? Result<void>() : fail(made.error());
        }));
        VERIFY_OK(second->close());
    }
    QVERIFY(QFile::remove(QString::fromStdString(original)));
    QVERIFY(QFile::rename(QString::fromStdString(other), QString::fromStdString(original)));
    const std::string copy = newPath();
    VERIFY_OK(copyToFile(*store().beginRead(), copy));
    QCOMPARE(problemsOf(copy), std::string());
    QCOMPARE(digestOfFile(copy), digest);
    QVERIFY(digestOfFile(original) != digest);
}

// Copies made while others write: each is sound, and those of one commit are alike.
void TestBoltCopy::dbConcurrentWriteToAndConsistentRead() {
    constexpr int kWriters = 10;
    constexpr int kReaders = 5;
    VERIFY_OK(putAll("data", {}));
    std::mutex mutex;
    std::map<std::uint64_t, std::set<std::string>> digests; // by transaction
    std::string problems;
    std::atomic<int> writersLeft{kWriters};
    std::vector<std::thread> threads;
    for (int writer = 0; writer < kWriters; ++writer) {
        threads.emplace_back([&, writer] {
            std::mt19937 random(static_cast<unsigned>(writer));
            for (int i = 0; i < 10; ++i) {
                const auto done = putAll(
                    "data", {{digits(random() % 500, 4), std::string(random() % 2000, 'v')}});
                const std::lock_guard lock(mutex);
                problems += done ? "" : done.error().describe();
            }
            --writersLeft;
        });
    }
    std::vector<std::string> paths;
    for (int reader = 0; reader < kReaders; ++reader) {
        paths.push_back(newPath());
        threads.emplace_back([&, copy = paths.back()] {
            bool isLast = false;
            while (!isLast) {
                isLast = writersLeft == 0;
                const auto tx = store().beginRead();
                const auto copied = tx ? copyToFile(*tx, copy) : fail(tx.error());
                const std::string wrong = copied ? problemsOf(copy) : copied.error().describe();
                const std::string digest = digestOfFile(copy);
                const std::lock_guard lock(mutex);
                problems += wrong;
                digests[tx->id().value].insert(digest);
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    QCOMPARE(problems, std::string());
    QVERIFY(digests.count(kWriters * 10 + 2) == 1); // every reader saw the last one
    for (const auto& [txid, seen] : digests) {
        QVERIFY2(seen.size() == 1, std::to_string(txid).c_str());
    }
}

void TestBoltCopy::compactKeepsEverythingButTheSpace() {
    std::mt19937 random(5);
    VERIFY_OK(update([&](WriteTransaction& tx) -> Result<void> {
        for (int i = 0; i < 10; ++i) {
            auto bucket = tx.createBucket(asBytes("b" + std::to_string(i)));
            static_cast<void>(bucket->setSequence(random() % 100));
            auto nested = bucket->createBucket(asBytes("nested"));
            for (int k = 0; k < 100; ++k) {
                const std::string value(random() % 300, 'v');
                static_cast<void>(bucket->put(asBytes(digits(random() % 500, 3)), asBytes(value)));
                static_cast<void>(nested->put(asBytes(std::to_string(k)), asBytes(value)));
            }
            static_cast<void>(bucket->put(asBytes("large"), asBytes(std::string(200000, 'l'))));
        }
        return {};
    }));
    for (int i = 0; i < 10; ++i) {
        VERIFY_OK(update([i](WriteTransaction& tx) {
            return (*tx.bucket(asBytes("b" + std::to_string(i))))->remove(asBytes("large"));
        }));
    }
    const std::string digest = digestOfFile(path());
    const auto before = QFile(QString::fromStdString(path())).size();
    const TxId version = store().beginRead()->id();
    const std::string copy = newPath();
    {
        auto target = Store::open(copy, smallPages());
        VERIFY_OK(target);
        std::uint64_t entries = 0;
        CompactOptions options;
        options.progress = [&entries](std::uint64_t done) { entries = done; };
        VERIFY_OK(compact(*store().beginRead(), *target, options));
        QVERIFY(entries > 1000);
        VERIFY_FAILS(compact(*store().beginRead(), *target), ErrorCode::BucketExists);
        VERIFY_OK(target->close());
    }
    QCOMPARE(problemsOf(copy), std::string());
    QCOMPARE(digestOfFile(copy), digest);
    QCOMPARE(digestOfFile(path()), digest);
    QCOMPARE(store().beginRead()->id(), version);
    QVERIFY(QFile(QString::fromStdString(copy)).size() * 2 < before);
}

QTEST_GUILESS_MAIN(TestBoltCopy)
#include "tst_bolt_copy.moc"
