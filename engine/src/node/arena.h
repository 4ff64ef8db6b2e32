// SPDX-License-Identifier: MIT
// Arena: memory of one write transaction. Everything in it goes at once, when the transaction ends.
#pragma once

#include "pagescape/types.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

namespace pagescape {

/// Bump allocation of bytes. Nothing is freed before the arena itself.
class Arena {
public:
    /// A copy of the bytes that lives as long as the arena. Empty stays empty, but never null.
    [[nodiscard]] Bytes copy(Bytes bytes) {
        std::byte* at = take(bytes.size());
        if (!bytes.empty()) {
            std::memcpy(at, bytes.data(), bytes.size());
        }
        return {at, bytes.size()};
    }

    /// Uninitialised bytes.
    [[nodiscard]] std::byte* take(std::size_t size) {
        if (size > m_left) {
            grow(size);
        }
        std::byte* at = m_next;
        m_next += size;
        m_left -= size;
        return at;
    }

    /// Bytes taken from the system.
    [[nodiscard]] std::uint64_t reserved() const { return m_reserved; }

private:
    static constexpr std::size_t kFirstBlock = 16 * 1024;
    static constexpr std::size_t kLargestBlock = 1024 * 1024;

    void grow(std::size_t size) {
        const std::size_t block = std::max(size, m_block);
        m_block = std::min(m_block * 2, kLargestBlock);
        m_blocks.push_back(std::make_unique_for_overwrite<std::byte[]>(block));
        m_reserved += block;
        m_next = m_blocks.back().get();
        m_left = block;
    }

    std::vector<std::unique_ptr<std::byte[]>> m_blocks;
    std::byte* m_next = nullptr;
    std::size_t m_left = 0;
    std::size_t m_block = kFirstBlock;
    std::uint64_t m_reserved = 0;
};

} // namespace pagescape
