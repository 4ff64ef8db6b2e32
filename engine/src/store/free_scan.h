// SPDX-License-Identifier: MIT
// Free pages found again by looking which pages the tree reaches, for files without a stored list.
#pragma once

#include "pagescape/database.h"
#include "pagescape/result.h"

#include <cstdint>
#include <vector>

namespace pagescape {

/// Ids of all pages in [2, high-water mark) that the transaction's tree does not reach, ascending.
/// Errors: CorruptPage where the tree is damaged: then no page can safely be called free.
/// Cost: every page of the tree is read. Source: bbolt db.go freepages.
[[nodiscard]] Result<std::vector<std::uint64_t>> findFreePages(const ReadTransaction& tx);

/// Ids in a stored freelist, as they stand there. Errors: CorruptPage.
[[nodiscard]] Result<std::vector<std::uint64_t>> readFreelist(const ReadTransaction& tx);
/// The same from the bytes of its pages, the first of which is `id`; more may follow.
[[nodiscard]] Result<std::vector<std::uint64_t>> readFreelist(PageId id, Bytes rest,
                                                              std::uint64_t pageSize);

/// How many pages the run of a stored freelist has: as its overflow count says, which must not
/// claim pages of others, for the next commit gives the run up. Errors: CorruptPage for more than
/// its ids need.
[[nodiscard]] Result<std::uint64_t> freelistRun(PageId id, std::uint32_t overflow,
                                                std::uint64_t ids, std::uint64_t pageSize);

} // namespace pagescape
