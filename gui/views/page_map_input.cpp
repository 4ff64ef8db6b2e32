// SPDX-License-Identifier: MIT
// PageMapView's other half: mouse, keyboard, hover and selection.
#include "views/a11y.h"
#include "views/page_map_view.h"
#include "views/page_text.h"

#include <QGuiApplication>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollBar>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <limits>

namespace pagescape::gui {

namespace {

int childIndex(PageId page) {
    constexpr auto kMax = static_cast<quint64>(std::numeric_limits<int>::max());
    return static_cast<int>(std::min<quint64>(page.value, kMax));
}

PageRange runRange(const Census& census, PageId first) {
    const PageRow row = census.row(first);
    const quint64 end =
        row.kind == PageKind::Branch || row.kind == PageKind::Leaf || row.kind == PageKind::Freelist
            ? first.value + 1 + row.overflow
            : first.value + 1;
    return {first.value, std::min<quint64>(end, census.pageCount())};
}

} // namespace

// Selection and hover

void PageMapView::onSelectionChanged(const Place& place) {
    updateRun(m_selected);
    m_selected = {};
    if (!hasPages() || !place.page || place.page->value >= m_census->pageCount()) {
        return;
    }
    m_selected = runRange(*m_census, *place.page);
    updateRun(m_selected);
    placeOverview();
    if (!m_selected.contains(m_cursor)) {
        moveCursorTo(*place.page);
    } else if (m_layout.scrollTo(m_cursor)) {
        syncScrollBars();
    }
    a11y::emitEvent(this, QAccessible::Selection, childIndex(*place.page));
}

void PageMapView::onHoverChanged(const Place& place) {
    if (place.page == m_hovered) {
        return;
    }
    updatePage(m_hovered);
    m_hovered = place.page;
    updatePage(m_hovered);
}

void PageMapView::selectPage(PageId page) {
    m_hub->selectPage(runStart(*m_census, page));
}

void PageMapView::moveCursorTo(PageId page) {
    if (!hasPages()) {
        return;
    }
    updatePage(m_cursor);
    m_cursor = PageId{std::min<quint64>(page.value, m_census->pageCount() - 1)};
    if (m_layout.scrollTo(m_cursor)) {
        syncScrollBars();
    }
    updatePage(m_cursor);
    placeOverview();
    a11y::emitEvent(this, QAccessible::Focus, childIndex(m_cursor));
}

void PageMapView::hoverAt(const QPoint& point, const QPoint& globalPoint) {
    const bool isOnOverview = overviewRect().contains(point);
    const std::optional<PageId> page = isOnOverview ? std::nullopt : pageAt(point);
    if (page == m_hovered) {
        return;
    }
    Place place;
    place.page = page;
    m_hub->setHover(place);
    if (QToolTip::isVisible()) {
        if (page) {
            showToolTip(globalPoint, *page);
        } else {
            QToolTip::hideText();
        }
    }
}

void PageMapView::endHover() {
    if (m_hovered) {
        m_hub->setHover({});
    }
}

void PageMapView::showToolTip(const QPoint& globalPoint, PageId page) {
    QToolTip::showText(globalPoint, pageToolTip(*m_census, page), viewport(), pageRect(page));
}

bool PageMapView::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const std::optional<PageId> page =
            overviewRect().contains(help->pos()) ? std::nullopt : pageAt(help->pos());
        if (page) {
            showToolTip(help->globalPos(), *page);
        } else {
            QToolTip::hideText();
        }
        return true;
    }
    if (event->type() == QEvent::Leave &&
        !QGuiApplication::keyboardModifiers().testFlag(Qt::ControlModifier)) {
        endHover();
    }
    return QAbstractScrollArea::viewportEvent(event);
}

// Mouse

bool PageMapView::jumpInOverview(QPointF point) {
    if (m_overviewFrame.isEmpty()) {
        return false;
    }
    const PageMapOverview overview(m_layout.spec().pageCount, m_overviewFrame,
                                   m_layout.spec().devicePixelRatio);
    const QRectF rect = overview.rect();
    if (m_dragsOverview) { // a drag may leave the inset; its nearest point counts
        point = {std::clamp(point.x(), rect.left(), rect.right() - 1),
                 std::clamp(point.y(), rect.top(), rect.bottom() - 1)};
    }
    if (!rect.contains(point)) {
        return false;
    }
    if (const std::optional<PageId> page = overview.pageAt(point)) {
        centerOnPage(*page);
    }
    return true;
}

void PageMapView::mousePressEvent(QMouseEvent* event) {
    event->accept();
    if (event->button() != Qt::LeftButton || !hasPages()) {
        return;
    }
    if (jumpInOverview(event->position())) {
        m_dragsOverview = true;
        return;
    }
    if (const std::optional<PageId> page = pageAt(event->position().toPoint())) {
        moveCursorTo(*page);
        selectPage(*page);
    }
}

