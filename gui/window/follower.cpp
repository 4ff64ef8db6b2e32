// SPDX-License-Identifier: MIT
#include "window/follower.h"

#include <utility>

namespace pagescape::gui {

void Follower::setFollowing(bool isFollowing) {
    m_isFollowing = isFollowing;
    m_last.reset();
    m_whole = m_mixed = 0;
    goOn();
}

void Follower::watch(FileSession* session) {
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
    m_isScanDone = true;
    if (!m_isFollowing || !error.isEmpty()) {
        return;
    }
    if (whole) {
        ++m_whole;
        if (m_path != session->path()) { // another file was opened
            m_path = session->path();
            m_last.reset();
        }
        CensusSnapshot seen = snapshotOf(*session->census());
        if (m_last && m_last->txid != seen.txid) {
            Q_EMIT changesSeen(changesBetween(*m_last, seen));
        }
        m_last = std::move(seen);
    } else {
        ++m_mixed;
        m_hasMovedOn = true;
        Q_EMIT mixedSeen(m_mixed, m_whole);
    }
    goOn();
}

void Follower::goOn() {
    if (m_isFollowing && m_isScanDone && m_hasMovedOn) {
        m_hasMovedOn = false;
        Q_EMIT reloadRequested();
    }
}

} // namespace pagescape::gui
