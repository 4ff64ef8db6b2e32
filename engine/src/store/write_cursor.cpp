// SPDX-License-Identifier: MIT
// WriteCursor: a stack of places in a tree that may change under it. Each place is good for one
// version of the bucket; after a change the walk is found again by the key.
#include "store/store_error.h"
#include "store/write_state.h"
#include "tree/search.h"

#include <array>

namespace pagescape {

struct WriteCursor::Path {
    std::uint64_t version = 0;
    std::vector<TreeLevel> levels;

    [[nodiscard]] static std::uint64_t count(const TreeLevel& level) {
        return level.node != nullptr ? level.node->items.size() : level.page.view.count();
    }
    [[nodiscard]] static bool isAtEnd(const TreeLevel& level) {
        return level.node != nullptr ? level.node->items.list().isEnd(level.at)
                                     : level.index >= level.page.view.count();
    }
    static void toEdge(TreeLevel& level, bool isForward) {
        if (level.node != nullptr) {
            const ItemList& items = level.node->items.list();
            level.at = isForward || items.empty() ? items.begin() : items.last();
        } else {
            level.index =
                isForward || level.page.view.count() == 0 ? 0 : level.page.view.count() - 1;
        }
    }
    // One element further in a level; false where it ends.
    static bool advance(TreeLevel& level, bool isForward) {
        if (level.node != nullptr) {
            const ItemList& items = level.node->items.list();
            if (isForward) {
                const auto next = items.isEnd(level.at) ? level.at : items.next(level.at);
                if (items.isEnd(next)) {
                    return false;
                }
                level.at = next;
            } else {
                if (level.at == items.begin()) {
                    return false;
                }
                level.at = items.prev(level.at);
            }
            return true;
        }
        if (isForward ? level.index + 1 >= level.page.view.count() : level.index == 0) {
            return false;
        }
        level.index = isForward ? level.index + 1 : level.index - 1;
        return true;
    }

    Result<void> descend(WriteState& tx, bool isForward) {
        while (!levels.back().isLeaf()) {
            if (levels.size() > format::kMaxTreeDepth || count(levels.back()) == 0) {
                return fail(corruptPage(levels.back().page.page,
                                        "The tree is too deep, or a branch is empty"));
            }
            auto below = tx.childLevel(levels.back());
            if (!below) {
                return fail(below.error());
            }
            toEdge(*below, isForward);
            levels.push_back(*below);
        }
        return {};
    }

    // To the next leaf element in a direction, over empty leaves; false at the end, where it stays.
    Result<bool> step(WriteState& tx, bool isForward) {
        std::vector<TreeLevel> before; // the leaf
        while (true) {
            std::size_t depth = levels.size();
            TreeLevel moved;
            while (depth > 0) {
                moved = levels[depth - 1];
                if (advance(moved, isForward)) {
                    break;
                }
                --depth;
            }
            if (depth == 0) {
                if (!before.empty()) {
                    levels = std::move(before);
                }
                return false;
            }
            if (depth < levels.size() && before.empty()) {
                before = levels;
            }
            levels.resize(depth);
            levels.back() = moved;
            if (auto down = descend(tx, isForward); !down) {
                return fail(down.error());
            }
            if (count(levels.back()) > 0) {
                return true;
            }
        }
    }

    Result<void> toRoot(WriteState& tx, BucketState& bucket) {
        version = bucket.version;
        levels.clear();
        auto root = tx.rootLevel(bucket);
        if (!root) {
            return fail(root.error());
        }
        levels.push_back(*root);
        return {};
    }

