// SPDX-License-Identifier: MIT
#include "interrupt.h"

#include <array>
#include <csignal>

namespace pagescape::cli {

namespace {

volatile std::sig_atomic_t isInterrupted = 0;

extern "C" void rememberInterrupt(int /*signal*/) {
    isInterrupted = 1;
}

constexpr std::array<int, 3> kSignals{SIGINT, SIGTERM, SIGHUP};
std::array<struct sigaction, kSignals.size()> saved;

} // namespace

InterruptGuard::InterruptGuard() {
    isInterrupted = 0;
    struct sigaction action = {};
    action.sa_handler = rememberInterrupt; // without SA_RESTART: who waits for input must hear
    for (std::size_t i = 0; i < kSignals.size(); ++i) {
        ::sigaction(kSignals[i], nullptr, &saved[i]);
        if (saved[i].sa_handler != SIG_IGN) { // nohup, or a job in the background
            ::sigaction(kSignals[i], &action, nullptr);
        }
    }
}

InterruptGuard::~InterruptGuard() {
    for (std::size_t i = 0; i < kSignals.size(); ++i) {
        ::sigaction(kSignals[i], &saved[i], nullptr);
    }
}

bool InterruptGuard::isRequested() {
    return isInterrupted != 0;
}

} // namespace pagescape::cli
