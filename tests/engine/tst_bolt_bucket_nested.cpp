// SPDX-License-Identifier: MIT
// The part of bbolt's bucket_test.go about buckets in buckets, sequences and walking all entries.
// What is not here, and why: see tst_bolt_bucket.cpp.
#include "pagescape/format.h"
#include "support/store_fixture.h"

#include <functional>

using namespace pagescape;
using namespace pagescape::test;

class TestBoltBucketNested : public StoreFixture {
    Q_OBJECT

private Q_SLOTS:
    void init() { begin(); }
    void cleanup() { end(); }

    void bucketNested();
    void bucketDeleteBucket();
    void bucketDeleteBucketNested();
    void bucketDeleteBucketNested2();
    void bucketDeleteBucketLarge();
    void bucketBucketIncompatibleValue();
    void bucketCreateBucketIncompatibleValue();
    void bucketSequence();
    void bucketNextSequence();
    void bucketNextSequencePersist();
    void bucketForEach();
    void bucketForEachBucket();
    void bucketForEachShortCircuit();
    void bucketForEachClosed();
    void bucketNamesHaveTheLengthOfKeys();
    void rootBucketHoldsBucketsOnly();
    void handlesOfADeletedBucketAnswerAnError();
    void bucketsNestAsDeepAsTheLimit();
    void bucketInspect();
    void statisticsInsideAWriteTransaction();
};

void TestBoltBucketNested::bucketNested() {
    VERIFY_OK(update([](WriteTransaction& tx) -> Result<void> {
        auto widgets = tx.createBucket(asBytes("widgets"));
        auto foo = widgets->createBucket(asBytes("foo"));
        return foo ? widgets->put(asBytes("bar"), asBytes("0000")) : fail(foo.error());
    }));
    VERIFY_OK(putAll("widgets", {{"bar", "xxxx"}}));
    Pairs many;
    for (int i = 0; i < 10000; ++i) {
        many.emplace_back(std::to_string(i), std::to_string(i));
    }
    VERIFY_OK(putAll("widgets", many));
    VERIFY_OK(update([](WriteTransaction& tx) -> Result<void> {
        auto foo = tx.bucket(bytesOf({"widgets", "foo"}));
        return foo ? foo->put(asBytes("baz"), asBytes("yyyy")) : fail(foo.error());
    }));
    reopen();
    QCOMPARE(get({"widgets", "foo"}, "baz"), std::string("yyyy"));
    QCOMPARE(get({"widgets"}, "bar"), std::string("xxxx"));
    for (const auto& [key, value] : many) {
        QCOMPARE(get({"widgets"}, key), value);
    }
}

void TestBoltBucketNested::bucketDeleteBucket() {
    auto tx = store().beginWrite();
    auto bucket = tx->createBucket(asBytes("widgets"));
    VERIFY_OK(bucket->createBucket(asBytes("foo")));
    VERIFY_FAILS(bucket->remove(asBytes("foo")), ErrorCode::IncompatibleValue);
    VERIFY_OK(tx->commit());
    QCOMPARE(entries({"widgets"}), (Pairs{{"foo", "<bucket>"}}));
}

void TestBoltBucketNested::bucketDeleteBucketNested() {
    auto tx = store().beginWrite();
    auto widgets = tx->createBucket(asBytes("widgets"));
    auto foo = widgets->createBucket(asBytes("foo"));
    auto bar = foo->createBucket(asBytes("bar"));
    VERIFY_OK(bar->put(asBytes("baz"), asBytes("bat")));
    VERIFY_OK((*tx->bucket(asBytes("widgets")))->deleteBucket(asBytes("foo")));
    QVERIFY(!*widgets->bucket(asBytes("foo")));
    VERIFY_OK(tx->commit());
    QCOMPARE(entries({"widgets"}), Pairs());
}

void TestBoltBucketNested::bucketDeleteBucketNested2() {
    VERIFY_OK(update([](WriteTransaction& tx) -> Result<void> {
        auto widgets = tx.createBucket(asBytes("widgets"));
        auto foo = widgets->createBucket(asBytes("foo"));
        auto bar = foo->createBucket(asBytes("bar"));
        return bar->put(asBytes("baz"), asBytes("bat"));
    }));
    QCOMPARE(get({"widgets", "foo", "bar"}, "baz"), std::string("bat"));
    VERIFY_OK(update([](WriteTransaction& tx) { return tx.deleteBucket(asBytes("widgets")); }));
    QCOMPARE(entries({}), Pairs());
}

