// SPDX-License-Identifier: MIT
#include "store/free_scan.h"

#include "tree/tree_access.h"

namespace pagescape {

namespace {

/// Walks all trees of a database and marks what they reach.
class ReachScan {
public:
    explicit ReachScan(const ReadTransaction& tx)
        : m_tx(tx), m_isReached(tx.meta().highWater.value) {}

    Result<void> run() {
        m_waiting.push_back(m_tx.meta().root);
        while (!m_waiting.empty()) {
            const PageId id = m_waiting.back();
            m_waiting.pop_back();
            const auto page = TreeAccess::page(m_tx, id);
            if (!page) {
                return fail(page.error());
            }
            if (auto marked = mark(id, std::uint64_t{page->view.header().overflow} + 1); !marked) {
                return marked;
            }
            if (auto queued = queueReferences(page->view, id); !queued) {
                return queued;
            }
        }
        return {};
    }

    [[nodiscard]] bool isReached(std::uint64_t id) const { return m_isReached[id]; }

private:
    Result<void> mark(PageId first, std::uint64_t pages) {
        if (pages > m_isReached.size() - first.value) {
            return fail(corruptPage(first, "The page's overflow goes past the high-water mark"));
        }
        for (std::uint64_t i = first.value; i < first.value + pages; ++i) {
            if (m_isReached[i]) {
                return fail(corruptPage(PageId{i}, "Two references lead to the page"));
            }
            m_isReached[i] = true;
        }
        return {};
    }

    Result<void> queueReferences(const format::PageView& view, PageId id) {
        for (std::uint32_t i = 0; i < view.count(); ++i) {
            if (view.isBranch()) {
                const auto child = view.child(i);
                if (!child) {
                    return fail(corruptPage(id, "The element table leaves the page", i));
                }
                m_waiting.push_back(*child);
                continue;
            }
            const auto flags = view.leafFlags(i);
            if (!flags) {
                return fail(corruptPage(id, "The element table leaves the page", i));
            }
            if ((*flags & format::kBucketElementFlag) == 0) {
                continue;
            }
            const auto element = view.leaf(i);
            const auto header = element ? format::readBucketHeader(element->value) : std::nullopt;
            if (!header) {
                return fail(corruptPage(id, "A bucket header leaves the page", i));
            }
            if (header->root.value != 0) {
                m_waiting.push_back(header->root);
            }
        }
        return {};
    }

    const ReadTransaction& m_tx;
    std::vector<bool> m_isReached;
    std::vector<PageId> m_waiting;
};

} // namespace

Result<std::vector<std::uint64_t>> findFreePages(const ReadTransaction& tx) {
    ReachScan scan(tx);
    if (auto done = scan.run(); !done) {
        return fail(done.error());
    }
    std::vector<std::uint64_t> free;
    for (std::uint64_t id = 2; id < tx.meta().highWater.value; ++id) {
        if (!scan.isReached(id)) {
            free.push_back(id);
        }
    }
    return free;
}

Result<std::vector<std::uint64_t>> readFreelist(const ReadTransaction& tx) {
    const PageId id = tx.meta().freelist;
    const std::uint64_t pageSize = tx.meta().pageSize;
    const Bytes file = TreeAccess::bytes(tx);
    if (id.value < 2 || id >= tx.meta().highWater || id.value >= file.size() / pageSize) {
        return fail(corruptPage(id, "The meta's freelist page is out of range"));
    }
    return readFreelist(id, file.subspan(id.value * pageSize), pageSize);
}

Result<std::vector<std::uint64_t>> readFreelist(PageId id, Bytes rest, std::uint64_t pageSize) {
    const format::PageView page(rest);
    if (page.header().flags != format::kFreelistFlag) {
        return fail(corruptPage(id, "Expected a freelist page, found flags " +
                                        std::to_string(page.header().flags)));
    }
    std::uint64_t count = page.header().count;
    std::uint64_t at = format::kPageHeaderSize; // the flags say that there is a header
    if (count == format::kFreelistCountEscape) {
        count = format::load<std::uint64_t>(rest.data() + at);
        at += 8;
    }
    const std::uint64_t pages = std::uint64_t{page.header().overflow} + 1;
    const std::uint64_t available = std::min<std::uint64_t>(pages * pageSize, rest.size());
    if (count > (available - at) / 8) {
        return fail(corruptPage(id, "The freelist states " + std::to_string(count) +
                                        " ids, its pages hold at most " +
                                        std::to_string((available - at) / 8)));
    }
    if (auto run = freelistRun(id, page.header().overflow, count, pageSize); !run) {
        return fail(run.error());
    }
    std::vector<std::uint64_t> ids(count);
    if (count > 0) {
        std::memcpy(ids.data(), rest.data() + at, count * 8);
    }
    return ids;
}

// bolt takes one page more than needed for a list that still names the pages it takes. Source:
// bbolt tx.go commitFreelist.
Result<std::uint64_t> freelistRun(PageId id, std::uint32_t overflow, std::uint64_t ids,
                                  std::uint64_t pageSize) {
    const std::uint64_t pages = std::uint64_t{overflow} + 1;
    const bool isPossible = ids <= format::kLargestMapping / 8; // also: the sum fits
    if (!isPossible || pages > (format::kPageHeaderSize + 8 * (ids + pages + 1)) / pageSize + 1) {
        return fail(corruptPage(id, "The freelist claims a run of " + std::to_string(pages) +
                                        " pages for " + std::to_string(ids) + " ids"));
    }
    return pages;
}

} // namespace pagescape
