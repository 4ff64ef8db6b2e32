// SPDX-License-Identifier: MIT
// OutlinedStyle: Fusion, with boxes that can be told from what is behind them. Fusion darkens the
// window's colour for their edge, and in a dark theme nothing is left of it.
#pragma once

#include <QProxyStyle>

namespace pagescape::gui {

/// Edges of tick boxes and radio buttons have the colour of dim text: at least 3 to 1 against what
/// they stand on, see Theme::palette().
class OutlinedStyle final : public QProxyStyle {
public:
    OutlinedStyle();
    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                       const QWidget* widget) const override;
};

} // namespace pagescape::gui
