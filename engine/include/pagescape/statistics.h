// SPDX-License-Identifier: MIT
// Counters of a store and of its transactions. Names follow bbolt's Stats and TxStats.
#pragma once

#include "pagescape/types.h"

#include <chrono>
#include <cstdint>
#include <vector>

namespace pagescape {

/// What write transactions did. Source: bbolt tx.go TxStats.
struct TxStatistics {
    std::uint64_t pageCount = 0;   ///< pages allocated
    std::uint64_t pageAlloc = 0;   ///< their bytes
    std::uint64_t cursorCount = 0; ///< cursors made
    std::uint64_t nodeCount = 0;   ///< pages decoded into memory
    std::uint64_t rebalance = 0;   ///< nodes looked at after deletes
    std::uint64_t split = 0;       ///< nodes cut
    std::uint64_t spill = 0;       ///< pages made from nodes
    std::uint64_t write = 0;       ///< pieces written to the file, metas included
    std::uint64_t bytesWritten = 0;
    std::chrono::nanoseconds rebalanceTime{0};
    std::chrono::nanoseconds spillTime{0};
    std::chrono::nanoseconds writeTime{0};

    void add(const TxStatistics& other);
    [[nodiscard]] TxStatistics minus(const TxStatistics& earlier) const;
};

/// State and sums of a store. Source: bbolt db.go Stats.
struct StoreStatistics {
    std::uint64_t freePages = 0;
    std::uint64_t pendingPages = 0;  ///< freed, but perhaps still read
    std::uint64_t freeAlloc = 0;     ///< bytes of both
    std::uint64_t freelistInuse = 0; ///< bytes of the list itself
    std::uint64_t readsStarted = 0;
    std::uint64_t readsOpen = 0;
    TxStatistics tx; ///< of all write transactions together

    /// Sums since an earlier state; the page counts are those of now.
    [[nodiscard]] StoreStatistics minus(const StoreStatistics& earlier) const;
};

/// An open read transaction.
struct ReaderInfo {
    std::uint64_t id = 0; ///< grows with every reader of the store
    TxId txid;            ///< the commit it sees
    std::chrono::steady_clock::time_point since;
    std::uint64_t pagesHeldBack = 0; ///< pending pages that it sees
    std::uint64_t bytesHeldBack = 0;
};

} // namespace pagescape
