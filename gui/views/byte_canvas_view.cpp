// SPDX-License-Identifier: MIT
#include "views/byte_canvas_view.h"

#include "paint/byte_canvas_painter.h"

#include <QPaintEvent>

namespace pagescape::gui {

ByteCanvasView::ByteCanvasView(SelectionHub* hub, QWidget* parent) : PageBytesView(hub, parent) {
    setAccessibleName(tr("Byte canvas"));
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setMinimumHeight(64);
}

void ByteCanvasView::setKeyFormat(ValueFormat format) {
    m_keyFormat = format;
    viewport()->update();
}

void ByteCanvasView::relayout() {
    ByteCanvasSpec spec;
    spec.width = viewport()->width();
    spec.rowHeight = fontMetrics().height() + 2;
    spec.devicePixelRatio = devicePixelRatioF();
    if (page()) {
        spec.byteCount = page()->bytes.size();
        spec.pageSize = page()->description.pageSize;
    }
    m_layout = ByteCanvasLayout(spec);
    setContentSize(m_layout.size(), spec.rowHeight);
}

std::optional<quint64> ByteCanvasView::byteAt(QPointF point) const {
    return m_layout.byteAt(point + scrollOffset());
}

QRectF ByteCanvasView::contentRect(quint64 byte) const {
    return m_layout.byteRect(byte);
}

void ByteCanvasView::paintEvent(QPaintEvent* event) {
    QPainter painter(viewport());
    painter.fillRect(event->rect(), theme().color(Theme::Role::Background));
    if (!description()) {
        return;
    }
    ByteCanvasScene scene;
    scene.description = description();
    scene.bytes = page()->bytes;
    scene.keyFormat = m_keyFormat;
    scene.layout = &m_layout;
    scene.theme = &theme();
    scene.selectedField = selectedField();
    scene.hoveredField = hoveredField();
    scene.litElement = litElement();
    scene.hasFocus = hasFocus();
    painter.translate(-scrollOffset());
    paintByteCanvas(painter, scene, QRectF(event->rect()).translated(scrollOffset()));
}

} // namespace pagescape::gui
