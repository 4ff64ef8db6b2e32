// SPDX-License-Identifier: MIT
// What bbolt's cursor_test.go asks of cursors: of those that read and of those that write. Slots
// carry its names. Not here:
//   Cursor_Bucket of a reading cursor    it does not name its bucket
// Where bbolt itself goes wrong, the slot is named after the claim.
#include "support/store_fixture.h"

#include <QRandomGenerator>

#include <map>

using namespace pagescape;
using namespace pagescape::test;

class TestBoltCursor : public StoreFixture {
    Q_OBJECT

private:
    // Runs the test on a committed bucket twice: with a reading and with a writing cursor.
    template <typename Test>
    void onBothCursors(const Test& test) {
        {
            const auto tx = store().beginRead();
            const auto bucket = tx->bucket(bytesOf({"widgets"}));
            VERIFY_OK(bucket);
            test(bucket->cursor());
        }
        auto tx = store().beginWrite();
        const auto bucket = *tx->bucket(asBytes("widgets"));
        QVERIFY(bucket);
        test(bucket->cursor());
    }
    [[nodiscard]] static Pairs numbered(std::uint64_t count, std::size_t width = 4) {
        Pairs pairs;
        for (std::uint64_t i = 0; i < count; ++i) {
            pairs.emplace_back(digits(i, width), digits(i, 40));
        }
        return pairs;
    }
    [[nodiscard]] static Pairs reversed(const Pairs& pairs) {
        return {pairs.rbegin(), pairs.rend()};
    }

private Q_SLOTS:
    void init() { begin(); }
    void cleanup() { end(); }

    void cursorRepeatOperations();
    void cursorBucket();
    void cursorSeek();
    void cursorDelete();
    void cursorSeekLarge();
    void cursorEmptyBucket();
    void cursorIterateLeaf();
    void cursorRestart();
    void cursorFirstEmptyPages();
    void cursorLastEmptyPages();
    void cursorQuickCheck();
    void cursorQuickCheckBucketsOnly();
    void unplacedCursorAnswersNothing();
    void reverseOverEmptiedLeaves();
    void removeThenNextVisitsEachEntryOnce_data();
    void removeThenNextVisitsEachEntryOnce();
    void removeThenPrevVisitsEachEntryOnce();
    void seekPastTheEndThenPrevGivesTheLast();
    void walkWhileTheBucketChanges();
};

// NextPrevNext, PrevNextPrev.
void TestBoltCursor::cursorRepeatOperations() {
    const Pairs pairs = numbered(1000);
    VERIFY_OK(putAll("widgets", pairs));
    onBothCursors([&](auto cursor) {
        QCOMPARE(keyOf(cursor.first()), pairs[0].first);
        for (std::size_t i = 1; i < pairs.size(); ++i) {
            QCOMPARE(keyOf(cursor.next()), pairs[i].first);
        }
        for (int i = 0; i < 10; ++i) {
            QCOMPARE(keyOf(cursor.next()), std::string("-"));
        }
        QCOMPARE(keyOf(cursor.prev()), pairs[998].first);
        QCOMPARE(keyOf(cursor.next()), pairs[999].first);
        QCOMPARE(keyOf(cursor.next()), std::string("-"));
    });
    onBothCursors([&](auto cursor) {
        QCOMPARE(keyOf(cursor.last()), pairs[999].first);
        for (std::size_t i = 999; i-- > 0;) {
            QCOMPARE(keyOf(cursor.prev()), pairs[i].first);
        }
        for (int i = 0; i < 10; ++i) {
            QCOMPARE(keyOf(cursor.prev()), std::string("-"));
        }
        QCOMPARE(keyOf(cursor.next()), pairs[1].first);
        QCOMPARE(keyOf(cursor.prev()), pairs[0].first);
        QCOMPARE(keyOf(cursor.prev()), std::string("-"));
    });
}

void TestBoltCursor::cursorBucket() {
    auto tx = store().beginWrite();
    auto bucket = tx->createBucket(asBytes("widgets"));
    const WriteCursor cursor = bucket->cursor();
    VERIFY_OK(cursor.bucket().put(asBytes("foo"), asBytes("bar")));
    QCOMPARE(valueOf(bucket->get(asBytes("foo"))), std::string("bar"));
}

