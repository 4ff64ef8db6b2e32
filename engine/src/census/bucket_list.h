// SPDX-License-Identifier: MIT
// BucketList: the buckets found so far. It only grows, and a bucket never moves: one thread appends
// and counts, others read what is published, without a lock.
#pragma once

#include "pagescape/census.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

namespace pagescape::census {

/// One bucket. What is not atomic is written before the bucket is published and constant
/// afterwards.
struct BucketRecord {
    std::string name; ///< of a usual length, as it was
    Bytes longName; ///< else: in the mapped file, which a hostile one makes overlap a million times
    BucketIndex parent = kNoBucket;
    PageId root;
    std::uint64_t sequence = 0;
    std::uint32_t level = 0;
    PageId headerPage;
    std::uint32_t headerElement = 0;

    std::atomic<std::uint64_t> branchPages{0};
    std::atomic<std::uint64_t> leafPages{0};
    std::atomic<std::uint64_t> overflowPages{0};
    std::atomic<std::uint64_t> entries{0};
    std::atomic<std::uint64_t> inlineBuckets{0};
    std::atomic<std::uint64_t> usedBytes{0};
    std::atomic<std::uint32_t> height{0};

    /// Depth at which this tree has its leaves, 0 while unknown. The scanning thread's alone.
    std::uint32_t leafDepth = 0;
};

/// The list. Writers: one thread. Readers: any.
class BucketList {
public:
    [[nodiscard]] std::size_t size() const { return m_size.load(std::memory_order_acquire); }

    /// Appends a bucket made from the fields of `info` but the name; its counters start at zero.
    /// `name` must stay valid.
    BucketIndex add(const BucketInfo& info, Bytes name);

    /// `index` must be below size().
    [[nodiscard]] BucketRecord& at(BucketIndex index);
    [[nodiscard]] const BucketRecord& at(BucketIndex index) const;

    [[nodiscard]] BucketInfo info(BucketIndex index) const;

    /// Adds to a counter of a record; the scanning thread alone.
    static void count(std::atomic<std::uint64_t>& counter, std::uint64_t amount) {
        counter.store(counter.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
    }

private:
    // Segment s holds 256 << s records; 25 of them hold every 32-bit index.
    static constexpr std::uint32_t kFirstSegmentBits = 8;
    static constexpr std::size_t kSegments = 25;

    std::array<std::unique_ptr<BucketRecord[]>, kSegments> m_segments;
    std::atomic<std::size_t> m_size{0};
};

} // namespace pagescape::census
