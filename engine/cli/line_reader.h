// SPDX-License-Identifier: MIT
// Lines of a file or of standard input, one at a time.
#pragma once

#include "pagescape/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pagescape::cli {

/// Reads lines ended by LF; the last one may lack it. Memory: the longest line.
class LineReader {
public:
    /// Standard input where `path` is empty. No line may have more than `mostBytes`.
    /// Errors: FileNotFound.
    [[nodiscard]] static Result<LineReader> open(const std::string& path, std::uint64_t mostBytes);

    LineReader(LineReader&& other) noexcept;
    LineReader& operator=(LineReader&&) = delete;
    ~LineReader();

    /// The next line without its end; nothing at the end. The text lives until the next call.
    /// Errors: OsFailure; Cancelled when the user interrupted it, see InterruptGuard; LimitReached
    /// for a line that is too long, of which no more is kept than it may have.
    [[nodiscard]] Result<const std::string*> next();

private:
    LineReader(int descriptor, bool isOwner, std::uint64_t mostBytes)
        : m_descriptor(descriptor), m_isOwner(isOwner), m_mostBytes(mostBytes),
          m_buffer(64 * 1024) {}

    int m_descriptor;
    bool m_isOwner;
    std::uint64_t m_mostBytes;
    std::vector<char> m_buffer;
    std::size_t m_at = 0;   // first byte not handed out
    std::size_t m_size = 0; // bytes in the buffer
    std::string m_line;
};

} // namespace pagescape::cli
