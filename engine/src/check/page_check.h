// SPDX-License-Identifier: MIT
// The check of one page on its own: table, bounds, flags, keys in order and in range.
#pragma once

#include "check/check_run.h"
#include "format/page_view.h"

#include <optional>
#include <vector>

namespace pagescape {

/// The keys a page may hold: from `lower` on and below `upper`, where its ancestors say so.
/// Half-open, as in bolt: the separator is the first key of its own subtree.
struct KeyBounds {
    std::optional<Bytes> lower;
    std::optional<Bytes> upper;
};

/// A page to check, with where it stands.
struct CheckedPage {
    format::PageView view;
    PageId id;
    std::uint64_t offset = 0; ///< of the view's first byte, in the file
    std::vector<PageId> path; ///< from the root to this page
    std::string owner;        ///< empty, or which inline bucket it is, to begin a sentence with
};

/// Checks all elements and keys of a page whose element table fits. Returns the number of elements
/// that say they are buckets.
std::uint32_t checkElements(CheckRun& run, const CheckedPage& page, const KeyBounds& bounds);

/// Checks the page image of an inline bucket in element `index` of `holder`; `image` lies inside
/// its bytes.
void checkInlineBucket(CheckRun& run, const CheckedPage& holder, std::uint32_t index, Bytes image);

} // namespace pagescape
