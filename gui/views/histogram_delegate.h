// SPDX-License-Identifier: MIT
// HistogramDelegate: draws the histogram of StatisticsModel::HistogramRole in its cell.
#pragma once

#include "paint/theme.h"

#include <QStyledItemDelegate>

namespace pagescape::gui {

/// Ten bars instead of a text. Thread: GUI thread.
class HistogramDelegate final : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void setTheme(const Theme& theme) { m_theme = theme; }
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option,
                                 const QModelIndex& index) const override;

private:
    Theme m_theme = Theme::light();
};

} // namespace pagescape::gui
