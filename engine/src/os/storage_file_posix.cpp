// SPDX-License-Identifier: MIT
// StorageFile over POSIX calls; a file in memory is a memfd behind the same class.
#include "os/bus_guard.h"
#include "os/descriptor.h"
#include "os/os_error.h"
#include "pagescape/storage_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>

namespace pagescape {

namespace {

template <typename Call>
auto retried(const Call& call) {
    auto result = call();
    while (result < 0 && errno == EINTR) {
        result = call();
    }
    return result;
}

class PosixMapping final : public FileMapping {
public:
    PosixMapping(void* address, std::uint64_t length, int fd, bool guard)
        : m_address(address), m_length(length) {
        if (guard) {
            m_guard = std::make_unique<os::BusGuard>(address, length, fd);
        }
    }
    ~PosixMapping() override {
        m_guard.reset();
        ::munmap(m_address, m_length);
    }
    PosixMapping(const PosixMapping&) = delete;
    PosixMapping& operator=(const PosixMapping&) = delete;
    [[nodiscard]] const std::byte* data() const override {
        return static_cast<const std::byte*>(m_address);
    }
    [[nodiscard]] std::uint64_t length() const override { return m_length; }
    [[nodiscard]] const std::atomic<bool>* tripFlag() const override {
        return m_guard ? m_guard->flag() : nullptr;
    }

private:
    void* m_address;
    std::uint64_t m_length;
    std::unique_ptr<os::BusGuard> m_guard;
};

class PosixFile final : public StorageFile {
public:
    PosixFile(int fd, std::filesystem::path directory)
        : m_fd(fd), m_directory(std::move(directory)) {}
    ~PosixFile() override { ::close(m_fd); } // also releases the flock
    PosixFile(const PosixFile&) = delete;
    PosixFile& operator=(const PosixFile&) = delete;

    [[nodiscard]] Result<std::uint64_t> size() override {
        struct stat info = {};
        if (::fstat(m_fd, &info) != 0) {
            return fail(os::osError(errno, "The file's length could not be read"));
        }
        return static_cast<std::uint64_t>(info.st_size);
    }

    [[nodiscard]] Result<std::size_t> readAt(std::uint64_t offset,
                                             std::span<std::byte> buffer) override {
        std::size_t done = 0;
        while (done < buffer.size()) {
            const ssize_t got = retried([&] {
                return ::pread(m_fd, buffer.data() + done, buffer.size() - done,
                               static_cast<off_t>(offset + done));
            });
            if (got < 0) {
                return fail(os::osError(errno, "Reading the file failed", offset + done));
            }
            if (got == 0) {
                break;
            }
            done += static_cast<std::size_t>(got);
        }
        return done;
    }

    [[nodiscard]] Result<void> writeAt(std::uint64_t offset,
                                       std::span<const Bytes> parts) override {
        std::array<iovec, 256> vectors;
        std::size_t skip = 0; // bytes of parts[0] that are written already
        while (!parts.empty()) {
            const std::size_t count = std::min(parts.size(), vectors.size());
            for (std::size_t i = 0; i < count; ++i) {
                const Bytes part = i == 0 ? parts[0].subspan(skip) : parts[i];
                vectors[i] = {const_cast<std::byte*>(part.data()), part.size()};
            }
            const ssize_t put = retried([&] {
                return ::pwritev(m_fd, vectors.data(), static_cast<int>(count),
                                 static_cast<off_t>(offset));
            });
            if (put < 0) {
                return fail(os::osError(errno, "Writing the file failed", offset));
            }
            offset += static_cast<std::uint64_t>(put);
            skip += static_cast<std::size_t>(put);
            while (!parts.empty() && skip >= parts[0].size()) {
                skip -= parts[0].size();
                parts = parts.subspan(1);
            }
        }
        return {};
    }

    [[nodiscard]] Result<void> resize(std::uint64_t size) override {
        if (retried([&] { return ::ftruncate(m_fd, static_cast<off_t>(size)); }) != 0) {
            return fail(os::osError(errno, "File resize error: the length " + std::to_string(size) +
                                               " could not be set"));
        }
        return {};
    }

    [[nodiscard]] Result<void> syncData() override {
#ifdef F_FULLFSYNC
        const int result = retried([&] { return ::fcntl(m_fd, F_FULLFSYNC); });
#else
        const int result = retried([&] { return ::fdatasync(m_fd); });
#endif
        if (result != 0) {
            return fail(os::osError(errno, "Written pages could not be brought to the disk"));
        }
        return {};
    }

    [[nodiscard]] Result<void> syncAll() override {
        if (retried([&] { return ::fsync(m_fd); }) != 0) {
            return fail(os::osError(errno, "File sync error"));
        }
        return {};
    }

    [[nodiscard]] Result<void> syncDirectory() override {
        if (m_directory.empty()) {
            return {};
        }
        const int fd = retried(
            [&] { return ::open(m_directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); });
        if (fd < 0) {
            return fail(os::osError(errno, "The file's directory could not be opened"));
        }
        // Some file systems cannot sync a directory and say EINVAL; there is nothing to do about
        // it.
        const int result = retried([&] { return ::fsync(fd); });
        const int error = errno;
        ::close(fd);
        if (result != 0 && error != EINVAL) {
            return fail(os::osError(error, "The file's directory could not be synced"));
        }
        return {};
    }

