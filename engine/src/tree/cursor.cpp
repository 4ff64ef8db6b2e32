// SPDX-License-Identifier: MIT
#include "pagescape/cursor.h"

#include "pagescape/bucket.h"
#include "tree/search.h"

namespace pagescape {

Cursor::Cursor(const Bucket& bucket)
    : m_tx(bucket.m_tx), m_root(bucket.m_root), m_inlinePage(bucket.m_inlinePage),
      m_holder(bucket.m_holder) {}

Result<std::optional<Entry>> Cursor::first() {
    m_direction = Direction::None;
    auto start = reset();
    if (start) {
        start = descend(Direction::Forward);
    }
    if (!start) {
        return fail(start.error());
    }
    if (top().count == 0) {
        const auto moved = step(Direction::Forward);
        if (!moved) {
            return fail(moved.error());
        }
    }
    return current();
}

Result<std::optional<Entry>> Cursor::last() {
    m_direction = Direction::None;
    auto start = reset();
    if (start) {
        start = descend(Direction::Backward);
    }
    if (!start) {
        return fail(start.error());
    }
    if (top().count == 0) {
        const auto moved = step(Direction::Backward);
        if (!moved) {
            return fail(moved.error());
        }
    }
    return current();
}

Result<std::optional<Entry>> Cursor::next() {
    if (m_depth == 0) {
        return std::optional<Entry>();
    }
    if (Level& level = top(); m_direction == Direction::Forward && level.isLeaf &&
                              level.index + 1 < level.count) { // as step() would, but shorter
        ++level.index;
        return current();
    }
    const auto moved = step(Direction::Forward);
    if (!moved) {
        return fail(moved.error());
    }
    return *moved ? current() : Result<std::optional<Entry>>(std::nullopt);
}

Result<std::optional<Entry>> Cursor::prev() {
    if (m_depth == 0) {
        return std::optional<Entry>();
    }
    if (Level& level = top();
        m_direction == Direction::Backward && level.isLeaf && level.index > 0) {
        --level.index;
        return current();
    }
    const auto moved = step(Direction::Backward);
    if (!moved) {
        return fail(moved.error());
    }
    if (*moved) {
        return current();
    }
    const auto parked = first(); // bolt stays on the first element, so that Next gives the second
    if (!parked) {
        return fail(parked.error());
    }
    return std::optional<Entry>();
}

Result<std::optional<Entry>> Cursor::seek(Bytes key) {
    m_direction = Direction::None;
    const auto start = reset();
    if (!start) {
        return fail(start.error());
    }
    while (true) {
        Level& level = top();
        const auto found = searchPage<false>(
            *m_tx, TreePage{format::PageView(level.bytes), level.page, m_root.value == 0}, key);
        if (!found) {
            return fail(found.error());
        }
        if (level.isLeaf) {
            level.index = found->index;
            break;
        }
        level.index = childIndex(*found);
        const auto child = format::PageView(level.bytes).child(level.index);
        if (!child || level.count == 0) {
            return fail(corruptPage(level.page, "No child to follow", level.index));
        }
        const auto pushed = push(*child);
        if (!pushed) {
            return fail(pushed.error());
        }
    }
    if (top().index < top().count) {
        return current();
    }
    const auto moved = step(Direction::Forward);
    if (!moved) {
        return fail(moved.error());
    }
    return *moved ? current() : Result<std::optional<Entry>>(std::nullopt);
}

Result<void> Cursor::reset() {
    m_depth = 0;
    m_pushes = 0;
    if (m_root.value != 0) {
        return push(m_root);
    }
    const auto page = TreeAccess::inlinePage(m_inlinePage, m_holder);
    if (!page) {
        return fail(page.error());
    }
    m_stack[0] = Level{page->view.bytes(), page->page, page->view.count(), 0, true};
    m_depth = 1;
    return {};
}

Result<void> Cursor::push(PageId id) {
    for (std::uint32_t i = 0; i < m_depth; ++i) {
        if (m_stack[i].page == id) {
            return fail(corruptPage(id, "The page is its own ancestor (reached again from page " +
                                            std::to_string(top().page.value) + ")"));
        }
    }
    if (m_depth == m_stack.size() || ++m_pushes > TreeAccess::pageLimit(*m_tx)) {
        Error error = corruptPage(id, "The tree has more levels or pages than the file can hold");
        error.code = ErrorCode::LimitReached;
        return fail(std::move(error));
    }
    const auto page = TreeAccess::page(*m_tx, id);
    if (!page) {
        return fail(page.error());
    }
    m_stack[m_depth] = Level{page->view.bytes(), id, page->view.count(), 0, page->view.isLeaf()};
    ++m_depth;
    return {};
}

Result<void> Cursor::descend(Direction towards) {
    while (true) {
        Level& level = top();
        if (towards == Direction::Backward && level.count > 0) {
            level.index = level.count - 1;
        }
        if (level.isLeaf) {
            return {};
        }
        const auto child = level.count == 0 ? std::optional<PageId>()
                                            : format::PageView(level.bytes).child(level.index);
        if (!child) {
            return fail(corruptPage(level.page, "No child to follow", level.index));
        }
        const auto pushed = push(*child);
        if (!pushed) {
            return pushed;
        }
    }
}

// Moves to the neighbouring entry; false at the end, where the position stays. Empty leaves are
// skipped in both directions (bbolt's Prev stops at them).
Result<bool> Cursor::step(Direction towards) {
    if (m_direction != towards) {
        m_direction = towards;
        m_pushes = 0;
    }
    const bool forward = towards == Direction::Forward;
    while (true) {
        std::uint32_t depth = m_depth;
        while (depth > 0) {
            const Level& level = m_stack[depth - 1];
            if (forward ? level.index + 1 < level.count : level.index > 0) {
                break;
            }
            --depth;
        }
        if (depth == 0) {
            return false;
        }
        m_depth = depth;
        Level& level = top();
        level.index = forward ? level.index + 1 : level.index - 1;
        if (level.isLeaf) {
            return true;
        }
        const auto child = format::PageView(level.bytes).child(level.index);
        if (!child) {
            return fail(corruptPage(level.page, "No child to follow", level.index));
        }
        auto down = push(*child);
        if (down) {
            down = descend(towards);
        }
        if (!down) {
            return fail(down.error());
        }
        if (top().count > 0) {
            prefetchNeighbour(towards);
            return true;
        }
    }
}

// Whoever has come to the next leaf will soon ask for the one behind it.
void Cursor::prefetchNeighbour(Direction towards) const {
    if (m_depth < 2) {
        return;
    }
    const Level& parent = m_stack[m_depth - 2];
    const std::uint32_t index =
        towards == Direction::Forward ? parent.index + 1 : parent.index - 1; // may wrap: no child
    if (index < parent.count) {
        if (const auto child = format::PageView::childOf(parent.bytes, index)) {
            TreeAccess::prefetch(*m_tx, *child);
        }
    }
}

Result<std::optional<Entry>> Cursor::current() const {
    const Level& level = m_stack[m_depth - 1];
    if (!level.isLeaf || level.index >= level.count) {
        return std::optional<Entry>();
    }
    const auto element = format::PageView::leafOf(level.bytes, level.index);
    if (TreeAccess::truncated(*m_tx)) {
        return fail(TreeAccess::truncatedError());
    }
    if (!element) {
        return fail(corruptPage(level.page, "Key or value leaves the page", level.index));
    }
    Entry entry;
    entry.key = element->key;
    entry.isBucket = element->isBucket();
    entry.value = element->value;
    entry.page = level.page;
    entry.index = level.index;
    return std::optional<Entry>(entry);
}

} // namespace pagescape
