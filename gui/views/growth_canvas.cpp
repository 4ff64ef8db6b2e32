// SPDX-License-Identifier: MIT
#include "views/growth_canvas.h"

#include "paint/text.h"
#include "views/a11y.h"
#include "views/focus_frame.h"

#include <QEasingCurve>
#include <QPainter>
#include <QStyle>
#include <QVariantAnimation>

#include <algorithm>

namespace pagescape::gui {

namespace {

constexpr qreal kWideInLines = 54; // width, in line heights, from which band and bars stand abreast
constexpr int kMostLanes = 8;

} // namespace

GrowthCanvas::GrowthCanvas(QWidget* parent)
    : QWidget(parent), m_motion(new QVariantAnimation(this)) {
    setAccessibleName(tr("Growth of the file and its mapping"));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    m_motion->setStartValue(0.0);
    m_motion->setEndValue(1.0);
    m_motion->setDuration(kTransitionMs);
    m_motion->setEasingCurve(QEasingCurve::InOutQuad);
    connect(m_motion, &QVariantAnimation::valueChanged, this,
            [this](const QVariant& value) { setTransition(value.toReal()); });
}

QSize GrowthCanvas::sizeHint() const {
    const int line = fontMetrics().height();
    return {line * 50, line * 34};
}

QSize GrowthCanvas::minimumSizeHint() const {
    const int line = fontMetrics().height();
    return {line * 20, line * 12};
}

// Values

void GrowthCanvas::setLog(const StageLog* log) {
    m_log = log;
    m_series.clear();
    m_position.reset();
    m_present = {};
    m_cursor = -1;
    m_remapEvent = -1;
    setTransition(1);
    m_motion->stop();
    if (m_log != nullptr) {
        m_series.update(*m_log);
    }
    showPresent(false);
    describe();
}

void GrowthCanvas::refresh() {
    if (m_log == nullptr) {
        return;
    }
    const int marked = m_cursor < 0 ? -1 : m_series.points()[std::size_t(m_cursor)].event;
    const GrowthSeries::Change change = m_series.update(*m_log);
    if (change == GrowthSeries::Change::None) {
        return;
    }
    m_cursor = m_cursor < 0 ? -1 : m_series.pointAt(marked); // points may have been thinned out
    if (change == GrowthSeries::Change::Anew) {
        m_cursor = -1; // its point may be gone
        if (m_position && *m_position >= m_log->size() - 1) {
            m_position.reset();
        }
    }
    if (!m_position || change == GrowthSeries::Change::Anew) {
        showPresent(change == GrowthSeries::Change::More);
    } else {
        invalidate();
    }
}

void GrowthCanvas::setPosition(int event) {
    const int newest = m_log == nullptr ? -1 : m_log->size() - 1;
    if (event >= newest) {
        m_position.reset();
    } else {
        m_position = std::max(event, -1);
    }
    refresh();
    showPresent(true);
    describe();
}

int GrowthCanvas::now() const {
    return m_position.value_or(m_log == nullptr ? -1 : m_log->size() - 1);
}

const GrowthRemap* GrowthCanvas::remap() const {
    const int index = m_series.remapAt(now());
    return index < 0 ? nullptr : &m_series.remaps()[std::size_t(index)];
}

void GrowthCanvas::showPresent(bool mayMove) {
    if (m_log != nullptr) {
        m_present = growthAt(*m_log, now());
    }
    const GrowthRemap* last = remap();
    const int event = last == nullptr ? -1 : last->event;
    if (event != m_remapEvent) {
        const bool isForward = event > m_remapEvent;
        m_remapEvent = event;
        m_motion->stop();
        m_t = 1;
        if (mayMove && isForward && m_isAnimated && isVisible() &&
            style()->styleHint(QStyle::SH_Widget_Animation_Duration, nullptr, this) != 0) {
            m_t = 0;
            m_motion->start();
        }
        describe();
    }
    invalidate();
}

void GrowthCanvas::setTheme(const Theme& theme) {
    m_theme = theme;
    update();
}

void GrowthCanvas::setLogarithmic(bool isOn) {
    m_measure.isLogarithmic = isOn;
    invalidate();
}

void GrowthCanvas::setWholeRule(bool isOn) {
    m_measure.showsWholeRule = isOn;
    invalidate();
}

void GrowthCanvas::setBoltsWay(bool isOn) {
    m_boltsWay = isOn;
    invalidate();
    describe();
}

void GrowthCanvas::setTransition(qreal t) {
    m_t = std::clamp(t, 0.0, 1.0);
    update();
}

void GrowthCanvas::setMarked(int sample) {
    const int last = int(m_series.points().size()) - 1;
    const int cursor = std::clamp(sample, -1, last);
    if (cursor != m_cursor) {
        m_cursor = cursor;
        update();
        describe();
    }
}

// Layout

void GrowthCanvas::invalidate() {
    m_isLaidOut = false;
    update();
}

GrowthCanvas::Rooms GrowthCanvas::rooms() const {
    const qreal line = fontMetrics().height();
    const QRectF all = QRectF(rect()).adjusted(line * 0.5, line * 0.3, -line * 0.5, -line * 0.4);
    Rooms made;
    made.head = QRectF(all.left(), all.top(), all.width(), line);
    const int lanes = std::min(int(m_lanes.size()), kMostLanes);
    const qreal waitLines = m_boltsWay ? 3 : 2;
    const bool isWide = all.width() > kWideInLines * line;
    const qreal bandHeight = 3.6 * line;
    qreal bottom = all.bottom();
    qreal top = made.head.bottom() + line * 0.2;
    const qreal leastCurves = 9 * line;
    if (isWide) {
        const qreal textLines = m_boltsWay ? 4 : 3;
        const qreal height =
            std::max(bandHeight + 3 * line, textLines * line + std::max(lanes, 2) * line + line);
        if (bottom - top - height >= leastCurves) {
            const qreal half = (all.width() - 2 * line) / 2;
            top = bottom - height;
            made.bandTitle = QRectF(all.left(), top, half, line);
            made.band = QRectF(all.left(), top + 1.4 * line, half, bandHeight);
            made.bandLegend = QRectF(all.left(), made.band.bottom() + line * 0.3, half, line);
            const qreal left = all.right() - half;
            made.waitTitle = QRectF(left, top, half, textLines * line);
            made.waits = QRectF(left, made.waitTitle.bottom() + line * 0.3, half,
                                std::max(0.0, bottom - made.waitTitle.bottom() - line * 0.3));
            bottom = top - line * 0.4;
        }
    } else {
        // The bars go first where there is little room, then the band.
        const qreal waits = lanes == 0 ? 0 : (waitLines + lanes + 1.4) * line;
        const qreal band = bandHeight + 2.8 * line;
        const qreal room = bottom - top - leastCurves;
        qreal forWaits = std::min(waits, room - band);
        if (forWaits >= (waitLines + 1) * line) {
            made.waits = QRectF(all.left(), bottom - forWaits + (waitLines + 0.3) * line,
                                all.width(), forWaits - (waitLines + 0.3) * line);
            made.waitTitle = QRectF(all.left(), bottom - forWaits, all.width(), waitLines * line);
            bottom -= forWaits;
        } else if (lanes > 0 && room - band >= waitLines * line) {
            made.waitTitle =
                QRectF(all.left(), bottom - waitLines * line, all.width(), waitLines * line);
            bottom -= waitLines * line;
        }
        if (room >= band) {
            made.bandLegend = QRectF(all.left(), bottom - 1.3 * line, all.width(), line);
            made.band = QRectF(all.left(), made.bandLegend.top() - bandHeight - line * 0.2,
                               all.width(), bandHeight);
            made.bandTitle = QRectF(all.left(), made.band.top() - 1.2 * line, all.width(), line);
            bottom = made.bandTitle.top() - line * 0.2;
        }
    }
    made.curves = QRectF(all.left(), made.head.bottom() + line * 0.2, all.width(),
                         bottom - made.head.bottom() - line * 0.2);
    return made;
}

void GrowthCanvas::layOut() {
    if (m_isLaidOut) {
        return;
    }
    m_isLaidOut = true;
    const QFontMetricsF metrics(font());
    const GrowthRemap* last = remap();
    m_lanes = last == nullptr ? std::vector<RemapLane>() : remapLanes(*last, now(), m_boltsWay);
    m_rooms = rooms();
    m_measure = growthMeasure(m_measure, metrics);
    m_measure.pixelRatio = devicePixelRatioF();
    m_measure.pageSize = std::max<quint32>(m_series.pageSize(), 1);
    m_growth = GrowthLayout(growthSamples(m_series), m_rooms.curves, m_measure);
    m_values = {
        0, 0, m_present.map.address, m_present.map.length, m_present.used, m_present.fileSize};
    if (last != nullptr) {
        m_values.oldAddress = last->map.oldAddress;
        m_values.oldLength = last->map.oldLength;
    }
    m_band = RemapLayout(m_values, m_rooms.band, metrics.height(), devicePixelRatioF());
    const qreal names = std::min(laneNameWidth(m_lanes, metrics), m_rooms.waits.width() * 0.4);
    m_waits = WaitLayout(waitBars(m_lanes), m_remapEvent, m_rooms.waits, names, metrics.height());
}

const GrowthLayout& GrowthCanvas::growthLayout() {
    layOut();
    return m_growth;
}

const RemapLayout& GrowthCanvas::remapLayout() {
    layOut();
    return m_band;
}

const WaitLayout& GrowthCanvas::waitLayout() {
    layOut();
    return m_waits;
}

void GrowthCanvas::resizeEvent(QResizeEvent* /*event*/) {
    invalidate();
}

void GrowthCanvas::changeEvent(QEvent* event) {
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        updateGeometry();
        invalidate();
    }
    QWidget::changeEvent(event);
}

