// SPDX-License-Identifier: MIT
// Bucket statistics with bbolt's fields and rules. Source: bbolt bucket.go Stats.
#include "pagescape/walk.h"
#include "tree/tree_access.h"

#include <algorithm>
#include <optional>

namespace pagescape {

namespace {

// bbolt counts a page as often as it is referred to; so do we, up to this many times the elements
// that the file has room for. Pages that need more refer to each other in a circle.
constexpr std::uint64_t kRepeats = 4;

// A page on the way down, searched for children or nested buckets from `next` on.
struct StatsFrame {
    TreePage page;
    std::uint32_t next = 0;
};

// A bucket whose pages are being counted.
struct BucketCount {
    BucketStats own;
    BucketStats nested; // sum over the buckets directly inside
    bool isInline = false;
    std::vector<StatsFrame> pages;
};

class StatsCounter {
public:
    StatsCounter(const ReadTransaction& tx, std::uint32_t pageSize)
        : m_tx(tx), m_pageSize(pageSize),
          m_elementsLeft(kRepeats * (TreeAccess::bytes(tx).size() / format::kElementSize)) {}

    Result<BucketStats> count(const Bucket& bucket);

private:
    Result<void> open(PageId root, Bytes inlineImage, PageId holder);
    Result<void> visit(BucketCount& bucket, PageId id);
    Result<void> addPage(BucketCount& bucket, const TreePage& page);
    Result<void> step(BucketCount& bucket);
    Result<void> openNested(const TreePage& leaf, std::uint32_t index);
    void close();

