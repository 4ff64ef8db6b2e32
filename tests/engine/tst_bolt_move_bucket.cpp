// SPDX-License-Identifier: MIT
// What bbolt's movebucket_test.go asks, and what its MoveBucket gets wrong: it loses uncommitted
// changes of the moved bucket, and lets a bucket vanish into its own descendant. Not here:
//   DiffTx (from or to a read transaction)   a read transaction has no such call
#include "pagescape/format.h"
#include "support/store_fixture.h"

using namespace pagescape;
using namespace pagescape::test;

namespace {

// Everything below a bucket, one "path=value" each.
void list(const WriteBucket& bucket, const std::string& prefix, std::vector<std::string>& out) {
    for (const auto& [key, value] : entriesOf(bucket.cursor())) {
        out.push_back(prefix + key + "=" + value);
        if (value == "<bucket>") {
            const auto nested = *bucket.bucket(asBytes(key));
            out.push_back(prefix + key + "#" + std::to_string(nested->sequence().value_or(0)));
            list(*nested, prefix + key + "/", out);
        }
    }
}

std::vector<std::string> contentsOf(const WriteBucket& bucket) {
    std::vector<std::string> all;
    list(bucket, "", all);
    return all;
}

} // namespace

class TestBoltMoveBucket : public StoreFixture {
    Q_OBJECT

private:
    // Makes the buckets on a path; the last one gets `pairs` pairs.
    [[nodiscard]] static Result<WriteBucket> make(WriteTransaction& tx, const Path& path,
                                                  std::uint64_t pairs = 0) {
        WriteBucket bucket = tx.rootBucket();
        for (const std::string_view name : path) {
            auto next = bucket.createBucketIfNotExists(asBytes(name));
            if (!next) {
                return next;
            }
            bucket = *next;
        }
        for (std::uint64_t i = 0; i < pairs; ++i) {
            const std::string text = digits(i, 6);
            if (auto put = bucket.put(asBytes(text), asBytes(text)); !put) {
                return fail(put.error());
            }
        }
        return bucket;
    }
    [[nodiscard]] static std::string move(WriteTransaction& tx, const Path& from,
                                          std::string_view name, const Path& to) {
        auto source = tx.bucket(bytesOf(from));
        auto target = tx.bucket(bytesOf(to));
        return source && target ? outcomeOf(source->moveBucket(asBytes(name), *target))
                                : "no such path";
    }

private Q_SLOTS:
    void init() { begin(); }
    void cleanup() { end(); }

    void txMoveBucket_data();
    void txMoveBucket();
    void txMoveBucketErrors();
    void bucketMoveBucketDiffDB();
    void moveKeepsUncommittedChanges_data();
    void moveKeepsUncommittedChanges();
    void moveIntoItsOwnDescendantIsRefused();
    void moveBeyondTheDepthLimitIsRefused_data();
    void moveBeyondTheDepthLimitIsRefused();
    void movedBucketsCanBeUsedOn();
    void deletedAfterMove();
    void moveThereAndBack();
    void moveAndMakeAnewUnderTheOldName();
};

void TestBoltMoveBucket::txMoveBucket_data() {
    QTest::addColumn<Path>("from");
    QTest::addColumn<Path>("to");
    QTest::addColumn<quint64>("pairs");
    for (const quint64 pairs : {quint64{0}, quint64{5}, quint64{3000}}) { // inline and with pages
        const auto row = [pairs](const char* name) -> QTestData& {
            return QTest::addRow("%s, %llu pairs", name, pairs);
        };
        row("normal") << Path{"sb1"} << Path{"db1", "db2"} << pairs;
        row("common grandparent") << Path{"a", "sb1"} << Path{"a", "db1"} << pairs;
        row("to the parent's parent") << Path{"a", "sb1"} << Path{"a"} << pairs;
        row("from the root") << Path{} << Path{"db1"} << pairs;
        row("to the root") << Path{"sb1", "sb2"} << Path{} << pairs;
    }
}

