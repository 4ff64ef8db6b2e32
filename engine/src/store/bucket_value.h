// SPDX-License-Identifier: MIT
// Values that hold a bucket: root page, sequence and, for an inline bucket, its page.
// Source: bbolt internal/common/bucket.go.
#pragma once

#include "format/byte_order.h"
#include "pagescape/format.h"
#include "pagescape/types.h"

#include <array>
#include <cstring>

namespace pagescape {

/// A new bucket: no root, sequence 0, an empty inline leaf.
[[nodiscard]] inline Bytes emptyBucketValue() {
    static const auto kValue = [] {
        std::array<std::byte, format::kBucketHeaderSize + format::kPageHeaderSize> value{};
        format::store<std::uint16_t>(
            value.data() + format::kBucketHeaderSize + format::kHeaderFlagsAt, format::kLeafFlag);
        return value;
    }();
    return kValue;
}

/// Writes a bucket header at the start of a value.
inline void storeBucketHeader(std::byte* at, PageId root, std::uint64_t sequence) {
    format::store<std::uint64_t>(at + format::kBucketRootAt, root.value);
    format::store<std::uint64_t>(at + format::kBucketSequenceAt, sequence);
}

} // namespace pagescape
