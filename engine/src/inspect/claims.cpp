// SPDX-License-Identifier: MIT
#include "inspect/claims.h"

#include <algorithm>
#include <iterator>

namespace pagescape::inspect {

ByteRange Claims::take(ByteRange wanted) {
    const ByteRange nothing{wanted.begin, wanted.begin};
    if (wanted.begin >= wanted.end) {
        return nothing;
    }
    const auto next = m_taken.upper_bound(wanted.begin);
    auto before = m_taken.end();
    std::uint64_t from = wanted.begin;
    if (next != m_taken.begin()) {
        before = std::prev(next);
        from = std::max(from, before->second);
    }
    if (from >= wanted.end) {
        return nothing;
    }
    const std::uint64_t to = next == m_taken.end() ? wanted.end : std::min(wanted.end, next->first);

    // Ranges that touch are joined, so the loop over a well-formed page keeps the map at one entry.
    if (before != m_taken.end() && before->second == from) {
        before->second = to;
    } else {
        before = m_taken.emplace_hint(next, from, to);
    }
    if (next != m_taken.end() && next->first == to) {
        before->second = next->second;
        m_taken.erase(next);
    }
    return {from, to};
}

bool Claims::isFree(ByteRange range) const {
    if (range.begin >= range.end) {
        return true;
    }
    const auto next = m_taken.upper_bound(range.begin);
    if (next != m_taken.end() && next->first < range.end) {
        return false;
    }
    return next == m_taken.begin() || std::prev(next)->second <= range.begin;
}

std::vector<ByteRange> Claims::gaps(ByteRange bounds) const {
    std::vector<ByteRange> out;
    std::uint64_t at = bounds.begin;
    for (const auto& [begin, end] : m_taken) {
        if (begin >= bounds.end) {
            break;
        }
        if (begin > at) {
            out.push_back({at, begin});
        }
        at = std::max(at, end);
    }
    if (at < bounds.end) {
        out.push_back({at, bounds.end});
    }
    return out;
}

std::uint64_t Claims::end() const {
    return m_taken.empty() ? 0 : std::prev(m_taken.end())->second;
}

} // namespace pagescape::inspect
