// SPDX-License-Identifier: MIT
#include "layout/free_corner.h"

namespace pagescape::gui {

std::optional<QRectF> freeCorner(const QRectF& room, QSizeF size, qreal gap,
                                 std::span<const Qt::Corner> corners,
                                 const std::function<bool(const QRectF&)>& isFree) {
    for (const Qt::Corner corner : corners) {
        const bool isLeft = corner == Qt::TopLeftCorner || corner == Qt::BottomLeftCorner;
        const bool isTop = corner == Qt::TopLeftCorner || corner == Qt::TopRightCorner;
        const QRectF inset(QPointF(isLeft ? room.left() + gap : room.right() - gap - size.width(),
                                   isTop ? room.top() + gap : room.bottom() - gap - size.height()),
                           size);
        if (isFree(inset)) {
            return inset;
        }
    }
    return std::nullopt;
}

} // namespace pagescape::gui
