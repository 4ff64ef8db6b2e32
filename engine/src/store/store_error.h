// SPDX-License-Identifier: MIT
// Errors of the store that name no page.
#pragma once

#include "pagescape/error.h"

#include <string>
#include <utility>

namespace pagescape {

[[nodiscard]] inline Error storeError(ErrorCode code, std::string text, std::string hint = {}) {
    Error error;
    error.code = code;
    error.text = std::move(text);
    error.hint = std::move(hint);
    return error;
}

} // namespace pagescape
