// SPDX-License-Identifier: MIT
#include "census/page_table.h"

#include <algorithm>
#include <cstddef>
#include <limits>

namespace pagescape::census {
namespace {

constexpr std::uint64_t kBytesPerRow = 16;
constexpr std::uint16_t kLongRun = 0xFFFF; ///< overflow column: look into the side map

// Counters have one writer, so a load and a store do, and cost no locked instruction.
void add(std::atomic<std::uint64_t>& counter, std::uint64_t amount) {
    counter.store(counter.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
}

void subtract(std::atomic<std::uint64_t>& counter, std::uint64_t amount) {
    counter.store(counter.load(std::memory_order_relaxed) - amount, std::memory_order_relaxed);
}

} // namespace

PageTable::PageTable(std::uint64_t pageCount, std::uint64_t tailFrom)
    : m_pageCount(pageCount), m_tailFrom(std::min(pageCount, tailFrom)) {
    const std::uint64_t rows = m_tailFrom;
    if (rows == 0 || pageCount > std::numeric_limits<PageNumber>::max()) {
        return;
    }
    // calloc takes blocks of this size straight from the kernel, which zeroes each page on its
    // first touch. The widest columns come first, so every column is aligned.
    m_memory.reset(std::calloc(rows, kBytesPerRow));
    if (!m_memory) {
        return;
    }
    m_rows = rows;
    auto* at = static_cast<std::byte*>(m_memory.get());
    const auto column = [&at, rows]<typename T>(T*& out) {
        out = static_cast<T*>(static_cast<void*>(at));
        at += rows * sizeof(T);
    };
    column(m_bucket);
    column(m_parent);
    column(m_count);
    column(m_overflow);
    column(m_state);
    column(m_flags);
    column(m_depth);
    column(m_fill);
}

std::uint64_t PageTable::bytes() const {
    const std::lock_guard lock(m_longRunsMutex);
    return m_rows * kBytesPerRow + m_longRuns.size() * sizeof(decltype(m_longRuns)::value_type);
}

PageRow PageTable::row(std::uint64_t page) const {
    PageRow row;
    const std::uint8_t packed = state(page);
    row.kind = kindOf(packed);
    row.life = lifeOf(packed);
    if (page >= m_rows) {
        return row;
    }
    const std::uint8_t bits = get(m_flags, page);
    row.hasProblem = (bits & kHasProblem) != 0;
    row.isExpected = (bits & kIsExpected) != 0;
    row.depth = get(m_depth, page);
    row.fill = get(m_fill, page);
    row.count = get(m_count, page);
    row.bucket = owner(page);
    row.parent = get(m_parent, page);
    row.overflow = get(m_overflow, page);
    if (row.overflow == kLongRun) {
        const std::lock_guard lock(m_longRunsMutex);
        const auto found = m_longRuns.find(static_cast<PageNumber>(page));
        if (found != m_longRuns.end()) {
            row.overflow = found->second;
        }
    }
    return row;
}

void PageTable::setState(PageNumber page, PageKind kind, PageLife life) {
    const std::uint8_t before = get(m_state, page);
    const std::uint8_t after = packState(kind, life);
    if (before == after) {
        return;
    }
    if (before == 0) {
        add(m_nonZeroStates, 1);
    } else {
        subtract(m_kinds[before & 0x0FU], 1);
        subtract(m_lives[before >> 4U], 1);
    }
    if (after == 0) {
        subtract(m_nonZeroStates, 1);
    } else {
        add(m_kinds[after & 0x0FU], 1);
        add(m_lives[after >> 4U], 1);
    }
    put(m_state, page, after, std::memory_order_release);
}

void PageTable::setHeader(PageNumber page, std::uint16_t count, std::uint32_t overflow) {
    if (count != 0) {
        put(m_count, page, count);
    }
    if (overflow == 0) {
        return; // the column is zero already
    }
    if (overflow >= kLongRun) {
        const std::lock_guard lock(m_longRunsMutex);
        m_longRuns[page] = overflow;
        overflow = kLongRun;
    }
    put(m_overflow, page, static_cast<std::uint16_t>(overflow));
}

std::array<std::uint64_t, kPageKindCount> PageTable::kindCounts() const {
    std::array<std::uint64_t, kPageKindCount> counts{};
    std::uint64_t known = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        counts[i] = m_kinds[i].load(std::memory_order_relaxed);
        known += counts[i];
    }
    // While the scan runs the counters are read one by one; they may be a page apart.
    const std::uint64_t zero = m_tailFrom - std::min(known, m_tailFrom);
    counts[static_cast<std::size_t>(kindOf(m_unreached.load(std::memory_order_relaxed)))] += zero;
    counts[static_cast<std::size_t>(PageKind::Tail)] += m_pageCount - m_tailFrom;
    return counts;
}

std::array<std::uint64_t, kPageLifeCount> PageTable::lifeCounts() const {
    std::array<std::uint64_t, kPageLifeCount> counts{};
    std::uint64_t known = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        counts[i] = m_lives[i].load(std::memory_order_relaxed);
        known += counts[i];
    }
    const std::uint64_t zero = m_tailFrom - std::min(known, m_tailFrom);
    counts[static_cast<std::size_t>(lifeOf(m_unreached.load(std::memory_order_relaxed)))] += zero;
    counts[static_cast<std::size_t>(PageLife::Tail)] += m_pageCount - m_tailFrom;
    return counts;
}

} // namespace pagescape::census
