// SPDX-License-Identifier: MIT
// Paints a write transaction at one moment as a function of values: nodes in memory, pages of the
// file, the lanes between them and the two metas. Widget, tests and exports share it.
#pragma once

#include "layout/stage_layout.h"
#include "paint/stage_figures.h"
#include "paint/theme.h"

#include <QFontMetricsF>
#include <QPainter>

#include <array>
#include <optional>
#include <vector>

namespace pagescape::gui {

/// All that the picture depends on. Pointers are borrowed for the call.
struct StageScene {
    const StageState* state = nullptr;
    const StageFigures* figures = nullptr;
    const StageLayout* layout = nullptr;
    const Theme* theme = nullptr;
    std::optional<StageTarget> hovered;
    std::optional<StageTarget> cursor; ///< of the keyboard
    bool hasFocus = false;             ///< the cursor is drawn only then
    qreal progress = 1; ///< 0 to 1: of the way from the step before; 1 is the whole picture
};

/// The picture. Its top left corner is the painter's origin. Cost: cards, marks and cells once.
void paintStage(QPainter& painter, const StageScene& scene);

/// Widths of the chips of each lane, for a layout.
[[nodiscard]] std::array<std::vector<qreal>, kStageLaneCount> stageChipWidths(
    const StageFigures& figures, const QFontMetricsF& metrics);
/// Text of a chip: the glyph of its class and the page id, or "#" and the number of a node.
[[nodiscard]] QString stageChipText(const StageChip& chip);
/// Where the badge "in force" stands; between the two metas while it moves.
[[nodiscard]] QRectF stageBadgeRect(const StageScene& scene);
/// What a layout of the picture depends on: for a room, a font and a screen.
[[nodiscard]] StageLayoutSpec stageLayoutSpec(const StageState& state, const StageFigures& figures,
                                              QSizeF room, const QFontMetricsF& metrics,
                                              qreal pixelRatio = 1);
/// Text measures for a layout.
[[nodiscard]] StageMetrics stageMetrics(const QFontMetricsF& metrics);

} // namespace pagescape::gui
