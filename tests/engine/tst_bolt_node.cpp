// SPDX-License-Identifier: MIT
// What bbolt's node_test.go asks of pages in memory: order, splitting, merging, the bytes of a
// page. Slots carry its names. bbolt splits for a page of 100 bytes; here pages have 1024 or more,
// with items to match, and the trace tells what became of a node.
#include "node/item_list.h"
#include "pagescape/format.h"
#include "pagescape/trace.h"
#include "support/store_fixture.h"

#include <QRandomGenerator>

#include <algorithm>
#include <deque>
#include <map>

using namespace pagescape;
using namespace pagescape::test;

namespace {

// Keeps the events of one kind.
template <typename Event>
class Recorder final : public TraceSink {
public:
    void onEvent(const TraceEvent&) noexcept override {}
    void onWriteEvent(const WriteTraceEvent& event) noexcept override {
        if (const auto* each = std::get_if<Event>(&event)) {
            events.push_back(*each);
        }
    }
    std::vector<Event> events;
};

Item itemOf(std::string_view key, std::string_view value, std::uint32_t flags = 0) {
    Item item;
    item.prefix = keyPrefix(asBytes(key));
    item.keyData = asBytes(key).data();
    item.keySize = static_cast<std::uint32_t>(key.size());
    item.valueData = asBytes(value).data();
    item.valueSize = static_cast<std::uint32_t>(value.size());
    item.flags = flags;
    return item;
}

void putItem(ItemList& items, const Item& item) {
    const auto found = items.find(item.key());
    if (found.exact) {
        items.assign(found.at, item);
    } else {
        items.insert(found.at, item);
    }
}

std::vector<std::string> keysOf(const ItemList& items) {
    std::vector<std::string> keys;
    for (auto at = items.begin(); !items.isEnd(at); at = items.next(at)) {
        keys.push_back(toString(items[at].key()));
    }
    return keys;
}

} // namespace

class TestBoltNode : public StoreFixture {
    Q_OBJECT

private:
    [[nodiscard]] StoreOptions traced(TraceSink& sink, quint32 pageSize = 1024) const {
        StoreOptions options = smallPages();
        options.pageSize = pageSize;
        options.trace = &sink;
        return options;
    }
    // Pairs of `size` bytes each: a 4-byte key and the rest in the value, without the 16 of the
    // element.
    [[nodiscard]] static Pairs pairsOf(std::uint64_t count, std::size_t size) {
        Pairs pairs;
        for (std::uint64_t i = 0; i < count; ++i) {
            pairs.emplace_back(digits(i, 4), std::string(size - 4, 'v'));
        }
        return pairs;
    }
    // Items of each leaf of bucket "b", in key order.
    [[nodiscard]] std::vector<std::uint32_t> leafCounts() {
        std::vector<std::uint32_t> counts;
        const auto tx = store().beginRead();
        Cursor cursor = tx->bucket(bytesOf({"b"}))->cursor();
        for (auto entry = cursor.first(); entry && *entry; entry = cursor.next()) {
            if ((*entry)->index == 0) {
                counts.push_back(0);
            }
            ++counts.back();
        }
        return counts;
    }

private Q_SLOTS:
    void init() { begin(); }
    void cleanup() { end(); }

    void nodePut();
    void nodePutManyAtRandom();
    void nodeReadLeafPage();
    void nodeWriteLeafPage();
    void nodeSplit();
    void nodeSplitLeavesThreeBehind();
    void nodeSplitMinKeys();
    void nodeSplitSinglePage_data();
    void nodeSplitSinglePage();
    void nodeSplitFollowsTheFillPercent_data();
    void nodeSplitFollowsTheFillPercent();
    void rebalanceThreshold_data();
    void rebalanceThreshold();
    void firstChildMergesWithItsRightNeighbour();
    void rootWithOneChildGivesWay();
    void moreItemsThanAPageCanCount();
};

void TestBoltNode::nodePut() {
    ItemList items;
    putItem(items, itemOf("baz", "2"));
    putItem(items, itemOf("foo", "0"));
    putItem(items, itemOf("bar", "1"));
    putItem(items, itemOf("foo", "3", format::kBucketElementFlag));
    QCOMPARE(items.size(), 3U);
    QCOMPARE(keysOf(items), (std::vector<std::string>{"bar", "baz", "foo"}));
    const Item& last = items[items.last()];
    QCOMPARE(toString(last.value()), std::string("3"));
    QCOMPARE(last.flags, std::uint32_t{format::kBucketElementFlag});
    QCOMPARE(items.bytes(), 3U * (16 + 3 + 1));
}

