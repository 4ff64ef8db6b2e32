// SPDX-License-Identifier: MIT
// Compaction of the file itself: pages at its end are written anew into free pages before them,
// commit by commit, until the end is free and can be cut. Every state on the way is an ordinary
// commit: readers go on, and a crash leaves the last one.
#include "pagescape/stopped.h"
#include "store/span_list.h"
#include "store/store_error.h"
#include "store/store_state.h"
#include "store/write_access.h"

#include <algorithm>

namespace pagescape {

namespace {

// One commit's worth of moves: finds leaves that lie, or hang below branches that lie, at or
// behind `limit`, as long as there is room for them.
class Mover {
public:
    /// `isStopped` is asked now and then.
    Mover(WriteState& tx, std::uint64_t limit, std::uint64_t budget,
          const std::function<bool()>& isStopped)
        : m_tx(tx), m_limit(limit), m_budget(budget), m_isStopped(isStopped) {
        m_room.add(tx.store->freelist.freeSpans());
    }

    [[nodiscard]] Result<void> findIn(BucketState& bucket) {
        if (bucket.root.value == 0) {
            return {}; // inline: it moves with the leaf around it
        }
        bool isNeeded = false;
        return visit(bucket, bucket.root, 0, isNeeded);
    }
    // Brings the found pages and the paths to them into memory, so that the commit rewrites them.
    [[nodiscard]] Result<void> touch() {
        for (const auto& [bucket, key] : m_found) {
            const auto leaf = m_tx.leafFor(*bucket, key);
            if (!leaf) {
                return fail(leaf.error());
            }
            for (Node* node = *leaf; node != nullptr; node = node->parent) {
                node->isMoving = true;
            }
        }
        return {};
    }
    [[nodiscard]] bool isIdle() const { return m_found.empty(); }
    [[nodiscard]] std::uint64_t pagesBehind() const { return m_behind; }

private:
    // `isNeeded`: a page above lies behind the limit, and no leaf below it was found yet.
    [[nodiscard]] Result<void> visit(BucketState& bucket, PageId id, std::uint32_t depth,
                                     bool& isNeeded) {
        // A sound file leads to each page once.
        if (depth > format::kMaxTreeDepth || m_visits++ > m_tx.meta.highWater.value) {
            return fail(corruptPage(id, "Pages refer to each other in a circle"));
        }
        if (m_visits % 1024 == 0 && m_isStopped()) {
            return fail(stoppedOnRequest());
        }
        const auto page = TreeAccess::page(m_tx.base, id);
        if (!page) {
            return fail(page.error());
        }
        const std::uint64_t pages = std::uint64_t{page->view.header().overflow} + 1;
        const bool isBehind = id.value + pages > m_limit;
        m_behind += isBehind ? pages : 0;
        const bool wasNeeded = isNeeded;
        isNeeded = isNeeded || isBehind;
        if (page->view.isLeaf()) {
            if (isNeeded && hasRoom(id, pages)) {
                const auto first = page->view.leaf(0); // nothing in an emptied root
                m_found.emplace_back(&bucket, first ? first->key : Bytes());
                isNeeded = false;
            } else {
                isNeeded = wasNeeded;
            }
            return visitNested(bucket, *page, pages);
        }
        const std::size_t foundBefore = m_found.size();
        for (std::uint32_t i = 0; i < page->view.count(); ++i) {
            const auto child = page->view.child(i);
            if (!child) {
                return fail(corruptPage(id, "No child to follow", i));
            }
            if (auto done = visit(bucket, *child, depth + 1, isNeeded); !done) {
                return done;
            }
        }
        if (m_found.size() > foundBefore) {
            charge(pages); // it is written anew because of what is below
        } else {
            isNeeded = wasNeeded;
        }
        return {};
    }

