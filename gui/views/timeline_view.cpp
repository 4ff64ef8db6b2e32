// SPDX-License-Identifier: MIT
#include "views/timeline_view.h"

#include "models/trace_model.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace pagescape::gui {

namespace {

struct LetterOf {
    QChar operator()(const MetaChosenEvent&) const { return QLatin1Char('M'); }
    QChar operator()(const BucketHopEvent&) const { return QLatin1Char('B'); }
    QChar operator()(const PageReadEvent&) const { return QLatin1Char('P'); }
    QChar operator()(const ProbeEvent&) const { return QLatin1Char('?'); }
    QChar operator()(const ChildChosenEvent&) const { return QLatin1Char('>'); }
    QChar operator()(const LeafHitEvent&) const { return QLatin1Char('='); }
    QChar operator()(const LeafMissEvent&) const { return QLatin1Char('-'); }
    QChar operator()(const ValueSliceEvent&) const { return QLatin1Char('V'); }
};

constexpr qreal kMargin = 4;
constexpr qreal kWidestMark = 26;

} // namespace

QChar eventLetter(const TraceEvent& event) {
    return std::visit(LetterOf(), event);
}

TimelineView::TimelineView(QWidget* parent) : QWidget(parent) {
    setMouseTracking(true);
    setAccessibleName(tr("Time line of the Get"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void TimelineView::setTrace(GetTracePtr trace) {
    m_trace = std::move(trace);
    m_position = -1;
    update();
}

void TimelineView::setPosition(int event) {
    m_position = event;
    update();
}

void TimelineView::setTheme(const Theme& theme) {
    m_theme = theme;
    update();
}

QRectF TimelineView::markRect(int event) const {
    const int n = std::max(1, count());
    const qreal pitch = std::min((width() - 2 * kMargin) / n, kWidestMark);
    return {kMargin + event * pitch, kMargin, std::max<qreal>(pitch - 1, 1),
            height() - 2 * kMargin};
}

std::optional<int> TimelineView::eventAt(QPointF point) const {
    if (count() == 0) {
        return std::nullopt;
    }
    const qreal pitch = markRect(1).left() - markRect(0).left();
    const int event = int((point.x() - kMargin) / std::max<qreal>(pitch, 0.01));
    return event >= 0 && event < count() && point.x() >= kMargin ? std::optional<int>(event)
                                                                 : std::nullopt;
}

void TimelineView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.color(Theme::Role::Background));
    for (int i = 0; i < count(); ++i) {
        const QRectF mark = markRect(i);
        const bool isPast = i <= m_position;
        const QColor fill =
            m_theme.color(i == m_position ? Theme::Role::Path : Theme::Role::Surface);
        painter.fillRect(mark, fill);
        painter.setPen(m_theme.color(isPast ? Theme::Role::Path : Theme::Role::Line));
        painter.drawRect(mark.adjusted(0, 0, -1, -1));
        if (mark.width() >= 9) {
            painter.setPen(i == m_position
                               ? m_theme.textOn(fill)
                               : m_theme.color(isPast ? Theme::Role::Text : Theme::Role::DimText));
            painter.drawText(mark, Qt::AlignCenter, eventLetter(m_trace->events[std::size_t(i)]));
        }
    }
}

void TimelineView::mousePressEvent(QMouseEvent* event) {
    if (const auto hit = eventAt(event->position())) {
        Q_EMIT seekRequested(*hit);
    }
    event->accept();
}

void TimelineView::mouseMoveEvent(QMouseEvent* event) {
    if ((event->buttons() & Qt::LeftButton) != 0) {
        mousePressEvent(event);
    }
}

bool TimelineView::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        auto* help = static_cast<QHelpEvent*>(event);
        const auto hit = eventAt(help->pos());
        if (hit) {
            QToolTip::showText(help->globalPos(),
                               tr("Event %1 of %2: %3")
                                   .arg(*hit + 1)
                                   .arg(count())
                                   .arg(eventKindText(m_trace->events[std::size_t(*hit)])),
                               this);
        } else {
            QToolTip::hideText();
        }
        return true;
    }
    return QWidget::event(event);
}

} // namespace pagescape::gui