void TestBoltCursor::cursorSeek() {
    VERIFY_OK(update([](WriteTransaction& tx) -> Result<void> {
        auto bucket = tx.createBucket(asBytes("widgets"));
        auto done = bucket->put(asBytes("foo"), asBytes("0001"));
        if (done) {
            done = bucket->put(asBytes("bar"), asBytes("0002"));
        }
        if (done) {
            done = bucket->put(asBytes("baz"), asBytes("0003"));
        }
        const auto nested = bucket->createBucket(asBytes("bkt"));
        return done && !nested ? fail(nested.error()) : done;
    }));
    onBothCursors([](auto cursor) {
        const auto exact = cursor.seek(asBytes("bar"));
        QCOMPARE(keyOf(exact), std::string("bar"));
        QCOMPARE(toString((*exact)->value), std::string("0002"));
        QCOMPARE(keyOf(cursor.seek(asBytes("bas"))), std::string("baz"));
        QCOMPARE(keyOf(cursor.seek(asBytes(""))), std::string("bar"));
        QCOMPARE(keyOf(cursor.seek(asBytes("zzz"))), std::string("-"));
        const auto bucket = cursor.seek(asBytes("bkt"));
        QCOMPARE(keyOf(bucket), std::string("bkt"));
        QVERIFY((*bucket)->isBucket);
    });
}

void TestBoltCursor::cursorDelete() {
    const Pairs pairs = numbered(1000);
    VERIFY_OK(putAll("widgets", pairs));
    VERIFY_OK(update([&](WriteTransaction& tx) -> Result<void> {
        auto widgets = *tx.bucket(asBytes("widgets"));
        const auto nested = widgets->createBucket(asBytes("sub"));
        if (!nested) {
            return fail(nested.error());
        }
        WriteCursor cursor = widgets->cursor();
        for (auto entry = cursor.first(); entry && *entry && toString((*entry)->key) < "0500";
             entry = cursor.next()) {
            if (auto removed = cursor.remove(); !removed) {
                return removed;
            }
        }
        const auto sub = cursor.seek(asBytes("sub"));
        if (!sub || outcomeOf(cursor.remove()) != errorName(ErrorCode::IncompatibleValue)) {
            Error error;
            error.text = "a cursor must not remove a bucket";
            return fail(error);
        }
        return {};
    }));
    Pairs expected(pairs.begin() + 500, pairs.end());
    expected.emplace_back("sub", "<bucket>");
    QCOMPARE(entries({"widgets"}), expected);
}

void TestBoltCursor::cursorSeekLarge() {
    for (std::uint64_t i = 0; i < 10000; i += 100) {
        Pairs pairs;
        for (std::uint64_t j = i; j < i + 100; j += 2) {
            pairs.emplace_back(digits(j, 8), std::string(100, '\0'));
        }
        VERIFY_OK(putAll("widgets", pairs));
    }
    onBothCursors([](auto cursor) {
        for (std::uint64_t i = 0; i < 10000; ++i) {
            const std::uint64_t next = i + i % 2;
            QCOMPARE(keyOf(cursor.seek(asBytes(digits(i, 8)))),
                     next < 10000 ? digits(next, 8) : std::string("-"));
        }
    });
}

// EmptyBucket, EmptyBucketReverse.
void TestBoltCursor::cursorEmptyBucket() {
    VERIFY_OK(putAll("widgets", {}));
    onBothCursors([](auto cursor) {
        QCOMPARE(keyOf(cursor.first()), std::string("-"));
        QCOMPARE(keyOf(cursor.last()), std::string("-"));
        QCOMPARE(keyOf(cursor.next()), std::string("-"));
        QCOMPARE(keyOf(cursor.prev()), std::string("-"));
        QCOMPARE(keyOf(cursor.seek(asBytes("foo"))), std::string("-"));
        QCOMPARE(keyOf(cursor.next()), std::string("-"));
        QCOMPARE(keyOf(cursor.prev()), std::string("-"));
    });
}

// Iterate_Leaf, LeafRootReverse.
void TestBoltCursor::cursorIterateLeaf() {
    VERIFY_OK(putAll("widgets", {{"baz", ""}, {"foo", "0"}, {"bar", "1"}}));
    onBothCursors([](auto cursor) {
        QCOMPARE(keyOf(cursor.first()), std::string("bar"));
        const auto baz = cursor.next();
        QCOMPARE(keyOf(baz), std::string("baz"));
        QVERIFY((*baz)->value.empty() && !(*baz)->isBucket);
        QCOMPARE(keyOf(cursor.next()), std::string("foo"));
        QCOMPARE(keyOf(cursor.next()), std::string("-"));
        QCOMPARE(keyOf(cursor.next()), std::string("-"));
        QCOMPARE(keyOf(cursor.last()), std::string("foo"));
        QCOMPARE(keyOf(cursor.prev()), std::string("baz"));
        QCOMPARE(keyOf(cursor.prev()), std::string("bar"));
        QCOMPARE(keyOf(cursor.prev()), std::string("-"));
        QCOMPARE(keyOf(cursor.prev()), std::string("-"));
    });
}

