// SPDX-License-Identifier: MIT
#include "paint/icon.h"

#include <QFile>
#include <QPainter>
#include <QPixmap>
#include <QSvgRenderer>

namespace pagescape::gui {

namespace {

QPixmap tinted(QSvgRenderer& svg, int pixels, const QColor& color) {
    QPixmap pixmap(pixels, pixels);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    svg.render(&painter);
    painter.setCompositionMode(QPainter::CompositionMode_SourceIn);
    painter.fillRect(pixmap.rect(), color);
    return pixmap;
}

} // namespace

QIcon themedIcon(const QString& name, const Theme& theme) {
    const QString file = QStringLiteral(":/icons/%1.svg").arg(name);
    if (!QFile::exists(file)) {
        return {};
    }
    QSvgRenderer svg(file);
    QIcon icon;
    for (const int pixels : {16, 24, 32, 48}) {
        icon.addPixmap(tinted(svg, pixels, theme.color(Theme::Role::Text)), QIcon::Normal);
        icon.addPixmap(tinted(svg, pixels, theme.color(Theme::Role::Line)), QIcon::Disabled);
    }
    return icon;
}

} // namespace pagescape::gui
