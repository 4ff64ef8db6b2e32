// SPDX-License-Identifier: MIT
// The scale of the time line of a sitting, where one stands on it, and which part is in sight.
#pragma once

#include "paint/sitting_painter.h"

#include <QFontMetricsF>

namespace pagescape::gui {

/// For the painter of the time line: it says in which order the parts come. Lifetime: one picture.
class SittingRuler {
public:
    SittingRuler(QPainter& painter, const SittingScene& scene);

    /// Round numbers of events or commands, as many as have room beside the flag.
    void paintTicks();
    /// The line of the position, through all lanes.
    void paintPosition();
    /// Its number, on the ruler.
    void paintFlag();
    /// Under the lanes, when only a part of the line is in sight: which one.
    void paintOverview();

private:
    [[nodiscard]] QColor color(Theme::Role role) const { return m_theme.color(role); }
    [[nodiscard]] qreal em() const { return m_layout.lineHeight() / 2; }
    [[nodiscard]] QString positionText() const;
    [[nodiscard]] QRectF flagRect() const;

    QPainter& m_painter;
    const SittingScene& m_scene;
    const SittingLayout& m_layout;
    const Sitting& m_sitting;
    const Theme& m_theme;
    QFontMetricsF m_metrics;
};

} // namespace pagescape::gui
