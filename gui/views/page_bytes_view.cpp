// SPDX-License-Identifier: MIT
#include "views/page_bytes_view.h"

#include "models/page_field_model.h"
#include "views/field_place.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>

namespace pagescape::gui {

PageBytesView::PageBytesView(SelectionHub* hub, QWidget* parent)
    : QAbstractScrollArea(parent), m_hub(hub) {
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setMouseTracking(true);
    setFrameShape(QFrame::NoFrame);
    connect(hub, &SelectionHub::selectionChanged, this, &PageBytesView::onSelection);
    connect(hub, &SelectionHub::hoverChanged, this, &PageBytesView::onHover);
}

void PageBytesView::setPage(PageSnapshot page) {
    const bool isNewPage = !page || !m_page || page->description.id != m_page->description.id;
    m_page = std::move(page);
    m_cursor.reset();
    m_hovered = -1;
    m_selected = -1;
    if (isNewPage) {
        m_litElement = -1;
        verticalScrollBar()->setValue(0);
    }
    relayout();
    onSelection(m_hub->selection());
    viewport()->update();
}

void PageBytesView::setTheme(const Theme& theme) {
    m_theme = theme;
    viewport()->update();
}

void PageBytesView::setLitElement(int element) {
    if (m_litElement != element) {
        m_litElement = element;
        viewport()->update();
    }
}

const PageDescription* PageBytesView::description() const {
    return m_page ? &m_page->description : nullptr;
}

QPointF PageBytesView::scrollOffset() const {
    return {qreal(horizontalScrollBar()->value()), qreal(verticalScrollBar()->value())};
}

void PageBytesView::setContentSize(QSizeF size, qreal step) {
    const QSize view = viewport()->size();
    horizontalScrollBar()->setRange(0, std::max(0, int(size.width()) - view.width()));
    horizontalScrollBar()->setPageStep(view.width());
    verticalScrollBar()->setRange(0, std::max(0, int(size.height()) - view.height()));
    verticalScrollBar()->setPageStep(view.height());
    verticalScrollBar()->setSingleStep(int(step));
}

int PageBytesView::fieldAtByte(quint64 byte) const {
    return m_page && byte < m_page->bytes.size()
               ? static_cast<int>(m_page->description.fieldIndexAt(byte))
               : -1;
}

void PageBytesView::onSelection(const Place& place) {
    const int field = m_page ? fieldOfPlace(m_page->description, place) : -1;
    if (field == m_selected) {
        return;
    }
    m_selected = field;
    if (field >= 0) {
        scrollToByte(m_page->description.fields[static_cast<std::size_t>(field)].range.begin);
    }
    viewport()->update();
}

void PageBytesView::onHover(const Place& place) {
    const int field = m_page ? fieldOfPlace(m_page->description, place) : -1;
    if (field != m_hovered) {
        m_hovered = field;
        viewport()->update();
    }
}

void PageBytesView::scrollToByte(quint64 byte) {
    const QRectF rect = contentRect(byte);
    QScrollBar* bar = verticalScrollBar();
    if (rect.top() < bar->value()) {
        bar->setValue(int(rect.top()));
    } else if (rect.bottom() > bar->value() + viewport()->height()) {
        bar->setValue(int(rect.bottom()) - viewport()->height() + 1);
    }
}

void PageBytesView::follow(int field) {
    if (!m_page || field < 0) {
        return;
    }
    const Field& found = m_page->description.fields[static_cast<std::size_t>(field)];
    std::optional<PageId> target = fieldPointer(found);
    const int element = elementOfField(m_page->description, field);
    if (!target && element >= 0 && m_page->description.type == PageType::Branch) {
        const int child = m_page->description.find(FieldKind::ElementChild, element);
        if (child >= 0) {
            target = fieldPointer(m_page->description.fields[static_cast<std::size_t>(child)]);
        }
    }
    if (target) {
        Q_EMIT followRequested(*target);
    }
}

void PageBytesView::moveCursor(qint64 by) {
    if (!m_page || m_page->bytes.empty()) {
        return;
    }
    const auto last = qint64(m_page->bytes.size()) - 1;
    qint64 start = m_cursor ? qint64(*m_cursor) : -1;
    if (!m_cursor && m_selected >= 0) {
        start = qint64(m_page->description.fields[std::size_t(m_selected)].range.begin);
    }
    m_cursor = quint64(std::clamp<qint64>(start < 0 ? 0 : start + by, 0, last));
    scrollToByte(*m_cursor);
    m_hub->setHover(placeOfField(m_page->description, fieldAtByte(*m_cursor)));
    viewport()->update();
}

void PageBytesView::resizeEvent(QResizeEvent* event) {
    QAbstractScrollArea::resizeEvent(event);
    relayout();
}

void PageBytesView::mouseMoveEvent(QMouseEvent* event) {
    if ((event->modifiers() & Qt::ControlModifier) != 0) {
        return; // Ctrl freezes the preview, so that the pointer can reach another pane
    }
    const auto byte = byteAt(event->position());
    const int field = byte ? fieldAtByte(*byte) : -1;
    m_hub->setHover(field >= 0 ? placeOfField(m_page->description, field) : Place());
}

void PageBytesView::mousePressEvent(QMouseEvent* event) {
    const auto byte = byteAt(event->position());
    const int field = byte ? fieldAtByte(*byte) : -1;
    if (field >= 0) {
        m_cursor = byte;
        m_hub->select(placeOfField(m_page->description, field));
    }
    event->accept();
}

void PageBytesView::mouseDoubleClickEvent(QMouseEvent* event) {
    if (const auto byte = byteAt(event->position())) {
        follow(fieldAtByte(*byte));
    }
    event->accept();
}

void PageBytesView::keyPressEvent(QKeyEvent* event) {
    const auto row = qint64(std::max<quint64>(1, bytesPerRow()));
    const auto size = m_page ? qint64(m_page->bytes.size()) : 0;
    switch (event->key()) {
    case Qt::Key_Left: moveCursor(-1); return;
    case Qt::Key_Right: moveCursor(1); return;
    case Qt::Key_Up: moveCursor(-row); return;
    case Qt::Key_Down: moveCursor(row); return;
    case Qt::Key_Home: moveCursor(-size); return;
    case Qt::Key_End: moveCursor(size); return;
    case Qt::Key_PageUp: moveCursor(-8 * row); return;
    case Qt::Key_PageDown: moveCursor(8 * row); return;
    case Qt::Key_Space:
        if (m_cursor) {
            m_hub->select(placeOfField(m_page->description, fieldAtByte(*m_cursor)));
        }
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter: follow(m_cursor ? fieldAtByte(*m_cursor) : m_selected); return;
    case Qt::Key_Escape:
        if (m_page && m_selected >= 0) {
            m_hub->selectPage(m_page->description.id);
            return;
        }
        break;
    default: break;
    }
    QAbstractScrollArea::keyPressEvent(event);
}

void PageBytesView::focusInEvent(QFocusEvent* event) {
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
}

void PageBytesView::focusOutEvent(QFocusEvent* event) {
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

bool PageBytesView::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::Leave) {
        m_hub->setHover(Place());
    } else if (event->type() == QEvent::ToolTip && m_page) {
        auto* help = static_cast<QHelpEvent*>(event);
        const auto byte = byteAt(help->pos());
        const int index = byte ? fieldAtByte(*byte) : -1;
        if (index < 0) {
            QToolTip::hideText();
            return true;
        }
        const Field& field = m_page->description.fields[std::size_t(index)];
        const ByteRange range = fileRangeOf(m_page->description, field);
        QString text = tr("%1\nbyte %2 of the page, %n byte(s), file offset %3", nullptr,
                          int(std::min<quint64>(field.range.size(), 0x7FFFFFFF)))
                           .arg(fieldTitle(field))
                           .arg(field.range.begin)
                           .arg(range.begin);
        const QString value = fieldValueText(field, m_page->bytes);
        if (!value.isEmpty()) {
            text += QLatin1Char('\n') + value;
        }
        if (!field.problem.empty()) {
            text += QLatin1Char('\n') + QString::fromStdString(field.problem);
        }
        QToolTip::showText(help->globalPos(), text, viewport());
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

} // namespace pagescape::gui