// Painting

void GrowthCanvas::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.color(Theme::Role::Background));
    painter.setFont(font());
    layOut();
    if (m_log != nullptr) {
        paintGrowth(painter, {&m_growth, &m_theme, growthSample(m_present), m_cursor});
        const GrowthRemap* last = remap();
        const bool isHeld = last != nullptr && std::ranges::any_of(last->readers, [this](auto& r) {
                                return r.isOpenAt(now());
                            });
        paintRemapBand(painter, {&m_band, &m_values, &m_theme, m_t, isHeld});
        if (!m_rooms.bandLegend.isEmpty()) {
            paintRemapLegend(painter, m_rooms.bandLegend, m_values, m_theme);
        }
        paintWaits(painter, {&m_waits, &m_lanes, &m_theme});
        paintTexts(painter);
    }
    if (hasFocus()) {
        paintFocusFrame(painter, rect(), m_theme);
    }
}

void GrowthCanvas::paintTexts(QPainter& painter) {
    const QFontMetricsF metrics(painter.font());
    const auto line = [&](const QRectF& room, const QString& text) {
        painter.drawText(room, Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(text, Qt::ElideRight, room.width()));
    };
    painter.setPen(m_theme.color(Theme::Role::Text));
    if (m_cursor >= 0) {
        painter.setPen(m_theme.color(Theme::Role::Accent));
        const GrowthPoint& point = m_series.points()[std::size_t(m_cursor)];
        line(m_rooms.head, growthText(point) + QStringLiteral(". ") + growthStepText(point));
        painter.setPen(m_theme.color(Theme::Role::Text));
    } else {
        line(m_rooms.head, growthText(m_present));
    }
    const GrowthRemap* last = remap();
    if (!m_rooms.bandTitle.isEmpty()) {
        line(m_rooms.bandTitle, remapTitle(last, m_present.map));
    }
    if (last != nullptr && !m_rooms.waitTitle.isEmpty()) {
        painter.drawText(m_rooms.waitTitle,
                         int(Qt::AlignLeft | Qt::AlignTop) | int(Qt::TextWordWrap),
                         waitText(*last, now(), m_boltsWay));
    }
}

