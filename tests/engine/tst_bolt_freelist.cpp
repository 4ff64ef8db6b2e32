// SPDX-License-Identifier: MIT
// What bbolt's internal/freelist tests ask of the list of free and pending pages, in both policies
// of choosing. Slots carry its names. Not here:
//   hashmap init_panics       unsorted ids: see loadRefusesWrongIds, for both policies
//   read, read_panics, write  whole files: bucketDeleteFreelistOverflow, openRecoverFreeList, and
//                             freelistPages here
//   TxidSorting               ids are plain numbers
//   E2E_RollbackPanics        an internal assertion of bbolt
#include "store/freelist.h"
#include "support/store_fixture.h"

#include <QRandomGenerator>

#include <array>
#include <map>
#include <numeric>
#include <set>

using namespace pagescape;
using namespace pagescape::test;

namespace {

using Ids = std::vector<std::uint64_t>;

Ids idsOf(const std::vector<PageSpan>& spans) {
    Ids ids;
    for (const PageSpan& span : spans) {
        for (std::uint64_t i = 0; i < span.length; ++i) {
            ids.push_back(span.first + i);
        }
    }
    return ids;
}

Freelist listOf(FreelistType type, const Ids& ids) {
    Freelist list(type);
    if (auto loaded = list.load(ids, 1000000); !loaded) {
        qFatal("load failed: %s", loaded.error().describe().c_str());
    }
    return list;
}

// Allocated by one transaction and freed by another: by raising the high-water mark and by taking
// a free page the same must come out.
void freeAs(Freelist& list, std::uint64_t page, std::uint64_t allocatedBy, std::uint64_t freedBy) {
    if (allocatedBy != 0) {
        list.noteNew(TxId{allocatedBy}, PageId{page});
    }
    list.commit();
    if (!list.free(TxId{freedBy}, PageId{page}, 1)) {
        qFatal("free failed");
    }
    list.commit();
}

} // namespace

class TestBoltFreelist : public StoreFixture {
    Q_OBJECT

private:
    static void bothTypes() {
        QTest::addColumn<int>("type");
        QTest::newRow("array") << int(FreelistType::Array);
        QTest::newRow("hashmap") << int(FreelistType::Hashmap);
    }
    static FreelistType type() {
        QFETCH(int, type);
        return FreelistType(type);
    }

private Q_SLOTS:
    void init() { begin(); }
    void cleanup() { end(); }

    void freelistFree();
    void freelistFreeOverflow();
    void freelistFreeDouble();
    void freelistFreeMeta();
    void freelistRelease_data() { bothTypes(); }
    void freelistRelease();
    void freelistReleaseRange_data();
    void freelistReleaseRange();
    void readersOfTransactionZero();
    void pagesFreedByAReadersOwnTransactionWait();
    void loadRefusesWrongIds_data() { bothTypes(); }
    void loadRefusesWrongIds();
    void arrayAllocate();
    void hashmapAllocate();
    void hashmapMergeWithExist();
    void multiSpanOverflows_data() { bothTypes(); }
    void multiSpanOverflows();
    void rollbackRestoresEverything_data() { bothTypes(); }
    void rollbackRestoresEverything();
    void cutTailIsUndone_data() { bothTypes(); }
    void cutTailIsUndone();
    void storedBytes();
    void randomHistory_data() { bothTypes(); }
    void randomHistory();
    void freelistPages_data();
    void freelistPages();
};

void TestBoltFreelist::freelistFree() {
    Freelist list(FreelistType::Array);
    VERIFY_OK(list.free(TxId{100}, PageId{12}, 1));
    QCOMPARE(list.pendingPages(), 1U);
    QCOMPARE(list.freePages(), 0U);
    QVERIFY(list.contains(PageId{12}) && !list.contains(PageId{13}));
    QCOMPARE(list.pendingByTx(), (std::map<std::uint64_t, std::uint64_t>{{100, 1}}));
}

