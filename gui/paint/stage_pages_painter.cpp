// SPDX-License-Identifier: MIT
// Pages of the file: the cells of the page map, with marks on those that the transaction touches,
// and arrows from old pages to new ones.
#include "paint/cell_painter.h"
#include "paint/page_map_painter.h"
#include "paint/stage_parts.h"

#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace pagescape::gui {

namespace {

constexpr qreal kSignFrom = 12; // logical edge from which a mark has room for a sign
constexpr qreal kIdFrom = 28;   // and from which a cell shows its id, which stays visible
constexpr qreal kFrameFrom = 6; // below, a mark is a block
constexpr qreal kSmallestMark = 5;

ClassStyle styleOf(PageClass pageClass, const Theme& theme) {
    return lensClassStyle(Lens::Type, LensClass(1 + int(pageClass)), theme);
}

void stroke(QPainter& painter, const QPolygonF& line, qreal width, const Theme& theme) {
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(
        QPen(theme.color(Theme::Role::Text), width, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPolyline(line);
    painter.setRenderHint(QPainter::Antialiasing, false);
}

QPolygonF placed(const QRectF& box, std::initializer_list<QPointF> points) {
    QPolygonF line;
    for (const QPointF& point : points) {
        line << QPointF(box.left() + point.x() * box.width(), box.top() + point.y() * box.height());
    }
    return line;
}

// On a ground of its own, so that it stands out on every class.
void paintSign(QPainter& painter, const QRectF& cell, StageMark mark, const Theme& theme) {
    if (mark == StageMark::Made) {
        return; // has a small cell instead
    }
    const qreal edge = std::max(7.0, std::round(cell.width() * 0.33));
    const QRectF ground(cell.right() - edge, cell.top(), edge, edge);
    const qreal pad = std::max(1.5, edge * 0.2);
    const QRectF box = ground.adjusted(pad, pad, -pad, -pad);
    const qreal width = std::max(1.5, edge / 8);
    painter.fillRect(ground, theme.color(Theme::Role::Background));
    switch (mark) {
    case StageMark::Leaving:
        stroke(painter, placed(box, {{0, 0}, {1, 1}}), width, theme);
        stroke(painter, placed(box, {{0, 1}, {1, 0}}), width, theme);
        break;
    case StageMark::Taken:
        stroke(painter, placed(box, {{0.5, 0}, {0.5, 1}}), width, theme);
        stroke(painter, placed(box, {{0, 0.5}, {1, 0.5}}), width, theme);
        break;
    case StageMark::Cached:
        stroke(painter,
               placed(box, {{0, 0.65}, {0.25, 0.35}, {0.5, 0.65}, {0.75, 0.35}, {1, 0.65}}), width,
               theme);
        break;
    case StageMark::Durable:
        stroke(painter, placed(box, {{0, 0.55}, {0.35, 0.9}, {1, 0.1}}), width, theme);
        break;
    case StageMark::None:
    case StageMark::Made: break;
    }
}

// The new bytes of a page that has not been written: a small cell in front of the old one.
void paintMadeSwatch(QPainter& painter, const QRectF& cell, PageClass made, const Theme& theme) {
    const bool hasId = cell.width() >= kIdFrom - 2;
    const qreal edge = std::round(cell.width() * (hasId ? 0.5 : 0.6));
    const qreal top =
        hasId ? cell.top() + cell.width() * 0.08 : cell.top() + (cell.height() - edge) / 2;
    const QRectF swatch(std::round(cell.left() + (cell.width() - edge) / 2), std::round(top), edge,
                        edge);
    paintClassSwatch(painter, swatch, styleOf(made, theme), theme);
}

void paintMarkFrame(QPainter& painter, const QRectF& cell, StageMark mark, qreal width,
                    const Theme& theme) {
    const QColor color = theme.color(Theme::Role::Text);
    if (mark == StageMark::Durable) {
        paintFrame(painter, cell, width, color);
        return;
    }
    const QRectF rect = cell.adjusted(width / 2, width / 2, -width / 2, -width / 2);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(theme.color(Theme::Role::Background), width, Qt::SolidLine, Qt::FlatCap,
                        Qt::MiterJoin));
    painter.drawRect(rect);
    const auto pattern = mark == StageMark::Taken ? Qt::DotLine : Qt::DashLine;
    painter.setPen(QPen(color, width, pattern, Qt::FlatCap, Qt::MiterJoin));
    painter.drawRect(rect);
}

// Calls `visit(page, mark)` for the pages of runs that have one.
template <typename Visit>
void eachMarked(const StageScene& scene, const Visit& visit) {
    const auto walk = [&](const std::vector<PageRun>& runs) {
        for (const PageRun& run : runs) {
            for (std::uint64_t i = 0; i < run.pages; ++i) {
                const PageId page{run.first.value + i};
                const StageMark mark = scene.state->pages.at(page).mark;
                if (mark != StageMark::None && page.value < scene.state->pages.size()) {
                    visit(page, mark);
                }
            }
        }
    };
    walk(scene.state->leaving);
    walk(scene.state->taken);
    for (std::uint64_t meta = 0; meta < std::min<std::uint64_t>(2, scene.state->pages.size());
         ++meta) {
        if (const StageMark mark = scene.state->pages.at(PageId{meta}).mark;
            mark != StageMark::None) {
            visit(PageId{meta}, mark);
        }
    }
}

void paintMarks(QPainter& painter, const StageScene& scene) {
    const StageLayout& layout = *scene.layout;
    const Theme& theme = *scene.theme;
    const qreal pixel = 1 / layout.grid().spec().devicePixelRatio;
    const bool isTiny = layout.grid().cellSize() < kFrameFrom;
    eachMarked(scene, [&](PageId page, StageMark mark) {
        const QRectF cell = layout.pageRect(page);
        if (!isTiny) {
            paintStageMark(painter, cell.adjusted(0, 0, -pixel, -pixel), mark,
                           stageMadeClass(*scene.state, page), theme);
            return;
        }
        const qreal grow = std::max(0.0, (kSmallestMark - cell.width()) / 2);
        const QRectF block = cell.adjusted(-grow, -grow, grow, grow);
        const PageClass made = stageMadeClass(*scene.state, page);
        painter.fillRect(block, theme.color(Theme::Role::Text));
        if (mark != StageMark::Durable) {
            painter.fillRect(block.adjusted(1, 1, -1, -1),
                             lensClassColor(Lens::Type, LensClass(1 + int(made)), theme));
        }
    });
}

void paintPresentPages(QPainter& painter, const StageScene& scene) {
    const StageLayout& layout = *scene.layout;
    const PageRun run = scene.figures->present.run;
    const std::uint64_t perRow = std::max<std::uint64_t>(1, layout.grid().pagesPerRow());
    const std::uint64_t end =
        std::min<std::uint64_t>(run.first.value + run.pages, layout.grid().spec().pageCount);
    for (std::uint64_t page = run.first.value; page < end;) {
        const std::uint64_t rowEnd = std::min(end, (page / perRow + 1) * perRow);
        QRectF rect = layout.pageRect(PageId{page}).united(layout.pageRect(PageId{rowEnd - 1}));
        const qreal grow = std::max(0.0, (kSmallestMark - rect.height()) / 2);
        rect.adjust(-grow, -grow, grow, grow);
        paintStageFrame(painter, rect, 2, presentColor(scene), *scene.theme);
        page = rowEnd;
    }
}

// A bow from one point to another with a head at its end.
void paintArrow(QPainter& painter, QPointF from, QPointF to, qreal bow, qreal width,
                const QColor& color, const Theme& theme) {
    const QPointF delta = to - from;
    const qreal length = std::hypot(delta.x(), delta.y());
    if (length < 1) {
        return;
    }
    const QPointF normal(delta.y() / length, -delta.x() / length);
    const QPointF up = normal.y() <= 0 ? normal : -normal; // bows rise
    const QPointF control = (from + to) / 2 + up * bow;
    QPainterPath path(from);
    path.quadTo(control, to);
    const QPointF tail = to - control;
    const qreal tailLength = std::max(0.1, std::hypot(tail.x(), tail.y()));
    const QPointF along = tail / tailLength;
    const QPointF across(-along.y(), along.x());
    const qreal head = 3 + 2 * width;
    const QPolygonF tip{to, to - along * head + across * head * 0.5,
                        to - along * head - across * head * 0.5};
    painter.setBrush(Qt::NoBrush);
    painter.setPen(
        QPen(theme.color(Theme::Role::Background), width + 2.5, Qt::SolidLine, Qt::FlatCap));
    painter.drawPath(path);
    painter.setPen(QPen(color, width, Qt::SolidLine, Qt::FlatCap));
    painter.drawPath(path);
    painter.setPen(QPen(theme.color(Theme::Role::Background), 1));
    painter.setBrush(color);
    painter.drawPolygon(tip);
}

// Whether mouse or keyboard stands on something of a kind for which `is` holds.
template <typename Is>
bool isPointedAt(const StageScene& scene, StageTarget::Kind kind, const Is& is) {
    const auto holds = [&](const std::optional<StageTarget>& target) {
        return target && target->kind == kind && is(target->id);
    };
    return holds(scene.hovered) || (scene.hasFocus && holds(scene.cursor));
}

} // namespace

void paintStageMark(QPainter& painter, const QRectF& cell, StageMark mark, PageClass made,
                    const Theme& theme) {
    const qreal width = std::clamp(std::round(cell.width() / 14), 1.0, 3.0);
    const bool hasSign = cell.width() >= kSignFrom - 1;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    if (mark == StageMark::Leaving) {
        if (!hasSign) {
            stroke(painter, QPolygonF{cell.bottomLeft(), cell.topRight()}, 1.5, theme);
        }
    } else {
        if (mark == StageMark::Made && cell.width() >= kFrameFrom - 1) {
            paintMadeSwatch(painter, cell, made, theme);
        }
        paintMarkFrame(painter, cell, mark, width, theme);
    }
    if (hasSign) {
        paintSign(painter, cell, mark, theme);
    }
    painter.restore();
}

void paintStagePages(QPainter& painter, const StageScene& scene) {
    const StageLayout& layout = *scene.layout;
    PageMapScene map;
    map.image = scene.figures->image.get();
    map.layout = &layout.grid();
    map.theme = scene.theme;
    map.path = scene.state->path;
    map.showOverview = false;
    painter.save();
    painter.translate(layout.gridArea().topLeft());
    paintPageMap(painter, map, QRectF(QPointF(0, 0), layout.gridArea().size()));
    painter.restore();
    painter.save();
    const qreal margin = 0.3 * layout.metrics().line;
    painter.setClipRect(layout.gridArea().adjusted(-margin, -margin, margin, margin),
                        Qt::IntersectClip);
    if (!scene.state->path.empty()) {
        painter.setOpacity(kDimShare); // as all that is not on the path
    }
    paintMarks(painter, scene);
    painter.setOpacity(1);
    paintPresentPages(painter, scene);
    painter.restore();
}

void paintStageArrows(QPainter& painter, const StageScene& scene) {
    const StageLayout& layout = *scene.layout;
    const Theme& theme = *scene.theme;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, true);
    // Bows may rise a little out of the grid, but not over other parts.
    painter.setClipRect(QRectF(layout.memoryArea().topLeft(), layout.gridArea().bottomRight()),
                        Qt::IntersectClip);
    // Only what the event or the user points at: all arrows at once would hide the pages.
    for (const StageArrow& arrow : scene.figures->arrows) {
        const QRectF to = layout.pageRect(arrow.to);
        const QRectF from = arrow.from.value == 0 ? QRectF() : layout.pageRect(arrow.from);
        const StageCard* card = layout.nodes().card(arrow.node);
        const bool isNode = isPointedAt(scene, StageTarget::Kind::Node,
                                        [&](quint64 id) { return id == arrow.node; });
        const bool isPage = isPointedAt(scene, StageTarget::Kind::Page, [&](quint64 id) {
            return PageId{id} == arrow.to || (PageId{id} == arrow.from && id != 0);
        });
        const QColor color =
            arrow.isPresent ? presentColor(scene) : theme.color(Theme::Role::DimText);
        const qreal width = arrow.isPresent ? 2 : 1.2;
        if (!from.isEmpty() && !to.isEmpty() && (arrow.isPresent || isPage)) {
            const qreal bow = std::min(0.25 * std::hypot(to.x() - from.x(), to.y() - from.y()),
                                       1.5 * layout.metrics().line);
            const qreal reach = 0.3 * to.width();
            const QPointF end = to.center() + QPointF(from.x() < to.x() ? -reach : reach, -reach);
            paintArrow(painter, from.center(), end, bow, width, color, theme);
        }
        if (card != nullptr && !to.isEmpty() && (arrow.isPresent || isNode)) {
            paintArrow(painter, QPointF(card->rect.center().x(), card->rect.bottom()),
                       QPointF(to.center().x(), to.top()), 0, width, color, theme);
        }
    }
    painter.restore();
}

} // namespace pagescape::gui
