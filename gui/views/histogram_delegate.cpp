// SPDX-License-Identifier: MIT
#include "views/histogram_delegate.h"

#include "models/statistics_model.h"
#include "paint/histogram_painter.h"

namespace pagescape::gui {

void HistogramDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                              const QModelIndex& index) const {
    QStyledItemDelegate::paint(painter, option, index); // background, selection, focus
    const auto histogram = index.data(StatisticsModel::HistogramRole).value<FillHistogram>();
    const bool isSelected = option.state.testFlag(QStyle::State_Selected);
    const QPalette::ColorGroup group =
        option.state.testFlag(QStyle::State_Active) ? QPalette::Active : QPalette::Inactive;
    HistogramColors colors{theme().ramp(6), theme().color(Theme::Role::DimText)};
    if (isSelected) {
        const QColor text = option.palette.color(group, QPalette::HighlightedText);
        colors = {text, text};
    }
    paintHistogram(*painter, QRectF(option.rect).adjusted(6, 2, -6, -2), histogram, colors);
}

int HistogramDelegate::widthFor(const QStyleOptionViewItem& option, int text) const {
    const int digits = option.fontMetrics.horizontalAdvance(QStringLiteral("0000000000"));
    return std::max(text, digits + 12);
}

} // namespace pagescape::gui
