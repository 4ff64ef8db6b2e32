// SPDX-License-Identifier: MIT
// What the time line shows and says. Mouse, wheel and keys: sitting_input.cpp.
#include "views/sitting_view.h"

#include "units/units.h"
#include "views/a11y.h"
#include "views/focus_frame.h"

#include <QEvent>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace pagescape::gui {

namespace {

constexpr int kMostHintedLanes = 8; // of readers; more are seen in a taller view

} // namespace

SittingView::SittingView(QWidget* parent) : QWidget(parent) {
    setAccessibleName(tr("Time line of the sitting"));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    relayout();
}

SittingValues SittingView::values() const {
    return {m_sitting.events(), m_sitting.commands(), m_sitting.lanes(),
            !m_sitting.marks().empty()};
}

SittingMetrics SittingView::metrics() const {
    const QFontMetricsF font(this->font());
    qreal gutter = 0;
    for (const auto axis : {SittingLayout::Axis::Events, SittingLayout::Axis::Commands}) {
        for (const QString& name : sittingLaneNames(axis)) {
            gutter = std::max(gutter, font.horizontalAdvance(name));
        }
    }
    return {font.height(), gutter + font.height(), font.height() / 3, devicePixelRatioF()};
}

QSize SittingView::sizeFor(int readerLanes) const {
    SittingValues shown = values();
    shown.readerLanes = std::clamp(shown.readerLanes, 1, readerLanes); // the first moves nothing
    return {fontMetrics().averageCharWidth() * 40, int(SittingLayout::heightFor(shown, metrics()))};
}

QSize SittingView::sizeHint() const {
    return sizeFor(kMostHintedLanes);
}

QSize SittingView::minimumSizeHint() const {
    return sizeFor(1);
}

void SittingView::relayout() {
    m_layout = SittingLayout(values(), QRectF(rect()), metrics(), m_zoom);
    m_zoom = m_layout.zoom();
    update();
}

void SittingView::setZoom(const SittingZoom& zoom) {
    m_zoom = zoom;
    relayout();
}

void SittingView::follow(const StageLog& log) {
    const int lanes = m_sitting.lanes();
    const bool hadMarks = !m_sitting.marks().empty();
    m_sitting.follow(log);
    if (m_chosen && *m_chosen >= m_sitting.readers().size()) {
        choose(std::nullopt);
    }
    if (m_whatIf &&
        (m_whatIf->bar >= m_sitting.readers().size() || m_whatIf->event >= m_sitting.events())) {
        m_whatIf.reset();
    }
    m_position = std::min(m_position, m_sitting.events() - 1);
    if (lanes != m_sitting.lanes() || hadMarks == m_sitting.marks().empty()) {
        updateGeometry();
    }
    relayout();
    describe();
}

void SittingView::clear() {
    m_sitting.clear();
    m_position = -1;
    m_zoom = {};
    m_chosen.reset();
    m_whatIf.reset();
    m_drag = Drag::None;
    updateGeometry();
    relayout();
    describe();
}

void SittingView::setPosition(int event) {
    const int position = std::clamp(event, -1, m_sitting.events() - 1);
    if (position == m_position) {
        return;
    }
    m_position = position;
    if (m_drag == Drag::None) {
        m_whatIf.reset();
    }
    if (m_chosen && m_drag != Drag::ReaderEnd && !isOpenAt(*m_chosen, position)) {
        choose(std::nullopt);
    }
    setZoom(m_layout.showing(position));
    describe();
}

void SittingView::setTheme(const Theme& theme) {
    m_theme = theme;
    update();
}

void SittingView::setFlags(std::vector<SittingFlag> flags) {
    if (flags != m_flags) {
        m_flags = std::move(flags);
        update();
        describe();
    }
}

std::uint64_t SittingView::chosenReader() const {
    return m_chosen ? m_sitting.readers()[*m_chosen].reader : 0;
}

void SittingView::chooseReader(std::uint64_t reader) {
    m_chosen = m_sitting.readerAt(reader, m_position);
    if (m_whatIf && m_whatIf->bar != m_chosen) {
        m_whatIf.reset();
    }
    update();
    describe();
}

void SittingView::choose(std::optional<std::size_t> bar) {
    if (m_chosen == bar) {
        return;
    }
    m_chosen = bar;
    if (m_whatIf && m_whatIf->bar != bar) {
        m_whatIf.reset();
    }
    update();
    describe();
    Q_EMIT readerChosen(chosenReader());
}

bool SittingView::isOpenAt(std::size_t bar, int event) const {
    const SittingReader& reader = m_sitting.readers()[bar];
    return reader.open <= event && (reader.close < 0 || reader.close > event);
}

void SittingView::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.color(Theme::Role::Background));
    painter.setFont(font());
    SittingScene scene;
    scene.layout = &m_layout;
    scene.sitting = &m_sitting;
    scene.theme = &m_theme;
    scene.position = m_position;
    scene.chosen = m_chosen;
    scene.whatIf = m_whatIf;
    scene.flags = m_flags;
    paintSitting(painter, scene);
    if (hasFocus()) {
        paintFocusFrame(painter, rect(), m_theme);
    }
}

void SittingView::resizeEvent(QResizeEvent* /*event*/) {
    relayout();
}

void SittingView::changeEvent(QEvent* event) {
    if (event->type() == QEvent::FontChange) {
        updateGeometry();
        relayout();
    }
    QWidget::changeEvent(event);
}

// Texts

QString SittingView::commandOf(int event) const {
    const auto command = m_sitting.commandAt(event);
    return command ? m_sitting.commandText(*command) : QString();
}

