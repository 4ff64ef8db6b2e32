// SPDX-License-Identifier: MIT
// GetPlayer: the time line of one traced Get. It only knows the engine's events; what is shown at
// an event is a pure function of the trace and the event's number, so stepping and seeking cannot
// differ.
#pragma once

#include "models/session_values.h"
#include "pagescape/types.h"

#include <QMetaType>
#include <QObject>

#include <chrono>
#include <functional>
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

/// A clock that calls back once. Tests bring their own, so that none has to wait.
class PlayerClock {
public:
    virtual ~PlayerClock() = default;
    /// Calls `fire` once after `delay`; a call that is still due is replaced.
    virtual void start(std::chrono::milliseconds delay, std::function<void()> fire) = 0;
    virtual void cancel() = 0;
};

/// Steps through one trace, forwards and backwards. Starts paused before the first event.
class GetPlayer : public QObject {
    Q_OBJECT
public:
    /// Page level leaves the probes out as steps; their sums appear in the next step.
    enum class Level { Page, Byte };
    Q_ENUM(Level)

    /// `clock` null: a single-shot QTimer.
    explicit GetPlayer(std::unique_ptr<PlayerClock> clock = nullptr, QObject* parent = nullptr);
    ~GetPlayer() override;

    /// Shows another trace (null: none), paused before its first event.
    void setTrace(GetTracePtr trace);
    [[nodiscard]] const GetTracePtr& trace() const { return m_trace; }

    /// Index of the event shown; -1 before the first.
    [[nodiscard]] int position() const { return m_position; }
    [[nodiscard]] const PlayerFrame& frame() const { return m_frame; }
    /// Event indices that are steps at the present level, ascending.
    [[nodiscard]] const std::vector<int>& steps() const { return m_steps; }
    /// 0 before the first event, else 1..stepCount(): for "step 7 of 23" and the slider.
    [[nodiscard]] int stepNumber() const;
    [[nodiscard]] int stepCount() const { return static_cast<int>(m_steps.size()); }
    [[nodiscard]] bool atStart() const { return m_position < 0; }
    [[nodiscard]] bool atEnd() const;

    [[nodiscard]] Level level() const { return m_level; }
    /// Keeps the place; a probe gives way to the step before it.
    void setLevel(Level level);

    [[nodiscard]] bool isPlaying() const { return m_isPlaying; }
    /// 1 is normal, 0.25 to 4; kInstant shows the end at once.
    [[nodiscard]] double speed() const { return m_speed; }
    void setSpeed(double speed);
    static constexpr double kInstant = 0;
    [[nodiscard]] static const std::vector<double>& speeds();
    void slower();
    void faster();

    /// Tells how many words the caption of an event has: playing rests long enough to read it.
    void setCaptionWords(std::function<int(int event)> words);
    /// How long playing rests on the present step.
    [[nodiscard]] std::chrono::milliseconds rest() const;

public Q_SLOTS:
    void first();
    void back();
    void forward();
    void last();
    /// Any event index; clamped, and at page level moved to the step at or before it.
    void seek(int event);
    /// 0 .. stepCount(), for a slider.
    void seekStep(int step);
    /// The next and previous step whose event has the same kind.
    void nextOfKind();
    void previousOfKind();
    /// From the end it starts over.
    void play();
    void pause();
    void togglePlay();

Q_SIGNALS:
    void traceChanged();
    void frameChanged(const pagescape::gui::PlayerFrame& frame);
    void levelChanged(pagescape::gui::GetPlayer::Level level);
    void playingChanged(bool isPlaying);
    void speedChanged(double speed);

private:
    void rebuildSteps();
    void moveTo(int event);
    void setPlaying(bool isPlaying);
    void scheduleTick();
    void tick();
    void moveByKind(int direction);

    std::unique_ptr<PlayerClock> m_clock;
    GetTracePtr m_trace;
    std::function<int(int)> m_words;
    std::vector<int> m_steps;
    PlayerFrame m_frame;
    int m_position = -1;
    double m_speed = 1;
    Level m_level = Level::Page;
    bool m_isPlaying = false;
};

} // namespace pagescape::gui

Q_DECLARE_METATYPE(pagescape::gui::PlayerFrame)
