// SPDX-License-Identifier: MIT
// What is wrong with a command line, in words that a reader can act on.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
class ParseError;
class Validator;
} // namespace CLI

namespace pagescape::cli {

/// Explains why the arguments make no sense. An unknown command or long option is named, with the
/// nearest one that is known there; everything else is the parser's own sentence. Ends with where
/// the help is.
[[nodiscard]] std::string explainUsage(const CLI::App& program, const CLI::ParseError& error,
                                       const std::vector<std::string>& arguments);

/// The first typed word that is no command where one is expected, as a complaint; nothing where
/// all are.
[[nodiscard]] std::optional<std::string> explainUnknownCommand(
    const CLI::App& program, const std::vector<std::string>& arguments);

/// Takes digits up to 2^64 - 1 only: the parser itself turns "-1" into the largest number there is
/// and clips what is larger.
[[nodiscard]] CLI::Validator wholeNumber();

/// Takes a number of seconds from 0 on.
[[nodiscard]] CLI::Validator seconds();

} // namespace pagescape::cli
