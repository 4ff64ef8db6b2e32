// SPDX-License-Identifier: MIT
#include "paint/sitting_ruler.h"

#include "units/units.h"

#include <algorithm>
#include <cmath>

namespace pagescape::gui {

using Role = Theme::Role;

SittingRuler::SittingRuler(QPainter& painter, const SittingScene& scene)
    : m_painter(painter), m_scene(scene), m_layout(*scene.layout), m_sitting(*scene.sitting),
      m_theme(*scene.theme), m_metrics(painter.font()) {}

// The number in the flag of the position: events or commands that are done.
QString SittingRuler::positionText() const {
    if (m_layout.axis() == SittingLayout::Axis::Events) {
        return countText(quint64(m_scene.position + 1));
    }
    const auto command = m_sitting.commandAt(m_scene.position);
    return countText(command ? *command + 1 : 0);
}

QRectF SittingRuler::flagRect() const {
    const qreal width = m_metrics.horizontalAdvance(positionText()) + em();
    const QRectF ruler = m_layout.ruler();
    const qreal x = m_layout.positionX(m_scene.position);
    const qreal left =
        std::clamp(x - width / 2, m_layout.plot().left() - em(),
                   std::max(m_layout.plot().left(), m_layout.plot().right() - width));
    return {left, ruler.top(), width, ruler.height() - 2};
}

void SittingRuler::paintTicks() {
    const QRectF ruler = m_layout.ruler();
    const bool isEvents = m_layout.axis() == SittingLayout::Axis::Events;
    const std::vector<int>& commands = m_sitting.commands();
    const int count = isEvents ? m_sitting.events() : int(commands.size());
    const auto xOfTick = [&](int tick) {
        return isEvents || tick >= int(commands.size())
                   ? m_layout.xOf(isEvents ? tick : m_sitting.events())
                   : m_layout.xOf(commands[std::size_t(tick)]);
    };
    const qreal widest = m_metrics.horizontalAdvance(countText(quint64(count))) + 3 * em();
    const double perTick = widest * m_layout.units() / m_layout.zoom().factor / ruler.width();
    double step = std::pow(10, std::floor(std::log10(std::max(perTick, 1.0))));
    step *= perTick <= step ? 1 : perTick <= 2 * step ? 2 : perTick <= 5 * step ? 5 : 10;
    const auto first = int(std::floor(m_layout.zoom().left / step));
    const QRectF flag = flagRect();
    for (double tick = first * step; tick <= count; tick += step) {
        const qreal x = xOfTick(int(tick));
        if (x > ruler.right() + 1) {
            break;
        }
        m_painter.fillRect(QRectF(x, ruler.bottom() - em() / 2, 1, em() / 2), color(Role::DimText));
        const QString text = countText(quint64(tick));
        const qreal width = m_metrics.horizontalAdvance(text);
        const qreal left =
            std::clamp(x - width / 2, ruler.left(), std::max(ruler.left(), ruler.right() - width));
        const QRectF label(left, ruler.top(), width + 1, ruler.height() - em() / 2);
        if (!label.intersects(flag) && std::abs(left + width / 2 - x) < width) {
            m_painter.setPen(color(Role::DimText));
            m_painter.drawText(label, int(Qt::AlignCenter), text);
        }
    }
}

void SittingRuler::paintPosition() {
    const qreal x = m_layout.positionX(m_scene.position);
    const QRectF plot = m_layout.plot();
    if (x < plot.left() - 1 || x > plot.right() + 1) {
        return;
    }
    const qreal bottom = std::max({m_layout.transactionLane().bottom(),
                                   m_layout.readerLanes().bottom(), m_layout.markLane().bottom()});
    m_painter.fillRect(QRectF(x - 1, plot.top(), 2, bottom - plot.top()), color(Role::Path));
}

void SittingRuler::paintFlag() {
    const qreal x = m_layout.positionX(m_scene.position);
    if (x < m_layout.plot().left() - 1 || x > m_layout.plot().right() + 1) {
        return;
    }
    const QColor path = color(Role::Path);
    const QRectF flag = flagRect();
    m_painter.fillRect(flag, path);
    m_painter.setPen(m_theme.textOn(path));
    m_painter.drawText(flag, int(Qt::AlignCenter), positionText());
}

// Under the lanes: which part of the line is in sight.
void SittingRuler::paintOverview() {
    const SittingZoom& zoom = m_layout.zoom();
    if (zoom.factor <= 1) {
        return;
    }
    const QRectF plot = m_layout.plot();
    const QRectF all(plot.left(), plot.bottom(), plot.width(), em() / 3);
    m_painter.fillRect(all, color(Role::Line));
    m_painter.fillRect(QRectF(all.left() + all.width() * zoom.left / m_layout.units(), all.top(),
                              std::max(2.0, all.width() / zoom.factor), all.height()),
                       color(Role::DimText));
}

} // namespace pagescape::gui
