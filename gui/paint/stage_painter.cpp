// SPDX-License-Identifier: MIT
// The order of painting, and what the parts share.
#include "paint/stage_painter.h"

#include "paint/cell_painter.h"
#include "paint/page_map_painter.h"
#include "paint/stage_parts.h"
#include "paint/stage_text.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace pagescape::gui {

namespace {

void paintTitle(QPainter& painter, const QRectF& rect, const QString& title, const QString& summary,
                const Theme& theme, qreal rightEdge) {
    const QFont font = painter.font();
    QFont bold = font;
    bold.setBold(true);
    painter.setFont(bold);
    painter.setPen(theme.color(Theme::Role::Text));
    painter.drawText(rect, int(Qt::AlignLeft | Qt::AlignVCenter), title);
    const qreal width = QFontMetricsF(bold).horizontalAdvance(title + QStringLiteral("  "));
    painter.setFont(font);
    painter.setPen(theme.color(Theme::Role::DimText));
    const QRectF rest(rect.left() + width, rect.top(), rightEdge - rect.left() - width,
                      rect.height());
    if (rest.width() > 4 * QFontMetricsF(font).averageCharWidth()) {
        paintFittingText(painter, rest, Qt::AlignLeft | Qt::AlignVCenter, {summary});
    }
}

void paintMemoryTitle(QPainter& painter, const StageScene& scene) {
    const Theme& theme = *scene.theme;
    const QRectF rect = scene.layout->memoryTitle();
    const QString writes = stageWritesText(*scene.state);
    const QFont font = painter.font();
    QFont bold = font;
    bold.setBold(true);
    const qreal width = QFontMetricsF(bold).horizontalAdvance(writes);
    painter.setFont(bold);
    painter.setPen(theme.color(Theme::Role::Text));
    painter.drawText(rect, int(Qt::AlignRight | Qt::AlignVCenter), writes);
    painter.setFont(font);
    paintTitle(painter, rect, QCoreApplication::translate("Stage", "In memory"),
               stageMemorySummary(*scene.state), theme,
               rect.right() - width - scene.layout->metrics().line);
}

// Five marks with their counts, from the right; only those that occur. Answers its left edge.
qreal paintLegend(QPainter& painter, const StageScene& scene) {
    const Theme& theme = *scene.theme;
    const QRectF area = scene.layout->fileTitle();
    const qreal line = scene.layout->metrics().line;
    const QFontMetricsF metrics(painter.font());
    qreal right = area.right();
    for (std::size_t i = scene.figures->marks.size() - 1; i > 0; --i) {
        const auto mark = StageMark(i);
        if (scene.figures->marks[i] == 0) {
            continue;
        }
        const QString text =
            QStringLiteral("%1 %2").arg(stageMarkName(mark)).arg(scene.figures->marks[i]);
        const qreal width = metrics.horizontalAdvance(text);
        const QRectF label(right - width, area.top(), width, area.height());
        const qreal edge = std::round(1.15 * line);
        const QRectF swatch(std::round(label.left() - edge - 0.3 * line),
                            std::round(area.center().y() - edge / 2), edge, edge);
        painter.setPen(theme.color(Theme::Role::Text));
        painter.drawText(label, int(Qt::AlignLeft | Qt::AlignVCenter), text);
        const bool isEmpty = mark == StageMark::Taken || mark == StageMark::Made;
        const auto lensClass = LensClass(1 + int(isEmpty ? PageClass::Free : PageClass::Leaf));
        paintCellShape(painter, swatch, lensClassStyle(Lens::Type, lensClass, theme), theme, 1);
        paintStageMark(painter, swatch, mark, PageClass::Leaf, theme);
        right = swatch.left() - 0.8 * line;
    }
    return right;
}

void paintFrames(QPainter& painter, const StageScene& scene) {
    const Theme& theme = *scene.theme;
    if (scene.hovered) {
        if (const QRectF rect = scene.layout->rectOf(*scene.hovered); !rect.isEmpty()) {
            paintStageFrame(painter, rect, 1, theme.color(Theme::Role::Hover), theme);
        }
    }
    if (scene.cursor && scene.hasFocus) {
        if (const QRectF rect = scene.layout->rectOf(*scene.cursor); !rect.isEmpty()) {
            paintStageFrame(painter, rect.adjusted(-1, -1, 1, 1), 2,
                            theme.color(Theme::Role::Focus), theme);
        }
    }
}

} // namespace

