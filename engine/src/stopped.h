// SPDX-License-Identifier: MIT
// How every long call says that its caller stopped it.
#pragma once

#include "pagescape/error.h"

namespace pagescape {

/// Cancelled.
[[nodiscard]] inline Error stoppedOnRequest() {
    Error error;
    error.code = ErrorCode::Cancelled;
    error.text = "Stopped on request";
    return error;
}

} // namespace pagescape
