// SPDX-License-Identifier: MIT
// The frame that shows which canvas has the keyboard: a double line, so that it stands out on any
// picture.
#pragma once

#include "paint/theme.h"

#include <QPainter>

namespace pagescape::gui {

/// Two pixels along the inside of `rect`: the focus colour outside, the background inside.
inline void paintFocusFrame(QPainter& painter, const QRect& rect, const Theme& theme) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(theme.color(Theme::Role::Focus), 1));
    painter.drawRect(rect.adjusted(0, 0, -1, -1));
    painter.setPen(QPen(theme.color(Theme::Role::Background), 1));
    painter.drawRect(rect.adjusted(1, 1, -2, -2));
    painter.restore();
}

/// What must be repainted when the frame comes or goes.
[[nodiscard]] inline QRegion focusFrameRegion(const QRect& rect) {
    return QRegion(rect) - QRegion(rect.adjusted(2, 2, -2, -2));
}

} // namespace pagescape::gui