void TestBoltBucketNested::bucketDeleteBucketLarge() {
    const std::uint64_t before = store().statistics().freePages;
    VERIFY_OK(update([](WriteTransaction& tx) -> Result<void> {
        auto widgets = tx.createBucket(asBytes("widgets"));
        auto foo = widgets->createBucket(asBytes("foo"));
        for (int i = 0; i < 1000; ++i) {
            if (auto put = foo->put(asBytes(std::to_string(i)), asBytes(std::string(100, char(i))));
                !put) {
                return put;
            }
        }
        return {};
    }));
    const std::uint64_t pages = stats({"widgets", "foo"}).leafPages;
    QVERIFY(pages > 30);
    VERIFY_OK(update([](WriteTransaction& tx) { return tx.deleteBucket(asBytes("widgets")); }));
    VERIFY_OK(update([](WriteTransaction&) { return Result<void>(); }));
    QVERIFY(store().statistics().freePages >= before + pages); // the check finds leaks
}

void TestBoltBucketNested::bucketBucketIncompatibleValue() {
    VERIFY_OK(putAll("widgets", {{"foo", "bar"}}));
    auto tx = store().beginWrite();
    const auto bucket = *tx->bucket(asBytes("widgets"));
    const auto plain = bucket->bucket(asBytes("foo"));
    QVERIFY(plain && !*plain);
}

void TestBoltBucketNested::bucketCreateBucketIncompatibleValue() {
    auto tx = store().beginWrite();
    auto bucket = tx->createBucket(asBytes("widgets"));
    VERIFY_OK(bucket->put(asBytes("foo"), asBytes("bar")));
    const ErrorCode incompatible = ErrorCode::IncompatibleValue;
    VERIFY_FAILS(bucket->createBucket(asBytes("foo")), incompatible);
    VERIFY_FAILS(bucket->createBucketIfNotExists(asBytes("foo")), incompatible);
    VERIFY_FAILS(bucket->deleteBucket(asBytes("foo")), incompatible);
    VERIFY_FAILS(bucket->deleteBucket(asBytes("nope")), ErrorCode::BucketNotFound);
    VERIFY_OK(tx->commit());
    QCOMPARE(get({"widgets"}, "foo"), std::string("bar"));
}

void TestBoltBucketNested::bucketSequence() {
    auto tx = store().beginWrite();
    auto bucket = tx->createBucket(asBytes("0"));
    QCOMPARE(*bucket->sequence(), 0U);
    VERIFY_OK(bucket->setSequence(1000));
    QCOMPARE(*bucket->sequence(), 1000U);
    VERIFY_OK(tx->commit());
    QCOMPARE(store().beginRead()->bucket(bytesOf({"0"}))->sequence(), 1000U);
    auto next = store().beginWrite();
    QCOMPARE(*(*next->bucket(asBytes("0")))->sequence(), 1000U);
}

void TestBoltBucketNested::bucketNextSequence() {
    auto tx = store().beginWrite();
    auto widgets = tx->createBucket(asBytes("widgets"));
    auto woojits = tx->createBucket(asBytes("woojits"));
    QCOMPARE(*widgets->nextSequence(), 1U);
    QCOMPARE(*widgets->nextSequence(), 2U);
    QCOMPARE(*woojits->nextSequence(), 1U);
}

void TestBoltBucketNested::bucketNextSequencePersist() {
    VERIFY_OK(putAll("widgets", {}));
    VERIFY_OK(update([](WriteTransaction& tx) -> Result<void> {
        const auto next = (*tx.bucket(asBytes("widgets")))->nextSequence();
        return next ? Result<void>() : fail(next.error());
    }));
    reopen();
    auto tx = store().beginWrite();
    QCOMPARE(*(*tx->bucket(asBytes("widgets")))->nextSequence(), 2U);
}

void TestBoltBucketNested::bucketForEach() {
    const Pairs expected{
        {"bar", "0002"}, {"baz", "0001"}, {"csubbucket", "<bucket>"}, {"foo", "0000"}};
    auto tx = store().beginWrite();
    auto bucket = tx->createBucket(asBytes("widgets"));
    VERIFY_OK(bucket->put(asBytes("foo"), asBytes("0000")));
    VERIFY_OK(bucket->put(asBytes("baz"), asBytes("0001")));
    VERIFY_OK(bucket->put(asBytes("bar"), asBytes("0002")));
    VERIFY_OK(bucket->createBucket(asBytes("csubbucket")));
    const auto visited = [](const auto& of) {
        Pairs all;
        const auto done = of.forEach([&all](const Entry& entry) -> Result<void> {
            all.emplace_back(toString(entry.key),
                             entry.isBucket ? "<bucket>" : toString(entry.value));
            return {};
        });
        return done ? all : Pairs{{outcomeOf(done), ""}};
    };
    QCOMPARE(visited(*bucket), expected);
    VERIFY_OK(tx->commit());
    auto next = store().beginWrite();
    QCOMPARE(visited(**next->bucket(asBytes("widgets"))), expected);
    const auto reader = store().beginRead();
    VERIFY_OK(reader);
    QCOMPARE(visited(**reader->rootBucket().bucket(asBytes("widgets"))), expected);
    QCOMPARE(reader->size(), next->size());
}

