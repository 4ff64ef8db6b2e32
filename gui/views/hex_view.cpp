// SPDX-License-Identifier: MIT
#include "views/hex_view.h"

#include "paint/hex_painter.h"

#include <QFontDatabase>
#include <QPaintEvent>
#include <QStyle>

#include <algorithm>

namespace pagescape::gui {

HexView::HexView(SelectionHub* hub, QWidget* parent) : PageBytesView(hub, parent) {
    setAccessibleName(tr("Hex view"));
    setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    setMinimumHeight(64);
}

void HexView::relayout() {
    HexSpec spec;
    const QFontMetricsF metrics(font());
    spec.charWidth = metrics.horizontalAdvance(QLatin1Char('0'));
    spec.lineHeight = metrics.height() + 1;
    if (page()) {
        spec.byteCount = page()->bytes.size();
        spec.baseOffset = page()->description.id.value * page()->description.pageSize;
    }
    // The width without the bar stays the same when the bar comes or goes.
    const int bar = style()->pixelMetric(QStyle::PM_ScrollBarExtent, nullptr, this);
    m_layout = HexLayout(HexLayout::fitted(spec, maximumViewportSize().width() - bar));
    setContentSize(m_layout.size(), spec.lineHeight);
}

std::optional<quint64> HexView::byteAt(QPointF point) const {
    const auto hit = m_layout.at(point + scrollOffset());
    return hit ? std::optional<quint64>(hit->offset) : std::nullopt;
}

QRectF HexView::contentRect(quint64 byte) const {
    return m_layout.cellRect(byte, HexColumn::Hex);
}

void HexView::paintEvent(QPaintEvent* event) {
    QPainter painter(viewport());
    painter.fillRect(event->rect(), theme().color(Theme::Role::Background));
    if (!description()) {
        return;
    }
    const QRectF exposed = QRectF(event->rect()).translated(scrollOffset());
    HexScene scene;
    scene.layout = &m_layout;
    scene.theme = &theme();
    scene.bytes = page()->bytes;
    scene.ranges = hexFieldRanges(*description(), m_layout.visibleBytes(exposed));
    const auto add = [&](int field, Theme::Role role) {
        if (field >= 0) {
            const auto outlines = hexOutlines(*description(), field, role);
            scene.ranges.insert(scene.ranges.end(), outlines.begin(), outlines.end());
        }
    };
    add(hoveredField(), Theme::Role::Hover);
    add(selectedField(), Theme::Role::Accent);
    scene.cursor = cursor();
    scene.hasFocus = hasFocus();
    painter.setFont(font());
    painter.translate(-scrollOffset());
    paintHex(painter, scene, exposed);
}

} // namespace pagescape::gui
