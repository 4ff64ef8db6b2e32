// SPDX-License-Identifier: MIT
// What the parts of one check share: the file, who owns which page, and where findings go.
#pragma once

#include "pagescape/check.h"
#include "walk/page_run.h"

#include <string>
#include <vector>

namespace pagescape {

/// One check under way.
struct CheckRun {
    CheckRun(const PageFile& pageFile, const CheckOptions& checkOptions,
             const std::function<void(Finding)>& sink, const std::stop_token& stopToken,
             const std::function<void(std::uint64_t)>& progressSink);

    const PageFile& file;
    const CheckOptions& options;
    const MetaFields* meta; ///< of the version to check; null without a valid one
    const std::function<void(Finding)>& onFinding;
    const std::stop_token& stop;
    const std::function<void(std::uint64_t)>& progress;

    std::uint64_t pageSize; ///< bytes
    PageId highWater;       ///< of that version; 0 without one
    RunReader runs;
    PageSet claimed;        ///< pages that the freelist or a tree uses
    PageSet free;           ///< ids in the freelist
    bool freeKnown = false; ///< false when the list is not stored or cannot be read
    bool quiet = false;     ///< true while findings of no interest are dropped
    bool full = false;      ///< maxFindings was reached: nothing more is reported
    CheckSummary summary;

    /// Reports a finding; page and byte are added to the sentence. `path` leads to the page.
    void report(FindingCode code, std::optional<PageId> page, std::optional<std::uint64_t> offset,
                std::string text, std::vector<PageId> path = {});

    /// Byte of the file at which a page starts. `id` must be one that the file could hold.
    [[nodiscard]] std::uint64_t offsetOf(PageId id) const { return id.value * pageSize; }

    /// Takes the overflow pages of a run whose first page is claimed already.
    void claimOverflow(PageId first, std::uint64_t overflow, const std::vector<PageId>& path);

    /// True when the check has to end here: stopped, truncated or full.
    [[nodiscard]] bool mustEnd() const;
};

/// Reads the freelist that the version's meta names into `run.free`, and checks it.
void checkFreelist(CheckRun& run, const MetaFields& meta);

/// Checks the tree below a page and all buckets inside.
void checkTree(CheckRun& run, PageId root);

} // namespace pagescape