void TestBoltFreelist::freelistFreeOverflow() {
    Freelist list(FreelistType::Array);
    VERIFY_OK(list.free(TxId{100}, PageId{12}, 4));
    QCOMPARE(idsOf(list.all()), (Ids{12, 13, 14, 15}));
    QCOMPARE(list.count(), 4U);
}

void TestBoltFreelist::freelistFreeDouble() {
    Freelist list = listOf(FreelistType::Array, {20});
    VERIFY_OK(list.free(TxId{100}, PageId{12}, 4));
    for (const auto& [first, length] : {std::pair(12U, 1U), {15U, 2U}, {10U, 3U}, {19U, 2U}}) {
        VERIFY_FAILS(list.free(TxId{101}, PageId{first}, length), ErrorCode::CorruptPage);
    }
    QCOMPARE(list.count(), 5U); // a refused call leaves no trace
    QVERIFY(!list.contains(PageId{11}) && !list.contains(PageId{16}) && !list.contains(PageId{19}));
}

void TestBoltFreelist::freelistFreeMeta() {
    Freelist list(FreelistType::Array);
    VERIFY_FAILS(list.free(TxId{100}, PageId{0}, 1), ErrorCode::CorruptPage);
    VERIFY_FAILS(list.free(TxId{100}, PageId{1}, 1), ErrorCode::CorruptPage);
    QCOMPARE(list.count(), 0U);
}

void TestBoltFreelist::freelistRelease() {
    Freelist list(type());
    VERIFY_OK(list.free(TxId{100}, PageId{12}, 2));
    VERIFY_OK(list.free(TxId{100}, PageId{9}, 1));
    VERIFY_OK(list.free(TxId{102}, PageId{39}, 1));
    QCOMPARE(list.release(Ids{100}), 0U); // what 100 freed, a reader of 100 may hold back
    QCOMPARE(list.release(Ids{101}), 3U);
    QCOMPARE(idsOf(list.freeSpans()), (Ids{9, 12, 13}));
    QCOMPARE(list.release({}), 1U);
    QCOMPARE(idsOf(list.freeSpans()), (Ids{9, 12, 13, 39}));
    QCOMPARE(list.pendingPages(), 0U);
}

// A page goes once no reader lies between its allocation and its freeing.
void TestBoltFreelist::freelistReleaseRange_data() {
    QTest::addColumn<std::vector<std::array<std::uint64_t, 3>>>("pages"); // id, allocated, freed
    QTest::addColumn<Ids>("readers");
    QTest::addColumn<Ids>("released");
    using Pages = std::vector<std::array<std::uint64_t, 3>>;
    QTest::newRow("one page between") << Pages{{3, 150, 160}} << Ids{100, 200} << Ids{3};
    QTest::newRow("freed after") << Pages{{3, 150, 200}} << Ids{100, 199} << Ids{};
    QTest::newRow("freed at the end") << Pages{{3, 150, 199}} << Ids{100, 200} << Ids{3};
    QTest::newRow("allocated at the beginning") << Pages{{3, 101, 101}} << Ids{100, 200} << Ids{3};
    QTest::newRow("allocated at the reader") << Pages{{3, 100, 150}} << Ids{100, 200} << Ids{};
    QTest::newRow("allocated before") << Pages{{3, 90, 150}} << Ids{100, 200} << Ids{};
    QTest::newRow("unknown allocation") << Pages{{3, 0, 150}} << Ids{100, 200} << Ids{};
    QTest::newRow("before the first") << Pages{{3, 10, 50}, {4, 0, 99}} << Ids{100} << Ids{3, 4};
    QTest::newRow("after the last") << Pages{{3, 150, 300}} << Ids{100, 120} << Ids{3};
    QTest::newRow("some of a transaction")
        << Pages{{3, 110, 150}, {4, 90, 150}, {5, 149, 150}, {6, 0, 150}} << Ids{100, 151}
        << Ids{3, 5};
    QTest::newRow("a reader at 150")
        << Pages{{3, 110, 140}, {4, 110, 160}, {5, 151, 160}, {6, 150, 160}} << Ids{100, 150, 200}
        << Ids{3, 5};
    QTest::newRow("neighbouring readers") << Pages{{3, 100, 101}} << Ids{100, 101} << Ids{};
    QTest::newRow("equal readers") << Pages{{3, 99, 150}, {4, 101, 150}} << Ids{100, 100} << Ids{4};
}

