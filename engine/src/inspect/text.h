// SPDX-License-Identifier: MIT
// Small pieces of the sentences that inspect writes.
#pragma once

#include "pagescape/types.h"

#include <cstdint>
#include <string>

namespace pagescape::inspect {

/// "0x2f".
[[nodiscard]] inline std::string hexText(std::uint64_t value) {
    constexpr const char* kDigits = "0123456789abcdef";
    std::string out;
    do {
        out.insert(out.begin(), kDigits[value & 15]);
        value >>= 4;
    } while (value != 0);
    return "0x" + out;
}

/// "16 to 31": first and last byte.
[[nodiscard]] inline std::string rangeText(ByteRange range) {
    return std::to_string(range.begin) + " to " + std::to_string(range.end - 1);
}

/// "expected 3, found 5".
[[nodiscard]] inline std::string expectedText(const std::string& expected,
                                              const std::string& found) {
    return "expected " + expected + ", found " + found;
}
[[nodiscard]] inline std::string expectedText(const std::string& expected, std::uint64_t found) {
    return expectedText(expected, std::to_string(found));
}

} // namespace pagescape::inspect
