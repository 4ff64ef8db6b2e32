// SPDX-License-Identifier: MIT
// The version of an open reader, looked at as a file: pages, tree and check, however many commits
// follow.
#include "pagescape/census.h"
#include "pagescape/diff.h"
#include "pagescape/trace.h"
#include "support/store_fixture.h"

using namespace pagescape;
using namespace pagescape::test;

class TestReaderVersion : public StoreFixture {
    Q_OBJECT

private:
    [[nodiscard]] Result<Database> through(const ReadTransaction& reader,
                                           TraceSink* trace = nullptr) const {
        OpenOptions options;
        options.heldMeta = reader.meta();
        options.trace = trace;
        return Database::openReadOnly(path(), options);
    }
    /// Everything in the bucket is written anew, at another length: no leaf stays as it was.
    [[nodiscard]] Result<void> fill(char value, std::size_t size) {
        Pairs pairs;
        for (int i = 0; i < 200; ++i) {
            pairs.emplace_back("key" + std::to_string(i), std::string(size, value));
        }
        return putAll("b", pairs);
    }
    [[nodiscard]] static std::string digestOf(const Database& database) {
        const auto digest = contentDigest(database.file());
        return digest ? digest->sha256 : digest.error().describe();
    }

private Q_SLOTS:
    void init() { begin(); }
    void cleanup() { end(); }

    void staysWholeOverManyCommits();
    void isCheckedAndScanned();
    void newerPagesAreTold();
    void isComparedWithTheNewest();
    void newestReaderSeesTheNewest();
    void afterItsEndPagesAreUsedAgain();
    void refusesTheMetaOfAnotherFile();
};

void TestReaderVersion::staysWholeOverManyCommits() {
    VERIFY_OK(fill('a', 30));
    const auto reader = store().beginRead();
    VERIFY_OK(reader);
    const auto early = through(*reader);
    VERIFY_OK(early);
    const std::string before = digestOf(*early);
    for (int i = 0; i < 8; ++i) {
        VERIFY_OK(fill(char('b' + i), std::size_t(40 + 20 * i)));
        const auto late = through(*reader);
        VERIFY_OK(late);
        QCOMPARE(digestOf(*late), before);
        QCOMPARE(digestOf(*early), before);
        const auto tx = late->beginRead();
        VERIFY_OK(tx);
        QCOMPARE(tx->id(), reader->id());
        const Path bucket{"b"};
        QCOMPARE(valueOf(tx->get(bytesOf(bucket), asBytes("key7"))), std::string(30, 'a'));
        QCOMPARE(late->file().rereadMetas()->activeFields()->txid, reader->id());
        QVERIFY(late->file().layout().metas.isPast());
        QCOMPARE(late->file().layout().metas.newestFields()->txid.value,
                 reader->id().value + 1 + std::uint64_t(i));
    }
}

void TestReaderVersion::isCheckedAndScanned() {
    VERIFY_OK(fill('a', 300));
    const auto reader = store().beginRead();
    VERIFY_OK(reader);
    const auto shapeOf = [](const Database& database) {
        std::vector<PageId> live;
        OpenOptions options = database.file().options();
        Census census(
            std::make_shared<const PageFile>(*PageFile::open(database.file().path(), options)));
        const auto run = census.run();
        for (std::uint64_t id = 0; run && id < census.pageCount(); ++id) {
            if (id >= 2 && census.row(PageId{id}).life == PageLife::Live) {
                live.push_back(PageId{id});
            }
        }
        return live;
    };
    const std::vector<PageId> before = shapeOf(*through(*reader));
    QVERIFY(before.size() > 10);
    for (int i = 0; i < 3; ++i) {
        VERIFY_OK(fill('b', 200));
    }
    const auto view = through(*reader);
    VERIFY_OK(view);
    QVERIFY(shapeOf(*view) == before);
    std::string findings;
    const auto summary = check(
        view->file(), {}, [&findings](const Finding& finding) { findings += finding.text + "; "; });
    VERIFY_OK(summary);
    QCOMPARE(findings, std::string());
    QVERIFY(summary->isWhole);
}

