// SPDX-License-Identifier: MIT
#include "os/descriptor.h"
#include "os/file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace pagescape::os {

namespace {

Error osError(ErrorCode code, int error, std::string text, std::string hint = {}) {
    Error out;
    out.code = code;
    out.osError = error;
    out.text = std::move(text);
    out.hint = std::move(hint);
    return out;
}

Error openError(int error) {
    switch (error) {
    case ENOENT:
    case ENOTDIR:
        return osError(ErrorCode::FileNotFound, error, "The file does not exist",
                       "Check the path.");
    case EACCES:
    case EPERM:
        return osError(ErrorCode::PermissionDenied, error, "The file may not be read",
                       "Ask for read permission, or copy the file and open the copy.");
    default: return osError(ErrorCode::OsFailure, error, "The file could not be opened");
    }
}

} // namespace

Result<File> File::openForReading(const std::filesystem::path& path) {
    // O_NONBLOCK: opening a FIFO must not wait for a writer. It has no effect on regular files.
    int fd = -1;
    do {
        fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    } while (fd < 0 && errno == EINTR);
    fd = awayFromStandard(fd);
    if (fd < 0) {
        return fail(openError(errno));
    }
    File file(fd);
    struct stat info = {};
    if (::fstat(fd, &info) != 0) {
        return fail(osError(ErrorCode::OsFailure, errno, "The file's type could not be read"));
    }
    if (!S_ISREG(info.st_mode)) {
        return fail(osError(ErrorCode::NotRegularFile, 0,
                            S_ISDIR(info.st_mode) ? "This is a directory, not a file"
                                                  : "This is not a regular file",
                            S_ISDIR(info.st_mode)
                                ? "Choose the database file inside it (etcd: member/snap/db)."
                                : "Copy its contents into a file and open that."));
    }
    return file;
}

File::File(File&& other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}

File& File::operator=(File&& other) noexcept {
    std::swap(m_fd, other.m_fd);
    return *this;
}

File::~File() {
    if (m_fd >= 0) {
        ::close(m_fd); // also releases the flock
    }
}

Result<std::uint64_t> File::size() const {
    struct stat info = {};
    if (::fstat(m_fd, &info) != 0) {
        return fail(osError(ErrorCode::OsFailure, errno, "The file's length could not be read"));
    }
    return static_cast<std::uint64_t>(info.st_size);
}

Result<std::size_t> File::readAt(std::uint64_t offset, std::span<std::byte> buffer) const {
    std::size_t done = 0;
    while (done < buffer.size()) {
        const ssize_t got = ::pread(m_fd, buffer.data() + done, buffer.size() - done,
                                    static_cast<off_t>(offset + done));
        if (got < 0) {
            if (errno == EINTR) {
                continue;
            }
            Error error = osError(ErrorCode::OsFailure, errno, "Reading the file failed");
            error.offset = offset + done;
            return fail(std::move(error));
        }
        if (got == 0) {
            break;
        }
        done += static_cast<std::size_t>(got);
    }
    return done;
}

LockState File::tryLockShared() const {
    int result = 0;
    do {
        result = ::flock(m_fd, LOCK_SH | LOCK_NB);
    } while (result != 0 && errno == EINTR);
    if (result == 0) {
        return LockState::Shared;
    }
    return errno == EWOULDBLOCK ? LockState::HeldByOther : LockState::Unavailable;
}

} // namespace pagescape::os