// Texts

QString GrowthCanvas::summary() const {
    if (m_log == nullptr) {
        return tr("Nothing is driven.");
    }
    const GrowthRemap* last = remap();
    QStringList texts;
    if (m_cursor >= 0 && m_cursor < int(m_series.points().size())) {
        const GrowthPoint& point = m_series.points()[std::size_t(m_cursor)];
        texts << growthText(point) << growthStepText(point);
    }
    texts << growthText(m_present) << remapTitle(last, m_present.map);
    QString text = texts.join(QStringLiteral(". ")) + QStringLiteral(". ");
    if (last != nullptr) {
        text += waitText(*last, now(), m_boltsWay);
    }
    return text.trimmed();
}

void GrowthCanvas::describe() {
    const QString text = summary();
    if (text != accessibleDescription()) {
        setAccessibleDescription(text);
        a11y::emitEvent(this, QAccessible::DescriptionChanged);
    }
}

QString GrowthCanvas::textAt(QPointF point) {
    layOut();
    if (const int sample = m_growth.sampleAt(point); sample >= 0) {
        const GrowthPoint& at = m_series.points()[std::size_t(sample)];
        return growthStepText(at) + u'\n' + growthText(at);
    }
    if (m_growth.ruleRect().contains(point)) {
        return tr("Mapping: the next power of two from 32 KiB to 1 GiB, then whole GiB. File: as "
                  "long as the mapping up to %1, then %1 more than is needed.")
            .arg(bytesText(m_measure.allocSize));
    }
    if (m_rooms.band.contains(point)) {
        return remapTitle(remap(), m_present.map);
    }
    for (int i = 0; i < m_waits.shownBars(); ++i) {
        if (m_waits.nameRect(i).united(m_waits.barRect(i)).contains(point)) {
            return laneText(m_lanes[std::size_t(i)]);
        }
    }
    return {};
}

} // namespace pagescape::gui
