// SPDX-License-Identifier: MIT
#include "stage/stage_log.h"

#include <algorithm>
#include <utility>

namespace pagescape::gui {

StageLog::StageLog(StageState base, int stride, std::uint64_t mostKeptBytes)
    : m_stride(stride), m_mostKeptBytes(mostKeptBytes), m_newest(std::move(base)) {
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
        keepNewest();
    }
}

void StageLog::keepNewest() {
    m_keptBytes += m_newest.bytesBeyond(m_kept.back());
    m_kept.push_back(m_newest);
    while (m_keptBytes > m_mostKeptBytes && m_kept.size() > 2) { // every second goes
        for (std::size_t i = 1; 2 * i < m_kept.size(); ++i) {
            m_kept[i] = std::move(m_kept[2 * i]);
        }
        m_kept.resize((m_kept.size() + 1) / 2);
        m_stride *= 2;
        countKept();
    }
}

void StageLog::countKept() {
    m_keptBytes = 0;
    for (std::size_t i = 1; i < m_kept.size(); ++i) {
        m_keptBytes += m_kept[i].bytesBeyond(m_kept[i - 1]);
    }
}

void StageLog::appendAll(StageEvents events) {
    for (StageEvent& event : events) {
        append(std::move(event));
    }
}

void StageLog::truncate(int count) {
    truncate(count, stateAt(count - 1), 0);
}

void StageLog::truncate(int count, StageState state, std::uint64_t dropped) {
    m_newest = std::move(state);
    m_dropped = dropped;
    ++m_revision;
    if (count >= size()) {
        return;
    }
    m_events.resize(std::size_t(count));
    m_kept.resize(std::size_t(count / m_stride) + 1);
    countKept();
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
