// SPDX-License-Identifier: MIT
#include "stage/stage_log.h"

#include <algorithm>
#include <utility>

namespace pagescape::gui {

StageLog::StageLog(StageState base, int stride) : m_stride(stride), m_newest(std::move(base)) {
    m_kept.push_back(m_newest);
}

void StageLog::append(StageEvent event) {
    applyEvent(m_newest, event);
    if (size() >= kMostEvents) {
        ++m_dropped;
        return;
    }
    const int index = size();
    for (auto level = std::size_t(levelOf(event)); level < kStageLevelCount; ++level) {
        m_steps[level].push_back(index);
    }
    if (std::holds_alternative<CommandEvent>(event)) {
        m_commands.push_back(index);
    }
    m_events.push_back(std::move(event));
    if (size() % m_stride == 0) {
        m_kept.push_back(m_newest);
    }
}

void StageLog::appendAll(StageEvents events) {
    for (StageEvent& event : events) {
        append(std::move(event));
    }
}

void StageLog::truncate(int count) {
    truncate(count, stateAt(count - 1));
}

void StageLog::truncate(int count, StageState state) {
    m_newest = std::move(state);
    m_dropped = 0;
    ++m_revision;
    if (count >= size()) {
        return;
    }
    m_events.resize(std::size_t(count));
    m_kept.resize(std::size_t(count / m_stride) + 1);
    const auto cut = [count](std::vector<int>& indices) {
        indices.erase(std::lower_bound(indices.begin(), indices.end(), count), indices.end());
    };
    std::for_each(m_steps.begin(), m_steps.end(), cut);
    cut(m_commands);
}

StageState StageLog::stateAt(int index) const {
    const int count = std::clamp(index + 1, 0, size());
    if (count == size() && m_dropped == 0) {
        return m_newest;
    }
    const int from = count / m_stride;
    StageState state = m_kept[std::size_t(from)];
    for (int i = from * m_stride; i < count; ++i) {
        applyEvent(state, m_events[std::size_t(i)]);
    }
    return state;
}

void StageLog::advance(StageState& state, int from, int to) const {
    to = std::min(to, size() - 1);
    if (to - from > m_stride) {
        state = stateAt(to);
        return;
    }
    for (int i = from + 1; i <= to; ++i) {
        applyEvent(state, m_events[std::size_t(i)]);
    }
}

int StageLog::commandAt(int index) const {
    const auto after = std::upper_bound(m_commands.begin(), m_commands.end(), index);
    return after == m_commands.begin() ? -1 : *std::prev(after);
}

} // namespace pagescape::gui
