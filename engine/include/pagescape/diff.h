// SPDX-License-Identifier: MIT
// The difference of two versions: of one file, or of two files. Which keys and buckets were added,
// removed or changed, and which pages.
#pragma once

#include "pagescape/page_file.h"
#include "pagescape/result.h"
#include "pagescape/types.h"

#include <cstdint>
#include <functional>
#include <stop_token>
#include <utility>
#include <vector>

namespace pagescape {

/// One side of a comparison: a version of a file, named by its meta. Lifetime: that of `file`.
struct DiffSide {
    const PageFile* file = nullptr;
    MetaFields meta;
};

/// Where something was found.
enum class DiffOrigin { Before, After };

/// What became of a key or bucket.
enum class DiffKind {
    Added,
    Removed,
    Changed ///< a key: another value; a bucket: another sequence
};

/// One difference. A bucket is reported before its contents; one that was added or removed is
/// followed by all that is in it. A key that became a bucket, or the other way round, is removed
/// and added. How things are stored is no difference: an inline bucket that got pages is the same.
/// Lifetime: the call that reports it; the bytes are those of the two mappings.
struct DiffItem {
    DiffKind kind = DiffKind::Changed;
    const std::vector<Bytes>* path = nullptr; ///< names of the buckets around it, outermost first
    Bytes key;
    Bytes before;                     ///< value; empty for a bucket, and where it is not there
    Bytes after;                      ///< the same in the other version
    bool isBucket = false;            ///< then the sequences tell, else the values
    std::uint64_t sequenceBefore = 0; ///< of a bucket; 0 where it is not there
    std::uint64_t sequenceAfter = 0;
    PageId pageBefore; ///< leaf that holds it; page 0 where it is not there
    PageId pageAfter;
};

/// Pages in a row.
struct PageIdSpan {
    PageId first;
    std::uint64_t count = 0;

    friend constexpr bool operator==(const PageIdSpan&, const PageIdSpan&) = default;
};
[[nodiscard]] std::uint64_t pagesIn(const std::vector<PageIdSpan>& spans);

/// The pages of the trees by their ids, overflow pages included; metas and freelists are left out.
/// Each list in rising order, no page in two of them. Within one file a page that both versions
/// reach has the same bytes, and pages that were skipped as shared are not listed: what a version
/// reaches and no list names is the same.
struct PageDiff {
    std::vector<PageIdSpan> onlyBefore;
    std::vector<PageIdSpan> onlyAfter;
    std::vector<PageIdSpan> changed; ///< in both, with different bytes: two files only
    std::vector<PageIdSpan> same;    ///< in both with the same bytes, as far as they were read
};

/// What a comparison found.
struct DiffSummary {
    std::uint64_t keysAdded = 0; ///< plain keys, those in added buckets included
    std::uint64_t keysRemoved = 0;
    std::uint64_t keysChanged = 0;
    std::uint64_t bucketsAdded = 0;
    std::uint64_t bucketsRemoved = 0;
    std::uint64_t sequencesChanged = 0; ///< of buckets in both versions, without the root bucket
    bool isRootSequenceChanged = false; ///< reported here only
    std::uint64_t pagesRead = 0;        ///< branches and leaves of both sides, without overflow
    std::uint64_t subtreesShared = 0;   ///< subtrees that were not read, being the same pages
    std::uint64_t partsSkipped = 0;     ///< damaged parts left out, of both sides
    bool isWhole = true;                ///< false when the callback ended it early
    PageDiff pages;

    /// No difference in what is stored, so far as it could be read.
    [[nodiscard]] bool isEqual() const;
};

/// Compares any two versions in key order. The callback returns false to stop (no error). `onSkip`
/// hears of each damaged part that was left out of its side; what stands there is then reported as
/// removed or added. Keys that are out of order are damage too: no search would find them.
///
/// Where both sides have the same PageFile object, equal page ids are equal bytes, and so, page by
/// page below them, equal subtrees: they are skipped, damage in them too, and the cost is
/// proportional to the change. For two files (one file opened twice counts as two) no id and no
/// page says anything about the pages below it, so all pages of both are read and their bytes
/// compared. But where both grew out of one file, the caller may know pages that were not written
/// in between: `isUnwritten` answers for a page id whether all bytes of that page were the same all
/// the time between the two versions. A page that both versions reach and that was not written has
/// the same pages below it, so they are skipped as in one file.
///
/// The previous version is whole as long as no program commits: see OpenOptions::previousVersion.
/// Errors: Cancelled, Truncated, OsFailure, that of a file that is no database. Memory: five bits a
/// page, and the lists of pages. Depth and page visits are bounded. Thread: any.
[[nodiscard]] Result<DiffSummary> diffVersions(
    const DiffSide& before, const DiffSide& after,
    const std::function<bool(const DiffItem&)>& onItem = {},
    const std::function<void(DiffOrigin, Error)>& onSkip = {}, const std::stop_token& stop = {},
    const std::function<bool(PageId)>& isUnwritten = {});

/// The version that the file was opened on, for one side of a comparison. Errors: that the file is
/// no database.
[[nodiscard]] Result<DiffSide> currentSide(const PageFile& file);
/// The versions of both metas, the older one first; for a file opened with OpenOptions::heldMeta
/// that version and the newest, unless it is the newest. Errors: what is wrong with one of the
/// metas, as there is no version before then. Cost: nothing is read.
[[nodiscard]] Result<std::pair<DiffSide, DiffSide>> bothSides(const PageFile& file);

} // namespace pagescape
