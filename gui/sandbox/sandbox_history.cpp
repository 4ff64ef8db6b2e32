// SPDX-License-Identifier: MIT
#include "sandbox/sandbox_history.h"

#include <algorithm>
#include <utility>

namespace pagescape::gui {

void SandboxHistory::add(const SandboxCommand& command, std::shared_ptr<const FileDelta> delta,
                         bool isQuiet, int eventsEnd) {
    for (int i = m_current + 1; i < size(); ++i) {
        if (node(i).parent == m_current && node(i).command == command) {
            setRun(i, std::move(delta), isQuiet, eventsEnd);
            moveTo(i);
            return;
        }
    }
    m_nodes.push_back({m_current, command, nullptr, isQuiet, eventsEnd, false, -1});
    moveTo(size() - 1);
    keepDelta(m_nodes.back(), std::move(delta));
}

void SandboxHistory::setRun(int index, std::shared_ptr<const FileDelta> delta, bool isQuiet,
                            int eventsEnd) {
    Node& run = m_nodes[std::size_t(index)];
    run.isQuiet = isQuiet;
    run.eventsEnd = eventsEnd;
    m_dropped = std::min(m_dropped, std::size_t(index));
    keepDelta(run, std::move(delta));
}

void SandboxHistory::keepDelta(Node& run, std::shared_ptr<const FileDelta> delta) {
    m_bytes -= run.delta ? run.delta->bytes() : 0;
    run.isTooLarge = delta->isTooLarge;
    run.delta = run.isTooLarge ? nullptr : std::move(delta);
    m_bytes += run.delta ? run.delta->bytes() : 0;
    dropOldDeltas();
}

void SandboxHistory::moveTo(int index) {
    m_current = index;
    for (int at = index; node(at).parent >= 0; at = node(at).parent) {
        m_nodes[std::size_t(node(at).parent)].nextChild = at;
    }
}

void SandboxHistory::setUnfinished(int base) {
    m_unfinished = m_unfinished < 0 ? base : std::min(m_unfinished, base);
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

bool SandboxHistory::isSyncedAt(int index, bool atFirst) const {
    for (; index > 0; index = node(index).parent) {
        if (node(index).command.kind == SandboxCommand::Kind::SetSync) {
            return node(index).command.number != 0;
        }
    }
    return atFirst;
}

std::uint64_t SandboxHistory::readersOpenedUntil(int index) const {
    std::uint64_t opened = 0;
    for (; index > 0; index = node(index).parent) {
        opened += node(index).command.kind == SandboxCommand::Kind::OpenReader ? 1U : 0U;
    }
    return opened;
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
    auto base = fork.first; // one behind the node whose state the file can give
    const auto isPassed = [&](int index) {
        return !node(index).isQuiet || (isUnfinished() && index > m_unfinished);
    };
    if (base != from.end() || isUnfinished()) {
        while (base != from.begin() && isPassed(*std::prev(base))) {
            --base;
        }
    }
    for (auto at = from.end(); at != base;) {
        if (!node(*--at).delta) {
            return std::nullopt;
        }
        route.undone.push_back(*at);
    }
    route.base = base == from.begin() ? 0 : *std::prev(base);
    route.rerun.assign(base, fork.first);
    route.rerun.insert(route.rerun.end(), fork.second, to.end());
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
