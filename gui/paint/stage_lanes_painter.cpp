// SPDX-License-Identifier: MIT
// The way of the bytes from nodes to the disk, and the two metas at its end.
#include "paint/cell_painter.h"
#include "paint/stage_parts.h"
#include "paint/stage_text.h"
#include "units/units.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace pagescape::gui {

namespace {

// The context that translators see.
struct Text {
    Q_DECLARE_TR_FUNCTIONS(Stage)
};

void paintChip(QPainter& painter, const QRectF& rect, const StageChip& chip,
               const StageScene& scene) {
    const Theme& theme = *scene.theme;
    const ClassStyle style = lensClassStyle(Lens::Type, LensClass(1 + int(chip.pageClass)), theme);
    paintCellShape(painter, rect, style, theme, 1);
    painter.setPen(cellTextColor(style, theme));
    painter.drawText(rect, int(Qt::AlignCenter), stageChipText(chip));
    if (chip.isPresent) {
        paintFrame(painter, rect.adjusted(-1, -1, 1, 1), 2, presentColor(scene));
    }
}

// Dashed while what it stands for can be lost.
void paintBox(QPainter& painter, const QRectF& rect, StageMark mark, const Theme& theme) {
    painter.fillRect(rect, theme.color(Theme::Role::Surface));
    if (mark == StageMark::Made || mark == StageMark::Cached) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(theme.color(Theme::Role::DimText), 2,
                            mark == StageMark::Made ? Qt::DotLine : Qt::DashLine, Qt::FlatCap,
                            Qt::MiterJoin));
        painter.drawRect(rect.adjusted(1, 1, -1, -1));
    } else {
        paintFrame(painter, rect, 1, theme.color(Theme::Role::DimText));
    }
}

void paintLane(QPainter& painter, StageLane lane, const StageScene& scene) {
    const StageLaneBox& box = scene.layout->lane(lane);
    const StageLaneFigures& figures = scene.figures->lane(lane);
    const Theme& theme = *scene.theme;
    const auto left = Qt::AlignLeft | Qt::AlignVCenter;
    const StageMark border = figures.count == 0 ? StageMark::None
                             : lane == StageLane::Nodes || lane == StageLane::Dirty
                                 ? StageMark::Made
                             : lane == StageLane::Cache ? StageMark::Cached
                             : lane == StageLane::Meta
                                 ? scene.state->metas[std::size_t(*stageNewMeta(*scene.state))].mark
                                 : StageMark::Durable;
    paintBox(painter, box.rect, border, theme);
    const QFont font = painter.font();
    QFont bold = font;
    bold.setBold(true);
    painter.setFont(bold);
    painter.setPen(theme.color(Theme::Role::Text));
    paintFittingText(painter, box.title, left, {stageLaneName(lane)});
    painter.setFont(font);
    painter.setPen(theme.color(figures.count == 0 ? Theme::Role::DimText : Theme::Role::Text));
    const QString brief =
        figures.count == 0
            ? Text::tr("not made")
            : QStringLiteral("%1, %2").arg(countText(figures.count), bytesText(figures.bytes));
    paintFittingText(painter, box.amount, left, {stageLaneAmount(lane, *scene.figures), brief});
    for (std::size_t i = 0; i < std::min(box.chips.size(), figures.chips.size()); ++i) {
        paintChip(painter, box.chips[i], figures.chips[i], scene);
    }
    painter.setPen(theme.color(Theme::Role::DimText));
    if (!box.more.isEmpty()) {
        const std::uint64_t hidden =
            figures.count - std::min<std::uint64_t>(figures.count, box.chips.size());
        paintFittingText(painter, box.more, left,
                         {QStringLiteral("+%1").arg(hidden), QString(QChar(u'\u2026'))});
    }
    if (const QStringList fate = stageLaneFate(lane, *scene.figures, *scene.state);
        !fate.isEmpty()) {
        paintFittingText(painter, box.fate, left, fate);
    }
}

void paintFlow(QPainter& painter, const QRectF& gap, const Theme& theme) {
    const QPointF middle = gap.center();
    const qreal reach = std::min(0.4 * gap.width(), 0.12 * gap.height());
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(QPen(theme.color(Theme::Role::Text), 2, Qt::SolidLine, Qt::RoundCap));
    const QPointF tip = middle + QPointF(reach, 0);
    painter.drawLine(middle - QPointF(reach, 0), tip);
    painter.drawLine(tip, tip + QPointF(-reach, -reach));
    painter.drawLine(tip, tip + QPointF(-reach, reach));
    painter.setRenderHint(QPainter::Antialiasing, false);
}

