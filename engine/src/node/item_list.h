// SPDX-License-Identifier: MIT
// ItemList: the sorted elements of one page in memory. It stays fast when a transaction puts a
// million keys into what was one page: items lie in chunks of bounded size.
#pragma once

#include "pagescape/types.h"

#include <bit>
#include <cstdint>
#include <cstring>
#include <vector>

namespace pagescape {

struct Node;

/// One element. Key and value point into the mapping or into the transaction's arena.
struct Item {
    std::uint64_t prefix = 0; ///< keyPrefix of the key: decides most comparisons without a miss
    const std::byte* keyData = nullptr;
    union {
        const std::byte* valueData = nullptr; ///< of a leaf
        Node* child;                          ///< of a branch: the child in memory, or null
    };
    std::uint64_t page = 0; ///< of a branch: the child's page; 0 while it has none
    std::uint32_t keySize = 0;
    std::uint32_t valueSize = 0;
    std::uint32_t flags = 0; ///< of a leaf

    [[nodiscard]] Bytes key() const { return {keyData, keySize}; }
    [[nodiscard]] Bytes value() const { return {valueData, valueSize}; }
};

/// The first eight bytes of a key as a number that sorts like them; shorter keys end in zeros.
[[nodiscard]] inline std::uint64_t keyPrefix(Bytes key) {
    std::uint64_t value = 0;
    if (!key.empty()) { // memcpy takes no null, not even for nothing
        std::memcpy(&value, key.data(), key.size() < 8 ? key.size() : 8);
    }
    return __builtin_bswap64(value);
}

/// Bolt's order of an item's key against a key whose prefix is known: < 0, 0 or > 0.
[[nodiscard]] inline int compareItem(const Item& item, std::uint64_t prefix, Bytes key) {
    if (item.prefix != prefix) {
        return item.prefix < prefix ? -1 : 1;
    }
    const std::size_t common = item.keySize < key.size() ? item.keySize : key.size();
    if (common > 8) {
        const int order = std::memcmp(item.keyData + 8, key.data() + 8, common - 8);
        if (order != 0) {
            return order;
        }
    }
    return item.keySize == key.size() ? 0 : item.keySize < key.size() ? -1 : 1;
}

/// Sorted items. Thread: one at a time.
class ItemList {
public:
    /// Where an item stands; valid until the list changes. The end is one past the last item.
    struct Position {
        std::uint32_t chunk = 0;
        std::uint32_t index = 0;
        friend bool operator==(const Position&, const Position&) = default;
    };
    struct Found {
        Position at; ///< the lowest item whose key is >= the one asked for
        bool exact = false;
    };

    [[nodiscard]] std::uint64_t size() const { return m_size; }
    [[nodiscard]] bool empty() const { return m_size == 0; }
    /// Bytes the items take in a page: 16 for each, plus key and value.
    [[nodiscard]] std::uint64_t bytes() const { return m_bytes; }

    [[nodiscard]] Found find(Bytes key) const;
    [[nodiscard]] Position begin() const { return {}; }
    [[nodiscard]] Position end() const;
    [[nodiscard]] Position last() const;
    /// The item number `index` from the first; the end when there are fewer.
    [[nodiscard]] Position at(std::uint32_t index) const;
    [[nodiscard]] bool isEnd(Position at) const {
        return at.chunk >= m_chunks.size() || at.index >= m_chunks[at.chunk].size();
    }
    /// The item after or before; next of the last is the end, prev of the first must not be asked.
    [[nodiscard]] Position next(Position at) const;
    [[nodiscard]] Position prev(Position at) const;
    [[nodiscard]] Item& operator[](Position at) { return m_chunks[at.chunk][at.index]; }
    [[nodiscard]] const Item& operator[](Position at) const { return m_chunks[at.chunk][at.index]; }

    /// Adds behind all others.
    void append(const Item& item);
    /// Adds before a position; where it stands now.
    Position insert(Position at, const Item& item);
    /// Replaces an item whole.
    void assign(Position at, const Item& item);
    void erase(Position at);
    /// Moves all items of another list behind the own ones.
    void take(ItemList& other);

    template <typename Visitor>
    void forEach(const Visitor& visit) {
        for (std::vector<Item>& chunk : m_chunks) {
            for (Item& item : chunk) {
                visit(item);
            }
        }
    }

private:
    static constexpr std::size_t kLargestChunk = 256;
    [[nodiscard]] static std::uint64_t bytesOf(const Item& item) {
        return 16 + std::uint64_t{item.keySize} + item.valueSize;
    }

    std::vector<std::vector<Item>> m_chunks; // none of them empty
    std::uint64_t m_size = 0;
    std::uint64_t m_bytes = 0;
};

} // namespace pagescape
