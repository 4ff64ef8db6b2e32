// SPDX-License-Identifier: MIT
// TreeView's other half: mouse, keyboard, hover and selection.
#include "units/units.h"
#include "views/a11y.h"
#include "views/page_text.h"
#include "views/tree_view.h"

#include <QApplication>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollBar>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>

namespace pagescape::gui {

// Selection and hover

void TreeView::onSelectionChanged(const Place& place) {
    const int node = place.page ? m_layout.indexOf(*place.page) : -1;
    if (node == m_selected) {
        return;
    }
    updateNode(m_selected);
    m_selected = node;
    updateNode(m_selected);
    if (isValid(node)) {
        moveCursorTo(node);
        a11y::emitEvent(this, QAccessible::Selection, node);
    }
}

void TreeView::onHoverChanged(const Place& place) {
    const int node = place.page ? m_layout.indexOf(*place.page) : -1;
    if (node != m_hovered) {
        updateNode(m_hovered);
        m_hovered = node;
        updateNode(m_hovered);
    }
}

void TreeView::moveCursorTo(int node) {
    if (!isValid(node)) {
        return;
    }
    reveal(node); // it may be the cursor already, and scrolled away
    if (node == m_cursor) {
        return;
    }
    updateNode(m_cursor);
    m_cursor = node;
    updateNode(m_cursor);
    setNote({});
    a11y::emitEvent(this, QAccessible::Focus, m_cursor);
}

void TreeView::selectNode(int node) {
    if (isValid(node)) {
        m_hub->selectPage(nodeAt(node).page);
    }
}

void TreeView::toggleNode(int node) {
    if (isFolded(node)) {
        Q_EMIT expandRequested(nodeAt(node).page);
    } else if (isValid(node) && hasDrawnChildren(node)) {
        Q_EMIT collapseRequested(nodeAt(node).page);
    }
}

void TreeView::setNote(const QString& note) {
    if (m_note != note) {
        m_note = note;
        viewport()->update();
    }
}

void TreeView::hoverAt(QPointF point) {
    const std::optional<TreeLayout::Hit> hit =
        overviewRect().contains(point) ? std::nullopt : hitAt(point);
    viewport()->setCursor(hit ? Qt::PointingHandCursor : Qt::ArrowCursor);
    const int node = hit && !hit->isStub ? hit->node : -1;
    if (node == m_hovered) {
        return;
    }
    Place place;
    if (isValid(node)) {
        place.page = nodeAt(node).page;
    }
    m_hub->setHover(place);
}

bool TreeView::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const std::optional<TreeLayout::Hit> hit = hitAt(help->pos());
        if (!hit || overviewRect().contains(help->pos())) {
            QToolTip::hideText();
        } else if (hit->isStub) {
            QToolTip::showText(
                help->globalPos(),
                tr("%1 not drawn\nClick to unfold").arg(treeStubText(nodeAt(hit->node))),
                viewport(), stubRect(hit->node).toAlignedRect());
        } else {
            QToolTip::showText(help->globalPos(), nodeToolTip(nodeAt(hit->node)), viewport(),
                               nodeRect(hit->node).toAlignedRect());
        }
        return true;
    }
    if (event->type() == QEvent::Leave &&
        !QGuiApplication::keyboardModifiers().testFlag(Qt::ControlModifier)) {
        m_hub->setHover({});
    }
    return QAbstractScrollArea::viewportEvent(event);
}

// Mouse

void TreeView::jumpInOverview(QPointF point) {
    const QRectF rect = overviewRect();
    const QRectF bounds = m_layout.bounds();
    if (rect.isEmpty()) {
        return;
    }
    const qreal x = std::clamp((point.x() - rect.left() - 4) / (rect.width() - 8), 0.0, 1.0);
    const qreal y = std::clamp((point.y() - rect.top() - 4) / (rect.height() - 8), 0.0, 1.0);
    const QPointF target = bounds.topLeft() + QPointF(x * bounds.width(), y * bounds.height());
    const QPointF moved = target * m_scale + origin() - QRectF(viewport()->rect()).center();
    horizontalScrollBar()->setValue(horizontalScrollBar()->value() + qRound(moved.x()));
    verticalScrollBar()->setValue(verticalScrollBar()->value() + qRound(moved.y()));
}

void TreeView::mousePressEvent(QMouseEvent* event) {
    event->accept();
    m_dragStart = event->position();
    m_scrollStart = {horizontalScrollBar()->value(), verticalScrollBar()->value()};
    if (event->button() == Qt::MiddleButton) {
        m_drag = Drag::Pan;
    } else if (event->button() != Qt::LeftButton) {
        m_drag = Drag::None;
    } else if (const QRectF inset = overviewRect(); inset.contains(event->position())) {
        m_overviewFrame = inset;
        m_drag = Drag::Overview;
        jumpInOverview(event->position());
    } else {
        m_drag = Drag::Maybe;
    }
}

void TreeView::mouseMoveEvent(QMouseEvent* event) {
    event->accept();
    const QPointF moved = event->position() - m_dragStart;
    if (m_drag == Drag::Maybe && moved.manhattanLength() >= QApplication::startDragDistance()) {
        m_drag = Drag::Pan;
        viewport()->setCursor(Qt::ClosedHandCursor);
    }
    if (m_drag == Drag::Pan) {
        horizontalScrollBar()->setValue(m_scrollStart.x() - qRound(moved.x()));
        verticalScrollBar()->setValue(m_scrollStart.y() - qRound(moved.y()));
    } else if (m_drag == Drag::Overview) {
        jumpInOverview(event->position());
    } else if (!event->modifiers().testFlag(Qt::ControlModifier)) { // Ctrl holds the hover still
        hoverAt(event->position());
    }
}

