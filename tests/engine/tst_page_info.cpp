// SPDX-License-Identifier: MIT
// What transactions say about single pages: bbolt's Tx.Page (db_whitebox_test.go MethodPage,
// internal/common Page_typ).
#include "pagescape/page_info.h"
#include "support/store_fixture.h"

#include <QFile>

using namespace pagescape;
using namespace pagescape::test;

class TestPageInfo : public StoreFixture {
    Q_OBJECT

private:
    // The types of all pages in order, until there are no more.
    template <typename Transaction>
    static std::string typesOf(const Transaction& tx) {
        std::string types;
        for (std::uint64_t id = 0;; ++id) {
            const auto info = tx.page(PageId{id});
            if (!info || !*info) {
                return info ? types : types + outcomeOf(info);
            }
            types += (types.empty() ? "" : " ") + (*info)->type;
        }
    }

private Q_SLOTS:
    void init() { begin(); }
    void cleanup() { end(); }

    void pagesOfANewFile();
    void dbConsistency_data();
    void dbConsistency();
    void pageTyp();
    void pagesFreedInTheTransaction();
    void methodPage();
    void everyReaderKeepsItsList();
    void listIsReadOnce();
    void endedTransaction();
};

void TestPageInfo::pagesOfANewFile() {
    const auto tx = store().beginRead();
    QCOMPARE(typesOf(*tx), std::string("meta meta freelist leaf"));
    const auto last = tx->page(PageId{3});
    QCOMPARE((*last)->id.value, 3U);
    QCOMPARE((*last)->count, 0U);
    QCOMPARE((*last)->overflow, 0U);
    QVERIFY(!*tx->page(PageId{4}));
    QVERIFY(!*tx->page(PageId{UINT64_MAX}));
}

void TestPageInfo::dbConsistency_data() {
    QTest::addColumn<bool>("isHashmap");
    QTest::newRow("array") << false;
    QTest::newRow("hashmap") << true;
}

// One commit and ten more: the pages that bbolt's own test expects.
void TestPageInfo::dbConsistency() {
    QFETCH(bool, isHashmap);
    StoreOptions options = smallPages();
    options.freelistType = isHashmap ? FreelistType::Hashmap : FreelistType::Array;
    begin(options);
    for (int i = 0; i < 11; ++i) {
        VERIFY_OK(putAll("widgets", i == 0 ? Pairs() : Pairs{{"foo", "bar"}}));
    }
    QCOMPARE(typesOf(*store().beginRead()), std::string("meta meta free free leaf freelist"));
    QCOMPARE(typesOf(*store().beginWrite()), std::string("meta meta free free leaf freelist"));
}

// Names of all types, and the run of a large value: its first page tells how long it is.
void TestPageInfo::pageTyp() {
    Pairs pairs{{"a", std::string(20000, 'N')}};
    for (std::uint64_t i = 0; i < 500; ++i) {
        pairs.emplace_back("k" + digits(i, 4), std::string(20, 'v'));
    }
    VERIFY_OK(putAll("b", pairs));
    const auto tx = store().beginRead();
    const Path path{"b"};
    const auto bucket = tx->bucket(bytesOf(path));
    const auto root = tx->page(bucket->rootPage());
    QCOMPARE((*root)->type, std::string("branch"));
    QVERIFY((*root)->count > 1);
    const PageId leaf = (*bucket->cursor().first())->page;
    QCOMPARE((*tx->page(leaf))->type, std::string("leaf"));
    QCOMPARE((*tx->page(leaf))->overflow, 4U);
    QCOMPARE((*tx->page(pageAfter(leaf, 2)))->type, std::string("unknown<4e4e>"));
    QCOMPARE((*tx->page(tx->meta().freelist))->type, std::string("freelist"));
}

