// SPDX-License-Identifier: MIT
// The damage-tolerant walk: depth first with a stack of its own, each page entered once at most.
#include "pagescape/walk.h"

#include "pagescape/stopped.h"
#include "walk/page_entrance.h"

#include <utility>

namespace pagescape {

namespace {

class Walker {
public:
    Walker(const PageFile& file, const MetaFields& meta,
           const std::function<bool(const WalkItem&)>& onItem,
           const std::function<void(Error)>& onSkip, const std::stop_token& stop)
        : m_onItem(onItem), m_onSkip(onSkip), m_stop(stop), m_entrance(file, meta.highWater) {}

    Result<void> run(PageId root);

private:
    // A page on the way down. A bucket's first frame carries its name on m_path.
    struct Frame : WalkFrame {
        bool opensBucket = false;
    };

    void push(const Result<WalkFrame>& entered, const Bytes* bucketName);
    bool visitLeafElement(Frame& frame, std::uint32_t index);
    void skip(const Error& error) const {
        if (m_onSkip) {
            m_onSkip(error);
        }
    }

    const std::function<bool(const WalkItem&)>& m_onItem;
    const std::function<void(Error)>& m_onSkip;
    const std::stop_token& m_stop;
    PageEntrance m_entrance;
    std::vector<Frame> m_stack;
    std::vector<Bytes> m_path;
};

void Walker::push(const Result<WalkFrame>& entered, const Bytes* bucketName) {
    if (!entered) {
        skip(entered.error());
        return;
    }
    m_stack.push_back({*entered, bucketName != nullptr});
    if (bucketName != nullptr) {
        m_path.push_back(*bucketName);
    }
}

// Reports one element; false when the caller wants no more. `frame` may dangle afterwards.
bool Walker::visitLeafElement(Frame& frame, std::uint32_t index) {
    const auto element = m_entrance.element(frame, index);
    if (!element) {
        skip(element.error());
        return true;
    }
    WalkItem item;
    item.path = &m_path;
    item.key = element->leaf.key;
    item.page = frame.page;
    item.index = index;
    if (!element->bucket) {
        item.value = element->leaf.value;
        return m_onItem(item);
    }
    item.isBucket = true;
    item.isInline = element->bucket->root.value == 0;
    item.sequence = element->bucket->sequence;
    item.root = element->bucket->root;
    if (!m_onItem(item)) {
        return false;
    }
    push(m_entrance.bucket(*element, frame, index, m_path.size()), &item.key);
    return true;
}

Result<void> Walker::run(PageId root) {
    push(m_entrance.page(root, PageId{0}, 0), nullptr);
    while (!m_stack.empty() && !m_entrance.file().truncated()) {
        if (m_stop.stop_requested()) {
            return fail(stoppedOnRequest());
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
            push(m_entrance.page(child, frame.page, frame.level + 1), nullptr);
        } else if (!visitLeafElement(frame, index)) {
            break;
        }
    }
    return checkNotCut(m_entrance.file());
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
