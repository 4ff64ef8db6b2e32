// SPDX-License-Identifier: MIT
#include "pagescape/types.h"

#include <algorithm>
#include <cstring>

namespace pagescape {

std::string toString(Bytes bytes) {
    std::string text(bytes.size(), '\0');
    if (!bytes.empty()) {
        std::memcpy(text.data(), bytes.data(), bytes.size());
    }
    return text;
}

std::strong_ordering compareKeys(Bytes a, Bytes b) {
    const std::size_t common = std::min(a.size(), b.size());
    if (common > 0) {
        const int order = std::memcmp(a.data(), b.data(), common);
        if (order != 0) {
            return order < 0 ? std::strong_ordering::less : std::strong_ordering::greater;
        }
    }
    return a.size() <=> b.size();
}

} // namespace pagescape
