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

/// Writes the snapshot as a database file of its own: two metas with its transaction, then every
/// page below the high-water mark as it is. `write` gets the pieces in order. Returns the bytes.
/// Errors: those of `write`. Source: bbolt tx.go WriteTo.
[[nodiscard]] Result<std::uint64_t> copyTo(const ReadTransaction& source,
                                           const std::function<Result<void>(Bytes)>& write);

/// The same into a file, which is made durable. A file that is there is replaced whole at the end.
[[nodiscard]] Result<std::uint64_t> copyToFile(const ReadTransaction& source,
                                               const std::filesystem::path& path,
                                               std::uint32_t mode = 0600);

} // namespace pagescape
