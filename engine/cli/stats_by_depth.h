// SPDX-License-Identifier: MIT
// stats --by-depth: the shape of every bucket's tree.
#pragma once

#include "output.h"
#include "session.h"

namespace pagescape::cli {

/// Prints it; returns the exit status.
[[nodiscard]] int printStatsByDepth(const CommonArguments& arguments, const Session& session,
                                    Output& out);

} // namespace pagescape::cli
