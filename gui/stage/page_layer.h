// SPDX-License-Identifier: MIT
// PageLayer: what every page is on the stage, as a table that is cheap to copy: blocks of pages are
// shared between copies until one of them changes. So a state of a million pages can be kept for
// every few thousand events.
#pragma once

#include "pagescape/census.h"
#include "pagescape/write_trace.h"

#include <algorithm>
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
    /// Pages that are shared, and compared, together.
    static constexpr std::uint64_t kBlock = 512;

    [[nodiscard]] std::uint64_t size() const { return m_size; }
    [[nodiscard]] const StagePage& at(PageId page) const {
        return page.value < m_size ? m_blocks[page.value / kBlock]->pages[page.value % kBlock]
                                   : kTailPage;
    }
    /// Calls `change` with each page of a run; grows the table when it ends past it.
    template <typename Change>
    void change(const PageRun& run, const Change& change);
    template <typename Change>
    void change(PageId page, const Change& change) {
        this->change(PageRun{page, 1}, change);
    }
    void resize(std::uint64_t pages);

    /// Pages whose life is Pending.
    [[nodiscard]] std::uint64_t waiting() const;
    /// Calls `visit` with id and page of each that is Pending, ascending. Cost: those pages, and
    /// their neighbours of a block.
    template <typename Visit>
    void eachWaiting(const Visit& visit) const;
    /// Whether two tables share a block: its pages are the same then, without a look at them.
    [[nodiscard]] bool sharesBlock(const PageLayer& other, std::uint64_t block) const {
        return block < m_blocks.size() && block < other.m_blocks.size() &&
               m_blocks[block] == other.m_blocks[block];
    }
    /// Bytes of the blocks that are not shared with `other`. Cost: a look at each block's place.
    [[nodiscard]] std::uint64_t bytesBeyond(const PageLayer& other) const;
    friend bool operator==(const PageLayer& a, const PageLayer& b);

private:
    struct Block {
        std::array<StagePage, kBlock> pages;
        std::uint32_t waiting = 0; // pages whose life is Pending
        friend bool operator==(const Block&, const Block&) = default;
    };
    static const StagePage kTailPage;

    [[nodiscard]] Block& ownBlock(std::uint64_t block);

    std::vector<std::shared_ptr<Block>> m_blocks;
    std::uint64_t m_size = 0;
};

template <typename Change>
void PageLayer::change(const PageRun& run, const Change& change) {
    const std::uint64_t end = run.pages == 0 ? 0 : run.first.value + run.pages;
    if (end > m_size) {
        resize(end);
    }
    for (std::uint64_t id = run.first.value; id < end;) {
        Block& block = ownBlock(id / kBlock);
        const std::uint64_t blockEnd = std::min(end, (id / kBlock + 1) * kBlock);
        for (; id < blockEnd; ++id) {
            StagePage& page = block.pages[id % kBlock];
            block.waiting -= page.life == StageLife::Pending ? 1U : 0U;
            change(page);
            block.waiting += page.life == StageLife::Pending ? 1U : 0U;
        }
    }
}

template <typename Visit>
void PageLayer::eachWaiting(const Visit& visit) const {
    for (std::size_t b = 0; b < m_blocks.size(); ++b) {
        std::uint32_t left = m_blocks[b]->waiting;
        for (std::size_t i = 0; left > 0; ++i) {
            const StagePage& page = m_blocks[b]->pages[i];
            if (page.life == StageLife::Pending) {
                --left;
                visit(PageId{b * kBlock + i}, page);
            }
        }
    }
}

} // namespace pagescape::gui
