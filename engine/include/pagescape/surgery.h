// SPDX-License-Identifier: MIT
// Surgery: changes of single pages behind the tree's back, for files that nothing else can mend.
// Each function changes the file it is given: give it a copy. Nothing in the file is trusted; a
// count, size or reference that makes no sense is an error and changes nothing.
// Source of all effects: bbolt internal/surgeon and cmd/bbolt/command/command_surgery*.go.
#pragma once

#include "pagescape/page_file.h"
#include "pagescape/result.h"
#include "pagescape/storage_file.h"
#include "pagescape/types.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace pagescape {

/// What an operation did.
struct SurgeryOutcome {
    PageId page;                       ///< first page written
    std::uint64_t pagesWritten = 0;    ///< physical pages; 0: there was nothing to change
    std::vector<std::string> warnings; ///< sentences about what is now out of step
};

/// How the pages of a file are told apart where no meta page is valid.
struct SurgeryOptions {
    /// Bytes of a page when no valid meta states them. 0: what an invalid one with the right magic
    /// states, else NotADatabase.
    std::uint32_t pageSizeHint = 0;
};

/// Undoes the last commit: the meta with the lower txid is copied over the other one, as a whole
/// page with its id set right. The txid stays, so both metas are equal afterwards.
/// Errors: SurgeryRefused when the older meta is not valid, for then there is nothing to go back
/// to; NotADatabase when neither is.
[[nodiscard]] Result<SurgeryOutcome> revertMetaPage(StorageFile& file,
                                                    const SurgeryOptions& options = {});

/// Copies a page with its overflow pages to another place and gives it that id.
/// Errors: SurgeryRefused when both are one, when a page is not in the file, when the pages written
/// would reach past its end, or when a meta page would become another kind of page; CorruptPage
/// when the overflow of `from` reaches past the end of the file.
[[nodiscard]] Result<SurgeryOutcome> copyPage(StorageFile& file, PageId from, PageId to,
                                              const SurgeryOptions& options = {});

/// Elements [from, to) of a page. Without `to`: up to the last one.
struct ElementRange {
    std::uint32_t from = 0;
    std::optional<std::uint32_t> to;
};

/// Removes elements from a branch or leaf page. The others are laid out anew, in order and without
/// gaps; what they do not need any more of the overflow pages is no longer part of the page.
/// Elements that are removed may be damaged, those that stay may not. A page without elements stays
/// as it is. Errors: SurgeryRefused for page 0 and 1, for a page that is neither branch nor leaf
/// and for a range that the page does not have; CorruptPage when an element that stays leaves the
/// page or when the page reaches past the end of the file.
[[nodiscard]] Result<SurgeryOutcome> clearPageElements(StorageFile& file, PageId page,
                                                       const ElementRange& elements,
                                                       const SurgeryOptions& options = {});

/// The same with all elements.
[[nodiscard]] Result<SurgeryOutcome> clearPage(StorageFile& file, PageId page,
                                               const SurgeryOptions& options = {});

/// Makes both metas say that no freelist is stored. An invalid meta is left alone: a new checksum
/// would make its damage look sound. Errors: NotADatabase when no meta is valid.
[[nodiscard]] Result<SurgeryOutcome> abandonFreelist(StorageFile& file,
                                                     const SurgeryOptions& options = {});

/// Finds the free pages by walking the whole tree and stores them, in one commit.
/// Errors: SurgeryRefused when a freelist is stored; CorruptPage when the tree is damaged; those of
/// Store::open and of a commit.
[[nodiscard]] Result<void> rebuildFreelist(const std::filesystem::path& path);

/// New values of the fields of a meta; fields without one stay.
struct MetaChange {
    std::optional<PageId> root; ///< sets the sequence of the root bucket to 0 as well
    std::optional<PageId> freelist;
    std::optional<PageId> highWater;
    std::optional<std::uint32_t> pageSize; ///< bytes

    [[nodiscard]] bool isEmpty() const { return !root && !freelist && !highWater && !pageSize; }
};

/// Changes fields of meta page 0 or 1, valid or not, and sets right what makes a meta valid: magic,
/// version, flags (to 4, as bbolt's tool does), page header and checksum.
/// Errors: SurgeryRefused for another page, and for a page size that no file can have.
[[nodiscard]] Result<SurgeryOutcome> updateMeta(StorageFile& file, PageId metaPage,
                                                const MetaChange& change,
                                                const SurgeryOptions& options = {});

/// Finds every way from the root page to a leaf that holds `key`, as key or as name of a bucket, in
/// whichever bucket; an inline bucket adds no page. The callback gets the page ids in order and
/// returns false to stop. `onSkip` hears of each damaged part, which is left out then; without it
/// the first one ends the search. Cost: every reachable page is read. Errors: layout().openError;
/// without `onSkip`, CorruptPage where a page leads back to itself, is neither branch nor leaf, or
/// holds elements outside of it; LimitReached when pages are shared so often that the ways have no
/// end. Source: bbolt internal/surgeon/xray.go.
[[nodiscard]] Result<void> findPathsToKey(
    const PageFile& file, Bytes key, const std::function<bool(std::span<const PageId>)>& onPath,
    const std::function<void(const Error&)>& onSkip = {});

} // namespace pagescape
