// SPDX-License-Identifier: MIT
// The work of `bench`: bbolt's workloads, timed. Source: bbolt cmd/bbolt/command/command_bench.go.
#pragma once

#include "pagescape/store.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <vector>

namespace pagescape::cli {

enum class KeyOrder { Sequential, Random };

struct BenchWork {
    std::uint64_t count = 1000;
    std::uint64_t batchSize = 0; ///< pairs in one commit; divides count, is not 0
    std::size_t keySize = 8;     ///< bytes, at least kSmallestKey
    std::size_t valueSize = 32;  ///< bytes
    double fillPercent = 0.5;
    KeyOrder writeOrder = KeyOrder::Sequential;
    KeyOrder readOrder = KeyOrder::Sequential;
    bool isNested = false; ///< each commit fills a bucket of its own inside the first one
};

/// A key begins with a number of 32 bits, big-endian.
inline constexpr std::size_t kSmallestKey = 4;

/// What was done in which time.
struct BenchResult {
    std::uint64_t operations = 0;
    std::chrono::nanoseconds time{0};
};

/// One workload on one store. Errors: those of the store; Cancelled when the user interrupts it;
/// CorruptPage when a written key cannot be read, which would be a defect of the engine.
class Bench {
public:
    Bench(Store& store, const BenchWork& work, std::function<void(std::uint64_t)> progress)
        : m_store(store), m_work(work), m_progress(std::move(progress)) {}

    /// Writes all pairs, in commits of batchSize.
    [[nodiscard]] Result<BenchResult> write();
    /// Reads all pairs over and over for at least a second. Comes after write().
    [[nodiscard]] Result<BenchResult> read();

private:
    // Where a pair was put: its bucket, where buckets are nested, and its key.
    struct Place {
        std::uint32_t bucket = 0;
        std::uint32_t key = 0;
    };

    [[nodiscard]] std::uint32_t nextNumber();
    [[nodiscard]] Result<void> writeBatch(WriteTransaction& tx);
    [[nodiscard]] Result<std::uint64_t> readInOrder(const Bucket& top) const;
    [[nodiscard]] Result<std::uint64_t> readAtRandom(const Bucket& top) const;

    Store& m_store;
    const BenchWork& m_work;
    std::function<void(std::uint64_t)> m_progress;
    std::vector<Place> m_places;
    std::uint32_t m_lastNumber = 0;
    std::uint64_t m_random = 0x9E3779B97F4A7C15U;
};

} // namespace pagescape::cli
