// SPDX-License-Identifier: MIT
#include "layout/remap_layout.h"

#include <algorithm>
#include <cmath>

namespace pagescape::gui {

namespace {

constexpr quint64 kWidestGap = 2;     // times both mappings together; a wider one is cut
constexpr qreal kNarrowestShare = 24; // the smaller mapping has at least this part of the width

} // namespace

RemapLayout::RemapLayout(const RemapValues& values, const QRectF& area, qreal lineHeight,
                         qreal pixelRatio)
    : m_values(values), m_area(area), m_ratio(pixelRatio) {
    if (values.newLength == 0 || area.isEmpty()) {
        return;
    }
    const quint64 oldEnd = values.oldAddress + values.oldLength;
    const quint64 newEnd = values.newAddress + values.newLength;
    Stretch first{values.newAddress, newEnd, area.left(), area.right()};
    if (!hasOld()) {
        m_stretches = {first};
    } else {
        Stretch second{values.oldAddress, oldEnd, area.left(), area.right()};
        if (second.begin < first.begin) {
            std::swap(first, second);
        }
        const quint64 both = values.oldLength + values.newLength;
        if (second.begin <= first.end || second.begin - first.end <= kWidestGap * both) {
            m_stretches = {
                {first.begin, std::max(first.end, second.end), area.left(), area.right()}};
        } else {
            m_cutBytes = second.begin - first.end;
            const qreal gap = 3 * lineHeight;
            const qreal room = std::max<qreal>(area.width() - gap, 1);
            const qreal least = room / kNarrowestShare;
            const qreal share = room * (double(first.end - first.begin) / double(both));
            first.right = first.left + std::clamp(share, least, room - least);
            second.left = first.right + gap;
            m_stretches = {first, second};
            m_cut = QRectF(first.right, area.top(), gap, area.height());
        }
    }
    // The old mapping above, the new one below; where there was none, the new one has it all.
    const qreal between = lineHeight * 0.8;
    const qreal row = hasOld() ? (area.height() - between) / 2 : area.height();
    const auto rect = [&](quint64 begin, quint64 end, qreal top) {
        const qreal left = xOf(begin);
        return QRectF(left, top, std::max<qreal>(xOf(end) - left, 2), row);
    };
    if (hasOld()) {
        m_old = rect(values.oldAddress, oldEnd, area.top());
    }
    m_new = rect(values.newAddress, newEnd, area.bottom() - row);
}

qreal RemapLayout::snap(qreal x) const {
    return std::round(x * m_ratio) / m_ratio;
}

qreal RemapLayout::xOf(quint64 address) const {
    const Stretch* in = nullptr;
    for (const Stretch& stretch : m_stretches) {
        if (in == nullptr || address >= stretch.begin) {
            in = &stretch;
        }
    }
    if (in == nullptr || in->end == in->begin) {
        return m_area.left();
    }
    const quint64 inside = std::clamp(address, in->begin, in->end) - in->begin;
    const double share = double(inside) / double(in->end - in->begin);
    return snap(in->left + share * (in->right - in->left));
}

QRectF RemapLayout::movingRect(qreal t) const {
    if (!hasOld()) {
        return m_new;
    }
    const auto mix = [t](qreal from, qreal to) { return from + (to - from) * t; };
    return {mix(m_old.left(), m_new.left()), mix(m_old.top(), m_new.top()),
            mix(m_old.width(), m_new.width()), mix(m_old.height(), m_new.height())};
}

QRectF RemapLayout::part(quint64 bytes) const {
    if (m_values.newLength == 0) {
        return {};
    }
    const double share = double(std::min(bytes, m_values.newLength)) / double(m_values.newLength);
    return {m_new.left(), m_new.top(), snap(m_new.width() * share), m_new.height()};
}

WaitLayout::WaitLayout(std::vector<WaitBar> bars, int remap, const QRectF& area, qreal nameWidth,
                       qreal lineHeight)
    : m_area(area), m_nameWidth(nameWidth), m_lineHeight(lineHeight), m_bars(std::move(bars)),
      m_remap(remap) {
    m_times.push_back(remap);
    for (const WaitBar& bar : m_bars) {
        for (const int time : {bar.begin, bar.end, bar.waitBegin, bar.waitEnd}) {
            if (time >= 0) {
                m_times.push_back(time);
            }
        }
    }
    std::ranges::sort(m_times);
    m_times.erase(std::unique(m_times.begin(), m_times.end()), m_times.end());
    const int rows = std::max(0, int(area.height() / lineHeight));
    const int count = int(m_bars.size());
    m_shown = count <= rows ? count : std::max(0, rows - 1);
}

qreal WaitLayout::xOf(int event) const {
    const QRectF room = m_area.adjusted(m_nameWidth, 0, 0, 0);
    const auto at = std::ranges::lower_bound(m_times, event);
    const qreal step = room.width() / qreal(m_times.size() + 1);
    return room.left() + step * qreal(at - m_times.begin() + 1);
}

QRectF WaitLayout::rowRect(int bar) const {
    return {m_area.left(), m_area.top() + bar * m_lineHeight, m_area.width(), m_lineHeight};
}

QRectF WaitLayout::nameRect(int bar) const {
    QRectF row = rowRect(bar);
    row.setWidth(m_nameWidth);
    return row;
}

QRectF WaitLayout::moreRect() const {
    return rowRect(m_shown);
}

QRectF WaitLayout::barRect(int bar) const {
    const WaitBar& values = m_bars[std::size_t(bar)];
    const QRectF row = rowRect(bar);
    // The writer's transaction began before the remap; a reader of the file as found before all.
    const qreal left = bar == 0 || values.begin < 0 ? row.left() + m_nameWidth : xOf(values.begin);
    const qreal last =
        values.waitEnd >= 0 && values.end >= 0 ? std::max(values.end, values.waitEnd) : values.end;
    const bool goesOn = values.end < 0 || (values.isWaiting && values.waitEnd < 0);
    const qreal right = goesOn ? row.right() : xOf(int(last));
    return {left, row.top() + m_lineHeight * 0.2, std::max<qreal>(right - left, 2),
            m_lineHeight * 0.6};
}

std::optional<QRectF> WaitLayout::waitRect(int bar) const {
    const WaitBar& values = m_bars[std::size_t(bar)];
    if (!values.isWaiting) {
        return std::nullopt;
    }
    QRectF rect = barRect(bar);
    rect.setLeft(xOf(values.waitBegin));
    rect.setRight(values.waitEnd < 0 ? m_area.right() : xOf(values.waitEnd));
    return rect;
}

} // namespace pagescape::gui
