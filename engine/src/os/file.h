// SPDX-License-Identifier: MIT
// The OS seam: the only door to system calls on files. RAII; errors carry errno.
#pragma once

#include "pagescape/page_file.h"
#include "pagescape/result.h"

#include <cstdint>
#include <filesystem>
#include <span>

namespace pagescape::os {

/// An open file descriptor for reading. Movable; closes itself.
/// Thread: const members may be called from any thread (positioned reads share no offset).
class File {
public:
    /// O_RDONLY, close-on-exec, never blocking, never creating; only regular files.
    [[nodiscard]] static Result<File> openForReading(const std::filesystem::path& path);

    File(File&& other) noexcept;
    File& operator=(File&& other) noexcept;
    ~File();

    [[nodiscard]] int descriptor() const { return m_fd; }
    [[nodiscard]] Result<std::uint64_t> size() const;
    /// Reads at `offset` until the buffer is full or the file ends; returns the bytes read.
    [[nodiscard]] Result<std::size_t> readAt(std::uint64_t offset,
                                             std::span<std::byte> buffer) const;
    /// Tries to take bolt's shared lock (flock) without waiting.
    [[nodiscard]] LockState tryLockShared() const;

private:
    explicit File(int fd) : m_fd(fd) {}
    int m_fd = -1;
};

} // namespace pagescape::os
