// SPDX-License-Identifier: MIT
#include "paint/reader_pattern.h"

#include "paint/cell_painter.h"

#include <algorithm>

namespace pagescape::gui {

namespace {

constexpr double kTint = 0.28; // share of the reader's colour under its pattern

// Parallel lines from the lower to the upper edge that lean by `slope` times the height.
void paintLines(QPainter& painter, const QRectF& rect, qreal pitch, qreal slope) {
    const qreal lean = rect.height() * slope;
    const qreal begin = rect.left() - std::max(lean, 0.0);
    const qreal end = rect.right() - std::min(lean, 0.0);
    for (qreal x = begin; x < end; x += pitch) {
        painter.drawLine(QPointF(x, rect.bottom()), QPointF(x + lean, rect.top()));
    }
}

void paintRows(QPainter& painter, const QRectF& rect, qreal pitch) {
    for (qreal y = rect.top() + pitch / 2; y < rect.bottom(); y += pitch) {
        painter.drawLine(QPointF(rect.left(), y), QPointF(rect.right(), y));
    }
}

void paintDots(QPainter& painter, const QRectF& rect, qreal pitch, const QColor& color) {
    const qreal size = pitch / 3;
    bool isOdd = false;
    for (qreal y = rect.top() + size; y < rect.bottom(); y += pitch * 0.6) {
        for (qreal x = rect.left() + (isOdd ? pitch / 2 : 0) + size; x < rect.right(); x += pitch) {
            painter.fillRect(QRectF(x, y, size, size), color);
        }
        isOdd = !isOdd;
    }
}

} // namespace

void paintReaderPattern(QPainter& painter, const QRectF& rect, std::uint64_t reader,
                        const Theme& theme, qreal pitch) {
    if (rect.isEmpty() || pitch <= 0) {
        return;
    }
    const std::uint64_t number = reader == 0 ? 0 : reader - 1;
    const QColor color = theme.ownerColor(BucketIndex(number));
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setClipRect(rect, Qt::IntersectClip);
    painter.fillRect(rect, blended(color, theme.color(Theme::Role::Background), kTint));
    painter.setPen(QPen(color, std::max(1.0, pitch / 6), Qt::SolidLine, Qt::FlatCap));
    switch (number % kReaderPatternCount) {
    case 0: paintLines(painter, rect, pitch, 1); break;
    case 1: paintDots(painter, rect, pitch, color); break;
    case 2: paintLines(painter, rect, pitch, -1); break;
    case 3: paintLines(painter, rect, pitch, 0); break;
    case 4: paintRows(painter, rect, pitch * 0.7); break;
    default: paintLines(painter, rect, pitch * 1.4, 1); paintLines(painter, rect, pitch * 1.4, -1);
    }
    painter.restore();
    paintFrame(painter, rect, 1, theme.color(Theme::Role::DimText));
}

} // namespace pagescape::gui
