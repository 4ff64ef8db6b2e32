// SPDX-License-Identifier: MIT
// Everything shown at a position is computed anew by frameAt.
#include "state/get_player.h"

#include "pagescape/format.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace pagescape::gui {

namespace {

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
    : Playback(std::move(clock), parent) {
    // Connected first of all, so that frame and position are told together.
    connect(this, &Playback::moved, this, [this] { Q_EMIT frameChanged(m_frame); });
}

void GetPlayer::setTrace(GetTracePtr trace) {
    pause();
    m_trace = std::move(trace);
    rebuildSteps();
    rewind();
    Q_EMIT traceChanged();
    Q_EMIT moved(position());
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

void GetPlayer::setLevel(Level level) {
    if (level == m_level) {
        return;
    }
    m_level = level;
    rebuildSteps();
    Q_EMIT levelChanged(level);
    keepPlace();
}

QStringList GetPlayer::levelNames() const {
    return {tr("Pages"), tr("Comparisons")};
}

void GetPlayer::setLevelIndex(int index) {
    if (index >= 0 && index < levelNames().size()) {
        setLevel(static_cast<Level>(index));
    }
}

std::size_t GetPlayer::kindOf(int event) const {
    return m_trace->events[static_cast<std::size_t>(event)].index();
}

void GetPlayer::onMoved() {
    m_frame = m_trace ? frameAt(*m_trace, position()) : PlayerFrame{};
}

} // namespace pagescape::gui
