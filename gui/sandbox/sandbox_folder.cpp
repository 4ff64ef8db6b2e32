// SPDX-License-Identifier: MIT
#include "sandbox/sandbox_folder.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

namespace pagescape::gui {

namespace {

constexpr auto kPrefix = "pagescape-sandbox-";
constexpr auto kMarker = ".pagescape-sandbox";
constexpr auto kMagic = "pagescape sandbox 1";

QString markerPath(const QString& folder) {
    return folder + QLatin1Char('/') + QLatin1String(kMarker);
}

bool isOurs(const QString& path, mode_t kind) {
    struct stat found {};
    return ::lstat(QFile::encodeName(path).constData(), &found) == 0 &&
           (found.st_mode & S_IFMT) == kind && found.st_uid == ::geteuid() &&
           (found.st_mode & 0022U) == 0;
}

QStringList candidates() {
    QStringList folders;
    const QDir temporary(QDir::tempPath());
    for (const QString& name : temporary.entryList({QLatin1String(kPrefix) + QLatin1Char('*')},
                                                   QDir::Dirs | QDir::NoDotAndDotDot)) {
        const QString folder = temporary.filePath(name);
        if (isOurs(folder, S_IFDIR) && isOurs(markerPath(folder), S_IFREG)) {
            folders += folder;
        }
    }
    return folders;
}

} // namespace

SandboxFolder::SandboxFolder(QString folder, int marker, QString path, bool isCopy)
    : m_folder(std::move(folder)), m_marker(marker), m_path(std::move(path)), m_isCopy(isCopy) {}

SandboxFolder::~SandboxFolder() {
    if (m_isRemoved) {
        QFile::remove(m_path);
        QFile::remove(partPath());
        QFile::remove(markerPath(m_folder));
        QDir().rmdir(m_folder); // only when nothing else was put there
    }
    ::close(m_marker);
}

// The marker gets its name once it is locked: under that name it is never seen free.
std::unique_ptr<SandboxFolder> SandboxFolder::make(const QString& fileName, bool isCopy) {
    QTemporaryDir folder(QDir::tempPath() + QLatin1Char('/') + QLatin1String(kPrefix) +
                         QStringLiteral("XXXXXX"));
    if (!folder.isValid()) {
        return nullptr;
    }
    const QString name = QFileInfo(fileName).fileName();
    const QByteArray text = QByteArray(kMagic) + (isCopy ? "\ncopy\n" : "\nnew\n") +
                            name.toUtf8().toPercentEncoding() + '\n';
    const QString marker = markerPath(folder.path());
    const QByteArray unnamed = QFile::encodeName(marker + QStringLiteral(".new"));
    const int descriptor =
        ::open(unnamed.constData(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) {
        return nullptr;
    }
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0 ||
        ::write(descriptor, text.constData(), std::size_t(text.size())) != text.size() ||
        ::rename(unnamed.constData(), QFile::encodeName(marker).constData()) != 0) {
        ::close(descriptor);
        return nullptr;
    }
    folder.setAutoRemove(false);
    return std::unique_ptr<SandboxFolder>(
        new SandboxFolder(folder.path(), descriptor, folder.filePath(name), isCopy));
}

// A folder of ours that no living process holds; it stays when the answer ends. Null otherwise.
std::unique_ptr<SandboxFolder> SandboxFolder::open(const QString& folder) {
    const int descriptor = ::open(QFile::encodeName(markerPath(folder)).constData(),
                                  O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (descriptor < 0) {
        return nullptr;
    }
    std::array<char, 4096> buffer{};
    const ssize_t got = ::flock(descriptor, LOCK_EX | LOCK_NB) == 0
                            ? ::pread(descriptor, buffer.data(), buffer.size(), 0)
                            : -1;
    const QList<QByteArray> lines =
        QByteArray(buffer.data(), got < 0 ? 0 : qsizetype(got)).split('\n');
    const bool isWhole = lines.size() == 4 && lines[0] == kMagic && lines[3].isEmpty() &&
                         (lines[1] == "copy" || lines[1] == "new");
    const QString name =
        isWhole ? QString::fromUtf8(QByteArray::fromPercentEncoding(lines[2])) : QString();
    // Gone meanwhile: another process removed the folder between the opening and the lock.
    if (name.isEmpty() || name.contains(u'/') || name == QLatin1String(".") ||
        name == QLatin1String("..") || !isOurs(markerPath(folder), S_IFREG)) {
        ::close(descriptor);
        return nullptr;
    }
    std::unique_ptr<SandboxFolder> opened(new SandboxFolder(
        folder, descriptor, folder + QLatin1Char('/') + name, lines[1] == "copy"));
    opened->m_isRemoved = false;
    return opened;
}

std::vector<LeftSandbox> SandboxFolder::left() {
    std::vector<LeftSandbox> found;
    for (const QString& folder : candidates()) {
        const auto opened = open(folder);
        if (opened && isOurs(opened->path(), S_IFREG)) {
            found.push_back(
                {opened->path(), opened->isCopy(), QFileInfo(opened->path()).lastModified()});
        }
    }
    std::sort(found.begin(), found.end(),
              [](const LeftSandbox& a, const LeftSandbox& b) { return a.changed > b.changed; });
    return found;
}

std::unique_ptr<SandboxFolder> SandboxFolder::adopt(const LeftSandbox& sandbox) {
    const QString folder = QFileInfo(sandbox.path).path();
    if (!candidates().contains(folder)) {
        return nullptr;
    }
    auto opened = open(folder);
    if (!opened || opened->path() != sandbox.path || !isOurs(sandbox.path, S_IFREG)) {
        return nullptr;
    }
    return opened;
}

int SandboxFolder::removeUnfinished() {
    int removed = 0;
    for (const QString& folder : candidates()) {
        const auto opened = open(folder);
        if (opened && !QFileInfo::exists(opened->path())) {
            opened->m_isRemoved = true;
            ++removed;
        }
    }
    return removed;
}

} // namespace pagescape::gui
