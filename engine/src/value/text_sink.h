// SPDX-License-Identifier: MIT
// TextSink: collects text up to a number of characters. What comes later is dropped and remembered
// as dropped, so that a decoder can run to its end, and find errors there, at bounded memory.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pagescape::value {

class TextSink {
public:
    explicit TextSink(std::size_t maxChars) : m_left(maxChars) {}

    /// Appends UTF-8 text; cuts between characters.
    void add(std::string_view text);
    void add(char c) { add(std::string_view(&c, 1)); }
    /// Appends `count` blanks.
    void indent(std::size_t count);

    /// True once something was dropped.
    [[nodiscard]] bool isCut() const { return m_isCut; }
    /// True when nothing more will be kept; a decoder may then stop writing.
    [[nodiscard]] bool isFull() const { return m_left == 0; }

    /// The text, with "…" behind it when it was cut.
    [[nodiscard]] std::string take();

private:
    std::string m_text;
    std::size_t m_left; // characters
    bool m_isCut = false;
};

} // namespace pagescape::value