void TestPageInfo::pagesFreedInTheTransaction() {
    VERIFY_OK(putAll("b", {{"k", std::string(20000, 'v')}}));
    const Path path{"b"};
    const PageId root = store().beginRead()->bucket(bytesOf(path))->rootPage();
    auto tx = store().beginWrite();
    QCOMPARE((*tx->page(root))->type, std::string("leaf"));
    VERIFY_OK(tx->deleteBucket(asBytes("b")));
    QCOMPARE((*tx->page(root))->type, std::string("free"));
    QCOMPARE((*tx->page(pageAfter(root, 3)))->type, std::string("free"));
    QCOMPARE((*store().beginRead()->page(root))->type, std::string("leaf")); // as committed
    VERIFY_OK(tx->rollback());
    QCOMPARE((*store().beginWrite()->page(root))->type, std::string("leaf"));
}

// Also where no freelist is loaded or even stored: bbolt refuses then.
void TestPageInfo::methodPage() {
    VERIFY_OK(putAll("b", {{"k", std::string(9000, 'v')}}));
    VERIFY_OK(putAll("b", {{"k", "w"}}));
    const std::string types = typesOf(*store().beginRead());
    QVERIFY(types.find("free ") != std::string::npos);
    StoreOptions options = smallPages();
    options.readOnly = true;
    reopen(options);
    QCOMPARE(typesOf(*store().beginRead()), types);
    options = smallPages();
    options.noFreelistSync = true;
    reopen(options);
    VERIFY_OK(putAll("b", {{"k", "x"}}));
    const auto tx = store().beginRead();
    QVERIFY(!tx->meta().hasFreelist());
    const std::string walked = typesOf(*tx);
    QVERIFY2(walked.find("free ") != std::string::npos, walked.c_str());
    QCOMPARE(walked, typesOf(*store().beginWrite()));
}

// Asked before or only after other commits, each transaction tells of its own version.
void TestPageInfo::everyReaderKeepsItsList() {
    VERIFY_OK(putAll("b", {{"k", std::string(30000, 'v')}}));
    VERIFY_OK(putAll("b", {{"k", "w"}}));
    auto early = store().beginRead();
    const auto late = store().beginRead();
    const std::string types = typesOf(*early);
    QVERIFY(types.find("free ") != std::string::npos);
    for (std::size_t i = 1; i < 6; ++i) {
        VERIFY_OK(putAll("c", {{digits(i, 2), std::string(3000 * i, 'c')}}));
    }
    QCOMPARE(typesOf(*early), types);
    QCOMPARE(typesOf(*late), types);
    const ReadTransaction moved = std::move(*early);
    QCOMPARE(typesOf(moved), types);
    QVERIFY(typesOf(*store().beginRead()) != types);
}

// What the list's page holds later is not looked at again; a failed look is not kept.
void TestPageInfo::listIsReadOnce() {
    VERIFY_OK(putAll("b", {{"k", std::string(30000, 'v')}}));
    VERIFY_OK(putAll("b", {{"k", "w"}}));
    const auto asked = store().beginRead();
    const auto fresh = store().beginRead();
    const std::string types = typesOf(*asked);
    const PageId list = asked->meta().freelist;
    const auto write = [&](const QByteArray& flags) { // of the list's page header
        QFile file(QString::fromStdString(path()));
        return file.open(QIODevice::ReadWrite) &&
               file.seek(static_cast<qint64>(list.value * 4096 + 8)) && file.write(flags) == 2;
    };
    QVERIFY(write(QByteArray(2, 'x')));
    for (std::uint64_t id = 0; id < asked->meta().highWater.value; ++id) {
        VERIFY_OK(asked->page(PageId{id}));
    }
    VERIFY_FAILS(fresh->page(PageId{2}), ErrorCode::CorruptPage);
    QVERIFY(write(QByteArray("\x10\0", 2)));
    QCOMPARE(typesOf(*fresh), types);
    QCOMPARE(typesOf(*asked), types);
}

void TestPageInfo::endedTransaction() {
    auto tx = store().beginWrite();
    VERIFY_OK(tx->page(PageId{0}));
    VERIFY_OK(tx->commit());
    VERIFY_FAILS(tx->page(PageId{0}), ErrorCode::TransactionClosed);
}

QTEST_GUILESS_MAIN(TestPageInfo)
#include "tst_page_info.moc"
