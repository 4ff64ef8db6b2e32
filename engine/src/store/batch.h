// SPDX-License-Identifier: MIT
// Calls of Store::batch that share a commit. Source: bbolt db.go Batch.
#pragma once

#include "pagescape/store.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace pagescape {

/// Collects calls; the first of a batch waits for others and then runs them all.
class BatchQueue {
public:
    using Change = std::function<Result<void>(WriteTransaction&)>;
    BatchQueue(int maxSize, std::chrono::milliseconds maxDelay)
        : m_maxSize(maxSize), m_maxDelay(maxDelay) {}
    [[nodiscard]] Result<void> run(Store& store, const Change& change);

private:
    struct Call;
    struct Batch;
    static void commit(Store& store, const std::vector<Call*>& calls);

    int m_maxSize;
    std::chrono::milliseconds m_maxDelay;
    std::mutex m_mutex;
    std::shared_ptr<Batch> m_open;
};

} // namespace pagescape
