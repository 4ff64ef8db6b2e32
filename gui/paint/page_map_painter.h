// SPDX-License-Identifier: MIT
// Paints the page map as a function of values: image path below 6 px, cells above, then glyph, page
// id and a miniature of the page's own bytes as cells grow. The widget, the tests and the export
// share it.
#pragma once

#include "layout/page_map_layout.h"
#include "pagescape/inspect.h"
#include "paint/lens.h"
#include "paint/seen_marks.h"
#include "paint/theme.h"

#include <QFontMetricsF>
#include <QPainter>

#include <functional>
#include <optional>
#include <span>

namespace pagescape::gui {

/// All that the picture depends on. Pointers are borrowed for the call.
struct PageMapScene {
    const LensImage* image = nullptr; ///< null: only the empty map is drawn
    const PageMapLayout* layout = nullptr;
    const Theme* theme = nullptr;
    ClassMask shown = allClasses(); ///< the others are dimmed
    std::optional<PageId> hovered;
    std::optional<PageId> cursor;    ///< keyboard cursor
    bool hasFocus = false;           ///< the cursor frame is drawn only then
    PageRange selected;              ///< the selected run; empty for none
    std::span<const PageId> path;    ///< the lit path, in order; all else is dimmed to 35 %
    bool isPathActive = false;       ///< dims the rest even while `path` is empty
    const SeenMarks* seen = nullptr; ///< what a writer just did; null: nothing
    double seenStrength = 1;         ///< 0 to 1, of light that goes out
    bool showOverview = true;
    std::optional<QRectF> overviewFrame; ///< unset: its usual place
    /// The decoded run that a page belongs to (for an overflow page, that of its first page), or
    /// null when it is not at hand. For the miniature; must not read the disk.
    std::function<const PageDescription*(PageId)> description;
};

/// Logical pixels that row labels need for a file of that many pages.
[[nodiscard]] qreal pageMapGutter(const QFontMetricsF& metrics, quint64 pageCount);

/// Layer 1: background, row labels and cells in `exposed` (logical viewport coordinates).
void paintPageMapCells(QPainter& painter, const PageMapScene& scene, const QRectF& exposed);
/// Layers 2 and 3: lit path, selection, cursor, hover, overview.
void paintPageMapOverlay(QPainter& painter, const PageMapScene& scene);
/// All layers.
void paintPageMap(QPainter& painter, const PageMapScene& scene, const QRectF& exposed);

/// One cell of the legend or of a tooltip, painted as the map would.
void paintClassSwatch(QPainter& painter, const QRectF& rect, const ClassStyle& style,
                      const Theme& theme);

/// Logical rectangle that must be repainted when the overlay of a page changes.
[[nodiscard]] QRectF overlayRect(const PageMapLayout& layout, PageId page);

} // namespace pagescape::gui
