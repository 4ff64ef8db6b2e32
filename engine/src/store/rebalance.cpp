// SPDX-License-Identifier: MIT
// After deletes: nodes that are too empty are merged with a neighbour. Source: bbolt node.go
// rebalance. bbolt visits them in random order; here it is the order in which they came to memory.
#include "store/write_state.h"
#include "tree/search.h"

namespace pagescape {

namespace {

void adoptChildren(Node& node) {
    if (!node.isLeaf) {
        node.items.forEachChild([&node](const Item& item) { item.child->parent = &node; });
    }
}

} // namespace

Result<void> WriteState::rebalance(BucketState& bucket) {
    for (std::size_t i = 0; i < bucket.nodes.size(); ++i) { // merging may load more nodes
        if (!bucket.nodes[i]->isGone) {
            if (auto done = rebalance(*bucket.nodes[i]); !done) {
                return done;
            }
        }
    }
    for (const auto& [name, child] : bucket.children) {
        if (auto done = rebalance(*child); !done) {
            return done;
        }
    }
    return {};
}

Result<void> WriteState::rebalance(Node& node) {
    if (!node.isUnbalanced) {
        return {};
    }
    node.isUnbalanced = false;
    ++statistics.rebalance;
    const auto threshold = static_cast<std::uint64_t>(static_cast<double>(store->pageSize) *
                                                      node.bucket->fillPercent) /
                           2;
    const std::uint64_t fewest = node.isLeaf ? 1 : 2;
    if (node.size() > threshold && node.items.size() > fewest) {
        return {};
    }
    using Action = RebalanceEvent::Action;
    const auto report = [&](Action action, const Node* sibling) {
        tell(RebalanceEvent{action, node.page, sibling ? sibling->page : PageId{}, node.size(),
                            threshold, static_cast<std::uint32_t>(node.items.size()), node.number,
                            sibling ? sibling->number : 0});
    };
    if (node.parent == nullptr) {
        // A root with one child gives way to it, one level a call.
        if (!node.isLeaf && node.items.size() == 1) {
            const auto only = childNode(node, node.items.list().begin());
            if (!only) {
                return fail(only.error());
            }
            Node& child = **only;
            report(Action::RootCollapsed, &child);
            if (auto freed = freeNode(node); !freed) {
                return freed;
            }
            node.isLeaf = child.isLeaf;
            node.items = std::move(child.items);
            node.page = child.page; // the items may still be packed in it
            node.runPages = std::exchange(child.runPages, 0);
            adoptChildren(node);
            child.isGone = true;
            return {};
        }
        return {};
    }
    Node& parent = *node.parent;
    ItemList& siblings = parent.items.list();
    const auto place = placeOf(node);
    if (!place) {
        return fail(place.error());
    }
    const ItemList::Position at = *place;
    if (node.items.empty()) {
        report(Action::Removed, nullptr);
        siblings.erase(at);
        parent.isUnbalanced = true;
        node.isGone = true;
        if (auto freed = freeNode(node); !freed) {
            return freed;
        }
        return rebalance(parent);
    }
    const bool usesNext = at == siblings.begin();
    if (usesNext && siblings.size() == 1) {
        return {}; // an only child, which no sound file has
    }
    const ItemList::Position siblingAt = usesNext ? siblings.next(at) : siblings.prev(at);
    const auto sibling = childNode(parent, siblingAt);
    if (!sibling) {
        return fail(sibling.error());
    }
    Node& left = usesNext ? node : **sibling;
    Node& right = usesNext ? **sibling : node;
    if (left.isLeaf != right.isLeaf) {
        return fail(corruptPage(right.page, "A leaf and a branch are neighbours"));
    }
    report(usesNext ? Action::MergedRight : Action::MergedIntoLeft, *sibling);
    left.items.list().take(right.items.list());
    adoptChildren(left);
    siblings.erase(usesNext ? siblingAt : at);
    parent.isUnbalanced = true;
    right.isGone = true;
    if (auto freed = freeNode(right); !freed) {
        return freed;
    }
    return rebalance(parent);
}

} // namespace pagescape
