// SPDX-License-Identifier: MIT
// Where sandboxes come from: copies of files that somebody looks at. The original is only read.
#pragma once

#include "pagescape/result.h"

#include <QString>

#include <cstdint>
#include <functional>
#include <stop_token>

namespace pagescape::gui {

/// How a copy came to be.
enum class CopyMethod { Reflink, Copied };

struct CopyResult {
    CopyMethod method = CopyMethod::Copied;
    std::uint64_t bytes = 0; ///< length of the copy; holes stay holes
};

/// Copies a database byte for byte: shares its blocks where the file system can (FICLONE), else
/// copies what is not a hole. While another program may write, both metas are compared before and
/// after. The target must not exist; a part of a copy is removed again.
/// Errors: FileNotFound, PermissionDenied, OsFailure; LockTimeout when the original was committed
/// to meanwhile; Cancelled. `progress` hears of bytes done.
[[nodiscard]] Result<CopyResult> copyForEditing(
    const QString& original, const QString& target,
    const std::function<void(std::uint64_t done, std::uint64_t total)>& progress = {},
    const std::stop_token& stop = {});

/// What a copy that was stopped ends with: Cancelled.
[[nodiscard]] Error copyStopped();

} // namespace pagescape::gui
