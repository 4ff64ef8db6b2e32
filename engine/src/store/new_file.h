// SPDX-License-Identifier: MIT
// What a new database file holds, and which page sizes it may have.
#pragma once

#include "pagescape/error.h"
#include "pagescape/format.h"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace pagescape {

/// Whether new files may have pages of this size (bytes).
[[nodiscard]] constexpr bool isNewPageSize(std::uint32_t size) {
    return size >= format::kSmallestPageSize && size <= format::kLargestPageSize &&
           std::has_single_bit(size);
}

/// PageSizeUnsupported.
[[nodiscard]] Error wrongPageSize(std::uint32_t pageSize);

/// Two metas, an empty freelist, an empty leaf: four pages. Source: bbolt db.go init.
[[nodiscard]] std::vector<std::byte> newFileImage(std::uint32_t pageSize);

} // namespace pagescape
