// SPDX-License-Identifier: MIT
// Standard output with a buffer of its own: it streams any amount of text, notices when nobody
// reads any more (a closed pipe ends the work quietly) and reports a full disk.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace pagescape::cli {

/// A buffered writer on a file descriptor that it does not own. Destroying it does not flush.
class Output {
public:
    explicit Output(int descriptor) : m_descriptor(descriptor) {}
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;

    Output& operator<<(std::string_view text);
    Output& operator<<(const char* text) { return *this << std::string_view(text); }
    Output& operator<<(const std::string& text) { return *this << std::string_view(text); }
    Output& operator<<(char c) { return *this << std::string_view(&c, 1); }
    Output& operator<<(std::integral auto number) { return *this << std::to_string(number); }

    /// Text padded with spaces to `width` code points; longer text is not cut.
    Output& left(std::string_view text, std::size_t width);
    Output& right(std::string_view text, std::size_t width);

    /// Keeps what is printed from now on in memory, until release(), discard() or 64 MiB.
    void hold() { m_isHeld = true; }
    /// Whether all that was printed since hold() can still be taken back.
    [[nodiscard]] bool isHeld() const { return m_isHeld; }
    void release() { m_isHeld = false; }
    /// Takes back what is held; what was written already stays.
    void discard();
    /// Whether anything was printed that was not taken back.
    [[nodiscard]] bool hasPrinted() const { return m_hasPrinted; }

    /// False once writing failed: long loops ask it and end.
    [[nodiscard]] bool isOpen() const { return m_error == 0; }

    /// Writes what is buffered. Returns 0, or the errno of the first failed write.
    int flush();

private:
    int m_descriptor;
    int m_error = 0;
    bool m_isHeld = false;
    bool m_hasPrinted = false;
    std::string m_buffer;
};

/// Lower-case hex with "0x" in front, at least `digits` long.
[[nodiscard]] std::string hexNumber(std::uint64_t number, int digits = 1);

/// Code points in a UTF-8 text: the columns it takes, near enough for tables.
[[nodiscard]] std::size_t codePoints(std::string_view text);

} // namespace pagescape::cli
