// SPDX-License-Identifier: MIT
#include "views/held_gauge.h"

#include "paint/cell_painter.h"
#include "paint/lens.h"
#include "units/units.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace pagescape::gui {

HeldGauge::HeldGauge(QWidget* parent) : QWidget(parent) {
    setAccessibleName(tr("What readers hold of the file"));
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setAccessibleDescription(summary());
}

void HeldGauge::setValues(const HeldValues& values) {
    if (values == m_values) {
        return;
    }
    m_values = values;
    setAccessibleDescription(summary());
    updateGeometry();
    update();
}

void HeldGauge::setTheme(const Theme& theme) {
    m_theme = theme;
    update();
}

QString HeldGauge::summary() const {
    if (m_values.fileSize == 0) {
        return tr("There is no file.");
    }
    const double share = 100.0 * double(m_values.held) / double(m_values.fileSize);
    return tr("%1 of %2 are held by readers (%3 %).")
        .arg(bytesText(m_values.held), bytesText(m_values.fileSize))
        .arg(share, 0, 'f', share > 0 && share < 10 ? 1 : 0);
}

std::array<HeldGauge::Part, HeldGauge::KindCount> HeldGauge::parts() const {
    const quint64 known = m_values.held + m_values.due + m_values.free;
    return {
        Part{tr("held by readers"), m_values.held},
        Part{tr("free at the next Begin"), m_values.due}, Part{tr("free now"), m_values.free},
        Part{tr("in use or never used"), m_values.fileSize - std::min(known, m_values.fileSize)}};
}

std::vector<QRectF> HeldGauge::legendRects(qreal width) const {
    const QFontMetricsF metrics(font());
    const qreal line = metrics.height();
    std::vector<QRectF> rects;
    QPointF at(0, line * 1.4);
    for (const Part& part : parts()) {
        const QString text = part.text + u' ' + bytesText(part.bytes);
        const qreal wide = metrics.horizontalAdvance(text) + line * 2.2;
        if (at.x() > 0 && at.x() + wide > width) {
            at = QPointF(0, at.y() + line * 1.15);
        }
        rects.emplace_back(at, QSizeF(wide, line));
        at.rx() += wide;
    }
    return rects;
}

QSize HeldGauge::sizeHint() const {
    const int width = fontMetrics().averageCharWidth() * 30;
    return {width, heightForWidth(std::max(width, this->width()))};
}

int HeldGauge::heightForWidth(int width) const {
    return int(std::ceil(legendRects(width).back().bottom())) + 1;
}

// Hatched, dotted, empty, plain: the parts are told apart without colour.
void HeldGauge::paintPart(QPainter& painter, const QRectF& rect, Kind kind) const {
    using Role = Theme::Role;
    switch (kind) {
    case Held: {
        ClassStyle style;
        style.fill = m_theme.color(Role::Path);
        style.pattern = ClassPattern::Hatched;
        paintCellShape(painter, rect, style, m_theme, 1);
        break;
    }
    case Due: {
        painter.fillRect(rect, m_theme.color(Role::FieldKey));
        const qreal dot = std::max(2.0, fontMetrics().height() / 8.0);
        for (qreal x = rect.left() + dot; x + dot < rect.right(); x += 3 * dot) {
            painter.fillRect(QRectF(x, rect.center().y() - dot / 2, dot, dot),
                             m_theme.color(Role::DimText));
        }
        break;
    }
    case Free: painter.fillRect(rect, m_theme.color(Role::Background)); break;
    default: painter.fillRect(rect, m_theme.color(Role::FieldElement));
    }
    paintFrame(painter, rect, 1, m_theme.color(Role::DimText));
}

void HeldGauge::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing, false);
    const QFontMetricsF metrics(font());
    const qreal line = metrics.height();
    const std::array<Part, KindCount> all = parts();
    const std::vector<QRectF> legend = legendRects(width());
    qreal x = 0;
    const qreal perByte = m_values.fileSize == 0 ? 0 : (width() - 1) / double(m_values.fileSize);
    for (int kind = 0; kind < KindCount; ++kind) {
        const Part& part = all[std::size_t(kind)];
        if (part.bytes > 0) {
            const qreal wide = std::max(1.0, double(part.bytes) * perByte);
            paintPart(painter, QRectF(x, 0, wide, line), Kind(kind));
            x += wide;
        }
        const QRectF& entry = legend[std::size_t(kind)];
        paintPart(painter, QRectF(entry.left(), entry.top() + line * 0.15, line, line * 0.7),
                  Kind(kind));
        painter.setPen(m_theme.color(Theme::Role::Text));
        painter.drawText(entry.adjusted(line * 1.4, 0, 0, 0), int(Qt::AlignLeft | Qt::AlignVCenter),
                         part.text + u' ' + bytesText(part.bytes));
    }
}

} // namespace pagescape::gui
