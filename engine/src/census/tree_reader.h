// SPDX-License-Identifier: MIT
// TreeReader: stages 1 and 2. Branches are read as soon as something refers to them, generation by
// generation; leaves wait, and are read in the order of the file. bolt's leaves all have one depth,
// so the header of one child tells what its whole level is - expected, until its own header
// confirms it.
#pragma once

#include "census/scan.h"
#include "format/page_view.h"

#include <array>
#include <span>
#include <vector>

namespace pagescape::census {

/// Reads the tree of the current version. One thread.
class TreeReader {
public:
    explicit TreeReader(Scan& scan) : m_scan(scan) {}

    /// Starts at the root of the active meta.
    void addRootBucket();
    /// Stage 1: reads every branch that is known, and the leaves that are the root of their bucket.
    /// False when the pacer says to end; call again to go on.
    [[nodiscard]] bool readBranches(Pacer& pacer);
    /// Stage 2: reads expected leaves, then the branches of the buckets found in them, and so on
    /// until nothing is left.
    [[nodiscard]] bool readLeaves(Pacer& pacer);

private:
    static constexpr std::size_t kBatch = 256;

    // Where the next expected leaves come from: the flags column, or a sorted list when they are
    // few.
    struct Pass {
        std::vector<PageNumber> list; ///< what was expected when the pass began
        bool isSparse = false;        ///< walk `list`; otherwise the flags of [next, end)
        std::uint64_t next = 0;
        std::uint64_t end = 0;
    };

    // What the header, the element flags and the last element of a page say.
    struct Glance {
        bool isPlain = false; ///< an undamaged leaf of one page without nested buckets
        std::uint16_t count = 0;
        std::uint32_t usedBytes = 0;
    };

    [[nodiscard]] bool mayRefer(PageNumber from, std::uint64_t child);
    void expectLeaf(PageNumber page, const Owner& owner);
    void queue(PageNumber page, const Owner& owner);

    [[nodiscard]] bool readNode(PageNumber page, Pacer& pacer);
    [[nodiscard]] bool readRun(PageNumber page, const format::PageView& view, Pacer& pacer);
    void confirm(PageNumber page);
    static void countNode(BucketRecord& bucket, std::atomic<std::uint64_t>& pages,
                          std::uint64_t usedBytes, std::uint32_t depth);
    /// `view`'s element table fits.
    [[nodiscard]] static bool hasBucketElement(const format::PageView& view);
    void readBranch(PageNumber page, const format::PageView& view);
    void readLeaf(PageNumber page, const format::PageView& view);
    void readBucketElement(PageNumber page, const format::PageView& view, std::uint32_t index);
    void readInlineBucket(PageNumber page, std::uint32_t index, Bytes inlinePage);

    void beginPass();
    [[nodiscard]] std::span<const PageNumber> nextBatch();
    [[nodiscard]] bool readBatch(std::span<const PageNumber> batch, Pacer& pacer);
    void glance(std::span<const PageNumber> batch);
    [[nodiscard]] static Glance glanceAt(Bytes page, PageNumber number);

    Scan& m_scan;
    std::vector<PageNumber> m_next;     ///< claimed pages to read, the generation being collected
    std::vector<PageNumber> m_current;  ///< the generation being read, in file order
    std::size_t m_at = 0;               ///< in m_current
    std::vector<PageNumber> m_expected; ///< leaves for the next pass
    Pass m_pass;
    std::array<PageNumber, kBatch> m_batch{};
    std::array<Glance, kBatch> m_glances{};
};

} // namespace pagescape::census
