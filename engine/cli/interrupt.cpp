// SPDX-License-Identifier: MIT
#include "interrupt.h"

#include <poll.h>

#include <array>
#include <cerrno>
#include <csignal>

namespace pagescape::cli {

namespace {

volatile std::sig_atomic_t lastSignal = 0;

extern "C" void rememberInterrupt(int signal) {
    lastSignal = signal;
}

constexpr std::array<int, 3> kSignals{SIGINT, SIGTERM, SIGHUP};
std::array<struct sigaction, kSignals.size()> saved;

} // namespace

InterruptGuard::InterruptGuard() {
    lastSignal = 0;
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
    return lastSignal != 0;
}

int InterruptGuard::signal() {
    return lastSignal;
}

// The signals are let in by the waiting call itself: no moment is left in which one could be taken
// note of after the question and before the wait. Source: ppoll(2).
bool InterruptGuard::waitForInput(int descriptor) {
    sigset_t ours;
    ::sigemptyset(&ours);
    for (const int signal : kSignals) {
        ::sigaddset(&ours, signal);
    }
    sigset_t before;
    ::pthread_sigmask(SIG_BLOCK, &ours, &before);
    sigset_t during = before;
    for (const int signal : kSignals) {
        ::sigdelset(&during, signal);
    }
    int ready = -1;
    while (!isRequested() && ready < 0) {
        struct pollfd input = {descriptor, POLLIN, 0};
        ready = ::ppoll(&input, 1, nullptr, &during);
        if (ready < 0 && errno != EINTR) {
            break; // reading will say what is wrong
        }
    }
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return !isRequested();
}

} // namespace pagescape::cli
