// SPDX-License-Identifier: MIT
// The commands below `surgery` that change nothing.
#pragma once

#include "commands.h"

namespace pagescape::cli {

/// Adds `validate` below `surgery meta`.
[[nodiscard]] Command addSurgeryValidate(CLI::App& meta);
/// Adds `find-path` below `surgery`.
[[nodiscard]] Command addSurgeryFindPath(CLI::App& surgery);

} // namespace pagescape::cli
