// SPDX-License-Identifier: MIT
// The look of a caption: the sentence about the present step, a little larger than what is around
// it.
#pragma once

#include <QFont>
#include <QLabel>

namespace pagescape::gui {

/// Makes `label` a caption in a panel that writes in `around`, two lines high at least. To be
/// called again when the panel's font changes.
inline void showAsCaption(QLabel& label, const QFont& around) {
    QFont font = around;
    if (font.pointSizeF() > 0) {
        font.setPointSizeF(font.pointSizeF() * 1.1);
    } else {
        font.setPixelSize(font.pixelSize() * 11 / 10);
    }
    label.setFont(font);
    label.setMinimumHeight(2 * QFontMetrics(font).lineSpacing() + 4);
}

} // namespace pagescape::gui
