// SPDX-License-Identifier: MIT
// Stage 2: expected leaves in the order of the file, with the bytes of the pages ahead on their way
// into the cache. Per leaf: its header, the flags of its elements, its last element; nothing else.
#include "census/tree_reader.h"
#include "format/byte_order.h"
#include "pagescape/format.h"

#include <algorithm>

namespace pagescape::census {
namespace {

constexpr std::size_t kCacheLine = 64;
// How many pages ahead the header, and later the element array, is asked for. Measured with
// tests/bench/bench_census: further ahead gains nothing, nearer loses.
constexpr std::size_t kHeaderAhead = 24;
constexpr std::size_t kElementsAhead = 8;
// Lines of an element array worth asking for; further on the hardware has seen the stream.
constexpr std::size_t kElementLines = 12;
// A list of expected leaves is walked, and not the flags column, where fewer than one page in this
// many is expected.
constexpr std::uint64_t kSparse = 64;

void prefetch(const std::byte* at) {
    __builtin_prefetch(at, 0, 3);
}

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
    for (std::size_t i = 0; i < std::min(batch.size(), kHeaderAhead); ++i) {
        prefetchHeader(batch[i]);
    }
    for (std::size_t i = 0; i < batch.size(); ++i) {
        if (i + kHeaderAhead < batch.size()) {
            prefetchHeader(batch[i + kHeaderAhead]);
        }
        if (i + kElementsAhead < batch.size()) {
            prefetchElements(batch[i + kElementsAhead]);
        }
        if (!pacer.step() || !readNode(batch[i], pacer)) {
            return false;
        }
    }
    return true;
}

void TreeReader::prefetchHeader(PageNumber page) const {
    prefetch(m_scan.page(page).data());
}

void TreeReader::prefetchElements(PageNumber page) const {
    const Bytes bytes = m_scan.page(page);
    if (bytes.size() < format::kPageHeaderSize) {
        return;
    }
    const std::size_t count = format::load<std::uint16_t>(bytes.data() + format::kHeaderCountAt);
    const std::size_t end = std::min({format::kPageHeaderSize + count * format::kElementSize,
                                      bytes.size(), kElementLines * kCacheLine});
    for (std::size_t at = kCacheLine; at < end; at += kCacheLine) {
        prefetch(bytes.data() + at);
    }
}

} // namespace pagescape::census
