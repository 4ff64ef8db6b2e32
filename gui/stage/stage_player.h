// SPDX-License-Identifier: MIT
// StagePlayer: the place on the time line of a sandbox. It moves over the events of a log; what is
// shown there is a pure function of the log and the event's number.
#pragma once

#include "stage/stage_log.h"
#include "state/playback.h"

#include <bitset>

namespace pagescape::gui {

/// Kinds of events at which playing pauses.
using StageKinds = std::bitset<kStageKindCount>;

/// Thread: GUI thread.
class StagePlayer : public Playback {
    Q_OBJECT
public:
    /// `clock` null: a single-shot QTimer.
    explicit StagePlayer(std::unique_ptr<PlayerClock> clock = nullptr, QObject* parent = nullptr);

    /// Plays this log (null: none), standing at its end. It must outlive its use here.
    void setLog(const StageLog* log);
    [[nodiscard]] const StageLog* log() const { return m_log; }
    /// The log got more events or lost some. A place at the end follows, unless it is held.
    void logChanged();

    /// The state before and after the event on show; at -1 both are the beginning.
    [[nodiscard]] const StageState& before() const { return m_before; }
    [[nodiscard]] const StageState& now() const { return m_now; }
    /// The event on show; null at -1.
    [[nodiscard]] const StageEvent* event() const;

    [[nodiscard]] StageLevel level() const { return m_level; }
    [[nodiscard]] QStringList levelNames() const override;
    [[nodiscard]] int levelIndex() const override { return int(m_level); }
    void setLevelIndex(int index) override;

    /// While held, new events do not move the place: for stepping through what comes.
    void setHeld(bool isHeld) { m_isHeld = isHeld; }
    /// Stands just before the first event of the command that the present event belongs to.
    void toCommandStart();

    [[nodiscard]] const StageKinds& breakKinds() const { return m_breaks; }
    void setBreakKinds(const StageKinds& kinds) { m_breaks = kinds; }

Q_SIGNALS:
    /// Another log, or another state on show.
    void stageChanged();

protected:
    [[nodiscard]] const std::vector<int>& steps() const override;
    [[nodiscard]] std::size_t kindOf(int event) const override;
    void onMoved() override;

private:
    void readState();

    const StageLog* m_log = nullptr;
    StageState m_before;
    StageState m_now;
    int m_place = -1;                 // that m_now is of
    const StageLog* m_read = nullptr; // where, and in which revision of it
    std::uint64_t m_revision = 0;
    StageKinds m_breaks;
    StageLevel m_level = StageLevel::Page;
    bool m_isHeld = false;
};

} // namespace pagescape::gui
