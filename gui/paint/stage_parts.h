// SPDX-License-Identifier: MIT
// Parts of the stage's picture, for the painters of this folder.
#pragma once

#include "paint/stage_painter.h"

#include <QStringList>

namespace pagescape::gui {

/// Cards of the nodes and the lines to their parents.
void paintStageNodes(QPainter& painter, const StageScene& scene);
/// Page grid, marks and legend.
void paintStagePages(QPainter& painter, const StageScene& scene);
/// From old pages and nodes to new pages; over everything above the lanes.
void paintStageArrows(QPainter& painter, const StageScene& scene);
/// Lanes, barriers, and what a crash leaves.
void paintStageLanes(QPainter& painter, const StageScene& scene);
void paintStageMetas(QPainter& painter, const StageScene& scene);

/// The mark of a page over its cell: frame, stroke and sign. `made` is what its new bytes are.
void paintStageMark(QPainter& painter, const QRectF& cell, StageMark mark, PageClass made,
                    const Theme& theme);

/// The longest of the texts that fits; else the last, cut.
void paintFittingText(QPainter& painter, const QRectF& rect, Qt::Alignment alignment,
                      const QStringList& texts);
/// A frame around something of the picture that stands out from what is inside and outside.
void paintStageFrame(QPainter& painter, const QRectF& rect, qreal width, const QColor& color,
                     const Theme& theme);
/// The colour of what the event on show touches, fading in during a transition.
[[nodiscard]] QColor presentColor(const StageScene& scene);

} // namespace pagescape::gui
