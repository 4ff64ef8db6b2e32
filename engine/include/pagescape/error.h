// SPDX-License-Identifier: MIT
// Errors are values. A code exists only where a caller could react to it; the text says what was
// expected, what was found and where.
#pragma once

#include "pagescape/types.h"

#include <optional>
#include <string>
#include <string_view>

namespace pagescape {

/// What went wrong, in the terms a caller can act on.
enum class ErrorCode {
    // Opening
    FileNotFound,        ///< no file at that path
    PermissionDenied,    ///< the operating system refused to open or read it
    NotRegularFile,      ///< a directory, a device, a socket
    EmptyFile,           ///< zero bytes long
    FileTooSmall,        ///< shorter than two pages
    NotADatabase,        ///< magic is wrong in both metas (bolt: "invalid database")
    VersionMismatch,     ///< meta version is not 2 (bolt: "version mismatch")
    ChecksumMismatch,    ///< meta checksum is wrong (bolt: "checksum error")
    PageSizeUnsupported, ///< the meta states, or options ask for, a page size that cannot be used
    MapFailed,           ///< mmap failed, or the mapping would be too large
    OsFailure,           ///< any other failed system call; `osError` holds errno

    // Using
    BucketNotFound,    ///< no such bucket on the path
    IncompatibleValue, ///< a bucket where a value was asked for, or the other way round
    KeyRequired,       ///< an empty key or bucket name
    Cancelled,         ///< the caller asked to stop

    // Writing
    DatabaseClosed,     ///< the store is closed, or a failure closed it
    DatabaseReadOnly,   ///< a write transaction on a read-only store
    LockTimeout,        ///< another program holds the file lock
    TransactionClosed,  ///< committed or rolled back already
    TransactionManaged, ///< commit or rollback inside update or view
    BucketExists,       ///< the bucket is there already
    BucketNameRequired, ///< an empty bucket name
    KeyTooLarge,        ///< more than 32768 bytes
    ValueTooLarge,      ///< more than 2^31 - 2 bytes
    MaxSizeReached,     ///< the file may not grow that far
    SameBuckets,        ///< a bucket cannot be moved to where it is
    DifferentDatabase,  ///< source and target belong to two transactions
    BucketInsideItself, ///< a bucket cannot be moved into its own subtree
    CommitUncertain,    ///< the meta was written but not confirmed by the disk

    // Bytes that break the format
    CorruptPage,  ///< a page, element or reference that breaks the format
    Truncated,    ///< the file became shorter while it was being read
    LimitReached, ///< deeper or longer than any valid file can be

    // Surgery
    SurgeryRefused, ///< no such page, element or list to operate on
};

/// The stable name of a code, such as "checksum-mismatch", for logs and JSON.
[[nodiscard]] std::string_view errorName(ErrorCode code);

/// One failure. `text` is a full sentence without the file's path; the caller knows the path.
struct Error {
    ErrorCode code = ErrorCode::OsFailure;
    std::optional<PageId> page;          ///< the page it is about
    std::optional<std::uint64_t> offset; ///< byte of the file it is about
    int osError = 0;                     ///< errno, or 0
    std::string text;                    ///< what was expected, what was found
    std::string hint;                    ///< what the user can try; may be empty

    /// "text (page 5, byte 20488)", plus the system's reason where there is one.
    [[nodiscard]] std::string describe() const;
};

} // namespace pagescape
