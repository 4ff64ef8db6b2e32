// SPDX-License-Identifier: MIT
// Finding entries in a tree that is partly in memory, and bringing pages into memory.
#include "store/write_state.h"
#include "tree/search.h"

#include <algorithm>

namespace pagescape {

namespace {

Error deepTree(PageId root) {
    Error error =
        corruptPage(root, "The tree is deeper than " + std::to_string(format::kMaxTreeDepth) +
                              " levels: its pages refer to each other in a circle");
    error.code = ErrorCode::LimitReached;
    return error;
}

std::optional<Entry> entryOf(const Node& leaf, const Item& item) {
    Entry entry;
    entry.key = item.key();
    entry.value = item.value();
    entry.isBucket = (item.flags & format::kBucketElementFlag) != 0;
    entry.page = leaf.page;
    return entry;
}

} // namespace

Node& WriteState::newNode(BucketState& bucket, Node* parent) {
    constexpr std::size_t kBlock = 16;
    if (nodePool.empty() || nodePool.back().size() == kBlock) {
        nodePool.emplace_back().reserve(kBlock);
    }
    Node& node = nodePool.back().emplace_back();
    node.number =
        static_cast<std::uint32_t>((nodePool.size() - 1) * kBlock + nodePool.back().size());
    node.bucket = &bucket;
    node.parent = parent;
    bucket.nodes.push_back(&node);
    ++statistics.nodeCount;
    return node;
}

BucketState& WriteState::newBucket(BucketState* parent, Bytes name) {
    BucketState& bucket = bucketPool.emplace_back();
    bucket.parent = parent;
    bucket.name = name;
    bucket.level = parent == nullptr ? 0 : parent->level + 1;
    return bucket;
}

// Whoever writes a page anew gives up its run, so a wrong overflow would give away pages of others.
// bolt takes size / page size + 1 pages, and we take no more. Source: bbolt node.go spill.
Result<std::uint64_t> WriteState::provenRun(const TreePage& page) const {
    const format::PageView& view = page.view;
    const std::uint64_t pages = std::uint64_t{view.header().overflow} + 1;
    if (pages == 1) {
        return pages;
    }
    std::uint64_t used = format::kPageHeaderSize;
    for (std::uint32_t i = 0; i < view.count(); ++i) {
        Bytes last;
        if (view.isLeaf()) {
            const auto leaf = view.leaf(i);
            last = leaf ? leaf->value : last;
        } else {
            last = view.key(i).value_or(last);
        }
        if (last.data() == nullptr) {
            return fail(corruptPage(page.page, "Key or value leaves the page", i));
        }
        const auto end =
            static_cast<std::uint64_t>(last.data() - view.bytes().data()) + last.size();
        used = std::max(used, end);
    }
    if (pages > used / store->pageSize + 1) {
        return fail(corruptPage(page.page, "The page claims a run of " + std::to_string(pages) +
                                               " pages, its contents end after " +
                                               std::to_string(used) + " bytes"));
    }
    return pages;
}

// Decodes a page, or the inline page of a bucket (id 0), into a node. Nothing is copied: keys and
// values go on pointing into the mapping, which outlives the transaction.
Result<Node*> WriteState::loadNode(BucketState& bucket, Node* parent, PageId id) {
    const auto page = id.value == 0 ? TreeAccess::inlinePage(bucket.inlinePage, bucket.holder)
                                    : TreeAccess::page(base, id);
    if (!page) {
        return fail(page.error());
    }
    for (const Node* above = parent; above != nullptr; above = above->parent) {
        if (above->page == id) {
            return fail(corruptPage(id, "The page is its own ancestor"));
        }
    }
    const format::PageView& view = page->view;
    Node& node = newNode(bucket, parent);
    node.page = id;
    node.isLeaf = view.isLeaf();
    if (const auto damage = node.items.load(view)) {
        return fail(corruptPage(page->page, damage->text, damage->index));
    }
    if (id.value != 0) {
        const auto pages = provenRun(*page);
        if (!pages) {
            return fail(pages.error());
        }
        node.runPages = *pages;
    }
    tell(NodeLoadedEvent{node.page, node.isLeaf, view.count(), bucket.level, node.number,
                         parent ? parent->number : 0, node.size()});
    return &node;
}

Result<Node*> WriteState::rootNode(BucketState& bucket) {
    if (bucket.rootNode == nullptr) {
        auto node = loadNode(bucket, nullptr, bucket.root);
        if (!node) {
            return node;
        }
        bucket.rootNode = *node;
    }
    return bucket.rootNode;
}

Result<Node*> WriteState::childNode(Node& parent, NodeItems::Position at) {
    Item item = parent.items.at(at);
    if (item.child == nullptr) {
        if (item.page == 0) {
            return fail(corruptPage(parent.page, "A branch refers to page 0"));
        }
        const auto loaded = loadNode(*parent.bucket, &parent, PageId{item.page});
        if (!loaded) {
            return loaded;
        }
        item.child = *loaded;
        item.child->key = item.key();
        item.child->place = at.index;
        parent.items.assign(at, item);
    }
    return item.child;
}

Result<NodeItems::Position> WriteState::placeOf(const Node& child) const {
    if (const auto place = child.parent->items.placeOf(&child, child.place)) {
        return *place;
    }
    ItemList& items = child.parent->items.list();
    ItemList::Position at = items.find(child.key).at;
    if (items.isEnd(at) || items[at].child != &child) {
        at = items.begin();
        while (!items.isEnd(at) && items[at].child != &child) {
            at = items.next(at);
        }
    }
    if (items.isEnd(at)) {
        return fail(corruptPage(child.page, "The page is not among the children of its parent"));
    }
    return at;
}

Result<Node*> WriteState::leafFor(BucketState& bucket, Bytes key) {
    auto node = rootNode(bucket);
    for (std::uint32_t depth = 0; node && !(*node)->isLeaf; ++depth) {
        if ((*node)->items.empty()) {
            return fail(corruptPage((*node)->page, "A branch page without elements"));
        }
        if (depth > format::kMaxTreeDepth) {
            return fail(deepTree(bucket.root));
        }
        node = childNode(**node, (*node)->items.childFor(key));
    }
    return node;
}

Result<TreeLevel> WriteState::pageLevel(PageId id) const {
    const auto page = TreeAccess::page(base, id);
    if (!page) {
        return fail(page.error());
    }
    TreeLevel level;
    level.page = *page;
    return level;
}

Result<TreeLevel> WriteState::rootLevel(BucketState& bucket) const {
    TreeLevel level;
    if (bucket.rootNode != nullptr) {
        level.node = bucket.rootNode;
        static_cast<void>(level.node->items.list());
        return level;
    }
    if (bucket.root.value != 0) {
        return pageLevel(bucket.root);
    }
    const auto page = TreeAccess::inlinePage(bucket.inlinePage, bucket.holder);
    if (!page) {
        return fail(page.error());
    }
    level.page = *page;
    return level;
}

// The level below the item that `level` points at.
Result<TreeLevel> WriteState::childLevel(const TreeLevel& level) const {
    if (level.node == nullptr) {
        const auto found = level.page.view.child(level.index);
        if (!found || level.index >= level.page.view.count()) {
            return fail(corruptPage(level.page.page, "No child to follow", level.index));
        }
        return pageLevel(*found);
    }
    const Item item = level.node->items.at(level.at);
    if (item.child == nullptr) {
        return pageLevel(PageId{item.page});
    }
    TreeLevel below;
    below.node = item.child;
    static_cast<void>(below.node->items.list());
    return below;
}

Result<std::optional<Entry>> WriteState::entryAt(const TreeLevel& level) const {
    if (level.node != nullptr) {
        return level.node->items.list().isEnd(level.at)
                   ? std::optional<Entry>()
                   : entryOf(*level.node, level.node->items.at(level.at));
    }
    if (level.index >= level.page.view.count()) {
        return std::optional<Entry>();
    }
    const auto element = level.page.view.leaf(level.index);
    if (!element) {
        return fail(corruptPage(level.page.page, "Key or value leaves the page", level.index));
    }
    Entry entry;
    entry.key = element->key;
    entry.value = element->value;
    entry.isBucket = element->isBucket();
    entry.page = level.page.page;
    entry.index = level.index;
    return std::optional<Entry>(entry);
}

// Points a level at the key: a leaf at the lowest element that is not before it, perhaps past its
// end; a branch at the child that holds keys like it.
Result<void> WriteState::seekIn(TreeLevel& level, Bytes key) const {
    if (level.node != nullptr) {
        NodeItems& items = level.node->items;
        if (!level.isLeaf() && items.empty()) {
            return fail(corruptPage(level.node->page, "A branch page without elements"));
        }
        const auto found = items.list().find(key);
        level.isExact = found.exact;
        level.at = level.isLeaf() ? found.at : items.childFor(key);
        return {};
    }
    const auto found = searchPage<false>(base, level.page, key);
    if (!found) {
        return fail(found.error());
    }
    level.isExact = found->exact;
    level.index = level.isLeaf() ? found->index : childIndex(*found);
    return {};
}

// Through the nodes in memory, packed as they are, and then through the pages.
Result<std::optional<Entry>> WriteState::findEntry(BucketState& bucket, Bytes key, Trail* trail) {
    Trail unused;
    Trail& way = trail != nullptr ? *trail : unused;
    Result<TreeLevel> level = TreeLevel();
    Node* node = bucket.rootNode;
    if (node == nullptr) {
        level = rootLevel(bucket);
    }
    std::uint32_t depth = 0;
    for (; node != nullptr && !node->isLeaf && depth <= format::kMaxTreeDepth; ++depth) {
        if (node->items.empty()) {
            return fail(corruptPage(node->page, "A branch page without elements"));
        }
        way.node = node;
        way.at = node->items.childFor(key);
        const Item item = node->items.at(way.at);
        node = item.child;
        if (node == nullptr) {
            level = pageLevel(PageId{item.page});
        }
    }
    if (node != nullptr && node->isLeaf) {
        const auto found = node->items.find(key);
        way.node = node;
        way.at = found.at;
        return found.exact ? entryOf(*node, node->items.at(found.at)) : std::nullopt;
    }
    for (; level; ++depth) {
        if (depth > format::kMaxTreeDepth) {
            return fail(deepTree(bucket.root));
        }
        if (auto placed = seekIn(*level, key); !placed) {
            return fail(placed.error());
        }
        way.steps[way.pages++] = level->index;
        if (level->isLeaf()) {
            return level->isExact ? entryAt(*level) : Result<std::optional<Entry>>(std::nullopt);
        }
        level = childLevel(*level);
    }
    return fail(level.error());
}

Result<Node*> WriteState::loadTrail(BucketState& bucket, Trail& trail) {
    auto node = trail.node == nullptr ? rootNode(bucket)
                : trail.node->isLeaf  ? Result<Node*>(trail.node)
                                      : childNode(*trail.node, trail.at);
    for (std::uint32_t i = 0; node && i < trail.pages; ++i) {
        NodeItems& items = (*node)->items;
        const bool isLast = i + 1 == trail.pages;
        if ((*node)->isLeaf != isLast || trail.steps[i] >= items.size()) {
            return fail(corruptPage((*node)->page, "The page changed while it was read"));
        }
        trail.at = items.elementAt(trail.steps[i]);
        if (!isLast) {
            node = childNode(**node, trail.at);
        }
    }
    return node;
}

} // namespace pagescape
