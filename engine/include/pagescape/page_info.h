// SPDX-License-Identifier: MIT
// PageInfo: what a transaction says about a page by its number.
#pragma once

#include "pagescape/types.h"

#include <cstdint>
#include <string>

namespace pagescape {

/// A page below a transaction's high-water mark. Source: bbolt PageInfo and Tx.Page.
struct PageInfo {
    PageId id;
    /// "free", "branch", "leaf", "meta" or "freelist"; "unknown<4e20>" with the header's flags in
    /// hex for anything else, such as a page inside an overflow run.
    std::string type;
    /// From the page's header, whatever the page is: elements, and pages that follow as one run.
    std::uint64_t count = 0;
    std::uint64_t overflow = 0;
};

} // namespace pagescape
