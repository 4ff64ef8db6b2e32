// SPDX-License-Identifier: MIT
#include "census/bucket_list.h"

#include <bit>
#include <utility>

namespace pagescape::census {
namespace {

struct Place {
    std::size_t segment;
    std::size_t offset;
};

Place placeOf(BucketIndex index, std::uint32_t firstSegmentBits) {
    const std::uint64_t group = (std::uint64_t{index} >> firstSegmentBits) + 1;
    const auto segment = static_cast<std::size_t>(std::bit_width(group) - 1);
    const std::uint64_t before = ((std::uint64_t{1} << segment) - 1) << firstSegmentBits;
    return {segment, static_cast<std::size_t>(index - before)};
}

// Names up to here are copied, so that they stay as they were when a program goes on writing.
constexpr std::size_t kUsualName = 64;

} // namespace

BucketIndex BucketList::add(const BucketInfo& info, Bytes name) {
    const std::size_t size = m_size.load(std::memory_order_relaxed);
    const auto index = static_cast<BucketIndex>(size);
    const Place place = placeOf(index, kFirstSegmentBits);
    auto& segment = m_segments[place.segment];
    if (!segment) {
        segment =
            std::make_unique<BucketRecord[]>(std::size_t{1} << (kFirstSegmentBits + place.segment));
    }
    BucketRecord& record = segment[place.offset];
    if (name.size() <= kUsualName) {
        record.name = toString(name);
    } else {
        record.longName = name;
    }
    record.parent = info.parent;
    record.root = info.root;
    record.sequence = info.sequence;
    record.level = info.level;
    record.headerPage = info.headerPage;
    record.headerElement = info.headerElement;
    m_size.store(size + 1, std::memory_order_release);
    return index;
}

BucketRecord& BucketList::at(BucketIndex index) {
    const Place place = placeOf(index, kFirstSegmentBits);
    return m_segments[place.segment][place.offset];
}

const BucketRecord& BucketList::at(BucketIndex index) const {
    const Place place = placeOf(index, kFirstSegmentBits);
    return m_segments[place.segment][place.offset];
}

BucketInfo BucketList::info(BucketIndex index) const {
    const BucketRecord& record = at(index);
    const auto load = [](const auto& counter) { return counter.load(std::memory_order_relaxed); };
    BucketInfo info;
    info.name = record.longName.empty() ? record.name : toString(record.longName);
    info.parent = record.parent;
    info.root = record.root;
    info.sequence = record.sequence;
    info.level = record.level;
    info.headerPage = record.headerPage;
    info.headerElement = record.headerElement;
    info.branchPages = load(record.branchPages);
    info.leafPages = load(record.leafPages);
    info.overflowPages = load(record.overflowPages);
    info.entries = load(record.entries);
    info.inlineBuckets = load(record.inlineBuckets);
    info.usedBytes = load(record.usedBytes);
    info.height = load(record.height);
    return info;
}

} // namespace pagescape::census
