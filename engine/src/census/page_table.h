// SPDX-License-Identifier: MIT
// PageTable: the census' columns, 16 bytes a page in one block of lazily zeroed memory. One thread
// writes while any number read: every field is a relaxed atomic, and a row's state is stored last.
//
//   bucket u32 | parent u32 | count u16 | overflow u16 | state u8 | flags u8 | depth u8 | fill u8
//
// Each of them is an array of its own, so that a picture of a million pages reads one byte a page.
// A row of zeros is a page nobody has come to, and costs no memory as long as nobody does.
#pragma once

#include "pagescape/census.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace pagescape::census {

/// Page ids inside the table: a file of more than 2^32 pages has no census.
using PageNumber = std::uint32_t;

/// kind | life << 4.
[[nodiscard]] constexpr std::uint8_t packState(PageKind kind, PageLife life) {
    return static_cast<std::uint8_t>(static_cast<unsigned>(kind) |
                                     (static_cast<unsigned>(life) << 4U));
}
[[nodiscard]] constexpr PageKind kindOf(std::uint8_t state) {
    return static_cast<PageKind>(state & 0x0FU);
}
[[nodiscard]] constexpr PageLife lifeOf(std::uint8_t state) {
    return static_cast<PageLife>(state >> 4U);
}

// Bits of the flags column.
inline constexpr std::uint8_t kHasProblem = 0x01;
inline constexpr std::uint8_t kIsExpected = 0x02;  ///< a leaf by its parent's word
inline constexpr std::uint8_t kIsClaimed = 0x04;   ///< the current version refers to it
inline constexpr std::uint8_t kSeenByOther = 0x08; ///< the other meta's version refers to it

/// What a claim writes besides the state.
struct Owner {
    BucketIndex bucket = kNoBucket;
    PageNumber parent = 0;
    std::uint8_t depth = 0;
};

/// The table. Writers: one thread. Readers: any.
class PageTable {
public:
    /// Pages at or beyond `tailFrom` are Tail, without a write for any of them.
    PageTable(std::uint64_t pageCount, std::uint64_t tailFrom);

    /// False when there is no memory for so many rows, or no room for their numbers.
    [[nodiscard]] bool isUsable() const { return m_memory != nullptr; }
    [[nodiscard]] std::uint64_t pageCount() const { return m_pageCount; }
    [[nodiscard]] std::uint64_t bytes() const;

    // Reading, any thread.
    [[nodiscard]] PageRow row(std::uint64_t page) const;
    [[nodiscard]] std::uint8_t state(std::uint64_t page) const {
        if (page >= m_rows) {
            return page >= m_tailFrom ? kTailState : std::uint8_t{0};
        }
        const auto raw = get(m_state, page, std::memory_order_acquire);
        return raw != 0 ? raw : m_unreached.load(std::memory_order_relaxed);
    }
    [[nodiscard]] std::uint8_t fill(std::uint64_t page) const {
        return page < m_rows ? get(m_fill, page) : std::uint8_t{0};
    }
    [[nodiscard]] BucketIndex owner(std::uint64_t page) const {
        // Stored plus one, so that a row of zeros has no owner.
        return page < m_rows ? get(m_bucket, page) - 1 : kNoBucket;
    }
    [[nodiscard]] PageNumber parent(std::uint64_t page) const {
        return page < m_rows ? get(m_parent, page) : 0;
    }
    [[nodiscard]] std::uint8_t depth(std::uint64_t page) const {
        return page < m_rows ? get(m_depth, page) : std::uint8_t{0};
    }
    [[nodiscard]] std::uint8_t flags(std::uint64_t page) const {
        return page < m_rows ? get(m_flags, page) : std::uint8_t{0};
    }
    [[nodiscard]] std::array<std::uint64_t, kPageKindCount> kindCounts() const;
    [[nodiscard]] std::array<std::uint64_t, kPageLifeCount> lifeCounts() const;
    /// Rows below the tail whose state is still zero.
    [[nodiscard]] std::uint64_t zeroStates() const {
        return m_rows - m_nonZeroStates.load(std::memory_order_relaxed);
    }

    // Writing, the scanning thread alone. All pages are below min(pageCount, tailFrom).
    [[nodiscard]] std::uint8_t rawState(PageNumber page) const { return get(m_state, page); }
    [[nodiscard]] bool isClaimed(PageNumber page) const {
        return (get(m_flags, page) & kIsClaimed) != 0;
    }
    void setState(PageNumber page, PageKind kind, PageLife life);
    void addFlags(PageNumber page, std::uint8_t bits) {
        put(m_flags, page, static_cast<std::uint8_t>(get(m_flags, page) | bits));
    }
    void clearFlags(PageNumber page, std::uint8_t bits) {
        put(m_flags, page, static_cast<std::uint8_t>(get(m_flags, page) & ~bits));
    }
    void setOwner(PageNumber page, const Owner& owner) {
        put(m_bucket, page, owner.bucket + 1);
        put(m_parent, page, owner.parent);
        put(m_depth, page, owner.depth);
    }
    void setHeader(PageNumber page, std::uint16_t count, std::uint32_t overflow);
    void setFill(PageNumber page, std::uint8_t fill) { put(m_fill, page, fill); }
    /// What every row of zeros means from now on: Free, once the whole tree is known.
    void setUnreached(PageKind kind, PageLife life) {
        m_unreached.store(packState(kind, life), std::memory_order_relaxed);
    }

private:
    static constexpr std::uint8_t kTailState = packState(PageKind::Tail, PageLife::Tail);

    struct Free {
        void operator()(void* memory) const { std::free(memory); }
    };

    template <typename T>
    [[nodiscard]] static T get(T* column, std::uint64_t page,
                               std::memory_order order = std::memory_order_relaxed) {
        return std::atomic_ref<T>(column[page]).load(order);
    }
    template <typename T>
    static void put(T* column, std::uint64_t page, T value,
                    std::memory_order order = std::memory_order_relaxed) {
        std::atomic_ref<T>(column[page]).store(value, order);
    }

    std::uint64_t m_pageCount;
    std::uint64_t m_tailFrom;
    std::uint64_t m_rows = 0; ///< rows that exist: pages below the tail
    std::unique_ptr<void, Free> m_memory;
    std::uint32_t* m_bucket = nullptr;
    std::uint32_t* m_parent = nullptr;
    std::uint16_t* m_count = nullptr;
    std::uint16_t* m_overflow = nullptr;
    std::uint8_t* m_state = nullptr;
    std::uint8_t* m_flags = nullptr;
    std::uint8_t* m_depth = nullptr;
    std::uint8_t* m_fill = nullptr;

    std::atomic<std::uint8_t> m_unreached{0};
    std::atomic<std::uint64_t> m_nonZeroStates{0};
    std::array<std::atomic<std::uint64_t>, kPageKindCount> m_kinds{};
    std::array<std::atomic<std::uint64_t>, kPageLifeCount> m_lives{};

    // Overflow counts that do not fit the column, which is rare: a value of 64 MiB in 1 KiB pages.
    mutable std::mutex m_longRunsMutex;
    std::unordered_map<PageNumber, std::uint32_t> m_longRuns;
};

} // namespace pagescape::census