void TestBoltCursor::cursorRestart() {
    VERIFY_OK(putAll("widgets", {{"bar", ""}, {"foo", ""}}));
    onBothCursors([](auto cursor) {
        for (int i = 0; i < 2; ++i) {
            QCOMPARE(keyOf(cursor.first()), std::string("bar"));
            QCOMPARE(keyOf(cursor.next()), std::string("foo"));
        }
    });
}

void TestBoltCursor::cursorFirstEmptyPages() {
    const Pairs pairs = numbered(1000, 8);
    VERIFY_OK(putAll("widgets", pairs));
    auto tx = store().beginWrite();
    auto bucket = **tx->bucket(asBytes("widgets"));
    for (std::size_t i = 0; i < 600; ++i) {
        VERIFY_OK(bucket.remove(asBytes(pairs[i].first)));
    }
    const Pairs left(pairs.begin() + 600, pairs.end());
    QCOMPARE(entriesOf(bucket.cursor()), left);
    VERIFY_OK(tx->commit());
    QCOMPARE(entries({"widgets"}), left);
}

void TestBoltCursor::cursorLastEmptyPages() {
    const Pairs pairs = numbered(1000, 8);
    VERIFY_OK(putAll("widgets", pairs));
    auto tx = store().beginWrite();
    auto bucket = **tx->bucket(asBytes("widgets"));
    for (std::size_t i = 200; i < 1000; ++i) {
        VERIFY_OK(bucket.remove(asBytes(pairs[i].first)));
    }
    const Pairs left = reversed({pairs.begin(), pairs.begin() + 200});
    QCOMPARE(entriesOf(bucket.cursor(), true), left);
    VERIFY_OK(tx->commit());
    QCOMPARE(entries({"widgets"}, true), left);
}

// QuickCheck, QuickCheck_Reverse.
void TestBoltCursor::cursorQuickCheck() {
    QRandomGenerator random(7);
    std::map<std::string, std::string> sorted;
    while (sorted.size() < 1000) {
        std::string key;
        for (int i = random.bounded(1, 200); i > 0; --i) {
            key += static_cast<char>(random.bounded(256));
        }
        sorted.emplace(key, std::string(random.bounded(200U), 'v'));
    }
    Pairs shuffled(sorted.begin(), sorted.end());
    std::shuffle(shuffled.begin(), shuffled.end(), random);
    VERIFY_OK(putAll("widgets", shuffled));
    const Pairs expected(sorted.begin(), sorted.end());
    onBothCursors([&](auto cursor) {
        QVERIFY(entriesOf(cursor) == expected);
        QVERIFY(entriesOf(cursor, true) == reversed(expected));
    });
}

void TestBoltCursor::cursorQuickCheckBucketsOnly() {
    VERIFY_OK(update([](WriteTransaction& tx) -> Result<void> {
        auto widgets = tx.createBucket(asBytes("widgets"));
        for (const char* name : {"foo", "bar", "baz"}) {
            if (const auto nested = widgets->createBucket(asBytes(name)); !nested) {
                return fail(nested.error());
            }
        }
        return {};
    }));
    const Pairs expected{{"bar", "<bucket>"}, {"baz", "<bucket>"}, {"foo", "<bucket>"}};
    onBothCursors([&](auto cursor) {
        QCOMPARE(entriesOf(cursor), expected);
        QCOMPARE(entriesOf(cursor, true), reversed(expected));
    });
}

// bbolt crashes when an unplaced cursor deletes.
void TestBoltCursor::unplacedCursorAnswersNothing() {
    VERIFY_OK(putAll("widgets", {{"foo", "bar"}}));
    onBothCursors([](auto cursor) {
        QCOMPARE(keyOf(cursor.next()), std::string("-"));
        QCOMPARE(keyOf(cursor.prev()), std::string("-"));
    });
    auto tx = store().beginWrite();
    WriteCursor cursor = (*tx->bucket(asBytes("widgets")))->cursor();
    VERIFY_FAILS(cursor.remove(), ErrorCode::KeyRequired);
}

// bbolt's Prev stops at the first hole.
void TestBoltCursor::reverseOverEmptiedLeaves() {
    const Pairs pairs = numbered(1000, 8);
    VERIFY_OK(putAll("widgets", pairs));
    auto tx = store().beginWrite();
    auto bucket = **tx->bucket(asBytes("widgets"));
    Pairs left;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        if (i < 100 || (i >= 300 && i < 600) || i >= 900) { // several leaves each
            VERIFY_OK(bucket.remove(asBytes(pairs[i].first)));
        } else {
            left.push_back(pairs[i]);
        }
    }
    QCOMPARE(entriesOf(bucket.cursor(), true), reversed(left));
    QCOMPARE(entriesOf(bucket.cursor()), left);
    VERIFY_OK(tx->commit());
    QCOMPARE(entries({"widgets"}, true), reversed(left));
}

