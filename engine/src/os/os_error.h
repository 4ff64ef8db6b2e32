// SPDX-License-Identifier: MIT
// Errors of system calls.
#pragma once

#include "pagescape/error.h"

#include <optional>
#include <string>
#include <utility>

namespace pagescape::os {

/// OsFailure with errno, at a byte of the file where there is one.
[[nodiscard]] inline Error osError(int error, std::string text,
                                   std::optional<std::uint64_t> offset = {}) {
    Error out;
    out.code = ErrorCode::OsFailure;
    out.osError = error;
    out.offset = offset;
    out.text = std::move(text);
    return out;
}

} // namespace pagescape::os
