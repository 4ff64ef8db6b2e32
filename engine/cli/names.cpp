// SPDX-License-Identifier: MIT
#include "names.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <limits>

namespace pagescape::cli {

namespace {

constexpr char kGuard = '\x01';
constexpr std::string_view kHexMark = "0x";

// Those that parseKey() reads.
constexpr std::array kTypedFormats{
    ValueFormat::Auto, ValueFormat::Text,    ValueFormat::Escaped,    ValueFormat::Hex,
    ValueFormat::Raw,  ValueFormat::UintBig, ValueFormat::UintLittle, ValueFormat::EtcdRevision};

std::string namesOf(std::span<const ValueFormat> formats) {
    std::string all;
    for (const ValueFormat format : formats) {
        all += all.empty() ? "" : ", ";
        all += valueFormatName(format);
    }
    return all;
}

// "0x" and pairs of hex digits, as KeyPrinter::marked() writes bytes that are no text.
bool isMarkedHex(std::string_view text) {
    return text.starts_with(kHexMark) && text.size() > kHexMark.size() && text.size() % 2 == 0 &&
           text.find_first_not_of("0123456789abcdefABCDEF", kHexMark.size()) ==
               std::string_view::npos;
}

// bbolt's own names are taken too, so that its command lines keep working.
std::optional<ValueFormat> formatFromName(const std::string& name, ValueFormat asciiEncoded) {
    if (name == "ascii-encoded") {
        return asciiEncoded;
    }
    if (name == "bytes") {
        return ValueFormat::Raw;
    }
    return valueFormatFromName(name);
}

void addNamedFormat(CLI::App& command, ValueFormat& format, const std::string& name,
                    const std::string& help, ValueFormat asciiEncoded,
                    std::span<const ValueFormat> known) {
    command
        .add_option_function<std::string>(
            name,
            [&format, name, asciiEncoded, known](const std::string& typed) {
                const auto chosen = formatFromName(unguarded(typed), asciiEncoded);
                if (!chosen) {
                    throw CLI::ValidationError(name, "unknown format \"" + unguarded(typed) +
                                                         "\"; known are " + namesOf(known));
                }
                if (std::ranges::find(known, *chosen) == known.end()) {
                    throw CLI::ValidationError(
                        name, "the format \"" + unguarded(typed) +
                                  "\" is only for printing; those for typing are " +
                                  namesOf(known));
                }
                format = *chosen;
            },
            help + " (default " + std::string(valueFormatName(format)) + ")")
        ->type_name("FORMAT");
}

} // namespace

std::string formatNames() {
    return namesOf(allValueFormats());
}

std::string typedFormatNames() {
    return namesOf(kTypedFormats);
}

std::string guarded(std::string argument) {
    const bool isList = argument.size() >= 2 && argument.front() == '[' && argument.back() == ']';
    if (isList || argument == "{}" || argument == "%%" || argument.starts_with(kGuard)) {
        argument.insert(argument.begin(), kGuard);
    }
    return argument;
}

std::string unguarded(std::string argument) {
    if (argument.starts_with(kGuard)) {
        argument.erase(argument.begin());
    }
    return argument;
}

void addFormatOption(CLI::App& command, ValueFormat& format, const std::string& help,
                     const std::string& name) {
    addNamedFormat(command, format, name, help, ValueFormat::Escaped, allValueFormats());
}

void addParseOption(CLI::App& command, ValueFormat& format, const std::string& help,
                    const std::string& name) {
    addNamedFormat(command, format, name, help, ValueFormat::Text, kTypedFormats);
}

Result<std::vector<std::string>> parseNames(std::span<const std::string> arguments,
                                            ValueFormat format) {
    std::vector<std::string> names;
    for (const std::string& argument : arguments) {
        const std::string typed = unguarded(argument);
        const bool isHex = format == ValueFormat::Auto && isMarkedHex(typed);
        auto name = parseKey(typed, isHex ? ValueFormat::Hex : format);
        if (!name) {
            return fail(name.error());
        }
        names.push_back(std::move(*name));
    }
    return names;
}

std::vector<Bytes> views(const std::vector<std::string>& names) {
    std::vector<Bytes> all;
    all.reserve(names.size());
    for (const std::string& name : names) {
        all.push_back(asBytes(name));
    }
    return all;
}

std::string readableName(Bytes name) {
    const auto formatted =
        formatValue(name, ValueFormat::Auto, std::numeric_limits<std::size_t>::max());
    return formatted ? formatted->text : toHex(name);
}

std::string readablePath(std::span<const Bytes> path) {
    std::string text;
    for (const Bytes name : path) {
        text += (text.empty() ? "" : "/") + readableName(name);
    }
    return text;
}

std::string readablePath(const std::vector<std::string>& path) {
    return readablePath(views(path));
}

std::string KeyPrinter::text(Bytes bytes) {
    auto formatted = formatValue(bytes, m_format, std::numeric_limits<std::size_t>::max());
    if (formatted) {
        return std::move(formatted->text);
    }
    if (m_misfits++ == 0) {
        m_firstReason = formatted.error().describe();
    }
    return toHex(bytes);
}

std::string KeyPrinter::marked(Bytes bytes) {
    if (m_format != ValueFormat::Auto) {
        return text(bytes);
    }
    const auto formatted =
        formatValue(bytes, ValueFormat::Auto, std::numeric_limits<std::size_t>::max());
    const bool isText = formatted && formatted->used == ValueFormat::Text;
    return isText && !isMarkedHex(formatted->text) ? formatted->text
                                                   : std::string(kHexMark) + toHex(bytes);
}

std::string KeyPrinter::complaint() const {
    if (m_misfits == 0) {
        return {};
    }
    return std::to_string(m_misfits) + " of the keys do not fit the format " +
           std::string(valueFormatName(m_format)) +
           " and are shown in hex; the first: " + m_firstReason;
}

} // namespace pagescape::cli