    const ReadTransaction& m_tx;
    std::uint32_t m_pageSize;
    std::uint64_t m_elementsLeft;
    std::vector<BucketCount> m_stack;
    BucketStats m_result;
};

Error limitReached(PageId page, std::string text) {
    Error error = corruptPage(page, std::move(text));
    error.code = ErrorCode::LimitReached;
    return error;
}

// What a page adds to its bucket, without its nested buckets.
Result<void> StatsCounter::addPage(BucketCount& bucket, const TreePage& page) {
    if (!page.view.elementTableFits()) {
        return fail(corruptPage(page.page, "The page states " + std::to_string(page.view.count()) +
                                               " elements, which do not fit"));
    }
    if (page.view.count() > m_elementsLeft) {
        return fail(limitReached(page.page, "The trees have more elements than the file can hold: "
                                            "buckets or branches share their pages"));
    }
    m_elementsLeft -= page.view.count();
    const auto used = page.view.usedBytes();
    if (!used) {
        return fail(corruptPage(page.page, "Key or value leaves the page",
                                std::int64_t{page.view.count()} - 1));
    }
    BucketStats& own = bucket.own;
    own.depth = std::max<std::uint64_t>(own.depth, bucket.pages.size() + 1);
    const std::uint64_t overflow = page.view.header().overflow;
    if (page.view.isBranch()) {
        own.branchPages += 1;
        own.branchOverflow += overflow;
        own.branchInuse += *used;
        return {};
    }
    own.keys += page.view.count();
    if (bucket.isInline) {
        own.inlineInuse += *used;
        return {};
    }
    own.leafPages += 1;
    own.leafOverflow += overflow;
    own.leafInuse += *used;
    return {};
}

Result<void> StatsCounter::open(PageId root, Bytes inlineImage, PageId holder) {
    if (m_stack.size() > format::kMaxBucketDepth) {
        return fail(limitReached(holder, "Buckets nest deeper than " +
                                             std::to_string(format::kMaxBucketDepth)));
    }
    BucketCount bucket;
    bucket.own.buckets = 1;
    bucket.isInline = root.value == 0;
    if (bucket.isInline) {
        bucket.own.inlineBuckets = 1;
        const auto page = TreeAccess::inlinePage(inlineImage, holder);
        if (!page) {
            return fail(page.error());
        }
        if (auto added = addPage(bucket, *page); !added) {
            return added;
        }
    } else if (auto visited = visit(bucket, root); !visited) {
        return visited;
    }
    m_stack.push_back(std::move(bucket));
    return {};
}

Result<void> StatsCounter::visit(BucketCount& bucket, PageId id) {
    if (bucket.pages.size() >= format::kMaxTreeDepth) {
        return fail(limitReached(id, "The tree is deeper than " +
                                         std::to_string(format::kMaxTreeDepth) + " levels"));
    }
    // What leads back to itself would be counted without end, and other pages of the circle with
    // it: this one is to blame.
    if (std::ranges::any_of(bucket.pages,
                            [id](const StatsFrame& frame) { return frame.page.page == id; })) {
        return fail(limitReached(id, "The pages of the tree refer to each other in a circle: this "
                                     "page is its own ancestor"));
    }
    const auto page = TreeAccess::page(m_tx, id);
    if (!page) {
        return fail(page.error());
    }
    if (auto added = addPage(bucket, *page); !added) {
        return added;
    }
    bucket.pages.push_back({*page, 0});
    return {};
}

Result<void> StatsCounter::openNested(const TreePage& leaf, std::uint32_t index) {
    const auto element = leaf.view.leaf(index);
    if (!element) {
        return fail(corruptPage(leaf.page, "Key or value leaves the page", index));
    }
    const auto header = format::readBucketHeader(element->value);
    if (!header) {
        return fail(corruptPage(leaf.page,
                                "A bucket header needs 16 bytes, its value has " +
                                    std::to_string(element->value.size()),
                                index));
    }
    return open(header->root, header->inlinePage, leaf.page);
}

// Goes on to the next child or nested bucket of the innermost page, or leaves that page.
Result<void> StatsCounter::step(BucketCount& bucket) {
    StatsFrame& frame = bucket.pages.back();
    const format::PageView& view = frame.page.view;
    if (view.isBranch() && frame.next < view.count()) {
        // The table was found to fit when the page was added.
        return visit(bucket, view.child(frame.next++).value_or(PageId{0}));
    }
    while (view.isLeaf() && frame.next < view.count()) {
        const std::uint32_t index = frame.next++;
        if ((view.leafFlags(index).value_or(0) & format::kBucketElementFlag) != 0) {
            return openNested(frame.page, index);
        }
    }
    bucket.pages.pop_back();
    return {};
}

// Finishes the innermost bucket and adds it to the one around it.
void StatsCounter::close() {
    BucketStats stats = m_stack.back().own;
    const BucketStats nested = m_stack.back().nested;
    m_stack.pop_back();
    stats.branchAlloc = (stats.branchPages + stats.branchOverflow) * m_pageSize;
    stats.leafAlloc = (stats.leafPages + stats.leafOverflow) * m_pageSize;
    stats.depth += nested.depth;
    stats.add(nested);
    if (m_stack.empty()) {
        m_result = stats;
    } else {
        m_stack.back().nested.add(stats);
    }
}

Result<BucketStats> StatsCounter::count(const Bucket& bucket) {
    m_stack.clear();
    if (auto opened =
            open(bucket.rootPage(), TreeAccess::inlineImage(bucket), TreeAccess::holder(bucket));
        !opened) {
        return fail(opened.error());
    }
    while (!m_stack.empty()) {
        if (m_stack.back().pages.empty()) {
            close();
        } else if (auto stepped = step(m_stack.back()); !stepped) {
            return fail(stepped.error());
        }
    }
    if (TreeAccess::truncated(m_tx)) {
        return fail(TreeAccess::truncatedError());
    }
    return m_result;
}

} // namespace

void BucketStats::add(const BucketStats& other) {
    branchPages += other.branchPages;
    branchOverflow += other.branchOverflow;
    leafPages += other.leafPages;
    leafOverflow += other.leafOverflow;
    keys += other.keys;
    depth = std::max(depth, other.depth);
    branchAlloc += other.branchAlloc;
    branchInuse += other.branchInuse;
    leafAlloc += other.leafAlloc;
    leafInuse += other.leafInuse;
    buckets += other.buckets;
    inlineBuckets += other.inlineBuckets;
    inlineInuse += other.inlineInuse;
}

Result<BucketStats> bucketStats(const Bucket& bucket, std::uint32_t pageSize) {
    return StatsCounter(TreeAccess::transaction(bucket), pageSize).count(bucket);
}

Result<BucketStats> aggregateStats(const ReadTransaction& tx, Bytes prefix) {
    BucketStats sum;
    StatsCounter counter(tx, tx.meta().pageSize);
    const Bucket root = tx.rootBucket();
    Cursor cursor = root.cursor();
    auto entry = prefix.empty() ? cursor.first() : cursor.seek(prefix);
    while (entry && *entry && (*entry)->key.size() >= prefix.size() &&
           std::ranges::equal((*entry)->key.first(prefix.size()), prefix)) {
        if ((*entry)->isBucket) {
            const auto bucket = root.bucketAt(**entry);
            if (!bucket) {
                return fail(bucket.error());
            }
            const auto stats = counter.count(*bucket);
            if (!stats) {
                return stats;
            }
            sum.add(*stats);
        }
        entry = cursor.next();
    }
    if (!entry) {
        return fail(entry.error());
    }
    return sum;
}

} // namespace pagescape
