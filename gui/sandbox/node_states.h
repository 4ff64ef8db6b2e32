// SPDX-License-Identifier: MIT
// NodeStates: what the stage looked like after commands that ended when the event log was full and
// could not keep their events. All other states are read from the log.
#pragma once

#include "stage/stage_log.h"

#include <cstdint>
#include <map>
#include <vector>

namespace pagescape::gui {

/// Thread: one at a time.
class NodeStates {
public:
    /// Bytes that are kept; the oldest states are dropped first.
    static constexpr std::uint64_t kMostBytes = std::uint64_t{256} << 20U;

    explicit NodeStates(std::uint64_t mostBytes = kMostBytes) : m_mostBytes(mostBytes) {}

    /// Keeps the newest state of a log as that of a node, if the log is full. The nodes whose
    /// states were dropped for it: nobody can go back to them.
    std::vector<int> keep(int node, const StageLog& log);
    /// Cuts a log to `count` events and the state of a node, which is on its present path.
    void truncate(StageLog& log, int node, int count) const;

    [[nodiscard]] std::size_t size() const { return m_kept.size(); }
    [[nodiscard]] std::uint64_t bytes() const { return m_bytes; }

private:
    struct Kept {
        StageState state;
        std::uint64_t dropped = 0; // events that the log did not keep
        std::uint64_t bytes = 0;   // beyond the one before, or beyond the first of the log
    };
    void weigh(std::map<int, Kept>::iterator at, const StageLog& log);
    void erase(std::map<int, Kept>::iterator at, const StageLog& log);

    std::uint64_t m_mostBytes;
    std::uint64_t m_bytes = 0;
    std::map<int, Kept> m_kept; // by node
};

} // namespace pagescape::gui