void TestBoltFreelist::freelistReleaseRange() {
    using Pages = std::vector<std::array<std::uint64_t, 3>>;
    QFETCH(Pages, pages);
    QFETCH(Ids, readers);
    QFETCH(Ids, released);
    Freelist list(FreelistType::Array);
    for (const auto& [id, allocatedBy, freedBy] : pages) {
        freeAs(list, id, allocatedBy, freedBy);
    }
    QCOMPARE(list.release(readers), released.size());
    QCOMPARE(idsOf(list.freeSpans()), released);
    QCOMPARE(list.release(readers), 0U);
    QCOMPARE(list.pendingPages(), pages.size() - released.size());
    list.release({});
    QCOMPARE(list.freePages(), pages.size());
}

// Two readers of a new file's first meta must not lay a third one bare.
void TestBoltFreelist::readersOfTransactionZero() {
    Freelist list(FreelistType::Array);
    freeAs(list, 3, 2, 6);
    QCOMPARE(list.release(Ids{0, 0, 5}), 0U);
    QCOMPARE(list.release(Ids{0, 0}), 1U);
}

void TestBoltFreelist::pagesFreedByAReadersOwnTransactionWait() {
    Freelist list(FreelistType::Array);
    freeAs(list, 3, 10, 20);
    QCOMPARE(list.heldBack(TxId{19}), 1U);
    QCOMPARE(list.heldBack(TxId{9}), 0U); // it came later than that reader
    QCOMPARE(list.release(Ids{20}), 0U);
    QCOMPARE(list.release(Ids{21}), 1U);
}

void TestBoltFreelist::loadRefusesWrongIds() {
    for (const Ids& wrong : {Ids{1, 5}, Ids{0}, Ids{5, 4}, Ids{5, 5}, Ids{5, 100}}) {
        Freelist list(type());
        VERIFY_FAILS(list.load(wrong, 100), ErrorCode::CorruptPage);
    }
    Freelist list(type());
    VERIFY_OK(list.load(Ids{2, 5, 6, 99}, 100));
    QCOMPARE(idsOf(list.all()), (Ids{2, 5, 6, 99}));
}

// Lowest address, first fit; the numbers are bbolt's.
void TestBoltFreelist::arrayAllocate() {
    Freelist list = listOf(FreelistType::Array, {3, 4, 5, 6, 7, 9, 12, 13, 18});
    const auto take = [&list](std::uint64_t length) {
        return list.allocate(TxId{1}, length).value;
    };
    QCOMPARE(take(3), 3U);
    QCOMPARE(take(1), 6U);
    QCOMPARE(take(3), 0U);
    QCOMPARE(take(2), 12U);
    QCOMPARE(take(1), 7U);
    QCOMPARE(take(0), 0U);
    QCOMPARE(take(0), 0U);
    QCOMPARE(idsOf(list.freeSpans()), (Ids{9, 18}));
    QCOMPARE(take(1), 9U);
    QCOMPARE(take(1), 18U);
    QCOMPARE(take(1), 0U);
    QCOMPARE(list.freePages(), 0U);
}

// bbolt takes any sufficient run; here the choice is fixed.
void TestBoltFreelist::hashmapAllocate() {
    Freelist list = listOf(FreelistType::Hashmap, {3, 4, 5, 6, 7, 9, 12, 13, 18});
    const auto take = [&list](std::uint64_t length) {
        return list.allocate(TxId{1}, length).value;
    };
    QCOMPARE(take(3), 3U);
    QCOMPARE(list.freePages(), 6U);
    QCOMPARE(take(2), 6U); // 6 and 7 are left of a longer run
    QCOMPARE(take(1), 9U);
    QCOMPARE(take(1), 18U);
    QCOMPARE(list.freePages(), 2U);
    QCOMPARE(take(0), 0U);
    QCOMPARE(take(3), 0U);
    QCOMPARE(take(1), 12U);
    QCOMPARE(idsOf(list.freeSpans()), (Ids{13}));
}

