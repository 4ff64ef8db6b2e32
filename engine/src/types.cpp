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

} // namespace pagescape
