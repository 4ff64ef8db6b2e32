// SPDX-License-Identifier: MIT
#include "sandbox/make_sandbox.h"

#include "models/byte_text.h"
#include "pagescape/page_file.h"

#include <QFile>

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>
#include <vector>

namespace pagescape::gui {

namespace {

Error osError(const QString& doing) {
    Error error;
    error.code = ErrorCode::OsFailure;
    error.text = doing.toStdString() + ": " + std::generic_category().message(errno);
    return error;
}

class Descriptor {
public:
    explicit Descriptor(int fd) : m_fd(fd) {}
    ~Descriptor() {
        if (m_fd >= 0) {
            ::close(m_fd);
        }
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int get() const { return m_fd; }

private:
    int m_fd;
};

// Copies [begin, end) block by block; copy_file_range where the kernel has it for both files.
Result<void> copyRange(int from, int to, off_t begin, off_t end, const std::stop_token& stop,
                       const std::function<void(off_t)>& reached) {
    constexpr off_t kPiece = off_t{8} << 20U;
    std::vector<char> buffer;
    while (begin < end) {
        if (stop.stop_requested()) {
            return fail(copyStopped());
        }
        const auto want = std::size_t(std::min(kPiece, end - begin));
        loff_t in = begin;
        loff_t out = begin;
        ssize_t done = buffer.empty() ? ::copy_file_range(from, &in, to, &out, want, 0) : -1;
        if (done <= 0) {
            buffer.resize(want);
            done = ::pread(from, buffer.data(), want, begin);
            if (done > 0) {
                done = ::pwrite(to, buffer.data(), std::size_t(done), begin);
            }
        }
        if (done < 0 && errno == EINTR) {
            continue;
        }
        if (done <= 0) {
            return fail(osError(QStringLiteral("The copy could not be written")));
        }
        begin += done;
        reached(begin);
    }
    return {};
}

Result<CopyMethod> copyBytes(int from, int to, std::uint64_t size,
                             const std::function<void(std::uint64_t, std::uint64_t)>& progress,
                             const std::stop_token& stop) {
    if (::ioctl(to, FICLONE, from) == 0) {
        return CopyMethod::Reflink;
    }
    const auto end = off_t(size);
    if (::ftruncate(to, end) != 0) {
        return fail(osError(QStringLiteral("The copy could not be made that long")));
    }
    for (off_t at = 0; at < end;) {
        off_t data = ::lseek(from, at, SEEK_DATA);
        if (data < 0) {
            if (errno == ENXIO) {
                break; // nothing but a hole is left
            }
            data = at; // this file system does not tell
        }
        off_t hole = ::lseek(from, data, SEEK_HOLE);
        hole = hole < 0 ? end : std::min(hole, end);
        auto copied = copyRange(from, to, data, hole, stop, [&](off_t reached) {
            if (progress) {
                progress(std::uint64_t(reached), size);
            }
        });
        if (!copied) {
            return fail(copied.error());
        }
        at = hole;
    }
    return CopyMethod::Copied;
}

bool isSameVersion(const MetaPair& a, const MetaPair& b) {
    for (std::size_t i = 0; i < 2; ++i) {
        if (a.metas[i].fields.txid != b.metas[i].fields.txid ||
            a.metas[i].fields.checksum != b.metas[i].fields.checksum) {
            return false;
        }
    }
    return true;
}

} // namespace

Error copyStopped() {
    Error error;
    error.code = ErrorCode::Cancelled;
    error.text = "The copy was stopped";
    return error;
}

Result<CopyResult> copyForEditing(const QString& original, const QString& target,
                                  const std::function<void(std::uint64_t, std::uint64_t)>& progress,
                                  const std::stop_token& stop) {
    const auto file = PageFile::open(toPath(original)); // with bolt's shared lock where it is free
    if (!file) {
        return fail(file.error());
    }
    const Descriptor from(::open(QFile::encodeName(original).constData(), O_RDONLY | O_CLOEXEC));
    if (from.get() < 0) {
        return fail(osError(original));
    }
    const Descriptor to(
        ::open(QFile::encodeName(target).constData(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (to.get() < 0) {
        return fail(osError(target));
    }
    const std::uint64_t size = file->layout().fileSize;
    const auto refuse = [&](const Error& error) -> Result<CopyResult> {
        QFile::remove(target);
        return fail(error);
    };
    const auto method = copyBytes(from.get(), to.get(), size, progress, stop);
    if (!method) {
        return refuse(method.error());
    }
    const auto after = file->rereadMetas();
    if (!after) {
        return refuse(after.error());
    }
    if (!isSameVersion(file->layout().metas, *after)) {
        Error error;
        error.code = ErrorCode::LockTimeout;
        error.text = "Another program committed to the file while it was copied";
        error.hint = "Try again, or stop that program for a moment.";
        return refuse(error);
    }
    return CopyResult{*method, size};
}

} // namespace pagescape::gui
