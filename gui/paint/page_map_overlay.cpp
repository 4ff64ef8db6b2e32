// SPDX-License-Identifier: MIT
// Layers 2 and 3 of the page map: lit path, selection, hover, keyboard cursor, overview inset.
#include "paint/cell_painter.h"
#include "paint/page_map_painter.h"

#include <QImage>
#include <QPolygonF>

#include <algorithm>

namespace pagescape::gui {
namespace {

constexpr qreal kSmallestMark = 7; // logical pixels: below that a frame around a cell is not seen
constexpr qreal kMarkMargin = 5;   // the widest frame around a cell

// The cell, grown to a size that can be seen.
QRectF markRect(const QRectF& cell) {
    const qreal growX = std::max(0.0, (kSmallestMark - cell.width()) / 2);
    const qreal growY = std::max(0.0, (kSmallestMark - cell.height()) / 2);
    return cell.adjusted(-growX, -growY, growX, growY);
}

// The colour between two light lines: it stands out from the cell inside as from those around it.
void paintDoubleFrame(QPainter& painter, const QRectF& rect, qreal width, const QColor& color,
                      const QColor& halo) {
    if (std::min(rect.width(), rect.height()) > kSmallestMark) { // else the cell would vanish
        paintFrame(painter, rect, 1, halo);
    }
    paintFrame(painter, rect.adjusted(-width - 1, -width - 1, width + 1, width + 1), 1, halo);
    paintFrame(painter, rect.adjusted(-width, -width, width, width), width, color);
}

// One rectangle a row for the visible rows of a run of pages.
std::vector<QRectF> runRects(const PageMapLayout& layout, const PageRange& pages) {
    const PageRange visible = layout.visiblePages();
    const quint64 begin = std::max(pages.begin, visible.begin);
    const quint64 end = std::min(pages.end, visible.end);
    std::vector<QRectF> rects;
    const quint64 perRow = layout.pagesPerRow();
    for (quint64 page = begin; page < end;) {
        const quint64 rowEnd = std::min(end, (page / perRow + 1) * perRow);
        rects.push_back(layout.cellRect(PageId{page}).united(layout.cellRect(PageId{rowEnd - 1})));
        page = rowEnd;
    }
    return rects;
}

void paintPath(QPainter& painter, const PageMapScene& scene) {
    const PageMapLayout& layout = *scene.layout;
    const Theme& theme = *scene.theme;
    const QColor color = theme.color(Theme::Role::Path);
    const QColor halo = theme.color(Theme::Role::Background);
    QPolygonF line;
    for (const PageId page : scene.path) {
        if (page.value < layout.spec().pageCount) {
            line << layout.cellRect(page).center();
        }
    }
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(QPen(halo, 4, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    const QRectF area = layout.viewportRect().adjusted(-8, -8, 8, 8);
    drawClippedPolyline(painter, line, area);
    painter.setPen(QPen(color, 2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    drawClippedPolyline(painter, line, area);
    painter.setRenderHint(QPainter::Antialiasing, false);

    paintLitCells(painter, scene); // over the line, so that glyph and id stay readable
    const bool isImagePath = layout.zoomStep().cellPixels < kCellFrom;
    for (const PageId page : scene.path) {
        if (page.value >= layout.spec().pageCount) {
            continue;
        }
        const QRectF rect = markRect(layout.cellRect(page));
        if (!rect.intersects(layout.viewportRect())) {
            continue;
        }
        // Too small for a cell of its own: its flat colour, grown to a size that can be seen.
        if (isImagePath && scene.image != nullptr && page.value < scene.image->pageCount()) {
            painter.fillRect(rect,
                             lensClassColor(scene.image->lens(), scene.image->at(page), theme));
        }
        paintDoubleFrame(painter, rect, 2, color, halo);
    }
}

void paintOverview(QPainter& painter, const PageMapScene& scene) {
    const PageMapLayout& layout = *scene.layout;
    const Theme& theme = *scene.theme;
    const qreal ratio = layout.spec().devicePixelRatio;
    const QRectF frame = scene.overviewFrame.value_or(PageMapOverview::defaultFrame(layout));
    const PageMapOverview overview(layout.spec().pageCount, frame, ratio);
    if (overview.isEmpty()) {
        return;
    }
    const auto cells = scene.image->level(overview.mipLevel());
    const auto colors = classColors(scene.image->lens(), theme, scene.shown,
                                    scene.isPathActive || !scene.path.empty());
    QImage image(static_cast<int>(overview.cellsPerRow()), static_cast<int>(overview.rowCount()),
                 QImage::Format_RGB32);
    image.fill(theme.color(Theme::Role::Background));
    for (quint64 i = 0;
         i < std::min<quint64>(cells.size(), overview.cellsPerRow() * overview.rowCount()); ++i) {
        image.setPixel(static_cast<int>(i % overview.cellsPerRow()),
                       static_cast<int>(i / overview.cellsPerRow()), colors[cells[i]]);
    }
    const QRectF rect = overview.rect();
    painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
    painter.fillRect(rect.adjusted(-4, -4, 4, 4), theme.color(Theme::Role::Background));
    paintFrame(painter, rect.adjusted(-4, -4, 4, 4), 1, theme.color(Theme::Role::DimText));
    painter.drawImage(rect, image);
    const QRectF band = overview.bandOf(layout.visiblePages());
    paintDoubleFrame(painter, band, 1, theme.color(Theme::Role::Accent),
                     theme.color(Theme::Role::Background));
}

} // namespace

void paintPageMapOverlay(QPainter& painter, const PageMapScene& scene) {
    if (scene.layout == nullptr) {
        return;
    }
    const PageMapLayout& layout = *scene.layout;
    const Theme& theme = *scene.theme;
    const QColor halo = theme.color(Theme::Role::Background);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setBrush(Qt::NoBrush);
    painter.save();
    // Marks may leave the cells by a few pixels, but must not cover row labels.
    const qreal gutter = std::max(0.0, layout.spec().gutter - kMarkMargin);
    painter.setClipRect(layout.viewportRect().adjusted(gutter, 0, 0, 0), Qt::IntersectClip);
    if (!scene.path.empty()) {
        paintPath(painter, scene);
    }
    if (scene.seen != nullptr) {
        paintSeenMarks(painter, layout, *scene.seen, scene.seenStrength, theme);
    }
    for (const QRectF& rect : runRects(layout, scene.selected)) {
        paintDoubleFrame(painter, markRect(rect), 2, theme.color(Theme::Role::Accent), halo);
    }
    if (scene.hovered && scene.hovered->value < layout.spec().pageCount) {
        paintDoubleFrame(painter, markRect(layout.cellRect(*scene.hovered)), 1,
                         theme.color(Theme::Role::Hover), halo);
    }
    if (scene.cursor && scene.hasFocus && scene.cursor->value < layout.spec().pageCount) {
        const QRectF rect = markRect(layout.cellRect(*scene.cursor)).adjusted(-2, -2, 2, 2);
        paintDoubleFrame(painter, rect, 2, theme.color(Theme::Role::Focus), halo);
    }
    painter.restore();
    if (scene.showOverview && scene.image != nullptr) {
        paintOverview(painter, scene);
    }
    painter.restore();
}

void paintPageMap(QPainter& painter, const PageMapScene& scene, const QRectF& exposed) {
    paintPageMapCells(painter, scene, exposed);
    paintPageMapOverlay(painter, scene);
}

QRectF overlayRect(const PageMapLayout& layout, PageId page) {
    return markRect(layout.cellRect(page))
        .adjusted(-kMarkMargin, -kMarkMargin, kMarkMargin, kMarkMargin);
}

} // namespace pagescape::gui
