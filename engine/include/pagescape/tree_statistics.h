// SPDX-License-Identifier: MIT
// The shape of every bucket's tree, depth by depth: how full its pages are, what is wasted, and how
// many pages and bytes a Get walks through.
#pragma once

#include "pagescape/page_file.h"
#include "pagescape/result.h"
#include "pagescape/types.h"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace pagescape {

inline constexpr std::size_t kFillSteps = 10;

/// How full page runs are: bytes in use of bytes allocated, in thousandths rounded down.
struct FillSummary {
    std::uint64_t pages = 0; ///< runs counted: those whose bytes in use are known
    std::uint32_t minimum = 0;
    std::uint32_t median = 0; ///< of an even number the lower of the two in the middle
    std::uint32_t maximum = 0;
    /// Runs by tenths: [0] up to 99 thousandths, [9] from 900 on.
    std::array<std::uint64_t, kFillSteps> histogram{};
};

/// The pages of one depth.
struct DepthStatistics {
    std::uint32_t depth = 0; ///< pages above it in the tree of its bucket
    std::uint64_t branchPages = 0;
    std::uint64_t leafPages = 0;
    std::uint64_t overflowPages = 0; ///< behind both, as far as the file has them
    std::uint64_t elements = 0;      ///< children of branches, keys and buckets of leaves
    std::uint64_t allocated = 0;     ///< bytes of its pages, overflow pages too
    /// Bytes in use: up to the end of the last element's data. Source: bbolt bucket.go Stats.
    std::uint64_t used = 0;
    std::uint64_t unknown = 0; ///< bytes of runs whose last element leaves them: not used, not free
    FillSummary fill;

    [[nodiscard]] std::uint64_t wasted() const { return allocated - used - unknown; }
};

/// What a Get of a key costs on average, when every key of the leaves is asked for once. Nested
/// buckets count as keys of the leaf they are in, inline ones with all their bytes.
struct GetCost {
    std::uint64_t keys = 0;       ///< in leaves whose bytes in use are known
    std::uint64_t pages = 0;      ///< sum over the keys
    std::uint64_t bytes = 0;      ///< of the same page runs, overflow pages too; sum over the keys
    std::uint64_t entryBytes = 0; ///< keys and values themselves; sum over the keys

    /// Pages from the root of the file down to the leaf, through the buckets around it.
    [[nodiscard]] double pagesPerGet() const;
    /// Bytes of those pages. Of a long run with one large value in many the system reads less.
    [[nodiscard]] double bytesPerGet() const;
    [[nodiscard]] double bytesPerEntry() const;
    /// Bytes read for each byte of key and value; 0 where there is none.
    [[nodiscard]] double amplification() const;
    void add(const GetCost& other);
};

/// The tree of one bucket, nested buckets with pages of their own left out.
struct BucketTree {
    std::string name;                  ///< bytes of its name; empty for the root bucket
    std::optional<std::size_t> parent; ///< index of the tree around it; none for the root bucket
    PageId root;
    std::uint64_t buckets = 0;           ///< directly inside it, inline ones too
    std::uint64_t inlineBuckets = 0;     ///< directly inside it
    std::uint64_t inlineKeys = 0;        ///< in the inline buckets
    std::uint64_t inlineUsed = 0;        ///< bytes of their pages, which lie in its leaves
    std::vector<DepthStatistics> depths; ///< [0]: its root page. Empty when that is left out
    GetCost get;
};

/// All trees of one version of a file.
struct TreeStatistics {
    std::vector<BucketTree> trees;       ///< in stored order, a bucket before those inside it
    std::vector<DepthStatistics> depths; ///< all trees together
    GetCost get;                         ///< all trees together
    std::uint64_t partsSkipped = 0;      ///< damaged parts left out

    /// Names from the outermost bucket down to a tree's own; empty for the root bucket.
    [[nodiscard]] std::vector<std::string> path(std::size_t index) const;
};

/// Measures every tree that the active meta reaches. Damaged pages are left out; `onSkip` hears of
/// each part. `onProgress` hears of pages read and of the most there can be, every 256 pages and
/// at the end. Errors: Cancelled, Truncated, OsFailure, that of a file that is no database. Cost:
/// every branch and leaf is read once, of a page its header, its element table, and the data of
/// inline buckets. Memory: less than a KiB for each bucket with pages and depth, two bytes a page
/// of those that the current one is in. Thread: any; the callbacks are called on the caller's.
[[nodiscard]] Result<TreeStatistics> treeStatistics(
    const PageFile& file, const std::function<void(Error)>& onSkip = {},
    const std::function<void(std::uint64_t, std::uint64_t)>& onProgress = {},
    const std::stop_token& stop = {});

} // namespace pagescape
