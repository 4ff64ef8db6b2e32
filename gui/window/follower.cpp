// SPDX-License-Identifier: MIT
#include "window/follower.h"

#include <utility>

namespace pagescape::gui {

/// A whole scan, and what it changed.
struct Follower::Seen {
    std::shared_ptr<const CensusSnapshot> snapshot;
    std::optional<SeenChanges> changes; // nothing before it, or the same transaction
};

void Follower::setFollowing(bool isFollowing) {
    m_isFollowing = isFollowing;
    m_seeing.cancel();
    m_last.reset();
    m_whole = m_mixed = 0;
    goOn();
}

void Follower::watch(FileSession* session) {
    m_session = session;
    m_isScanDone = false;
    m_hasMovedOn = false;
    connect(session, &FileSession::scanFinished, this,
            [this, session](bool whole, const QString& error) {
                onScanFinished(session, whole, error);
            });
    connect(session, &FileSession::fileMovedOn, this, [this](quint64 transactions) {
        m_hasMovedOn = transactions > 0;
        goOn();
    });
}

void Follower::onScanFinished(FileSession* session, bool whole, const QString& error) {
    if (m_isFollowing && error.isEmpty() && whole) {
        compareWithLast(session);
        return;
    }
    m_isScanDone = true;
    if (!m_isFollowing || !error.isEmpty()) {
        return;
    }
    ++m_mixed;
    m_hasMovedOn = true;
    Q_EMIT mixedSeen(m_mixed, m_whole);
    goOn();
}

// In the background: both the snapshot and the comparison look at every page.
void Follower::compareWithLast(FileSession* session) {
    if (m_path != session->path()) { // another file was opened
        m_path = session->path();
        m_last.reset();
    }
    m_seeing.start(
        [census = session->census(), last = m_last](const JobControl&) {
            auto seen = std::make_shared<Seen>();
            seen->snapshot = std::make_shared<const CensusSnapshot>(snapshotOf(*census));
            if (last && last->txid != seen->snapshot->txid) {
                seen->changes = changesBetween(*last, *seen->snapshot);
            }
            return std::shared_ptr<const Seen>(std::move(seen));
        },
        [this, session](const std::shared_ptr<const Seen>& seen) {
            ++m_whole;
            m_last = seen->snapshot;
            m_isScanDone = m_isScanDone || m_session == session;
            if (seen->changes) {
                Q_EMIT changesSeen(*seen->changes);
            }
            goOn();
        });
}

void Follower::goOn() {
    if (m_isFollowing && m_isScanDone && m_hasMovedOn) {
        m_hasMovedOn = false;
        Q_EMIT reloadRequested();
    }
}

} // namespace pagescape::gui
