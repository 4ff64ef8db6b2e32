// SPDX-License-Identifier: MIT
// WriteBucket and WriteCursor: buckets as a write transaction sees and changes them.
#pragma once

#include "pagescape/cursor.h"
#include "pagescape/result.h"
#include "pagescape/types.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

namespace pagescape {

struct BucketState;
struct WriteState;
class WriteCursor;

/// One bucket inside a write transaction. A small value; copy it freely. All copies of one bucket
/// are the same bucket. Lifetime: after the transaction ended, every call answers
/// TransactionClosed, and so does a handle that was moved from; after the bucket was deleted,
/// BucketNotFound. Thread: that of the transaction.
///
/// Slices that come back live until the transaction ends. Keys and values that go in are copied.
class WriteBucket {
public:
    /// Page of its root as of the last commit; page 0: it is inline or new.
    [[nodiscard]] PageId rootPage() const;
    /// Nesting: 0 for the root bucket.
    [[nodiscard]] std::uint32_t level() const;

    /// The value of a key, or nothing for a missing key and for a bucket.
    [[nodiscard]] Result<std::optional<Bytes>> get(Bytes key) const;
    /// Sets a value. Errors: KeyRequired, KeyTooLarge, ValueTooLarge, IncompatibleValue when a
    /// bucket has that name; on the root bucket, which holds buckets only, IncompatibleValue.
    [[nodiscard]] Result<void> put(Bytes key, Bytes value);
    /// Removes a key; success too when it is not there. Errors: IncompatibleValue for a bucket.
    [[nodiscard]] Result<void> remove(Bytes key);

    /// A nested bucket; nothing when absent or when the key holds a plain value.
    [[nodiscard]] Result<std::optional<WriteBucket>> bucket(Bytes name) const;
    /// Errors: BucketNameRequired, KeyTooLarge, BucketExists, IncompatibleValue.
    [[nodiscard]] Result<WriteBucket> createBucket(Bytes name);
    [[nodiscard]] Result<WriteBucket> createBucketIfNotExists(Bytes name);
    /// Deletes a bucket and all in it. Errors: BucketNotFound, IncompatibleValue.
    [[nodiscard]] Result<void> deleteBucket(Bytes name);
    /// Moves a nested bucket, with all uncommitted changes in it, under the same name into
    /// another bucket of this transaction. Errors: BucketNotFound, IncompatibleValue, BucketExists,
    /// SameBuckets, DifferentDatabase, BucketInsideItself; LimitReached when a bucket in it would
    /// nest deeper than format::kMaxBucketDepth. Cost: in files of more pages than that, a move to
    /// a deeper place looks at every page of the bucket.
    [[nodiscard]] Result<void> moveBucket(Bytes name, WriteBucket& target);

    [[nodiscard]] Result<std::uint64_t> sequence() const;
    [[nodiscard]] Result<void> setSequence(std::uint64_t value);
    /// Raises the sequence by one; the new value, so 1 at first.
    [[nodiscard]] Result<std::uint64_t> nextSequence();

    /// How full pages are made when this bucket is written, 0.1 to 1; 0.5 at first and in each new
    /// transaction. A value outside is taken as the nearest one inside, NaN as 0.5.
    void setFillPercent(double fill);
    [[nodiscard]] double fillPercent() const;

    [[nodiscard]] WriteCursor cursor() const;
    /// Visits all entries in key order until the callback fails. The callback must not change the
    /// bucket.
    [[nodiscard]] Result<void> forEach(
        const std::function<Result<void>(const Entry&)>& visit) const;

private:
    friend class WriteCursor;
    friend class WriteTransaction;
    friend struct WriteState;
    friend struct WriteAccess;
    WriteBucket(std::shared_ptr<WriteState> tx, BucketState* bucket)
        : m_tx(std::move(tx)), m_bucket(bucket) {}

    [[nodiscard]] Result<void> checkUsable() const;

    std::shared_ptr<WriteState> m_tx; // null in what was moved from
    BucketState* m_bucket;            // owned by the transaction's state, also when deleted
};

/// Walks a bucket in key order while it may change: each move starts from the key it stands on,
/// whatever happened to the pages. So remove() and next() visit every entry once.
class WriteCursor {
public:
    [[nodiscard]] Result<std::optional<Entry>> first();
    [[nodiscard]] Result<std::optional<Entry>> last();
    [[nodiscard]] Result<std::optional<Entry>> next();
    [[nodiscard]] Result<std::optional<Entry>> prev();
    [[nodiscard]] Result<std::optional<Entry>> seek(Bytes key);
    /// Removes the entry it stands on; next() then gives the one after it, prev() the one before.
    /// Success when the entry is gone already. Errors: IncompatibleValue for a bucket, KeyRequired
    /// when it stands on nothing.
    [[nodiscard]] Result<void> remove();
    [[nodiscard]] WriteBucket bucket() const { return m_bucket; }

private:
    friend class WriteBucket;
    explicit WriteCursor(WriteBucket bucket) : m_bucket(std::move(bucket)) {}

    struct Path;
    [[nodiscard]] Result<bool> resume();
    [[nodiscard]] Result<std::optional<Entry>> move(bool isForward);
    [[nodiscard]] Result<std::optional<Entry>> settle(Result<std::optional<Entry>> moved);

    WriteBucket m_bucket;
    std::shared_ptr<Path> m_path; // where the key was last found; used while nothing changed
    Bytes m_key;
    bool m_isPlaced = false;
    bool m_isBehindAll = false; // a seek found nothing at or after the key
};

} // namespace pagescape
