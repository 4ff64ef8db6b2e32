// SPDX-License-Identifier: MIT
#include "tree/tree_access.h"

#include <algorithm>

namespace pagescape {

Error corruptPage(PageId page, std::string text, std::int64_t element) {
    Error error;
    error.code = ErrorCode::CorruptPage;
    error.page = page;
    error.text = std::move(text);
    if (element >= 0) {
        error.text += " in element " + std::to_string(element);
    }
    error.hint = "Run the check for all damage; the rest of the file may still be readable.";
    return error;
}

Result<TreePage> TreeAccess::page(const ReadTransaction& tx, PageId id) {
    if (id.value < 2 || id.value >= tx.m_meta.highWater.value) {
        return fail(corruptPage(id, "A reference leads to page " + std::to_string(id.value) +
                                        "; expected 2 to " +
                                        std::to_string(tx.m_meta.highWater.value) +
                                        " (the high-water mark, exclusive)"));
    }
    const std::uint64_t pageSize = tx.m_meta.pageSize;
    const std::uint64_t size = tx.m_bytes.size();
    if (id.value > size / pageSize || id.value * pageSize + format::kPageHeaderSize > size) {
        return fail(corruptPage(id, "The page lies past the end of the mapped file (" +
                                        std::to_string(size) + " bytes)"));
    }
    const Bytes rest = tx.m_bytes.subspan(id.value * pageSize);
    prefetchHead(rest.data(), pageSize);
    const auto overflow = format::load<std::uint32_t>(rest.data() + format::kHeaderOverflowAt);
    const std::uint64_t wanted = (std::uint64_t{overflow} + 1) * pageSize;
    TreePage found{format::PageView(rest.first(std::min<std::uint64_t>(wanted, rest.size()))), id,
                   false};
    if (!found.view.isLeaf() && !found.view.isBranch()) {
        return fail(corruptPage(id, "Expected a branch or leaf page, found flags " +
                                        std::to_string(found.view.header().flags)));
    }
    return found;
}

Result<TreePage> TreeAccess::inlinePage(Bytes image, PageId holder) {
    TreePage found{format::PageView(image), holder, true};
    if (!found.view.isLeaf()) {
        return fail(corruptPage(holder, "Expected the leaf page of an inline bucket, found flags " +
                                            std::to_string(found.view.header().flags)));
    }
    return found;
}

ByteRange TreeAccess::range(const ReadTransaction& tx, Bytes slice) {
    const auto begin = static_cast<std::uint64_t>(slice.data() - tx.m_bytes.data());
    return ByteRange{begin, begin + slice.size()};
}

Bucket TreeAccess::bucket(const ReadTransaction& tx, const format::BucketHeader& header,
                          std::uint32_t level, PageId holder) {
    Bucket bucket;
    bucket.m_tx = &tx;
    bucket.m_root = header.root;
    bucket.m_sequence = header.sequence;
    bucket.m_level = level;
    bucket.m_inlinePage = header.inlinePage;
    bucket.m_holder = holder;
    return bucket;
}

Error TreeAccess::truncatedError() {
    Error error;
    error.code = ErrorCode::Truncated;
    error.text = "The file became shorter while it was being read";
    error.hint = "Another program cut it; open it again.";
    return error;
}

} // namespace pagescape
