// SPDX-License-Identifier: MIT
// What a write transaction did, as plain events: the second half of trace.h. They come through the
// same sink, so reads and writes stand in one order.
#pragma once

#include "pagescape/types.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace pagescape {

/// A write transaction began, or ended. Uncertain: its meta was given to the file and the disk did
/// not confirm it; which of the two versions counts is found out when the file is opened again.
struct WriteTxEvent {
    enum class Phase { Begin, Commit, RolledBack, Uncertain };
    Phase phase = Phase::Begin;
    TxId txid;
    PageId root;      ///< of the root bucket, before or after
    PageId highWater; ///< before or after
};

/// Neighbouring pages.
struct PageRun {
    PageId first;
    std::uint64_t pages = 0;
    friend bool operator==(const PageRun&, const PageRun&) = default;
};

/// At Begin: pages that no reader needs any more became free.
struct ReleaseEvent {
    std::uint64_t pages = 0;
    std::uint64_t stillPending = 0;
    std::vector<std::uint64_t> readers; ///< transactions that are being read, ascending
    std::vector<PageRun> released;      ///< the pages that became free, ascending
};

/// A page was decoded into memory so that it can be changed, or a node came into being there.
/// Nodes are numbered from 1 in the order of a transaction; later events name them so.
struct NodeLoadedEvent {
    PageId page; ///< 0: it is new, or comes from an inline bucket
    bool isLeaf = false;
    std::uint32_t items = 0;
    std::uint32_t level = 0; ///< nesting of its bucket
    std::uint32_t node = 0;
    std::uint32_t parent = 0; ///< the node above it in its bucket; 0: none
    std::uint64_t bytes = 0;  ///< it would take as one page, header included
    std::uint32_t child = 0;  ///< of a new root: the root before it, which was split
};

/// A key was put into, or removed from, a leaf in memory.
struct PutEvent {
    PageId page; ///< the leaf was read from here; 0: it is new
    std::string key;
    std::uint32_t valueBytes = 0;
    bool isBucket = false;
    bool isReplaced = false;
    std::uint32_t node = 0;  ///< the leaf
    std::uint32_t items = 0; ///< in it afterwards
    std::uint64_t bytes = 0; ///< it takes afterwards
};
struct DeleteEvent {
    PageId page;
    std::string key;
    bool isBucket = false;
    std::uint32_t node = 0;  ///< the leaf
    std::uint32_t items = 0; ///< in it afterwards
    std::uint64_t bytes = 0; ///< it takes afterwards
};

/// A page was too empty after deletes: what became of it.
struct RebalanceEvent {
    enum class Action { RootCollapsed, Removed, MergedIntoLeft, MergedRight };
    Action action = Action::Removed;
    PageId page;    ///< the page that was too empty
    PageId sibling; ///< the page it was merged with, or the child that became the root
    std::uint64_t bytes = 0;
    std::uint64_t threshold = 0; ///< bytes at or below which it counts as too empty
    std::uint32_t items = 0;
    std::uint32_t node = 0;
    std::uint32_t siblingNode = 0;
};

/// A node was cut into pages, or not. `pages` 1: it stayed whole.
struct SplitEvent {
    PageId page;
    bool isLeaf = false;
    std::uint64_t bytes = 0;
    std::uint32_t items = 0;
    std::uint32_t pageSize = 0;
    std::uint64_t threshold = 0; ///< bytes up to which a page is filled: page size x fill percent
    std::uint32_t pages = 1;
    std::uint32_t node = 0;
};

/// Pages were taken: from the front of a free run, or by raising the high-water mark.
struct AllocateEvent {
    PageId first;
    std::uint64_t pages = 0;
    bool isNew = false;         ///< by raising the high-water mark
    std::uint64_t runPages = 0; ///< of the free run before, when not new
};

/// Pages were given up; they wait for the readers that may see them.
struct FreeEvent {
    PageId first;
    std::uint64_t pages = 0;
    TxId txid;
};

/// A node or the freelist became bytes for a page.
struct PageMadeEvent {
    PageId page;
    std::uint16_t flags = 0;
    std::uint32_t items = 0;
    std::uint32_t overflow = 0;
    std::uint32_t node = 0;  ///< 0: none, it is the freelist
    std::uint64_t bytes = 0; ///< in use, header included
};

/// The meta page of the commit was made. Source: format.h, the meta.
struct MetaMadeEvent {
    PageId page; ///< 0 or 1: txid modulo 2
    TxId txid;
    PageId root;
    PageId freelist; ///< format::kNoFreelist when the list is not stored
    PageId highWater;
    std::uint64_t checksum = 0;
};

/// The mapping became too short and was made anew. Nobody waited: readers keep the old one.
struct RemapEvent {
    std::uintptr_t oldAddress = 0;
    std::uint64_t oldLength = 0;
    std::uintptr_t newAddress = 0;
    std::uint64_t newLength = 0;
    std::uint64_t needed = 0; ///< bytes the pages take
};

/// The file was made longer.
struct GrowEvent {
    std::uint64_t oldSize = 0;
    std::uint64_t newSize = 0;
    bool isSynced = false; ///< and the disk has confirmed it
};

/// Bytes went to the file by pwrite. Of a write that failed, and may have reached the file in part,
/// nothing is told.
struct WriteEvent {
    PageId first;
    std::uint64_t pages = 0;
    ByteRange bytes; ///< of the file
    bool isMeta = false;
};

/// The disk confirmed everything written so far.
struct SyncEvent {
    enum class After { Data, Meta, Growth };
    After after = After::Data;
};

using WriteTraceEvent =
    std::variant<WriteTxEvent, ReleaseEvent, NodeLoadedEvent, PutEvent, DeleteEvent, RebalanceEvent,
                 SplitEvent, AllocateEvent, FreeEvent, PageMadeEvent, MetaMadeEvent, RemapEvent,
                 GrowEvent, WriteEvent, SyncEvent>;

/// The stable name of an event's kind, such as "node-loaded".
[[nodiscard]] std::string_view eventName(const WriteTraceEvent& event);

/// The page an event is about; page 0 when it is about none.
[[nodiscard]] PageId eventPage(const WriteTraceEvent& event);

} // namespace pagescape
