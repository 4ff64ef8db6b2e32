// SPDX-License-Identifier: MIT
#include "paint/growth_painter.h"

#include "paint/text.h"

#include <QCoreApplication>
#include <QPainterPath>

#include <algorithm>

namespace pagescape::gui {

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Growth)
};

using Role = Theme::Role;
constexpr std::array<GrowthCurve, kGrowthCurves> kCurves{GrowthCurve::Map, GrowthCurve::File,
                                                         GrowthCurve::Used};

Role roleOf(GrowthCurve curve) {
    switch (curve) {
    case GrowthCurve::Used: return Role::GrowthUsed;
    case GrowthCurve::File: return Role::GrowthFile;
    case GrowthCurve::Map: break;
    }
    return Role::GrowthMap;
}

// The mapping is widest and drawn first, so that a file of the same length lies inside it.
QPen penOf(GrowthCurve curve, const Theme& theme) {
    QPen pen(theme.color(roleOf(curve)));
    pen.setJoinStyle(Qt::MiterJoin);
    pen.setCapStyle(Qt::FlatCap);
    switch (curve) {
    case GrowthCurve::Map: pen.setWidthF(5); break;
    case GrowthCurve::File:
        pen.setWidthF(2);
        pen.setDashPattern({3, 1.5});
        break;
    case GrowthCurve::Used: pen.setWidthF(2); break;
    }
    return pen;
}

QPolygonF diamond(QPointF at, qreal half) {
    return {{at + QPointF(0, -half), at + QPointF(half, 0), at + QPointF(0, half),
             at + QPointF(-half, 0), at + QPointF(0, -half)}};
}

QPolygonF triangle(QPointF at, qreal half) {
    return {{at + QPointF(-half, half * 0.8), at + QPointF(half, half * 0.8),
             at + QPointF(0, -half), at + QPointF(-half, half * 0.8)}};
}

class Painting {
public:
    Painting(QPainter& painter, const GrowthScene& scene)
        : m_painter(painter), m_scene(scene), m_layout(*scene.layout), m_theme(*scene.theme),
          m_plot(scene.layout->plotRect()), m_line(scene.layout->measure().lineHeight) {}

    void paint() {
        paintAxes();
        paintCurves();
        paintMarks();
        paintPresent();
        paintCursor();
        paintEnds();
        paintRule();
        paintLegend();
    }

private:
    [[nodiscard]] QColor faint() const {
        return blended(m_theme.color(Role::Line), m_theme.color(Role::Background), 0.7);
    }

    void paintAxes() {
        m_painter.setRenderHint(QPainter::Antialiasing, false);
        for (const GrowthTick& level : m_layout.levels()) {
            m_painter.setPen(QPen(faint(), 1));
            m_painter.drawLine(QPointF(m_plot.left(), level.at), QPointF(m_plot.right(), level.at));
            if (level.hasLabel) {
                m_painter.setPen(m_theme.color(Role::DimText));
                m_painter.drawText(QRectF(m_layout.area().left(), level.at - m_line / 2,
                                          m_layout.measure().axisWidth - m_line * 0.4, m_line),
                                   Qt::AlignRight | Qt::AlignVCenter, bytesText(level.value));
            }
        }
        m_painter.setPen(QPen(m_theme.color(Role::Line), 1));
        m_painter.drawLine(m_plot.bottomLeft(), m_plot.bottomRight());
        m_painter.drawLine(m_plot.topLeft(), m_plot.bottomLeft());
        for (const GrowthTick& tick : m_layout.transactions()) {
            m_painter.setPen(QPen(m_theme.color(Role::Line), 1));
            m_painter.drawLine(QPointF(tick.at, m_plot.bottom()),
                               QPointF(tick.at, m_plot.bottom() + m_line * 0.25));
            m_painter.setPen(m_theme.color(Role::DimText));
            m_painter.drawText(
                QRectF(tick.at - 3 * m_line, m_plot.bottom() + m_line * 0.2, 6 * m_line, m_line),
                Qt::AlignCenter, countText(tick.value));
        }
    }

