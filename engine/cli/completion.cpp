// SPDX-License-Identifier: MIT
#include "completion.h"

#include "pagescape/value_format.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <sstream>

namespace pagescape::cli {

namespace {

// The members of "{a,b}", which is how the parser describes a choice.
std::vector<std::string> membersOf(const std::string& typeName) {
    std::vector<std::string> members;
    const std::size_t open = typeName.find('{');
    const std::size_t close = typeName.find('}');
    if (open != std::string::npos && close != std::string::npos && open < close) {
        std::istringstream list(typeName.substr(open + 1, close - open - 1));
        for (std::string member; std::getline(list, member, ',');) {
            members.push_back(member);
        }
    }
    return members;
}

CompletionValue valueOf(const CLI::Option& option) {
    CompletionValue value;
    const std::string type = option.get_type_name();
    const std::string name = option.get_name(true);
    value.choices = membersOf(type);
    if (type == "FORMAT") {
        std::ranges::transform(allValueFormats(), std::back_inserter(value.choices),
                               [](ValueFormat each) { return std::string(valueFormatName(each)); });
    }
    if (!value.choices.empty()) {
        value.kind = CompletionValue::Kind::Choices;
    } else if (type == "FILE" || name == "FILE" || name == "OTHER") {
        value.kind = CompletionValue::Kind::File;
    } else if (option.get_items_expected_max() > 0) {
        value.kind = CompletionValue::Kind::Free;
    }
    return value;
}

void collect(const CLI::App& app, const std::string& path,
             std::vector<CompletionCommand>& commands) {
    CompletionCommand command;
    command.path = path;
    for (const CLI::Option* option : app.get_options([](const CLI::Option*) { return true; })) {
        if (option->get_positional()) {
            command.arguments.push_back(valueOf(*option));
            continue;
        }
        CompletionOption known{{}, option->get_description(), valueOf(*option)};
        std::ranges::transform(option->get_snames(), std::back_inserter(known.names),
                               [](const std::string& name) { return "-" + name; });
        std::ranges::transform(option->get_lnames(), std::back_inserter(known.names),
                               [](const std::string& name) { return "--" + name; });
        command.options.push_back(std::move(known));
    }
    const auto children = app.get_subcommands([](const CLI::App*) { return true; });
    for (const CLI::App* child : children) {
        command.children.push_back(child->get_name());
        command.childHelps.push_back(child->get_description());
    }
    commands.push_back(std::move(command));
    for (const CLI::App* child : children) {
        collect(*child, path + " " + child->get_name(), commands);
    }
}

} // namespace

std::vector<CompletionCommand> completionCommands(const CLI::App& program) {
    std::vector<CompletionCommand> commands;
    collect(program, "", commands);
    commands.front().children.emplace_back("help"); // main.cpp takes it before the parser does
    commands.front().childHelps.emplace_back("Print the help of a command");
    return commands;
}

} // namespace pagescape::cli
