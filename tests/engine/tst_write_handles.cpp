// SPDX-License-Identifier: MIT
// Handles of a write transaction: moved, ended, standing on nothing, given nonsense.
#include "support/store_fixture.h"

#include <sys/resource.h>

#include <limits>
#include <stdexcept>

using namespace pagescape;
using namespace pagescape::test;

class TestWriteHandles : public StoreFixture {
    Q_OBJECT

private Q_SLOTS:
    void init() { begin(); }
    void cleanup() { end(); }

    void movedFromTransactionsAreClosed();
    void assignedTransactionsEnd();
    void movedFromBucketsAreClosed();
    void everyCallbackIsCalled();
    void removeNeedsAnEntry();
    void cursorBehindAllSeesWhatComesLater();
    void lastOfNothingStandsOnNothing();
    void endOverEmptiedLeavesStays();
    void fillPercentIsOneThatCanBe_data();
    void fillPercentIsOneThatCanBe();
    void overwrittenValuesTakeNoMemory();
    void slicesStayAsTheyWere();
};

void TestWriteHandles::movedFromTransactionsAreClosed() {
    auto tx = store().beginWrite();
    VERIFY_OK(tx);
    WriteTransaction moved = std::move(*tx);
    QVERIFY(!tx->isOpen());
    QCOMPARE(tx->id().value, 0U);
    QCOMPARE(tx->size(), 0U);
    QCOMPARE(tx->statistics().cursorCount, 0U);
    VERIFY_FAILS(tx->createBucket(asBytes("b")), ErrorCode::TransactionClosed);
    VERIFY_FAILS(tx->bucket(asBytes("b")), ErrorCode::TransactionClosed);
    VERIFY_FAILS(tx->rootBucket().cursor().first(), ErrorCode::TransactionClosed);
    VERIFY_FAILS(tx->page(PageId{2}), ErrorCode::TransactionClosed);
    VERIFY_FAILS(tx->onCommit([] {}), ErrorCode::TransactionClosed);
    VERIFY_FAILS(tx->commit(), ErrorCode::TransactionClosed);
    VERIFY_OK(moved.createBucket(asBytes("b")));
    VERIFY_OK(moved.commit());
    QCOMPARE(entries({"b"}), Pairs());
}

// The old one would hold the store as long as the handle that nobody thinks of any more.
void TestWriteHandles::assignedTransactionsEnd() {
    const std::string other = newPath();
    auto second = Store::open(other, smallPages());
    VERIFY_OK(second);
    auto ours = store().beginWrite();
    auto theirs = second->beginWrite();
    VERIFY_OK(ours);
    VERIFY_OK(theirs);
    VERIFY_OK(ours->createBucket(asBytes("lost")));
    *ours = std::move(*theirs);
    QVERIFY(ours->isOpen());
    QVERIFY(!theirs->isOpen());
    VERIFY_OK(putAll("b", {{"k", "v"}})); // it would wait for ever
    VERIFY_OK(ours->commit());
    QCOMPARE(entries({}), (Pairs{{"b", "<bucket>"}}));
}

void TestWriteHandles::movedFromBucketsAreClosed() {
    VERIFY_OK(update([](WriteTransaction& tx) -> Result<void> {
        auto bucket = tx.createBucket(asBytes("b"));
        const WriteBucket moved = std::move(*bucket);
        [&] {
            VERIFY_FAILS(bucket->put(asBytes("k"), asBytes("v")), ErrorCode::TransactionClosed);
            VERIFY_FAILS(bucket->get(asBytes("k")), ErrorCode::TransactionClosed);
            VERIFY_FAILS(bucket->nextSequence(), ErrorCode::TransactionClosed);
            VERIFY_FAILS(bucket->cursor().last(), ErrorCode::TransactionClosed);
            bucket->setFillPercent(0.9);
            QCOMPARE(bucket->rootPage().value, 0U);
            QCOMPARE(bucket->level(), 0U);
        }();
        return WriteBucket(moved).put(asBytes("k"), asBytes("v"));
    }));
    QCOMPARE(get({"b"}, "k"), std::string("v"));
}

void TestWriteHandles::everyCallbackIsCalled() {
    std::string called;
    auto tx = store().beginWrite();
    VERIFY_OK(tx->createBucket(asBytes("b")));
    VERIFY_OK(tx->onCommit([&] { called += '1'; }));
    VERIFY_OK(tx->onCommit([&] {
        called += '2';
        throw std::runtime_error("two");
    }));
    VERIFY_OK(tx->onCommit([&] {
        called += '3';
        throw std::runtime_error("three");
    }));
    VERIFY_OK(tx->onCommit([&] { called += '4'; }));
    std::string thrown;
    try {
        static_cast<void>(tx->commit());
    } catch (const std::runtime_error& error) {
        thrown = error.what();
    }
    QCOMPARE(called, std::string("1234"));
    QCOMPARE(thrown, std::string("two"));
    QCOMPARE(entries({"b"}), Pairs()); // it was committed all the same
}

