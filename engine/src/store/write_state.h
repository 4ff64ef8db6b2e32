// SPDX-License-Identifier: MIT
// The inside of a write transaction: pages in memory, buckets that were touched, pages made.
#pragma once

#include "node/arena.h"
#include "node/node_items.h"
#include "pagescape/database.h"
#include "pagescape/statistics.h"
#include "pagescape/trace.h"
#include "pagescape/write_bucket.h"
#include "store/store_state.h"
#include "tree/tree_access.h"

#include <array>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pagescape {

struct BucketState;

/// How full pages are made unless somebody says otherwise. Source: bbolt bucket.go
/// DefaultFillPercent.
inline constexpr double kFillPercent = 0.5;

/// A page in memory, ready to change. It lives as long as the transaction.
struct Node {
    BucketState* bucket = nullptr;
    Node* parent = nullptr;
    PageId page;                ///< where it was read from; 0: new, or from an inline bucket
    std::uint64_t runPages = 0; ///< pages of that run
    bool isLeaf = true;
    bool isUnbalanced = false; ///< something was deleted from it
    bool isGone = false;       ///< merged away
    bool isMoving = false;     ///< it has to get another page, changed or not
    std::uint32_t number = 0;  ///< from 1 in the order of the transaction, for its events
    Bytes key;                 ///< what the parent calls it
    std::uint32_t place = 0;   ///< the element of the parent's page that leads here
    NodeItems items;

    /// Bytes it would take as one page. Source: bbolt node.go size.
    [[nodiscard]] std::uint64_t size() const { return format::kPageHeaderSize + items.bytes(); }
};

/// A bucket that the transaction looked into. It lives as long as the transaction.
struct BucketState {
    BucketState* parent = nullptr; ///< null: the root bucket
    Bytes name;
    PageId root;
    std::uint64_t sequence = 0;
    Bytes inlinePage; ///< of an inline bucket
    PageId holder;    ///< the leaf around it, as far as it was a page
    std::uint32_t level = 0;
    double fillPercent = kFillPercent; ///< 0.1 to 1
    bool isGone = false;               ///< deleted or moved
    std::uint64_t version = 0;         ///< grows with every change to its entries
    Node* rootNode = nullptr;          ///< null: nothing of it is in memory
    std::vector<Node*> nodes;          ///< all of its nodes, gone ones too
    std::map<Bytes, BucketState*, bool (*)(Bytes, Bytes)> children{
        [](Bytes a, Bytes b) { return compareKeys(a, b) < 0; }};
};

/// A page run that commit has to write.
struct DirtyPage {
    PageId first;
    std::uint64_t pages = 0;
    std::byte* bytes = nullptr; ///< pages x page size, in the arena; or null:
    std::vector<Bytes> parts;   ///< the same in pieces, large values where they lie
};

/// A place in a bucket's tree: a node, whose items are unpacked, or a page that nobody changed.
struct TreeLevel {
    Node* node = nullptr;
    TreePage page;
    NodeItems::Position at;  ///< in a node
    std::uint32_t index = 0; ///< in a page
    bool isExact = false;

    [[nodiscard]] bool isLeaf() const { return node ? node->isLeaf : page.view.isLeaf(); }
};

/// How an entry was found: through nodes in memory and, below them, through pages.
struct Trail {
    Node* node = nullptr;   ///< the last one in memory; null: none is
    NodeItems::Position at; ///< the entry in it, or the child that leads on
    std::array<std::uint32_t, format::kMaxTreeDepth + 2> steps; ///< the element of each page
    std::uint32_t pages = 0;
};

/// Calls each, whatever the ones before it throw, and throws what the first of them threw.
void callAll(const std::vector<std::function<void()>>& callbacks);

struct WriteState {
    explicit WriteState(std::shared_ptr<Store::State> owner, ReadTransaction snapshot);
    ~WriteState();

    std::shared_ptr<Store::State> store;
    ReadTransaction base; ///< the commit it builds on
    MetaFields meta;      ///< of the commit it makes: txid is one up
    Arena arena;
    std::vector<std::vector<Node>> nodePool; ///< in blocks that never grow: nodes do not move
    std::deque<BucketState> bucketPool;
    BucketState* root = nullptr;
    std::vector<DirtyPage> dirty;
    std::vector<std::function<void()>> commitCallbacks;
    TxStatistics statistics;
    TraceSink* trace = nullptr;
    bool isOpen = true;
    bool isManaged = false;
    bool lowersHighWater = false; ///< give up free pages at the end of the file
    /// Something else looks at values that lie in the arena: slices that were handed out, or a page
    /// that was moved. They stay as they are.
    bool hasLentOwn = false;
    bool isSpilling = false;      ///< puts are those of bucket headers, not of the user
    std::optional<Error> failure; ///< a change that stopped half-way: such a tree is not committed

    // What every call asks first. Errors: TransactionClosed, BucketNotFound.
    [[nodiscard]] Result<void> checkUsable(const BucketState& bucket) const;