void TestBoltFreelist::hashmapMergeWithExist() {
    const auto merged = [](const Ids& first, const std::vector<PageSpan>& added) {
        BestFitSpans spans;
        for (const std::uint64_t id : first) {
            spans.add({{id, 1}});
        }
        spans.add(added);
        return spans.spans();
    };
    using Spans = std::vector<PageSpan>;
    QCOMPARE(merged({}, {{3, 2}}), (Spans{{3, 2}}));
    QCOMPARE(merged({3}, {{5, 1}}), (Spans{{3, 1}, {5, 1}}));
    QCOMPARE(merged({3}, {{4, 1}}), (Spans{{3, 2}}));
    QCOMPARE(merged({5}, {{3, 2}}), (Spans{{3, 3}}));
    QCOMPARE(merged({3, 5}, {{4, 1}}), (Spans{{3, 3}}));
    QCOMPARE(merged({3, 8, 9, 20}, {{4, 4}, {19, 1}}), (Spans{{3, 7}, {19, 2}}));
}

// E2E_MultiSpanOverflows: the exact runs are there.
void TestBoltFreelist::multiSpanOverflows() {
    Freelist list(type());
    VERIFY_OK(list.free(TxId{10}, PageId{20}, 2));
    VERIFY_OK(list.free(TxId{10}, PageId{25}, 3));
    VERIFY_OK(list.free(TxId{10}, PageId{35}, 4));
    VERIFY_OK(list.free(TxId{10}, PageId{39}, 1)); // joins the run before it
    QCOMPARE(list.release({}), 10U);
    QCOMPARE(list.freeSpans(), (std::vector<PageSpan>{{20, 2}, {25, 3}, {35, 5}}));
    QCOMPARE(list.allocate(TxId{11}, 5).value, 35U);
    QCOMPARE(list.allocate(TxId{11}, 3).value, 25U);
    QCOMPARE(list.allocate(TxId{11}, 2).value, 20U);
    QCOMPARE(list.count(), 0U);
}

// E2E_Rollbacks, array and hashmap Rollback: freed, taken and new pages, and who made them.
void TestBoltFreelist::rollbackRestoresEverything() {
    Freelist list = listOf(type(), {3, 4, 5, 10});
    list.noteNew(TxId{7}, PageId{30});
    list.commit();
    QCOMPARE(list.allocate(TxId{8}, 2).value, 3U);
    list.noteNew(TxId{8}, PageId{40});
    VERIFY_OK(list.free(TxId{8}, PageId{30}, 2));
    QCOMPARE(list.count(), 4U);
    list.rollback(TxId{8});
    QCOMPARE(idsOf(list.freeSpans()), (Ids{3, 4, 5, 10}));
    QCOMPARE(list.pendingPages(), 0U);
    QVERIFY(!list.contains(PageId{30}));
    // 30 is known as the work of 7 still; 40 is forgotten.
    VERIFY_OK(list.free(TxId{8}, PageId{30}, 1));
    VERIFY_OK(list.free(TxId{8}, PageId{40}, 1));
    list.commit();
    QCOMPARE(list.release(Ids{6, 9}), 1U);
    QVERIFY(idsOf(list.freeSpans()) == (Ids{3, 4, 5, 10, 30}));
}

void TestBoltFreelist::cutTailIsUndone() {
    Freelist list = listOf(type(), {3, 7, 8, 9});
    QCOMPARE(list.cutTail(11), 11U); // page 10 is in use
    QCOMPARE(list.cutTail(10), 7U);
    QCOMPARE(list.allocate(TxId{2}, 1).value, 3U);
    list.rollback(TxId{2});
    QCOMPARE(idsOf(list.freeSpans()), (Ids{3, 7, 8, 9}));
    QCOMPARE(list.cutTail(10), 7U);
    list.commit();
    QCOMPARE(idsOf(list.all()), (Ids{3}));
}

