// SPDX-License-Identifier: MIT
// Where an inset covers nothing that matters.
#pragma once

#include <QRectF>
#include <QSizeF>

#include <functional>
#include <optional>
#include <span>

namespace pagescape::gui {

/// The first of the corners of `room` in which an inset of `size`, `gap` away from the edges, is
/// free; nothing when it is in none.
[[nodiscard]] std::optional<QRectF> freeCorner(const QRectF& room, QSizeF size, qreal gap,
                                               std::span<const Qt::Corner> corners,
                                               const std::function<bool(const QRectF&)>& isFree);

} // namespace pagescape::gui
