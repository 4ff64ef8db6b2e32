// SPDX-License-Identifier: MIT
#include "views/seen_legend.h"

#include "units/units.h"

#include <QPainter>

#include <algorithm>

namespace pagescape::gui {

SeenLegend::SeenLegend(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(text());
}

void SeenLegend::setSeen(const SeenMarks& marks, const QString& transactions) {
    m_written = marks.written.size();
    m_givenUp = marks.givenUp.size();
    m_transactions = transactions;
    setAccessibleName(text());
    update();
}

void SeenLegend::setTheme(const Theme& theme) {
    m_theme = theme;
    update();
}

QString SeenLegend::part(bool isWritten) const {
    const QString count = countText(isWritten ? m_written : m_givenUp);
    return isWritten ? tr("written: %1").arg(count) : tr("given up: %1").arg(count);
}

QString SeenLegend::text() const {
    return m_transactions.isEmpty()
               ? tr("Following the writer: the pages of its next transaction light up here.")
               : tr("Transaction %1. Pages %2, %3").arg(m_transactions, part(true), part(false));
}

QSize SeenLegend::sizeHint() const {
    return {fontMetrics().averageCharWidth() * 60, fontMetrics().height() + 6};
}

QSize SeenLegend::minimumSizeHint() const {
    return {fontMetrics().averageCharWidth() * 20, sizeHint().height()};
}

void SeenLegend::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    painter.setPen(palette().color(QPalette::WindowText));
    const QFontMetricsF metrics(font());
    const QRectF room = QRectF(rect()).adjusted(6, 0, -6, 0);
    const auto write = [&](qreal x, const QString& text) {
        painter.setPen(palette().color(QPalette::WindowText));
        painter.drawText(QRectF(x, room.top(), std::max(0.0, room.right() - x), room.height()),
                         int(Qt::AlignLeft | Qt::AlignVCenter),
                         metrics.elidedText(text, Qt::ElideRight, std::max(0.0, room.right() - x)));
        return x + metrics.horizontalAdvance(text) + metrics.height();
    };
    if (m_transactions.isEmpty()) {
        write(room.left(), text());
        return;
    }
    qreal x = write(room.left(), tr("Transaction %1:").arg(m_transactions));
    for (const bool isWritten : {true, false}) {
        const qreal edge = std::max(14.0, metrics.height());
        const QRectF swatch(x, room.center().y() - edge / 2, edge, edge);
        painter.fillRect(swatch, m_theme.color(Theme::Role::Background));
        paintSeenMark(painter, swatch.adjusted(1, 1, -1, -1), isWritten, 1, m_theme);
        x = write(swatch.right() + metrics.height() / 3, part(isWritten));
    }
}

} // namespace pagescape::gui
