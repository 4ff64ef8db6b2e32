// SPDX-License-Identifier: MIT
// The private side of WriteTransaction and WriteBucket for the store.
#pragma once

#include "store/write_state.h"

namespace pagescape {

struct WriteAccess {
    static void setManaged(WriteTransaction& tx, bool isManaged) {
        tx.m_state->isManaged = isManaged;
    }
    [[nodiscard]] static WriteState& state(const WriteTransaction& tx) { return *tx.m_state; }
    [[nodiscard]] static const WriteState& state(const WriteBucket& bucket) { return *bucket.m_tx; }
    [[nodiscard]] static const BucketState& bucketState(const WriteBucket& bucket) {
        return *bucket.m_bucket;
    }
};

} // namespace pagescape