void paintFittingText(QPainter& painter, const QRectF& rect, Qt::Alignment alignment,
                      const QStringList& texts) {
    const QFontMetricsF metrics(painter.font());
    const auto fits = [&](const QString& text) {
        return metrics.horizontalAdvance(text) <= rect.width();
    };
    const auto text = std::ranges::find_if(texts, fits);
    painter.drawText(rect, int(alignment),
                     text != texts.end()
                         ? *text
                         : metrics.elidedText(texts.last(), Qt::ElideRight, rect.width()));
}

void paintStageFrame(QPainter& painter, const QRectF& rect, qreal width, const QColor& color,
                     const Theme& theme) {
    const QColor halo = theme.color(Theme::Role::Background);
    paintFrame(painter, rect.adjusted(-width - 1, -width - 1, width + 1, width + 1), 1, halo);
    paintFrame(painter, rect.adjusted(-width, -width, width, width), width, color);
}

QColor presentColor(const StageScene& scene) {
    return blended(scene.theme->color(Theme::Role::Path),
                   scene.theme->color(Theme::Role::Background), scene.progress);
}

StageMetrics stageMetrics(const QFontMetricsF& metrics) {
    // Digits and capitals are wider than the average character.
    return {std::ceil(metrics.height()), metrics.horizontalAdvance(QLatin1Char('0'))};
}

QString stageChipText(const StageChip& chip) {
    const QChar glyph = Theme::glyph(chip.pageClass);
    return chip.node != 0 ? QStringLiteral("%1#%2").arg(glyph).arg(chip.node)
                          : QStringLiteral("%1 %2").arg(glyph).arg(chip.page.value);
}

std::array<std::vector<qreal>, kStageLaneCount> stageChipWidths(const StageFigures& figures,
                                                                const QFontMetricsF& metrics) {
    std::array<std::vector<qreal>, kStageLaneCount> widths;
    const qreal pad = 0.6 * metrics.horizontalAdvance(QLatin1Char('0'));
    for (std::size_t lane = 0; lane < kStageLaneCount; ++lane) {
        for (const StageChip& chip : figures.lanes[lane].chips) {
            widths[lane].push_back(
                std::ceil(metrics.horizontalAdvance(stageChipText(chip)) + 2 * pad));
        }
    }
    return widths;
}

StageLayoutSpec stageLayoutSpec(const StageState& state, const StageFigures& figures, QSizeF room,
                                const QFontMetricsF& metrics, qreal pixelRatio) {
    StageLayoutSpec spec;
    spec.room = room;
    spec.metrics = stageMetrics(metrics);
    spec.devicePixelRatio = pixelRatio;
    spec.pageCount = figures.shownPages();
    spec.gutter = pageMapGutter(metrics, spec.pageCount);
    spec.nodes = stageNodeBoxes(state);
    spec.chipWidths = stageChipWidths(figures, metrics);
    return spec;
}

QRectF stageBadgeRect(const StageScene& scene) {
    const QRectF from = scene.layout->meta(std::size_t(scene.figures->inForceBefore)).badge;
    const QRectF to = scene.layout->meta(std::size_t(scene.figures->inForce)).badge;
    return to.translated((from.topLeft() - to.topLeft()) * (1 - scene.progress));
}

void paintStage(QPainter& painter, const StageScene& scene) {
    const Theme& theme = *scene.theme;
    painter.save();
    painter.fillRect(QRectF(QPointF(0, 0), scene.layout->contentSize()),
                     theme.color(Theme::Role::Background));
    paintMemoryTitle(painter, scene);
    paintStageNodes(painter, scene);
    const qreal legend = paintLegend(painter, scene);
    paintTitle(painter, scene.layout->fileTitle(),
               QCoreApplication::translate("Stage", "In the file"),
               stageFileSummary(*scene.state, *scene.figures), theme, legend);
    paintStagePages(painter, scene);
    paintStageArrows(painter, scene);
    paintStageLanes(painter, scene);
    paintStageMetas(painter, scene);
    paintFrames(painter, scene);
    painter.restore();
}

} // namespace pagescape::gui
