// SPDX-License-Identifier: MIT
// Only the position is kept; steps and kinds are asked for anew each time.
#include "state/playback.h"

#include <QTimer>

#include <algorithm>
#include <utility>

namespace pagescape::gui {

namespace {

// A step rests at least this long, and longer when its caption needs reading.
constexpr std::chrono::milliseconds kRest{1200};
constexpr std::chrono::milliseconds kRestPerWord{60};

class TimerClock final : public PlayerClock {
public:
    TimerClock() {
        m_timer.setSingleShot(true);
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] {
            if (const auto fire = m_fire) {
                fire();
            }
        });
    }
    void start(std::chrono::milliseconds delay, std::function<void()> fire) override {
        m_fire = std::move(fire);
        m_timer.start(delay);
    }
    void cancel() override { m_timer.stop(); }

private:
    QTimer m_timer;
    std::function<void()> m_fire;
};

} // namespace

Playback::Playback(std::unique_ptr<PlayerClock> clock, QObject* parent)
    : QObject(parent), m_clock(clock ? std::move(clock) : std::make_unique<TimerClock>()) {}

Playback::~Playback() {
    m_clock->cancel();
}

int Playback::stepNumber() const {
    // The number of steps at or before the position.
    const std::vector<int>& all = steps();
    const auto after = std::upper_bound(all.begin(), all.end(), m_position);
    return static_cast<int>(after - all.begin());
}

bool Playback::atEnd() const {
    const std::vector<int>& all = steps();
    return all.empty() || m_position >= all.back();
}

const std::vector<double>& Playback::speeds() {
    static const std::vector<double> all{0.25, 0.5, 1, 2, 4, kInstant};
    return all;
}

void Playback::setSpeed(double speed) {
    const double wanted = speed <= kInstant ? kInstant : std::clamp(speed, 0.25, 4.0);
    if (wanted == m_speed) {
        return;
    }
    m_speed = wanted;
    Q_EMIT speedChanged(m_speed);
    if (m_isPlaying) {
        scheduleTick();
    }
}

void Playback::slower() {
    const auto& all = speeds();
    const auto at = std::find(all.begin(), all.end(), m_speed);
    if (at != all.begin() && at != all.end()) {
        setSpeed(*std::prev(at));
    }
}

void Playback::faster() {
    const auto& all = speeds();
    const auto at = std::find(all.begin(), all.end(), m_speed);
    if (at != all.end() && std::next(at) != all.end()) {
        setSpeed(*std::next(at));
    }
}

void Playback::setCaptionWords(std::function<int(int event)> words) {
    m_words = std::move(words);
}

std::chrono::milliseconds Playback::rest() const {
    if (m_speed == kInstant) {
        return std::chrono::milliseconds{0};
    }
    const int words = m_words ? std::max(0, m_words(m_position)) : 0;
    const auto normal = std::max(kRest, kRestPerWord * words);
    return std::chrono::milliseconds{
        static_cast<std::chrono::milliseconds::rep>(static_cast<double>(normal.count()) / m_speed)};
}

void Playback::first() {
    moveTo(-1);
}

void Playback::back() {
    seekStep(stepNumber() - 1);
}

void Playback::forward() {
    seekStep(stepNumber() + 1);
}

void Playback::last() {
    seekStep(stepCount());
}

void Playback::seek(int event) {
    const std::vector<int>& all = steps();
    const auto after = std::upper_bound(all.begin(), all.end(), event);
    moveTo(after == all.begin() ? -1 : *std::prev(after));
}

void Playback::seekStep(int step) {
    const int target = std::clamp(step, 0, stepCount());
    moveTo(target == 0 ? -1 : steps()[static_cast<std::size_t>(target - 1)]);
}

void Playback::nextOfKind() {
    moveByKind(1);
}

void Playback::previousOfKind() {
    moveByKind(-1);
}

void Playback::moveByKind(int direction) {
    if (m_position < 0) {
        return;
    }
    const std::vector<int>& all = steps();
    const int count = static_cast<int>(all.size());
    const std::size_t kind = kindOf(m_position);
    for (int step = stepNumber() + direction; step >= 1 && step <= count; step += direction) {
        const int event = all[static_cast<std::size_t>(step - 1)];
        if (kindOf(event) == kind) {
            moveTo(event);
            return;
        }
    }
}

void Playback::play() {
    if (steps().empty()) {
        return;
    }
    if (m_speed == kInstant) {
        last();
        return;
    }
    if (atEnd()) {
        moveTo(-1);
    }
    setPlaying(true);
    scheduleTick();
}

void Playback::pause() {
    setPlaying(false);
}

void Playback::togglePlay() {
    if (m_isPlaying) {
        pause();
    } else {
        play();
    }
}

void Playback::rewind() {
    setPlaying(false);
    m_position = -1;
    onMoved();
    Q_EMIT stepsChanged();
}

void Playback::keepPlace() {
    Q_EMIT stepsChanged();
    seek(m_position);
    if (m_isPlaying && atEnd()) { // the place stayed, and no step is left behind it
        setPlaying(false);
    }
}

void Playback::moveTo(int event) {
    if (event == m_position) {
        return;
    }
    m_position = event;
    onMoved();
    if (m_isPlaying) {
        if (atEnd()) {
            setPlaying(false);
        } else {
            scheduleTick();
        }
    }
    Q_EMIT moved(m_position);
}

void Playback::setPlaying(bool isPlaying) {
    if (!isPlaying) {
        m_clock->cancel();
    }
    if (isPlaying == m_isPlaying) {
        return;
    }
    m_isPlaying = isPlaying;
    Q_EMIT playingChanged(isPlaying);
}

void Playback::scheduleTick() {
    m_clock->start(rest(), [this] { tick(); });
}

void Playback::tick() {
    if (m_isPlaying) {
        if (m_speed == kInstant) {
            last();
        } else {
            forward();
        }
    }
}

} // namespace pagescape::gui
