// SPDX-License-Identifier: MIT
// From nodes to pages: split, allocate, serialise, and tell the parent the new page. Source: bbolt
// bucket.go spill, node.go split and spill. Nested buckets go first, in name order (bbolt: random).
#include "store/bucket_value.h"
#include "store/store_error.h"
#include "store/write_state.h"
#include "tree/search.h"

#include <algorithm>
#include <limits>

namespace pagescape {

namespace {

constexpr std::uint64_t kFewestItems = 2; // on each side of a split, as bolt has it
// The count in a page header has 16 bits, and 0xFFFF is kept free as bbolt does.
constexpr std::uint64_t kMostItems = 0xFFFE;
constexpr std::uint64_t kPagesInParts = 4;

// A run of items that becomes one page.
struct Cut {
    ItemList::Position from;
    std::uint64_t count = 0;
    std::uint64_t bytes = 0; // of the page, header included
};

// When to cut, and how.
struct CutRule {
    std::uint64_t pageSize = 0;
    std::uint64_t threshold = 0; // bytes of a page after which the next one begins
    bool allowsSingles = false;  // StoreOptions::splitToSingleItems, for leaves

    [[nodiscard]] std::uint64_t fewest() const { return allowsSingles ? 1 : kFewestItems; }
    [[nodiscard]] bool isTooLarge(std::uint64_t items, std::uint64_t bytes) const {
        return items > kMostItems || (items > (allowsSingles ? 1 : 2 * kFewestItems) &&
                                      format::kPageHeaderSize + bytes >= pageSize);
    }
    // The last item that bolt looks at begins the next page, so each side keeps two.
    [[nodiscard]] std::uint64_t most(std::uint64_t left) const {
        return std::min(kMostItems, allowsSingles ? left - 1 : left - kFewestItems - 1);
    }
};

// Where bolt cuts a node. Source: bbolt node.go splitTwo, splitIndex.
std::vector<Cut> cutItems(const ItemList& items, const CutRule& rule) {
    std::vector<Cut> cuts;
    ItemList::Position at = items.begin();
    std::uint64_t left = items.size();
    std::uint64_t bytesLeft = items.bytes();
    while (rule.isTooLarge(left, bytesLeft)) {
        Cut cut{at, 0, format::kPageHeaderSize};
        while (cut.count < rule.most(left)) {
            const Item& item = items[at];
            const std::uint64_t size =
                format::kElementSize + std::uint64_t{item.keySize} + item.valueSize;
            if (cut.count >= rule.fewest() && cut.bytes + size > rule.threshold) {
                break;
            }
            ++cut.count;
            cut.bytes += size;
            at = items.next(at);
        }
        left -= cut.count;
        bytesLeft -= cut.bytes - format::kPageHeaderSize;
        cuts.push_back(cut);
    }
    cuts.push_back({at, left, format::kPageHeaderSize + bytesLeft});
    return cuts;
}

void storeItems(std::byte* page, bool isLeaf, const ItemList& items, ItemList::Position at,
                std::uint64_t count) {
    ItemWriter writer(page + format::kPageHeaderSize, count, isLeaf);
    for (std::uint64_t i = 0; i < count; ++i, at = items.next(at)) {
        writer.put(items[at]);
    }
}

void storeHeader(std::byte* page, PageId id, bool isLeaf, std::uint64_t count,
                 std::uint64_t overflow) {
    format::store<std::uint64_t>(page + format::kHeaderIdAt, id.value);
    format::store<std::uint16_t>(page + format::kHeaderFlagsAt,
                                 isLeaf ? format::kLeafFlag : format::kBranchFlag);
    format::store<std::uint16_t>(page + format::kHeaderCountAt, static_cast<std::uint16_t>(count));
    format::store<std::uint32_t>(page + format::kHeaderOverflowAt,
                                 static_cast<std::uint32_t>(overflow));
}

} // namespace

// Source: bbolt bucket.go inlineable: a single leaf without buckets, at most a quarter of a page.
bool WriteState::isInlineable(const BucketState& bucket) const {
    if (bucket.rootNode == nullptr || !bucket.rootNode->isLeaf ||
        bucket.rootNode->size() > store->pageSize / 4 ||
        bucket.rootNode->items.size() > kMostItems) {
        return false;
    }
    const ItemList& items = bucket.rootNode->items.list();
    for (auto at = items.begin(); !items.isEnd(at); at = items.next(at)) {
        if ((items[at].flags & format::kBucketElementFlag) != 0) {
            return false;
        }
    }
    return true;
}

// What the parent stores for a bucket: its header, and its page where it is inline.
Bytes WriteState::bucketValue(const BucketState& bucket) {
    const bool isInline = bucket.root.value == 0;
    const std::uint64_t size = format::kBucketHeaderSize + (isInline ? bucket.rootNode->size() : 0);
    std::byte* at = arena.take(size);
    std::memset(at, 0, size);
    storeBucketHeader(at, bucket.root, bucket.sequence);
    if (isInline) {
        std::byte* page = at + format::kBucketHeaderSize;
        const ItemList& items = bucket.rootNode->items.list();
        storeHeader(page, PageId{0}, true, items.size(), 0);
        storeItems(page, true, items, items.begin(), items.size());
    }
    return {at, size};
}

Result<void> WriteState::spill(BucketState& bucket) {
    for (const auto& [name, child] : bucket.children) {
        if (isInlineable(*child)) {
            if (child->root.value != 0) { // it shrank: all its pages but those in memory are there
                for (Node* node : child->nodes) {
                    if (!node->isGone) {
                        if (auto freed = freeNode(*node); !freed) {
                            return freed;
                        }
                    }
                }
                child->root = PageId{0};
            }
        } else if (auto done = spill(*child); !done) {
            return done;
        }
        if (child->rootNode == nullptr) {
            continue; // nothing changed in it
        }
        isSpilling = true;
        auto put = putItem(bucket, name, bucketValue(*child), format::kBucketElementFlag);
        isSpilling = false;
        if (!put) {
            return put;
        }
    }
    if (bucket.rootNode == nullptr) {
        return {};
    }
    return spill(*bucket.rootNode);
}

Result<void> WriteState::spill(Node& node) {
    if (!node.isLeaf) {
        std::vector<Node*> children; // in key order; each changes its item, and may add more
        node.items.forEachChild([&children](const Item& item) { children.push_back(item.child); });
        for (Node* child : children) {
            if (auto done = spill(*child); !done) {
                return done;
            }
        }
    }
    const auto threshold =
        static_cast<std::uint64_t>(static_cast<double>(store->pageSize) * node.bucket->fillPercent);
    const CutRule rule{store->pageSize, threshold,
                       node.isLeaf && store->options.splitToSingleItems};
    const Cut whole{{}, node.items.size(), node.size()};
    std::span<const Cut> cuts(&whole, 1);
    std::vector<Cut> several;
    if (rule.isTooLarge(node.items.size(), node.items.bytes())) {
        several = cutItems(node.items.list(), rule);
        cuts = several;
    }
    tell(SplitEvent{node.page, node.isLeaf, node.size(),
                    static_cast<std::uint32_t>(node.items.size()), store->pageSize, threshold,
                    static_cast<std::uint32_t>(cuts.size()), node.number});
    statistics.split += cuts.size() - 1;

    Node* parent = node.parent;
    const bool isNewRoot = parent == nullptr && cuts.size() > 1;
    if (isNewRoot) {
        parent = &newNode(*node.bucket, nullptr);
        parent->isLeaf = false;
        node.bucket->rootNode = parent;
        tell(NodeLoadedEvent{PageId{}, false, 0, node.bucket->level, parent->number, 0,
                             parent->size(), node.number});
    }
    // The node's own item is replaced by its first part; the other parts follow it.
    NodeItems::Position place;
    if (parent != nullptr && !isNewRoot) {
        const auto found = placeOf(node);
        if (!found) {
            return fail(found.error());
        }
        place = *found;
    }
    // A part that is the page as it was needs no writing. bolt writes it all the same.
    const auto kept = std::find_if(cuts.begin(), cuts.end(), [&](const Cut& cut) {
        return rule.allowsSingles && !node.isMoving && node.runPages > 0 &&
               node.items.isPageItself(cut.from, cut.count);
    });
    if (kept == cuts.end()) {
        if (auto freed = freeNode(node); !freed) {
            return freed;
        }
    }
    for (auto cut = cuts.begin(); cut != cuts.end(); ++cut) {
        const auto page = cut == kept ? Result<PageId>(node.page)
                                      : writePage(node, cut->from, cut->count, cut->bytes);
        if (!page) {
            return fail(page.error());
        }
        statistics.spill += cut == kept ? 0U : 1U;
        const bool isFirst = cut == cuts.begin();
        if (parent == nullptr) {
            node.bucket->root = *page;
            continue;
        }
        const Bytes first = isFirst ? node.items.firstKey() : node.items.at(cut->from).key();
        Item item;
        item.prefix = keyPrefix(first);
        item.keyData = first.data();
        item.keySize = static_cast<std::uint32_t>(first.size());
        item.child = nullptr;
        item.page = page->value;
        if (isFirst && !isNewRoot) {
            parent->items.assign(place, item);
            continue;
        }
        const auto found = parent->items.find(first);
        if (found.exact) {
            return fail(corruptPage(node.page, "Its keys overlap with those of its neighbour"));
        }
        parent->items.insert(found.at, item);
    }
    return isNewRoot ? spill(*parent) : Result<void>();
}

// The bytes of a leaf run in pieces: header and elements, then keys, values and zeros.
std::vector<Bytes> WriteState::partsOf(const ItemList& items, PageId id, ItemList::Position at,
                                       std::uint64_t count, std::uint64_t bytes,
                                       std::uint64_t runBytes) {
    std::vector<Bytes> parts;
    const std::uint64_t headBytes = format::kPageHeaderSize + count * format::kElementSize;
    std::byte* head = arena.take(headBytes);
    storeHeader(head, id, true, count, runBytes / store->pageSize - 1);
    parts.emplace_back(head, headBytes);
    std::byte* element = head + format::kPageHeaderSize;
    std::uint64_t dataAt = headBytes;
    for (std::uint64_t i = 0; i < count; ++i, at = items.next(at)) {
        const Item& item = items[at];
        const auto elementAt = static_cast<std::uint64_t>(element - head);
        storeElement(element, true, item, static_cast<std::uint32_t>(dataAt - elementAt));
        parts.push_back(item.key());
        if (item.valueSize > 0) {
            parts.push_back(item.value());
        }
        dataAt += std::uint64_t{item.keySize} + item.valueSize;
        element += format::kElementSize;
    }
    if (bytes < runBytes) {
        std::byte* zeros = arena.take(runBytes - bytes);
        std::memset(zeros, 0, runBytes - bytes);
        parts.emplace_back(zeros, runBytes - bytes);
    }
    return parts;
}

Result<PageId> WriteState::writePage(Node& node, ItemList::Position from, std::uint64_t count,
                                     std::uint64_t bytes) {
    if (bytes > std::numeric_limits<std::uint32_t>::max()) { // positions have 32 bits; bbolt wraps
        return fail(storeError(ErrorCode::LimitReached,
                               "Neighbouring entries of " + std::to_string(bytes) +
                                   " bytes do not fit into one page run of at most 4 GiB",
                               "Put the large values into buckets of their own."));
    }
    const std::uint64_t pages = (bytes + store->pageSize - 1) / store->pageSize;
    // Runs of several pages are mostly large values: these are not copied, but written from where
    // they lie.
    const bool inParts = node.isLeaf && pages >= kPagesInParts;
    const auto allocated = allocate(pages, inParts);
    if (!allocated) {
        return fail(allocated.error());
    }
    DirtyPage* const run = *allocated;
    if (inParts) {
        run->parts =
            partsOf(node.items.list(), run->first, from, count, bytes, pages * store->pageSize);
    } else {
        storeHeader(run->bytes, run->first, node.isLeaf, count, pages - 1);
        if (node.items.isPacked()) {
            node.items.store(run->bytes + format::kPageHeaderSize);
        } else {
            storeItems(run->bytes, node.isLeaf, node.items.list(), from, count);
        }
        std::memset(run->bytes + bytes, 0, pages * store->pageSize - bytes);
    }
    tell(PageMadeEvent{run->first, node.isLeaf ? format::kLeafFlag : format::kBranchFlag,
                       static_cast<std::uint32_t>(count), static_cast<std::uint32_t>(pages - 1),
                       node.number, bytes});
    return run->first;
}

} // namespace pagescape
