// SPDX-License-Identifier: MIT
// Descriptors that no message can reach.
#pragma once

#include <fcntl.h>
#include <unistd.h>

namespace pagescape::os {

/// The same file under a descriptor of at least 3, or -1 with errno. A program that was started
/// without stdin, stdout or stderr gets the lowest number for the next file it opens: what it
/// prints would be written into a database under one of those.
[[nodiscard]] inline int awayFromStandard(int fd) {
    if (fd < 0 || fd > STDERR_FILENO) {
        return fd;
    }
    const int moved = ::fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    ::close(fd);
    return moved;
}

} // namespace pagescape::os
