// SPDX-License-Identifier: MIT
#include "diff/diff_side.h"

#include <string>
#include <utility>

namespace pagescape {

void SidePages::touch(const WalkFrame& frame, const std::function<void(PageId)>& onPage) {
    ++m_pagesRead;
    const std::uint64_t pageSize = file().layout().pageSize;
    const std::uint64_t count = (frame.view.bytes().size() + pageSize - 1) / pageSize;
    for (std::uint64_t i = 0; i < count; ++i) {
        const PageId id = pageAfter(frame.page, i);
        if (m_touched.insert(id)) {
            onPage(id);
        }
    }
}

void SidePages::skip(Error error) {
    ++m_skipped;
    if (m_onSkip) {
        m_onSkip(m_origin, std::move(error));
    }
}

SideCursor::SideCursor(SidePages& pages, const WalkFrame& first) : m_pages(&pages) {
    m_stack.push_back({first, std::nullopt});
}

const DiffHead& SideCursor::head() {
    if (!m_isFresh) {
        m_head = DiffHead();
        while (!find()) {
        }
        m_isFresh = true;
    }
    return m_head;
}

// Goes on until something stands before the cursor; false when it has to be asked again.
bool SideCursor::find() {
    if (m_stack.empty()) {
        return true;
    }
    Frame& frame = m_stack.back();
    if (frame.next >= frame.view.count()) {
        m_stack.pop_back();
        return false;
    }
    if (frame.view.isLeaf()) {
        return findEntry(frame);
    }
    m_head.kind = DiffHead::Kind::Page;
    // The table fits, so the child is there even when its key is damaged.
    m_head.page = frame.view.child(frame.next).value_or(PageId{0});
    m_head.level = frame.level + 1;
    // A search for any key before the second element's goes to the first child.
    m_head.key = frame.least;
    if (frame.next > 0) {
        const auto key = frame.view.key(frame.next);
        const std::uint64_t size = key ? key->size() : 0;
        if (size > frame.dataLeft) { // keys that lie over each other: time without end
            m_pages->skip(leftOut(frame.page, m_pages->entrance().fileOffset(frame, key->data()),
                                  "The rest of the branch is left out: its keys overlap"));
            frame.next = frame.view.count();
            return false;
        }
        frame.dataLeft -= size;
        if (key && (!frame.least || compareKeys(*key, *frame.least) > 0)) {
            m_head.key = key;
        }
    }
    return true;
}

bool SideCursor::findEntry(Frame& frame) {
    const std::uint32_t index = frame.next++;
    const auto element = m_pages->entrance().element(frame, index);
    if (!element) {
        m_pages->skip(element.error());
        return false;
    }
    const Bytes key = element->leaf.key;
    if (m_floor) {
        const auto order = compareKeys(key, *m_floor);
        if (order < 0 || (order == 0 && m_isFloorTaken)) {
            m_pages->skip(leftOut(frame.page, m_pages->entrance().fileOffset(frame, key.data()),
                                  "Element " + std::to_string(index) +
                                      " is left out: its key is out of order"));
            return false;
        }
    }
    m_head.kind = DiffHead::Kind::Entry;
    m_head.page = frame.page;
    m_head.key = key;
    m_head.element = *element;
    m_head.index = index;
    return true;
}

void SideCursor::raiseFloor(const std::optional<Bytes>& key, bool isTaken) {
    if (key && (!m_floor || isTaken || compareKeys(*key, *m_floor) > 0)) {
        m_floor = key;
        m_isFloorTaken = isTaken;
    }
}

void SideCursor::pass() {
    if (head().isPage()) {
        raiseFloor(m_head.key, false);
        ++m_stack.back().next;
    } else {
        raiseFloor(m_head.key, true); // findEntry() went behind it already
    }
    m_isFresh = false;
}

std::optional<WalkFrame> SideCursor::enter() {
    const DiffHead head = this->head();
    const PageId from = m_stack.back().page;
    pass();
    const auto entered = m_pages->entrance().page(head.page, from, head.level);
    if (!entered) {
        m_pages->skip(entered.error());
        return std::nullopt;
    }
    m_stack.push_back({*entered, head.key});
    return *entered;
}

} // namespace pagescape
