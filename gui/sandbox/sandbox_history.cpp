// SPDX-License-Identifier: MIT
#include "sandbox/sandbox_history.h"

#include <algorithm>
#include <utility>

namespace pagescape::gui {

void SandboxHistory::add(const SandboxCommand& command, std::shared_ptr<const FileDelta> delta,
                         bool isQuiet, int eventsEnd) {
    for (int i = m_current + 1; i < size(); ++i) {
        if (node(i).parent == m_current && node(i).command == command) {
            setCurrent(i, eventsEnd);
            return;
        }
    }
    m_bytes += delta->bytes();
    m_nodes.push_back({m_current, command, std::move(delta), isQuiet, eventsEnd, -1});
    moveTo(size() - 1);
    dropOldDeltas();
}

void SandboxHistory::setCurrent(int index, int eventsEnd) {
    m_nodes[std::size_t(index)].eventsEnd = eventsEnd;
    moveTo(index);
}

void SandboxHistory::moveTo(int index) {
    m_current = index;
    for (int at = index; node(at).parent >= 0; at = node(at).parent) {
        m_nodes[std::size_t(node(at).parent)].nextChild = at;
    }
}

void SandboxHistory::dropOldDeltas() {
    for (; m_bytes > kMostBytes && m_dropped + 1 < m_nodes.size(); ++m_dropped) {
        Node& old = m_nodes[m_dropped];
        if (old.delta && old.delta->isChanged) {
            m_bytes -= old.delta->bytes();
            old.delta.reset();
        }
    }
}

std::optional<int> SandboxHistory::undoTarget() const {
    if (m_current == 0 || !routeTo(node(m_current).parent)) {
        return std::nullopt;
    }
    return node(m_current).parent;
}

std::optional<int> SandboxHistory::redoTarget() const {
    const int next = node(m_current).nextChild;
    return next < 0 ? std::nullopt : std::optional(next);
}

std::vector<int> SandboxHistory::pathTo(int index) const {
    std::vector<int> path;
    for (; index > 0; index = node(index).parent) {
        path.push_back(index);
    }
    std::reverse(path.begin(), path.end());
    return path;
}

std::optional<HistoryRoute> SandboxHistory::routeTo(int target) const {
    const std::vector<int> from = pathTo(m_current);
    const std::vector<int> to = pathTo(target);
    const auto fork = std::mismatch(from.begin(), from.end(), to.begin(), to.end());
    HistoryRoute route;
    route.common = fork.first == from.begin() ? 0 : *std::prev(fork.first);
    route.redone.assign(fork.second, to.end());
    if (fork.first == from.end()) {
        return route; // only forwards
    }
    auto quiet = fork.first; // one behind the node whose state the file can give
    while (quiet != from.begin() && !node(*std::prev(quiet)).isQuiet) {
        --quiet;
    }
    for (auto at = from.end(); at != quiet;) {
        if (!node(*--at).delta) {
            return std::nullopt;
        }
        route.undone.push_back(*at);
    }
    route.replayed.assign(quiet, fork.first);
    return route;
}

std::vector<int> SandboxHistory::branchEnds() const {
    std::vector<int> ends;
    for (int i = 0; i < size(); ++i) {
        if (node(i).nextChild < 0) {
            ends.push_back(i);
        }
    }
    return ends;
}

} // namespace pagescape::gui
