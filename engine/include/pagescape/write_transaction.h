// SPDX-License-Identifier: MIT
// WriteTransaction: all changes of one commit.
#pragma once

#include "pagescape/page_info.h"
#include "pagescape/statistics.h"
#include "pagescape/write_bucket.h"

#include <functional>
#include <memory>
#include <span>

namespace pagescape {

/// The one open write transaction of a store. Movable; destroying it rolls it back, and so does
/// moving another one into it. One that was moved from is closed: its numbers are 0, its calls
/// answer TransactionClosed. Thread: one at a time, not always the same one.
///
/// Nothing reaches the file before commit(). Its memory is proportional to the pages it changes. A
/// value put over one of the same transaction takes its place where it is not longer and nothing
/// that was put before has been read back, for slices stay as they are; else both are kept.
class WriteTransaction {
public:
    WriteTransaction(WriteTransaction&&) noexcept;
    WriteTransaction& operator=(WriteTransaction&&) noexcept;
    ~WriteTransaction();

    /// The transaction's number: that of the commit before it plus one.
    [[nodiscard]] TxId id() const;
    /// Bytes of the pages below the high-water mark.
    [[nodiscard]] std::uint64_t size() const;
    [[nodiscard]] bool isOpen() const;

    /// The bucket that holds the top-level buckets.
    [[nodiscard]] WriteBucket rootBucket() const;
    [[nodiscard]] Result<std::optional<WriteBucket>> bucket(Bytes name) const;
    /// The bucket at a path of names. Errors: BucketNotFound naming the missing step.
    [[nodiscard]] Result<WriteBucket> bucket(std::span<const Bytes> path) const;
    [[nodiscard]] Result<WriteBucket> createBucket(Bytes name);
    [[nodiscard]] Result<WriteBucket> createBucketIfNotExists(Bytes name);
    [[nodiscard]] Result<void> deleteBucket(Bytes name);

    /// What a page is as of the last commit; nothing at or past the high-water mark. Free are the
    /// pages that may be written to, and those that were freed and are perhaps still read, by this
    /// transaction too. Errors: CorruptPage past the file's end, TransactionClosed.
    [[nodiscard]] Result<std::optional<PageInfo>> page(PageId id) const;

    /// Called after a successful commit, in order of registration, with no lock held. When one
    /// throws, the others are called all the same, and commit() throws what the first one threw.
    [[nodiscard]] Result<void> onCommit(std::function<void()> callback);

    /// Writes all changes. Afterwards the transaction is closed, whatever the result. A failure
    /// leaves the database as it was, but for CommitUncertain: then the disk did not confirm the
    /// meta, and the store takes no further write transactions. Errors: OsFailure, MapFailed,
    /// MaxSizeReached, CorruptPage, CommitUncertain, TransactionClosed,
    /// TransactionManaged inside Store::update.
    [[nodiscard]] Result<void> commit();
    /// Drops all changes. Errors: TransactionClosed, TransactionManaged.
    [[nodiscard]] Result<void> rollback();

    [[nodiscard]] TxStatistics statistics() const;

private:
    friend class Store;
    friend struct WriteAccess;
    explicit WriteTransaction(std::shared_ptr<WriteState> state);
    std::shared_ptr<WriteState> m_state;
};

} // namespace pagescape
