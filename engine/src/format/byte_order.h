// SPDX-License-Identifier: MIT
// Little-endian loads and stores at any address: memcpy, which compiles to one instruction.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

namespace pagescape::format {

static_assert(std::endian::native == std::endian::little,
              "Pagescape reads bolt files on little-endian hosts only");

/// Loads an unsigned integer; the caller has checked that sizeof(T) bytes are there.
template <typename T>
[[nodiscard]] inline T load(const std::byte* at) {
    T value;
    std::memcpy(&value, at, sizeof(T));
    return value;
}

/// Stores an unsigned integer; the caller has checked that sizeof(T) bytes are there.
template <typename T>
inline void store(std::byte* at, T value) {
    std::memcpy(at, &value, sizeof(T));
}

} // namespace pagescape::format
