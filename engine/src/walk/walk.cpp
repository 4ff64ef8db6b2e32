// SPDX-License-Identifier: MIT
// The damage-tolerant walk: depth first with a stack of its own, each page entered once at most.
#include "pagescape/walk.h"

#include "walk/page_run.h"

#include <string>
#include <utility>

namespace pagescape {

namespace {

Error damaged(PageId page, std::uint64_t offset, std::string text) {
    Error error;
    error.code = ErrorCode::CorruptPage;
    error.page = page;
    error.offset = offset;
    error.text = std::move(text);
    return error;
}

class Walker {
public:
    Walker(const PageFile& file, const MetaFields& meta,
           const std::function<bool(const WalkItem&)>& onItem,
           const std::function<void(Error)>& onSkip, const std::stop_token& stop)
        : m_file(file), m_onItem(onItem), m_onSkip(onSkip), m_stop(stop),
          m_pageSize(file.layout().pageSize), m_highWater(meta.highWater),
          m_visited(usablePages(file.layout(), meta.highWater)), m_runs(file) {}

    Result<void> run(PageId root);

private:
    // A page on the way down. A bucket's first frame carries its name on m_path.
    struct Frame {
        format::PageView view;
        PageId page;
        std::uint32_t next = 0;
        std::uint32_t level = 0;    // in the tree of its bucket
        std::uint64_t dataLeft = 0; // bytes of keys and values it may still have
        bool opensBucket = false;
        bool isInline = false;
    };

    void enterPage(PageId id, PageId from, std::uint32_t level, const Bytes* bucketName);
    void enterInline(Bytes image, const Frame& holder, std::uint32_t index, Bytes name);
    void push(const Frame& frame, const Bytes* bucketName);
    bool visitLeafElement(Frame& frame, std::uint32_t index);
    void enterBucket(const Frame& frame, std::uint32_t index, const format::LeafElement& element,
                     const format::BucketHeader& header);
    [[nodiscard]] std::uint64_t fileOffset(const Frame& frame, const std::byte* at) const;
    void skip(PageId page, std::uint64_t offset, std::string text) const;