void TestBoltCursor::removeThenNextVisitsEachEntryOnce_data() {
    QTest::addColumn<bool>("isChangedBefore");
    QTest::newRow("pages") << false;
    QTest::newRow("nodes") << true; // where bbolt skips every other entry
}

void TestBoltCursor::removeThenNextVisitsEachEntryOnce() {
    QFETCH(bool, isChangedBefore);
    const Pairs pairs = numbered(1000);
    VERIFY_OK(putAll("widgets", pairs));
    auto tx = store().beginWrite();
    auto bucket = **tx->bucket(asBytes("widgets"));
    for (std::size_t i = 0; isChangedBefore && i < pairs.size(); ++i) {
        VERIFY_OK(bucket.put(asBytes(pairs[i].first), asBytes(pairs[i].second)));
    }
    Pairs visited;
    WriteCursor cursor = bucket.cursor();
    for (auto entry = cursor.first(); entry && *entry; entry = cursor.next()) {
        visited.emplace_back(toString((*entry)->key), toString((*entry)->value));
        if (visited.size() % 3 != 0) {
            VERIFY_OK(cursor.remove());
        }
    }
    QCOMPARE(visited, pairs);
    Pairs left;
    for (std::size_t i = 2; i < pairs.size(); i += 3) {
        left.push_back(pairs[i]);
    }
    QCOMPARE(entriesOf(bucket.cursor()), left);
    VERIFY_OK(tx->commit());
    QCOMPARE(entries({"widgets"}), left);
}

void TestBoltCursor::removeThenPrevVisitsEachEntryOnce() {
    const Pairs pairs = numbered(1000);
    VERIFY_OK(putAll("widgets", pairs));
    auto tx = store().beginWrite();
    auto bucket = **tx->bucket(asBytes("widgets"));
    Pairs visited;
    WriteCursor cursor = bucket.cursor();
    for (auto entry = cursor.last(); entry && *entry; entry = cursor.prev()) {
        visited.emplace_back(toString((*entry)->key), toString((*entry)->value));
        VERIFY_OK(cursor.remove());
        VERIFY_OK(cursor.remove()); // it is gone already
    }
    QCOMPARE(visited, reversed(pairs));
    VERIFY_OK(tx->commit());
    QCOMPARE(entries({"widgets"}), Pairs());
}

void TestBoltCursor::seekPastTheEndThenPrevGivesTheLast() {
    const Pairs pairs = numbered(1000);
    VERIFY_OK(putAll("widgets", pairs));
    onBothCursors([](auto cursor) {
        QCOMPARE(keyOf(cursor.seek(asBytes("z"))), std::string("-"));
        QCOMPARE(keyOf(cursor.prev()), std::string("0999"));
        QCOMPARE(keyOf(cursor.prev()), std::string("0998"));
        QCOMPARE(keyOf(cursor.seek(asBytes("z"))), std::string("-"));
        QCOMPARE(keyOf(cursor.next()), std::string("-"));
        QCOMPARE(keyOf(cursor.prev()), std::string("0999"));
    });
}

// bbolt demands a new Seek after each change; here a cursor goes on from its key.
void TestBoltCursor::walkWhileTheBucketChanges() {
    VERIFY_OK(putAll("widgets", {{"b", ""}, {"d", ""}, {"f", ""}}));
    auto tx = store().beginWrite();
    auto bucket = **tx->bucket(asBytes("widgets"));
    WriteCursor cursor = bucket.cursor();
    QCOMPARE(keyOf(cursor.first()), std::string("b"));
    VERIFY_OK(bucket.put(asBytes("a"), {}));
    VERIFY_OK(bucket.put(asBytes("c"), {}));
    QCOMPARE(keyOf(cursor.next()), std::string("c"));
    VERIFY_OK(bucket.remove(asBytes("d")));
    QCOMPARE(keyOf(cursor.next()), std::string("f"));
    VERIFY_OK(bucket.remove(asBytes("f")));
    QCOMPARE(keyOf(cursor.next()), std::string("-"));
    QCOMPARE(keyOf(cursor.prev()), std::string("c"));
    QCOMPARE(keyOf(cursor.prev()), std::string("b"));
    QCOMPARE(keyOf(cursor.prev()), std::string("a"));
    QCOMPARE(keyOf(cursor.prev()), std::string("-"));
    QCOMPARE(keyOf(cursor.next()), std::string("b"));
}

QTEST_GUILESS_MAIN(TestBoltCursor)
#include "tst_bolt_cursor.moc"
