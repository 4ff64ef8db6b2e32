// SPDX-License-Identifier: MIT
// Finding entries in a tree that is partly in memory, and bringing pages into memory.
#include "store/write_state.h"
#include "tree/search.h"

namespace pagescape {

namespace {

Error deepTree(PageId root) {
    Error error =
        corruptPage(root, "The tree is deeper than " + std::to_string(format::kMaxTreeDepth) +
                              " levels: its pages refer to each other in a circle");
    error.code = ErrorCode::LimitReached;
    return error;
}

// The child that holds keys like this one: no exact match steps one to the left.
ItemList::Position childPosition(const ItemList& items, ItemList::Found found) {
    return !found.exact && found.at != items.begin() ? items.prev(found.at) : found.at;
}

} // namespace

Node& WriteState::newNode(BucketState& bucket, Node* parent) {
    Node& node = nodePool.emplace_back();
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
    node.runPages = id.value == 0 ? 0 : std::uint64_t{view.header().overflow} + 1;
    node.isLeaf = view.isLeaf();
    for (std::uint32_t i = 0; i < view.count(); ++i) {
        Item item;
        Bytes key;
        if (node.isLeaf) {
            const auto element = view.leaf(i);
            if (!element) {
                return fail(corruptPage(page->page, "Key or value leaves the page", i));
            }
            key = element->key;
            item.valueData = element->value.data();
            item.valueSize = static_cast<std::uint32_t>(element->value.size());
            item.flags = element->flags;
        } else {
            const auto element = view.branch(i);
            if (!element) {
                return fail(corruptPage(page->page, "Key leaves the page", i));
            }
            key = element->key;
            item.child = nullptr;
            item.page = element->child.value;
        }
        item.prefix = keyPrefix(key);
        if (i > 0 && compareItem(node.items[node.items.last()], item.prefix, key) >= 0) {
            return fail(corruptPage(page->page, "The keys are out of order", i));
        }
        item.keyData = key.data();
        item.keySize = static_cast<std::uint32_t>(key.size());
        node.items.append(item);
    }
    tell(NodeLoadedEvent{page->page, node.isLeaf, view.count(), bucket.level});
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

Result<Node*> WriteState::childNode(Node& parent, ItemList::Position at) {
    Item& item = parent.items[at];
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
    }
    return item.child;
}

Result<ItemList::Position> WriteState::placeOf(const Node& child) const {
    const ItemList& items = child.parent->items;
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
        ItemList& items = (*node)->items;
        if (items.empty()) {
            return fail(corruptPage((*node)->page, "A branch page without elements"));
        }
        if (depth > format::kMaxTreeDepth) {
            return fail(deepTree(bucket.root));
        }
        node = childNode(**node, childPosition(items, items.find(key)));
    }
    return node;
}

Result<TreeLevel> WriteState::rootLevel(BucketState& bucket) {
    TreeLevel level;
    level.node = bucket.rootNode;
    if (level.node == nullptr) {
        const auto page = bucket.root.value == 0
                              ? TreeAccess::inlinePage(bucket.inlinePage, bucket.holder)
                              : TreeAccess::page(base, bucket.root);
        if (!page) {
            return fail(page.error());
        }
        level.page = *page;
    }
    return level;
}

// The level below the item that `level` points at.
Result<TreeLevel> WriteState::childLevel(const TreeLevel& level) {
    TreeLevel below;
    PageId child;
    if (level.node != nullptr) {
        const Item& item = level.node->items[level.at];
        below.node = item.child;
        child = PageId{item.page};
    } else {
        const auto found = level.page.view.child(level.index);
        if (!found || level.index >= level.page.view.count()) {
            return fail(corruptPage(level.page.page, "No child to follow", level.index));
        }
        child = *found;
    }
    if (below.node == nullptr) {
        const auto page = TreeAccess::page(base, child);
        if (!page) {
            return fail(page.error());
        }
        below.page = *page;
    }
    return below;
}

Result<std::optional<Entry>> WriteState::entryAt(const TreeLevel& level) const {
    Entry entry;
    if (level.node != nullptr) {
        if (level.node->items.isEnd(level.at)) {
            return std::optional<Entry>();
        }
        const Item& item = level.node->items[level.at];
        entry.key = item.key();
        entry.value = item.value();
        entry.isBucket = (item.flags & format::kBucketElementFlag) != 0;
        entry.page = level.node->page;
        return std::optional<Entry>(entry);
    }
    if (level.index >= level.page.view.count()) {
        return std::optional<Entry>();
    }
    const auto element = level.page.view.leaf(level.index);
    if (!element) {
        return fail(corruptPage(level.page.page, "Key or value leaves the page", level.index));
    }
    entry.key = element->key;
    entry.value = element->value;
    entry.isBucket = element->isBucket();
    entry.page = level.page.page;
    entry.index = level.index;
    return std::optional<Entry>(entry);
}

// Points a level at the key: a leaf at the lowest element that is not before it, perhaps past its
// end; a branch at the child that holds keys like it.
Result<void> WriteState::seekIn(TreeLevel& level, Bytes key) {
    if (level.node != nullptr) {
        const ItemList& items = level.node->items;
        const auto found = items.find(key);
        level.isExact = found.exact;
        level.at = level.isLeaf() ? found.at : childPosition(items, found);
        if (!level.isLeaf() && items.empty()) {
            return fail(corruptPage(level.node->page, "A branch page without elements"));
        }
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

Result<std::optional<Entry>> WriteState::findEntry(BucketState& bucket, Bytes key) {
    auto level = rootLevel(bucket);
    for (std::uint32_t depth = 0; level; ++depth) {
        if (depth > format::kMaxTreeDepth) {
            return fail(deepTree(bucket.root));
        }
        if (auto placed = seekIn(*level, key); !placed) {
            return fail(placed.error());
        }
        if (level->isLeaf()) {
            return level->isExact ? entryAt(*level) : Result<std::optional<Entry>>(std::nullopt);
        }
        level = childLevel(*level);
    }
    return fail(level.error());
}

} // namespace pagescape
