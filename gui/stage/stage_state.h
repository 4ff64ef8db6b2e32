// SPDX-License-Identifier: MIT
// StageState: everything that the pictures of a running engine show at one moment. It is made from
// the file as it was found and from events, and from nothing else.
#pragma once

#include "pagescape/census.h"
#include "stage/page_layer.h"
#include "stage/stage_event.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pagescape::gui {

/// A node in the memory of the writer. It floats above the file: nothing of it is written.
struct StageNode {
    std::uint32_t number = 0; ///< from 1 in the order of the transaction
    PageId page;              ///< it was read from; 0: new, or from an inline bucket
    bool isLeaf = false;
    bool isGone = false; ///< merged away
    std::uint32_t items = 0;
    std::uint32_t level = 0;   ///< nesting of its bucket
    std::uint32_t parent = 0;  ///< number of the node above; 0: none
    std::uint64_t bytes = 0;   ///< it would take as one page
    std::uint32_t changes = 0; ///< puts and deletes that hit it
    std::vector<PageId> made;  ///< first pages of what it was written as, in key order
    friend bool operator==(const StageNode&, const StageNode&) = default;
};

/// One of the two metas. `mark` as in StagePage: new fields count from the commit on.
struct StageMeta {
    bool isKnown = false; ///< the file has a valid meta here
    TxId txid;
    PageId root;
    PageId freelist;
    PageId highWater;
    std::uint64_t checksum = 0;
    StageMark mark = StageMark::None;
    bool isSynced = true; ///< the disk has confirmed it, as far as this sitting knows
    friend bool operator==(const StageMeta&, const StageMeta&) = default;
};

/// A mapping of the file.
struct StageMap {
    std::uintptr_t address = 0;
    std::uint64_t length = 0; ///< bytes
    friend bool operator==(const StageMap&, const StageMap&) = default;
};

/// An open read transaction.
struct StageReader {
    std::uint64_t reader = 0;
    TxId txid;
    friend bool operator==(const StageReader&, const StageReader&) = default;
};

/// Sums of the transaction under way, or of the last one.
struct StageCosts {
    std::uint64_t puts = 0;
    std::uint64_t deletes = 0;
    std::uint64_t userBytes = 0; ///< keys and values of the puts, keys of the deletes
    std::uint64_t pagesMade = 0;
    std::uint64_t pagesFreed = 0;
    std::uint64_t writes = 0; ///< runs given to pwrite, meta included
    std::uint64_t writtenBytes = 0;
    std::uint64_t syncs = 0;
    friend bool operator==(const StageCosts&, const StageCosts&) = default;
};

/// Uncertain: the commit failed at its meta; until the file is opened again the old version is
/// read, and nobody knows which of the two that will find.
enum class StageTx : std::uint8_t { None, Open, Committing, Committed, RolledBack, Uncertain };

/// Thread: one at a time. Cheap to copy: pages are shared.
struct StageState {
    std::uint32_t pageSize = 0; ///< bytes
    PageLayer pages;
    std::array<StageMeta, 2> metas;
    int activeMeta = 0; ///< the one that counts
    StageMap map;
    StageMap oldMap; ///< the one before; length 0: there was none yet
    std::uint64_t remaps = 0;
    std::uint64_t fileSize = 0;  ///< bytes
    PageId highWater;            ///< of the last commit
    std::uint64_t freePages = 0; ///< that may be taken now
    std::uint64_t pendingPages = 0;
    std::vector<StageReader> readers; ///< in order of opening

    StageTx tx = StageTx::None;
    TxId txid;                    ///< of the transaction in `tx`
    std::vector<StageNode> nodes; ///< by number; those of the transaction in `tx`
    StageCosts costs;
    std::vector<PageRun> taken;   ///< runs it allocated, in order
    std::vector<PageRun> leaving; ///< runs it gave up, in order
    bool dataSynced = false;      ///< its pages are on the disk
    bool metaWritten = false;
    StageMeta replaced; ///< what stood where its meta goes

    std::vector<PageId> path;           ///< pages of the present lookup, in order
    std::optional<std::string> failure; ///< of the present command

    [[nodiscard]] const StageNode* node(std::uint32_t number) const;
    /// Transaction of the version that counts.
    [[nodiscard]] TxId newest() const { return metas[std::size_t(activeMeta)].txid; }
    /// The transaction that is under way or was the last to commit; without one, and when nobody
    /// knows whether it committed, that of newest().
    [[nodiscard]] TxId transaction() const {
        const bool isOwn =
            tx != StageTx::None && tx != StageTx::RolledBack && tx != StageTx::Uncertain;
        return isOwn ? txid : newest();
    }
    /// Whether the version that counted when the transaction of transaction() began is on the disk.
    [[nodiscard]] bool isBaseDurable() const {
        const int base = tx == StageTx::Committed ? 1 - activeMeta : activeMeta;
        return metas[std::size_t(base)].isSynced;
    }
    /// Bytes of memory that keeping it takes when `other` is kept already, about.
    [[nodiscard]] std::uint64_t bytesBeyond(const StageState& other) const;
    friend bool operator==(const StageState&, const StageState&) = default;
};

/// The state before the first event: a finished census and the mapping of the sandbox's store.
/// Pages that only the other meta reaches are free for the next writer, as bolt sees them.
[[nodiscard]] StageState stageOf(const Census& census, StageMap map);

/// The state after one more event. Cost: the pages the event names.
void applyEvent(StageState& state, const StageEvent& event);

} // namespace pagescape::gui
