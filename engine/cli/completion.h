// SPDX-License-Identifier: MIT
// What can be typed where: the commands and options of the program as a list, taken from the parser
// itself, and the scripts that teach it to a shell.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace pagescape::cli {

/// What may stand in the place of a value.
struct CompletionValue {
    enum class Kind { None, Free, File, Choices };
    Kind kind = Kind::None;
    std::vector<std::string> choices;
};

struct CompletionOption {
    std::vector<std::string> names; ///< with their dashes
    std::string help;
    CompletionValue value;
};

/// A command, or the program itself, which has an empty path.
struct CompletionCommand {
    std::string path; ///< its words, each with a space in front: " surgery meta"
    std::vector<std::string> children;
    std::vector<std::string> childHelps; ///< one for each child
    std::vector<CompletionOption> options;
    std::vector<CompletionValue> arguments; ///< in their order
};

/// All commands of the program, parents before their children.
[[nodiscard]] std::vector<CompletionCommand> completionCommands(const CLI::App& program);

/// A script for bash 4 or later. Needs no other package.
[[nodiscard]] std::string bashCompletion(const std::vector<CompletionCommand>& commands);
/// A script for zsh, to be sourced or put as _pagescape_cli into a folder of $fpath.
[[nodiscard]] std::string zshCompletion(const std::vector<CompletionCommand>& commands);
/// A script for fish 3 or later.
[[nodiscard]] std::string fishCompletion(const std::vector<CompletionCommand>& commands);

} // namespace pagescape::cli
