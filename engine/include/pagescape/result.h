// SPDX-License-Identifier: MIT
// Result<T>: either a value or an Error. Absence is not an error: that is Result<std::optional<T>>.
#pragma once

#include "pagescape/error.h"

#include <tl/expected.hpp>

namespace pagescape {

/// A value of type T, or the Error that prevented it.
template <typename T>
using Result = tl::expected<T, Error>;

/// Makes the failing side of a Result.
[[nodiscard]] inline tl::unexpected<Error> fail(Error error) {
    return tl::unexpected<Error>(std::move(error));
}

} // namespace pagescape
