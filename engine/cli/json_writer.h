// SPDX-License-Identifier: MIT
// JSON as a stream: nothing is kept but the nesting, so a listing of a million pages costs no
// memory. Texts are always valid UTF-8: bytes that are not become U+FFFD.
#pragma once

#include "output.h"

#include <concepts>
#include <cstdint>
#include <string_view>
#include <vector>

namespace pagescape::cli {

/// Writes one JSON document. Calls must nest properly; the writer puts commas, line breaks,
/// indents.
class JsonWriter {
public:
    /// Containers up to `openLevels` deep get a line for each member, deeper ones stand on one
    /// line. `indent` is in spaces a level.
    explicit JsonWriter(Output& out, int openLevels = 1, std::size_t indent = 2)
        : m_out(out), m_openLevels(openLevels), m_indent(indent) {}

    JsonWriter& beginObject() { return begin('{', isShallow()); }
    JsonWriter& endObject() { return end('}'); }
    JsonWriter& beginArray() { return begin('[', isShallow()); }
    /// An array that stands on one line, however deep it is. Ends with endArray().
    JsonWriter& beginLine() { return begin('[', false); }
    JsonWriter& endArray() { return end(']'); }

    /// The name of the next value of an object.
    JsonWriter& key(std::string_view name);

    JsonWriter& text(std::string_view text);
    JsonWriter& number(std::integral auto number) { return raw(std::to_string(number)); }
    /// A fraction with three decimals.
    JsonWriter& fraction(double number);
    JsonWriter& boolean(bool value) { return raw(value ? "true" : "false"); }
    JsonWriter& null() { return raw("null"); }

    /// Name and value at once.
    JsonWriter& member(std::string_view name, std::string_view value) {
        return key(name).text(value);
    }
    JsonWriter& member(std::string_view name, const char* value) { return key(name).text(value); }
    JsonWriter& member(std::string_view name, bool value) { return key(name).boolean(value); }
    JsonWriter& member(std::string_view name, std::integral auto value) {
        return key(name).number(value);
    }

private:
    // An open container; one that is spread has a line for each member.
    struct Level {
        bool isSpread = false;
        bool hasMembers = false;
    };

    [[nodiscard]] bool isShallow() const {
        return m_levels.size() < static_cast<std::size_t>(m_openLevels);
    }
    JsonWriter& begin(char bracket, bool isSpread);
    JsonWriter& end(char bracket);
    JsonWriter& raw(std::string_view token);
    void beforeValue();
    void newLine();

    Output& m_out;
    int m_openLevels;
    std::size_t m_indent;
    bool m_afterKey = false;
    std::vector<Level> m_levels;
};

} // namespace pagescape::cli
