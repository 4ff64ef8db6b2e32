// SPDX-License-Identifier: MIT
// The private side of WriteTransaction and WriteBucket for the store.
#pragma once

#include "store/write_state.h"

namespace pagescape {

struct WriteAccess {
    /// Of an open transaction; it stays good when the transaction is moved away.
    [[nodiscard]] static std::shared_ptr<WriteState> share(const WriteTransaction& tx) {
        return tx.m_state;
    }
    [[nodiscard]] static WriteState& state(const WriteTransaction& tx) { return *tx.m_state; }
    [[nodiscard]] static const WriteState& state(const WriteBucket& bucket) { return *bucket.m_tx; }
    [[nodiscard]] static const BucketState& bucketState(const WriteBucket& bucket) {
        return *bucket.m_bucket;
    }
};

} // namespace pagescape
