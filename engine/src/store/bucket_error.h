// SPDX-License-Identifier: MIT
// Errors of the calls that change buckets.
#pragma once

#include "pagescape/format.h"
#include "pagescape/value_format.h"
#include "store/store_error.h"

namespace pagescape {

/// The key is there as the other kind of entry.
[[nodiscard]] inline Error incompatible(bool isBucket, Bytes key) {
    return storeError(ErrorCode::IncompatibleValue,
                      "Incompatible value: the key \"" + shortText(key) +
                          (isBucket ? "\" holds a bucket" : "\" holds a plain value"),
                      "A key holds one of the two: delete it first, or choose another name.");
}

[[nodiscard]] inline Error tooDeep() {
    return storeError(ErrorCode::LimitReached,
                      "Buckets nest deeper than " + std::to_string(format::kMaxBucketDepth));
}

[[nodiscard]] inline Error bucketTaken(Bytes name) {
    return storeError(ErrorCode::BucketExists,
                      "The bucket \"" + shortText(name) + "\" exists already",
                      "Use it as it is, or choose another name.");
}

[[nodiscard]] inline Error bucketMissing(Bytes name) {
    return storeError(ErrorCode::BucketNotFound, "Bucket not found: \"" + shortText(name) + "\"",
                      "List the names: pagescape-cli buckets FILE [BUCKET...]");
}

} // namespace pagescape
