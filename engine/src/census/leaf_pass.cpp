// SPDX-License-Identifier: MIT
// Stage 2: expected leaves in the order of the file, with the bytes of the pages ahead on their way
// into the cache. Per leaf: its header, the flags of its elements, its last element; nothing else.
#include "census/tree_reader.h"
#include "format/byte_order.h"
#include "pagescape/format.h"

#include <algorithm>

namespace pagescape::census {
namespace {

// How many pages ahead a header is asked for. Measured with tests/bench/bench_census.
constexpr std::size_t kAhead = 8;
// A list of expected leaves is walked, and not the flags column, where fewer than one page in this
// many is expected.
constexpr std::uint64_t kSparse = 64;

// What leaves add to the counters of their buckets: neighbours in the file mostly have one bucket,
// so that its record is looked up and written to once for all of them.
class LeafTally {
public:
    explicit LeafTally(Scan& scan) : m_scan(scan) {}
    ~LeafTally() { flush(); }
    LeafTally(const LeafTally&) = delete;
    LeafTally& operator=(const LeafTally&) = delete;

    void add(PageNumber page, std::uint16_t count, std::uint64_t usedBytes) {
        const BucketIndex bucket = m_scan.table.owner(page);
        if (bucket != m_bucket) {
            flush();
            m_bucket = bucket;
        }
        ++m_leaves;
        m_entries += count;
        m_usedBytes += usedBytes;
        m_height = std::max(m_height, m_scan.table.depth(page) + 1U);
    }

private:
    void flush() {
        if (m_leaves == 0) {
            return;
        }
        BucketRecord& bucket = m_scan.buckets.at(m_bucket);
        BucketList::count(bucket.leafPages, m_leaves);
        BucketList::count(bucket.entries, m_entries);
        BucketList::count(bucket.usedBytes, m_usedBytes);
        if (bucket.height.load(std::memory_order_relaxed) < m_height) {
            bucket.height.store(m_height, std::memory_order_relaxed);
        }
        m_scan.pendingLeaves.store(m_scan.pendingLeaves.load(std::memory_order_relaxed) - m_leaves,
                                   std::memory_order_relaxed);
        m_leaves = m_entries = m_usedBytes = 0;
        m_height = 0;
    }

    Scan& m_scan;
    BucketIndex m_bucket = kNoBucket;
    std::uint64_t m_leaves = 0;
    std::uint64_t m_entries = 0;
    std::uint64_t m_usedBytes = 0;
    std::uint32_t m_height = 0;
};

} // namespace

bool TreeReader::readLeaves(Pacer& pacer) {
    while (true) {
        if (!readBranches(pacer)) {
            return false;
        }
        if (m_pass.list.empty()) {
            if (m_expected.empty()) {
                return true;
            }
            beginPass();
        }
        for (auto batch = nextBatch(); !batch.empty(); batch = nextBatch()) {
            if (!readBatch(batch, pacer)) {
                m_pass.next = m_pass.isSparse ? 0 : batch.front(); // what was read is skipped
                return false;
            }
        }
        m_pass.list.clear();
    }
}

void TreeReader::beginPass() {
    m_pass.list.clear();
    m_pass.list.swap(m_expected);
    const auto [first, last] = std::minmax_element(m_pass.list.begin(), m_pass.list.end());
    const std::uint64_t begin = *first;
    const std::uint64_t end = std::uint64_t{*last} + 1;
    m_pass.isSparse = m_pass.list.size() < (end - begin) / kSparse;
    m_pass.next = m_pass.isSparse ? 0 : begin;
    m_pass.end = m_pass.isSparse ? m_pass.list.size() : end;
    if (m_pass.isSparse) {
        std::sort(m_pass.list.begin(), m_pass.list.end());
    }
}

std::span<const PageNumber> TreeReader::nextBatch() {
    std::size_t size = 0;
    for (; m_pass.next < m_pass.end && size < kBatch; ++m_pass.next) {
        const PageNumber page =
            m_pass.isSparse ? m_pass.list[m_pass.next] : static_cast<PageNumber>(m_pass.next);
        if ((m_scan.table.flags(page) & kIsExpected) != 0) {
            m_batch[size++] = page;
        }
    }
    return std::span(m_batch).first(size);
}

bool TreeReader::readBatch(std::span<const PageNumber> batch, Pacer& pacer) {
    glance(batch);
    LeafTally tally(m_scan);
    const auto pageSize = static_cast<std::uint32_t>(m_scan.pageSize);
    for (std::size_t i = 0; i < batch.size(); ++i) {
        if (!pacer.step()) {
            return false;
        }
        const PageNumber page = batch[i];
        const Glance& seen = m_glances[i];
        if (!seen.isPlain) {
            if (!readNode(page, pacer)) {
                return false;
            }
            continue;
        }
        // What readRun does, for the leaf that nearly every page is. Pages have at most 2^24 bytes,
        // so the product fits.
        m_scan.table.setHeader(page, seen.count, 0);
        m_scan.table.setFill(page, static_cast<std::uint8_t>(seen.usedBytes * 255U / pageSize));
        m_scan.table.clearFlags(page, kIsExpected);
        tally.add(page, seen.count, seen.usedBytes);
    }
    return true;
}

// Everything this does with the mapped bytes is in one short loop, so that the processor has
// several pages under way at a time; the bookkeeping in between would keep it from looking so far
// ahead.
void TreeReader::glance(std::span<const PageNumber> batch) {
    for (std::size_t i = 0; i < batch.size(); ++i) {
        if (i + kAhead < batch.size()) {
            __builtin_prefetch(m_scan.page(batch[i + kAhead]).data());
        }
        m_glances[i] = glanceAt(m_scan.page(batch[i]), batch[i]);
    }
}

TreeReader::Glance TreeReader::glanceAt(Bytes page, PageNumber number) {
    Glance glance;
    const format::PageView view(page);
    const format::PageHeader& header = view.header();
    if (!view.isLeaf() || header.overflow != 0 || header.id != number || !view.elementTableFits()) {
        return glance;
    }
    const auto used = view.usedBytes();
    glance.isPlain = used.has_value() && !hasBucketElement(view);
    glance.count = header.count;
    glance.usedBytes = static_cast<std::uint32_t>(used.value_or(0));
    return glance;
}

} // namespace pagescape::census