void TestBoltBucketNested::bucketForEachBucket() {
    const auto bucketNames = [](const Pairs& pairs) {
        std::string names;
        for (const auto& [key, value] : pairs) {
            names += value == "<bucket>" ? key + " " : "";
        }
        return names;
    };
    auto tx = store().beginWrite();
    auto bucket = tx->createBucket(asBytes("widgets"));
    VERIFY_OK(bucket->put(asBytes("foo"), asBytes("0000")));
    VERIFY_OK(bucket->put(asBytes("empty"), {}));
    QCOMPARE(bucketNames(entriesOf(bucket->cursor())), std::string());
    VERIFY_OK(bucket->createBucket(asBytes("zsubbucket")));
    VERIFY_OK(bucket->createBucket(asBytes("csubbucket")));
    QCOMPARE(bucketNames(entriesOf(bucket->cursor())), std::string("csubbucket zsubbucket "));
    VERIFY_OK(tx->commit());
    QCOMPARE(bucketNames(entries({"widgets"})), std::string("csubbucket zsubbucket "));
}

void TestBoltBucketNested::bucketForEachShortCircuit() {
    VERIFY_OK(putAll("widgets", {{"bar", "0000"}, {"baz", "0001"}, {"foo", "0002"}}));
    auto tx = store().beginWrite();
    int visits = 0;
    const auto done =
        (*tx->bucket(asBytes("widgets")))->forEach([&visits](const Entry& entry) -> Result<void> {
            ++visits;
            if (toString(entry.key) != "baz") {
                return {};
            }
            Error marker;
            marker.code = ErrorCode::Cancelled;
            marker.text = "marker";
            return fail(marker);
        });
    VERIFY_FAILS(done, ErrorCode::Cancelled);
    QCOMPARE(done.error().text, std::string("marker"));
    QCOMPARE(visits, 2);
    const auto reader = store().beginRead();
    VERIFY_OK(reader);
    const auto read = (*reader->rootBucket().bucket(asBytes("widgets")))
                          ->forEach([&visits](const Entry&) -> Result<void> {
                              return ++visits < 4 ? Result<void>() : fail(marker());
                          });
    VERIFY_FAILS(read, ErrorCode::Cancelled);
    QCOMPARE(visits, 4);
}

void TestBoltBucketNested::bucketForEachClosed() {
    auto tx = store().beginWrite();
    const auto bucket = tx->createBucket(asBytes("widgets"));
    VERIFY_OK(tx->rollback());
    VERIFY_FAILS(bucket->forEach([](const Entry&) { return Result<void>(); }),
                 ErrorCode::TransactionClosed);
}

void TestBoltBucketNested::bucketNamesHaveTheLengthOfKeys() {
    auto tx = store().beginWrite();
    const std::string largest(format::kMaxKeySize, 'n');
    const std::string tooLong = largest + "n";
    VERIFY_OK(tx->createBucket(asBytes(largest)));
    VERIFY_FAILS(tx->createBucket(asBytes(tooLong)), ErrorCode::KeyTooLarge);
    VERIFY_FAILS(tx->createBucketIfNotExists(asBytes(tooLong)), ErrorCode::KeyTooLarge);
    VERIFY_OK(tx->commit());
    reopen();
    QCOMPARE(entries({}), (Pairs{{largest, "<bucket>"}}));
}

void TestBoltBucketNested::rootBucketHoldsBucketsOnly() {
    auto tx = store().beginWrite();
    WriteBucket root = tx->rootBucket();
    QCOMPARE(root.level(), 0U);
    VERIFY_FAILS(root.put(asBytes("foo"), asBytes("bar")), ErrorCode::IncompatibleValue);
    VERIFY_OK(tx->commit());
    QCOMPARE(entries({}), Pairs());
}

void TestBoltBucketNested::handlesOfADeletedBucketAnswerAnError() {
    auto tx = store().beginWrite();
    auto outer = tx->createBucket(asBytes("outer"));
    auto inner = outer->createBucket(asBytes("inner"));
    WriteCursor cursor = inner->cursor();
    VERIFY_OK(tx->deleteBucket(asBytes("outer")));
    VERIFY_FAILS(outer->put(asBytes("k"), {}), ErrorCode::BucketNotFound);
    VERIFY_FAILS(inner->put(asBytes("k"), {}), ErrorCode::BucketNotFound);
    VERIFY_FAILS(cursor.first(), ErrorCode::BucketNotFound);
    VERIFY_OK(tx->createBucket(asBytes("outer"))); // a new one of that name is another bucket
    VERIFY_FAILS(outer->put(asBytes("k"), {}), ErrorCode::BucketNotFound);
    VERIFY_OK(tx->commit());
    QCOMPARE(entries({"outer"}), Pairs());
}