// Closed: a bar over the whole height that says what it waits for. Open: two ends and the way.
void paintBarrier(QPainter& painter, const QRectF& gap, const StageScene& scene) {
    const Theme& theme = *scene.theme;
    const QRectF bar = gap.adjusted(0.12 * gap.width(), 0, -0.12 * gap.width(), 0);
    const QColor color = scene.figures->present.isSync && scene.figures->isDataSafe
                             ? presentColor(scene)
                             : theme.color(Theme::Role::Text);
    if (scene.figures->isDataSafe) {
        const qreal end = 0.22 * bar.height();
        painter.fillRect(QRectF(bar.left(), bar.top(), bar.width(), end), color);
        painter.fillRect(QRectF(bar.left(), bar.bottom() - end, bar.width(), end), color);
        paintFlow(painter, gap, theme);
        return;
    }
    const bool isSkipped = scene.figures->isSyncSkipped;
    if (isSkipped) {
        paintFrame(painter, bar, 1, color);
    } else {
        painter.fillRect(bar, color);
    }
    painter.save();
    painter.translate(bar.center());
    painter.rotate(-90);
    painter.setPen(isSkipped ? color : theme.color(Theme::Role::Background));
    const QRectF room(-bar.height() / 2, -bar.width() / 2, bar.height(), bar.width());
    const QStringList texts = isSkipped ? QStringList{Text::tr("sync is off")}
                                        : QStringList{Text::tr("closed until sync"),
                                                      Text::tr("until sync"), Text::tr("sync")};
    paintFittingText(painter, room, Qt::AlignCenter, texts);
    painter.restore();
}

void paintMetaRows(QPainter& painter, const StageMetaBox& box, const StageMeta& meta,
                   const Theme& theme) {
    const QFontMetricsF metrics(painter.font());
    const auto rows = stageMetaRows(meta);
    std::array<qreal, 2> labels{}; // of the two columns
    for (std::size_t row = 0; row < rows.size(); ++row) {
        const qreal width = metrics.horizontalAdvance(rows[row].label + QStringLiteral("  "));
        labels[row % 2] = std::max(labels[row % 2], width);
    }
    for (std::size_t row = 0; row < rows.size(); ++row) {
        const QRectF rect = box.rows[row];
        const qreal width = std::min(labels[row % 2], rect.width() * 0.72);
        painter.setPen(theme.color(Theme::Role::DimText));
        paintFittingText(painter, QRectF(rect.topLeft(), QSizeF(width, rect.height())),
                         Qt::AlignLeft | Qt::AlignVCenter, {rows[row].label});
        painter.setPen(theme.color(Theme::Role::Text));
        paintFittingText(painter, rect.adjusted(width, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter,
                         {rows[row].value, rows[row].brief});
    }
}

void paintBadge(QPainter& painter, const StageScene& scene) {
    const Theme& theme = *scene.theme;
    const QRectF rect = stageBadgeRect(scene);
    const QColor fill = theme.color(Theme::Role::Accent);
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(Qt::NoPen);
    painter.setBrush(fill);
    painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2);
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(theme.textOn(fill));
    paintFittingText(painter, rect, Qt::AlignCenter, {Text::tr("in force")});
}

} // namespace

void paintStageLanes(QPainter& painter, const StageScene& scene) {
    const StageLayout& layout = *scene.layout;
    const Theme& theme = *scene.theme;
    painter.save();
    for (std::size_t i = 0; i < kStageLaneCount; ++i) {
        paintLane(painter, StageLane(i), scene);
    }
    paintFlow(painter, layout.gapAfter(StageLane::Nodes), theme);
    paintFlow(painter, layout.gapAfter(StageLane::Dirty), theme);
    paintBarrier(painter, layout.gapAfter(StageLane::Cache), scene);
    paintBarrier(painter, layout.gapAfter(StageLane::Disk), scene);
    QFont bold = painter.font();
    bold.setBold(true);
    painter.setFont(bold);
    painter.setPen(theme.color(Theme::Role::Text));
    paintFittingText(painter, layout.crashLine(), Qt::AlignLeft | Qt::AlignVCenter,
                     {stageCrashText(scene.figures->crash)});
    painter.restore();
}

void paintStageMetas(QPainter& painter, const StageScene& scene) {
    const Theme& theme = *scene.theme;
    painter.save();
    const QFont font = painter.font();
    QFont bold = font;
    bold.setBold(true);
    for (int i = 0; i < 2; ++i) {
        const StageMetaBox& box = scene.layout->meta(std::size_t(i));
        const StageMeta& meta = scene.state->metas[std::size_t(i)];
        paintBox(painter, box.rect, meta.mark, theme);
        if (i == scene.figures->inForce) {
            paintFrame(painter, box.rect, 2, theme.color(Theme::Role::Accent));
        }
        if (scene.figures->present.meta == i) {
            paintStageFrame(painter, box.rect, 2, presentColor(scene), theme);
        }
        painter.setFont(bold);
        painter.setPen(theme.color(Theme::Role::Text));
        paintFittingText(painter, box.title, Qt::AlignLeft | Qt::AlignVCenter, {stageMetaTitle(i)});
        painter.setFont(font);
        paintMetaRows(painter, box, meta, theme);
    }
    paintBadge(painter, scene);
    painter.restore();
}

} // namespace pagescape::gui
