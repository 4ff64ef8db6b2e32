// SPDX-License-Identifier: MIT
// Completion scripts. Bash and zsh share the tables of what can stand where and differ in how they
// hand candidates over; fish wants a line for each candidate.
#include "completion.h"

#include <algorithm>

namespace pagescape::cli {

namespace {

using Kind = CompletionValue::Kind;

constexpr auto kBash = R"(
_pagescape_cli() {
    local current=${COMP_WORDS[COMP_CWORD]} at= pending= taken= found=
    local subcommands flags values files first second choices
    [[ $current == '=' ]] && current=
    _pagescape_cli_follow "${COMP_WORDS[@]:1:COMP_CWORD-1}"
    _pagescape_cli_find
    if [[ $found == file ]]; then
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
    else
        mapfile -t COMPREPLY < <(compgen -W "$choices" -- "$current")
    fi
}
complete -F _pagescape_cli pagescape-cli
)";

constexpr auto kZsh = R"(
_pagescape_cli() {
    local current=$words[CURRENT] at= pending= taken= found=
    local subcommands flags values files first second choices
    _pagescape_cli_follow "${(@)words[2,CURRENT-1]}"
    if [[ $current == --*'='* ]]; then
        pending=${current%%'='*}
        compset -P '*='
    fi
    _pagescape_cli_find
    if [[ $found == file ]]; then
        _files
    else
        compadd -- ${=choices}
    fi
}
if [[ $funcstack[1] == _pagescape_cli ]]; then
    _pagescape_cli "$@"
else
    compdef _pagescape_cli pagescape-cli
fi
)";

// Shared by bash and zsh. The first function follows the typed words: `at` is the command,
// `pending` an option that waits for its value, `taken` has a 1 for each argument. The second tells
// what may stand at the cursor: `found` is "file", or `choices` are the words.
constexpr auto kFind = R"(
_pagescape_cli_follow() {
    local word
    _pagescape_cli_at "$at"
    for word in "$@"; do
        if [[ $word == '=' || ( -z $at && $word == help ) ]]; then
            continue
        elif [[ -n $pending ]]; then
            pending=
        elif [[ $word == -* ]]; then
            [[ " $values $files " == *" $word "* ]] && pending=$word
        elif [[ " $subcommands " == *" $word "* ]]; then
            at+=" $word"
            _pagescape_cli_at "$at"
        else
            taken+=1
        fi
    done
}

_pagescape_cli_find() {
    choices=
    if [[ -n $pending ]]; then
        [[ " $files " == *" $pending "* ]] && found=file
        _pagescape_cli_choices "$at $pending"
    elif [[ $current == -* ]]; then
        choices="$flags $values $files"
    elif [[ $taken == 1 ]]; then
        found=$second
    elif [[ -n $taken ]]; then
        return
    elif [[ -n $subcommands ]]; then
        choices=$subcommands
    else
        found=$first
        _pagescape_cli_choices "$at"
    fi
}
)";

std::string quoted(const std::string& text) {
    std::string result = "'";
    for (const char c : text) {
        result += c == '\'' ? "'\\''" : std::string(1, c);
    }
    return result + "'";
}

std::string joined(const std::vector<std::string>& words) {
    std::string line;
    for (const std::string& word : words) {
        line += (line.empty() ? "" : " ") + word;
    }
    return line;
}

// The names of all options that take this kind of value; free ones and choices go together.
std::string namesOf(const CompletionCommand& command, std::initializer_list<Kind> kinds) {
    std::vector<std::string> names;
    for (const CompletionOption& option : command.options) {
        if (std::ranges::find(kinds, option.value.kind) != kinds.end()) {
            names.insert(names.end(), option.names.begin(), option.names.end());
        }
    }
    return joined(names);
}

// "file" where an argument is one.
std::string fileAt(const CompletionCommand& command, std::size_t index) {
    return index < command.arguments.size() && command.arguments[index].kind == Kind::File ? "file"
                                                                                           : "";
}

