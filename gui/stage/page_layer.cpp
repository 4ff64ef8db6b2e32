// SPDX-License-Identifier: MIT
#include "stage/page_layer.h"

namespace pagescape::gui {

const StagePage& PageLayer::at(PageId page) const {
    static const StagePage kTail;
    return page.value < m_size ? (*m_blocks[page.value / kBlock])[page.value % kBlock] : kTail;
}

StagePage& PageLayer::edit(PageId page) {
    if (page.value >= m_size) {
        resize(page.value + 1);
    }
    std::shared_ptr<Block>& block = m_blocks[page.value / kBlock];
    if (block.use_count() > 1) {
        block = std::make_shared<Block>(*block);
    }
    return (*block)[page.value % kBlock];
}

void PageLayer::resize(std::uint64_t pages) {
    for (std::uint64_t page = pages; page < m_size && page % kBlock != 0; ++page) {
        edit(PageId{page}) = StagePage(); // whole blocks go below
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
