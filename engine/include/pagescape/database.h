// SPDX-License-Identifier: MIT
// Database and read transactions: the door to keys and values.
#pragma once

#include "pagescape/bucket.h"
#include "pagescape/options.h"
#include "pagescape/page_file.h"
#include "pagescape/page_info.h"
#include "pagescape/result.h"

#include <atomic>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

namespace pagescape {

/// A consistent view of the database as of one commit. It ends when it is destroyed; copies see the
/// same, and then it ends with the last of them. Lifetime: slices are good until then, wherever it
/// was moved to; buckets and cursors point at the very object that gave them, so ask for them anew
/// after a move. Thread: it may move between threads; its buckets and cursors are used where it is.
class ReadTransaction {
public:
    /// The commit this transaction sees.
    [[nodiscard]] TxId id() const { return m_meta.txid; }
    [[nodiscard]] const MetaFields& meta() const { return m_meta; }
    /// Index of the meta page it was begun on.
    [[nodiscard]] int metaIndex() const { return m_metaIndex; }
    /// Bytes of this version: its pages below the high-water mark.
    [[nodiscard]] std::uint64_t size() const { return m_meta.highWater.value * m_meta.pageSize; }

    /// The bucket that holds the top-level buckets.
    [[nodiscard]] Bucket rootBucket() const;

    /// The bucket at a path of names; an empty path is the root bucket.
    /// Errors: BucketNotFound naming the missing step, IncompatibleValue, CorruptPage, KeyRequired.
    [[nodiscard]] Result<Bucket> bucket(std::span<const Bytes> path) const;

    /// The value of `key` in the bucket at `path`; every step is reported to the trace sink.
    [[nodiscard]] Result<std::optional<Bytes>> get(std::span<const Bytes> path, Bytes key) const;

    /// What a page of this version is; nothing at or past the high-water mark. Free are the pages
    /// of the version's freelist; those that wait for older readers stand in it too. Errors:
    /// CorruptPage, Truncated. Cost: the first call reads the freelist, or the whole tree where
    /// none is stored, and keeps it as long as the transaction lives; others search in that.
    [[nodiscard]] Result<std::optional<PageInfo>> page(PageId id) const;

    /// Where a slice returned by this transaction lies in the file.
    [[nodiscard]] ByteRange fileRange(Bytes slice) const;

private:
    friend class Database;
    friend struct TreeAccess;
    ReadTransaction(std::shared_ptr<const void> owner, Bytes bytes,
                    const std::atomic<bool>* tripped, const MetaFields& meta, int metaIndex,
                    TraceSink* trace);

    std::shared_ptr<const void> m_owner; // keeps the mapping alive
    Bytes m_bytes;                       // the mapped file
    const std::atomic<bool>* m_tripped;  // set once mapped bytes have vanished; may be null
    MetaFields m_meta;
    int m_metaIndex;
    TraceSink* m_trace;
    /// Free pages of this version, ascending; null until page() is asked. Read and set atomically.
    mutable std::shared_ptr<const std::vector<std::uint64_t>> m_freePages;
};

/// An open database file. Cheap to copy; transactions keep the mapping alive on their own.
class Database {
public:
    /// Opens for reading: never writes, never creates, never waits for a lock.
    /// Errors: those of PageFile::open, and NotADatabase, VersionMismatch, ChecksumMismatch,
    /// FileTooSmall, PageSizeUnsupported where bolt would refuse the file; with previousVersion
    /// also what is wrong with the meta of that version.
    [[nodiscard]] static Result<Database> openReadOnly(const std::filesystem::path& path,
                                                       const OpenOptions& options = {});

    /// Takes over an opened file. Errors: layout().openError.
    [[nodiscard]] static Result<Database> fromFile(std::shared_ptr<const PageFile> file,
                                                   TraceSink* trace = nullptr);

    [[nodiscard]] const PageFile& file() const { return *m_file; }

    /// Begins a read transaction on the meta that is current now, validating both again; with
    /// OpenOptions::previousVersion on the other one.
    [[nodiscard]] Result<ReadTransaction> beginRead() const;

    /// The same with another trace sink than the one of the options, for one traced operation.
    [[nodiscard]] Result<ReadTransaction> beginRead(TraceSink* trace) const;

private:
    Database(std::shared_ptr<const PageFile> file, TraceSink* trace);
    std::shared_ptr<const PageFile> m_file;
    TraceSink* m_trace;
};

} // namespace pagescape
