// SPDX-License-Identifier: MIT
#include "paint/growth_picture.h"

#include <QFontMetrics>
#include <QFontMetricsF>

#include <algorithm>

namespace pagescape::gui {

namespace {

constexpr qreal kWideInLines = 54; // width, in line heights, from which band and bars stand abreast
constexpr int kMostLanes = 8;

} // namespace

GrowthPicture::GrowthPicture(const GrowthPictureSpec& spec, const QFont& font) : m_spec(spec) {
    const QFontMetricsF metrics(font);
    const GrowthRemap* last = remap();
    if (last != nullptr) {
        m_lanes = remapLanes(*last, m_spec.event, m_spec.boltsWay);
    }
    m_rooms = rooms(QFontMetrics(font).height());
    GrowthMeasure measure = growthMeasure(m_spec.measure, metrics);
    measure.pixelRatio = m_spec.pixelRatio;
    measure.pageSize = std::max<quint32>(m_spec.series->pageSize(), 1);
    m_growth = GrowthLayout(growthSamples(*m_spec.series), m_rooms.curves, measure);
    const GrowthPoint& present = m_spec.present;
    m_values = {0, 0, present.map.address, present.map.length, present.used, present.fileSize};
    if (last != nullptr) {
        m_values.oldAddress = last->map.oldAddress;
        m_values.oldLength = last->map.oldLength;
    }
    m_band = RemapLayout(m_values, m_rooms.band, metrics.height(), m_spec.pixelRatio);
    const qreal names = std::min(laneNameWidth(m_lanes, metrics), m_rooms.waits.width() * 0.4);
    m_waits = WaitLayout(waitBars(m_lanes), last == nullptr ? -1 : last->event, m_rooms.waits,
                         names, metrics.height());
}

const GrowthRemap* GrowthPicture::remap() const {
    const int index = m_spec.series == nullptr ? -1 : m_spec.series->remapAt(m_spec.event);
    return index < 0 ? nullptr : &m_spec.series->remaps()[std::size_t(index)];
}

GrowthPicture::Rooms GrowthPicture::rooms(qreal line) const {
    const QRectF all = m_spec.room.adjusted(line * 0.5, line * 0.3, -line * 0.5, -line * 0.4);
    Rooms made;
    made.head = QRectF(all.left(), all.top(), all.width(), line);
    const int lanes = std::min(int(m_lanes.size()), kMostLanes);
    const qreal waitLines = m_spec.boltsWay ? 3 : 2;
    const bool isWide = all.width() > kWideInLines * line;
    const qreal bandHeight = 3.6 * line;
    qreal bottom = all.bottom();
    qreal top = made.head.bottom() + line * 0.2;
    const qreal leastCurves = 9 * line;
    if (isWide) {
        const qreal textLines = m_spec.boltsWay ? 4 : 3;
        const qreal height =
            std::max(bandHeight + 3 * line, textLines * line + std::max(lanes, 2) * line + line);
        if (bottom - top - height >= leastCurves) {
            const qreal half = (all.width() - 2 * line) / 2;
            top = bottom - height;
            made.bandTitle = QRectF(all.left(), top, half, line);
            made.band = QRectF(all.left(), top + 1.4 * line, half, bandHeight);
            made.bandLegend = QRectF(all.left(), made.band.bottom() + line * 0.3, half, line);
            const qreal left = all.right() - half;
            made.waitTitle = QRectF(left, top, half, textLines * line);
            made.waits = QRectF(left, made.waitTitle.bottom() + line * 0.3, half,
                                std::max(0.0, bottom - made.waitTitle.bottom() - line * 0.3));
            bottom = top - line * 0.4;
        }
    } else {
        // The bars go first where there is little room, then the band.
        const qreal waits = lanes == 0 ? 0 : (waitLines + lanes + 1.4) * line;
        const qreal band = bandHeight + 2.8 * line;
        const qreal room = bottom - top - leastCurves;
        qreal forWaits = std::min(waits, room - band);
        if (forWaits >= (waitLines + 1) * line) {
            made.waits = QRectF(all.left(), bottom - forWaits + (waitLines + 0.3) * line,
                                all.width(), forWaits - (waitLines + 0.3) * line);
            made.waitTitle = QRectF(all.left(), bottom - forWaits, all.width(), waitLines * line);
            bottom -= forWaits;
        } else if (lanes > 0 && room - band >= waitLines * line) {
            made.waitTitle =
                QRectF(all.left(), bottom - waitLines * line, all.width(), waitLines * line);
            bottom -= waitLines * line;
        }
        if (room >= band) {
            made.bandLegend = QRectF(all.left(), bottom - 1.3 * line, all.width(), line);
            made.band = QRectF(all.left(), made.bandLegend.top() - bandHeight - line * 0.2,
                               all.width(), bandHeight);
            made.bandTitle = QRectF(all.left(), made.band.top() - 1.2 * line, all.width(), line);
            bottom = made.bandTitle.top() - line * 0.2;
        }
    }
    made.curves = QRectF(all.left(), made.head.bottom() + line * 0.2, all.width(),
                         bottom - made.head.bottom() - line * 0.2);
    return made;
}

void GrowthPicture::paint(QPainter& painter, const Theme& theme, qreal transition,
                          int cursor) const {
    if (m_spec.series == nullptr) {
        return;
    }
    paintGrowth(painter, {&m_growth, &theme, growthSample(m_spec.present), cursor});
    const GrowthRemap* last = remap();
    const bool isHeld = last != nullptr && std::ranges::any_of(last->readers, [this](auto& reader) {
                            return reader.isOpenAt(m_spec.event);
                        });
    paintRemapBand(painter, {&m_band, &m_values, &theme, transition, isHeld});
    if (!m_rooms.bandLegend.isEmpty()) {
        paintRemapLegend(painter, m_rooms.bandLegend, m_values, theme);
    }
    paintWaits(painter, {&m_waits, &m_lanes, &theme});
    paintTexts(painter, theme, cursor);
}

void GrowthPicture::paintTexts(QPainter& painter, const Theme& theme, int cursor) const {
    const QFontMetricsF metrics(painter.font());
    const auto line = [&](const QRectF& room, const QString& text) {
        painter.drawText(room, Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(text, Qt::ElideRight, room.width()));
    };
    painter.setPen(theme.color(Theme::Role::Text));
    if (cursor >= 0) {
        painter.setPen(theme.color(Theme::Role::Accent));
        const GrowthPoint& point = m_spec.series->points()[std::size_t(cursor)];
        line(m_rooms.head, growthText(point) + QStringLiteral(". ") + growthStepText(point));
        painter.setPen(theme.color(Theme::Role::Text));
    } else {
        line(m_rooms.head, growthText(m_spec.present));
    }
    const GrowthRemap* last = remap();
    if (!m_rooms.bandTitle.isEmpty()) {
        line(m_rooms.bandTitle, remapTitle(last, m_spec.present));
    }
    if (last != nullptr && !m_rooms.waitTitle.isEmpty()) {
        painter.drawText(m_rooms.waitTitle,
                         int(Qt::AlignLeft | Qt::AlignTop) | int(Qt::TextWordWrap),
                         waitText(*last, m_spec.event, m_spec.boltsWay));
    }
}

} // namespace pagescape::gui