void TreeView::mouseReleaseEvent(QMouseEvent* event) {
    event->accept();
    const bool isClick = m_drag == Drag::Maybe && event->button() == Qt::LeftButton;
    m_drag = Drag::None;
    viewport()->setCursor(Qt::ArrowCursor);
    if (!isClick) {
        return;
    }
    const std::optional<TreeLayout::Hit> hit = hitAt(event->position());
    m_clicked.reset();
    if (!hit) {
        return;
    }
    if (hit->isStub) {
        moveCursorTo(hit->node);
        Q_EMIT expandRequested(nodeAt(hit->node).page);
    } else {
        m_clicked = nodeAt(hit->node).page;
        moveCursorTo(hit->node);
        selectNode(hit->node);
    }
}

void TreeView::mouseDoubleClickEvent(QMouseEvent* event) {
    event->accept();
    const std::optional<TreeLayout::Hit> hit =
        overviewRect().contains(event->position()) ? std::nullopt : hitAt(event->position());
    if (event->button() != Qt::LeftButton) {
        return;
    }
    if (m_clicked) { // the first click may have scrolled the box away from the pointer
        toggleNode(m_layout.indexOf(*m_clicked));
    } else if (hit && !hit->isStub) {
        toggleNode(hit->node);
    }
}

void TreeView::wheelEvent(QWheelEvent* event) {
    if (!event->modifiers().testFlag(Qt::ControlModifier)) {
        QAbstractScrollArea::wheelEvent(event);
        return;
    }
    event->accept();
    constexpr int kNotch = 120; // eighths of a degree, Source: QWheelEvent::angleDelta
    m_wheelRest += event->angleDelta().y();
    const int steps = m_wheelRest / kNotch;
    m_wheelRest -= steps * kNotch;
    zoomBy(steps, event->position());
}

// Keyboard

void TreeView::focusInEvent(QFocusEvent* event) {
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
    if (isValid(m_cursor)) {
        a11y::emitEvent(this, QAccessible::Focus, m_cursor);
    }
}

void TreeView::focusOutEvent(QFocusEvent* event) {
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

void TreeView::stepSideways(const TreeLayout::Neighbour& neighbour) {
    if (!isValid(neighbour.node)) {
        return;
    }
    moveCursorTo(neighbour.node);
    if (neighbour.crossesParent) {
        setNote(tr("Page %1 hangs on another parent: pages have no link to their neighbours, so a "
                   "cursor goes up to a common branch and down again.")
                    .arg(countText(nodeAt(neighbour.node).page.value)));
    }
}

bool TreeView::moveByKey(int key) {
    const int before = m_cursor;
    switch (key) {
    case Qt::Key_Up: moveCursorTo(m_layout.parentOf(m_cursor)); break;
    case Qt::Key_Down:
        if (isFolded(m_cursor) && !hasDrawnChildren(m_cursor)) {
            Q_EMIT expandRequested(nodeAt(m_cursor).page);
        } else {
            moveCursorTo(m_layout.firstChild(m_cursor));
        }
        break;
    case Qt::Key_Left: stepSideways(m_layout.leftOf(m_cursor)); break;
    case Qt::Key_Right: stepSideways(m_layout.rightOf(m_cursor)); break;
    case Qt::Key_Home: moveCursorTo(m_layout.firstLeaf()); break;
    case Qt::Key_End: moveCursorTo(m_layout.lastLeaf()); break;
    default: return false;
    }
    if (m_cursor != before) {
        Place place;
        place.page = nodeAt(m_cursor).page;
        m_hub->setHover(place); // moving the cursor is the hover of the keyboard
    }
    return true;
}

bool TreeView::actByKey(const QKeyEvent& event) {
    switch (event.key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_cursor == m_selected) {
            Q_EMIT followRequested(nodeAt(m_cursor).page);
        } else {
            selectNode(m_cursor);
        }
        return true;
    case Qt::Key_Space: selectNode(m_cursor); return true;
    case Qt::Key_Backspace:
        if (hasDrawnChildren(m_cursor)) {
            Q_EMIT collapseRequested(nodeAt(m_cursor).page);
        }
        return true;
    case Qt::Key_Escape:
        if (m_hovered < 0) {
            return false;
        }
        m_hub->setHover({});
        return true;
    default: break;
    }
    if (!m_singleKeys || event.modifiers().testFlag(Qt::ControlModifier)) {
        return false;
    }
    switch (event.key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal: zoomIn(); return true;
    case Qt::Key_Minus: zoomOut(); return true;
    case Qt::Key_0: zoomToFit(); return true;
    default: return false;
    }
}

void TreeView::keyPressEvent(QKeyEvent* event) {
    const bool isAlt = event->modifiers().testFlag(Qt::AltModifier); // Alt+arrows is history
    if (!isAlt && isValid(m_cursor) && (moveByKey(event->key()) || actByKey(*event))) {
        event->accept();
        return;
    }
    event->ignore();
}

} // namespace pagescape::gui
