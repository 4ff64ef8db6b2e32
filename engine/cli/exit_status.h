// SPDX-License-Identifier: MIT
// What the program's exit status says; scripts rely on it.
#pragma once

#include "pagescape/error.h"

namespace pagescape::cli {

inline constexpr int kFine = 0;
/// Damage or a difference was found; the key, bucket, page or version is not there; the file is in
/// a state in which that cannot be done; or lines or values do not fit.
inline constexpr int kFindings = 1;
inline constexpr int kUsage = 2; ///< the command line makes no sense
/// The file cannot be opened, read or written, or did not hold still meanwhile.
inline constexpr int kCannotOpen = 3;
/// A signal ended it. The program's own status is 128 and the number of the signal, as shells
/// count: this one for Ctrl+C.
inline constexpr int kInterrupted = 130;

/// The status that an engine error leads to.
[[nodiscard]] constexpr int statusOf(ErrorCode code) {
    switch (code) {
    case ErrorCode::BucketNotFound:
    case ErrorCode::IncompatibleValue:
    case ErrorCode::BucketExists:
    case ErrorCode::CorruptPage:
    case ErrorCode::SurgeryRefused:
    case ErrorCode::KeyTooLarge:
    case ErrorCode::ValueTooLarge:
    case ErrorCode::LimitReached: return kFindings;
    case ErrorCode::KeyRequired:
    case ErrorCode::BucketNameRequired: return kUsage;
    case ErrorCode::Cancelled: return kInterrupted;
    default: return kCannotOpen;
    }
}

} // namespace pagescape::cli
