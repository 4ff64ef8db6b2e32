// SPDX-License-Identifier: MIT
// DifferenceDelegate: puts the sign of a difference into a patch of the colour that the map gives
// to such pages.
#pragma once

#include "views/themed_delegate.h"

namespace pagescape::gui {

/// For the key column of DifferenceModel. The sign is also the first character of the text, for
/// those who copy or hear it.
class DifferenceDelegate final : public ThemedDelegate {
    Q_OBJECT
public:
    using ThemedDelegate::ThemedDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;

protected:
    [[nodiscard]] int widthFor(const QStyleOptionViewItem& option, int text) const override;
};

} // namespace pagescape::gui
