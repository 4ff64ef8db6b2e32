// SPDX-License-Identifier: MIT
#include "pagescape/error.h"

#include <cstring>

namespace pagescape {

std::string_view errorName(ErrorCode code) {
    switch (code) {
    case ErrorCode::FileNotFound: return "file-not-found";
    case ErrorCode::PermissionDenied: return "permission-denied";
    case ErrorCode::NotRegularFile: return "not-regular-file";
    case ErrorCode::EmptyFile: return "empty-file";
    case ErrorCode::FileTooSmall: return "file-too-small";
    case ErrorCode::NotADatabase: return "not-a-database";
    case ErrorCode::VersionMismatch: return "version-mismatch";
    case ErrorCode::ChecksumMismatch: return "checksum-mismatch";
    case ErrorCode::PageSizeUnsupported: return "page-size-unsupported";
    case ErrorCode::MapFailed: return "map-failed";
    case ErrorCode::OsFailure: return "os-failure";
    case ErrorCode::BucketNotFound: return "bucket-not-found";
    case ErrorCode::IncompatibleValue: return "incompatible-value";
    case ErrorCode::KeyRequired: return "key-required";
    case ErrorCode::Cancelled: return "cancelled";
    case ErrorCode::DatabaseClosed: return "database-closed";
    case ErrorCode::DatabaseReadOnly: return "database-read-only";
    case ErrorCode::LockTimeout: return "lock-timeout";
    case ErrorCode::TransactionClosed: return "transaction-closed";
    case ErrorCode::TransactionManaged: return "transaction-managed";
    case ErrorCode::BucketExists: return "bucket-exists";
    case ErrorCode::BucketNameRequired: return "bucket-name-required";
    case ErrorCode::KeyTooLarge: return "key-too-large";
    case ErrorCode::ValueTooLarge: return "value-too-large";
    case ErrorCode::MaxSizeReached: return "max-size-reached";
    case ErrorCode::SameBuckets: return "same-buckets";
    case ErrorCode::DifferentDatabase: return "different-database";
    case ErrorCode::BucketInsideItself: return "bucket-inside-itself";
    case ErrorCode::CommitUncertain: return "commit-uncertain";
    case ErrorCode::CorruptPage: return "corrupt-page";
    case ErrorCode::Truncated: return "truncated";
    case ErrorCode::LimitReached: return "limit-reached";
    case ErrorCode::SurgeryRefused: return "surgery-refused";
    }
    return "unknown";
}

std::string Error::describe() const {
    std::string out = text;
    if (osError != 0) {
        out += ": ";
        out += std::strerror(osError);
    }
    if (page || offset) {
        out += " (";
        if (page) {
            out += "page " + std::to_string(page->value);
        }
        if (offset) {
            out += (page ? ", byte " : "byte ") + std::to_string(*offset);
        }
        out += ")";
    }
    return out;
}

} // namespace pagescape
