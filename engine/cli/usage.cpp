// SPDX-License-Identifier: MIT
#include "usage.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <numeric>

namespace pagescape::cli {

namespace {

// How many letters must be put in, left out or replaced to turn one word into the other.
std::size_t distance(const std::string& from, const std::string& to) {
    std::vector<std::size_t> row(to.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < from.size(); ++i) {
        std::size_t diagonal = row[0]++;
        for (std::size_t j = 0; j < to.size(); ++j) {
            const std::size_t replaced = diagonal + (from[i] == to[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row.back();
}

std::string unknownCommand(const std::vector<std::string>& known, const std::string& typed) {
    const std::string text = "there is no command \"" + typed + "\"";
    const auto nearest =
        std::min_element(known.begin(), known.end(), [&](const auto& a, const auto& b) {
            return distance(typed, a) < distance(typed, b);
        });
    if (2 * distance(typed, *nearest) <= typed.size()) { // else it is no slip of the fingers
        return text + "; did you mean \"" + *nearest + "\"?";
    }
    const std::string all = std::accumulate(
        std::next(known.begin()), known.end(), known.front(),
        [](std::string list, const auto& name) { return std::move(list) + ", " + name; });
    return text + "; known are " + all;
}

} // namespace

std::string explainUsage(const CLI::App& program, const CLI::ParseError& error,
                         const std::vector<std::string>& arguments) {
    std::vector<std::string> known;
    for (const CLI::App* command : program.get_subcommands([](const CLI::App*) { return true; })) {
        known.push_back(command->get_name());
    }
    const auto typed = std::find_if(arguments.begin(), arguments.end(),
                                    [](const std::string& word) { return !word.starts_with('-'); });
    const auto end = known.end();
    std::string text = error.what();
    std::string help = "pagescape-cli --help";
    if (typed == arguments.end()) {
        text = "which command? " + text;
    } else if (std::find(known.begin(), end, *typed) == end) {
        text = unknownCommand(known, *typed);
    } else {
        help = "pagescape-cli " + *typed + " --help";
    }
    return text + "\n  try: " + help;
}

CLI::Validator wholeNumber() {
    return {[](std::string& typed) {
                const bool isWhole = !typed.empty() && std::ranges::all_of(typed, [](char c) {
                    return c >= '0' && c <= '9';
                });
                return isWhole ? std::string() : "\"" + typed + "\" is not a number from 0 on";
            },
            ""};
}

} // namespace pagescape::cli
