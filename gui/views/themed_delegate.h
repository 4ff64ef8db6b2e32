// SPDX-License-Identifier: MIT
// ThemedDelegate: an item delegate that draws something of its own into its cells, in the theme's
// colours.
#pragma once

#include "paint/theme.h"

#include <QStyledItemDelegate>

namespace pagescape::gui {

/// Thread: GUI thread.
class ThemedDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void setTheme(const Theme& theme) { m_theme = theme; }
    /// As high as a text, as wide as widthFor() says.
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option,
                                 const QModelIndex& index) const final {
        const QSize text = QStyledItemDelegate::sizeHint(option, index);
        return {widthFor(option, text.width()), text.height()};
    }

protected:
    [[nodiscard]] const Theme& theme() const { return m_theme; }
    /// Pixels that a cell needs whose text alone would need `text`.
    [[nodiscard]] virtual int widthFor(const QStyleOptionViewItem& option, int text) const = 0;

private:
    Theme m_theme = Theme::light();
};

} // namespace pagescape::gui
