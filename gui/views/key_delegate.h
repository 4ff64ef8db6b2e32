// SPDX-License-Identifier: MIT
// KeyDelegate: keys in a list, cut where it hurts least.
#pragma once

#include <QStyledItemDelegate>

namespace pagescape::gui {

/// Paints a cell as usual; where its text is too wide, what it shares with its siblings
/// (SharedCharsRole) goes first.
class KeyDelegate final : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
};

} // namespace pagescape::gui
