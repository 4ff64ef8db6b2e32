// SPDX-License-Identifier: MIT
// Paints the bytes of a page run as coloured fields, with labels where they fit, outlines for what
// is selected and hovered, and an arrow from an element to its key.
#pragma once

#include "layout/byte_canvas_layout.h"
#include "pagescape/inspect.h"
#include "pagescape/value_format.h"
#include "paint/text.h"
#include "paint/theme.h"

#include <QPainter>
#include <QString>

namespace pagescape::gui {

/// The role that colours a field of that kind.
[[nodiscard]] Theme::Role fieldRole(FieldKind kind);
/// Short translated name for labels and lists, such as "key", "free page", "overflow".
[[nodiscard]] QString fieldLabel(FieldKind kind);

/// All that the picture depends on. Pointers are borrowed for the call.
struct ByteCanvasScene {
    const PageDescription* description = nullptr;
    Bytes bytes; ///< the run, for key and value previews; may be empty
    ValueFormat keyFormat = ValueFormat::Auto;
    const ByteCanvasLayout* layout = nullptr;
    const Theme* theme = nullptr;
    int selectedField = -1; ///< index in description->fields, group or leaf
    int hoveredField = -1;
    int litElement = -1; ///< element whose key was compared in this step; others are dimmed
    bool hasFocus = false;
};

/// Fields, rules, labels, outlines and the arrow; only rows that touch `exposed`.
void paintByteCanvas(QPainter& painter, const ByteCanvasScene& scene, const QRectF& exposed);

/// One page of a decoded run as horizontal bands in byte order: the miniature inside a large cell
/// of the page map. `page` is any page of the run; one that is not draws nothing.
void paintPageMiniature(QPainter& painter, const PageDescription& run, PageId page,
                        const QRectF& rect, const Theme& theme);

} // namespace pagescape::gui
