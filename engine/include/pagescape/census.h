// SPDX-License-Identifier: MIT
// Census: every page of a file by kind and life, with owner bucket, depth and fill, in three
// stages: metas and freelist at once; branches breadth first; leaves in file order. 16 bytes of
// memory a page.
#pragma once

#include "pagescape/page_file.h"
#include "pagescape/result.h"
#include "pagescape/types.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace pagescape {

/// What a page is.
enum class PageKind : std::uint8_t {
    NotRead = 0, ///< in use as far as is known, not looked at yet
    Meta,
    Freelist,
    Branch,
    Leaf,
    Overflow, ///< continuation of the page before it; has no header
    Free,
    Leaked,  ///< neither reachable nor free, and its old header names no type
    Tail,    ///< at or beyond the high-water mark, inside the file
    Problem, ///< reachable but undecodable
};
inline constexpr int kPageKindCount = 10;

/// Who can still reach a page.
enum class PageLife : std::uint8_t {
    Live = 0,   ///< the current version of the database, or its freelist
    ActiveMeta, ///< the meta page in force
    StaleMeta,  ///< the other meta page
    Previous,   ///< free, but still reachable through the other meta
    Free,       ///< reachable by nobody
    Leaked,     ///< reachable by nobody, yet not in the freelist
    Tail,       ///< never allocated
};
inline constexpr int kPageLifeCount = 7;

/// Stable lower-case names, the ones of `pagescape-cli pages --json`.
[[nodiscard]] std::string_view pageKindName(PageKind kind);
[[nodiscard]] std::string_view pageLifeName(PageLife life);

/// Index of a bucket in the census' bucket list. 0 is the root bucket.
using BucketIndex = std::uint32_t;
inline constexpr BucketIndex kNoBucket = 0xFFFFFFFF;

/// One page, as a value. Rows of pages that were not reached yet say NotRead.
struct PageRow {
    PageKind kind = PageKind::NotRead;
    PageLife life = PageLife::Live;
    bool hasProblem = false;        ///< some finding names this page
    bool isExpected = false;        ///< kind follows from its parent; the page was not read yet
    std::uint8_t depth = 0;         ///< 0 for a bucket's root page
    std::uint8_t fill = 0;          ///< used bytes of the run in 1/255 of its size
    std::uint16_t count = 0;        ///< elements, as the header states
    BucketIndex bucket = kNoBucket; ///< owner
    std::uint32_t parent = 0;       ///< page that refers to it; first page of the run for Overflow
    std::uint32_t overflow = 0;     ///< extra pages, as the header states
};

/// A bucket with a page of its own. (Inline buckets live inside a leaf; their number is counted.)
struct BucketInfo {
    std::string name; ///< bytes of the name; empty for the root bucket
    BucketIndex parent = kNoBucket;
    PageId root;
    std::uint64_t sequence = 0;
    std::uint32_t level = 0; ///< nesting; 0 for the root bucket
    PageId headerPage;       ///< leaf whose value is the bucket header
    std::uint32_t headerElement = 0;
    std::uint64_t branchPages = 0;
    std::uint64_t leafPages = 0;
    std::uint64_t overflowPages = 0;
    std::uint64_t entries = 0;       ///< elements in its leaves: keys and nested buckets
    std::uint64_t inlineBuckets = 0; ///< directly inside it
    std::uint64_t usedBytes = 0;     ///< in its branch and leaf runs
    std::uint32_t height = 0;        ///< levels of its tree, 1 for a single leaf
};

/// Something wrong, found on the way. The full check finds more (check.h).
struct CensusProblem {
    PageId page;
    std::string text;
};

/// How far a census is.
enum class CensusStage { Metas, Branches, Leaves, Done };

struct CensusProgress {
    CensusStage stage = CensusStage::Metas;
    std::uint64_t pagesDone = 0;
    std::uint64_t pagesTotal = 0;
};

/// The table. Filled by one thread while others read: columns are relaxed atomics, so a reader sees
/// each row old or new, never torn fields. The bucket list only grows.
class Census {
public:
    explicit Census(std::shared_ptr<const PageFile> file);
    ~Census();
    Census(const Census&) = delete;
    Census& operator=(const Census&) = delete;

    // Each stage runs the ones before it where they have not run. After Cancelled it can be called
    // again and goes on where it was.

    /// Stage 0: metas, freelist, tail. Reads at most the metas and the freelist pages.
    /// Errors: LimitReached when the table would be too large, Truncated.
    Result<void> readMetas();
    /// Stage 1: branches breadth first, nested buckets as they are met in already read leaves.
    Result<void> readBranches(const std::stop_token& stop = {},
                              const std::function<void(const CensusProgress&)>& progress = {});
    /// Stage 2: leaves in file order, then what the other meta reaches, then leaks.
    /// Errors: Cancelled, Truncated. Polls `stop` every 256 pages.
    Result<void> readLeaves(const std::stop_token& stop = {},
                            const std::function<void(const CensusProgress&)>& progress = {});
    /// All stages.
    Result<void> run(const std::stop_token& stop = {},
                     const std::function<void(const CensusProgress&)>& progress = {});

    [[nodiscard]] const PageFile& file() const;
    [[nodiscard]] std::uint64_t pageCount() const;
    /// Of the active meta; the page count where no meta is valid.
    [[nodiscard]] PageId highWater() const;
    [[nodiscard]] CensusStage stage() const;
    /// False when the free pages are not stored and are only known after stage 2.
    [[nodiscard]] bool freePagesKnown() const;
    /// Ids in the stored freelist, duplicates included.
    [[nodiscard]] std::uint64_t freelistIds() const;
    /// False when the active txid moved while the scan ran: the picture mixes two versions.
    /// Errors: OsFailure.
    [[nodiscard]] Result<bool> isWhole() const;

    /// One page. `id` must be below pageCount(). Cost: a few loads.
    [[nodiscard]] PageRow row(PageId id) const;
    /// Kind and life alone, packed as kind | life << 4: for pictures of millions of pages.
    [[nodiscard]] std::uint8_t state(PageId id) const;
    [[nodiscard]] std::uint8_t fill(PageId id) const;
    [[nodiscard]] BucketIndex owner(PageId id) const;
    [[nodiscard]] bool hasProblem(PageId id) const;
    /// state() and fill() of out.size() pages from `first`: one call for a row of a picture.
    void copyStates(PageId first, std::span<std::uint8_t> out) const;
    void copyFills(PageId first, std::span<std::uint8_t> out) const;

    /// Pages of each kind so far.
    [[nodiscard]] std::array<std::uint64_t, kPageKindCount> kindCounts() const;
    [[nodiscard]] std::array<std::uint64_t, kPageLifeCount> lifeCounts() const;

    [[nodiscard]] std::size_t bucketCount() const;
    /// A copy, so that it stays valid while the list grows.
    [[nodiscard]] BucketInfo bucket(BucketIndex index) const;
    /// Names from the root bucket (left out) down to the bucket itself.
    [[nodiscard]] std::vector<std::string> bucketPath(BucketIndex index) const;
    /// Pages from the root bucket's root page down to `id`, through nested buckets' header leaves.
    /// Empty for a page that no bucket owns.
    [[nodiscard]] std::vector<PageId> pathTo(PageId id) const;
    [[nodiscard]] std::vector<CensusProblem> problems() const;

    /// Bytes of memory the table takes for its pages.
    [[nodiscard]] std::uint64_t tableBytes() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace pagescape
