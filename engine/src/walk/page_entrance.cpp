// SPDX-License-Identifier: MIT
#include "walk/page_entrance.h"

#include <string>
#include <utility>

namespace pagescape {

Error leftOut(PageId page, std::optional<std::uint64_t> offset, std::string text) {
    Error error;
    error.code = ErrorCode::CorruptPage;
    error.page = page;
    error.offset = offset;
    error.text = std::move(text);
    return error;
}

std::uint64_t PageEntrance::fileOffset(const WalkFrame& frame, const std::byte* at) const {
    const Bytes page = m_file.pages(frame.page);
    return frame.page.value * m_file.layout().pageSize +
           static_cast<std::uint64_t>(at - page.data());
}

Result<WalkFrame> PageEntrance::fitting(WalkFrame frame) const {
    if (!frame.view.elementTableFits()) {
        return fail(leftOut(frame.page,
                            fileOffset(frame, frame.view.bytes().data()) + format::kHeaderCountAt,
                            "The page is left out: its " + std::to_string(frame.view.count()) +
                                " elements do not fit into " +
                                std::to_string(frame.view.bytes().size()) + " bytes"));
    }
    frame.dataLeft = dataLimit(frame.view);
    return frame;
}

Result<WalkFrame> PageEntrance::page(PageId id, PageId from, std::uint32_t level) {
    const std::uint64_t pageSize = m_file.layout().pageSize;
    const auto refuse = [&](std::optional<std::uint64_t> offset, const std::string& why) {
        return fail(leftOut(id, offset,
                            "The page is left out: " + why + " (referred to by page " +
                                std::to_string(from.value) + ")"));
    };
    // An id that is no place in the file has no byte either.
    if (id.value < 2 || id.value >= m_highWater.value) {
        return refuse(std::nullopt, "expected an id from 2 to below the high-water mark " +
                                        std::to_string(m_highWater.value));
    }
    if (id.value >= m_entered.bound()) {
        return refuse(std::nullopt, "the file ends before it");
    }
    const std::uint64_t offset = id.value * pageSize;
    if (!m_entered.insert(id)) {
        return refuse(offset, "it was visited before");
    }
    if (level >= format::kMaxTreeDepth) {
        return refuse(offset, "deeper than any valid tree");
    }
    WalkFrame frame;
    frame.view = m_runs.read(id);
    frame.page = id;
    frame.level = level;
    if (!frame.view.isLeaf() && !frame.view.isBranch()) {
        return refuse(offset + format::kHeaderFlagsAt,
                      "expected a branch or leaf, found flags " +
                          std::to_string(frame.view.header().flags));
    }
    return fitting(frame);
}

Result<WalkFrame> PageEntrance::inlinePage(Bytes image, const WalkFrame& holder,
                                           std::uint32_t index) const {
    WalkFrame frame;
    frame.view = format::PageView(image);
    frame.page = holder.page;
    frame.isInline = true;
    if (!frame.view.isLeaf()) {
        return fail(leftOut(holder.page, fileOffset(holder, image.data()),
                            "The inline bucket in element " + std::to_string(index) +
                                " is left out: expected a leaf page, found flags " +
                                std::to_string(frame.view.header().flags)));
    }
    return fitting(frame);
}

Result<WalkFrame> PageEntrance::bucket(const WalkElement& element, const WalkFrame& holder,
                                       std::uint32_t index, std::size_t nesting) {
    const std::uint64_t offset = fileOffset(holder, element.leaf.value.data());
    if (nesting >= format::kMaxBucketDepth) {
        return fail(leftOut(holder.page, offset,
                            "The bucket in element " + std::to_string(index) +
                                " is left out: buckets nest deeper than " +
                                std::to_string(format::kMaxBucketDepth)));
    }
    if (element.bucket->root.value != 0) {
        return page(element.bucket->root, holder.page, 0);
    }
    if (holder.isInline) {
        return fail(
            leftOut(holder.page, offset, "An inline bucket inside an inline bucket is left out"));
    }
    return inlinePage(element.bucket->inlinePage, holder, index);
}

Result<WalkElement> PageEntrance::element(WalkFrame& frame, std::uint32_t index) const {
    const auto leaf = frame.view.leaf(index);
    if (!leaf) {
        return fail(leftOut(
            frame.page,
            fileOffset(frame, frame.view.bytes().data()) + format::PageView::elementAt(index),
            "Element " + std::to_string(index) + " is left out: it leaves the page"));
    }
    const std::uint64_t dataSize = leaf->key.size() + leaf->value.size();
    if (dataSize > frame.dataLeft) {
        frame.next = frame.view.count();
        return fail(leftOut(frame.page, fileOffset(frame, leaf->key.data()),
                            "Elements from " + std::to_string(index) +
                                " on are left out: they overlap, claiming many times the bytes of "
                                "the page"));
    }
    frame.dataLeft -= dataSize;
    WalkElement element{*leaf, std::nullopt};
    if (leaf->isBucket()) {
        element.bucket = format::readBucketHeader(leaf->value);
        if (!element.bucket) {
            return fail(leftOut(frame.page, fileOffset(frame, leaf->value.data()),
                                "The bucket in element " + std::to_string(index) +
                                    " is left out: its header needs 16 bytes, the value has " +
                                    std::to_string(leaf->value.size())));
        }
    }
    return element;
}

} // namespace pagescape