    [[nodiscard]] Result<std::shared_ptr<const FileMapping>> map(
        const MapRequest& request) override {
        int flags = MAP_SHARED;
#ifdef MAP_POPULATE
        flags |= request.populate ? MAP_POPULATE : 0;
#endif
        void* at = ::mmap(nullptr, request.length, PROT_READ, flags, m_fd, 0);
        if (at == MAP_FAILED) {
            Error error = os::osError(errno, "Mapping " + std::to_string(request.length) +
                                                 " bytes of the file failed");
            error.code = ErrorCode::MapFailed;
            return fail(std::move(error));
        }
        if (request.advice != MapAdvice::Normal) {
            ::madvise(at, request.length,
                      request.advice == MapAdvice::Random ? MADV_RANDOM : MADV_SEQUENTIAL);
        }
        return std::make_shared<const PosixMapping>(at, request.length, m_fd, request.guard);
    }

    [[nodiscard]] Result<void> lockMemory(const FileMapping& mapping,
                                          std::uint64_t bytes) override {
        if (::mlock(mapping.data(), std::min(bytes, mapping.length())) != 0) {
            return fail(
                os::osError(errno, "mlock error: the mapping could not be locked into memory"));
        }
        return {};
    }

    [[nodiscard]] Result<bool> tryLock(FileLock lock) override {
        const int operation = (lock == FileLock::Exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB;
        if (retried([&] { return ::flock(m_fd, operation); }) == 0) {
            return true;
        }
        if (errno == EWOULDBLOCK) {
            return false;
        }
        return fail(os::osError(errno, "The file could not be locked"));
    }

    [[nodiscard]] int descriptor() const override {
        return m_fd;
    }

private:
    int m_fd;
    std::filesystem::path m_directory; // empty for a file without a name
};

// Why open() failed; `isThere`: the file exists, so that its folder is not to blame.
Error openError(int error, bool create, bool readOnly, bool isThere) {
    Error out = os::osError(error, "The file could not be opened");
    if (error == ENOENT || error == ENOTDIR) {
        out.code = ErrorCode::FileNotFound;
        out.text = create ? "The folder of the file does not exist" : "The file does not exist";
        out.hint = create ? "Check the path; nothing was created." : "Check the path.";
    } else if (error == EACCES || error == EPERM || error == EROFS) {
        out.code = ErrorCode::PermissionDenied;
        if (create && !isThere) {
            out.text = "No file may be created in this folder";
            out.hint = "Choose a folder that you may write to.";
        } else {
            out.text = readOnly ? "The file may not be read" : "The file may not be written to";
            out.hint = "Ask for permission, or work on a copy.";
        }
    }
    return out;
}

} // namespace

Result<std::shared_ptr<StorageFile>> openStorageFile(const std::filesystem::path& path,
                                                     const FileRequest& request) {
    // O_NONBLOCK: opening a FIFO must not wait for its other end. No effect on regular files.
    int flags = O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
    const bool create = request.create && !request.readOnly;
    flags |= request.readOnly ? O_RDONLY : O_RDWR;
    flags |= create ? O_CREAT : 0;
    flags |= create && request.mustBeNew ? O_EXCL : 0;
    const int fd = os::awayFromStandard(
        retried([&] { return ::open(path.c_str(), flags, static_cast<mode_t>(request.mode)); }));
    if (fd < 0) {
        if (errno == EISDIR) {
            Error error = os::osError(0, "This is a directory, not a file");
            error.code = ErrorCode::NotRegularFile;
            return fail(std::move(error));
        }
        const int error = errno;
        return fail(openError(error, create, request.readOnly, ::access(path.c_str(), F_OK) == 0));
    }
    std::error_code ignored;
    const std::filesystem::path whole = std::filesystem::absolute(path, ignored);
    auto file = std::make_shared<PosixFile>(fd, whole.parent_path());
    struct stat info = {};
    if (::fstat(fd, &info) != 0) {
        return fail(os::osError(errno, "The file's type could not be read"));
    }
    if (!S_ISREG(info.st_mode)) {
        Error error = os::osError(0, "This is not a regular file");
        error.code = ErrorCode::NotRegularFile;
        error.hint = "Copy its contents into a file and open that.";
        return fail(std::move(error));
    }
    return std::shared_ptr<StorageFile>(std::move(file));
}

Result<void> checkAddressSpace(std::uint64_t length) {
    void* const at =
        ::mmap(nullptr, length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at == MAP_FAILED) {
        Error error = os::osError(errno, "There is no room for a mapping of " +
                                             std::to_string(length) + " bytes");
        error.code = ErrorCode::MapFailed;
        error.hint = "Ask for a smaller one: mappings grow with the file.";
        return fail(std::move(error));
    }
    ::munmap(at, length);
    return {};
}

Result<std::shared_ptr<StorageFile>> makeMemoryFile(Bytes contents) {
    const int fd = os::awayFromStandard(::memfd_create("pagescape", MFD_CLOEXEC));
    if (fd < 0) {
        return fail(os::osError(errno, "No file in memory could be made"));
    }
    auto file = std::make_shared<PosixFile>(fd, std::filesystem::path());
    if (!contents.empty()) {
        const std::array<Bytes, 1> parts{contents};
        if (auto written = file->writeAt(0, parts); !written) {
            return fail(written.error());
        }
    }
    return std::shared_ptr<StorageFile>(std::move(file));
}

} // namespace pagescape
