// SPDX-License-Identifier: MIT
// NodeItems against a sorted map: a packed page with edits holds, finds and writes the same as a
// list of all its items.
#include "format/byte_order.h"
#include "node/node_items.h"

#include <QtTest>

#include <deque>
#include <map>
#include <random>

using namespace pagescape;

namespace {

using Model = std::map<std::string, std::string>; // of a branch: the child's number as text

Item itemOf(const std::string& key, const std::string& value, bool isLeaf) {
    Item item;
    item.keyData = asBytes(key).data();
    item.keySize = static_cast<std::uint32_t>(key.size());
    item.prefix = keyPrefix(asBytes(key));
    if (isLeaf) {
        item.valueData = asBytes(value).data();
        item.valueSize = static_cast<std::uint32_t>(value.size());
        item.flags = value.size() % 2;
    } else {
        item.child = nullptr;
        item.page = std::stoull(value);
    }
    return item;
}

// The page that bolt would write for these items.
std::vector<std::byte> imageOf(const Model& model, bool isLeaf) {
    std::vector<std::byte> page(format::kPageHeaderSize + model.size() * format::kElementSize);
    format::store<std::uint16_t>(page.data() + format::kHeaderFlagsAt,
                                 isLeaf ? format::kLeafFlag : format::kBranchFlag);
    format::store<std::uint16_t>(page.data() + format::kHeaderCountAt,
                                 static_cast<std::uint16_t>(model.size()));
    std::size_t at = format::kPageHeaderSize;
    for (const auto& [key, value] : model) {
        storeElement(page.data() + at, isLeaf, itemOf(key, value, isLeaf),
                     static_cast<std::uint32_t>(page.size() - at));
        const Bytes bytes = asBytes(key);
        page.insert(page.end(), bytes.begin(), bytes.end());
        if (isLeaf) {
            page.insert(page.end(), asBytes(value).begin(), asBytes(value).end());
        }
        at += format::kElementSize;
    }
    return page;
}

std::uint64_t bytesOf(const Model& model, bool isLeaf) {
    return imageOf(model, isLeaf).size() - format::kPageHeaderSize;
}

std::vector<std::byte> written(NodeItems& items, bool isLeaf) {
    if (items.isPacked()) {
        std::vector<std::byte> body(items.bytes());
        items.store(body.data());
        return body;
    }
    Model model;
    const ItemList& list = items.list();
    for (auto at = list.begin(); !list.isEnd(at); at = list.next(at)) {
        model[toString(list[at].key())] =
            isLeaf ? toString(list[at].value()) : std::to_string(list[at].page);
    }
    const auto page = imageOf(model, isLeaf);
    return {page.begin() + format::kPageHeaderSize, page.end()};
}

} // namespace

class TestNodeItems : public QObject {
    Q_OBJECT
private slots:
    void likeAMap_data();
    void likeAMap();
    void removedKeyComesBack();
    void renamedChildIsFound();
    void gapsAreUnpacked();
    void pageThatChangesLater();
    void damageIsNamed_data();
    void damageIsNamed();
};

void TestNodeItems::likeAMap_data() {
    QTest::addColumn<bool>("isLeaf");
    QTest::addColumn<int>("edits");
    QTest::newRow("leaf, few edits") << true << 6;
    QTest::newRow("leaf, many edits") << true << 60;
    QTest::newRow("branch, few edits") << false << 6;
    QTest::newRow("branch, many edits") << false << 60;
}

void TestNodeItems::likeAMap() {
    QFETCH(const bool, isLeaf);
    QFETCH(const int, edits);
    std::mt19937 random(7);
    bool wasPacked = false;
    for (int round = 0; round < 400; ++round) {
        std::deque<std::string> texts; // what the items point into
        const auto keep = [&texts](std::string text) -> const std::string& {
            return texts.emplace_back(std::move(text));
        };
        const auto newKey = [&] { return std::to_string(random() % 50) + "key"; };
        const auto newValue = [&] {
            return isLeaf ? std::string(random() % 20, 'v') : std::to_string(random());
        };
        Model model;
        for (std::size_t i = random() % 40; i > 0; --i) {
            model[newKey()] = newValue();
        }
        const auto page = imageOf(model, isLeaf);
        NodeItems items;
        QVERIFY(!items.load(format::PageView(page)));
        for (int i = 0; i < edits; ++i) {
            const std::string& key = keep(newKey());
            const auto found = items.find(asBytes(key));
            const auto known = model.find(key);
            QCOMPARE(found.exact, known != model.end());
            if (found.exact && isLeaf) {
                QCOMPARE(toString(items.at(found.at).value()), known->second);
            }
            if (found.exact && random() % 2 == 0) {
                items.erase(found.at);
                model.erase(key);
            } else {
                const std::string& value = keep(newValue());
                const Item item = itemOf(key, value, isLeaf);
                if (found.exact) {
                    items.assign(found.at, item);
                } else {
                    items.insert(found.at, item);
                }
                model[key] = value;
            }
            if (!isLeaf && !model.empty()) { // the last key that is not above, or the first one
                const std::string asked = newKey();
                auto child = model.upper_bound(asked);
                child = child == model.begin() ? child : std::prev(child);
                QCOMPARE(toString(items.at(items.childFor(asBytes(asked))).key()), child->first);
            }
            QCOMPARE(items.size(), model.size());
            QCOMPARE(items.bytes(), bytesOf(model, isLeaf));
            if (!model.empty()) {
                QCOMPARE(toString(items.firstKey()), model.begin()->first);
            }
        }
        wasPacked = wasPacked || items.isPacked();
        const auto expected = imageOf(model, isLeaf);
        QVERIFY(std::ranges::equal(written(items, isLeaf),
                                   std::span(expected).subspan(format::kPageHeaderSize)));
        static_cast<void>(items.list());
        QVERIFY(std::ranges::equal(written(items, isLeaf),
                                   std::span(expected).subspan(format::kPageHeaderSize)));
        QCOMPARE(items.bytes(), bytesOf(model, isLeaf));
    }
    QCOMPARE(wasPacked, !isLeaf || edits < 10); // both ways were taken
}

