// SPDX-License-Identifier: MIT
// Compaction of the file itself: pages at its end are written anew into free pages before them,
// commit by commit, until the end is free and can be cut. Every state on the way is an ordinary
// commit: readers go on, and a crash leaves the last one.
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
    Mover(WriteState& tx, std::uint64_t limit, std::uint64_t budget)
        : m_tx(tx), m_limit(limit), m_budget(budget) {
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
            if (const auto leaf = m_tx.leafFor(*bucket, key); !leaf) {
                return fail(leaf.error());
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
        if (depth > format::kMaxTreeDepth) {
            return fail(corruptPage(id, "The tree is too deep: its pages refer in a circle"));
        }
        const auto page = TreeAccess::page(m_tx.base, id);
        if (!page) {
            return fail(page.error());
        }
        const std::uint64_t pages = std::uint64_t{page->view.header().overflow} + 1;
        const bool isBehind = id.value + pages > m_limit;
        m_behind += isBehind ? pages : 0;
        isNeeded = isNeeded || isBehind;
        if (page->view.isLeaf()) {
            return visitLeaf(bucket, *page, pages, isNeeded);
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
        }
        return {};
    }

    [[nodiscard]] Result<void> visitLeaf(BucketState& bucket, const TreePage& page,
                                         std::uint64_t pages, bool& isNeeded) {
        std::size_t foundBefore = m_found.size();
        for (std::uint32_t i = 0; i < page.view.count(); ++i) {
            const auto element = page.view.leaf(i);
            if (!element) {
                return fail(corruptPage(page.page, "Key or value leaves the page", i));
            }
            if (i == 0 && isNeeded && hasRoom(page.page, pages)) {
                m_found.emplace_back(&bucket, element->key);
                isNeeded = false;
                ++foundBefore;
            }
            if (element->isBucket()) {
                const auto child = m_tx.openChild(bucket, element->key);
                if (!child) {
                    return fail(child.error());
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
        if (pages > m_budget) {
            return false;
        }
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
};

} // namespace

Result<std::uint64_t> Store::compactInPlace(const std::stop_token& stop) {
    constexpr int kMostRounds = 200;
    constexpr int kMostIdleRounds = 3;
    const std::uint64_t before = fileSize();
    std::uint64_t least = UINT64_MAX; // pages behind the limit, so far
    int idle = 0;
    auto done = Result<void>();
    for (int round = 0; done && round < kMostRounds && idle < kMostIdleRounds; ++round) {
        if (stop.stop_requested()) {
            done = fail(storeError(ErrorCode::Cancelled, "Stopped; the file is sound"));
            break;
        }
        auto tx = beginWrite();
        if (!tx) {
            return fail(tx.error());
        }
        WriteState& state = WriteAccess::state(*tx);
        Freelist& freelist = m_state->freelist;
        freelist.use(FreelistType::Array); // the lowest page first
        const std::uint64_t end = state.meta.highWater.value;
        const std::uint64_t live = end - freelist.count();
        const std::uint64_t budget =
            std::min(freelist.freePages(), std::max<std::uint64_t>(4096, end / 32));
        Mover mover(state, live + live / 64 + 16, budget);
        done = mover.findIn(*state.root);
        if (done && mover.isIdle()) {
            break;
        }
        if (done) {
            done = mover.touch();
        }
        if (done) {
            done = tx->commit();
        }
        idle = mover.pagesBehind() < least ? 0 : idle + 1;
        least = std::min(least, mover.pagesBehind());
    }
    m_state->writer.enter();
    m_state->freelist.use(m_state->options.freelistType);
    m_state->writer.leave();
    if (!done) {
        return fail(done.error());
    }
    if (auto cut = shrink(); !cut) {
        return cut;
    }
    return before - std::min(before, fileSize());
}

} // namespace pagescape