void TestWriteHandles::removeNeedsAnEntry() {
    VERIFY_OK(putAll("b", {{"a", "1"}, {"c", "3"}}));
    auto tx = store().beginWrite();
    WriteBucket bucket = **tx->bucket(asBytes("b"));
    WriteCursor cursor = bucket.cursor();
    VERIFY_FAILS(cursor.remove(), ErrorCode::KeyRequired);
    QCOMPARE(keyOf(cursor.seek(asBytes("zz"))), std::string("-"));
    VERIFY_FAILS(cursor.remove(), ErrorCode::KeyRequired);
    VERIFY_OK(bucket.put(asBytes("zz"), asBytes("later")));
    VERIFY_FAILS(cursor.remove(), ErrorCode::KeyRequired);
    QCOMPARE(valueOf(bucket.get(asBytes("zz"))), std::string("later"));
    QCOMPARE(keyOf(cursor.seek(asBytes("b"))), std::string("c"));
    VERIFY_OK(cursor.remove());
    VERIFY_OK(cursor.remove()); // gone already
    QCOMPARE(entriesOf(bucket.cursor()), (Pairs{{"a", "1"}, {"zz", "later"}}));
    WriteBucket empty = *tx->createBucket(asBytes("empty"));
    WriteCursor nowhere = empty.cursor();
    QCOMPARE(keyOf(nowhere.first()), std::string("-"));
    VERIFY_FAILS(nowhere.remove(), ErrorCode::KeyRequired);
    VERIFY_OK(tx->commit());
}

void TestWriteHandles::cursorBehindAllSeesWhatComesLater() {
    VERIFY_OK(putAll("b", {{"a", "1"}}));
    auto tx = store().beginWrite();
    WriteBucket bucket = **tx->bucket(asBytes("b"));
    for (const char* later : {"zz", "zzz"}) {
        WriteCursor cursor = bucket.cursor();
        QCOMPARE(keyOf(cursor.seek(asBytes("zz"))), std::string("-"));
        VERIFY_OK(bucket.put(asBytes(later), asBytes("2")));
        QCOMPARE(keyOf(cursor.next()), std::string(later));
        QCOMPARE(keyOf(cursor.prev()), std::string("a"));
        VERIFY_OK(bucket.remove(asBytes(later)));
    }
    VERIFY_OK(tx->rollback());
}

void TestWriteHandles::lastOfNothingStandsOnNothing() {
    VERIFY_OK(putAll("b", {{"k", "1"}}));
    auto tx = store().beginWrite();
    WriteBucket bucket = **tx->bucket(asBytes("b"));
    WriteCursor cursor = bucket.cursor();
    QCOMPARE(keyOf(cursor.first()), std::string("k"));
    VERIFY_OK(cursor.remove());
    QCOMPARE(keyOf(cursor.last()), std::string("-"));
    VERIFY_OK(bucket.put(asBytes("k"), asBytes("new")));
    VERIFY_FAILS(cursor.remove(), ErrorCode::KeyRequired);
    QCOMPARE(valueOf(bucket.get(asBytes("k"))), std::string("new"));
}

// next() at the end stays on the last entry, and prev() gives the one before it, also where only
// leaves follow that this transaction emptied.
void TestWriteHandles::endOverEmptiedLeavesStays() {
    Pairs pairs;
    for (std::uint64_t i = 0; i < 300; ++i) {
        pairs.emplace_back(digits(i, 3), std::string(100, 'v'));
    }
    VERIFY_OK(putAll("b", pairs));
    for (std::uint64_t left = 299; left > 150; left -= 7) {
        auto tx = store().beginWrite();
        WriteBucket bucket = **tx->bucket(asBytes("b"));
        for (std::uint64_t i = left + 1; i < 300; ++i) {
            VERIFY_OK(bucket.remove(asBytes(digits(i, 3))));
        }
        for (std::uint64_t i = 0; i < 300 - left; ++i) { // and in front
            VERIFY_OK(bucket.remove(asBytes(digits(i, 3))));
        }
        WriteCursor cursor = bucket.cursor();
        QCOMPARE(keyOf(cursor.seek(asBytes(digits(left, 3)))), digits(left, 3));
        QCOMPARE(keyOf(cursor.next()), std::string("-"));
        QCOMPARE(keyOf(cursor.prev()), digits(left - 1, 3));
        const std::uint64_t first = 300 - left;
        QCOMPARE(keyOf(cursor.seek(asBytes(digits(first, 3)))), digits(first, 3));
        QCOMPARE(keyOf(cursor.prev()), std::string("-"));
        QCOMPARE(keyOf(cursor.next()), digits(first + 1, 3));
    }
}

