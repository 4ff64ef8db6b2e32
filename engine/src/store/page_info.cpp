// SPDX-License-Identifier: MIT
// What transactions say about single pages. Source: bbolt tx.go Page.
#include "pagescape/page_info.h"

#include "format/page_view.h"
#include "store/free_scan.h"
#include "store/store_error.h"
#include "store/write_state.h"
#include "tree/tree_access.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <utility>

namespace pagescape {

namespace {

std::string typeOf(std::uint16_t flags) {
    switch (flags) {
    case format::kBranchFlag: return "branch";
    case format::kLeafFlag: return "leaf";
    case format::kMetaFlag: return "meta";
    case format::kFreelistFlag: return "freelist";
    default: break;
    }
    char text[24];
    std::snprintf(text, sizeof text, "unknown<%02x>", unsigned{flags});
    return text;
}

Result<PageInfo> describe(const ReadTransaction& tx, PageId id) {
    const Bytes file = TreeAccess::bytes(tx);
    const std::uint64_t pageSize = tx.meta().pageSize;
    if (id.value >= file.size() / pageSize) {
        return fail(corruptPage(id, "The page lies past the end of the mapped file (" +
                                        std::to_string(file.size()) + " bytes)"));
    }
    const format::PageView page(file.subspan(id.value * pageSize, pageSize));
    PageInfo info;
    info.id = id;
    info.type = typeOf(page.header().flags);
    info.count = page.header().count;
    info.overflow = page.header().overflow;
    if (TreeAccess::truncated(tx)) {
        return fail(TreeAccess::truncatedError());
    }
    return info;
}

} // namespace

Result<std::optional<PageInfo>> ReadTransaction::page(PageId id) const {
    if (id >= m_meta.highWater) {
        return std::optional<PageInfo>();
    }
    auto info = describe(*this, id);
    if (!info) {
        return fail(info.error());
    }
    auto free = std::atomic_load(&m_freePages);
    if (free == nullptr) { // a version never changes: what two threads find is the same
        auto found = m_meta.hasFreelist() ? readFreelist(*this) : findFreePages(*this);
        if (!found) {
            return fail(found.error());
        }
        if (TreeAccess::truncated(*this)) { // zeroes stand for the bytes that are gone
            return fail(TreeAccess::truncatedError());
        }
        std::sort(found->begin(), found->end()); // other programs may store any order
        free = std::make_shared<const std::vector<std::uint64_t>>(std::move(*found));
        std::atomic_store(&m_freePages, free);
    }
    if (std::binary_search(free->begin(), free->end(), id.value)) {
        info->type = "free";
    }
    return std::optional<PageInfo>(std::move(*info));
}

Result<std::optional<PageInfo>> WriteTransaction::page(PageId id) const {
    if (!isOpen()) {
        return fail(storeError(ErrorCode::TransactionClosed, "The transaction has ended"));
    }
    if (id >= m_state->meta.highWater) {
        return std::optional<PageInfo>();
    }
    auto info = describe(m_state->base, id);
    if (!info) {
        return fail(info.error());
    }
    if (m_state->store->freelist.contains(id)) {
        info->type = "free";
    }
    return std::optional<PageInfo>(std::move(*info));
}

} // namespace pagescape
