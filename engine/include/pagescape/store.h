// SPDX-License-Identifier: MIT
// Store: a bolt database opened for reading and writing. What bbolt calls DB.
#pragma once

#include "pagescape/database.h"
#include "pagescape/options.h"
#include "pagescape/result.h"
#include "pagescape/statistics.h"
#include "pagescape/write_transaction.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

namespace pagescape {

/// Any number of read transactions and one write transaction at a time. A reader never waits for a
/// writer, nor a writer for readers: a file that outgrows its mapping is mapped once more, and the
/// old mapping stays as long as somebody reads it.
///
/// Thread: every member from any thread. Transactions may move between threads.
/// Cheap to copy: all copies are one store. It closes with its last copy and transaction.
class Store {
public:
    /// Opens a database and takes bolt's file lock; creates the file when it is missing or empty,
    /// and once more when a crash left it half-made: four pages or less, with nothing in it but
    /// zeros and sectors of a new file. What can be refused is refused before a file is made.
    /// Errors: those of openStorageFile; LockTimeout; what bolt refuses: NotADatabase,
    /// VersionMismatch, ChecksumMismatch, FileTooSmall, PageSizeUnsupported; CorruptPage for a
    /// damaged freelist; Truncated when pages below the high-water mark are missing.
    [[nodiscard]] static Result<Store> open(const std::filesystem::path& path,
                                            const StoreOptions& options = {});

    [[nodiscard]] const std::filesystem::path& path() const;
    [[nodiscard]] const StoreOptions& options() const;
    [[nodiscard]] bool isReadOnly() const;
    [[nodiscard]] std::uint32_t pageSize() const;

    /// A view of the last commit. Cost: no system call. Errors: DatabaseClosed.
    [[nodiscard]] Result<ReadTransaction> beginRead() const;
    /// The one write transaction; waits until the one before it has ended.
    /// Errors: DatabaseClosed, DatabaseReadOnly, CommitUncertain after a failed meta sync,
    /// LimitReached behind transaction 2^64-1. std::bad_alloc can be thrown; where it left unknown
    /// which pages are free, all later calls answer OsFailure, until the file is opened again.
    [[nodiscard]] Result<WriteTransaction> beginWrite();

    /// Runs `change` in a write transaction and commits it; an error or an exception from it rolls
    /// back and is passed on. Commit and rollback inside it are refused.
    [[nodiscard]] Result<void> update(const std::function<Result<void>(WriteTransaction&)>& change);
    /// Runs `look` in a read transaction.
    [[nodiscard]] Result<void> view(
        const std::function<Result<void>(const ReadTransaction&)>& look) const;
    /// Like update, but calls from several threads share a commit; each may run more than once, in
    /// another one's thread. A call that fails is run again alone and gets its own error. What it
    /// registers by onCommit is called in its own thread, after the commit.
    [[nodiscard]] Result<void> batch(const std::function<Result<void>(WriteTransaction&)>& change);

    /// Brings everything written to the disk; needed with noSync only.
    [[nodiscard]] Result<void> sync();
    /// Waits for all transactions, then unmaps, unlocks and closes. Closing twice is fine.
    [[nodiscard]] Result<void> close();

    [[nodiscard]] StoreStatistics statistics() const;
    /// The open read transactions, oldest first. Never waits for a writer: of a transaction that is
    /// being written the pages given up so far count.
    [[nodiscard]] std::vector<ReaderInfo> readers() const;
    /// The current mapping: address of page 0 and length in bytes. Zero when closed.
    struct MapInfo {
        std::uintptr_t address = 0;
        std::uint64_t length = 0;
    };
    [[nodiscard]] MapInfo mapping() const;
    /// Length of the file in bytes.
    [[nodiscard]] std::uint64_t fileSize() const;

    /// Gives free pages at the end of the file back to the file system: lowers the high-water mark
    /// in two commits or a few more, then cuts the file behind what both metas and all open readers
    /// can lead to. Real bbolt accepts every state in between. Other threads read and write
    /// meanwhile. Returns the bytes by which the file became shorter. Errors: those of a commit.
    [[nodiscard]] Result<std::uint64_t> shrink();
    /// Compaction while the store is in use: moves pages from the end of the file into free pages
    /// before them, in several commits, then shrinks. Readers and writers go on in between; open
    /// readers limit what can be moved. Unlike pagescape::compact it needs no second file and does
    /// not fill half-empty pages. Each commit walks the whole tree once. Not while the caller has
    /// a write transaction open: it would wait for itself. `progress` is called now and then with
    /// the pages that are left to move, 0 while that is not known.
    /// Returns the bytes given back. Errors: those of a commit; CorruptPage for a tree in a
    /// circle; Cancelled, after which the file is sound and a part of the work is done.
    [[nodiscard]] Result<std::uint64_t> compactInPlace(
        const std::function<void(std::uint64_t pagesLeft)>& progress = {},
        const std::stop_token& stop = {});

    struct State;

private:
    explicit Store(std::shared_ptr<State> state) : m_state(std::move(state)) {}
    std::shared_ptr<State> m_state;
};

} // namespace pagescape
