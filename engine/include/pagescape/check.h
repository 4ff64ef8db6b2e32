// SPDX-License-Identifier: MIT
// The consistency check: all that bolt's Tx.Check looks for, plus element bounds, inline buckets,
// cycles, depth and overflow runs. It never crashes and always ends, whatever the bytes.
#pragma once

#include "pagescape/page_file.h"
#include "pagescape/result.h"

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace pagescape {

/// What kind of damage a finding is. The names in JSON are given beside each.
enum class FindingCode {
    MetaInvalid,              ///< meta-invalid
    NoValidMeta,              ///< no-valid-meta
    MetaChecksumZero,         ///< meta-checksum-zero: valid for bbolt up to 1.3.6 only
    MetaFlags,                ///< meta-flags: the header does not say that it is a meta page
    MetaPageSize,             ///< meta-page-size
    PageIdMismatch,           ///< page-id
    PageType,                 ///< page-type
    PageOutOfRange,           ///< page-out-of-range
    PagePastEof,              ///< page-past-eof
    Cycle,                    ///< cycle
    MultipleReferences,       ///< multiple-references
    OverflowPastEof,          ///< overflow-past-eof
    OverflowPastHighWater,    ///< overflow-past-high-water
    ElementTable,             ///< element-table
    ElementBounds,            ///< element-bounds
    ElementFlags,             ///< element-flags
    EmptyBranch,              ///< empty-branch
    EmptyKey,                 ///< empty-key
    KeyOrder,                 ///< key-order
    DuplicateKey,             ///< duplicate-key
    KeyRange,                 ///< key-range
    UnevenDepth,              ///< uneven-depth
    BucketHeader,             ///< bucket-header
    InlineBucket,             ///< inline-bucket
    FreelistOutOfRange,       ///< freelist-out-of-range
    FreelistType,             ///< freelist-type
    FreelistCount,            ///< freelist-count
    FreelistIdRange,          ///< freelist-id-range
    FreelistDuplicate,        ///< freelist-duplicate
    FreelistUnsorted,         ///< freelist-unsorted
    ReachableFree,            ///< reachable-free
    Leak,                     ///< leak
    FileShorterThanHighWater, ///< file-shorter-than-high-water
    EmptyFile,                ///< empty-file
    GaveUp,                   ///< gave-up
};

/// The name given beside the code, such as "page-past-eof".
[[nodiscard]] std::string_view findingName(FindingCode code);

/// How bad a finding is for a reader.
enum class Severity {
    Note,    ///< nothing is lost: a broken older meta, for instance
    Warning, ///< space is lost, or writing would be dangerous
    Error,   ///< data cannot be reached or may be wrong
};
[[nodiscard]] Severity severityOf(FindingCode code);

/// One finding.
struct Finding {
    FindingCode code = FindingCode::GaveUp;
    std::optional<PageId> page;
    std::optional<std::uint64_t> offset; ///< byte of the file
    std::vector<PageId> path;            ///< pages from the root down to `page`; empty for a leak
    std::string text;                    ///< a sentence with the numbers
};

/// The finding behind a file that PageFile::open refused; none unless it is about the file's bytes.
[[nodiscard]] std::optional<Finding> findingOf(const Error& openError);

struct CheckOptions {
    /// Check only the subtree below this page: no findings about metas, freelist and leaks then.
    /// A path in a finding starts at this page.
    std::optional<PageId> from;
    /// Check the version that this meta describes, written or not, in place of the current one: no
    /// findings about the file's metas then.
    std::optional<MetaFields> version;
    std::uint64_t maxFindings = 100000; ///< afterwards one GaveUp finding and the end
};

/// Totals of a check.
struct CheckSummary {
    std::uint64_t findings = 0;
    std::uint64_t branchPages = 0;
    std::uint64_t leafPages = 0;
    std::uint64_t overflowPages = 0;
    std::uint32_t maxTreeHeight = 0;
    bool isWhole = true; ///< false when the file's active txid moved meanwhile

    [[nodiscard]] bool ok() const { return findings == 0; }
};

/// Checks a file and reports each finding as it is found. A file whose metas are both invalid gives
/// findings too. The version checked is the one that was current when the file was opened.
/// Errors: Cancelled, OsFailure, Truncated. Cost: every reachable page is read once.
[[nodiscard]] Result<CheckSummary> check(
    const PageFile& file, const CheckOptions& options,
    const std::function<void(Finding)>& onFinding, const std::stop_token& stop = {},
    const std::function<void(std::uint64_t pagesDone)>& progress = {});

} // namespace pagescape
