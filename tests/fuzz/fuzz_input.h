// SPDX-License-Identifier: MIT
// What the fuzz targets share: the input as bytes, and a check that cannot be compiled out.
#pragma once

#include "pagescape/types.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace pagescape::fuzz {

/// The bytes that libFuzzer gave.
[[nodiscard]] inline Bytes asInput(const std::uint8_t* data, std::size_t size) {
    return std::as_bytes(std::span<const std::uint8_t>(data, size));
}

/// Ends the program, which is a finding, when a property does not hold.
inline void require(bool holds, const char* what) {
    if (!holds) {
        std::fprintf(stderr, "property violated: %s\n", what);
        std::abort();
    }
}

} // namespace pagescape::fuzz
