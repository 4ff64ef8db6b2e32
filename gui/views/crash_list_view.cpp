// SPDX-License-Identifier: MIT
#include "views/crash_list_view.h"

#include "paint/crash_painter.h"
#include "stage/crash_text.h"
#include "units/units.h"
#include "views/a11y.h"
#include "views/focus_frame.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>

namespace pagescape::gui {

namespace {

constexpr double kRowLines = 1.55; // height of a row in lines of text
constexpr std::size_t kManyRows = 999;

} // namespace

WriteFate toggledFate(const WriteFate& fate) {
    WriteFate made;
    made.kind =
        fate.kind == WriteFate::Kind::Survives ? WriteFate::Kind::Lost : WriteFate::Kind::Survives;
    return made;
}

WriteFate tornFate(std::ptrdiff_t kept, std::uint32_t sectors) {
    WriteFate fate;
    if (kept <= 0) {
        fate.kind = WriteFate::Kind::Lost;
    } else if (kept < std::ptrdiff_t(sectors)) {
        fate.kind = WriteFate::Kind::Torn;
        fate.sectors = std::uint32_t(kept);
    }
    return fate;
}

CrashListView::CrashListView(QWidget* parent)
    : QAbstractScrollArea(parent), m_script(std::make_shared<const CrashScript>()) {
    setAccessibleName(tr("Writes and syncs"));
    setFocusPolicy(Qt::StrongFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFrameShape(QFrame::NoFrame);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    viewport()->setMouseTracking(true);
}

QSize CrashListView::sizeHint() const {
    const int unit = fontMetrics().horizontalAdvance(u'0');
    return {unit * 54, int(fontMetrics().height() * kRowLines * 9)};
}

QSize CrashListView::minimumSizeHint() const {
    const int unit = fontMetrics().horizontalAdvance(u'0');
    return {unit * 44, int(fontMetrics().height() * kRowLines * 4)};
}

void CrashListView::setScript(const CrashScriptPtr& script) {
    m_script = script;
    m_choice = {};
    m_isDragging = false;
    m_current.reset();
    verticalScrollBar()->setValue(0);
    relayout();
    Q_EMIT currentRowChanged();
}

void CrashListView::setChoice(const CrashChoice& choice) {
    const bool hasMoved = choice.cursor() != m_choice.cursor();
    m_choice = choice;
    relayout();
    if (hasMoved && !m_isDragging) {
        reveal(m_layout.cursorRect());
    }
    describe();
}

void CrashListView::setTheme(const Theme& theme) {
    m_theme = theme;
    viewport()->update();
}

void CrashListView::setCurrentRow(std::optional<std::size_t> row) {
    if (row && *row >= m_script->rows.size()) {
        row.reset();
    }
    if (row != m_current) {
        m_current = row;
        if (row) {
            reveal(m_layout.rowRect(*row));
        }
        viewport()->update();
        describe();
        Q_EMIT currentRowChanged();
    }
}

QString CrashListView::summary() const {
    if (m_script->rows.empty()) {
        return m_script->whyEmpty;
    }
    QString text = tr("Crash after operation %1 of %2: %3.")
                       .arg(countText(m_choice.cursor()), countText(m_script->rows.size()),
                            crashChoiceText(m_choice));
    if (m_current) {
        text += tr(" Operation %1: %2, %3.")
                    .arg(countText(*m_current + 1), crashRowText(m_script->rows[*m_current]),
                         crashRowState(*m_script, m_choice, *m_current));
    }
    return text;
}

void CrashListView::describe() {
    const QString text = summary();
    if (text != accessibleDescription()) {
        setAccessibleDescription(text);
        a11y::emitEvent(this, QAccessible::DescriptionChanged);
    }
}

// Geometry and painting

void CrashListView::relayout() {
    CrashLayoutValues values;
    values.rowCount = m_script->rows.size();
    values.cursor = m_choice.cursor();
    values.width = viewport()->width();
    values.rowHeight = std::round(fontMetrics().height() * kRowLines);
    values.unit = fontMetrics().horizontalAdvance(u'0');
    values.hasManyDigits = values.rowCount > kManyRows;
    m_layout = CrashLayout(values);
    verticalScrollBar()->setSingleStep(int(values.rowHeight));
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setRange(0, std::max(0, int(m_layout.height()) - viewport()->height()));
    viewport()->update();
}

void CrashListView::resizeEvent(QResizeEvent* /*event*/) {
    relayout();
}

void CrashListView::changeEvent(QEvent* event) {
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange) {
        relayout();
    }
}

QRectF CrashListView::inViewport(const QRectF& rect) const {
    return rect.translated(0, -verticalScrollBar()->value());
}

QPointF CrashListView::toList(QPointF viewportPoint) const {
    return viewportPoint + QPointF(0, verticalScrollBar()->value());
}

// Scrolls as little as needed, with a row of margin.
void CrashListView::reveal(const QRectF& rect) {
    const int margin = int(m_layout.values().rowHeight);
    QScrollBar* bar = verticalScrollBar();
    const int top = int(rect.top()) - margin;
    const int bottom = int(rect.bottom()) + margin - viewport()->height();
    bar->setValue(std::min(std::max(bar->value(), bottom), std::max(top, 0)));
}

void CrashListView::paintEvent(QPaintEvent* event) {
    QPainter painter(viewport());
    painter.setFont(font());
    painter.fillRect(event->rect(), m_theme.color(Theme::Role::Background));
    if (m_script->rows.empty()) {
        painter.setPen(m_theme.color(Theme::Role::DimText));
        const int margin = fontMetrics().height();
        painter.drawText(viewport()->rect().adjusted(margin, margin, -margin, -margin),
                         int(Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap), m_script->whyEmpty);
    } else {
        const int scrolled = verticalScrollBar()->value();
        painter.translate(0, -scrolled);
        CrashScene scene{&m_layout, m_script.get(), &m_choice, &m_theme, m_current, hasFocus()};
        paintCrash(painter, scene, QRectF(event->rect()).translated(0, scrolled));
        painter.translate(0, scrolled);
    }
    if (hasFocus()) {
        paintFocusFrame(painter, viewport()->rect(), m_theme);
    }
}

// What is asked for

const WriteFate* CrashListView::fateOf(std::size_t row) const {
    const auto open = m_choice.openIndex(row);
    return open ? &m_choice.fates[*open] : nullptr;
}

void CrashListView::moveTo(std::ptrdiff_t cursor) {
    const auto last = std::ptrdiff_t(m_script->rows.size());
    const auto wanted = std::size_t(std::clamp<std::ptrdiff_t>(cursor, 0, last));
    if (wanted != m_choice.cursor()) {
        Q_EMIT cursorRequested(wanted);
    }
}

void CrashListView::moveToStop(bool isNext) {
    std::optional<std::size_t> found;
    for (const CrashStop& stop : m_script->stops) {
        if (isNext && stop.cursor > m_choice.cursor()) {
            found = stop.cursor;
            break;
        }
        if (!isNext && stop.cursor < m_choice.cursor()) {
            found = stop.cursor;
        }
    }
    moveTo(std::ptrdiff_t(found.value_or(isNext ? m_script->rows.size() : 0)));
}

void CrashListView::moveCurrent(int by) {
    const auto last = std::ptrdiff_t(m_script->rows.size()) - 1;
    const std::ptrdiff_t from = m_current ? std::ptrdiff_t(*m_current) + by
                                          : std::ptrdiff_t(m_choice.cursor()) - (by < 0 ? 1 : 0);
    setCurrentRow(std::size_t(std::clamp<std::ptrdiff_t>(from, 0, last)));
}

void CrashListView::toggle(std::size_t row) {
    if (const WriteFate* fate = fateOf(row)) {
        Q_EMIT fateRequested(row, toggledFate(*fate));
    }
}

void CrashListView::tear(std::size_t row, std::ptrdiff_t sectors) {
    const std::uint32_t all = m_script->rows[row].sectors;
    if (fateOf(row) != nullptr && all > 0) {
        Q_EMIT fateRequested(row, tornFate(sectors, all));
    }
}

void CrashListView::tearBy(int by) {
    const WriteFate* fate = m_current ? fateOf(*m_current) : nullptr;
    if (fate == nullptr) {
        return;
    }
    const auto all = std::ptrdiff_t(m_script->rows[*m_current].sectors);
    const std::ptrdiff_t now = fate->kind == WriteFate::Kind::Lost   ? 0
                               : fate->kind == WriteFate::Kind::Torn ? fate->sectors
                                                                     : all;
    tear(*m_current, std::clamp<std::ptrdiff_t>(now + by, 0, all));
}

void CrashListView::activate(std::size_t row) {
    if (m_script->rows[row].kind == CrashRow::Kind::Write) {
        Q_EMIT pageActivated(m_script->rows[row].page);
    }
}

// Mouse

void CrashListView::mousePressEvent(QMouseEvent* event) {
    const QPointF point = toList(event->position());
    if (event->button() != Qt::LeftButton || m_script->rows.empty() ||
        point.y() >= m_layout.height()) {
        return;
    }
    if (m_layout.gutterRect().contains(point) || m_layout.cursorRect().contains(point)) {
        m_isDragging = true;
        moveTo(std::ptrdiff_t(m_layout.cursorAt(point.y())));
        return;
    }
    const auto row = m_layout.rowAt(point.y());
    if (!row) {
        return;
    }
    setCurrentRow(row);
    if (m_layout.boxRect(*row).contains(point)) {
        toggle(*row);
    } else if (m_layout.sectorsRect(*row).contains(point)) {
        const std::uint32_t all = m_script->rows[*row].sectors;
        tear(*row, m_layout.sectorsAt(*row, point.x(), all));
    }
}

void CrashListView::mouseMoveEvent(QMouseEvent* event) {
    const QPointF point = toList(event->position());
    if (m_isDragging) {
        moveTo(std::ptrdiff_t(m_layout.cursorAt(point.y())));
        return;
    }
    const bool isHandle = !m_script->rows.empty() && (m_layout.gutterRect().contains(point) ||
                                                      m_layout.cursorRect().contains(point));
    viewport()->setCursor(isHandle ? Qt::SplitVCursor : Qt::ArrowCursor);
}

void CrashListView::mouseReleaseEvent(QMouseEvent* /*event*/) {
    m_isDragging = false;
}

void CrashListView::mouseDoubleClickEvent(QMouseEvent* event) {
    const QPointF point = toList(event->position());
    const auto row = m_script->rows.empty() ? std::nullopt : m_layout.rowAt(point.y());
    if (row && m_layout.boxRect(*row).contains(point)) {
        toggle(*row); // two quick clicks are two changes
    } else if (row && m_layout.textRect(*row).contains(point)) {
        activate(*row);
    }
}

QString CrashListView::textAt(QPointF listPoint) const {
    if (m_script->rows.empty() || listPoint.y() >= m_layout.height()) {
        return {};
    }
    const auto row = m_layout.rowAt(listPoint.y());
    if (!row || m_layout.gutterRect().contains(listPoint)) {
        return tr("Drag the crash, or click where it shall be (Up, Down; Page Up and Page Down: "
                  "named stops)");
    }
    const CrashRow& values = m_script->rows[*row];
    QString text = tr("Operation %1: %2, %3")
                       .arg(countText(*row + 1), crashRowText(values),
                            crashRowState(*m_script, m_choice, *row));
    if (values.kind == CrashRow::Kind::Write) {
        text += tr("\n%1 at byte %2, %n sector(s) of 512 bytes", nullptr, int(values.sectors))
                    .arg(bytesText(values.bytes), countText(values.offset));
    }
    if (fateOf(*row) != nullptr) {
        text += tr("\nClick the box: survives or lost. Click a sector: torn there.");
    }
    return text;
}

bool CrashListView::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        QToolTip::showText(help->globalPos(), textAt(toList(help->pos())), viewport());
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

// Keyboard

bool CrashListView::handleKey(const QKeyEvent& event) {
    const bool isShift = event.modifiers().testFlag(Qt::ShiftModifier);
    const auto cursor = std::ptrdiff_t(m_choice.cursor());
    switch (event.key()) {
    case Qt::Key_Up: isShift ? moveCurrent(-1) : moveTo(cursor - 1); return true;
    case Qt::Key_Down: isShift ? moveCurrent(1) : moveTo(cursor + 1); return true;
    case Qt::Key_Home: moveTo(0); return true;
    case Qt::Key_End: moveTo(std::ptrdiff_t(m_script->rows.size())); return true;
    case Qt::Key_PageUp: moveToStop(false); return true;
    case Qt::Key_PageDown: moveToStop(true); return true;
    case Qt::Key_Plus:
    case Qt::Key_Equal: tearBy(1); return true;
    case Qt::Key_Minus: tearBy(-1); return true;
    default: break;
    }
    if (!m_current) {
        return false;
    }
    switch (event.key()) {
    case Qt::Key_Space: toggle(*m_current); return true;
    case Qt::Key_T: tear(*m_current, (m_script->rows[*m_current].sectors + 1) / 2); return true;
    case Qt::Key_Return:
    case Qt::Key_Enter: activate(*m_current); return true;
    default: return false;
    }
}

void CrashListView::keyPressEvent(QKeyEvent* event) {
    const bool isOurs = !(event->modifiers() & (Qt::ControlModifier | Qt::AltModifier));
    event->setAccepted(isOurs && !m_script->rows.empty() && handleKey(*event));
}

void CrashListView::focusInEvent(QFocusEvent* event) {
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
    a11y::emitEvent(this, QAccessible::Focus);
}

void CrashListView::focusOutEvent(QFocusEvent* event) {
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

} // namespace pagescape::gui
