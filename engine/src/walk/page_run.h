// SPDX-License-Identifier: MIT
// What the scans share: a page run through the guarded mapping, and a set of page ids.
#pragma once

#include "format/page_view.h"
#include "pagescape/page_file.h"

#include <bit>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pagescape {

/// Reads page runs for one scan of a file. Sound runs do not overlap, so together they are no
/// longer than the file; damaged overflow counts may lie, within a budget that keeps a scan linear.
class RunReader {
public:
    explicit RunReader(const PageFile& file)
        : m_file(file), m_bytesLeft(kOverlap * file.layout().fileSize) {}

    /// A page with its overflow pages, as far as the file has them; empty past the end of the file.
    /// The first page alone when the budget is spent.
    [[nodiscard]] format::PageView read(PageId id) {
        const format::PageView first(m_file.pages(id));
        if (first.header().overflow == 0) {
            return first;
        }
        const Bytes run = m_file.pages(id, std::uint64_t{first.header().overflow} + 1);
        if (run.size() > m_bytesLeft) {
            return first;
        }
        m_bytesLeft -= run.size();
        return format::PageView(run);
    }

private:
    static constexpr std::uint64_t kOverlap = 8;

    const PageFile& m_file;
    std::uint64_t m_bytesLeft;
};

/// Bytes of keys and values that a scan looks at in one page. Sound elements do not overlap, so
/// this is ample; without it n elements that each claim the whole page would cost n times its size.
[[nodiscard]] inline std::uint64_t dataLimit(const format::PageView& view) {
    return 16 * std::uint64_t{view.bytes().size()} + 65536;
}

/// Success while the file has the length it was opened with. Errors: Truncated, OsFailure.
/// Needed beside truncated(): a cut inside one page of the operating system raises no fault.
[[nodiscard]] inline Result<void> checkNotCut(const PageFile& file) {
    const auto size = file.currentFileSize();
    if (!size) {
        return fail(size.error());
    }
    if (*size >= file.layout().fileSize && !file.truncated()) {
        return {};
    }
    Error error;
    error.code = ErrorCode::Truncated;
    error.text = "The file became shorter while it was being read: " +
                 std::to_string(file.layout().fileSize) + " bytes before, " +
                 std::to_string(*size) + " now";
    error.hint = "Another program cut it; open it again.";
    return fail(std::move(error));
}

/// Pages the format can count on: below the high-water mark and, at least in part, inside the file.
[[nodiscard]] inline std::uint64_t usablePages(const FileLayout& layout, PageId highWater) {
    return highWater.value < layout.pageCount ? highWater.value : layout.pageCount;
}

/// A set of page ids below a bound, one bit each.
class PageSet {
public:
    explicit PageSet(std::uint64_t bound = 0) : m_bound(bound), m_words((bound + 63) / 64) {}

    /// Ids from here on are never in the set.
    [[nodiscard]] std::uint64_t bound() const { return m_bound; }
    [[nodiscard]] bool contains(PageId id) const {
        return id.value < m_bound && (m_words[id.value / 64] >> (id.value % 64) & 1) != 0;
    }
    /// The first member that is not below `id`. Cost: a look at 64 ids at a time.
    [[nodiscard]] std::optional<PageId> nextFrom(PageId id) const {
        if (id.value >= m_bound) {
            return std::nullopt;
        }
        std::size_t at = id.value / 64;
        std::uint64_t word = m_words[at] >> (id.value % 64) << (id.value % 64);
        while (word == 0 && ++at < m_words.size()) {
            word = m_words[at];
        }
        return word == 0 ? std::nullopt
                         : std::optional(PageId{at * 64 + std::uint64_t(std::countr_zero(word))});
    }
    /// Adds an id; false when it was there already or is not below the bound.
    bool insert(PageId id) {
        if (id.value >= m_bound || contains(id)) {
            return false;
        }
        m_words[id.value / 64] |= std::uint64_t{1} << (id.value % 64);
        return true;
    }

private:
    std::uint64_t m_bound;
    std::vector<std::uint64_t> m_words;
};

} // namespace pagescape
