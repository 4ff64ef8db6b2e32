// SPDX-License-Identifier: MIT
// HistogramDelegate: draws the histogram of StatisticsModel::HistogramRole in its cell.
#pragma once

#include "views/themed_delegate.h"

namespace pagescape::gui {

/// Ten bars instead of a text. Thread: GUI thread.
class HistogramDelegate final : public ThemedDelegate {
    Q_OBJECT
public:
    using ThemedDelegate::ThemedDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;

protected:
    [[nodiscard]] int widthFor(const QStyleOptionViewItem& option, int text) const override;
};

} // namespace pagescape::gui
