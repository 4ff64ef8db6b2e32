// SPDX-License-Identifier: MIT
#include "stage/sitting.h"

#include <algorithm>

namespace pagescape::gui {

namespace {

// The first `most` bytes of a text, without half a character at the end.
std::string_view cutText(std::string_view text, std::size_t most) {
    if (text.size() <= most) {
        return text;
    }
    const auto isInside = [&](std::size_t at) {
        return (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
    };
    while (most > 0 && isInside(most)) {
        --most;
    }
    return text.substr(0, most);
}

template <typename Item, typename Event>
void cutFrom(std::vector<Item>& items, int count, Event event) {
    const auto first = std::partition_point(items.begin(), items.end(),
                                            [&](const Item& item) { return event(item) < count; });
    items.erase(first, items.end());
}

} // namespace

void Sitting::follow(const StageLog& log) {
    truncate(log.size());
    // After an undo the log may have grown again. A command keeps its number for good, and undo
    // ends where a command ends: so what follows the last number that agrees is new.
    while (!m_commands.empty()) {
        const auto* command = std::get_if<CommandEvent>(&log.event(m_commands.back()));
        if (command != nullptr && command->command == m_numbers.back()) {
            break;
        }
        truncate(m_commands.back());
    }
    for (; m_events < log.size(); ++m_events) {
        add(log.event(m_events));
    }
    m_isCut = log.isFull();
}

void Sitting::truncate(int count) {
    if (count >= m_events) {
        return;
    }
    m_events = std::max(count, 0);
    cutFrom(m_spans, count, [](const SittingSpan& span) { return span.begin; });
    if (!m_spans.empty() && m_spans.back().end >= count) {
        m_spans.back().end = -1;
        m_spans.back().outcome = SpanEnd::Open;
    }
    if (!m_spans.empty() && m_spans.back().begin + 1 >= count) {
        m_spans.back().released = 0;
    }
    cutFrom(m_marks, count, [](const SittingMark& mark) { return mark.event; });
    cutFrom(m_commands, count, [](int event) { return event; });
    m_numbers.resize(m_commands.size());
    m_textEnds.resize(m_commands.size());
    m_texts.resize(m_textEnds.empty() ? 0 : m_textEnds.back());
    cutFrom(m_readers, count, [](const SittingReader& bar) { return bar.open; });
    for (SittingReader& bar : m_readers) {
        bar.close = bar.close >= count ? -1 : bar.close;
    }
    settleLanes();
}

// What is open, and which lanes are free, as the bars say it.
void Sitting::settleLanes() {
    m_open.clear();
    m_freeLanes.clear();
    m_lanes = 0;
    for (std::size_t i = 0; i < m_readers.size(); ++i) {
        for (; m_lanes <= m_readers[i].lane; ++m_lanes) {
            m_freeLanes.insert(m_lanes);
        }
        if (m_readers[i].close < 0) {
            m_open[m_readers[i].reader] = i;
        }
    }
    for (const auto& [reader, bar] : m_open) {
        m_freeLanes.erase(m_readers[bar].lane);
    }
}

void Sitting::add(const StageEvent& event) {
    if (const auto* command = std::get_if<CommandEvent>(&event)) {
        addCommand(*command);
    } else if (const auto* reader = std::get_if<ReaderEvent>(&event)) {
        addReader(*reader);
    } else if (std::holds_alternative<FailureEvent>(event)) {
        m_marks.push_back({m_events, 0, 0});
    } else if (const auto* write = std::get_if<WriteTraceEvent>(&event)) {
        if (const auto* phase = std::get_if<WriteTxEvent>(write)) {
            addWrite(*phase);
        } else if (const auto* remap = std::get_if<RemapEvent>(write)) {
            m_marks.push_back({m_events, remap->newLength, remap->oldLength});
        } else if (const auto* release = std::get_if<ReleaseEvent>(write);
                   release != nullptr && !m_spans.empty()) {
            m_spans.back().released = release->pages;
        }
    }
}

void Sitting::addCommand(const CommandEvent& event) {
    m_commands.push_back(m_events);
    m_numbers.push_back(event.command);
    m_texts += cutText(event.text, kTextBytes);
    m_textEnds.push_back(std::uint32_t(m_texts.size()));
}

void Sitting::addReader(const ReaderEvent& event) {
    const auto open = m_open.find(event.reader);
    if (open != m_open.end()) { // its end; or another one has its number now
        SittingReader& bar = m_readers[open->second];
        bar.close = m_events;
        m_freeLanes.insert(bar.lane);
        m_open.erase(open);
    }
    if (!event.isOpen) {
        return;
    }
    int lane = m_lanes;
    if (m_freeLanes.empty()) {
        ++m_lanes;
    } else {
        lane = *m_freeLanes.begin();
        m_freeLanes.erase(m_freeLanes.begin());
    }
    m_open[event.reader] = m_readers.size();
    m_readers.push_back({m_events, -1, event.reader, event.txid.value, lane});
}

void Sitting::addWrite(const WriteTxEvent& event) {
    using Phase = WriteTxEvent::Phase;
    const bool isOpen = !m_spans.empty() && m_spans.back().end < 0;
    if (event.phase == Phase::Begin) {
        if (isOpen) { // it was dropped untold
            m_spans.back().end = m_events - 1;
            m_spans.back().outcome = SpanEnd::RolledBack;
        }
        m_spans.push_back({m_events, -1, event.txid.value, SpanEnd::Open});
    } else if (isOpen) {
        m_spans.back().end = m_events;
        m_spans.back().outcome = event.phase == Phase::Commit      ? SpanEnd::Committed
                                 : event.phase == Phase::Uncertain ? SpanEnd::Uncertain
                                                                   : SpanEnd::RolledBack;
    }
}

QString Sitting::commandText(std::size_t command) const {
    if (command >= m_textEnds.size()) {
        return {};
    }
    const std::size_t begin = command == 0 ? 0 : m_textEnds[command - 1];
    return QString::fromUtf8(m_texts.data() + begin, qsizetype(m_textEnds[command] - begin));
}

std::optional<std::size_t> Sitting::commandAt(int event) const {
    const auto after = std::upper_bound(m_commands.begin(), m_commands.end(), event);
    if (after == m_commands.begin()) {
        return std::nullopt;
    }
    return std::size_t(after - m_commands.begin()) - 1;
}

std::optional<std::size_t> Sitting::spanAt(int event) const {
    const auto after = std::partition_point(m_spans.begin(), m_spans.end(),
                                            [&](const SittingSpan& s) { return s.begin <= event; });
    if (after == m_spans.begin()) {
        return std::nullopt;
    }
    const auto span = std::prev(after);
    if (span->end >= 0 && span->end < event) {
        return std::nullopt;
    }
    return std::size_t(span - m_spans.begin());
}

std::optional<std::size_t> Sitting::readerAt(std::uint64_t reader, int event) const {
    for (std::size_t i = m_readers.size(); i-- > 0;) {
        const SittingReader& bar = m_readers[i];
        if (bar.reader == reader && bar.open <= event && (bar.close < 0 || bar.close > event)) {
            return i;
        }
    }
    return std::nullopt;
}

bool operator==(const Sitting& a, const Sitting& b) {
    return a.m_events == b.m_events && a.m_spans == b.m_spans && a.m_readers == b.m_readers &&
           a.m_marks == b.m_marks && a.m_commands == b.m_commands && a.m_texts == b.m_texts &&
           a.m_textEnds == b.m_textEnds && a.m_lanes == b.m_lanes;
}

} // namespace pagescape::gui
