// SPDX-License-Identifier: MIT
#include "views/address_strip_view.h"

#include "paint/text.h"
#include "units/units.h"
#include "views/a11y.h"
#include "views/focus_frame.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <utility>

namespace pagescape::gui {

namespace {

constexpr int kBandPadding = 3;

} // namespace

AddressStripView::AddressStripView(SelectionHub* hub, QWidget* parent)
    : QWidget(parent), m_hub(hub) {
    setAccessibleName(tr("Address strip"));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(m_hub, &SelectionHub::selectionChanged, this, &AddressStripView::onSelectionChanged);
    connect(m_hub, &SelectionHub::hoverChanged, this, &AddressStripView::onHoverChanged);
}

QSize AddressStripView::sizeHint() const {
    return {480, std::max(26, fontMetrics().height() + 10)};
}

QSize AddressStripView::minimumSizeHint() const {
    return {160, sizeHint().height()};
}

void AddressStripView::setValues(StripValues values, std::vector<std::uint8_t> residency,
                                 quint32 pageSize) {
    m_residency = std::move(residency);
    m_values = values;
    m_values.residency = m_residency;
    m_pageSize = pageSize;
    m_hovered.reset();
    relayout();
    onSelectionChanged(m_hub->selection());
    describe();
}

void AddressStripView::setResidencyCaveat(const QString& caveat) {
    m_caveat = caveat;
    describe();
}

void AddressStripView::setTheme(const Theme& theme) {
    m_theme = theme;
    update();
}

QString AddressStripView::summary() const {
    const QString figures = stripSummary(m_values);
    return m_caveat.isEmpty() ? figures : figures + u' ' + m_caveat;
}

void AddressStripView::describe() {
    const QString text = summary();
    if (text != accessibleDescription()) {
        setAccessibleDescription(text);
        a11y::emitEvent(this, QAccessible::DescriptionChanged);
    }
}

void AddressStripView::relayout() {
    const QRectF band =
        QRectF(rect()).adjusted(kBandPadding, kBandPadding, -kBandPadding, -kBandPadding);
    m_layout = StripLayout(m_values, band, devicePixelRatioF());
    update();
}

void AddressStripView::resizeEvent(QResizeEvent* /*event*/) {
    relayout();
}

void AddressStripView::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.color(Theme::Role::Background));
    painter.setFont(font());
    if (m_values.fileSize == 0) {
        return;
    }
    StripScene scene;
    scene.layout = &m_layout;
    scene.values = &m_values;
    scene.theme = &m_theme;
    scene.selected = m_selected;
    scene.hovered = m_hovered;
    paintStrip(painter, scene);
    if (hasFocus()) {
        paintFocusFrame(painter, rect(), m_theme);
    }
}

// Texts

QString AddressStripView::residentText(quint64 offset) const {
    const quint64 entry = m_values.osPageSize == 0 ? 0 : offset / m_values.osPageSize;
    if (entry >= m_residency.size()) {
        return {};
    }
    return m_residency[entry] != 0 ? tr("was in memory when the file was opened")
                                   : tr("was not in memory when the file was opened");
}

QString AddressStripView::textAt(QPointF point) const {
    const std::optional<quint64> offset = m_layout.offsetAt(point);
    if (!offset) {
        return {};
    }
    QStringList lines;
    if (*offset >= m_values.fileSize) {
        lines += tr("mapped, but past the end of the file: touching it is a bus error");
    } else if (m_pageSize > 0) {
        lines += tr("page %1, byte %2 of the file")
                     .arg(countText(*offset / m_pageSize), countText(*offset));
    }
    if (m_values.mapAddress != 0 && *offset < m_values.mapLength) {
        lines += tr("address %1").arg(addressText(m_values.mapAddress + *offset));
    } else {
        lines += tr("not mapped");
    }
    if (*offset < m_values.fileSize) {
        if (m_values.highWaterBytes > 0 && *offset >= m_values.highWaterBytes) {
            lines += tr("never used: beyond the high-water mark");
        }
        if (const QString resident = residentText(*offset); !resident.isEmpty()) {
            lines += resident;
        }
    }
    return lines.join(u'\n');
}

bool AddressStripView::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const QString text = textAt(help->pos());
        QToolTip::showText(help->globalPos(),
                           text.isEmpty() ? summary() : text + QStringLiteral("\n\n") + summary(),
                           this);
        return true;
    }
    return QWidget::event(event);
}

// Selection, mouse and keyboard

quint64 AddressStripView::pageCount() const {
    return m_pageSize == 0 ? 0 : (m_values.fileSize + m_pageSize - 1) / m_pageSize;
}

void AddressStripView::selectPage(quint64 page) {
    if (page < pageCount()) {
        m_hub->selectPage(PageId{page});
    }
}

void AddressStripView::onSelectionChanged(const Place& place) {
    m_selected.reset();
    if (place.bytes) {
        m_selected = place.bytes;
    } else if (place.page && place.page->value < pageCount()) {
        const quint64 begin = place.page->value * m_pageSize;
        m_selected = ByteRange{begin, std::min<quint64>(begin + m_pageSize, m_values.fileSize)};
    }
    update();
}

void AddressStripView::onHoverChanged(const Place& place) {
    m_hovered.reset();
    if (place.bytes) {
        m_hovered = place.bytes->begin;
    } else if (place.page && place.page->value < pageCount()) {
        m_hovered = place.page->value * m_pageSize;
    }
    update();
}

void AddressStripView::mousePressEvent(QMouseEvent* event) {
    event->accept();
    const std::optional<quint64> offset = m_layout.offsetAt(event->position());
    if (event->button() == Qt::LeftButton && offset && m_pageSize > 0) {
        selectPage(*offset / m_pageSize);
    }
}

void AddressStripView::mouseReleaseEvent(QMouseEvent* event) {
    event->accept();
}

void AddressStripView::mouseMoveEvent(QMouseEvent* event) {
    event->accept();
    const std::optional<quint64> offset = m_layout.offsetAt(event->position());
    Place place;
    if (offset && *offset < m_values.fileSize && m_pageSize > 0) {
        place.page = PageId{*offset / m_pageSize};
    }
    m_hub->setHover(place);
}

void AddressStripView::leaveEvent(QEvent* event) {
    m_hub->setHover({});
    QWidget::leaveEvent(event);
}

void AddressStripView::keyPressEvent(QKeyEvent* event) {
    const quint64 count = pageCount();
    if (count == 0 || event->modifiers().testFlag(Qt::AltModifier)) {
        event->ignore();
        return;
    }
    const quint64 page =
        std::min<quint64>(m_hub->selection().page.value_or(PageId{0}).value, count - 1);
    switch (event->key()) {
    case Qt::Key_Left: selectPage(page == 0 ? 0 : page - 1); break;
    case Qt::Key_Right: selectPage(std::min<quint64>(page + 1, count - 1)); break;
    case Qt::Key_Home: selectPage(0); break;
    case Qt::Key_End: selectPage(count - 1); break;
    default: event->ignore(); return;
    }
    event->accept();
}

void AddressStripView::focusInEvent(QFocusEvent* event) {
    QWidget::focusInEvent(event);
    update();
    a11y::emitEvent(this, QAccessible::Focus);
}

void AddressStripView::focusOutEvent(QFocusEvent* event) {
    QWidget::focusOutEvent(event);
    update();
}

} // namespace pagescape::gui
