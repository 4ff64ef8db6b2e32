// SPDX-License-Identifier: MIT
#include "views/stage_view.h"

#include "paint/stage_text.h"
#include "views/a11y.h"
#include "views/focus_frame.h"
#include "views/stage_accessible.h"

#include <QHelpEvent>
#include <QPaintEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace pagescape::gui {

StageView::StageView(QWidget* parent) : QAbstractScrollArea(parent) {
    installStageAccessibility();
    setFrameShape(QFrame::NoFrame);
    setAccessibleName(tr("Write transaction"));
    setFocusPolicy(Qt::StrongFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    viewport()->setMouseTracking(true);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    m_transition.setStartValue(0.0);
    m_transition.setEndValue(1.0);
    m_transition.setDuration(kTransition);
    m_transition.setEasingCurve(QEasingCurve::InOutQuad);
    connect(&m_transition, &QVariantAnimation::valueChanged, this, [this](const QVariant& value) {
        m_progress = value.toReal();
        viewport()->update();
    });
    m_figures = stageFigures(m_now, m_now, nullptr, m_image);
    relayout();
    describe();
}

void StageView::setStage(const StageState& before, const StageState& now, const StageEvent* event) {
    const bool isNextStep = event != nullptr && before == m_now;
    m_now = now;
    m_figures = stageFigures(before, now, event, m_image);
    m_transition.stop();
    m_progress = 1;
    m_hovered.reset();
    if (m_cursor && indexOf(*m_cursor) < 0) {
        m_cursor.reset();
    }
    relayout();
    describe();
    if (m_isAnimated && isNextStep && isVisible()) {
        m_progress = 0;
        m_transition.start();
    }
}

void StageView::setTheme(const Theme& theme) {
    m_theme = theme;
    viewport()->update();
}

void StageView::setAnimated(bool isAnimated) {
    m_isAnimated = isAnimated;
    if (!isAnimated) {
        m_transition.stop();
        m_progress = 1;
        viewport()->update();
    }
}

void StageView::relayout() {
    m_layout = StageLayout(stageLayoutSpec(m_now, m_figures, viewport()->size(),
                                           QFontMetricsF(font()), devicePixelRatioF()));
    const int height = int(std::ceil(m_layout.contentSize().height()));
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setSingleStep(int(m_layout.metrics().line));
    verticalScrollBar()->setRange(0, std::max(0, height - viewport()->height()));
    viewport()->update();
}

void StageView::describe() {
    const QString text = stageCrashText(m_figures.crash);
    if (text != accessibleDescription()) {
        setAccessibleDescription(text);
        a11y::emitEvent(this, QAccessible::DescriptionChanged);
    }
}

QSize StageView::sizeHint() const {
    const StageMetrics metrics = stageMetrics(QFontMetricsF(font()));
    return {int(90 * metrics.character), int(28 * metrics.line)};
}

QSize StageView::minimumSizeHint() const {
    const StageMetrics metrics = stageMetrics(QFontMetricsF(font()));
    return {int(50 * metrics.character), int(10 * metrics.line)};
}

StageScene StageView::scene() const {
    StageScene scene;
    scene.state = &m_now;
    scene.figures = &m_figures;
    scene.layout = &m_layout;
    scene.theme = &m_theme;
    scene.hovered = m_hovered;
    scene.cursor = m_cursor;
    scene.hasFocus = hasFocus();
    scene.progress = m_progress;
    return scene;
}

void StageView::paintEvent(QPaintEvent* event) {
    QPainter painter(viewport());
    painter.setFont(font());
    painter.fillRect(event->rect(), m_theme.color(Theme::Role::Background));
    painter.translate(0, -verticalScrollBar()->value());
    paintStage(painter, scene());
    painter.resetTransform();
    if (hasFocus()) {
        paintFocusFrame(painter, viewport()->rect(), m_theme);
    }
}

void StageView::resizeEvent(QResizeEvent* event) {
    QAbstractScrollArea::resizeEvent(event);
    relayout();
}

void StageView::changeEvent(QEvent* event) {
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange) {
        relayout();
    }
}