// What is too deep to be opened must not be stored either.
void TestBoltBucketNested::bucketsNestAsDeepAsTheLimit() {
    auto tx = store().beginWrite();
    WriteBucket deepest = tx->rootBucket();
    for (std::uint32_t level = 1; level <= format::kMaxBucketDepth; ++level) {
        const auto next = deepest.createBucket(asBytes("n"));
        VERIFY_OK(next);
        deepest = *next;
        QCOMPARE(deepest.level(), level);
    }
    VERIFY_FAILS(deepest.createBucket(asBytes("n")), ErrorCode::LimitReached);
    QCOMPARE(entriesOf(deepest.cursor()), Pairs());
    VERIFY_OK(tx->commit());
    reopen();
    QCOMPARE(entries(Path(format::kMaxBucketDepth, "n")), Pairs());
}

// The tree of buckets with the number of plain keys in each, uncommitted ones too.
void TestBoltBucketNested::bucketInspect() {
    const auto textOf = [](const Result<BucketStructure>& structure) {
        const std::function<std::string(const BucketStructure&)> text =
            [&text](const BucketStructure& each) {
                std::string all = each.name + ":" + std::to_string(each.keys) + "{";
                for (const BucketStructure& below : each.buckets) {
                    all += text(below);
                }
                return all + "}";
            };
        return structure ? text(*structure) : outcomeOf(structure);
    };
    QCOMPARE(textOf(bucketStructure(store().beginRead()->rootBucket())), std::string("root:0{}"));
    auto tx = store().beginWrite();
    auto outer = tx->createBucket(asBytes("b1"));
    auto inner = outer->createBucket(asBytes("b1nested"));
    VERIFY_OK(tx->createBucket(asBytes("b2")));
    for (std::uint64_t i = 0; i < 200; ++i) {
        VERIFY_OK(inner->put(asBytes(digits(i, 3)), asBytes(std::string(50, 'v'))));
    }
    VERIFY_OK(outer->put(asBytes("k"), asBytes("v")));
    const std::string expected = "root:0{b1:1{b1nested:200{}}b2:0{}}";
    QCOMPARE(textOf(bucketStructure(tx->rootBucket())), expected);
    VERIFY_OK(tx->commit());
    VERIFY_FAILS(bucketStructure(*outer), ErrorCode::TransactionClosed);
    const auto reader = store().beginRead();
    QCOMPARE(textOf(bucketStructure(reader->rootBucket())), expected);
    QCOMPARE(textOf(bucketStructure(*reader->rootBucket().bucket(asBytes("b1")).value(), "b1")),
             std::string("b1:1{b1nested:200{}}"));
}

// As bbolt's Bucket.Stats: of what was committed, so they do not move with what the transaction
// does.
void TestBoltBucketNested::statisticsInsideAWriteTransaction() {
    Pairs pairs;
    for (std::uint64_t i = 0; i < 300; ++i) {
        pairs.emplace_back(digits(i, 3), std::string(50, 'v'));
    }
    VERIFY_OK(putAll("b", pairs));
    const BucketStats committed = stats({"b"});
    QVERIFY(committed.leafPages > 1 && committed.keys == 300);
    auto tx = store().beginWrite();
    auto bucket = **tx->bucket(asBytes("b"));
    const auto same = [&committed](const Result<BucketStats>& now) {
        return now && now->keys == committed.keys && now->leafPages == committed.leafPages &&
               now->branchPages == committed.branchPages && now->leafInuse == committed.leafInuse &&
               now->depth == committed.depth;
    };
    QVERIFY(same(bucketStats(bucket)));
    VERIFY_OK(bucket.put(asBytes("new"), asBytes("v")));
    QVERIFY(same(bucketStats(bucket)));
    const auto fresh = bucketStats(*tx->createBucket(asBytes("fresh")));
    VERIFY_OK(fresh);
    QCOMPARE(fresh->keys, 0U);
    QCOMPARE(fresh->inlineBuckets, 1U);
    VERIFY_OK(tx->deleteBucket(asBytes("b")));
    VERIFY_FAILS(bucketStats(bucket), ErrorCode::BucketNotFound);
    VERIFY_OK(tx->rollback());
    VERIFY_FAILS(bucketStats(bucket), ErrorCode::TransactionClosed);
}

QTEST_GUILESS_MAIN(TestBoltBucketNested)
#include "tst_bolt_bucket_nested.moc"
