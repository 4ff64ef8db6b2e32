// SPDX-License-Identifier: MIT
// GrowthCanvas: pointer and keyboard.
#include "views/a11y.h"
#include "views/growth_canvas.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QToolTip>

#include <algorithm>

namespace pagescape::gui {

bool GrowthCanvas::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        QToolTip::showText(help->globalPos(), textAt(help->pos()), this);
        return true;
    }
    return QWidget::event(event);
}

void GrowthCanvas::mousePressEvent(QMouseEvent* event) {
    event->accept();
    const int sample = growthLayout().sampleAt(event->position());
    if (event->button() == Qt::LeftButton && sample >= 0) {
        setMarked(sample);
        Q_EMIT seekRequested(m_series.points()[std::size_t(sample)].event);
    }
}

void GrowthCanvas::mouseMoveEvent(QMouseEvent* event) {
    event->accept();
    setMarked(growthLayout().sampleAt(event->position()));
}

void GrowthCanvas::leaveEvent(QEvent* event) {
    setMarked(-1);
    QWidget::leaveEvent(event);
}

void GrowthCanvas::moveToRemap(int direction) {
    const auto& points = m_series.points();
    const int from = m_cursor < 0 ? m_series.pointAt(now()) : m_cursor;
    for (int i = from + direction; i >= 0 && i < int(points.size()); i += direction) {
        if (points[std::size_t(i)].kind == GrowthPoint::Kind::Remap) {
            setMarked(i);
            return;
        }
    }
}

void GrowthCanvas::keyPressEvent(QKeyEvent* event) {
    const int count = int(m_series.points().size());
    if (count == 0 || event->modifiers().testFlag(Qt::AltModifier)) {
        event->ignore();
        return;
    }
    const int from = m_cursor < 0 ? m_series.pointAt(now()) : m_cursor;
    switch (event->key()) {
    case Qt::Key_Left: setMarked(m_cursor < 0 ? from : std::max(from - 1, 0)); break;
    case Qt::Key_Right: setMarked(std::min(m_cursor < 0 ? from : from + 1, count - 1)); break;
    case Qt::Key_PageUp: moveToRemap(-1); break;
    case Qt::Key_PageDown: moveToRemap(1); break;
    case Qt::Key_Home: setMarked(0); break;
    case Qt::Key_End: setMarked(count - 1); break;
    case Qt::Key_Escape:
        if (m_cursor < 0) {
            event->ignore();
            return;
        }
        setMarked(-1);
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        if (m_cursor < 0) {
            event->ignore();
            return;
        }
        Q_EMIT seekRequested(m_series.points()[std::size_t(m_cursor)].event);
        break;
    default: event->ignore(); return;
    }
    event->accept();
}

void GrowthCanvas::focusInEvent(QFocusEvent* event) {
    QWidget::focusInEvent(event);
    describe();
    update();
    a11y::emitEvent(this, QAccessible::Focus);
}

void GrowthCanvas::focusOutEvent(QFocusEvent* event) {
    QWidget::focusOutEvent(event);
    update();
}

} // namespace pagescape::gui