void TestBoltMoveBucket::txMoveBucket() {
    QFETCH(Path, from);
    QFETCH(Path, to);
    QFETCH(quint64, pairs);
    const auto with = [](Path path, std::string_view name) {
        path.push_back(name);
        return path;
    };
    VERIFY_OK(update([&](WriteTransaction& tx) -> Result<void> {
        auto done = make(tx, to);
        if (done) {
            done = make(tx, with(from, "moved"), pairs);
        }
        if (done) {
            done = make(tx, with(with(from, "moved"), "nested"), 3);
        }
        return done ? done->setSequence(7) : fail(done.error());
    }));
    std::vector<std::string> before;
    VERIFY_OK(update([&](WriteTransaction& tx) -> Result<void> {
        before = contentsOf(*tx.bucket(bytesOf(with(from, "moved"))));
        const std::string outcome = move(tx, from, "moved", to);
        return outcome == "ok" ? Result<void>() : fail(Error());
    }));
    QVERIFY(before.size() >= pairs + 5);
    reopen();
    auto tx = store().beginWrite();
    QCOMPARE(contentsOf(*tx->bucket(bytesOf(with(to, "moved")))), before);
    QVERIFY(!*tx->bucket(bytesOf(from))->bucket(asBytes("moved")));
}

void TestBoltMoveBucket::txMoveBucketErrors() {
    const auto name = [](ErrorCode code) { return std::string(errorName(code)); };
    auto tx = store().beginWrite();
    for (const Path& path : {Path{"a", "b"}, Path{"c", "b"}, Path{"d"}}) {
        VERIFY_OK(make(*tx, path, 2));
    }
    VERIFY_OK(tx->bucket(bytesOf({"a"}))->put(asBytes("plain"), {}));
    VERIFY_OK(tx->bucket(bytesOf({"d"}))->put(asBytes("b"), {}));
    const auto before = contentsOf(tx->rootBucket());
    QCOMPARE(move(*tx, {"a"}, "nope", {"c"}), name(ErrorCode::BucketNotFound));
    QCOMPARE(move(*tx, {"a"}, "b", {"c"}), name(ErrorCode::BucketExists));
    QCOMPARE(move(*tx, {"a"}, "plain", {"c"}), name(ErrorCode::IncompatibleValue));
    QCOMPARE(move(*tx, {"a"}, "b", {"d"}), name(ErrorCode::IncompatibleValue));
    QCOMPARE(move(*tx, {"a"}, "b", {"a"}), name(ErrorCode::SameBuckets));
    QCOMPARE(move(*tx, {}, "a", {}), name(ErrorCode::SameBuckets)); // both the root bucket
    QCOMPARE(contentsOf(tx->rootBucket()), before);
    auto kept = *tx->bucket(bytesOf({"a"}));
    auto target = *tx->bucket(bytesOf({"c"}));
    VERIFY_OK(tx->commit());
    VERIFY_FAILS(kept.moveBucket(asBytes("b"), target), ErrorCode::TransactionClosed);
    auto next = store().beginWrite();
    auto source = *next->bucket(bytesOf({"a"}));
    VERIFY_FAILS(source.moveBucket(asBytes("b"), target), ErrorCode::DifferentDatabase);
    QCOMPARE(contentsOf(next->rootBucket()), before);
}

void TestBoltMoveBucket::bucketMoveBucketDiffDB() {
    auto other = Store::open(newPath(), smallPages());
    auto here = store().beginWrite();
    auto there = other->beginWrite();
    VERIFY_OK(make(*here, {"a", "b"}, 2));
    VERIFY_OK(make(*there, {"c"}));
    auto source = *here->bucket(bytesOf({"a"}));
    auto target = *there->bucket(bytesOf({"c"}));
    VERIFY_FAILS(source.moveBucket(asBytes("b"), target), ErrorCode::DifferentDatabase);
    VERIFY_OK(here->commit());
    QCOMPARE(entries({"a", "b"}).size(), 2U);
}

void TestBoltMoveBucket::moveKeepsUncommittedChanges_data() {
    QTest::addColumn<quint64>("pairs");
    QTest::newRow("new") << quint64{0};
    QTest::newRow("inline") << quint64{5};
    QTest::newRow("with pages") << quint64{3000};
}

