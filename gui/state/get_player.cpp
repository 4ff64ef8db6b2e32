// SPDX-License-Identifier: MIT
// The player keeps only a position; everything shown is computed anew by frameAt.
#include "state/get_player.h"

#include "pagescape/format.h"

#include <QTimer>

#include <algorithm>
#include <utility>
#include <variant>

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

// Folds one event after another into a frame.
class FrameBuilder {
public:
    explicit FrameBuilder(PlayerFrame& frame) : m_frame(frame) {}

    void operator()(const MetaChosenEvent& e) {
        touch(PageId{e.meta});
        const std::uint64_t page = std::uint64_t{e.meta} * e.pageSize;
        m_frame.bytes =
            ByteRange{page + format::kMetaAt, page + format::kMetaAt + format::kMetaSize};
    }
    void operator()(const BucketHopEvent& e) {
        if (e.level > 0) {
            ++m_frame.hops;
        }
        m_frame.bytes = e.header;
    }
    void operator()(const PageReadEvent& e) {
        touch(e.page);
        m_run = e.bytes;
        m_frame.bytes = e.bytes;
    }
    void operator()(const ProbeEvent& e) {
        m_frame.currentPage = e.page;
        m_frame.bytesCompared += e.bytesCompared;
        ++m_frame.comparisons;
        m_frame.element = static_cast<int>(e.middle);
        m_frame.bytes = e.key;
        m_frame.probe = ProbeState{e.page, e.low, e.high, e.middle, e.order, e.key};
    }
    void operator()(const ChildChosenEvent& e) {
        m_frame.currentPage = e.page;
        m_frame.element = static_cast<int>(e.index);
        m_frame.nextPage = e.child;
        const std::uint64_t at =
            format::kPageHeaderSize + std::uint64_t{e.index} * format::kElementSize;
        if (at < m_run.size()) {
            m_frame.bytes = ByteRange{m_run.begin + at, m_run.begin + at + format::kElementSize};
        }
    }
    void operator()(const LeafHitEvent& e) {
        m_frame.currentPage = e.page;
        m_frame.element = static_cast<int>(e.index);
        m_frame.bytes = e.key;
        m_found = m_frame.element;
    }
    void operator()(const LeafMissEvent& e) {
        m_frame.currentPage = e.page;
        m_frame.element = static_cast<int>(e.index);
        m_frame.bytes = m_run;
    }
    void operator()(const ValueSliceEvent& e) {
        m_frame.currentPage = e.page;
        m_frame.element = m_found;
        m_frame.bytes = e.value;
        m_frame.value = e.value;
    }

    // What belongs to one event only must not linger.
    void beginEvent() {
        m_frame.bytes.reset();
        m_frame.probe.reset();
        m_frame.nextPage.reset();
        m_frame.element = -1;
    }

private:
    void touch(PageId page) {
        m_frame.currentPage = page;
        auto& lit = m_frame.litPages;
        if (std::find(lit.begin(), lit.end(), page) == lit.end()) {
            lit.push_back(page);
        }
    }

    PlayerFrame& m_frame;
    ByteRange m_run;  // of the page read last
    int m_found = -1; // element of the last hit
};

bool isProbe(const TraceEvent& event) {
    return std::holds_alternative<ProbeEvent>(event);
}

} // namespace

PlayerFrame frameAt(const GetTrace& trace, int event) {
    PlayerFrame frame;
    const int last = static_cast<int>(trace.events.size()) - 1;
    frame.event = std::clamp(event, -1, last);
    FrameBuilder builder(frame);
    for (int i = 0; i <= frame.event; ++i) {
        builder.beginEvent();
        std::visit(builder, trace.events[static_cast<std::size_t>(i)]);
    }
    frame.isEnd = frame.event >= 0 && frame.event == last;
    return frame;
}

GetPlayer::GetPlayer(std::unique_ptr<PlayerClock> clock, QObject* parent)
    : QObject(parent), m_clock(clock ? std::move(clock) : std::make_unique<TimerClock>()) {}

GetPlayer::~GetPlayer() {
    m_clock->cancel();
}

void GetPlayer::setTrace(GetTracePtr trace) {
    setPlaying(false);
    m_trace = std::move(trace);
    rebuildSteps();
    m_position = -1;
    m_frame = {};
    Q_EMIT traceChanged();
    Q_EMIT frameChanged(m_frame);
}

void GetPlayer::rebuildSteps() {
    m_steps.clear();
    if (!m_trace) {
        return;
    }
    for (std::size_t i = 0; i < m_trace->events.size(); ++i) {
        if (m_level == Level::Byte || !isProbe(m_trace->events[i])) {
            m_steps.push_back(static_cast<int>(i));
        }
    }
}

