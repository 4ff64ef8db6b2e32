// SPDX-License-Identifier: MIT
// The elements of a decoded page as rows: what `page` lists and `page-item` picks from.
#pragma once

#include "pagescape/inspect.h"

#include <optional>
#include <vector>

namespace pagescape::cli {

/// One element of a branch or leaf page.
struct PageItem {
    std::uint32_t index = 0;
    std::uint64_t flags = 0;
    std::optional<Bytes> key;                    ///< nothing when it leaves the page
    std::optional<Bytes> value;                  ///< of a leaf; nothing when it leaves the page
    std::optional<std::uint64_t> child;          ///< of a branch
    std::optional<std::uint64_t> bucketRoot;     ///< where the value is a bucket; 0: inline
    std::optional<std::uint64_t> bucketSequence; ///< where the value is a bucket
};

/// The elements of the page itself, without those of inline pages in it. Spans point into `page`.
[[nodiscard]] std::vector<PageItem> pageItems(const InspectedPage& page);

/// The ids of a freelist page.
[[nodiscard]] std::vector<std::uint64_t> freelistIds(const PageDescription& page);

} // namespace pagescape::cli