void TestBoltMoveBucket::moveKeepsUncommittedChanges() {
    QFETCH(quint64, pairs);
    if (pairs > 0) {
        VERIFY_OK(update([&](WriteTransaction& tx) -> Result<void> {
            auto done = make(tx, {"from", "moved"}, pairs);
            if (done) {
                done = make(tx, {"from", "moved", "nested"}, pairs);
            }
            return done ? Result<void>() : fail(done.error());
        }));
    }
    auto tx = store().beginWrite();
    auto moved = make(*tx, {"from", "moved"});
    auto nested = make(*tx, {"from", "moved", "nested"});
    VERIFY_OK(make(*tx, {"to"}));
    for (std::uint64_t i = 0; i < 500; ++i) { // more than the page it may have had
        VERIFY_OK(moved->put(asBytes("new" + digits(i, 4)), asBytes("uncommitted")));
    }
    VERIFY_OK(moved->remove(asBytes("000001")));
    VERIFY_OK(nested->put(asBytes("deep"), asBytes("uncommitted")));
    VERIFY_OK(moved->setSequence(12));
    const auto before = contentsOf(*moved);
    QCOMPARE(move(*tx, {"from"}, "moved", {"to"}), std::string("ok"));
    QCOMPARE(contentsOf(*moved), before);
    QCOMPARE(moved->level(), 2U);
    VERIFY_OK(tx->commit());
    reopen();
    auto next = store().beginWrite();
    QCOMPARE(contentsOf(*next->bucket(bytesOf({"to", "moved"}))), before);
    QCOMPARE(*next->bucket(bytesOf({"to", "moved"}))->sequence(), 12U);
    QCOMPARE(contentsOf(*next->bucket(bytesOf({"from"}))), std::vector<std::string>());
}

void TestBoltMoveBucket::moveIntoItsOwnDescendantIsRefused() {
    const std::string refused(errorName(ErrorCode::BucketInsideItself));
    VERIFY_OK(update([](WriteTransaction& tx) -> Result<void> {
        const auto done = make(tx, {"a", "b", "c"}, 1000);
        return done ? Result<void>() : fail(done.error());
    }));
    auto tx = store().beginWrite();
    const auto before = contentsOf(tx->rootBucket());
    QCOMPARE(move(*tx, {}, "a", {"a"}), refused);
    QCOMPARE(move(*tx, {}, "a", {"a", "b"}), refused);
    QCOMPARE(move(*tx, {}, "a", {"a", "b", "c"}), refused);
    QCOMPARE(move(*tx, {"a"}, "b", {"a", "b", "c"}), refused);
    QCOMPARE(contentsOf(tx->rootBucket()), before);
    VERIFY_OK(tx->commit());
    QCOMPARE(entries({"a", "b", "c"}).size(), 1000U);
}

void TestBoltMoveBucket::moveBeyondTheDepthLimitIsRefused_data() {
    QTest::addColumn<bool>("isCommitted");
    QTest::newRow("made in the same transaction") << false;
    QTest::newRow("committed before") << true;
}

// Else nobody could open the buckets at its end any more.
void TestBoltMoveBucket::moveBeyondTheDepthLimitIsRefused() {
    QFETCH(bool, isCommitted);
    constexpr std::uint32_t kLevels = 100; // of the bucket that moves, itself included
    auto tx = store().beginWrite();
    const auto nest = [&tx](const char* name, std::uint32_t levels) {
        std::vector<WriteBucket> chain{tx->rootBucket()};
        for (std::uint32_t i = 0; i < levels; ++i) {
            chain.push_back(*chain.back().createBucketIfNotExists(asBytes(name)));
        }
        return chain;
    };
    constexpr std::uint32_t kDeep = format::kMaxBucketDepth - kLevels + 1;
    nest("moved", kLevels);
    nest("deep", kDeep);
    if (isCommitted) {
        VERIFY_OK(tx->commit());
        tx = store().beginWrite();
    }
    std::vector<WriteBucket> deep = nest("deep", kDeep);
    QCOMPARE(deep.back().level(), kDeep);
    QCOMPARE(outcomeOf(tx->rootBucket().moveBucket(asBytes("moved"), deep.back())),
             std::string(errorName(ErrorCode::LimitReached)));
    VERIFY_OK(tx->bucket(bytesOf(Path(kLevels, "moved")))); // where it was
    WriteBucket& higher = deep[deep.size() - 2];
    VERIFY_OK(tx->rootBucket().moveBucket(asBytes("moved"), higher));
    Path path(kDeep - 1, "deep");
    path.resize(format::kMaxBucketDepth, "moved");
    QCOMPARE(tx->bucket(bytesOf(path))->level(), format::kMaxBucketDepth);
    VERIFY_OK(tx->commit());
    QCOMPARE(entries(path), Pairs());
}