    [[nodiscard]] Result<void> visitNested(BucketState& bucket, const TreePage& page,
                                           std::uint64_t pages) {
        const std::size_t foundBefore = m_found.size();
        for (std::uint32_t i = 0; i < page.view.count(); ++i) {
            const auto element = page.view.leaf(i);
            if (!element) {
                return fail(corruptPage(page.page, "Key or value leaves the page", i));
            }
            if (element->isBucket()) {
                const auto child = m_tx.openChild(bucket, element->key);
                if (!child) {
                    return fail(child.error());
                }
                if (*child == nullptr) { // keys out of order: a search does not come here
                    return fail(corruptPage(page.page, "A bucket is not found by its name", i));
                }
                if (auto done = findIn(**child); !done) {
                    return done;
                }
            }
        }
        if (m_found.size() > foundBefore) {
            charge(pages); // it holds the root of what moves
        }
        return {};
    }

    [[nodiscard]] bool hasRoom(PageId page, std::uint64_t pages) {
        if (pages > m_budget && !m_found.empty()) { // one run moves, however long
            return false;
        }
        // Room behind the page is gone as well: moves from one place in the tail to another would
        // go on without an end.
        const std::uint64_t to = m_room.take(pages);
        charge(to == 0 ? 0 : pages);
        return to != 0 && to < page.value;
    }

    void charge(std::uint64_t pages) { m_budget -= std::min(m_budget, pages); }

    WriteState& m_tx;
    std::uint64_t m_limit;
    std::uint64_t m_budget;
    FirstFitSpans m_room; // as the commit will find it
    std::vector<std::pair<BucketState*, Bytes>> m_found;
    std::uint64_t m_behind = 0;
    std::uint64_t m_visits = 0;
    const std::function<bool()>& m_isStopped;
};

// While it lives, free pages are taken lowest first.
class LowestFirst {
public:
    explicit LowestFirst(Store::State& state) : m_state(state) {}
    ~LowestFirst() {
        const GateKeeper inside(m_state.writer);
        m_state.freelist.use(m_state.options.freelistType);
    }
    LowestFirst(const LowestFirst&) = delete;
    LowestFirst& operator=(const LowestFirst&) = delete;

    /// For whoever is inside the gate.
    void use() { m_state.freelist.use(FreelistType::Array); }

private:
    Store::State& m_state;
};

} // namespace

Result<std::uint64_t> Store::compactInPlace(
    const std::function<void(std::uint64_t pagesLeft)>& progress, const std::stop_token& stop) {
    constexpr int kMostRounds = 200;
    constexpr int kMostIdleRounds = 3;
    const std::uint64_t before = fileSize();
    std::uint64_t least = UINT64_MAX; // pages behind the limit, so far
    const std::function<bool()> isStopped = [&] {
        if (progress) {
            progress(least == UINT64_MAX ? 0 : least);
        }
        return stop.stop_requested();
    };
    int idle = 0;
    LowestFirst lowestFirst(*m_state);
    for (int round = 0; round < kMostRounds && idle < kMostIdleRounds; ++round) {
        if (isStopped()) {
            return fail(stoppedOnRequest());
        }
        auto tx = beginWrite();
        if (!tx) {
            return fail(tx.error());
        }
        lowestFirst.use();
        WriteState& state = WriteAccess::state(*tx);
        const Freelist& freelist = m_state->freelist;
        const std::uint64_t end = state.meta.highWater.value;
        const std::uint64_t live = end - std::min(end, freelist.count());
        const std::uint64_t budget =
            std::min(freelist.freePages(), std::max<std::uint64_t>(4096, end / 32));
        Mover mover(state, live + live / 64 + 16, budget, isStopped);
        auto done = mover.findIn(*state.root);
        if (done && mover.isIdle()) {
            break;
        }
        if (done) {
            done = mover.touch();
        }
        if (done) {
            done = tx->commit();
        }
        if (!done) {
            return fail(done.error());
        }
        idle = mover.pagesBehind() < least ? 0 : idle + 1;
        least = std::min(least, mover.pagesBehind());
    }
    if (auto cut = shrink(); !cut) {
        return cut;
    }
    return before - std::min(before, fileSize());
}

} // namespace pagescape