void TestNodeItems::removedKeyComesBack() {
    const Model model{{"a", "1"}, {"b", "22"}, {"c", "333"}};
    const auto page = imageOf(model, true);
    NodeItems items;
    QVERIFY(!items.load(format::PageView(page)));
    items.erase(items.find(asBytes("b")).at);
    QVERIFY(!items.find(asBytes("b")).exact);
    const std::string key = "b";
    const std::string value = "22";
    items.insert(items.find(asBytes("b")).at, itemOf(key, value, true));
    QVERIFY(items.isPacked());
    QVERIFY(
        std::ranges::equal(written(items, true), std::span(page).subspan(format::kPageHeaderSize)));
}

// After a commit a child is called by its first key, which may be another than before.
void TestNodeItems::renamedChildIsFound() {
    const auto page = imageOf({{"b", "1"}, {"d", "2"}, {"f", "3"}}, false);
    NodeItems items;
    QVERIFY(!items.load(format::PageView(page)));
    const std::string lower = "a";
    const std::string higher = "e";
    items.assign(items.find(asBytes("b")).at, itemOf(lower, "10", false));
    items.assign(items.find(asBytes("d")).at, itemOf(higher, "20", false));
    QVERIFY(!items.find(asBytes("b")).exact);
    QVERIFY(!items.find(asBytes("d")).exact);
    QVERIFY(items.find(asBytes("a")).exact);
    QCOMPARE(items.at(items.childFor(asBytes("dzz"))).page, 10U);
    const std::string again = "b"; // a part of the first child, split off
    items.insert(items.find(asBytes("b")).at, itemOf(again, "11", false));
    QVERIFY(items.isPacked());
    const auto expected = imageOf({{"a", "10"}, {"b", "11"}, {"e", "20"}, {"f", "3"}}, false);
    QVERIFY(std::ranges::equal(written(items, false),
                               std::span(expected).subspan(format::kPageHeaderSize)));
}

// Another writer may leave bytes between the pairs; they are not carried on.
void TestNodeItems::gapsAreUnpacked() {
    Model model{{"a", "1"}, {"b", "22"}};
    auto page = imageOf(model, true);
    page.push_back(std::byte{0xAA});
    std::rotate(page.end() - 4, page.end() - 1, page.end()); // before "b22"
    auto* second = page.data() + format::kPageHeaderSize + format::kElementSize;
    format::store<std::uint32_t>(second + format::kLeafPosAt,
                                 format::load<std::uint32_t>(second + format::kLeafPosAt) + 1);
    NodeItems items;
    QVERIFY(!items.load(format::PageView(page)));
    QVERIFY(!items.isPacked());
    QCOMPARE(items.bytes(), bytesOf(model, true));
}

// Another program broke the lock: garbage may be written, but nothing outside the page is read.
void TestNodeItems::pageThatChangesLater() {
    auto page = imageOf({{"a", "1"}, {"b", "22"}, {"c", "333"}}, true);
    NodeItems items;
    QVERIFY(!items.load(format::PageView(page)));
    items.erase(items.find(asBytes("c")).at);
    format::store<std::uint32_t>(page.data() + format::kPageHeaderSize + format::kLeafPosAt,
                                 0x7FFFFFFFU);
    std::vector<std::byte> body(items.bytes(), std::byte{0xAA});
    items.store(body.data());
    QCOMPARE(body.back(), std::byte{0});
}

void TestNodeItems::damageIsNamed_data() {
    QTest::addColumn<int>("at");
    QTest::addColumn<quint32>("value");
    QTest::addColumn<QString>("text");
    QTest::newRow("position") << int(format::kLeafPosAt) << 1000U << "Key or value leaves the page";
    QTest::newRow("value size") << int(format::kLeafValueSizeAt) << 0xFFFFFFFFU
                                << "Key or value leaves the page";
    QTest::newRow("order") << int(format::kLeafKeySizeAt) << 0U << "The keys are out of order";
}

void TestNodeItems::damageIsNamed() {
    QFETCH(const int, at);
    QFETCH(const quint32, value);
    QFETCH(const QString, text);
    auto page = imageOf({{"a", "1"}, {"b", "22"}}, true);
    format::store<std::uint32_t>(page.data() + format::kPageHeaderSize + format::kElementSize + at,
                                 value);
    NodeItems items;
    const auto damage = items.load(format::PageView(page));
    QVERIFY(damage.has_value());
    QCOMPARE(damage->index, 1U);
    QCOMPARE(QString::fromLatin1(damage->text), text);
}

QTEST_APPLESS_MAIN(TestNodeItems)
#include "tst_node_items.moc"
