// SPDX-License-Identifier: MIT
// One cell of the page map.
#include "paint/cell_painter.h"

#include <algorithm>

namespace pagescape::gui {
namespace {

// Rising diagonals; clipped to the cell.
void paintHatch(QPainter& painter, const QRectF& rect, const QColor& color, qreal pixel) {
    painter.save();
    painter.setClipRect(rect, Qt::IntersectClip);
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(QPen(color, 2 * pixel, Qt::SolidLine, Qt::FlatCap));
    const qreal step = 5 * pixel;
    for (qreal x = rect.left() - rect.height(); x < rect.right(); x += step) {
        painter.drawLine(QPointF(x, rect.bottom()), QPointF(x + rect.height(), rect.top()));
    }
    painter.restore();
}

void paintDots(QPainter& painter, const QRectF& rect, const QColor& color, qreal pixel) {
    const qreal step = 3 * pixel;
    const qreal right = rect.right() - pixel;
    const qreal bottom = rect.bottom() - pixel;
    for (qreal x = rect.left(); x <= right; x += step) {
        painter.fillRect(QRectF(x, rect.top(), pixel, pixel), color);
        painter.fillRect(QRectF(x, bottom, pixel, pixel), color);
    }
    for (qreal y = rect.top() + step; y < bottom; y += step) {
        painter.fillRect(QRectF(rect.left(), y, pixel, pixel), color);
        painter.fillRect(QRectF(right, y, pixel, pixel), color);
    }
}

// Liang and Barsky: the part of a segment inside `area`. False when there is none.
bool clipSegment(QPointF& from, QPointF& to, const QRectF& area) {
    const QPointF delta = to - from;
    qreal enter = 0;
    qreal leave = 1;
    const std::array<std::pair<qreal, qreal>, 4> edges{{{-delta.x(), from.x() - area.left()},
                                                        {delta.x(), area.right() - from.x()},
                                                        {-delta.y(), from.y() - area.top()},
                                                        {delta.y(), area.bottom() - from.y()}}};
    for (const auto& [direction, distance] : edges) {
        if (direction == 0) {
            if (distance < 0) {
                return false;
            }
        } else if (direction < 0) {
            enter = std::max(enter, distance / direction);
        } else {
            leave = std::min(leave, distance / direction);
        }
    }
    if (enter > leave) {
        return false;
    }
    to = from + delta * leave;
    from += delta * enter;
    return true;
}

} // namespace

QRectF visibleArea(const QPainter& painter) {
    return painter.worldTransform().inverted().mapRect(QRectF(painter.viewport()));
}

void drawClippedPolyline(QPainter& painter, const QPolygonF& points, const QRectF& area) {
    // Pieces that stay connected are drawn as one, so that joins and antialiasing look the same.
    QPolygonF piece;
    const auto flush = [&painter, &piece] {
        if (piece.size() > 1) {
            painter.drawPolyline(piece);
        }
        piece.clear();
    };
    for (qsizetype i = 0; i + 1 < points.size(); ++i) {
        QPointF from = points[i];
        QPointF to = points[i + 1];
        if (!clipSegment(from, to, area)) {
            flush();
            continue;
        }
        if (piece.isEmpty() || piece.last() != from) {
            flush();
            piece << from;
        }
        piece << to;
    }
    flush();
}

ClassStyle dimmedStyle(const ClassStyle& style, const Theme& theme) {
    const QColor background = theme.color(Theme::Role::Background);
    ClassStyle dimmed = style;
    dimmed.fill = blended(style.fill, background, kDimShare);
    if (style.outline.isValid()) {
        dimmed.outline = blended(style.outline, background, kDimShare);
    }
    return dimmed;
}

std::array<QRgb, 256> classColors(Lens lens, const Theme& theme, const ClassMask& shown,
                                  bool dimAll) {
    const QColor background = theme.color(Theme::Role::Background);
    std::array<QRgb, 256> colors{};
    for (std::size_t i = 0; i < colors.size(); ++i) {
        const QColor color = lensClassColor(lens, static_cast<LensClass>(i), theme);
        const bool isDimmed = dimAll || !shown.test(i);
        colors[i] = (isDimmed ? blended(color, background, kDimShare) : color).rgb();
    }
    return colors;
}

void paintFrame(QPainter& painter, const QRectF& rect, qreal width, const QColor& color) {
    const qreal w = std::min({width, rect.width() / 2, rect.height() / 2});
    const qreal inner = rect.height() - 2 * w;
    painter.fillRect(QRectF(rect.left(), rect.top(), rect.width(), w), color);
    painter.fillRect(QRectF(rect.left(), rect.bottom() - w, rect.width(), w), color);
    painter.fillRect(QRectF(rect.left(), rect.top() + w, w, inner), color);
    painter.fillRect(QRectF(rect.right() - w, rect.top() + w, w, inner), color);
}

void paintCellShape(QPainter& painter, const QRectF& rect, const ClassStyle& style,
                    const Theme& theme, qreal pixel) {
    const QColor background = theme.color(Theme::Role::Background);
    const QColor outline = style.outline.isValid() ? style.outline : style.fill;
    switch (style.pattern) {
    case ClassPattern::Solid:
    case ClassPattern::Faded:
        painter.fillRect(rect, style.fill);
        if (style.outline.isValid()) {
            paintFrame(painter, rect, pixel, outline);
        }
        break;
    case ClassPattern::Hollow:
        painter.fillRect(rect, background);
        paintFrame(painter, rect, 2 * pixel, outline);
        break;
    case ClassPattern::Hatched:
        painter.fillRect(rect, background);
        paintHatch(painter, rect, style.fill, pixel);
        paintFrame(painter, rect, pixel, outline);
        break;
    case ClassPattern::Dotted:
        painter.fillRect(rect, style.fill);
        paintDots(painter, rect, outline, pixel);
        break;
    case ClassPattern::Alarm: {
        // A light line inside the frame keeps it visible on a cell of its own colour.
        painter.fillRect(rect, style.fill);
        const QRectF inside = rect.adjusted(pixel, pixel, -pixel, -pixel);
        paintFrame(painter, rect, pixel, outline);
        paintFrame(painter, inside, pixel, background);
        break;
    }
    }
}

QColor cellTextColor(const ClassStyle& style, const Theme& theme) {
    switch (style.pattern) {
    case ClassPattern::Hollow:
    case ClassPattern::Hatched:
    case ClassPattern::Dotted: return theme.color(Theme::Role::Text);
    case ClassPattern::Solid:
    case ClassPattern::Faded:
    case ClassPattern::Alarm: break;
    }
    return theme.textOn(style.fill);
}

} // namespace pagescape::gui
