// SPDX-License-Identifier: MIT
// What is wrong with a command line, in words that a reader can act on.
#pragma once

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

/// Takes digits only: the parser itself turns "-1" into the largest number there is.
[[nodiscard]] CLI::Validator wholeNumber();

} // namespace pagescape::cli
