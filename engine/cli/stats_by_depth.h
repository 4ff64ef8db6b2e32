// SPDX-License-Identifier: MIT
// stats --by-depth: the shape of every bucket's tree.
#pragma once

#include "output.h"

namespace pagescape::cli {

struct CommonArguments;

/// Prints it; returns the exit status.
[[nodiscard]] int runStatsByDepth(const CommonArguments& arguments, Output& out);

} // namespace pagescape::cli
