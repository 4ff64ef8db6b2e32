// SPDX-License-Identifier: MIT
// Playback: a position in a row of numbered events, and all ways to move it. What an event means
// and what is shown at it belongs to the players that derive from this.
#pragma once

#include <QObject>
#include <QStringList>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace pagescape::gui {

/// A clock that calls back once. Tests bring their own, so that none has to wait.
class PlayerClock {
public:
    virtual ~PlayerClock() = default;
    /// Calls `fire` once after `delay`; a call that is still due is replaced.
    virtual void start(std::chrono::milliseconds delay, std::function<void()> fire) = 0;
    virtual void cancel() = 0;
};

/// Steps through a row of events 0, 1, 2 ..., forwards and backwards. Starts paused before the
/// first. At each level of detail some of the events are steps; the position is always one of
/// them, or -1. Moving costs a binary search, whatever the number of events.
class Playback : public QObject {
    Q_OBJECT
public:
    /// `clock` null: a single-shot QTimer.
    explicit Playback(std::unique_ptr<PlayerClock> clock = nullptr, QObject* parent = nullptr);
    ~Playback() override;

    /// Index of the event shown; -1 before the first.
    [[nodiscard]] int position() const { return m_position; }
    /// 0 before the first event, else 1..stepCount(): for "step 7 of 23" and the slider.
    [[nodiscard]] int stepNumber() const;
    [[nodiscard]] int stepCount() const { return static_cast<int>(steps().size()); }
    [[nodiscard]] bool atStart() const { return m_position < 0; }
    [[nodiscard]] bool atEnd() const;

    /// Names of the levels of detail, coarsest first; the same as long as the player lives.
    [[nodiscard]] virtual QStringList levelNames() const = 0;
    /// The present level, an index into levelNames().
    [[nodiscard]] virtual int levelIndex() const = 0;
    /// Keeps the place, or gives way to the step before it; stepsChanged() tells. An index outside
    /// levelNames() changes nothing.
    virtual void setLevelIndex(int index) = 0;

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
    /// Any event index; clamped, and moved to the step at or before it.
    void seek(int event);
    /// 0 .. stepCount(), for a slider.
    void seekStep(int step);
    /// The next and previous step whose event has the same kind; none: stays. Cost: linear in the
    /// steps between.
    void nextOfKind();
    void previousOfKind();
    /// From the end it starts over.
    void play();
    void pause();
    void togglePlay();

Q_SIGNALS:
    /// The position is another one, or the row is.
    void moved(int event);
    /// Other events are steps now: another level, or another row.
    void stepsChanged();
    void playingChanged(bool isPlaying);
    void speedChanged(double speed);

protected:
    /// Event indices that are steps at the present level, ascending. The reference is not kept.
    [[nodiscard]] virtual const std::vector<int>& steps() const = 0;
    /// Events of the same kind have the same number.
    [[nodiscard]] virtual std::size_t kindOf(int event) const = 0;
    /// position() is another one: builds what is shown there. Runs before playing ends at the last
    /// step and before moved(), so that whoever hears of either sees the new frame.
    virtual void onMoved() = 0;

    /// To be called when steps() belong to another row: pauses and goes before its first event.
    /// Runs onMoved() and tells of the steps; the subclass emits moved(-1) itself, once it has told
    /// what the row is.
    void rewind();
    /// To be called when steps() are others of the same row: tells, and goes to the step at or
    /// before the position.
    void keepPlace();

private:
    void moveTo(int event);
    void setPlaying(bool isPlaying);
    void scheduleTick();
    void tick();
    void moveByKind(int direction);

    std::unique_ptr<PlayerClock> m_clock;
    std::function<int(int)> m_words;
    int m_position = -1;
    double m_speed = 1;
    bool m_isPlaying = false;
};

} // namespace pagescape::gui
