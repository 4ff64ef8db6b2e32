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

void GrowthCanvas::layOut() {
    if (m_isLaidOut) {
        return;
    }
    m_isLaidOut = true;
    GrowthPictureSpec spec;
    spec.series = &m_series;
    spec.present = m_present;
    spec.event = now();
    spec.boltsWay = m_boltsWay;
    spec.measure = m_measure;
    spec.room = rect();
    spec.pixelRatio = devicePixelRatioF();
    m_picture = GrowthPicture(spec, font());
}

const GrowthPicture& GrowthCanvas::picture() {
    layOut();
    return m_picture;
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
    if (m_log != nullptr) {
        picture().paint(painter, m_theme, m_t, m_cursor);
    }
    if (hasFocus()) {
        paintFocusFrame(painter, rect(), m_theme);
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
    texts << growthText(m_present) << remapTitle(last, m_present);
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
    const GrowthLayout& growth = m_picture.growth();
    if (const int sample = growth.sampleAt(point); sample >= 0) {
        const GrowthPoint& at = m_series.points()[std::size_t(sample)];
        return growthStepText(at) + u'\n' + growthText(at);
    }
    if (growth.ruleRect().contains(point)) {
        return tr("Mapping: the next power of two from 32 KiB to 1 GiB, then whole GiB. File: as "
                  "long as the mapping up to %1, then %1 more than is needed.")
            .arg(bytesText(growth.measure().allocSize));
    }
    if (m_picture.bandRect().contains(point)) {
        return remapTitle(remap(), m_present);
    }
    const WaitLayout& waits = m_picture.waits();
    for (int i = 0; i < waits.shownBars(); ++i) {
        if (waits.nameRect(i).united(waits.barRect(i)).contains(point)) {
            return laneText(m_picture.lanes()[std::size_t(i)]);
        }
    }
    return {};
}

} // namespace pagescape::gui
