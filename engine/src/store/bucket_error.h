// SPDX-License-Identifier: MIT
// Errors of the calls that change buckets.
#pragma once

#include "pagescape/format.h"
#include "store/store_error.h"

namespace pagescape {

[[nodiscard]] inline Error incompatible(bool isBucket) {
    return storeError(ErrorCode::IncompatibleValue,
                      isBucket ? "Incompatible value: the key holds a bucket"
                               : "Incompatible value: the key holds a plain value");
}

[[nodiscard]] inline Error tooDeep() {
    return storeError(ErrorCode::LimitReached,
                      "Buckets nest deeper than " + std::to_string(format::kMaxBucketDepth));
}

[[nodiscard]] inline Error bucketMissing() {
    return storeError(ErrorCode::BucketNotFound, "Bucket not found");
}

} // namespace pagescape
