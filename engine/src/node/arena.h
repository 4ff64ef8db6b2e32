// SPDX-License-Identifier: MIT
// Arena: memory of one write transaction. Everything in it goes at once, when the transaction ends,
// and its blocks serve the next one: fresh memory from the system costs a page fault every 4 KiB.
#pragma once

#include "pagescape/types.h"

#include <cstring>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace pagescape {

/// Blocks that no arena uses just now. Thread: any.
class BlockPool {
public:
    static constexpr std::size_t kBlock = 256 * 1024;
    using Block = std::unique_ptr<std::byte[]>;

    [[nodiscard]] Block take() {
        {
            const std::lock_guard lock(m_mutex);
            if (!m_blocks.empty()) {
                Block block = std::move(m_blocks.back());
                m_blocks.pop_back();
                return block;
            }
        }
        return std::make_unique_for_overwrite<std::byte[]>(kBlock);
    }
    void give(std::vector<Block> blocks) {
        const std::lock_guard lock(m_mutex);
        for (Block& block : blocks) {
            if (m_blocks.size() == kMostKept) {
                break;
            }
            m_blocks.push_back(std::move(block));
        }
    }

private:
    static constexpr std::size_t kMostKept = 128; // 32 MiB
    std::mutex m_mutex;
    std::vector<Block> m_blocks;
};

/// Bump allocation of bytes. Nothing is freed before the arena itself.
class Arena {
public:
    explicit Arena(BlockPool& pool) : m_pool(pool) {}
    ~Arena() { m_pool.give(std::move(m_blocks)); }
    Arena(const Arena&) = delete;
    Arena& operator=(const Arena&) = delete;

    /// A copy of the bytes that lives as long as the arena.
    [[nodiscard]] Bytes copy(Bytes bytes) {
        std::byte* at = take(bytes.size());
        if (!bytes.empty()) {
            std::memcpy(at, bytes.data(), bytes.size());
        }
        return {at, bytes.size()};
    }

    /// Uninitialised bytes.
    [[nodiscard]] std::byte* take(std::size_t size) {
        if (size > BlockPool::kBlock) {
            m_large.push_back(std::make_unique_for_overwrite<std::byte[]>(size));
            return m_large.back().get();
        }
        if (size > m_left || m_next == nullptr) {
            m_blocks.push_back(m_pool.take());
            m_next = m_blocks.back().get();
            m_left = BlockPool::kBlock;
        }
        std::byte* at = m_next;
        m_next += size;
        m_left -= size;
        return at;
    }

private:
    BlockPool& m_pool;
    std::vector<BlockPool::Block> m_blocks;
    std::vector<BlockPool::Block> m_large; // pieces beyond a block's size
    std::byte* m_next = nullptr;
    std::size_t m_left = 0;
};

} // namespace pagescape