// Targets

QPointF StageView::toPicture(QPointF point) const {
    return point + QPointF(0, verticalScrollBar()->value());
}

std::optional<StageTarget> StageView::targetAt(QPointF point) const {
    const QPointF at = toPicture(point);
    if (const auto chip = m_layout.chipAt(at)) {
        const StageChip& what = m_figures.lane(chip->first).chips[chip->second];
        return what.node != 0 ? StageTarget{StageTarget::Kind::Node, what.node}
                              : StageTarget{StageTarget::Kind::Page, what.page.value};
    }
    return m_layout.targetAt(at);
}

QRect StageView::targetRect(const StageTarget& target) const {
    return m_layout.rectOf(target).translated(0, -verticalScrollBar()->value()).toAlignedRect();
}

int StageView::targetCount() const {
    const std::uint64_t most = 1'000'000'000;
    return int(m_now.nodes.size()) + int(std::min(m_figures.shownPages(), most)) +
           int(kStageLaneCount) + 2;
}

StageTarget StageView::targetOf(int index) const {
    auto left = quint64(std::max(index, 0));
    if (left < m_now.nodes.size()) {
        return {StageTarget::Kind::Node, left + 1};
    }
    left -= m_now.nodes.size();
    if (left < m_figures.shownPages()) {
        return {StageTarget::Kind::Page, left};
    }
    left -= m_figures.shownPages();
    if (left < kStageLaneCount) {
        return {StageTarget::Kind::Lane, left};
    }
    return {StageTarget::Kind::Meta, std::min<quint64>(left - kStageLaneCount, 1)};
}

int StageView::indexOf(const StageTarget& target) const {
    const quint64 nodes = m_now.nodes.size();
    const quint64 pages = m_figures.shownPages();
    switch (target.kind) {
    case StageTarget::Kind::Node:
        return target.id >= 1 && target.id <= nodes ? int(target.id) - 1 : -1;
    case StageTarget::Kind::Page: return target.id < pages ? int(nodes + target.id) : -1;
    case StageTarget::Kind::Lane:
        return target.id < kStageLaneCount ? int(nodes + pages + target.id) : -1;
    case StageTarget::Kind::Meta: break;
    }
    return target.id < 2 ? int(nodes + pages + kStageLaneCount + target.id) : -1;
}

QString StageView::targetText(const StageTarget& target) const {
    return stageTargetText(target, m_now, m_figures).join(u'\n');
}

QString StageView::pictureText() const {
    return stageAsText(m_now, m_figures).join(u'\n');
}

void StageView::setCursorTarget(const StageTarget& target) {
    const int index = indexOf(target);
    if (index < 0) {
        return;
    }
    m_cursor = target;
    const QRectF rect = m_layout.rectOf(target);
    if (!rect.isEmpty()) {
        const qreal margin = m_layout.metrics().line;
        QScrollBar* bar = verticalScrollBar();
        const int highest = int(rect.bottom() + margin) - viewport()->height();
        bar->setValue(std::min(std::max(bar->value(), highest), int(rect.top() - margin)));
    }
    viewport()->update();
    a11y::emitEvent(this, QAccessible::Focus, index);
}

void StageView::activate(const StageTarget& target) {
    switch (target.kind) {
    case StageTarget::Kind::Node: Q_EMIT nodeActivated(std::uint32_t(target.id)); break;
    case StageTarget::Kind::Page:
    case StageTarget::Kind::Meta: Q_EMIT pageActivated(PageId{target.id}); break;
    case StageTarget::Kind::Lane: break;
    }
}

bool StageView::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const auto target = targetAt(help->pos());
        QToolTip::showText(help->globalPos(),
                           target ? targetText(*target) : stageCrashText(m_figures.crash),
                           viewport());
        return true;
    }
    if (event->type() == QEvent::Leave && m_hovered) {
        m_hovered.reset();
        viewport()->update();
    }
    return QAbstractScrollArea::viewportEvent(event);
}

} // namespace pagescape::gui
