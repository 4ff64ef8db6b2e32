// SPDX-License-Identifier: MIT
#include "stage/stage_player.h"

#include "models/caption.h"
#include "stage/stage_caption.h"

#include <algorithm>

namespace pagescape::gui {

StagePlayer::StagePlayer(std::unique_ptr<PlayerClock> clock, QObject* parent)
    : Playback(std::move(clock), parent) {
    setCaptionWords([this](int event) {
        return m_log == nullptr ? 0 : wordCount(stageCaptionAt(*m_log, event));
    });
    connect(this, &Playback::moved, this, &StagePlayer::stageChanged);
}

void StagePlayer::setLog(const StageLog* log) {
    pause();
    m_log = log;
    m_read = nullptr; // another log may lie where one lay before
    m_isHeld = false;
    rewind();
    readState();
    if (m_log != nullptr && m_log->size() > 0) {
        last();
    } else {
        Q_EMIT stageChanged();
    }
}

void StagePlayer::logChanged() {
    if (m_log == nullptr) {
        return;
    }
    const int place = position();
    const bool follows = !m_isHeld && !isPlaying();
    keepPlace(); // also where undo took the present event away
    if (follows) {
        last();
    }
    if (position() == place) { // the same number may be another event now
        readState();
        Q_EMIT stageChanged();
    }
}

const StageEvent* StagePlayer::event() const {
    return m_log == nullptr || position() < 0 || position() >= m_log->size()
               ? nullptr
               : &m_log->event(position());
}

QStringList StagePlayer::levelNames() const {
    return {tr("Transactions"), tr("Operations"), tr("Pages"), tr("Bytes")};
}

void StagePlayer::setLevelIndex(int index) {
    if (index < 0 || index >= kStageLevelCount || index == int(m_level)) {
        return;
    }
    m_level = StageLevel(index);
    keepPlace();
}

void StagePlayer::toCommandStart() {
    if (m_log == nullptr) {
        return;
    }
    const int command = m_log->commandAt(std::max(0, position()));
    seek(command - 1);
}

const std::vector<int>& StagePlayer::steps() const {
    static const std::vector<int> kNone;
    return m_log == nullptr ? kNone : m_log->steps(m_level);
}

std::size_t StagePlayer::kindOf(int event) const {
    return pagescape::gui::kindOf(m_log->event(event));
}

void StagePlayer::onMoved() {
    readState();
    if (isPlaying() && event() != nullptr && m_breaks.test(pagescape::gui::kindOf(*event()))) {
        pause();
    }
}

void StagePlayer::readState() {
    const int place = position();
    const bool isKnown =
        m_log != nullptr && m_log == m_read && m_log->revision() == m_revision && m_place >= 0;
    if (m_log == nullptr) {
        m_before = m_now = StageState();
    } else if (!isKnown || place < m_place) {
        m_before = m_log->stateAt(place - 1);
        m_now = m_before;
    } else if (place > m_place) { // onwards from what is on show
        m_log->advance(m_now, m_place, place - 1);
        m_before = m_now;
    }
    if (const StageEvent* shown = event(); shown != nullptr && !(isKnown && place == m_place)) {
        applyEvent(m_now, *shown);
    }
    m_read = m_log;
    m_revision = m_log == nullptr ? 0 : m_log->revision();
    m_place = event() == nullptr ? -1 : place;
}

} // namespace pagescape::gui