QString SittingView::readerText(const SittingReader& bar) const {
    QStringList lines{
        tr("Reader %1 sees transaction %2.").arg(bar.reader).arg(countText(bar.txid))};
    lines += bar.close < 0
                 ? tr("It was opened at event %1 and is still open.")
                       .arg(countText(quint64(bar.open + 1)))
                 : tr("It was open from event %1 to event %2.")
                       .arg(countText(quint64(bar.open + 1)), countText(quint64(bar.close + 1)));
    lines += tr("Drag its end: what would be free if it had ended there?");
    return lines.join(u'\n');
}

QString SittingView::spanText(const SittingSpan& span) const {
    const QString txid = countText(span.txid);
    const QString begin = countText(quint64(span.begin + 1));
    const QString end = countText(quint64(span.end + 1));
    switch (span.outcome) {
    case SpanEnd::Committed:
        return tr("Transaction %1: events %2 to %3, committed.").arg(txid, begin, end);
    case SpanEnd::RolledBack:
        return tr("Transaction %1: events %2 to %3, rolled back.").arg(txid, begin, end);
    case SpanEnd::Uncertain:
        return tr("Transaction %1: events %2 to %3, uncertain: the disk did not confirm its meta.")
            .arg(txid, begin, end);
    case SpanEnd::Open: break;
    }
    return tr("Transaction %1: begun at event %2 and still open.").arg(txid, begin);
}

QString SittingView::textAt(QPointF point) const {
    if (m_sitting.events() == 0 || point.x() < m_layout.plot().left() ||
        point.x() > m_layout.plot().right()) {
        return {};
    }
    const int event = std::max(m_layout.eventAt(point.x()), 0);
    if (const auto bar = barAt(point)) {
        return readerText(m_sitting.readers()[*bar]);
    }
    const auto span = m_sitting.spanAt(event);
    if (span && m_layout.transactionLane().contains(point)) {
        return spanText(m_sitting.spans()[*span]);
    }
    if (m_layout.markLane().contains(point)) {
        const SittingMark* under = nullptr;
        for (const SittingMark& mark : m_sitting.marks()) {
            const qreal off = std::abs(m_layout.positionX(mark.event) - point.x());
            const bool isBetter =
                under == nullptr || (under->bytes > 0 && !under->isGrowth() && mark.isGrowth());
            under = off < m_layout.lineHeight() / 2 && isBetter ? &mark : under;
        }
        if (under != nullptr) {
            const QString number = countText(quint64(under->event + 1));
            if (under->bytes == 0) {
                return tr("Event %1: “%2” failed.").arg(number, commandOf(under->event));
            }
            return under->isGrowth() ? tr("Event %1: the file was mapped anew, %2.")
                                           .arg(number, sittingMarkText(*under))
                                     : tr("Event %1: the file was mapped anew, %2 again.")
                                           .arg(number, bytesText(under->bytes));
        }
    }
    const QString of =
        tr("Event %1 of %2")
            .arg(countText(quint64(event + 1)), countText(quint64(m_sitting.events())));
    const auto command = m_sitting.commandAt(event);
    return command ? of + u'\n' +
                         tr("of command %1: %2")
                             .arg(countText(*command + 1), m_sitting.commandText(*command))
                   : of;
}

QString SittingView::summary() const {
    if (m_sitting.events() == 0) {
        return tr("Nothing has happened yet.");
    }
    QStringList parts;
    parts +=
        m_position < 0
            ? tr("Before the first of %1 events.").arg(countText(quint64(m_sitting.events())))
            : tr("After event %1 of %2.")
                  .arg(countText(quint64(m_position + 1)), countText(quint64(m_sitting.events())));
    if (const QString command = commandOf(m_position); !command.isEmpty()) {
        parts += tr("Command: %1.").arg(command);
    }
    for (const SittingFlag& flag : m_flags) {
        parts += flag.event < 0 ? tr("Mark %1 is before the first event.").arg(flag.name)
                                : tr("Mark %1 is after event %2.")
                                      .arg(flag.name, countText(quint64(flag.event + 1)));
    }
    if (const auto span = m_sitting.spanAt(m_position)) {
        parts += spanText(m_sitting.spans()[*span]);
    }
    for (std::size_t i = 0; i < m_sitting.readers().size(); ++i) {
        if (isOpenAt(i, m_position)) {
            const SittingReader& bar = m_sitting.readers()[i];
            parts += (i == m_chosen ? tr("Reader %1, chosen, sees transaction %2.")
                                    : tr("Reader %1 sees transaction %2."))
                         .arg(bar.reader)
                         .arg(countText(bar.txid));
        }
    }
    if (m_whatIf) {
        parts += tr("Asked: what if reader %1 had ended after event %2?")
                     .arg(m_sitting.readers()[m_whatIf->bar].reader)
                     .arg(countText(quint64(m_whatIf->event + 1)));
    }
    if (m_sitting.isCut()) {
        parts += tr("The log is full: what happened later is not shown.");
    }
    return parts.join(u' ');
}

void SittingView::describe() {
    const QString text = summary();
    if (text != accessibleDescription()) {
        setAccessibleDescription(text);
        a11y::emitEvent(this, QAccessible::DescriptionChanged);
    }
}

bool SittingView::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        auto* help = static_cast<QHelpEvent*>(event);
        const QString text = textAt(help->pos());
        if (text.isEmpty()) {
            QToolTip::hideText();
        } else {
            QToolTip::showText(help->globalPos(), text, this);
        }
        return true;
    }
    return QWidget::event(event);
}

} // namespace pagescape::gui
