// SPDX-License-Identifier: MIT
#include "views/key_delegate.h"

#include "models/roles.h"
#include "paint/text.h"

#include <QApplication>
#include <QStyle>

namespace pagescape::gui {

void KeyDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                        const QModelIndex& index) const {
    QStyleOptionViewItem cell(option);
    initStyleOption(&cell, index);
    const QStyle* style = cell.widget != nullptr ? cell.widget->style() : QApplication::style();
    const QRect room = style->subElementRect(QStyle::SE_ItemViewItemText, &cell, cell.widget);
    const int margin = style->pixelMetric(QStyle::PM_FocusFrameHMargin, &cell, cell.widget) + 1;
    const QFontMetricsF metrics(cell.fontMetrics);
    const qreal width = room.width() - 2 * margin;
    if (metrics.horizontalAdvance(cell.text) > width) {
        cell.text = elidedKey(cell.text, index.data(SharedCharsRole).toInt(), metrics, width);
    }
    style->drawControl(QStyle::CE_ItemViewItem, &cell, painter, cell.widget);
}

} // namespace pagescape::gui
