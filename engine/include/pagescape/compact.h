// SPDX-License-Identifier: MIT
// Copies of a database: a dense one, bucket by bucket, and an exact one of a moment.
#pragma once

#include "pagescape/store.h"

#include <cstdint>
#include <functional>
#include <stop_token>

namespace pagescape {

struct CompactOptions {
    /// Keys and values of one commit, bytes; 0: everything in one.
    std::uint64_t maxTransactionBytes = 65536;
    /// Called with the entries copied so far, now and then.
    std::function<void(std::uint64_t entries)> progress;
    /// Called with the leaf that holds it for each key that does not stand behind the key before
    /// it. The copy has such keys in their order, and one of two alike.
    std::function<void(PageId leaf)> onUnsorted;
};

/// Puts all buckets, sequences and pairs of a snapshot into another store, in key order and with
/// full pages. The target should be empty. Source: bbolt compact.go.
/// Errors: BucketExists where the target is not empty; Cancelled; CorruptPage of the source; those
/// of a commit.
[[nodiscard]] Result<void> compact(const ReadTransaction& source, Store& target,
                                   const CompactOptions& options = {},
                                   const std::stop_token& stop = {});

/// Writes the snapshot as a database file of its own: two metas with its transaction and the one
/// before, then every page below the high-water mark as it is. Transaction 0, of a new file's older
/// meta, becomes 1. `write` gets the pieces in order. Returns the bytes.
/// Errors: those of `write`; Truncated when the source was cut, or is meanwhile. Source: bbolt
/// tx.go WriteTo.
[[nodiscard]] Result<std::uint64_t> copyTo(const ReadTransaction& source,
                                           const std::function<Result<void>(Bytes)>& write);

/// The same into a file, which is made durable. It is written as PATH.part beside it (PATH.part2
/// and so on where there is such a file) and gets its name at the end; so a file that is there is
/// replaced whole or not at all. A program that is killed leaves the part.
/// Errors: LockTimeout when a database is open for writing under that name, the source itself for
/// one; those of openStorageFile, OsFailure, Truncated. Nothing is left behind then, but where only
/// the last step fails, making the name durable.
[[nodiscard]] Result<std::uint64_t> copyToFile(const ReadTransaction& source,
                                               const std::filesystem::path& path,
                                               std::uint32_t mode = 0600);

} // namespace pagescape