    void paintCurves() {
        QPolygonF area = m_layout.curve(GrowthCurve::Used);
        if (area.isEmpty()) {
            return;
        }
        area << QPointF(area.last().x(), m_plot.bottom())
             << QPointF(area.first().x(), m_plot.bottom());
        m_painter.setPen(Qt::NoPen);
        m_painter.setBrush(
            blended(m_theme.color(Role::GrowthUsed), m_theme.color(Role::Background), 0.14));
        m_painter.drawPolygon(area);
        m_painter.setBrush(Qt::NoBrush);
        for (const GrowthCurve curve : kCurves) {
            QPen pen = penOf(curve, m_theme);
            if (curve == GrowthCurve::Map) {
                pen.setColor(blended(pen.color(), m_theme.color(Role::Background), 0.45));
            }
            m_painter.setPen(pen);
            m_painter.drawPolyline(m_layout.curve(curve));
        }
    }

    [[nodiscard]] QPointF placeOf(int sample, GrowthCurve curve) const {
        const GrowthSample& values = m_layout.samples()[std::size_t(sample)];
        return {m_layout.xOf(values.txid), m_layout.yOf(values.of(curve))};
    }

    // The signs of the picture; the legend has them too.
    void paintRemapSign(QPointF at) {
        m_painter.setPen(QPen(m_theme.color(Role::Background), 1));
        m_painter.setBrush(m_theme.color(Role::GrowthMap));
        m_painter.drawPolygon(diamond(at, m_line * 0.36));
    }
    void paintGrowthSign(QPointF at) {
        m_painter.setPen(QPen(m_theme.color(Role::Background), 1));
        m_painter.setBrush(m_theme.color(Role::GrowthFile));
        m_painter.drawPolygon(triangle(at, m_line * 0.28));
    }

    void paintMarks() {
        m_painter.setRenderHint(QPainter::Antialiasing, true);
        // Hundreds of growths would be one bar of signs: then some stand for all.
        const bool isCrowded = m_layout.growthMarks().size() > 40;
        QPointF last(-2 * m_line, 0);
        for (const int sample : m_layout.growthMarks()) {
            QPointF at = placeOf(sample, GrowthCurve::File) + QPointF(0, m_line * 0.45);
            at.setY(std::min(at.y(), m_plot.bottom() - m_line * 0.3));
            if ((at - last).manhattanLength() >= m_line * (isCrowded ? 3 : 0.7)) {
                paintGrowthSign(at);
                last = at;
            }
        }
        for (const int sample : m_layout.remapMarks()) {
            paintRemapSign(placeOf(sample, GrowthCurve::Map));
        }
        m_painter.setRenderHint(QPainter::Antialiasing, false);
    }

    void paintPresent() {
        const qreal x = m_layout.xOf(m_scene.present.txid);
        m_painter.setPen(QPen(m_theme.color(Role::Text), 1));
        m_painter.drawLine(QPointF(x, m_plot.top()), QPointF(x, m_plot.bottom()));
        m_painter.setRenderHint(QPainter::Antialiasing, true);
        m_painter.setBrush(m_theme.color(Role::Background));
        for (const GrowthCurve curve : kCurves) {
            m_painter.setPen(QPen(m_theme.color(roleOf(curve)), 2));
            m_painter.drawEllipse(QPointF(x, m_layout.yOf(m_scene.present.of(curve))),
                                  m_line * 0.22, m_line * 0.22);
        }
        m_painter.setPen(Qt::NoPen);
        m_painter.setBrush(m_theme.color(Role::Text));
        const qreal half = m_line * 0.3;
        m_painter.drawPolygon(QPolygonF({{x - half, m_plot.top() - half},
                                         {x + half, m_plot.top() - half},
                                         {x, m_plot.top() + half * 0.6}}));
        m_painter.setRenderHint(QPainter::Antialiasing, false);
    }

    void paintCursor() {
        if (m_scene.cursor < 0 || m_scene.cursor >= int(m_layout.samples().size())) {
            return;
        }
        const qreal x = placeOf(m_scene.cursor, GrowthCurve::Used).x();
        m_painter.setPen(QPen(m_theme.color(Role::Accent), 1, Qt::DashLine));
        m_painter.drawLine(QPointF(x, m_plot.top()), QPointF(x, m_plot.bottom()));
        m_painter.setBrush(m_theme.color(Role::Accent));
        m_painter.setPen(Qt::NoPen);
        m_painter.setRenderHint(QPainter::Antialiasing, true);
        for (const GrowthCurve curve : kCurves) {
            m_painter.drawEllipse(placeOf(m_scene.cursor, curve), m_line * 0.2, m_line * 0.2);
        }
        m_painter.setRenderHint(QPainter::Antialiasing, false);
    }

