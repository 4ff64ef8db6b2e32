// SPDX-License-Identifier: MIT
#include "views/difference_delegate.h"

#include "models/roles.h"
#include "pagescape/diff.h"
#include "paint/lens.h"

#include <QApplication>
#include <QPainter>

namespace pagescape::gui {

namespace {

LensClass classOf(DiffKind kind) {
    switch (kind) {
    case DiffKind::Added: return kOnlyAfterClass;
    case DiffKind::Removed: return kOnlyBeforeClass;
    case DiffKind::Changed: break;
    }
    return kDifferentClass;
}

int patchSide(const QStyleOptionViewItem& option) {
    return option.fontMetrics.height();
}

} // namespace

void DifferenceDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                               const QModelIndex& index) const {
    const QVariant kind = index.data(KindRole);
    if (!kind.isValid()) {
        QStyleOptionViewItem bucket = option;
        bucket.font.setBold(true);
        QStyledItemDelegate::paint(painter, bucket, index);
        return;
    }
    QStyleOptionViewItem item = option;
    initStyleOption(&item, index);
    item.text.remove(0, 2); // the sign, which gets its patch
    const int side = patchSide(option);
    item.icon = QIcon(QPixmap(side, side)); // room for it
    item.decorationSize = QSize(side, side);
    item.features |= QStyleOptionViewItem::HasDecoration;
    const QStyle* style = item.widget != nullptr ? item.widget->style() : QApplication::style();
    const QRect patch =
        style->subElementRect(QStyle::SE_ItemViewItemDecoration, &item, item.widget);
    style->drawControl(QStyle::CE_ItemViewItem, &item, painter, item.widget);

    const ClassStyle look =
        lensClassStyle(Lens::Changes, classOf(static_cast<DiffKind>(kind.toInt())), theme());
    painter->save();
    painter->fillRect(patch, look.fill);
    QFont font = option.font;
    font.setBold(true);
    painter->setFont(font);
    painter->setPen(theme().textOn(look.fill));
    painter->drawText(patch, Qt::AlignCenter, QString(look.glyph));
    painter->restore();
}

int DifferenceDelegate::widthFor(const QStyleOptionViewItem& option, int text) const {
    return text + patchSide(option);
}

} // namespace pagescape::gui
