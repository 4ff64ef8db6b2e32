// SPDX-License-Identifier: MIT
// SandboxFolder: where the file of a sandbox lies: in a folder of its own under the temporary
// folder, beside a marker that its owner keeps locked. A program that was killed leaves the folder,
// and a marker that nobody holds.
#pragma once

#include <QDateTime>
#include <QString>

#include <memory>
#include <vector>

namespace pagescape::gui {

/// A sandbox whose program has ended without removing it.
struct LeftSandbox {
    QString path;        ///< of its database
    bool isCopy = false; ///< of a file of that name; else it began as a new database
    QDateTime changed;   ///< when its database was written last
};

/// Holds the folder for as long as it lives, and removes it then if it may. Thread: one at a time.
class SandboxFolder {
public:
    /// A new folder for a database of that name; the name stays readable in titles. The database is
    /// not made. Null when the temporary folder cannot be written.
    [[nodiscard]] static std::unique_ptr<SandboxFolder> make(const QString& fileName, bool isCopy);

    /// What killed programs of this user left, the newest first. A folder counts when its name, its
    /// owner and its marker are ours and no process holds the marker; a symbolic link never does.
    /// Cost: a look at the names in the temporary folder.
    [[nodiscard]] static std::vector<LeftSandbox> left();
    /// Takes over one of left(). It stays when the answer ends, see setRemovedAtEnd(). Null when
    /// another process was faster.
    [[nodiscard]] static std::unique_ptr<SandboxFolder> adopt(const LeftSandbox& sandbox);
    /// Removes folders in which a copy was never finished: nobody can want them. How many.
    static int removeUnfinished();

    /// Removes the database, what a stopped copy left of it, the marker, and the folder when
    /// nothing else was put there; only gives the folder up when it is not removed at the end.
    ~SandboxFolder();
    SandboxFolder(const SandboxFolder&) = delete;
    SandboxFolder& operator=(const SandboxFolder&) = delete;

    /// Where the database belongs.
    [[nodiscard]] const QString& path() const { return m_path; }
    /// Where it is copied to before it is whole.
    [[nodiscard]] QString partPath() const { return m_path + QStringLiteral(".part"); }
    [[nodiscard]] bool isCopy() const { return m_isCopy; }
    /// Whether all of it goes when this ends. At first: what was made does, what was adopted not.
    void setRemovedAtEnd(bool isRemoved) { m_isRemoved = isRemoved; }

private:
    SandboxFolder(QString folder, int marker, QString path, bool isCopy);
    [[nodiscard]] static std::unique_ptr<SandboxFolder> open(const QString& folder);

    QString m_folder;
    int m_marker; // descriptor; its lock says that the sandbox is in use
    QString m_path;
    bool m_isCopy;
    bool m_isRemoved = true; // when this ends
};

} // namespace pagescape::gui
