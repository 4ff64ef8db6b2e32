// SPDX-License-Identifier: MIT
// DifferenceDelegate: puts the sign of a difference into a patch of the colour that the map gives
// to such pages.
#pragma once

#include "paint/theme.h"

#include <QStyledItemDelegate>

namespace pagescape::gui {

/// For the key column of DifferenceModel. The sign is also the first character of the text, for
/// those who copy or hear it.
class DifferenceDelegate final : public QStyledItemDelegate {
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
