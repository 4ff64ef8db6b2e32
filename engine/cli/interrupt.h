// SPDX-License-Identifier: MIT
// Ctrl+C as a question that long work asks, so that it can clean up before it ends.
#pragma once

namespace pagescape::cli {

/// While one lives, SIGINT, SIGTERM and SIGHUP are remembered instead of ending the program at
/// once. A system call that waits returns with EINTR. At most one at a time.
class InterruptGuard {
public:
    InterruptGuard();
    ~InterruptGuard();
    InterruptGuard(const InterruptGuard&) = delete;
    InterruptGuard& operator=(const InterruptGuard&) = delete;

    /// Whether the user wants it to end.
    [[nodiscard]] static bool isRequested();

    /// The signal that asked, the last one of several; 0 where none did. It stays after the guard.
    [[nodiscard]] static int signal();

    /// Waits until a descriptor has something to read, is at its end or broken, or the user wants
    /// it to end, whichever is first: true for the descriptor. A signal that comes between the
    /// question and the wait ends the wait too. Call it while a guard lives.
    [[nodiscard]] static bool waitForInput(int descriptor);
};

} // namespace pagescape::cli