void PageMapView::mouseMoveEvent(QMouseEvent* event) {
    event->accept();
    if (m_dragsOverview) {
        jumpInOverview(event->position());
    } else if (!event->modifiers().testFlag(Qt::ControlModifier)) { // Ctrl holds the hover still
        hoverAt(event->position().toPoint(), event->globalPosition().toPoint());
    }
}

void PageMapView::mouseReleaseEvent(QMouseEvent* event) {
    event->accept();
    m_dragsOverview = false;
}

void PageMapView::mouseDoubleClickEvent(QMouseEvent* event) {
    event->accept();
    const QPoint point = event->position().toPoint();
    const bool isOnOverview = overviewRect().contains(point);
    if (const std::optional<PageId> page = pageAt(point);
        page && !isOnOverview && event->button() == Qt::LeftButton) {
        Q_EMIT followRequested(runStart(*m_census, *page));
    }
}

void PageMapView::wheelEvent(QWheelEvent* event) {
    if (!event->modifiers().testFlag(Qt::ControlModifier)) {
        QAbstractScrollArea::wheelEvent(event);
        return;
    }
    event->accept();
    constexpr int kNotch = 120; // eighths of a degree, Source: QWheelEvent::angleDelta
    m_wheelRest += event->angleDelta().y();
    const int steps = m_wheelRest / kNotch;
    m_wheelRest -= steps * kNotch;
    if (steps != 0) {
        zoomTo(std::clamp(zoom() + steps, 0, kZoomStepCount - 1), false, event->position());
    }
}

// Keyboard

void PageMapView::focusInEvent(QFocusEvent* event) {
    QAbstractScrollArea::focusInEvent(event);
    updatePage(m_cursor);
    viewport()->update(); // cursor and frame
    if (hasPages()) {
        a11y::emitEvent(this, QAccessible::Focus, childIndex(m_cursor));
    }
}

void PageMapView::focusOutEvent(QFocusEvent* event) {
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

bool PageMapView::moveByKey(const QKeyEvent& event) {
    const bool isControl = event.modifiers().testFlag(Qt::ControlModifier);
    const quint64 perRow = m_layout.pagesPerRow();
    const quint64 rowBegin = m_cursor.value - m_cursor.value % perRow;
    const qint64 screen =
        std::max<qint64>(1, static_cast<qint64>(viewport()->height() / m_layout.cellSize()) - 1);
    PageId to = m_cursor;
    switch (event.key()) {
    case Qt::Key_Left: to = m_layout.moved(m_cursor, -1, 0); break;
    case Qt::Key_Right: to = m_layout.moved(m_cursor, 1, 0); break;
    case Qt::Key_Up: to = m_layout.moved(m_cursor, 0, -1); break;
    case Qt::Key_Down: to = m_layout.moved(m_cursor, 0, 1); break;
    case Qt::Key_PageUp: to = m_layout.moved(m_cursor, 0, -screen); break;
    case Qt::Key_PageDown: to = m_layout.moved(m_cursor, 0, screen); break;
    case Qt::Key_Home: to = PageId{isControl ? 0 : rowBegin}; break;
    case Qt::Key_End:
        to = PageId{isControl ? m_census->pageCount() - 1 : rowBegin + perRow - 1};
        break;
    default: return false;
    }
    moveCursorTo(to);
    Place place;
    place.page = m_cursor;
    m_hub->setHover(place); // moving the cursor is the hover of the keyboard
    return true;
}

bool PageMapView::actByKey(const QKeyEvent& event) {
    const bool isSelected = m_selected.contains(m_cursor);
    switch (event.key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (isSelected) {
            Q_EMIT followRequested(runStart(*m_census, m_cursor));
            return true;
        }
        selectPage(m_cursor);
        return true;
    case Qt::Key_Space: selectPage(m_cursor); return true;
    case Qt::Key_Escape:
        if (m_hovered) {
            endHover();
            return true;
        }
        return false;
    default: break;
    }
    if (!m_singleKeys || event.modifiers().testFlag(Qt::AltModifier) ||
        event.modifiers().testFlag(Qt::ControlModifier)) {
        return false;
    }
    if (event.key() >= Qt::Key_1 && event.key() < Qt::Key_1 + static_cast<int>(kLenses.size())) {
        setLens(kLenses[static_cast<std::size_t>(event.key() - Qt::Key_1)]);
        return true;
    }
    switch (event.key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal: zoomIn(); return true;
    case Qt::Key_Minus: zoomOut(); return true;
    case Qt::Key_0: zoomToFit(); return true;
    case Qt::Key_L:
        if (event.modifiers().testFlag(Qt::ShiftModifier)) {
            Q_EMIT allClassesRequested();
        } else {
            Q_EMIT nextClassRequested();
        }
        return true;
    default: return false;
    }
}

void PageMapView::keyPressEvent(QKeyEvent* event) {
    const bool isAlt = event->modifiers().testFlag(Qt::AltModifier); // Alt+arrows is history
    if (hasPages() && ((!isAlt && moveByKey(*event)) || actByKey(*event))) {
        event->accept();
        return;
    }
    event->ignore();
}

} // namespace pagescape::gui