void TestWriteHandles::fillPercentIsOneThatCanBe_data() {
    QTest::addColumn<double>("asked");
    QTest::addColumn<double>("taken");
    using Limits = std::numeric_limits<double>;
    QTest::newRow("inside") << 0.75 << 0.75;
    QTest::newRow("zero") << 0.0 << 0.1;
    QTest::newRow("below") << -3.0 << 0.1;
    QTest::newRow("above") << 9.0 << 1.0;
    QTest::newRow("infinite") << Limits::infinity() << 1.0;
    QTest::newRow("no number") << Limits::quiet_NaN() << 0.5;
}

void TestWriteHandles::fillPercentIsOneThatCanBe() {
    QFETCH(double, asked);
    QFETCH(double, taken);
    Pairs pairs;
    for (std::uint64_t i = 0; i < 500; ++i) {
        pairs.emplace_back(digits(i, 4), std::string(50, 'v'));
    }
    VERIFY_OK(putAll("asked", pairs, asked));
    VERIFY_OK(putAll("taken", pairs, taken));
    QCOMPARE(stats({"asked"}).leafPages, stats({"taken"}).leafPages);
    VERIFY_OK(update([&](WriteTransaction& tx) -> Result<void> { // and merging asks it too
        for (const char* name : {"asked", "taken"}) {
            WriteBucket bucket = **tx.bucket(asBytes(name));
            bucket.setFillPercent(name[0] == 'a' ? asked : taken);
            [&] { QCOMPARE(bucket.fillPercent(), taken); }();
            for (std::size_t i = 0; i < pairs.size(); i += 2) {
                if (auto gone = bucket.remove(asBytes(pairs[i].first)); !gone) {
                    return gone;
                }
            }
        }
        return {};
    }));
    QCOMPARE(stats({"asked"}).leafPages, stats({"taken"}).leafPages);
}

void TestWriteHandles::overwrittenValuesTakeNoMemory() {
    const auto largestMemory = [] {
        rusage usage = {};
        ::getrusage(RUSAGE_SELF, &usage);
        return usage.ru_maxrss; // KiB
    };
    const long before = largestMemory();
    VERIFY_OK(update([](WriteTransaction& tx) -> Result<void> {
        auto bucket = tx.createBucket(asBytes("b"));
        std::string value(1000, '0'); // one for all: sanitizers keep what is freed for a while
        for (int i = 0; i < 200000; ++i) {
            value.replace(994, 6, digits(std::uint64_t(i), 6));
            if (auto put = bucket->put(asBytes("k"), asBytes(value)); !put) {
                return put;
            }
        }
        return {};
    }));
    QVERIFY2(largestMemory() - before < 50 * 1024, "200 MB were put, one value stays");
    QCOMPARE(get({"b"}, "k"), digits(199999, 1000));
}

void TestWriteHandles::slicesStayAsTheyWere() {
    VERIFY_OK(putAll("b", {{"old", "11111"}}));
    auto tx = store().beginWrite();
    WriteBucket bucket = **tx->bucket(asBytes("b"));
    const auto old = bucket.get(asBytes("old"));
    VERIFY_OK(bucket.put(asBytes("k"), asBytes("22222")));
    VERIFY_OK(bucket.put(asBytes("old"), asBytes("33")));
    QCOMPARE(valueOf(old), std::string("11111"));
    const auto got = bucket.get(asBytes("k"));
    WriteCursor cursor = bucket.cursor();
    const auto stood = cursor.seek(asBytes("old"));
    VERIFY_OK(bucket.put(asBytes("k"), asBytes("44")));
    VERIFY_OK(bucket.put(asBytes("old"), asBytes("5")));
    QCOMPARE(valueOf(got), std::string("22222"));
    QCOMPARE(toString((*stood)->value), std::string("33"));
    VERIFY_OK(bucket.put(asBytes("k"), **got)); // from a slice of its own
    VERIFY_OK(tx->commit());
    QCOMPARE(entries({"b"}), (Pairs{{"k", "22222"}, {"old", "5"}}));
}

QTEST_GUILESS_MAIN(TestWriteHandles)
#include "tst_write_handles.moc"