// The handle goes on being that bucket.
void TestBoltMoveBucket::movedBucketsCanBeUsedOn() {
    auto tx = store().beginWrite();
    auto moved = make(*tx, {"from", "moved"}, 3);
    auto nested = make(*tx, {"from", "moved", "nested"});
    VERIFY_OK(make(*tx, {"to"}));
    QCOMPARE(move(*tx, {"from"}, "moved", {"to"}), std::string("ok"));
    VERIFY_OK(moved->put(asBytes("after"), asBytes("1")));
    VERIFY_OK(nested->put(asBytes("after"), asBytes("2")));
    VERIFY_OK(tx->deleteBucket(asBytes("from")));
    VERIFY_OK(moved->put(asBytes("later"), asBytes("3")));
    VERIFY_OK(tx->commit());
    QCOMPARE(get({"to", "moved"}, "after"), std::string("1"));
    QCOMPARE(get({"to", "moved"}, "later"), std::string("3"));
    QCOMPARE(get({"to", "moved", "nested"}, "after"), std::string("2"));
}

void TestBoltMoveBucket::deletedAfterMove() {
    VERIFY_OK(update([](WriteTransaction& tx) -> Result<void> {
        const auto done = make(tx, {"from", "moved"}, 3000);
        return done ? Result<void>() : fail(done.error());
    }));
    auto tx = store().beginWrite();
    auto moved = make(*tx, {"from", "moved"}, 10);
    VERIFY_OK(make(*tx, {"to"}));
    QCOMPARE(move(*tx, {"from"}, "moved", {"to"}), std::string("ok"));
    VERIFY_OK(tx->deleteBucket(asBytes("to"))); // the check finds pages that leak
    VERIFY_FAILS(moved->get(asBytes("000001")), ErrorCode::BucketNotFound);
    VERIFY_OK(tx->commit());
    QCOMPARE(entries({}), (Pairs{{"from", "<bucket>"}}));
}

void TestBoltMoveBucket::moveThereAndBack() {
    VERIFY_OK(update([](WriteTransaction& tx) -> Result<void> {
        auto done = make(tx, {"a", "moved", "nested"}, 5);
        if (done) {
            done = make(tx, {"b"});
        }
        return done ? Result<void>() : fail(done.error());
    }));
    auto tx = store().beginWrite();
    const auto before = contentsOf(tx->rootBucket());
    for (int i = 0; i < 3; ++i) {
        QCOMPARE(move(*tx, {"a"}, "moved", {"b"}), std::string("ok"));
        QCOMPARE(move(*tx, {"b"}, "moved", {"a"}), std::string("ok"));
    }
    QCOMPARE(contentsOf(tx->rootBucket()), before);
    VERIFY_OK(tx->commit());
    auto next = store().beginWrite();
    QCOMPARE(contentsOf(next->rootBucket()), before);
}

void TestBoltMoveBucket::moveAndMakeAnewUnderTheOldName() {
    auto tx = store().beginWrite();
    VERIFY_OK(make(*tx, {"a", "moved"}, 2));
    VERIFY_OK(make(*tx, {"b"}));
    QCOMPARE(move(*tx, {"a"}, "moved", {"b"}), std::string("ok"));
    VERIFY_OK(make(*tx, {"a", "moved"}, 1));
    VERIFY_OK(tx->commit());
    QCOMPARE(entries({"a", "moved"}).size(), 1U);
    QCOMPARE(entries({"b", "moved"}).size(), 2U);
}

QTEST_GUILESS_MAIN(TestBoltMoveBucket)
#include "tst_bolt_move_bucket.moc"