    // Places the path on the lowest element that is not before the key; maybe past a leaf's end.
    Result<void> find(WriteState& tx, BucketState& bucket, Bytes key) {
        auto done = toRoot(tx, bucket);
        while (done) {
            TreeLevel& level = levels.back();
            if (auto placed = tx.seekIn(level, key); !placed) {
                return placed;
            }
            if (level.isLeaf()) {
                return {};
            }
            if (levels.size() > format::kMaxTreeDepth || count(level) == 0) {
                return fail(
                    corruptPage(level.page.page, "The tree is too deep, or a branch is empty"));
            }
            auto below = tx.childLevel(level);
            if (!below) {
                return fail(below.error());
            }
            levels.push_back(*below);
        }
        return done;
    }
};

// Remembers where it stands.
Result<std::optional<Entry>> WriteCursor::settle(Result<std::optional<Entry>> moved) {
    if (moved && *moved) {
        m_bucket.m_tx->noteLent((*moved)->value);
        m_key = (*moved)->key;
        m_isPlaced = true;
        m_isBehindAll = false;
    }
    return moved;
}

Result<std::optional<Entry>> WriteCursor::first() {
    return seek({});
}

Result<std::optional<Entry>> WriteCursor::last() {
    if (auto usable = m_bucket.checkUsable(); !usable) {
        return fail(usable.error());
    }
    WriteState& tx = *m_bucket.m_tx;
    m_path = std::make_shared<Path>();
    auto done = m_path->toRoot(tx, *m_bucket.m_bucket);
    if (done) {
        Path::toEdge(m_path->levels.back(), false);
        done = m_path->descend(tx, false);
    }
    if (!done) {
        return fail(done.error());
    }
    if (Path::count(m_path->levels.back()) == 0) {
        const auto moved = m_path->step(tx, false);
        if (!moved) {
            return fail(moved.error());
        }
        if (!*moved) {
            m_isPlaced = false;
            return std::optional<Entry>();
        }
    }
    return settle(tx.entryAt(m_path->levels.back()));
}

Result<std::optional<Entry>> WriteCursor::seek(Bytes key) {
    if (auto usable = m_bucket.checkUsable(); !usable) {
        return fail(usable.error());
    }
    WriteState& tx = *m_bucket.m_tx;
    m_path = std::make_shared<Path>();
    if (auto found = m_path->find(tx, *m_bucket.m_bucket, key); !found) {
        return fail(found.error());
    }
    if (Path::isAtEnd(m_path->levels.back())) {
        const auto moved = m_path->step(tx, true);
        if (!moved) {
            return fail(moved.error());
        }
        if (!*moved) { // behind the last entry: prev() gives that one
            const Bytes asked = tx.arena.copy(key);
            m_key = asked;
            m_isPlaced = true;
            m_isBehindAll = true;
            m_path->version = m_bucket.m_bucket->version - 1; // so that prev() searches
            return std::optional<Entry>();
        }
    }
    return settle(tx.entryAt(m_path->levels.back()));
}

// Makes the path good for a step: after a change of the bucket it is found again by the key. Says
// whether that landed behind the key, because its entry is gone.
Result<bool> WriteCursor::resume() {
    WriteState& tx = *m_bucket.m_tx;
    BucketState& bucket = *m_bucket.m_bucket;
    if (m_path.use_count() > 1) { // copies of a cursor walk on their own
        m_path = std::make_shared<Path>(*m_path);
    }
    if (m_path->version == bucket.version) {
        return false;
    }
    if (auto found = m_path->find(tx, bucket, m_key); !found) {
        return fail(found.error());
    }
    const auto entry = tx.entryAt(m_path->levels.back());
    if (!entry) {
        return fail(entry.error());
    }
    if (!*entry) {
        return false;
    }
    const auto order = compareKeys((*entry)->key, m_key);
    return order > 0 || (order == 0 && m_isBehindAll); // that one came later: it was not stood on
}

Result<std::optional<Entry>> WriteCursor::move(bool isForward) {
    if (auto usable = m_bucket.checkUsable(); !usable) {
        return fail(usable.error());
    }
    WriteState& tx = *m_bucket.m_tx;
    if (!m_isPlaced) {
        return std::optional<Entry>();
    }
    const auto isBehind = resume();
    if (!isBehind) {
        return fail(isBehind.error());
    }
    if (!isForward || !*isBehind) { // behind: it stands on the successor already
        const auto moved = m_path->step(tx, isForward);
        if (!moved) {
            return fail(moved.error());
        }
        if (!*moved) {
            if (!isForward) { // bolt stays on the first entry: next() gives the second
                static_cast<void>(first());
            }
            return std::optional<Entry>();
        }
    }
    return settle(tx.entryAt(m_path->levels.back()));
}

Result<std::optional<Entry>> WriteCursor::next() {
    return move(true);
}

Result<std::optional<Entry>> WriteCursor::prev() {
    return move(false);
}

Result<void> WriteCursor::remove() {
    if (auto usable = m_bucket.checkUsable(); !usable) {
        return usable;
    }
    if (!m_isPlaced || m_isBehindAll) {
        return fail(storeError(ErrorCode::KeyRequired, "The cursor stands on no entry"));
    }
    return m_bucket.m_tx->removeItem(*m_bucket.m_bucket, m_key, false);
}

} // namespace pagescape