    const PageFile& m_file;
    const std::function<bool(const WalkItem&)>& m_onItem;
    const std::function<void(Error)>& m_onSkip;
    const std::stop_token& m_stop;
    std::uint64_t m_pageSize;
    PageId m_highWater;
    PageSet m_visited;
    RunReader m_runs;
    std::vector<Frame> m_stack;
    std::vector<Bytes> m_path;
};

void Walker::skip(PageId page, std::uint64_t offset, std::string text) const {
    if (m_onSkip) {
        m_onSkip(damaged(page, offset, std::move(text)));
    }
}

std::uint64_t Walker::fileOffset(const Frame& frame, const std::byte* at) const {
    const Bytes page = m_file.pages(frame.page);
    return frame.page.value * m_pageSize + static_cast<std::uint64_t>(at - page.data());
}

void Walker::push(const Frame& frame, const Bytes* bucketName) {
    if (!frame.view.elementTableFits()) {
        skip(frame.page, fileOffset(frame, frame.view.bytes().data()) + format::kHeaderCountAt,
             "The page is left out: its " + std::to_string(frame.view.count()) +
                 " elements do not fit into " + std::to_string(frame.view.bytes().size()) +
                 " bytes");
        return;
    }
    m_stack.push_back(frame);
    m_stack.back().dataLeft = dataLimit(frame.view);
    if (bucketName != nullptr) {
        m_stack.back().opensBucket = true;
        m_path.push_back(*bucketName);
    }
}

void Walker::enterPage(PageId id, PageId from, std::uint32_t level, const Bytes* bucketName) {
    const std::string reference = " (referred to by page " + std::to_string(from.value) + ")";
    // An id that makes no byte offset is reported with the offset of the page that names it.
    if (id.value < 2 || id.value >= m_highWater.value) {
        skip(id, from.value * m_pageSize,
             "The page is left out: expected an id from 2 to below the high-water mark " +
                 std::to_string(m_highWater.value) + reference);
        return;
    }
    if (id.value >= m_visited.bound()) {
        skip(id, m_file.layout().fileSize,
             "The page is left out: the file ends before it" + reference);
        return;
    }
    const std::uint64_t offset = id.value * m_pageSize;
    if (!m_visited.insert(id)) {
        skip(id, offset, "The page is left out: it was visited before" + reference);
        return;
    }
    if (level >= format::kMaxTreeDepth) {
        skip(id, offset, "The page is left out: deeper than any valid tree" + reference);
        return;
    }
    Frame frame;
    frame.view = m_runs.read(id);
    frame.page = id;
    frame.level = level;
    if (!frame.view.isLeaf() && !frame.view.isBranch()) {
        skip(id, offset + format::kHeaderFlagsAt,
             "The page is left out: expected a branch or leaf, found flags " +
                 std::to_string(frame.view.header().flags) + reference);
        return;
    }
    push(frame, bucketName);
}

void Walker::enterInline(Bytes image, const Frame& holder, std::uint32_t index, Bytes name) {
    Frame frame;
    frame.view = format::PageView(image);
    frame.page = holder.page;
    frame.isInline = true;
    if (!frame.view.isLeaf()) {
        skip(holder.page, fileOffset(holder, image.data()),
             "The inline bucket in element " + std::to_string(index) +
                 " is left out: expected a leaf page, found flags " +
                 std::to_string(frame.view.header().flags));
        return;
    }
    push(frame, &name);
}

void Walker::enterBucket(const Frame& frame, std::uint32_t index,
                         const format::LeafElement& element, const format::BucketHeader& header) {
    const std::uint64_t offset = fileOffset(frame, element.value.data());
    if (m_path.size() >= format::kMaxBucketDepth) {
        skip(frame.page, offset,
             "The bucket in element " + std::to_string(index) +
                 " is left out: buckets nest deeper than " +
                 std::to_string(format::kMaxBucketDepth));
    } else if (header.root.value != 0) {
        enterPage(header.root, frame.page, 0, &element.key);
    } else if (frame.isInline) {
        skip(frame.page, offset, "An inline bucket inside an inline bucket is left out");
    } else {
        enterInline(header.inlinePage, frame, index, element.key);
    }
}

// Reports one element; false when the caller wants no more. `frame` may dangle afterwards.
bool Walker::visitLeafElement(Frame& frame, std::uint32_t index) {
    const auto element = frame.view.leaf(index);
    if (!element) {
        skip(frame.page,
             fileOffset(frame, frame.view.bytes().data()) + format::PageView::elementAt(index),
             "Element " + std::to_string(index) + " is left out: it leaves the page");
        return true;
    }
    const std::uint64_t dataSize = element->key.size() + element->value.size();
    if (dataSize > frame.dataLeft) {
        skip(frame.page, fileOffset(frame, element->key.data()),
             "Elements from " + std::to_string(index) +
                 " on are left out: they overlap, claiming many times the bytes of the page");
        frame.next = frame.view.count();
        return true;
    }
    frame.dataLeft -= dataSize;
    WalkItem item;
    item.path = &m_path;
    item.key = element->key;
    item.page = frame.page;
    item.index = index;
    if (!element->isBucket()) {
        item.value = element->value;
        return m_onItem(item);
    }
    const auto header = format::readBucketHeader(element->value);
    if (!header) {
        skip(frame.page, fileOffset(frame, element->value.data()),
             "The bucket in element " + std::to_string(index) +
                 " is left out: its header needs 16 bytes, the value has " +
                 std::to_string(element->value.size()));
        return true;
    }
    item.isBucket = true;
    item.isInline = header->root.value == 0;
    item.sequence = header->sequence;
    item.root = header->root;
    if (!m_onItem(item)) {
        return false;
    }
    const Frame holder = frame; // enterBucket grows the stack that `frame` lives in
    enterBucket(holder, index, *element, *header);
    return true;
}

Result<void> Walker::run(PageId root) {
    enterPage(root, PageId{0}, 0, nullptr);
    while (!m_stack.empty() && !m_file.truncated()) {
        if (m_stop.stop_requested()) {
            Error error;
            error.code = ErrorCode::Cancelled;
            error.text = "Stopped on request";
            return fail(std::move(error));
        }
        Frame& frame = m_stack.back();
        if (frame.next >= frame.view.count()) {
            if (frame.opensBucket) {
                m_path.pop_back();
            }
            m_stack.pop_back();
            continue;
        }
        const std::uint32_t index = frame.next++;
        if (frame.view.isBranch()) {
            // The table fits, so the child is there even when its key is damaged.
            const PageId child = frame.view.child(index).value_or(PageId{0});
            enterPage(child, frame.page, frame.level + 1, nullptr);
        } else if (!visitLeafElement(frame, index)) {
            break;
        }
    }
    return checkNotCut(m_file);
}

} // namespace

Result<void> walkEntries(const PageFile& file, const std::function<bool(const WalkItem&)>& onItem,
                         const std::function<void(Error)>& onSkip, const std::stop_token& stop) {
    const FileLayout& layout = file.layout();
    if (layout.openError) {
        return fail(*layout.openError);
    }
    const MetaFields& meta = *layout.metas.activeFields();
    return Walker(file, meta, onItem, onSkip, stop).run(meta.root);
}

} // namespace pagescape
