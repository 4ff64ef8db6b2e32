// SPDX-License-Identifier: MIT
// Every shared database, healthy and damaged, against what bbolt reads from it: digest, buckets,
// statistics, cursors, gets and seeks. One row a file.
#include "format/sha256.h"
#include "pagescape/walk.h"
#include "support/truth_fixture.h"

#include <algorithm>
#include <map>

using namespace pagescape;
using namespace pagescape::test;
using nlohmann::json;

namespace {

std::string text(Bytes bytes) {
    return toString(bytes);
}

std::string sha256(Bytes bytes) {
    Sha256 hash;
    hash.update(bytes);
    return hash.hexDigest();
}

/// Key, value and kind of an entry; the value of a bucket is left out.
struct Item {
    std::string key;
    std::string value;
    bool isBucket = false;
    bool operator==(const Item&) const = default;
};

Item itemOf(const Entry& entry) {
    return {text(entry.key), entry.isBucket ? std::string() : text(entry.value), entry.isBucket};
}

BucketStats statsOf(const json& from) {
    BucketStats stats;
    stats.branchPages = from.at("BranchPageN");
    stats.branchOverflow = from.at("BranchOverflowN");
    stats.leafPages = from.at("LeafPageN");
    stats.leafOverflow = from.at("LeafOverflowN");
    stats.keys = from.at("KeyN");
    stats.depth = from.at("Depth");
    stats.branchAlloc = from.at("BranchAlloc");
    stats.branchInuse = from.at("BranchInuse");
    stats.leafAlloc = from.at("LeafAlloc");
    stats.leafInuse = from.at("LeafInuse");
    stats.buckets = from.at("BucketN");
    stats.inlineBuckets = from.at("InlineBucketN");
    stats.inlineInuse = from.at("InlineBucketInuse");
    return stats;
}

QString describe(const BucketStats& s) {
    const std::uint64_t numbers[] = {
        s.branchPages, s.branchOverflow, s.leafPages,   s.leafOverflow, s.keys,
        s.depth,       s.branchAlloc,    s.branchInuse, s.leafAlloc,    s.leafInuse,
        s.buckets,     s.inlineBuckets,  s.inlineInuse};
    QString line;
    for (const std::uint64_t number : numbers) {
        line += QString::number(number) + QLatin1Char(' ');
    }
    return line;
}

} // namespace

class TestTruthContents : public TruthFixture {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { requireSharedData(); }
    void digestAgrees_data() { addRows(); }
    void digestAgrees();
    void bucketsAgree_data() { addRows(); }
    void bucketsAgree();
    void statisticsAgree_data() { addRows(); }
    void statisticsAgree();
    void cursorGoesBothWays_data() { addRows(); }
    void cursorGoesBothWays();
    void getsAgree_data() { addRows(); }
    void getsAgree();
    void seeksAgree_data() { addRows(); }
    void seeksAgree();
};

void TestTruthContents::digestAgrees() {
    const Truth truth = this->truth();
    const auto file = openPages(truth);
    const std::string content = truth.content();
    const auto digest = file ? contentDigest(*file) : Result<ContentDigest>(fail(file.error()));
    QCOMPARE(digest.has_value(), truth.opens());
    if (content == "none") {
        QVERIFY(!digest);
        return;
    }
    QVERIFY(digest);
    const json& strict = truth.json.at("strict");
    const bool isPartial =
        content == "partial" || (content == "either" && !digest->skipped.empty());
    if (isPartial) {
        QVERIFY(!digest->skipped.empty());
        QCOMPARE(digest->pairs, strict.at("careful_pairs").get<std::uint64_t>());
        QCOMPARE(digest->buckets, strict.at("careful_buckets").get<std::uint64_t>());
        return;
    }
    const json& summary = truth.json.at("summary");
    QVERIFY(digest->skipped.empty());
    QCOMPARE(digest->pairs, summary.at("pairs").get<std::uint64_t>());
    QCOMPARE(digest->buckets, summary.at("buckets").get<std::uint64_t>());
    QCOMPARE(digest->sha256, summary.at("digest").get<std::string>());
}

void TestTruthContents::bucketsAgree() {
    const Truth truth = this->truth();
    const json& walk = truth.json.at("bbolt").at("walk");
    if (walk.at("outcome") != "ok") {
        QVERIFY(truth.content() == "partial" || truth.content() == "none");
        return;
    }
    const auto file = openPages(truth);
    QVERIFY(file);
    // path -> {sequence, root, is inline, pairs, buckets}
    struct Seen {
        std::uint64_t sequence, root;
        bool isInline;
        std::uint64_t pairs, buckets;
    };
    std::map<std::vector<std::string>, Seen> seen;
    seen[{}] = Seen{file->layout().metas.activeFields()->rootSequence,
                    file->layout().metas.activeFields()->root.value, false, 0, 0};
    QVERIFY(walkEntries(*file, [&](const WalkItem& item) {
        std::vector<std::string> path;
        for (const Bytes name : *item.path) {
            path.push_back(text(name));
        }
        ++(item.isBucket ? seen.at(path).buckets : seen.at(path).pairs);
        if (item.isBucket) {
            path.push_back(text(item.key));
            seen[path] = Seen{item.sequence, item.root.value, item.isInline, 0, 0};
        }
        return true;
    }));
    QCOMPARE(seen.size(), walk.at("buckets").get<std::size_t>() + 1);
    const bool isCut = truth.content() == "either"; // we may leave the damaged pair out
    for (const json& bucket : walk.at("bucket_list")) {
        const Seen& ours = seen.at(pathNames(bucket.at("path").get<std::string>()));
        QCOMPARE(ours.sequence, bucket.at("sequence").get<std::uint64_t>());
        QCOMPARE(ours.root, bucket.at("root").get<std::uint64_t>());
        QCOMPARE(ours.isInline, bucket.at("inline").get<bool>());
        QVERIFY(isCut || ours.pairs == bucket.at("pairs").get<std::uint64_t>());
        QCOMPARE(ours.buckets, bucket.at("buckets").get<std::uint64_t>());
    }
}

