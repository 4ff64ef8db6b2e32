// SPDX-License-Identifier: MIT
// The sample and its caveats. Since Linux 5.2 mincore tells the truth only about files that the
// caller owns or may write; for others it reports every page as resident.
#include "session/residency_sample.h"

#include <QCoreApplication>
#include <QFile>

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>

namespace pagescape::gui {

namespace {

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(Residency)
};

class Descriptor {
public:
    explicit Descriptor(const QByteArray& path)
        : m_fd(::open(path.constData(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (m_fd >= 0) {
            ::close(m_fd);
        }
    }
    [[nodiscard]] int get() const { return m_fd; }

private:
    int m_fd;
};

QString caveatOf(int fd, const QByteArray& path, const struct stat& info) {
    struct statfs fileSystem {};
    if (::fstatfs(fd, &fileSystem) == 0 &&
        (fileSystem.f_type == TMPFS_MAGIC || fileSystem.f_type == RAMFS_MAGIC)) {
        return Texts::tr("The file lies in memory (tmpfs): all of it is always resident.");
    }
    const bool isOwner = info.st_uid == ::geteuid();
    if (!isOwner && ::faccessat(AT_FDCWD, path.constData(), W_OK, AT_EACCESS) != 0) {
        return Texts::tr(
            "You may not write this file, so the kernel reports all of it as resident.");
    }
    return {};
}

} // namespace

std::uint64_t systemPageSize() {
    static const long size = ::sysconf(_SC_PAGESIZE);
    return size > 0 ? static_cast<std::uint64_t>(size) : 4096;
}

FoundResidency sampleResidency(const QString& path, std::uint64_t limit) {
    FoundResidency sample;
    const QByteArray name = QFile::encodeName(path);
    const Descriptor file(name);
    struct stat info {};
    if (file.get() < 0 || ::fstat(file.get(), &info) != 0 || !S_ISREG(info.st_mode) ||
        info.st_size <= 0) {
        sample.caveat = Texts::tr("The file could not be sampled.");
        return sample;
    }
    sample.fileSize = static_cast<std::uint64_t>(info.st_size);
    sample.caveat = caveatOf(file.get(), name, info);
    const std::uint64_t length = std::min(sample.fileSize, limit);
    void* map = ::mmap(nullptr, length, PROT_READ, MAP_SHARED, file.get(), 0);
    if (map == MAP_FAILED) {
        sample.caveat = Texts::tr("The file could not be sampled.");
        return sample;
    }
    const std::uint64_t page = systemPageSize();
    sample.pages.resize((length + page - 1) / page);
    if (::mincore(map, length, sample.pages.data()) != 0) {
        sample.pages.clear();
        sample.caveat = Texts::tr("The file could not be sampled.");
    }
    ::munmap(map, length);
    // Only the lowest bit says something; the others are reserved.
    for (std::uint8_t& resident : sample.pages) {
        resident &= 1U;
    }
    return sample;
}

} // namespace pagescape::gui
