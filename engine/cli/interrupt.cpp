// SPDX-License-Identifier: MIT
#include "interrupt.h"

#include <csignal>

namespace pagescape::cli {

namespace {

volatile std::sig_atomic_t isInterrupted = 0;

extern "C" void rememberInterrupt(int /*signal*/) {
    isInterrupted = 1;
}

void handle(int signal, void (*handler)(int)) {
    struct sigaction action = {};
    action.sa_handler = handler; // without SA_RESTART: who waits for input must hear of it
    ::sigaction(signal, &action, nullptr);
}

} // namespace

InterruptGuard::InterruptGuard() {
    isInterrupted = 0;
    handle(SIGINT, rememberInterrupt);
    handle(SIGTERM, rememberInterrupt);
}

InterruptGuard::~InterruptGuard() {
    handle(SIGINT, SIG_DFL);
    handle(SIGTERM, SIG_DFL);
}

bool InterruptGuard::isRequested() {
    return isInterrupted != 0;
}

} // namespace pagescape::cli
