// SPDX-License-Identifier: MIT
#include "stage/page_layer.h"

namespace pagescape::gui {

const StagePage PageLayer::kTailPage{};

PageLayer::Block& PageLayer::ownBlock(std::uint64_t block) {
    std::shared_ptr<Block>& owned = m_blocks[block];
    if (owned.use_count() > 1) {
        owned = std::make_shared<Block>(*owned);
    }
    return *owned;
}

void PageLayer::resize(std::uint64_t pages) {
    const std::uint64_t blockEnd = std::min(m_size, (pages + kBlock - 1) / kBlock * kBlock);
    if (pages < blockEnd) { // whole blocks go below
        change({PageId{pages}, blockEnd - pages}, [](StagePage& page) { page = StagePage(); });
    }
    m_blocks.resize((pages + kBlock - 1) / kBlock);
    // One block of tail pages is enough for all that were never touched.
    static const auto kUntouched = std::make_shared<Block>();
    for (auto& block : m_blocks) {
        if (!block) {
            block = kUntouched;
        }
    }
    m_size = pages;
}

std::uint64_t PageLayer::waiting() const {
    std::uint64_t sum = 0;
    for (const auto& block : m_blocks) {
        sum += block->waiting;
    }
    return sum;
}

std::uint64_t PageLayer::bytesBeyond(const PageLayer& other) const {
    std::uint64_t own = 0;
    for (std::uint64_t block = 0; block < m_blocks.size(); ++block) {
        own += sharesBlock(other, block) ? 0U : 1U;
    }
    return own * sizeof(Block) + m_blocks.size() * sizeof(m_blocks[0]);
}

bool operator==(const PageLayer& a, const PageLayer& b) {
    if (a.m_size != b.m_size) {
        return false;
    }
    for (std::size_t i = 0; i < a.m_blocks.size(); ++i) {
        if (a.m_blocks[i] != b.m_blocks[i] && *a.m_blocks[i] != *b.m_blocks[i]) {
            return false;
        }
    }
    return true;
}

} // namespace pagescape::gui