// Chunks of items are cut and joined: against a sorted map.
void TestBoltNode::nodePutManyAtRandom() {
    QRandomGenerator random(5);
    std::map<std::string, std::string> expected;
    std::deque<std::string> keys; // an item points to its key
    ItemList items;
    for (int i = 0; i < 20000; ++i) {
        const std::string key = (random.bounded(2) == 0 ? "" : "longprefix") +
                                std::string(random.bounded(3U), '\0') +
                                std::to_string(random.bounded(2000));
        if (random.bounded(3) > 0) {
            keys.push_back(key);
            putItem(items, itemOf(keys.back(), "v"));
            expected[key] = "v";
        } else if (const auto found = items.find(asBytes(key)); found.exact) {
            items.erase(found.at);
            QCOMPARE(expected.erase(key), 1U);
        } else {
            QVERIFY(expected.count(key) == 0);
        }
    }
    std::vector<std::string> sorted;
    std::uint64_t bytes = 0;
    for (const auto& [key, value] : expected) {
        sorted.push_back(key);
        bytes += 16 + key.size() + value.size();
    }
    QCOMPARE(items.size(), sorted.size());
    QCOMPARE(items.bytes(), bytes);
    QVERIFY(keysOf(items) == sorted);
    auto at = items.last();
    for (std::size_t i = sorted.size(); i-- > 0; at = i > 0 ? items.prev(at) : at) {
        QVERIFY(toString(items[at].key()) == sorted[i]);
    }
    ItemList rest;
    putItem(rest, itemOf("zzz", "v"));
    items.take(rest);
    QCOMPARE(items.size(), sorted.size() + 1);
    QVERIFY(rest.empty());
    QCOMPARE(toString(items[items.last()].key()), std::string("zzz"));
}

// A node that was read from a page holds what the page held.
void TestBoltNode::nodeReadLeafPage() {
    Recorder<NodeLoadedEvent> recorder;
    begin(traced(recorder));
    const Pairs pairs{{"bar", std::string(300, 'b')}, {"helloworld", std::string(300, 'h')}};
    VERIFY_OK(putAll("b", pairs));
    recorder.events.clear();
    auto tx = store().beginWrite();
    auto bucket = *tx->bucket(asBytes("b"));
    VERIFY_OK(bucket->put(asBytes("c"), {}));
    QCOMPARE(recorder.events.size(), 1U);
    QVERIFY(recorder.events[0].isLeaf);
    QCOMPARE(recorder.events[0].items, 2U);
    QCOMPARE(recorder.events[0].page, bucket->rootPage());
    Pairs expected = pairs;
    expected.insert(expected.begin() + 1, {"c", ""});
    QCOMPARE(entriesOf(bucket->cursor()), expected);
    VERIFY_OK(tx->rollback());
    reopen(); // the sink ends with this test
}

// Byte for byte, with an inline bucket at an odd offset.
void TestBoltNode::nodeWriteLeafPage() {
    VERIFY_OK(putAll("widgets", {{"foo", "bar"}}));
    const auto file = PageFile::open(path());
    const std::vector<std::byte> page = *file->readPages(PageId{4}, 1);
    const QByteArray expected = QByteArray::fromHex("0400000000000000"
                                                    "0200"
                                                    "0100"
                                                    "00000000" // header
                                                    "01000000"
                                                    "10000000"
                                                    "07000000"
                                                    "36000000" // element
                                                    ) +
                                "widgets" + QByteArray(16, '\0') + // bucket header
                                QByteArray::fromHex("0000000000000000"
                                                    "0200"
                                                    "0100"
                                                    "00000000" // inline page
                                                    "00000000"
                                                    "10000000"
                                                    "03000000"
                                                    "03000000") +
                                "foobar";
    QCOMPARE(QByteArray::fromStdString(toString(Bytes(page).first(std::size_t(expected.size())))),
             expected);
    for (const std::byte rest : Bytes(page).subspan(std::size_t(expected.size()))) {
        QCOMPARE(rest, std::byte{0});
    }
}

