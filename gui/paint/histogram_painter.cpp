// SPDX-License-Identifier: MIT
#include "paint/histogram_painter.h"

#include <algorithm>
#include <cmath>

namespace pagescape::gui {

void paintHistogram(QPainter& painter, const QRectF& rect, std::span<const std::uint64_t> steps,
                    const HistogramColors& colors) {
    constexpr qreal kGap = 1;
    constexpr qreal kLeastBar = 2;
    if (steps.empty() || rect.height() < 2 * kLeastBar) {
        return;
    }
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    const qreal step = rect.width() / static_cast<qreal>(steps.size());
    const qreal room = rect.height() - 1;
    painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), colors.axis);
    const std::uint64_t most = *std::max_element(steps.begin(), steps.end());
    for (std::size_t i = 0; i < steps.size() && most > 0; ++i) {
        if (steps[i] == 0) {
            continue;
        }
        const qreal share = static_cast<qreal>(steps[i]) / static_cast<qreal>(most);
        const qreal height = std::max(kLeastBar, std::round(room * share));
        // Edges on whole pixels, so that all bars are equally sharp.
        const qreal left = std::round(rect.left() + static_cast<qreal>(i) * step);
        const qreal right = std::round(rect.left() + static_cast<qreal>(i + 1) * step) - kGap;
        painter.fillRect(
            QRectF(left, rect.bottom() - 1 - height, std::max<qreal>(1, right - left), height),
            colors.bar);
    }
    painter.restore();
}

} // namespace pagescape::gui
