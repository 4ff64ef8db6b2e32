// SPDX-License-Identifier: MIT
// GetPlayer: the time line of one traced Get. It only knows the engine's events; what is shown at
// an event is a pure function of the trace and the event's number, so stepping and seeking cannot
// differ.
#pragma once

#include "models/session_values.h"
#include "pagescape/types.h"
#include "state/playback.h"

#include <QMetaType>

#include <memory>
#include <optional>
#include <vector>

namespace pagescape::gui {

/// A binary search at one comparison: candidates are [low, high).
struct ProbeState {
    PageId page;
    std::uint32_t low = 0;
    std::uint32_t high = 0;
    std::uint32_t middle = 0;
    int order = 0; ///< target against the compared key: -1, 0, +1
    ByteRange key; ///< file bytes of the compared key
    friend bool operator==(const ProbeState&, const ProbeState&) = default;
};

/// What is known and lit after an event.
struct PlayerFrame {
    int event = -1;               ///< index of the event; -1: before the first
    std::vector<PageId> litPages; ///< pages touched so far, in order, each once
    std::optional<PageId> currentPage;
    std::optional<ByteRange> bytes;  ///< file bytes that the event is about
    int element = -1;                ///< element that the event is about, or -1
    std::optional<ProbeState> probe; ///< only at a probe
    std::optional<PageId> nextPage;  ///< child that was just chosen
    quint64 bytesCompared = 0;       ///< sum so far
    quint64 comparisons = 0;         ///< number so far
    quint32 hops = 0;                ///< nested buckets entered so far, without the root bucket
    bool isEnd = false;              ///< the last event
    std::optional<ByteRange> value;  ///< file bytes of the answer, once known

    [[nodiscard]] quint64 pagesTouched() const { return litPages.size(); }
    friend bool operator==(const PlayerFrame&, const PlayerFrame&) = default;
};

/// The frame after event `event`; -1 (or an empty trace) gives the frame before the first one.
/// Pure. Cost: linear in `event`.
[[nodiscard]] PlayerFrame frameAt(const GetTrace& trace, int event);

/// Steps through one trace, forwards and backwards. Starts paused before the first event.
class GetPlayer : public Playback {
    Q_OBJECT
public:
    /// Page level leaves the probes out as steps; their sums appear in the next step.
    enum class Level { Page, Byte };
    Q_ENUM(Level)

    /// `clock` null: a single-shot QTimer.
    explicit GetPlayer(std::unique_ptr<PlayerClock> clock = nullptr, QObject* parent = nullptr);

    /// Shows another trace (null: none), paused before its first event.
    void setTrace(GetTracePtr trace);
    [[nodiscard]] const GetTracePtr& trace() const { return m_trace; }

    [[nodiscard]] const PlayerFrame& frame() const { return m_frame; }
    /// Event indices that are steps at the present level, ascending.
    [[nodiscard]] const std::vector<int>& steps() const override { return m_steps; }

    [[nodiscard]] Level level() const { return m_level; }
    /// Keeps the place; a probe gives way to the step before it.
    void setLevel(Level level);
    [[nodiscard]] QStringList levelNames() const override;
    [[nodiscard]] int levelIndex() const override { return static_cast<int>(m_level); }
    void setLevelIndex(int index) override;

Q_SIGNALS:
    void traceChanged();
    void frameChanged(const pagescape::gui::PlayerFrame& frame);
    void levelChanged(pagescape::gui::GetPlayer::Level level);

protected:
    [[nodiscard]] std::size_t kindOf(int event) const override;
    void onMoved() override;

private:
    void rebuildSteps();

    GetTracePtr m_trace;
    std::vector<int> m_steps;
    PlayerFrame m_frame;
    Level m_level = Level::Page;
};

} // namespace pagescape::gui

Q_DECLARE_METATYPE(pagescape::gui::PlayerFrame)
