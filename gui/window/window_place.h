// SPDX-License-Identifier: MIT
// Where a window opens.
#pragma once

#include <QRect>

QT_BEGIN_NAMESPACE
class QWidget;
QT_END_NAMESPACE

namespace pagescape::gui {

/// `wanted`, moved and made smaller only as far as `room` asks for it.
[[nodiscard]] QRect placedInside(const QRect& wanted, const QRect& room);

/// Brings a window that was saved on a larger screen back onto this one.
void keepOnScreen(QWidget& window);

} // namespace pagescape::gui
