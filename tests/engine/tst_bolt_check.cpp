// SPDX-License-Identifier: MIT
// What bbolt's tx_check_test.go and internal/tests ask of the check. Slots carry its names. All
// other findings: tst_check.cpp, tst_check_contents.cpp.
#include "format/byte_order.h"
#include "pagescape/format.h"
#include "support/store_fixture.h"

#include <QFile>

#include <set>

using namespace pagescape;
using namespace pagescape::test;

namespace {

constexpr std::uint64_t kPageSize = 4096;

} // namespace

class TestBoltCheck : public StoreFixture {
    Q_OBJECT

private:
    // A bucket of several leaves, closed; the leaves in key order.
    std::vector<PageId> makeLeaves() {
        Pairs pairs;
        for (std::uint64_t i = 0; i < 400; ++i) {
            pairs.emplace_back("k" + digits(i, 4), std::string(50, 'v'));
        }
        [&] { VERIFY_OK(putAll("data", pairs)); }();
        std::vector<PageId> leaves;
        {
            const auto tx = store().beginRead();
            const Path path{"data"};
            Cursor cursor = tx->bucket(bytesOf(path))->cursor();
            for (auto entry = cursor.first(); entry && *entry; entry = cursor.next()) {
                if (leaves.empty() || leaves.back() != (*entry)->page) {
                    leaves.push_back((*entry)->page);
                }
            }
        }
        close();
        return leaves;
    }
    [[nodiscard]] QByteArray readPage(PageId id) const {
        QFile file(QString::fromStdString(path()));
        [&] { QVERIFY(file.open(QIODevice::ReadOnly)); }();
        file.seek(qint64(id.value * kPageSize));
        return file.read(kPageSize);
    }
    void writePage(PageId id, const QByteArray& page) const {
        QFile file(QString::fromStdString(path()));
        QVERIFY(file.open(QIODevice::ReadWrite));
        file.seek(qint64(id.value * kPageSize));
        QCOMPARE(file.write(page), qint64(kPageSize));
    }
    // "code@page" of every finding, each once.
    [[nodiscard]] std::set<std::string> findings(std::optional<PageId> from = {}) const {
        const auto file = PageFile::open(path());
        CheckOptions options;
        options.from = from;
        std::set<std::string> found;
        static_cast<void>(check(*file, options, [&found](const Finding& finding) {
            found.insert(std::string(findingName(finding.code)) + "@" +
                         (finding.page ? std::to_string(finding.page->value) : "file"));
        }));
        return found;
    }

private Q_SLOTS:
    void init() { begin(); }
    void cleanup() { end(); }

    void txCheckCorruptPage();
    void txCheckWithNestBucket();
    void txCheckPanic();
    void recursivelyCheckPagesMisplacedPage();
    void recursivelyCheckPagesCorruptedLeaf();
};

// A key becomes greater than those behind it: that leaf is wrong, its siblings are not.
void TestBoltCheck::txCheckCorruptPage() {
    const std::vector<PageId> leaves = makeLeaves();
    QVERIFY(leaves.size() > 3);
    QByteArray page = readPage(leaves[1]);
    const int key = int(page.indexOf("k", 16 + 16 * 60)); // behind the elements
    QVERIFY(key > 0);
    page[key + 1] = 'z';
    writePage(leaves[1], page);
    const std::string number = std::to_string(leaves[1].value);
    const std::set<std::string> found = findings(leaves[1]);
    QVERIFY(!found.empty());
    for (const std::string& finding : found) {
        QVERIFY2(finding.ends_with("@" + number), finding.c_str());
    }
    QVERIFY(findings(leaves[0]).empty());
    QVERIFY(findings(leaves[2]).empty());
    QVERIFY(!findings().empty());
    begin();
}

void TestBoltCheck::txCheckWithNestBucket() {
    VERIFY_OK(update([](WriteTransaction& tx) -> Result<void> {
        auto outer = tx.createBucket(asBytes("parent"));
        auto inner = outer->createBucket(asBytes("nested"));
        for (std::uint64_t i = 0; i < 500; ++i) {
            if (auto put = inner->put(asBytes(digits(i, 5)), asBytes(std::string(30, 'v'))); !put) {
                return put;
            }
        }
        return {};
    }));
    const Path outer{"parent"};
    const Path inner{"parent", "nested"};
    const auto tx = store().beginRead();
    QVERIFY(!tx->bucket(bytesOf(inner))->isInline());
    QVERIFY(findings(tx->bucket(bytesOf(inner))->rootPage()).empty());
    QVERIFY(findings(tx->bucket(bytesOf(outer))->rootPage()).empty());
    QVERIFY(findings(tx->meta().root).empty());
}

// A page without a type is a finding and no crash.
void TestBoltCheck::txCheckPanic() {
    const std::vector<PageId> leaves = makeLeaves();
    QByteArray page = readPage(leaves[0]);
    page[int(format::kHeaderFlagsAt)] = 0;
    writePage(leaves[0], page);
    QVERIFY(findings().count("page-type@" + std::to_string(leaves[0].value)) == 1);
    QVERIFY(findings(leaves[0]).count("page-type@" + std::to_string(leaves[0].value)) == 1);
    begin();
}

// A leaf copied over its neighbour, with the neighbour's number: only its keys are wrong.
void TestBoltCheck::recursivelyCheckPagesMisplacedPage() {
    const std::vector<PageId> leaves = makeLeaves();
    QByteArray page = readPage(leaves[1]);
    format::store<std::uint64_t>(std::as_writable_bytes(std::span(page.data(), 8)).data(),
                                 leaves[2].value);
    writePage(leaves[2], page);
    const std::set<std::string> expected{"key-range@" + std::to_string(leaves[2].value)};
    QVERIFY(findings() == expected);
    begin();
}

// One key becomes 'z…': not below the one behind it, nor below the next separator.
void TestBoltCheck::recursivelyCheckPagesCorruptedLeaf() {
    const std::vector<PageId> leaves = makeLeaves();
    QByteArray page = readPage(leaves[1]);
    const int key = int(page.indexOf("k", 16 + 16 * 60));
    QVERIFY(key > 0);
    page[key] = 'z';
    writePage(leaves[1], page);
    const std::string at = "@" + std::to_string(leaves[1].value);
    const std::set<std::string> found = findings();
    QVERIFY(found.count("key-order" + at) == 1);
    QVERIFY(found.count("key-range" + at) == 1);
    QCOMPARE(found.size(), std::size_t{2});
    begin();
}

QTEST_GUILESS_MAIN(TestBoltCheck)
#include "tst_bolt_check.moc"
