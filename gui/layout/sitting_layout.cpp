// SPDX-License-Identifier: MIT
#include "layout/sitting_layout.h"

#include <algorithm>
#include <cmath>

namespace pagescape::gui {

namespace {

constexpr int kFixedLanes = 3;       // ruler, commands, transactions
constexpr qreal kLaneShare = 1.3;    // of a line of text
constexpr double kWidestEvent = 2.5; // lines of text: wider cells say no more

} // namespace

SittingLayout::SittingLayout(const SittingValues& values, const QRectF& area,
                             const SittingMetrics& metrics, const SittingZoom& zoom)
    : m_values(values), m_metrics(metrics) {
    const QRectF inner =
        area.adjusted(metrics.margin, metrics.margin, -metrics.margin, -metrics.margin);
    const qreal gutter = std::min(metrics.gutter, inner.width() / 2);
    m_gutter = QRectF(inner.left(), inner.top(), gutter, inner.height());
    m_plot = QRectF(inner.left() + gutter, inner.top(), std::max(1.0, inner.width() - gutter),
                    inner.height());
    const int room = int(m_plot.height() / (metrics.line * kLaneShare));
    m_showsMarks = values.hasMarks && room > kFixedLanes;
    m_shownReaders =
        std::clamp(room - kFixedLanes - (m_showsMarks ? 1 : 0), 0, std::max(values.readerLanes, 0));

    const bool hasCommands = !values.commands.empty();
    const bool isDense = values.events > int(m_plot.width() * metrics.devicePixelRatio);
    m_axis = hasCommands && isDense ? Axis::Commands : Axis::Events;
    m_lead = hasCommands && values.commands.front() > 0 ? 1 : 0;
    m_units = m_axis == Axis::Commands ? double(values.commands.size()) + m_lead
                                       : double(std::max(values.events, 1));
    m_zoom = clamped(zoom);
}

qreal SittingLayout::heightFor(const SittingValues& values, const SittingMetrics& metrics) {
    const int lanes = kFixedLanes + values.readerLanes + (values.hasMarks ? 1 : 0);
    return std::ceil(lanes * metrics.line * kLaneShare + 2 * metrics.margin);
}

QRectF SittingLayout::laneAt(int index, int count) const {
    const qreal height = m_metrics.line * kLaneShare;
    return {m_plot.left(), m_plot.top() + index * height, m_plot.width(), count * height};
}

QRectF SittingLayout::markLane() const {
    return m_showsMarks ? laneAt(kFixedLanes + m_shownReaders, 1) : QRectF();
}

double SittingLayout::unitOf(int event) const {
    const int at = std::clamp(event, 0, m_values.events);
    if (m_axis == Axis::Events) {
        return at;
    }
    const std::span<const int> commands = m_values.commands;
    if (at >= m_values.events) {
        return m_units;
    }
    const auto after = std::upper_bound(commands.begin(), commands.end(), at);
    const auto index = after - commands.begin();
    const int begin = index == 0 ? 0 : commands[std::size_t(index) - 1];
    const int end = after == commands.end() ? m_values.events : *after;
    return double(index) - 1 + m_lead + double(at - begin) / std::max(end - begin, 1);
}

int SittingLayout::eventOfUnit(double unit) const {
    if (unit < 0) {
        return -1;
    }
    if (unit >= m_units) {
        return m_values.events - 1;
    }
    if (m_axis == Axis::Events) {
        return std::min(int(unit), m_values.events - 1);
    }
    const std::span<const int> commands = m_values.commands;
    const auto index = std::size_t(unit);
    const std::size_t command = index + 1 - std::size_t(m_lead); // of the end of the cell
    const int begin = command == 0 ? 0 : commands[command - 1];
    const int end = command < commands.size() ? commands[command] : m_values.events;
    // A hair more than the quotient, so that the left edge of a cell is in it.
    const double inside = (unit - double(index)) * (end - begin) + 1e-6;
    return std::clamp(begin + int(inside), begin, std::max(end - 1, begin));
}

double SittingLayout::mostZoom() const {
    return std::max(1.0, m_values.events * kWidestEvent * m_metrics.line / m_plot.width());
}

SittingZoom SittingLayout::clamped(SittingZoom zoom) const {
    zoom.factor = std::clamp(zoom.factor, 1.0, mostZoom());
    zoom.left = std::clamp(zoom.left, 0.0, m_units - m_units / zoom.factor);
    return zoom;
}

SittingZoom SittingLayout::zoomed(double factor, qreal x) const {
    const double share = std::clamp((x - m_plot.left()) / m_plot.width(), 0.0, 1.0);
    const double fixed = m_zoom.left + share * visibleUnits();
    SittingZoom zoom;
    zoom.factor = std::clamp(m_zoom.factor * factor, 1.0, mostZoom());
    zoom.left = fixed - share * m_units / zoom.factor;
    return clamped(zoom);
}

SittingZoom SittingLayout::showing(int event) const {
    const qreal x = positionX(event);
    if (x >= m_plot.left() && x <= m_plot.right()) {
        return m_zoom;
    }
    SittingZoom zoom = m_zoom;
    zoom.left = unitOf(event + 1) - visibleUnits() / 2;
    return clamped(zoom);
}

SittingZoom SittingLayout::moved(qreal pixels) const {
    SittingZoom zoom = m_zoom;
    zoom.left += pixels / m_plot.width() * visibleUnits();
    return clamped(zoom);
}

qreal SittingLayout::xOf(int event) const {
    return m_plot.left() + (unitOf(event) - m_zoom.left) / visibleUnits() * m_plot.width();
}

int SittingLayout::eventAt(qreal x) const {
    if (m_values.events == 0) {
        return -1;
    }
    return eventOfUnit(m_zoom.left + (x - m_plot.left()) / m_plot.width() * visibleUnits());
}

int SittingLayout::firstVisible() const {
    return std::max(eventAt(m_plot.left()), 0);
}

int SittingLayout::endVisible() const {
    return std::min(eventAt(m_plot.right()) + 1, m_values.events);
}

QRectF SittingLayout::barRect(int first, int last, const QRectF& lane) const {
    const qreal begin = std::max(xOf(first), m_plot.left());
    const qreal end = std::min(xOf(last + 1), m_plot.right());
    const qreal narrowest = 1 / m_metrics.devicePixelRatio;
    if (lane.isEmpty() || end < begin || begin > m_plot.right() - narrowest / 2 ||
        (end <= m_plot.left() && xOf(last + 1) < m_plot.left())) {
        return {};
    }
    return {begin, lane.top(), std::max(end - begin, narrowest), lane.height()};
}

} // namespace pagescape::gui