    // Names at the ends of the lines, each with a piece of its stroke.
    void paintEnds() {
        if (m_layout.samples().empty()) {
            return;
        }
        const GrowthSample& last = m_layout.samples().back();
        for (const GrowthCurve curve : kCurves) {
            const qreal y = m_layout.labelY(curve);
            const qreal lineY = m_layout.yOf(last.of(curve));
            const qreal from = m_plot.right();
            QPen lead(m_theme.color(roleOf(curve)), 1);
            m_painter.setPen(lead);
            m_painter.setRenderHint(QPainter::Antialiasing, true);
            m_painter.drawLine(QPointF(from, lineY), QPointF(from + m_line * 0.4, y));
            m_painter.setRenderHint(QPainter::Antialiasing, false);
            m_painter.drawText(
                QRectF(from + m_line * 0.55, y - m_line / 2,
                       m_layout.measure().labelWidth - m_line * 0.55, m_line),
                Qt::AlignLeft | Qt::AlignVCenter,
                Text::tr("%1 %2").arg(growthCurveName(curve), bytesText(last.of(curve))));
        }
    }

    void paintRule() {
        const QRectF rule = m_layout.ruleRect();
        if (rule.isEmpty()) {
            return;
        }
        for (const GrowthTick& level : m_layout.levels()) {
            m_painter.setPen(QPen(faint(), 1));
            m_painter.drawLine(QPointF(rule.left(), level.at), QPointF(rule.right(), level.at));
        }
        m_painter.setPen(QPen(m_theme.color(Role::Line), 1));
        m_painter.drawLine(rule.topLeft(), rule.bottomLeft());
        m_painter.drawLine(rule.bottomLeft(), rule.bottomRight());
        m_painter.save();
        m_painter.setClipRect(rule.adjusted(0, -2, 2, 0));
        m_painter.setBrush(Qt::NoBrush);
        for (const GrowthCurve curve : {GrowthCurve::Map, GrowthCurve::File}) {
            QPen pen = penOf(curve, m_theme);
            pen.setColor(blended(pen.color(), m_theme.color(Role::Background), 0.45));
            m_painter.setPen(pen);
            m_painter.drawPolyline(m_layout.ruleStairs(curve));
        }
        m_painter.restore();
        const quint64 needed = m_scene.present.of(GrowthCurve::Used) + m_layout.measure().pageSize;
        const qreal x = m_layout.ruleXOf(needed);
        m_painter.setPen(QPen(m_theme.color(Role::Text), 1, Qt::DotLine));
        m_painter.drawLine(QPointF(x, rule.top()), QPointF(x, rule.bottom()));
        m_painter.setRenderHint(QPainter::Antialiasing, true);
        m_painter.setBrush(m_theme.color(Role::Background));
        for (const GrowthCurve curve : {GrowthCurve::Map, GrowthCurve::File}) {
            m_painter.setPen(QPen(m_theme.color(roleOf(curve)), 2));
            m_painter.drawEllipse(QPointF(x, m_layout.yOf(m_scene.present.of(curve))),
                                  m_line * 0.22, m_line * 0.22);
        }
        m_painter.setRenderHint(QPainter::Antialiasing, false);
        m_painter.setPen(m_theme.color(Role::DimText));
        const QFontMetricsF metrics(m_painter.font());
        QRectF below(rule.left(), rule.bottom() + m_line * 0.2, rule.width(), m_line);
        m_painter.drawText(
            below, Qt::AlignLeft | Qt::AlignVCenter,
            metrics.elidedText(Text::tr("The rule: length by"), Qt::ElideRight, rule.width()));
        m_painter.drawText(
            below.translated(0, m_line), Qt::AlignLeft | Qt::AlignVCenter,
            metrics.elidedText(Text::tr("bytes needed"), Qt::ElideRight, rule.width()));
    }

