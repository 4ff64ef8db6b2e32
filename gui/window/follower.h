// SPDX-License-Identifier: MIT
// Follower: keeps up with a file that another program writes. Each scan that was whole is compared
// with the one before; a scan that mixed two versions is said to be mixed and compared with
// nothing.
#pragma once

#include "models/seen_changes.h"
#include "session/file_session.h"
#include "session/job.h"

#include <QObject>

#include <memory>
#include <optional>

namespace pagescape::gui {

/// Survives the sessions it follows: each new transaction is a new session of the same file.
class Follower : public QObject {
    Q_OBJECT
public:
    explicit Follower(QObject* parent = nullptr) : QObject(parent) {}

    /// Begins, or ends and forgets what was seen.
    void setFollowing(bool isFollowing);
    [[nodiscard]] bool isFollowing() const { return m_isFollowing; }

    /// Watches this session, the newest of the file. It asks for the next one when its scan ended
    /// and the file moved on.
    void watch(FileSession* session);

    /// Scans that were whole, and that were not, since it began.
    [[nodiscard]] quint64 wholeScans() const { return m_whole; }
    [[nodiscard]] quint64 mixedScans() const { return m_mixed; }

Q_SIGNALS:
    void reloadRequested();
    /// A whole scan showed these changes against the whole scan before it.
    void changesSeen(const pagescape::gui::SeenChanges& changes);
    /// A scan mixed two versions: what the window shows is not one version.
    void mixedSeen(quint64 mixedScans, quint64 wholeScans);

private:
    struct Seen;

    void onScanFinished(FileSession* session, bool whole, const QString& error);
    void compareWithLast(FileSession* session);
    void goOn();

    bool m_isFollowing = false;
    bool m_isScanDone = false;
    bool m_hasMovedOn = false;
    const FileSession* m_session = nullptr; // the one that is watched; never followed
    std::shared_ptr<const CensusSnapshot> m_last;
    QString m_path; // of m_last
    quint64 m_whole = 0;
    quint64 m_mixed = 0;
    Job<std::shared_ptr<const Seen>> m_seeing;
};

} // namespace pagescape::gui