// Five items that need two pages: two and three.
void TestBoltNode::nodeSplit() {
    Recorder<SplitEvent> recorder;
    begin(traced(recorder));
    VERIFY_OK(putAll("b", pairsOf(5, 384)));
    QCOMPARE(leafCounts(), (std::vector<std::uint32_t>{2, 3}));
    QVERIFY(!recorder.events.empty());
    const SplitEvent& leaf = recorder.events.front();
    QVERIFY(leaf.isLeaf);
    QCOMPARE(leaf.items, 5U);
    QCOMPARE(leaf.bytes, 16U + 5 * 400);
    QCOMPARE(leaf.threshold, 512U);
    QCOMPARE(leaf.pages, 2U);
    reopen();
}

// The rule ends at the third item from the end, however small the items are.
void TestBoltNode::nodeSplitLeavesThreeBehind() {
    StoreOptions options = smallPages();
    options.pageSize = 1024;
    begin(options);
    Pairs pairs = pairsOf(5, 20);
    pairs.back().second = std::string(2900, 'v');
    VERIFY_OK(putAll("b", pairs));
    QCOMPARE(leafCounts(), (std::vector<std::uint32_t>{2, 3}));
    QCOMPARE(stats({"b"}).leafOverflow, 2U); // 16 + 36 + 36 + 2920 bytes
}

// Four items stay together, whatever their size.
void TestBoltNode::nodeSplitMinKeys() {
    StoreOptions options = smallPages();
    options.pageSize = 1024;
    begin(options);
    VERIFY_OK(putAll("b", pairsOf(4, 5000)));
    QCOMPARE(leafCounts(), (std::vector<std::uint32_t>{4}));
    QCOMPARE(stats({"b"}).leafPages, 1U);
    QCOMPARE(stats({"b"}).leafOverflow, 19U); // 16 + 4 * 5016 bytes
}

void TestBoltNode::nodeSplitSinglePage_data() {
    QTest::addColumn<int>("lastValue");
    QTest::addColumn<int>("leaves");
    // Header 16, five elements 80, keys 20, four values of 100.
    QTest::newRow("one byte less than a page") << 1023 - 516 << 1;
    QTest::newRow("exactly a page") << 1024 - 516 << 2;
}

void TestBoltNode::nodeSplitSinglePage() {
    QFETCH(int, lastValue);
    StoreOptions options = smallPages();
    options.pageSize = 1024;
    begin(options);
    Pairs pairs = pairsOf(5, 104);
    pairs.back().second = std::string(std::size_t(lastValue), 'v');
    VERIFY_OK(putAll("b", pairs));
    QTEST(int(leafCounts().size()), "leaves");
}

void TestBoltNode::nodeSplitFollowsTheFillPercent_data() {
    QTest::addColumn<double>("fill");
    QTest::addColumn<quint32>("itemsInAFullPage");
    // 1024 bytes, 100 an item, header 16.
    QTest::newRow("0.5") << 0.5 << 4U;
    QTest::newRow("1") << 1.0 << 10U;
    QTest::newRow("0.1 keeps two") << 0.1 << 2U;
    QTest::newRow("too little counts as 0.1") << 0.0 << 2U;
    QTest::newRow("too much counts as 1") << 9.0 << 10U;
}

void TestBoltNode::nodeSplitFollowsTheFillPercent() {
    QFETCH(double, fill);
    QFETCH(quint32, itemsInAFullPage);
    StoreOptions options = smallPages();
    options.pageSize = 1024;
    begin(options);
    VERIFY_OK(putAll("b", pairsOf(100, 84), fill));
    const std::vector<std::uint32_t> counts = leafCounts();
    QVERIFY(counts.size() > 2);
    for (std::size_t i = 0; i + 2 < counts.size(); ++i) {
        QCOMPARE(counts[i], itemsInAFullPage);
    }
    auto tx = store().beginWrite(); // it does not last
    QCOMPARE((*tx->bucket(asBytes("b")))->fillPercent(), 0.5);
}

void TestBoltNode::rebalanceThreshold_data() {
    QTest::addColumn<int>("valueLeft");
    QTest::addColumn<bool>("isMerged");
    // A leaf of two items: 16 + 2 * 20 + values; a quarter of 1024 is 256.
    QTest::newRow("a quarter") << 100 << true;
    QTest::newRow("one byte more") << 101 << false;
}

