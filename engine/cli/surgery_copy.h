// SPDX-License-Identifier: MIT
// How surgery makes a changed copy: FILE is only read, and the copy appears when it is whole.
#pragma once

#include "output.h"
#include "pagescape/surgery.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace pagescape::cli {

/// What the commands take that make a changed copy; each uses some of it.
struct SurgeryArguments {
    std::string source;
    std::string target;
    std::uint32_t pageSizeHint = 0;
    std::uint64_t page = 0;
    std::uint64_t toPage = 0;
    std::uint32_t fromIndex = 0;
    std::int64_t toIndex = -1;
    std::vector<std::string> fields;
    bool goesBack = false; ///< the result is the version before the newest
};

/// One change of a file that nothing else uses.
using SurgeryOperation = std::function<Result<SurgeryOutcome>(StorageFile&, const SurgeryOptions&)>;

/// Copies the source, changes the copy and gives it its name; says what was done, or on stderr why
/// not. Returns the exit status.
int operateOnCopy(const SurgeryArguments& arguments, Output& out,
                  const SurgeryOperation& operation);

/// The same with a freelist that is found again, which takes a store and its commit.
int rebuildOnCopy(const SurgeryArguments& arguments, Output& out);

} // namespace pagescape::cli