// E2E_SerDe_HappyPath, and the escape at 65,535 ids.
void TestBoltFreelist::storedBytes() {
    QCOMPARE(listOf(FreelistType::Array, {3, 5, 8, 9, 10, 12, 14, 17}).storedBytes(), 80U);
    for (const std::uint64_t count : {0U, 1U, 65534U, 65535U, 65536U, 131070U}) {
        Ids ids(count);
        std::iota(ids.begin(), ids.end(), 2);
        QCOMPARE(listOf(FreelistType::Hashmap, ids).storedBytes(),
                 16 + 8 * (count + (count >= 65535 ? 1 : 0)));
    }
}

// E2E_HappyPath, at random: against sets of ids.
void TestBoltFreelist::randomHistory() {
    constexpr std::uint64_t kPages = 2000;
    QRandomGenerator random(11);
    Freelist list(type());
    std::set<std::uint64_t> used;
    std::set<std::uint64_t> free;
    std::map<std::uint64_t, Ids> pending;
    for (std::uint64_t id = 2; id < kPages; ++id) {
        used.insert(id);
    }
    for (std::uint64_t tx = 2; tx < 400; ++tx) {
        list.release({});
        for (const auto& [freedBy, ids] : std::exchange(pending, {})) {
            free.insert(ids.begin(), ids.end());
        }
        for (int i = 0; i < 20; ++i) {
            const std::uint64_t length = random.bounded(1U, 6U);
            if (random.bounded(2) == 0) {
                const std::uint64_t first = list.allocate(TxId{tx}, length).value;
                for (std::uint64_t j = 0; first != 0 && j < length; ++j) {
                    QCOMPARE(free.erase(first + j), 1U);
                    used.insert(first + j);
                }
                continue;
            }
            const std::uint64_t first = random.bounded(2U, unsigned(kPages - length));
            bool isUsed = true;
            for (std::uint64_t j = 0; j < length; ++j) {
                isUsed = isUsed && used.count(first + j) == 1;
            }
            QCOMPARE(list.free(TxId{tx}, PageId{first}, length).has_value(), isUsed);
            for (std::uint64_t j = 0; isUsed && j < length; ++j) {
                used.erase(first + j);
                pending[tx].push_back(first + j);
            }
        }
        list.commit();
        QCOMPARE(idsOf(list.freeSpans()), Ids(free.begin(), free.end()));
        QCOMPARE(list.count() + used.size(), kPages - 2);
        for (std::uint64_t id = 2; id < kPages; id += 7) {
            QCOMPARE(list.contains(PageId{id}), used.count(id) == 0);
        }
    }
}

// E2E_SerDe_AcrossImplementations: what one policy stored, the other reads.
void TestBoltFreelist::freelistPages_data() {
    QTest::addColumn<quint64>("pages");
    for (const quint64 pages : {1U, 126U, 127U, 500U, 65600U, 131070U}) {
        QTest::addRow("%llu", pages) << pages;
    }
}

void TestBoltFreelist::freelistPages() {
    QFETCH(quint64, pages);
    StoreOptions options = smallPages();
    options.pageSize = 1024;
    begin(options);
    VERIFY_OK(putAll("b", {{"k", std::string((pages - 1) * 1024 + 500, '\0')}}));
    VERIFY_OK(update([](WriteTransaction& tx) { return tx.deleteBucket(asBytes("b")); }));
    StoreStatistics before = store().statistics();
    QVERIFY(before.freePages + before.pendingPages >= pages);
    for (const FreelistType next : {FreelistType::Hashmap, FreelistType::Array}) {
        options.freelistType = next;
        reopen(options);
        StoreStatistics after = store().statistics();
        QCOMPARE(after.freePages, before.freePages + before.pendingPages);
        QCOMPARE(after.freelistInuse, before.freelistInuse);
        VERIFY_OK(update([](WriteTransaction&) { return Result<void>(); }));
        before = store().statistics();
    }
}

QTEST_GUILESS_MAIN(TestBoltFreelist)
#include "tst_bolt_freelist.moc"
