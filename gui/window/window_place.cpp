// SPDX-License-Identifier: MIT
#include "window/window_place.h"

#include <QScreen>
#include <QWidget>

#include <algorithm>

namespace pagescape::gui {

QRect placedInside(const QRect& wanted, const QRect& room) {
    const QSize size = wanted.size().boundedTo(room.size());
    const QPoint farthest(room.x() + room.width() - size.width(),
                          room.y() + room.height() - size.height());
    return {QPoint(std::clamp(wanted.x(), room.x(), farthest.x()),
                   std::clamp(wanted.y(), room.y(), farthest.y())),
            size};
}

void keepOnScreen(QWidget& window) {
    if (window.isMaximized() || window.isFullScreen()) {
        return; // the window system places it
    }
    window.setGeometry(placedInside(window.geometry(), window.screen()->availableGeometry()));
}

} // namespace pagescape::gui
