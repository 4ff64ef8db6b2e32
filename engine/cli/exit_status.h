// SPDX-License-Identifier: MIT
// What the program's exit status says; scripts rely on it.
#pragma once

#include "pagescape/error.h"

namespace pagescape::cli {

inline constexpr int kFine = 0;
/// Damage or a difference was found, the key or bucket is not there, or lines or values that were
/// read do not fit.
inline constexpr int kFindings = 1;
inline constexpr int kUsage = 2; ///< the command line makes no sense
/// The file cannot be opened, read or written, or did not hold still meanwhile.
inline constexpr int kCannotOpen = 3;
inline constexpr int kInterrupted = 130; ///< Ctrl+C ended it, as shells count

/// The status that an engine error leads to.
[[nodiscard]] constexpr int statusOf(ErrorCode code) {
    switch (code) {
    case ErrorCode::BucketNotFound:
    case ErrorCode::IncompatibleValue:
    case ErrorCode::BucketExists:
    case ErrorCode::CorruptPage:
    case ErrorCode::LimitReached: return kFindings;
    case ErrorCode::KeyRequired:
    case ErrorCode::BucketNameRequired:
    case ErrorCode::SurgeryRefused:
    case ErrorCode::KeyTooLarge:
    case ErrorCode::ValueTooLarge: return kUsage;
    case ErrorCode::Cancelled: return kInterrupted;
    default: return kCannotOpen;
    }
}

} // namespace pagescape::cli
