// SPDX-License-Identifier: MIT
// Mouse, wheel and keys of the time line of a sitting.
#include "views/a11y.h"
#include "views/sitting_view.h"

#include <QFocusEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace pagescape::gui {

namespace {

constexpr double kZoomStep = 1.5;     // of a key
constexpr double kWheelNotch = 120.0; // eighths of a degree

} // namespace

void SittingView::seek(int event) {
    if (m_sitting.events() > 0) {
        Q_EMIT seekRequested(std::clamp(event, -1, m_sitting.events() - 1));
    }
}

std::optional<std::size_t> SittingView::barAt(QPointF point) const {
    const int event = m_layout.eventAt(point.x());
    const std::vector<SittingReader>& bars = m_sitting.readers();
    for (std::size_t i = bars.size(); i-- > 0;) {
        const bool isNear =
            bars[i].open <= event + 1 && (bars[i].close < 0 || bars[i].close >= event - 1);
        if (isNear && sittingBarRect(m_layout, bars[i], m_sitting.events()).contains(point)) {
            return i;
        }
    }
    return std::nullopt;
}

std::optional<std::size_t> SittingView::gripAt(QPointF point) const {
    const qreal reach = m_layout.lineHeight() / 2;
    const int first = m_layout.eventAt(point.x() - reach);
    const int last = m_layout.eventAt(point.x() + reach);
    const std::vector<SittingReader>& bars = m_sitting.readers();
    for (std::size_t i = bars.size(); i-- > 0;) {
        const bool isAsked = m_whatIf && m_whatIf->bar == i;
        const int newest = m_sitting.events() - 1;
        const int end = isAsked ? m_whatIf->event : bars[i].close < 0 ? newest : bars[i].close;
        if (end < first - 1 || end > last + 1) {
            continue;
        }
        const QRectF rect = sittingBarRect(m_layout, bars[i], m_sitting.events());
        const bool isIn = point.y() >= rect.top() && point.y() <= rect.bottom() &&
                          point.x() >= rect.left() && !rect.isEmpty();
        if (isIn && std::abs(point.x() - m_layout.positionX(end)) <= reach) {
            return i;
        }
    }
    return std::nullopt;
}

// The reader ends after `event` instead, and that is where one looks.
void SittingView::dragEnd(int event) {
    if (!m_chosen) {
        return;
    }
    const SittingReader& bar = m_sitting.readers()[*m_chosen];
    const int last = bar.close < 0 ? m_sitting.events() - 1 : bar.close - 1;
    m_whatIf = {*m_chosen, std::clamp(event, bar.open, last)};
    update();
    seek(m_whatIf->event);
    describe();
}

void SittingView::mousePressEvent(QMouseEvent* event) {
    event->accept();
    const QPointF point = event->position();
    if (event->button() != Qt::LeftButton || m_sitting.events() == 0 ||
        point.x() < m_layout.plot().left() - m_layout.lineHeight()) {
        return;
    }
    if (const auto grip = gripAt(point)) {
        m_drag = Drag::ReaderEnd;
        choose(grip);
        return;
    }
    m_drag = Drag::Seek;
    m_whatIf.reset();
    const int at = m_layout.eventAt(point.x());
    const auto bar = barAt(point);
    seek(at);
    if (bar) {
        choose(bar);
    }
    update();
}

void SittingView::mouseMoveEvent(QMouseEvent* event) {
    event->accept();
    const qreal x = event->position().x();
    switch (m_drag) {
    case Drag::Seek: seek(m_layout.eventAt(x)); break;
    case Drag::ReaderEnd: dragEnd(m_layout.eventAt(x)); break;
    case Drag::None: setCursor(gripAt(event->position()) ? Qt::SizeHorCursor : Qt::ArrowCursor);
    }
}

void SittingView::mouseReleaseEvent(QMouseEvent* event) {
    event->accept();
    m_drag = Drag::None;
}

void SittingView::wheelEvent(QWheelEvent* event) {
    const QPoint angle = event->angleDelta();
    if (event->modifiers().testFlag(Qt::ControlModifier)) {
        setZoom(
            m_layout.zoomed(std::pow(kZoomStep, angle.y() / kWheelNotch), event->position().x()));
        event->accept();
        return;
    }
    const int turned = angle.x() != 0 ? angle.x() : angle.y();
    const SittingZoom moved = m_layout.moved(-turned / kWheelNotch * m_layout.plot().width() / 10);
    if (moved == m_zoom) {
        event->ignore(); // the panel around it may scroll
        return;
    }
    setZoom(moved);
    event->accept();
}

