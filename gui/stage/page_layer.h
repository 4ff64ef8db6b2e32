// SPDX-License-Identifier: MIT
// PageLayer: what every page is on the stage, as a table that is cheap to copy: blocks of pages are
// shared between copies until one of them changes. So a state of a million pages can be kept for
// every few thousand events.
#pragma once

#include "pagescape/census.h"

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace pagescape::gui {

/// What the last committed version says of a page.
enum class StageLife : std::uint8_t {
    Tail,    ///< at or beyond the high-water mark
    Free,    ///< the next transaction may write to it
    Pending, ///< freed by a commit, and perhaps still read: not to be written to yet
    Live,    ///< part of the newest version
    Leaked,  ///< neither reachable nor free
};

/// What the transaction under way, or the one whose commit was just shown, does to a page.
enum class StageMark : std::uint8_t {
    None,
    Leaving, ///< given up; it stays what it is until the meta is written
    Taken,   ///< allocated, nothing is in it yet
    Made,    ///< its new bytes exist in the memory of the program
    Cached,  ///< written: they are in the page cache of the system, not safe yet
    Durable, ///< synced: they are on the disk
};

/// One page.
struct StagePage {
    StageLife life = StageLife::Tail;
    StageMark mark = StageMark::None;
    PageKind kind = PageKind::Tail; ///< what its bytes in the file are, or were before it was free
    PageKind made = PageKind::Tail; ///< what its new bytes are; from Made on
    std::uint32_t overflow = 0;     ///< further pages of its run, as last made or found
    std::uint64_t writtenBy = 0;    ///< transaction; 0: not known
    std::uint64_t freedBy = 0;      ///< transaction, of a Pending page
    friend bool operator==(const StagePage&, const StagePage&) = default;
};

/// Pages by id. Reading past the end answers a Tail page. Thread: one at a time for each copy.
class PageLayer {
public:
    [[nodiscard]] std::uint64_t size() const { return m_size; }
    [[nodiscard]] const StagePage& at(PageId page) const;
    /// For a change: grows the table when the page lies past its end.
    [[nodiscard]] StagePage& edit(PageId page);
    void resize(std::uint64_t pages);
    friend bool operator==(const PageLayer& a, const PageLayer& b);

private:
    static constexpr std::uint64_t kBlock = 512;
    using Block = std::array<StagePage, kBlock>;
    std::vector<std::shared_ptr<Block>> m_blocks;
    std::uint64_t m_size = 0;
};

} // namespace pagescape::gui
