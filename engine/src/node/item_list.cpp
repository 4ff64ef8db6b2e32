// SPDX-License-Identifier: MIT
#include "node/item_list.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace pagescape {

ItemList::Position ItemList::end() const {
    return {static_cast<std::uint32_t>(m_chunks.size()), 0};
}

ItemList::Position ItemList::last() const {
    return {static_cast<std::uint32_t>(m_chunks.size() - 1),
            static_cast<std::uint32_t>(m_chunks.back().size() - 1)};
}

ItemList::Position ItemList::at(std::uint32_t index) const {
    Position found{0, index};
    while (found.chunk < m_chunks.size() && found.index >= m_chunks[found.chunk].size()) {
        found.index -= static_cast<std::uint32_t>(m_chunks[found.chunk].size());
        ++found.chunk;
    }
    return found;
}

ItemList::Position ItemList::next(Position at) const {
    if (at.index + 1 < m_chunks[at.chunk].size()) {
        return {at.chunk, at.index + 1};
    }
    return {at.chunk + 1, 0};
}

ItemList::Position ItemList::prev(Position at) const {
    if (at.chunk < m_chunks.size() && at.index > 0) {
        return {at.chunk, at.index - 1};
    }
    return {at.chunk - 1, static_cast<std::uint32_t>(m_chunks[at.chunk - 1].size() - 1)};
}

ItemList::Found ItemList::find(Bytes key) const {
    const std::uint64_t prefix = keyPrefix(key);
    if (m_chunks.empty() || compareItem(m_chunks.back().back(), prefix, key) < 0) {
        return {end(), false}; // keys that come in order need no search
    }
    // The first chunk whose last key is not less.
    const auto chunk =
        std::partition_point(m_chunks.begin(), m_chunks.end(), [&](const std::vector<Item>& items) {
            return compareItem(items.back(), prefix, key) < 0;
        });
    Found found;
    found.at.chunk = static_cast<std::uint32_t>(chunk - m_chunks.begin());
    const auto item = std::partition_point(chunk->begin(), chunk->end(), [&](const Item& each) {
        return compareItem(each, prefix, key) < 0;
    });
    found.at.index = static_cast<std::uint32_t>(item - chunk->begin());
    found.exact = compareItem(*item, prefix, key) == 0;
    return found;
}

void ItemList::append(const Item& item) {
    if (m_chunks.empty() || m_chunks.back().size() >= kLargestChunk) {
        m_chunks.emplace_back();
        m_chunks.back().reserve(m_chunks.size() > 1 ? kLargestChunk : 32);
    }
    m_chunks.back().push_back(item);
    ++m_size;
    m_bytes += bytesOf(item);
}

ItemList::Position ItemList::insert(Position at, const Item& item) {
    if (at.chunk == m_chunks.size()) {
        append(item);
        return last();
    }
    if (m_chunks[at.chunk].size() >= kLargestChunk) {
        std::vector<Item>& full = m_chunks[at.chunk];
        const std::size_t half = full.size() / 2;
        std::vector<Item> upper;
        upper.reserve(kLargestChunk);
        upper.assign(full.begin() + static_cast<std::ptrdiff_t>(half), full.end());
        full.resize(half);
        m_chunks.insert(m_chunks.begin() + at.chunk + 1, std::move(upper));
        if (at.index > half) {
            at.index -= static_cast<std::uint32_t>(half);
            ++at.chunk;
        }
    }
    std::vector<Item>& chunk = m_chunks[at.chunk];
    chunk.insert(chunk.begin() + at.index, item);
    ++m_size;
    m_bytes += bytesOf(item);
    return at;
}

void ItemList::assign(Position at, const Item& item) {
    Item& old = (*this)[at];
    m_bytes += bytesOf(item);
    m_bytes -= bytesOf(old);
    old = item;
}

void ItemList::erase(Position at) {
    std::vector<Item>& chunk = m_chunks[at.chunk];
    m_bytes -= bytesOf(chunk[at.index]);
    --m_size;
    chunk.erase(chunk.begin() + at.index);
    if (chunk.empty()) {
        m_chunks.erase(m_chunks.begin() + at.chunk);
    }
}

void ItemList::take(ItemList& other) {
    std::move(other.m_chunks.begin(), other.m_chunks.end(), std::back_inserter(m_chunks));
    m_size += std::exchange(other.m_size, 0);
    m_bytes += std::exchange(other.m_bytes, 0);
    other.m_chunks.clear();
}

} // namespace pagescape