// The two functions that bash and zsh share: what may follow a command, and the choices for the
// value of an option or for a first argument.
std::string tables(const std::vector<CompletionCommand>& commands) {
    std::string at = "_pagescape_cli_at() {\n    case $1 in\n";
    std::string choices = "_pagescape_cli_choices() {\n    case $1 in\n";
    const auto addChoices = [&choices](const std::string& place, const CompletionValue& value) {
        if (value.kind == Kind::Choices) {
            choices +=
                "    " + quoted(place) + ") choices=" + quoted(joined(value.choices)) + " ;;\n";
        }
    };
    for (const CompletionCommand& command : commands) {
        at += "    " + quoted(command.path) +
              ")\n        subcommands=" + quoted(joined(command.children)) +
              "\n        flags=" + quoted(namesOf(command, {Kind::None})) +
              "\n        values=" + quoted(namesOf(command, {Kind::Free, Kind::Choices})) +
              "\n        files=" + quoted(namesOf(command, {Kind::File})) +
              "\n        first=" + fileAt(command, 0) + "\n        second=" + fileAt(command, 1) +
              " ;;\n";
        if (!command.arguments.empty()) {
            addChoices(command.path, command.arguments.front());
        }
        for (const CompletionOption& option : command.options) {
            for (const std::string& name : option.names) {
                addChoices(command.path + " " + name, option.value);
            }
        }
    }
    return at + "    esac\n}\n\n" + choices + "    esac\n}\n";
}

// In fish's single quotes only these two are special.
std::string fishQuoted(const std::string& text) {
    std::string result = "'";
    for (const char c : text) {
        result += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    }
    return result + "'";
}

std::string fishOption(const CompletionOption& option) {
    std::string line;
    for (const std::string& name : option.names) {
        line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    }
    switch (option.value.kind) {
    case Kind::None: break;
    case Kind::Free: line += " -x"; break;
    case Kind::File: line += " -r -F"; break;
    case Kind::Choices: line += " -x -a " + fishQuoted(joined(option.value.choices)); break;
    }
    return line + " -d " + fishQuoted(option.help);
}

} // namespace

std::string bashCompletion(const std::vector<CompletionCommand>& commands) {
    return "# Completion of pagescape-cli for bash. In ~/.bashrc:\n"
           "#   eval \"$(pagescape-cli completion bash)\"\n\n" +
           tables(commands) + kFind + kBash;
}

std::string zshCompletion(const std::vector<CompletionCommand>& commands) {
    return "#compdef pagescape-cli\n"
           "# Completion of pagescape-cli for zsh: put it as _pagescape_cli into a folder of\n"
           "# $fpath, or source it in ~/.zshrc after compinit.\n\n" +
           tables(commands) + kFind + kZsh;
}

std::string fishCompletion(const std::vector<CompletionCommand>& commands) {
    std::string script =
        "# Completion of pagescape-cli for fish: put it as pagescape-cli.fish into\n"
        "# ~/.config/fish/completions.\n\n"
        "function __pagescape_cli_is_at\n    set -l known";
    for (const CompletionCommand& command : commands) {
        script += " \\\n        " + fishQuoted(command.path);
    }
    script += R"(
    set -l at ''
    for word in (commandline -opc)[2..-1]
        if contains -- "$at $word" $known
            set at "$at $word"
        end
    end
    test "$at" = "$argv[1]"
end

complete -c pagescape-cli -f
)";
    for (const CompletionCommand& command : commands) {
        const std::string start =
            "complete -c pagescape-cli -n \"__pagescape_cli_is_at '" + command.path + "'\"";
        for (std::size_t i = 0; i < command.children.size(); ++i) {
            script += start + " -a " + command.children[i] + " -d " +
                      fishQuoted(command.childHelps[i]) + "\n";
        }
        for (const CompletionOption& option : command.options) {
            script += start + fishOption(option) + "\n";
        }
        if (command.arguments.empty()) {
            continue;
        }
        const CompletionValue& first = command.arguments.front();
        if (first.kind == Kind::File) {
            script += start + " -F\n";
        } else if (first.kind == Kind::Choices) {
            script += start + " -a " + fishQuoted(joined(first.choices)) + "\n";
        }
    }
    return script;
}

} // namespace pagescape::cli
