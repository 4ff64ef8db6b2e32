// SPDX-License-Identifier: MIT
// Mapping: a read-only, shared mapping of a whole file, usually longer than the file.
#pragma once

#include "os/bus_guard.h"
#include "os/file.h"
#include "pagescape/options.h"
#include "pagescape/result.h"

#include <memory>
#include <vector>

namespace pagescape::os {

/// PROT_READ, MAP_SHARED from offset 0. Movable; unmaps itself. Bytes past the file's end at
/// mapping time are never handed out: touching them would be SIGBUS. Source: bbolt bolt_unix.go
/// mmap (bbolt always advises MADV_RANDOM; here it is an option).
class Mapping {
public:
    [[nodiscard]] static Result<Mapping> map(const File& file, std::uint64_t fileSize,
                                             std::uint64_t length, MapAdvice advice, bool guard);

    Mapping(Mapping&& other) noexcept;
    Mapping& operator=(Mapping&& other) noexcept;
    ~Mapping();

    /// The file's bytes as far as they existed when it was mapped.
    [[nodiscard]] Bytes bytes() const { return m_bytes; }
    [[nodiscard]] std::uintptr_t address() const { return std::uintptr_t(m_address); }
    [[nodiscard]] std::uint64_t length() const { return m_length; }
    [[nodiscard]] bool tripped() const { return m_guard && m_guard->flag()->load(); }
    [[nodiscard]] const std::atomic<bool>* tripFlag() const {
        return m_guard ? m_guard->flag() : nullptr;
    }
    /// mincore(2): one byte 0 or 1 for each operating-system page from the one that holds `begin`.
    [[nodiscard]] Result<std::vector<std::uint8_t>> residency(ByteRange range) const;

private:
    Mapping() = default;
    void* m_address = nullptr;
    std::uint64_t m_length = 0;
    Bytes m_bytes;
    std::unique_ptr<BusGuard> m_guard;
};

} // namespace pagescape::os
