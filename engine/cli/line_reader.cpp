// SPDX-License-Identifier: MIT
#include "line_reader.h"

#include "interrupt.h"
#include "pagescape/stopped.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace pagescape::cli {

namespace {

Error inputError(ErrorCode code, int osError, std::string text) {
    Error error;
    error.code = code;
    error.osError = osError;
    error.text = std::move(text);
    return error;
}

} // namespace

Result<LineReader> LineReader::open(const std::string& path, std::uint64_t mostBytes) {
    if (path.empty()) {
        return LineReader(STDIN_FILENO, false, mostBytes);
    }
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        return fail(inputError(ErrorCode::FileNotFound, errno, "The input could not be opened"));
    }
    return LineReader(descriptor, true, mostBytes);
}

LineReader::LineReader(LineReader&& other) noexcept
    : m_descriptor(other.m_descriptor), m_isOwner(std::exchange(other.m_isOwner, false)),
      m_mostBytes(other.m_mostBytes), m_buffer(std::move(other.m_buffer)), m_at(other.m_at),
      m_size(other.m_size), m_line(std::move(other.m_line)) {}

LineReader::~LineReader() {
    if (m_isOwner) {
        ::close(m_descriptor);
    }
}

Result<const std::string*> LineReader::next() {
    m_line.clear();
    while (true) {
        if (InterruptGuard::isRequested()) {
            return fail(stoppedOnRequest());
        }
        const auto begin = m_buffer.begin() + static_cast<std::ptrdiff_t>(m_at);
        const auto end = m_buffer.begin() + static_cast<std::ptrdiff_t>(m_size);
        const auto lineEnd = std::find(begin, end, '\n');
        if (static_cast<std::uint64_t>(lineEnd - begin) > m_mostBytes - m_line.size()) {
            return fail(inputError(ErrorCode::LimitReached, 0,
                                   "the line is too long: expected at most " +
                                       std::to_string(m_mostBytes) + " bytes, found more"));
        }
        m_line.append(begin, lineEnd);
        m_at = static_cast<std::size_t>(lineEnd - m_buffer.begin());
        if (lineEnd != end) {
            ++m_at;
            return &m_line;
        }
        if (!InterruptGuard::waitForInput(m_descriptor)) {
            return fail(stoppedOnRequest());
        }
        const ssize_t got = ::read(m_descriptor, m_buffer.data(), m_buffer.size());
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return fail(inputError(ErrorCode::OsFailure, errno, "Reading the input failed"));
        }
        m_at = 0;
        m_size = static_cast<std::size_t>(got);
        if (got == 0) {
            return m_line.empty() ? nullptr : &m_line;
        }
    }
}

} // namespace pagescape::cli
