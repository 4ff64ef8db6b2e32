// SPDX-License-Identifier: MIT
// What the program's exit status says; scripts rely on it.
#pragma once

#include "pagescape/error.h"

namespace pagescape::cli {

inline constexpr int kFine = 0;
inline constexpr int kFindings = 1;   ///< damage was found, or the key or bucket is not there
inline constexpr int kUsage = 2;      ///< the command line makes no sense
inline constexpr int kCannotOpen = 3; ///< the file cannot be opened or read, or output not written
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
