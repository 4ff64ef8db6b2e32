// SPDX-License-Identifier: MIT
#include "paint/seen_marks.h"

#include "paint/cell_painter.h"

#include <algorithm>
#include <cmath>

namespace pagescape::gui {

namespace {

constexpr qreal kSmallest = 5;  // logical pixels of a mark: below that it is not seen
constexpr qreal kSignFrom = 14; // cells from which there is room for a sign

} // namespace

void paintSeenMark(QPainter& painter, const QRectF& cell, bool isWritten, double strength,
                   const Theme& theme) {
    const QColor background = theme.color(Theme::Role::Background);
    const QColor color = blended(theme.color(isWritten ? Theme::Role::Path : Theme::Role::DimText),
                                 background, std::clamp(strength, 0.0, 1.0));
    const qreal grow = std::max(0.0, (kSmallest - std::min(cell.width(), cell.height())) / 2);
    const QRectF rect = cell.adjusted(-grow, -grow, grow, grow);
    if (rect.width() < kSignFrom) { // a full square, or a hollow one
        if (isWritten) {
            painter.fillRect(rect, color);
        } else {
            painter.fillRect(rect, background);
            paintFrame(painter, rect, 1, color);
        }
        return;
    }
    if (isWritten) {
        paintFrame(painter, rect.adjusted(-1, -1, 1, 1), 3, color);
    } else {
        painter.setPen(QPen(color, 2, Qt::DotLine));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rect.adjusted(1, 1, -1, -1));
    }
    // The sign in the lower left corner: the glyph, the id and marks of a cell are elsewhere.
    const qreal edge = std::round(std::clamp(rect.width() * 0.32, 8.0, 14.0));
    const QRectF plate(rect.left(), rect.bottom() - edge, edge, edge);
    painter.fillRect(plate, color);
    painter.setPen(QPen(background, std::max(1.0, std::round(edge / 6))));
    const QPointF middle = plate.center();
    const qreal arm = edge * 0.3;
    painter.drawLine(middle - QPointF(arm, 0), middle + QPointF(arm, 0));
    if (isWritten) {
        painter.drawLine(middle - QPointF(0, arm), middle + QPointF(0, arm));
    }
}

void paintSeenMarks(QPainter& painter, const PageMapLayout& layout, const SeenMarks& marks,
                    double strength, const Theme& theme) {
    const PageRange visible = layout.visiblePages();
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    const qreal gutter = std::max(0.0, layout.spec().gutter - kSmallest);
    painter.setClipRect(layout.viewportRect().adjusted(gutter, 0, 0, 0), Qt::IntersectClip);
    for (const bool isWritten : {false, true}) {
        const std::vector<PageId>& pages = isWritten ? marks.written : marks.givenUp;
        const auto end = std::ranges::lower_bound(pages, PageId{visible.end});
        for (auto at = std::ranges::lower_bound(pages, PageId{visible.begin}); at < end; ++at) {
            paintSeenMark(painter, layout.cellRect(*at), isWritten, strength, theme);
        }
    }
    painter.restore();
}

} // namespace pagescape::gui
