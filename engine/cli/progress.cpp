// SPDX-License-Identifier: MIT
#include "progress.h"

#include <unistd.h>

#include <cstdio>

namespace pagescape::cli {

Progress::Progress(std::string what)
    : m_what(std::move(what)), m_isTerminal(::isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
    if (m_isTerminal && m_hasPrinted) {
        std::fputs("\r\x1b[K", stderr);
    }
}

void Progress::update(std::uint64_t done) {
    const Clock::time_point now = Clock::now();
    const std::chrono::duration<double> passed = now - m_last;
    if (!m_isTerminal || passed < std::chrono::seconds(1)) {
        return;
    }
    const double rate = static_cast<double>(done - m_doneLast) / passed.count();
    std::fprintf(stderr, "\r\x1b[K%llu %s, %.0f/s", static_cast<unsigned long long>(done),
                 m_what.c_str(), rate);
    m_hasPrinted = true;
    m_last = now;
    m_doneLast = done;
}

} // namespace pagescape::cli