int GetPlayer::stepNumber() const {
    // The number of steps at or before the position.
    const auto after = std::upper_bound(m_steps.begin(), m_steps.end(), m_position);
    return static_cast<int>(after - m_steps.begin());
}

bool GetPlayer::atEnd() const {
    return m_steps.empty() || m_position >= m_steps.back();
}

void GetPlayer::setLevel(Level level) {
    if (level == m_level) {
        return;
    }
    m_level = level;
    rebuildSteps();
    Q_EMIT levelChanged(level);
    seek(m_position);
}

const std::vector<double>& GetPlayer::speeds() {
    static const std::vector<double> all{0.25, 0.5, 1, 2, 4, kInstant};
    return all;
}

void GetPlayer::setSpeed(double speed) {
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

void GetPlayer::slower() {
    const auto& all = speeds();
    const auto at = std::find(all.begin(), all.end(), m_speed);
    if (at != all.begin() && at != all.end()) {
        setSpeed(*std::prev(at));
    }
}

void GetPlayer::faster() {
    const auto& all = speeds();
    const auto at = std::find(all.begin(), all.end(), m_speed);
    if (at != all.end() && std::next(at) != all.end()) {
        setSpeed(*std::next(at));
    }
}

void GetPlayer::setCaptionWords(std::function<int(int event)> words) {
    m_words = std::move(words);
}

std::chrono::milliseconds GetPlayer::rest() const {
    if (m_speed == kInstant) {
        return std::chrono::milliseconds{0};
    }
    const int words = m_words ? std::max(0, m_words(m_position)) : 0;
    const auto normal = std::max(kRest, kRestPerWord * words);
    return std::chrono::milliseconds{
        static_cast<std::chrono::milliseconds::rep>(static_cast<double>(normal.count()) / m_speed)};
}

void GetPlayer::first() {
    moveTo(-1);
}

void GetPlayer::back() {
    seekStep(stepNumber() - 1);
}

void GetPlayer::forward() {
    seekStep(stepNumber() + 1);
}

void GetPlayer::last() {
    seekStep(stepCount());
}

void GetPlayer::seek(int event) {
    const auto after = std::upper_bound(m_steps.begin(), m_steps.end(), event);
    moveTo(after == m_steps.begin() ? -1 : *std::prev(after));
}

void GetPlayer::seekStep(int step) {
    const int target = std::clamp(step, 0, stepCount());
    moveTo(target == 0 ? -1 : m_steps[static_cast<std::size_t>(target - 1)]);
}

void GetPlayer::nextOfKind() {
    moveByKind(1);
}

void GetPlayer::previousOfKind() {
    moveByKind(-1);
}

void GetPlayer::moveByKind(int direction) {
    if (m_position < 0 || !m_trace) {
        return;
    }
    const auto& events = m_trace->events;
    const auto kind = events[static_cast<std::size_t>(m_position)].index();
    for (int step = stepNumber() + direction; step >= 1 && step <= stepCount(); step += direction) {
        const int event = m_steps[static_cast<std::size_t>(step - 1)];
        if (events[static_cast<std::size_t>(event)].index() == kind) {
            moveTo(event);
            return;
        }
    }
}

void GetPlayer::play() {
    if (m_steps.empty()) {
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

void GetPlayer::pause() {
    setPlaying(false);
}

void GetPlayer::togglePlay() {
    if (m_isPlaying) {
        pause();
    } else {
        play();
    }
}

void GetPlayer::moveTo(int event) {
    if (event == m_position) {
        return;
    }
    m_position = event;
    m_frame = m_trace ? frameAt(*m_trace, event) : PlayerFrame{};
    if (m_isPlaying) {
        if (atEnd()) {
            setPlaying(false);
        } else {
            scheduleTick();
        }
    }
    Q_EMIT frameChanged(m_frame);
}

void GetPlayer::setPlaying(bool isPlaying) {
    if (!isPlaying) {
        m_clock->cancel();
    }
    if (isPlaying == m_isPlaying) {
        return;
    }
    m_isPlaying = isPlaying;
    Q_EMIT playingChanged(isPlaying);
}

void GetPlayer::scheduleTick() {
    m_clock->start(rest(), [this] { tick(); });
}

void GetPlayer::tick() {
    if (m_isPlaying) {
        if (m_speed == kInstant) {
            last();
        } else {
            forward();
        }
    }
}

} // namespace pagescape::gui
