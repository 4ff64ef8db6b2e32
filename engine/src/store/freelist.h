// SPDX-License-Identifier: MIT
// Freelist: which pages may be written to, and which must wait for the readers that still see them.
#pragma once

#include "pagescape/options.h"
#include "pagescape/result.h"
#include "store/span_list.h"

#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <unordered_map>
#include <utility>

namespace pagescape {

/// Ids, one bit each, in blocks that exist only where ids are.
class SparsePageSet {
public:
    [[nodiscard]] bool contains(std::uint64_t id) const {
        const auto block = m_blocks.find(id / kBlock);
        return block != m_blocks.end() && (block->second[id % kBlock / 64] >> (id % 64) & 1U) != 0;
    }
    void insert(std::uint64_t id) {
        m_blocks[id / kBlock][id % kBlock / 64] |= std::uint64_t{1} << (id % 64);
    }
    void erase(std::uint64_t id) {
        const auto block = m_blocks.find(id / kBlock);
        if (block != m_blocks.end()) {
            block->second[id % kBlock / 64] &= ~(std::uint64_t{1} << (id % 64));
        }
    }

private:
    static constexpr std::uint64_t kBlock = 4096;
    std::unordered_map<std::uint64_t, std::array<std::uint64_t, kBlock / 64>> m_blocks;
};

/// A number other than 0 for some pages, in blocks that exist only where there are any: commits ask
/// for thousands, and a map would allocate for each.
class PageNotes {
public:
    void set(std::uint64_t id, std::uint64_t value) {
        Block& block = m_blocks[id / kBlock];
        std::uint64_t& note = block.notes[id % kBlock];
        block.used += note == 0 ? 1U : 0U;
        note = value;
    }
    /// The number of a page, or 0; it has none afterwards.
    std::uint64_t take(std::uint64_t id) {
        const auto block = m_blocks.find(id / kBlock);
        if (block == m_blocks.end()) {
            return 0;
        }
        const std::uint64_t value = std::exchange(block->second.notes[id % kBlock], 0);
        if (value != 0 && --block->second.used == 0) {
            m_blocks.erase(block);
        }
        return value;
    }

private:
    static constexpr std::uint64_t kBlock = 512;
    struct Block {
        std::array<std::uint64_t, kBlock> notes = {};
        std::uint32_t used = 0;
    };
    std::unordered_map<std::uint64_t, Block> m_blocks;
};

/// Free pages, and pages that were freed by transactions whose predecessors are still read.
/// Source: bbolt internal/freelist/shared.go. Thread: that of the writer; heldBack() any.
class Freelist {
public:
    explicit Freelist(FreelistType type);

    /// Fills an empty list. The ids must be ascending and in [2, highWater).
    /// Errors: CorruptPage naming the id that is not.
    [[nodiscard]] Result<void> load(std::span<const std::uint64_t> ids, std::uint64_t highWater);

    /// Changes how free pages are chosen.
    void use(FreelistType type);

    [[nodiscard]] std::uint64_t freePages() const { return m_free->pages(); }
    [[nodiscard]] std::uint64_t pendingPages() const { return m_pendingPages; }
    [[nodiscard]] std::uint64_t count() const { return freePages() + pendingPages(); }
    /// Bytes that the list takes in the file, header included.
    [[nodiscard]] std::uint64_t storedBytes() const;
    /// Free or pending: what the file's list names.
    [[nodiscard]] bool contains(PageId id) const {
        return m_pendingIds.contains(id.value) || m_free->contains(id.value);
    }

    /// A run of free pages, or page 0 when there is none that long.
    [[nodiscard]] PageId allocate(TxId tx, std::uint64_t length);
    /// Remembers a run that came from raising the high-water mark. bbolt forgets these, and so
    /// grows without end while one reader stays open.
    void noteNew(TxId tx, PageId first);
    /// Gives up a run that readers may still see. Errors: CorruptPage for a meta page and for one
    /// that is free already.
    [[nodiscard]] Result<void> free(TxId tx, PageId first, std::uint64_t length);

    /// Frees what no reader can see. `readers`: ids of the open read transactions, ascending.
    /// Returns the number of pages released, and which ones where that is asked for.
    std::uint64_t release(std::span<const std::uint64_t> readers,
                          std::vector<PageSpan>* released = nullptr);
    /// Undoes all that a transaction freed and allocated.
    void rollback(TxId tx);
    /// Forgets how to undo.
    void commit();

    /// Free and pending pages together, ascending: what the file's list holds.
    [[nodiscard]] std::vector<PageSpan> all() const;
    [[nodiscard]] std::vector<PageSpan> freeSpans() const { return m_free->spans(); }
    /// What is left of the free run that an allocation ended before `id`.
    [[nodiscard]] std::uint64_t freeFrom(PageId id) const { return m_free->lengthFrom(id.value); }
    /// Pages that wait, by the transaction that freed them.
    [[nodiscard]] std::map<std::uint64_t, std::uint64_t> pendingByTx() const;
    /// Pages that wait and that a reader of this transaction sees, whoever else does. Any thread.
    [[nodiscard]] std::uint64_t heldBack(TxId reader) const;
    /// Removes the free pages from `end` down to the lowest page of the span that ends there;
    /// returns the new end. For shrinking the file.
    [[nodiscard]] std::uint64_t cutTail(std::uint64_t end);

private:
    struct Run {
        PageSpan span;
        std::uint64_t allocatedBy = 0; // 0: unknown
    };
    struct Pending {
        std::vector<Run> runs;
        std::uint64_t pages = 0;
        std::uint64_t lastBegin = 0; // of the range that was looked for last
    };
    void drop(const Run& run, std::vector<PageSpan>& out);
    void releaseUpTo(std::uint64_t tx, std::vector<PageSpan>& out);
    void releaseRange(std::uint64_t begin, std::uint64_t end, std::vector<PageSpan>& out);

    FreelistType m_type;
    std::unique_ptr<SpanList> m_free;
    std::map<std::uint64_t, Pending> m_pending;
    std::unique_ptr<std::mutex> m_guard = std::make_unique<std::mutex>(); ///< of m_pending
    std::uint64_t m_pendingPages = 0;
    SparsePageSet m_pendingIds;
    PageNotes m_allocatedBy; // first page of a run -> tx
    // Of the running transaction: free spans it took, and runs it has a claim on.
    std::vector<PageSpan> m_taken;
    std::vector<std::uint64_t> m_claimed;
};

} // namespace pagescape
