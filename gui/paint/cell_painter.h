// SPDX-License-Identifier: MIT
// One cell of the page map, for the painters of this folder: patterns, glyph, dimming, frames.
#pragma once

#include "paint/lens.h"
#include "paint/theme.h"

#include <QPainter>
#include <QPolygonF>
#include <QRect>

#include <array>

namespace pagescape::gui {

/// Logical edge from which pages are painted as cells and not as pixels of an image.
inline constexpr int kCellFrom = 6;
/// Share of its colour that dimmed things keep.
inline constexpr double kDimShare = 0.35;

/// The same style, faded into the background.
[[nodiscard]] ClassStyle dimmedStyle(const ClassStyle& style, const Theme& theme);
/// The flat colour of every class; those outside `shown` are dimmed, or all when `dimAll` is set.
[[nodiscard]] std::array<QRgb, 256> classColors(Lens lens, const Theme& theme,
                                                const ClassMask& shown, bool dimAll);

/// Pattern and outline. One unit is one pixel of the target.
void paintCellShape(QPainter& painter, const QRectF& rect, const ClassStyle& style,
                    const Theme& theme, qreal pixel);
/// Colour for glyph and id on a cell of that style.
[[nodiscard]] QColor cellTextColor(const ClassStyle& style, const Theme& theme);
/// A hollow rectangle of `width` units that lies inside `rect`. Made of four fills: exact at every
/// scale, and the same in a picture as on paper.
void paintFrame(QPainter& painter, const QRectF& rect, qreal width, const QColor& color);

/// What the painter can show, in the coordinates it draws in.
[[nodiscard]] QRectF visibleArea(const QPainter& painter);
/// Draws a polyline with the painter's pen, but only the pieces that meet `area`. The rasteriser's
/// cost grows with the length of a line, and a line between far pages is millions of pixels long.
void drawClippedPolyline(QPainter& painter, const QPolygonF& points, const QRectF& area);

struct PageMapScene;
/// The pages of the lit path at full strength, where cells are large enough to be painted as cells.
void paintLitCells(QPainter& painter, const PageMapScene& scene);

} // namespace pagescape::gui
