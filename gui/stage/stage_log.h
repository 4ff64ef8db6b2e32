// SPDX-License-Identifier: MIT
// StageLog: all events of a sandbox, and the state after any of them. Every few thousand events a
// state is kept; one in between is replayed from there, so a seek costs the same anywhere. When the
// kept ones take too much memory every second is dropped, and seeks take twice as long at most.
#pragma once

#include "stage/stage_state.h"

#include <array>
#include <deque>
#include <vector>

namespace pagescape::gui {

/// Thread: one at a time.
class StageLog {
public:
    /// Events between two states that are kept, at first.
    static constexpr int kStride = 2048;
    /// Bytes of them, beyond the first.
    static constexpr std::uint64_t kMostKeptBytes = std::uint64_t{256} << 20U;
    /// Events kept at most; see isFull().
    static constexpr int kMostEvents = 1'000'000;

    StageLog() : StageLog(StageState()) {}
    explicit StageLog(StageState base, int stride = kStride,
                      std::uint64_t mostKeptBytes = kMostKeptBytes);

    /// Adds an event. When the log is full it is applied and not kept.
    void append(StageEvent event);
    /// The same for some of them, in their order.
    void appendAll(StageEvents events);
    /// Forgets the events from `count` on: a command was undone.
    void truncate(int count);
    /// The same for a log that may have been full by then: the state comes from whoever kept it,
    /// and so does how many events that were dropped are in it.
    void truncate(int count, StageState state, std::uint64_t dropped);

    [[nodiscard]] int size() const { return int(m_events.size()); }
    [[nodiscard]] const StageEvent& event(int index) const { return m_events[std::size_t(index)]; }
    /// True once events were dropped: the newest state can be shown, but not stepped to.
    [[nodiscard]] bool isFull() const { return m_dropped > 0; }
    [[nodiscard]] std::uint64_t droppedEvents() const { return m_dropped; }

    /// The state after event `index`; -1: before the first. Clamped. Cost: at most a stride of
    /// events.
    [[nodiscard]] StageState stateAt(int index) const;
    /// Brings a state that was read here from after event `from` to after event `to`, no earlier
    /// one; both stand in the log. Cost: the events between, or at most a stride of them.
    void advance(StageState& state, int from, int to) const;
    /// Changes when events were taken away: a state read before may be of another history.
    [[nodiscard]] std::uint64_t revision() const { return m_revision; }
    /// The state after everything that happened, dropped events too.
    [[nodiscard]] const StageState& newest() const { return m_newest; }

    /// Numbers of the events that are steps at a level, ascending.
    [[nodiscard]] const std::vector<int>& steps(StageLevel level) const {
        return m_steps[std::size_t(level)];
    }
    /// Events between two kept states now.
    [[nodiscard]] int stride() const { return m_stride; }
    /// Bytes that they take beyond the first, about.
    [[nodiscard]] std::uint64_t keptBytes() const { return m_keptBytes; }
    /// Index of the CommandEvent that an event belongs to; -1: it stands before the first.
    [[nodiscard]] int commandAt(int index) const;

private:
    void keepNewest();
    void countKept();

    std::deque<StageEvent> m_events;
    int m_stride;
    std::uint64_t m_mostKeptBytes;
    std::uint64_t m_keptBytes = 0;  // of m_kept: what each does not share with the one before
    std::vector<StageState> m_kept; // [i]: before event i x m_stride
    StageState m_newest;
    std::array<std::vector<int>, kStageLevelCount> m_steps;
    std::vector<int> m_commands; // indices of CommandEvents
    std::uint64_t m_dropped = 0;
    std::uint64_t m_revision = 0;
};

} // namespace pagescape::gui