    // tree_nodes.cpp: finding entries, bringing pages into memory.
    [[nodiscard]] Result<Node*> loadNode(BucketState& bucket, Node* parent, PageId id);
    /// Pages of a run, as far as its contents bear out what its header claims. Errors: CorruptPage.
    [[nodiscard]] Result<std::uint64_t> provenRun(const TreePage& page) const;
    [[nodiscard]] Result<Node*> rootNode(BucketState& bucket);
    [[nodiscard]] Result<Node*> childNode(Node& parent, NodeItems::Position at);
    [[nodiscard]] Result<Node*> leafFor(BucketState& bucket, Bytes key);
    [[nodiscard]] Result<std::optional<Entry>> findEntry(BucketState& bucket, Bytes key,
                                                         Trail* trail = nullptr);
    /// Brings the pages of a trail into memory: the leaf, and where the entry stands in it.
    [[nodiscard]] Result<Node*> loadTrail(BucketState& bucket, Trail& trail);
    [[nodiscard]] Result<TreeLevel> rootLevel(BucketState& bucket) const;
    [[nodiscard]] Result<TreeLevel> pageLevel(PageId id) const;
    [[nodiscard]] Result<TreeLevel> childLevel(const TreeLevel& level) const;
    [[nodiscard]] Result<void> seekIn(TreeLevel& level, Bytes key) const;
    [[nodiscard]] Result<std::optional<Entry>> entryAt(const TreeLevel& level) const;

    // bucket_changes.cpp: what a write call does to a bucket.
    /// A copy of a value, in the place of the one it replaces where that may be written over.
    [[nodiscard]] Bytes keepValue(Bytes value, Bytes replaced);
    /// Notes that the caller holds a slice.
    void noteLent(Bytes value) { hasLentOwn = hasLentOwn || !isOfFile(value); }
    /// Whether bytes lie in the mapped file, not in the arena.
    [[nodiscard]] bool isOfFile(Bytes bytes) const;
    [[nodiscard]] Result<void> putItem(BucketState& bucket, Bytes key, Bytes value,
                                       std::uint32_t flags);
    [[nodiscard]] Result<void> removeItem(BucketState& bucket, Bytes key, bool isBucket);
    [[nodiscard]] Result<BucketState*> openChild(BucketState& bucket, Bytes name);
    [[nodiscard]] Result<BucketState*> makeChild(BucketState& bucket, Bytes name);
    [[nodiscard]] Result<void> dropChild(BucketState& bucket, Bytes name);
    [[nodiscard]] Result<void> freeTree(BucketState& bucket);

    // move_bucket.cpp.
    [[nodiscard]] Result<void> moveChild(BucketState& from, Bytes name, BucketState& to);
    /// Whether buckets would lie deeper than `limit` if this one lay at `level`.
    [[nodiscard]] Result<bool> nestsDeeper(BucketState& bucket, std::uint32_t limit,
                                           std::uint32_t level);

    // strict_check.cpp: whether the pages written make a sound version. Errors: CorruptPage.
    [[nodiscard]] Result<void> checkStrictly();

    // Where a child stands in its parent. Errors: CorruptPage.
    [[nodiscard]] Result<NodeItems::Position> placeOf(const Node& child) const;

    // rebalance.cpp, spill.cpp: a commit's way from nodes to pages.
    [[nodiscard]] Result<void> rebalance(BucketState& bucket);
    [[nodiscard]] Result<void> rebalance(Node& node);
    [[nodiscard]] Result<void> spill(BucketState& bucket);
    [[nodiscard]] Result<void> spill(Node& node);
    [[nodiscard]] bool isInlineable(const BucketState& bucket) const;
    [[nodiscard]] Bytes bucketValue(const BucketState& bucket);
    [[nodiscard]] std::vector<Bytes> partsOf(const ItemList& items, PageId id,
                                             ItemList::Position at, std::uint64_t count,
                                             std::uint64_t bytes, std::uint64_t runBytes);
    [[nodiscard]] Result<PageId> writePage(Node& node, ItemList::Position from, std::uint64_t count,
                                           std::uint64_t bytes);

    // commit.cpp: from pages to the file.
    /// A run to write, its number alone when it is to be made of parts. Valid until the next call.
    [[nodiscard]] Result<DirtyPage*> allocate(std::uint64_t pages, bool inParts = false);
    [[nodiscard]] Result<void> freeRun(PageId first, std::uint64_t pages);
    [[nodiscard]] Result<void> freeNode(Node& node);
    [[nodiscard]] Result<std::uint64_t> freelistPages(PageId first) const;
    [[nodiscard]] Result<void> writeFreelist();
    [[nodiscard]] Result<void> growFile();
    [[nodiscard]] Result<void> writeDirtyPages();
    [[nodiscard]] Result<void> writeMeta();
    [[nodiscard]] Result<void> makePages();
    [[nodiscard]] Result<void> commit();
    void rollback(WriteTxEvent::Phase how = WriteTxEvent::Phase::RolledBack);
    void end();

    template <typename Event>
    void tell(Event&& event) {
        if (trace != nullptr) {
            trace->onWriteEvent(WriteTraceEvent(std::forward<Event>(event)));
        }
    }

    Node& newNode(BucketState& bucket, Node* parent);
    BucketState& newBucket(BucketState* parent, Bytes name);
};

} // namespace pagescape
