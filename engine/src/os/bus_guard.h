// SPDX-License-Identifier: MIT
// BusGuard: turns the SIGBUS of a mapped file that shrank (or of a disk that cannot be read) into
// zero bytes and a flag. Decoders are total, so zeros are a damaged page to them, never a crash.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>

namespace pagescape::os {

/// Watches one mapping for the guard's lifetime. The process-wide handler is installed with the
/// first guard and passes every fault outside a watched mapping on to the handler before it.
/// Source: mmap(2) NOTES on SIGBUS; sigaction(2).
class BusGuard {
public:
    /// `address` and `length` describe a shared, read-only file mapping of descriptor `fd` from
    /// file offset 0. All must stay valid while the guard lives.
    BusGuard(void* address, std::size_t length, int fd);
    ~BusGuard();
    BusGuard(const BusGuard&) = delete;
    BusGuard& operator=(const BusGuard&) = delete;

    /// True once a fault was caught: bytes of the mapping read as zero since.
    /// Lifetime: that of the guard.
    [[nodiscard]] const std::atomic<bool>* flag() const;

private:
    struct Slot;
    friend struct BusHandler;
    Slot* m_slot;
};

} // namespace pagescape::os
