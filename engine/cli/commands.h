// SPDX-License-Identifier: MIT
// The commands. Each function adds one to the program and returns how to run it.
#pragma once

#include "output.h"

#include <functional>

namespace CLI {
class App;
}

namespace pagescape::cli {

/// A command of the program.
struct Command {
    CLI::App* app = nullptr;
    /// Runs it on the parsed arguments; returns the exit status.
    std::function<int(Output&)> run;
};

[[nodiscard]] Command addInfo(CLI::App& program);
[[nodiscard]] Command addBuckets(CLI::App& program);
[[nodiscard]] Command addKeys(CLI::App& program);
[[nodiscard]] Command addGet(CLI::App& program);
[[nodiscard]] Command addPages(CLI::App& program);
[[nodiscard]] Command addPage(CLI::App& program);
[[nodiscard]] Command addPageItem(CLI::App& program);
[[nodiscard]] Command addDump(CLI::App& program);
[[nodiscard]] Command addInspect(CLI::App& program);
[[nodiscard]] Command addStats(CLI::App& program);
[[nodiscard]] Command addCheck(CLI::App& program);
[[nodiscard]] Command addDigest(CLI::App& program);
[[nodiscard]] Command addDiff(CLI::App& program);
[[nodiscard]] Command addExport(CLI::App& program);
[[nodiscard]] Command addReaders(CLI::App& program);
[[nodiscard]] Command addVersion(CLI::App& program);
/// The program must live until the command has run: it is asked for all its commands.
[[nodiscard]] Command addCompletion(CLI::App& program);
// These write.
[[nodiscard]] Command addPut(CLI::App& program);
[[nodiscard]] Command addDelete(CLI::App& program);
[[nodiscard]] Command addCreateBucket(CLI::App& program);
[[nodiscard]] Command addDeleteBucket(CLI::App& program);
[[nodiscard]] Command addCompact(CLI::App& program);
[[nodiscard]] Command addShrink(CLI::App& program);
[[nodiscard]] Command addLoad(CLI::App& program);
[[nodiscard]] Command addBench(CLI::App& program);
[[nodiscard]] Command addSurgery(CLI::App& program);

} // namespace pagescape::cli
