// SPDX-License-Identifier: MIT
// A small histogram inside a cell of a table.
#pragma once

#include <QColor>
#include <QPainter>
#include <QRectF>

#include <cstdint>
#include <span>

namespace pagescape::gui {

/// Colours of a histogram: they depend on whether the row is selected.
struct HistogramColors {
    QColor bar;
    QColor axis;
};

/// Bars side by side over a line, the highest as high as the room. A step that holds anything at
/// all is seen, however little it is.
void paintHistogram(QPainter& painter, const QRectF& rect, std::span<const std::uint64_t> steps,
                    const HistogramColors& colors);

} // namespace pagescape::gui
