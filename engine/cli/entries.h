// SPDX-License-Identifier: MIT
// The entries of one bucket, read with a cursor, and past the damage where there is some.
#pragma once

#include "pagescape/walk.h"
#include "session.h"

#include <functional>
#include <string>
#include <vector>

namespace pagescape::cli {

/// Visits the entries of the bucket at `path` in stored order. The item's `path` is not set.
/// The callback returns false to stop. Damage is reported on stderr and what lies behind it is read
/// all the same. Returns the exit status.
[[nodiscard]] int visitEntries(const Session& session, const std::vector<std::string>& path,
                               const std::function<bool(const WalkItem&)>& onItem);

} // namespace pagescape::cli