    void paintLegend() {
        const QFontMetricsF metrics(m_painter.font());
        QRectF row(m_plot.left(), m_plot.bottom() + m_line * 1.2, m_plot.width(), m_line);
        row.setRight(m_plot.right() + m_layout.measure().labelWidth);
        const auto say = [&](const QString& text) {
            const qreal width = metrics.horizontalAdvance(text);
            if (row.width() < width) {
                row.setWidth(0);
                return;
            }
            m_painter.setPen(m_theme.color(Role::DimText));
            m_painter.drawText(row, Qt::AlignLeft | Qt::AlignVCenter, text);
            row.setLeft(row.left() + width + m_line);
        };
        say(Text::tr("transactions"));
        const auto sign = [&](const QString& text, auto paintSign) {
            if (row.width() < metrics.horizontalAdvance(text) + m_line) {
                return;
            }
            m_painter.setRenderHint(QPainter::Antialiasing, true);
            paintSign(QPointF(row.left() + m_line * 0.4, row.center().y()));
            m_painter.setRenderHint(QPainter::Antialiasing, false);
            row.setLeft(row.left() + m_line);
            say(text);
        };
        sign(Text::tr("remap"), [this](QPointF at) { paintRemapSign(at); });
        sign(Text::tr("file grew"), [this](QPointF at) { paintGrowthSign(at); });
    }

    QPainter& m_painter;
    const GrowthScene& m_scene;
    const GrowthLayout& m_layout;
    const Theme& m_theme;
    QRectF m_plot;
    qreal m_line;
};

} // namespace

void paintGrowth(QPainter& painter, const GrowthScene& scene) {
    if (scene.layout->plotRect().isEmpty() || scene.layout->samples().empty()) {
        return;
    }
    painter.save();
    Painting(painter, scene).paint();
    painter.restore();
}

GrowthSample growthSample(const GrowthPoint& point) {
    return {point.event,
            point.txid,
            {point.used, point.fileSize, point.map.length},
            point.kind == GrowthPoint::Kind::Remap,
            point.kind == GrowthPoint::Kind::Grow};
}

std::vector<GrowthSample> growthSamples(const GrowthSeries& series) {
    std::vector<GrowthSample> samples(series.points().size());
    std::ranges::transform(series.points(), samples.begin(), growthSample);
    return samples;
}

GrowthMeasure growthMeasure(GrowthMeasure measure, const QFontMetricsF& metrics) {
    measure.lineHeight = metrics.height();
    measure.axisWidth =
        metrics.horizontalAdvance(QStringLiteral("99.9 MiB ")) + metrics.height() * 0.4;
    measure.labelWidth = 0;
    for (const GrowthCurve curve : kCurves) {
        measure.labelWidth =
            std::max(measure.labelWidth, metrics.horizontalAdvance(growthCurveName(curve)));
    }
    measure.labelWidth +=
        metrics.horizontalAdvance(QStringLiteral(" 99.9 MiB ")) + metrics.height() * 0.5;
    return measure;
}

QString growthCurveName(GrowthCurve curve) {
    switch (curve) {
    case GrowthCurve::Used: return Text::tr("used");
    case GrowthCurve::File: return Text::tr("file");
    case GrowthCurve::Map: break;
    }
    return Text::tr("mapping");
}

QString growthText(const GrowthPoint& point) {
    return Text::tr("Transaction %1: %2 used, file %3, mapping %4 at %5")
        .arg(countText(point.txid), bytesText(point.used), bytesText(point.fileSize),
             bytesText(point.map.length), addressText(point.map.address));
}

QString growthStepText(const GrowthPoint& point) {
    switch (point.kind) {
    case GrowthPoint::Kind::Found: return Text::tr("As the file was found");
    case GrowthPoint::Kind::Commit: return Text::tr("Commit");
    case GrowthPoint::Kind::Remap: return Text::tr("The file was mapped anew");
    case GrowthPoint::Kind::Grow: return Text::tr("The file was made longer");
    case GrowthPoint::Kind::Reopen: return Text::tr("The database was opened again");
    }
    return {};
}

} // namespace pagescape::gui
