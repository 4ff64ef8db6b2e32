// SPDX-License-Identifier: MIT
// Who holds the lock on a file, as the kernel tells it. The file is not opened: that would take the
// lock. Linux only.
#pragma once

#include "pagescape/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pagescape::cli {

/// One lock or one wish for it.
struct LockHolder {
    long pid = 0;
    bool isExclusive = false;
    bool isWaiting = false;
    std::optional<std::string> process;  ///< its name; nothing where the process is not visible
    std::optional<std::int64_t> started; ///< Unix time
};

/// All who hold the lock on a file or wait for it, each once. Errors: FileNotFound; OsFailure where
/// /proc/locks cannot be read.
[[nodiscard]] Result<std::vector<LockHolder>> lockHolders(const std::string& file);

/// "process 4711 (etcd)" and so on, for those who hold it; "another program" where none is told.
[[nodiscard]] std::string namesOfHolders(const std::string& file);

} // namespace pagescape::cli
