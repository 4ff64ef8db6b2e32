// SPDX-License-Identifier: MIT
#include "names.h"

#include <CLI/CLI.hpp>

#include <limits>

namespace pagescape::cli {

namespace {

constexpr char kGuard = '\x01';

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
                    const std::string& help, ValueFormat asciiEncoded) {
    command
        .add_option_function<std::string>(
            name,
            [&format, name, asciiEncoded](const std::string& typed) {
                const auto known = formatFromName(unguarded(typed), asciiEncoded);
                if (!known) {
                    throw CLI::ValidationError(name, "unknown format '" + unguarded(typed) +
                                                         "'; known are " + formatNames());
                }
                format = *known;
            },
            help + " (default " + std::string(valueFormatName(format)) + ")")
        ->type_name("FORMAT");
}

} // namespace

std::string formatNames() {
    std::string all;
    for (const ValueFormat format : allValueFormats()) {
        all += all.empty() ? "" : ", ";
        all += valueFormatName(format);
    }
    return all;
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
    addNamedFormat(command, format, name, help, ValueFormat::Escaped);
}

void addParseOption(CLI::App& command, ValueFormat& format, const std::string& help,
                    const std::string& name) {
    addNamedFormat(command, format, name, help, ValueFormat::Text);
}

Result<std::vector<std::string>> parseNames(std::span<const std::string> arguments,
                                            ValueFormat format) {
    std::vector<std::string> names;
    for (const std::string& argument : arguments) {
        auto name = parseKey(unguarded(argument), format);
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

std::string KeyPrinter::complaint() const {
    if (m_misfits == 0) {
        return {};
    }
    return std::to_string(m_misfits) + " of the keys do not fit the format " +
           std::string(valueFormatName(m_format)) +
           " and are shown in hex; the first: " + m_firstReason;
}

} // namespace pagescape::cli