void TestTruthContents::statisticsAgree() {
    const Truth truth = this->truth();
    const json& walk = truth.json.at("bbolt").at("walk");
    if (walk.at("outcome") != "ok") {
        QVERIFY(truth.content() == "partial" || truth.content() == "none");
        return;
    }
    const auto database = openDatabase(truth);
    QVERIFY(database);
    const auto tx = database->beginRead();
    QVERIFY(tx);
    for (const json& item : walk.at("bucket_list")) {
        const auto names = pathNames(item.at("path").get<std::string>());
        const auto bucket = tx->bucket(asPath(names));
        QVERIFY(bucket);
        const auto stats = bucketStats(*bucket, tx->meta().pageSize);
        QVERIFY2(stats, stats ? "" : stats.error().describe().c_str());
        QCOMPARE(describe(*stats), describe(statsOf(item.at("stats"))));
    }
    const auto sum = aggregateStats(*tx);
    QVERIFY(sum);
    QCOMPARE(describe(*sum), describe(statsOf(walk.at("aggregate_stats"))));
}

void TestTruthContents::cursorGoesBothWays() {
    const Truth truth = this->truth();
    if (!truth.opens() || truth.content() == "partial" || truth.content() == "either") {
        QVERIFY(!truth.content().empty());
        return;
    }
    const auto database = openDatabase(truth);
    QVERIFY(database);
    std::map<std::vector<std::string>, std::vector<Item>> stored;
    QVERIFY(walkEntries(database->file(), [&](const WalkItem& item) {
        std::vector<std::string> path;
        for (const Bytes name : *item.path) {
            path.push_back(text(name));
        }
        stored[path].push_back({text(item.key), text(item.value), item.isBucket});
        return true;
    }));
    const auto tx = database->beginRead();
    QVERIFY(tx);
    for (const auto& [names, items] : stored) {
        const auto bucket = tx->bucket(asPath(names));
        QVERIFY(bucket);
        Cursor cursor = bucket->cursor();
        std::vector<Item> forward;
        for (auto at = cursor.first(); at && *at; at = cursor.next()) {
            forward.push_back(itemOf(**at));
        }
        QVERIFY(forward == items);
        std::vector<Item> backward;
        for (auto at = cursor.last(); at && *at; at = cursor.prev()) {
            backward.push_back(itemOf(**at));
        }
        std::reverse(backward.begin(), backward.end());
        QVERIFY(backward == items);
    }
}

void TestTruthContents::getsAgree() {
    const Truth truth = this->truth();
    const json samples = truth.json.at("bbolt").value("samples", json::object());
    const json gets = samples.value("gets", json::array());
    QVERIFY(!gets.empty() || !truth.opens() || !truth.content().empty() ||
            truth.json.at("summary").at("buckets") == 0);
    if (gets.empty()) {
        return;
    }
    const auto database = openDatabase(truth);
    QVERIFY(database);
    const auto tx = database->beginRead();
    QVERIFY(tx);
    for (const json& sample : gets) {
        const auto names = pathNames(sample.at("bucket").get<std::string>());
        const auto bucket = tx->bucket(asPath(names));
        QVERIFY(bucket);
        const std::string key = unhex(sample.at("key").get<std::string>());
        const auto value = bucket->get(asBytes(key));
        QVERIFY2(value, value ? "" : value.error().describe().c_str());
        const auto nested = bucket->bucket(asBytes(key));
        QVERIFY(nested);
        const bool isBucket = sample.at("kind") == "bucket";
        QCOMPARE(nested->has_value(), isBucket);
        QCOMPARE(value->has_value(), !isBucket);
        if (!isBucket) {
            QCOMPARE((*value)->size(), sample.at("len").get<std::size_t>());
            QCOMPARE(sha256(**value), sample.at("sha256").get<std::string>());
        }
    }
}

void TestTruthContents::seeksAgree() {
    const Truth truth = this->truth();
    const json samples = truth.json.at("bbolt").value("samples", json::object());
    const json seeks = samples.value("seeks", json::array());
    QVERIFY(!seeks.empty() || !truth.opens() || !truth.content().empty() ||
            truth.json.at("summary").at("buckets") == 0);
    if (seeks.empty()) {
        return;
    }
    const auto database = openDatabase(truth);
    QVERIFY(database);
    const auto tx = database->beginRead();
    QVERIFY(tx);
    for (const json& sample : seeks) {
        const auto names = pathNames(sample.at("bucket").get<std::string>());
        const auto bucket = tx->bucket(asPath(names));
        QVERIFY(bucket);
        Cursor cursor = bucket->cursor();
        const std::string key = unhex(sample.at("seek").get<std::string>());
        const auto found = cursor.seek(asBytes(key));
        QVERIFY2(found, found ? "" : found.error().describe().c_str());
        const json& expected = sample.at("found");
        QCOMPARE(found->has_value(), !expected.is_null());
        if (*found) {
            QCOMPARE(text((*found)->key), unhex(expected.get<std::string>()));
        }
    }
}

QTEST_GUILESS_MAIN(TestTruthContents)
#include "tst_truth_contents.moc"
