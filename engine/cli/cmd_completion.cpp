// SPDX-License-Identifier: MIT
// completion: teaches a shell the commands and options of this program.
#include "commands.h"
#include "completion.h"
#include "exit_status.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace pagescape::cli {

namespace {

constexpr auto kHelp = R"~(How to use it:
  bash   eval "$(pagescape-cli completion bash)"     in ~/.bashrc
  zsh    pagescape-cli completion zsh > DIR/_pagescape_cli    with DIR in $fpath, before compinit
  fish   pagescape-cli completion fish > ~/.config/fish/completions/pagescape-cli.fish)~";

} // namespace

Command addCompletion(CLI::App& program) {
    auto* command = program.add_subcommand("completion", "Print a completion script for a shell");
    auto shell = std::make_shared<std::string>();
    command->add_option("SHELL", *shell, "The shell to print it for")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
    command->footer(kHelp);
    return {command, [shell, &program](Output& out) {
                const auto commands = completionCommands(program);
                out << (*shell == "bash"  ? bashCompletion(commands)
                        : *shell == "zsh" ? zshCompletion(commands)
                                          : fishCompletion(commands));
                return kFine;
            }};
}

} // namespace pagescape::cli
