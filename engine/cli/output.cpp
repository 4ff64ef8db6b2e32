// SPDX-License-Identifier: MIT
#include "output.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace pagescape::cli {

namespace {

constexpr std::size_t kBufferBytes = 64 * 1024;
constexpr std::size_t kHeldBytes = 64 * 1024 * 1024;

} // namespace

Output& Output::operator<<(std::string_view text) {
    if (m_error == 0) {
        m_buffer += text;
        m_hasPrinted = m_hasPrinted || !text.empty();
        if (m_buffer.size() >= (m_isHeld ? kHeldBytes : kBufferBytes)) {
            release();
            flush();
        }
    }
    return *this;
}

Output& Output::left(std::string_view text, std::size_t width) {
    const std::size_t used = codePoints(text);
    return *this << text << std::string(width > used ? width - used : 0, ' ');
}

Output& Output::right(std::string_view text, std::size_t width) {
    const std::size_t used = codePoints(text);
    return *this << std::string(width > used ? width - used : 0, ' ') << text;
}

void Output::discard() {
    if (m_isHeld) {
        m_buffer.clear();
        m_hasPrinted = false;
    }
}

int Output::flush() {
    std::size_t done = 0;
    while (m_error == 0 && done < m_buffer.size()) {
        const ssize_t written =
            ::write(m_descriptor, m_buffer.data() + done, m_buffer.size() - done);
        if (written >= 0) {
            done += static_cast<std::size_t>(written);
        } else if (errno != EINTR) {
            m_error = errno;
        }
    }
    m_buffer.clear();
    return m_error;
}

std::string hexNumber(std::uint64_t number, int digits) {
    std::string reversed;
    do {
        reversed += "0123456789abcdef"[number & 0xFU];
        number >>= 4U;
    } while (number != 0);
    while (reversed.size() < static_cast<std::size_t>(digits)) {
        reversed += '0';
    }
    return "0x" + std::string(reversed.rbegin(), reversed.rend());
}

std::size_t codePoints(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

} // namespace pagescape::cli