void TestBoltNode::rebalanceThreshold() {
    QFETCH(int, valueLeft);
    QFETCH(bool, isMerged);
    Recorder<RebalanceEvent> recorder;
    begin(traced(recorder));
    Pairs pairs = pairsOf(20, 100);
    // Four items a leaf: the leaf of 4 to 7 keeps two of a chosen size.
    VERIFY_OK(putAll("b", pairs));
    QCOMPARE(leafCounts()[1], 4U);
    recorder.events.clear();
    VERIFY_OK(update([&](WriteTransaction& tx) -> Result<void> {
        auto bucket = *tx.bucket(asBytes("b"));
        auto done = bucket->put(asBytes("0004"), asBytes(std::string(100, 'x')));
        if (done) {
            done = bucket->put(asBytes("0005"), asBytes(std::string(std::size_t(valueLeft), 'x')));
        }
        for (const char* key : {"0006", "0007"}) {
            if (done) {
                done = bucket->remove(asBytes(key));
            }
        }
        return done;
    }));
    QCOMPARE(!recorder.events.empty(), isMerged);
    if (isMerged) {
        QCOMPARE(recorder.events[0].action, RebalanceEvent::Action::MergedIntoLeft);
        QCOMPARE(recorder.events[0].bytes, 256U);
        QCOMPARE(recorder.events[0].threshold, 256U);
        QCOMPARE(recorder.events[0].items, 2U);
    }
    QCOMPARE(entries({"b"}).size(), 18U);
    reopen();
}

void TestBoltNode::firstChildMergesWithItsRightNeighbour() {
    Recorder<RebalanceEvent> recorder;
    begin(traced(recorder));
    VERIFY_OK(putAll("b", pairsOf(20, 100)));
    recorder.events.clear();
    VERIFY_OK(update([](WriteTransaction& tx) -> Result<void> {
        auto bucket = *tx.bucket(asBytes("b"));
        auto done = Result<void>();
        for (const char* key : {"0000", "0001", "0002"}) {
            done = done ? bucket->remove(asBytes(key)) : done;
        }
        return done;
    }));
    QCOMPARE(recorder.events.size(), 1U);
    QCOMPARE(recorder.events[0].action, RebalanceEvent::Action::MergedRight);
    QCOMPARE(leafCounts()[0], 5U); // one of its own and four: still less than a page
    reopen();
}

void TestBoltNode::rootWithOneChildGivesWay() {
    Recorder<RebalanceEvent> recorder;
    begin(traced(recorder));
    VERIFY_OK(putAll("b", pairsOf(2000, 100)));
    QCOMPARE(stats({"b"}).depth, 3U);
    recorder.events.clear();
    VERIFY_OK(update([](WriteTransaction& tx) -> Result<void> {
        auto bucket = *tx.bucket(asBytes("b"));
        for (std::uint64_t i = 3; i < 2000; ++i) {
            if (auto removed = bucket->remove(asBytes(digits(i, 4))); !removed) {
                return removed;
            }
        }
        return {};
    }));
    QVERIFY(std::any_of(recorder.events.begin(), recorder.events.end(), [](const auto& event) {
        return event.action == RebalanceEvent::Action::RootCollapsed;
    }));
    QCOMPARE(stats({"b"}).depth, 1U);
    QCOMPARE(entries({"b"}), pairsOf(3, 100));
    reopen();
}

// 65,534 items are the most a page can name; bbolt panics at more. They would fit in an inline
// bucket of such a large page too.
void TestBoltNode::moreItemsThanAPageCanCount() {
    StoreOptions options = smallPages();
    options.pageSize = 16 * 1024 * 1024;
    begin(options);
    VERIFY_OK(update([](WriteTransaction& tx) -> Result<void> {
        auto bucket = tx.createBucket(asBytes("b"));
        for (std::uint64_t i = 0; i < 70000; ++i) {
            if (auto put = bucket->put(asBytes(digits(i, 5)), {}); !put) {
                return put;
            }
        }
        return {};
    }));
    const std::vector<std::uint32_t> counts = leafCounts();
    QCOMPARE(counts.size(), std::size_t{2});
    QCOMPARE(counts[0] + counts[1], 70000U);
    QVERIFY(counts[0] < 0xFFFF);
}

QTEST_GUILESS_MAIN(TestBoltNode)
#include "tst_bolt_node.moc"
