// SPDX-License-Identifier: MIT
#include "sandbox/node_states.h"

#include <iterator>

namespace pagescape::gui {

std::vector<int> NodeStates::keep(int node, const StageLog& log) {
    if (const auto old = m_kept.find(node); old != m_kept.end()) {
        erase(old, log);
    }
    std::vector<int> gone;
    if (!log.isFull()) {
        return gone;
    }
    const auto kept = m_kept.insert_or_assign(node, Kept{log.newest(), log.droppedEvents(), 0});
    weigh(kept.first, log);
    if (const auto next = std::next(kept.first); next != m_kept.end()) {
        weigh(next, log);
    }
    while (m_bytes > m_mostBytes && m_kept.size() > 1) {
        const auto oldest = m_kept.begin() == kept.first ? std::next(kept.first) : m_kept.begin();
        gone.push_back(oldest->first);
        erase(oldest, log);
    }
    return gone;
}

void NodeStates::truncate(StageLog& log, int node, int count) const {
    if (const auto kept = m_kept.find(node); kept != m_kept.end()) {
        log.truncate(count, kept->second.state, kept->second.dropped);
    } else {
        log.truncate(count);
    }
}

void NodeStates::weigh(std::map<int, Kept>::iterator at, const StageLog& log) {
    m_bytes -= at->second.bytes;
    at->second.bytes = at->second.state.bytesBeyond(
        at == m_kept.begin() ? log.stateAt(-1) : std::prev(at)->second.state);
    m_bytes += at->second.bytes;
}

void NodeStates::erase(std::map<int, Kept>::iterator at, const StageLog& log) {
    m_bytes -= at->second.bytes;
    const auto next = m_kept.erase(at);
    if (next != m_kept.end()) {
        weigh(next, log);
    }
}

} // namespace pagescape::gui
