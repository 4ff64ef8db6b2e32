// SPDX-License-Identifier: MIT
// FNV-1a 64, the checksum of a meta. Source: bbolt internal/common/meta.go (hash/fnv New64a).
#pragma once

#include "pagescape/types.h"

#include <cstdint>

namespace pagescape::format {

/// FNV-1a 64 of the bytes.
[[nodiscard]] inline std::uint64_t fnv1a64(Bytes bytes) {
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const std::byte b : bytes) {
        hash ^= static_cast<std::uint64_t>(b);
        hash *= 0x100000001b3U;
    }
    return hash;
}

} // namespace pagescape::format
