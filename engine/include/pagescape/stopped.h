// SPDX-License-Identifier: MIT
// How every long call says that its caller stopped it, also the calls of those who build on them.
#pragma once

#include "pagescape/error.h"

namespace pagescape {

/// The error Cancelled. Thread: any.
[[nodiscard]] inline Error stoppedOnRequest() {
    Error error;
    error.code = ErrorCode::Cancelled;
    error.text = "Stopped on request";
    return error;
}

} // namespace pagescape