// To where the command before or after this one begins.
void SittingView::stepCommand(int direction) {
    const std::vector<int>& commands = m_sitting.commands();
    if (direction < 0) {
        const auto at = std::lower_bound(commands.begin(), commands.end(), m_position);
        seek(at == commands.begin() ? -1 : *std::prev(at));
    } else {
        const auto at = std::upper_bound(commands.begin(), commands.end(), m_position);
        seek(at == commands.end() ? m_sitting.events() - 1 : *at);
    }
}

// To where the transaction before or after this place ended.
void SittingView::stepTransaction(int direction) {
    const auto endOf = [this](const SittingSpan& span) {
        return span.end < 0 ? m_sitting.events() - 1 : span.end;
    };
    const std::vector<SittingSpan>& spans = m_sitting.spans();
    if (direction < 0) {
        const auto at =
            std::partition_point(spans.begin(), spans.end(),
                                 [&](const SittingSpan& span) { return endOf(span) < m_position; });
        seek(at == spans.begin() ? -1 : endOf(*std::prev(at)));
    } else {
        const auto at =
            std::partition_point(spans.begin(), spans.end(), [&](const SittingSpan& span) {
                return endOf(span) <= m_position;
            });
        seek(at == spans.end() ? m_sitting.events() - 1 : endOf(*at));
    }
}

// The next open reader below or above the chosen one; behind the last comes none.
void SittingView::stepReader(int direction) {
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < m_sitting.readers().size(); ++i) {
        if (isOpenAt(i, m_position)) {
            open.push_back(i);
        }
    }
    const auto laneOf = [this](std::size_t bar) { return m_sitting.readers()[bar].lane; };
    std::sort(open.begin(), open.end(),
              [&](std::size_t a, std::size_t b) { return laneOf(a) < laneOf(b); });
    const auto now = m_chosen ? std::find(open.begin(), open.end(), *m_chosen) : open.end();
    const auto count = std::ptrdiff_t(open.size()) + 1; // with none
    const auto at = now == open.end() ? count - 1 : now - open.begin();
    const auto next = std::size_t((at + direction + count) % count);
    choose(next < open.size() ? std::optional(open[next]) : std::nullopt);
}

void SittingView::stepEnd(int direction) {
    if (!m_chosen) {
        return;
    }
    const int from = m_whatIf ? m_whatIf->event : m_position;
    m_drag = Drag::ReaderEnd; // what it asks stays while the position follows
    dragEnd(from + direction);
    m_drag = Drag::None;
}

void SittingView::keyPressEvent(QKeyEvent* event) {
    if (event->modifiers().testFlag(Qt::AltModifier) || m_sitting.events() == 0) {
        event->ignore();
        return;
    }
    const bool isCtrl = event->modifiers().testFlag(Qt::ControlModifier);
    const bool isShift = event->modifiers().testFlag(Qt::ShiftModifier);
    const auto step = [&](int direction) {
        if (isShift && m_chosen) {
            stepEnd(direction);
        } else if (isCtrl) {
            stepCommand(direction);
        } else {
            seek(m_position + direction);
        }
    };
    const qreal x = m_layout.positionX(m_position);
    switch (event->key()) {
    case Qt::Key_Left: step(-1); break;
    case Qt::Key_Right: step(1); break;
    case Qt::Key_PageUp: stepTransaction(-1); break;
    case Qt::Key_PageDown: stepTransaction(1); break;
    case Qt::Key_Up: stepReader(-1); break;
    case Qt::Key_Down: stepReader(1); break;
    case Qt::Key_Home: seek(-1); break;
    case Qt::Key_End: seek(m_sitting.events() - 1); break;
    case Qt::Key_Plus:
    case Qt::Key_Equal: setZoom(m_layout.zoomed(kZoomStep, x)); break;
    case Qt::Key_Minus: setZoom(m_layout.zoomed(1 / kZoomStep, x)); break;
    case Qt::Key_0: setZoom({}); break;
    case Qt::Key_Escape:
        if (!m_chosen && !m_whatIf) {
            event->ignore(); // somebody else's
            return;
        }
        m_whatIf.reset();
        choose(std::nullopt);
        break;
    default: event->ignore(); return;
    }
    event->accept();
}

void SittingView::focusInEvent(QFocusEvent* event) {
    QWidget::focusInEvent(event);
    update();
    a11y::emitEvent(this, QAccessible::Focus);
}

void SittingView::focusOutEvent(QFocusEvent* event) {
    QWidget::focusOutEvent(event);
    update();
}

} // namespace pagescape::gui