void TestReaderVersion::newerPagesAreTold() {
    VERIFY_OK(fill('a', 300));
    VERIFY_OK(update([](WriteTransaction& tx) { return tx.deleteBucket(asBytes("b")); }));
    VERIFY_OK(putAll("c", {{"k", "v"}})); // whose Begin frees what stood in the bucket
    const auto reader = store().beginRead();
    VERIFY_OK(reader);
    for (int i = 0; i < 3; ++i) {
        VERIFY_OK(fill('c', 100));
    }
    const auto view = through(*reader);
    VERIFY_OK(view);
    Census census(
        std::make_shared<const PageFile>(*PageFile::open(path(), view->file().options())));
    VERIFY_OK(census.run());
    const MetaFields newest = *view->file().layout().metas.newestFields();
    QVERIFY(newest.root.value < reader->meta().highWater.value); // in a page that was free then
    QCOMPARE(int(census.row(newest.root).life), int(PageLife::Previous));
    QCOMPARE(int(census.row(reader->meta().root).life), int(PageLife::Live));
    QCOMPARE(census.problems().size(), 0U);
    for (const std::uint64_t meta : {0U, 1U}) { // both were written over since
        QCOMPARE(int(census.row(PageId{meta}).life), int(PageLife::StaleMeta));
    }
}

void TestReaderVersion::isComparedWithTheNewest() {
    VERIFY_OK(putAll("b", {{"k", "one"}, {"l", "same"}}));
    const auto reader = store().beginRead();
    VERIFY_OK(reader);
    VERIFY_OK(putAll("b", {{"k", "two"}}));
    VERIFY_OK(putAll("b", {{"m", "more"}}));
    VERIFY_OK(putAll("b", {{"n", "and more"}}));
    const auto view = through(*reader);
    VERIFY_OK(view);
    const auto sides = bothSides(view->file());
    VERIFY_OK(sides);
    QCOMPARE(sides->first.meta.txid, reader->id());
    QCOMPARE(sides->second.meta.txid.value, reader->id().value + 3);
    const auto summary = diffVersions(sides->first, sides->second);
    VERIFY_OK(summary);
    QCOMPARE(summary->keysChanged, 1U);
    QCOMPARE(summary->keysAdded, 2U);
    QCOMPARE(summary->keysRemoved, 0U);
}

// Nothing was committed since it began: the same picture as without it, and the trace says why.
void TestReaderVersion::newestReaderSeesTheNewest() {
    struct Sink final : TraceSink {
        void onEvent(const TraceEvent& event) noexcept override {
            if (const auto* chosen = std::get_if<MetaChosenEvent>(&event)) {
                choice = chosen->choice;
                txid = chosen->txid;
            }
        }
        MetaChoice choice = MetaChoice::Newest;
        TxId txid;
    };
    VERIFY_OK(putAll("b", {{"k", "one"}}));
    const auto reader = store().beginRead();
    VERIFY_OK(reader);
    Sink sink;
    const auto view = through(*reader, &sink);
    VERIFY_OK(view);
    const MetaPair& metas = view->file().layout().metas;
    QVERIFY(!metas.isPast());
    QVERIFY(metas.isActive(reader->metaIndex()));
    QVERIFY(!metas.isActive(1 - reader->metaIndex()));
    VERIFY_OK(view->beginRead());
    QVERIFY(sink.choice == MetaChoice::Held);
    QCOMPARE(sink.txid, reader->id());
    QCOMPARE(bothSides(view->file())->second.meta.txid, reader->id());
}

void TestReaderVersion::afterItsEndPagesAreUsedAgain() {
    VERIFY_OK(fill('a', 30));
    std::optional<ReadTransaction> reader(*store().beginRead());
    const auto view = through(*reader);
    VERIFY_OK(view);
    const std::string before = digestOf(*view);
    VERIFY_OK(fill('b', 30));
    reader.reset();
    QCOMPARE(digestOf(*view), before); // its end alone changes nothing
    for (int i = 0; i < 4; ++i) {
        VERIFY_OK(fill('c', 30));
    }
    QVERIFY(digestOf(*view) != before);
}

void TestReaderVersion::refusesTheMetaOfAnotherFile() {
    VERIFY_OK(putAll("b", {{"k", "one"}}));
    const auto reader = store().beginRead();
    VERIFY_OK(reader);
    OpenOptions options;
    options.heldMeta = reader->meta();
    options.heldMeta->txid.value += 1;
    const auto newer = Database::openReadOnly(path(), options);
    VERIFY_FAILS(newer, ErrorCode::NotADatabase);
    QVERIFY2(newer.error().text.find("newer than the newest") != std::string::npos,
             newer.error().text.c_str());
    options.heldMeta = reader->meta();
    options.heldMeta->pageSize = 8192;
    const auto larger = Database::openReadOnly(path(), options);
    VERIFY_FAILS(larger, ErrorCode::PageSizeUnsupported);
}

QTEST_GUILESS_MAIN(TestReaderVersion)
#include "tst_reader_version.moc"
