// SPDX-License-Identifier: MIT
#include "usage.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <numeric>
#include <system_error>

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

// What was typed, with the nearest of what is known, or all of it where none is near.
std::string unknown(const std::string& what, const std::vector<std::string>& known,
                    const std::string& typed) {
    const std::string text = "there is no " + what + " \"" + typed + "\"";
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

std::vector<const CLI::App*> childrenOf(const CLI::App& app) {
    return app.get_subcommands([](const CLI::App*) { return true; });
}

// How far the typed words lead down the commands.
struct Place {
    const CLI::App* app = nullptr;
    std::string words;                // of the commands, each with a space in front
    std::optional<std::string> wrong; // the first one that is no command
};

Place placeOf(const CLI::App& program, const std::vector<std::string>& arguments) {
    Place place{&program, "", std::nullopt};
    for (const std::string& word : arguments) {
        const auto children = childrenOf(*place.app);
        if (children.empty() || word == "--") {
            break;
        }
        if (word.starts_with('-')) {
            continue;
        }
        const auto next = std::ranges::find(children, word, &CLI::App::get_name);
        if (next == children.end()) {
            place.wrong = word;
            break;
        }
        place.app = *next;
        place.words += " " + word;
    }
    return place;
}

// The long options of a command.
std::vector<std::string> optionsOf(const CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::Option* option : app.get_options([](const CLI::Option*) { return true; })) {
        for (const std::string& name : option->get_lnames()) {
            names.push_back("--" + name);
        }
    }
    return names;
}

// The first option of one letter that the command does not have.
std::optional<std::string> unknownLetter(const CLI::App& app,
                                         const std::vector<std::string>& arguments) {
    for (const std::string& word : arguments) {
        if (word == "--") {
            break;
        }
        if (word.size() > 1 && word[0] == '-' && word[1] != '-' &&
            app.get_option_no_throw(word.substr(0, 2)) == nullptr) {
            return word.substr(0, 2);
        }
    }
    return std::nullopt;
}

// The first long option that the command does not have; what follows "--" is none.
std::optional<std::string> unknownOption(const std::vector<std::string>& known,
                                         const std::vector<std::string>& arguments) {
    for (const std::string& word : arguments) {
        if (word == "--") {
            break;
        }
        const std::string name = word.substr(0, word.find('='));
        if (name.starts_with("--") && std::ranges::find(known, name) == known.end()) {
            return name;
        }
    }
    return std::nullopt;
}

std::string helpAt(const Place& place) {
    return "\n  try: pagescape-cli" + place.words + " --help";
}

} // namespace

std::optional<std::string> explainUnknownCommand(const CLI::App& program,
                                                 const std::vector<std::string>& arguments) {
    const Place place = placeOf(program, arguments);
    if (!place.wrong) {
        return std::nullopt;
    }
    std::vector<std::string> names;
    std::ranges::transform(childrenOf(*place.app), std::back_inserter(names),
                           [](const CLI::App* each) { return each->get_name(); });
    return unknown(place.words.empty() ? "command" : place.words.substr(1) + " command", names,
                   *place.wrong) +
           helpAt(place);
}

std::string explainUsage(const CLI::App& program, const CLI::ParseError& error,
                         const std::vector<std::string>& arguments) {
    if (auto wrong = explainUnknownCommand(program, arguments)) {
        return *wrong;
    }
    const Place place = placeOf(program, arguments);
    const std::vector<std::string> options = optionsOf(*place.app);
    std::string text = error.what();
    if (const auto option = unknownOption(options, arguments)) {
        text = unknown("option", options, *option);
    } else if (const auto letter = unknownLetter(*place.app, arguments);
               letter && error.get_exit_code() == static_cast<int>(CLI::ExitCodes::ExtrasError)) {
        text = unknown("option", options, *letter);
    } else if (place.app == &program) {
        text = "which command? " + text;
    }
    return text + helpAt(place);
}

CLI::Validator wholeNumber() {
    return {[](std::string& typed) {
                std::uint64_t number = 0;
                const char* end = typed.data() + typed.size();
                const auto parsed = std::from_chars(typed.data(), end, number);
                if (parsed.ptr != end || typed.empty() ||
                    parsed.ec == std::errc::invalid_argument) {
                    return "\"" + typed + "\" is not a number from 0 on";
                }
                return parsed.ec == std::errc() ? std::string() : typed + " is too large a number";
            },
            ""};
}

CLI::Validator seconds() {
    return {[](std::string& typed) {
                double number = 0;
                const char* end = typed.data() + typed.size();
                const auto parsed = std::from_chars(typed.data(), end, number);
                const bool isGood = parsed.ec == std::errc() && parsed.ptr == end && number >= 0;
                return isGood ? std::string()
                              : "\"" + typed + "\" is not a number of seconds from 0 on";
            },
            ""};
}

} // namespace pagescape::cli
