// SPDX-License-Identifier: MIT
// How far long work has come: a line on stderr once a second.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace pagescape::cli {

/// Shows "N WHAT, R/s" in one line that is overwritten; nothing where stderr is no terminal. Cost
/// of an update: one look at the clock.
class Progress {
public:
    explicit Progress(std::string what);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    /// `done` counts from the start.
    void update(std::uint64_t done);

private:
    using Clock = std::chrono::steady_clock;

    std::string m_what;
    bool m_isTerminal;
    bool m_hasPrinted = false;
    Clock::time_point m_last = Clock::now();
    std::uint64_t m_doneLast = 0;
};

} // namespace pagescape::cli
