// SPDX-License-Identifier: MIT
// Paints the tree's boxes, stubs and edges.
#include "paint/tree_painter.h"

#include "paint/cell_painter.h"
#include "paint/text.h"

#include <QCoreApplication>
#include <QPainterPath>

#include <algorithm>

namespace pagescape::gui {
namespace {

constexpr qreal kCorner = 6;
constexpr qreal kStrip = 20;     // coloured strip with the glyph
constexpr qreal kFillHeight = 4; // fill bar at the lower edge
constexpr qreal kMargin = 5;

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Tree)
};

QColor faded(const QColor& color, bool isDimmed, const Theme& theme) {
    return isDimmed ? blended(color, theme.color(Theme::Role::Background), kDimShare) : color;
}

// Outline weight and colour by what matters most.
QPen boxPen(const TreeShape::Node& node, const TreeNodeState& state, const Theme& theme,
            qreal scale) {
    const qreal unit = 1 / std::max(scale, 0.05); // at least one pixel at every scale
    if (state.isSelected) {
        return {theme.color(Theme::Role::Accent), std::max(2.5, 2 * unit)};
    }
    if (node.hasProblem) {
        return {theme.color(Theme::Role::ProblemText), std::max(2.0, unit)};
    }
    if (node.isOnPath) {
        return {theme.color(Theme::Role::Path), std::max(2.0, 1.5 * unit)};
    }
    if (state.isHovered) {
        return {theme.color(Theme::Role::Hover), std::max(1.5, unit)};
    }
    return {faded(theme.color(Theme::Role::DimText), state.isDimmed, theme), std::max(1.0, unit)};
}

QString keyRange(const TreeShape::Node& node, const QFontMetricsF& metrics, qreal width) {
    const auto elided = [&](const QString& key, qreal room) {
        return elidedKey(key, node.sharedChars, metrics, room, Qt::ElideRight);
    };
    if (node.firstKey.isEmpty() || node.lastKey.isEmpty() || node.lastKey == node.firstKey) {
        return elided(node.firstKey.isEmpty() ? node.lastKey : node.firstKey, width);
    }
    const QString between = QStringLiteral(" \u2026 ");
    const QString whole = node.firstKey + between + node.lastKey;
    if (metrics.horizontalAdvance(whole) <= width) {
        return whole;
    }
    const qreal half = (width - metrics.horizontalAdvance(between)) / 2;
    return elided(node.firstKey, half) + between + elided(node.lastKey, half);
}

QString headText(const TreeShape::Node& node) {
    QString text = QString::number(node.page.value);
    if (node.overflow > 0) {
        text += QStringLiteral(" +%1").arg(node.overflow);
    }
    if (node.isBucketRoot && !node.bucketName.isEmpty()) {
        text += QStringLiteral("  ") + node.bucketName;
    }
    return text;
}

QString tailText(const TreeShape::Node& node) {
    QString text = node.kind == PageKind::Branch
                       ? Text::tr("%n child(ren)", nullptr, node.childCount)
                       : Text::tr("%n key(s)", nullptr, node.elements);
    if (node.inlineBuckets > 0) {
        text += QStringLiteral(" \u00B7 ") + Text::tr("%1 inline").arg(node.inlineBuckets);
    }
    if (node.nestedBuckets > 0) {
        text += QStringLiteral(" \u00B7 ") + Text::tr("%1 nested").arg(node.nestedBuckets);
    }
    return text;
}

void drawElided(QPainter& painter, const QRectF& rect, const QString& text) {
    const QFontMetricsF metrics(painter.font(), painter.device());
    painter.drawText(rect, static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter),
                     metrics.elidedText(text, Qt::ElideRight, rect.width()));
}

QFont sized(const QFont& base, int pixels, bool isBold) {
    QFont font = base;
    font.setPixelSize(pixels);
    font.setBold(isBold);
    return font;
}

void paintFillBar(QPainter& painter, const TreeShape::Node& node, const QRectF& rect, bool isDimmed,
                  const Theme& theme) {
    painter.fillRect(rect, faded(theme.color(Theme::Role::Line), isDimmed, theme));
    const qreal fill = std::clamp(node.fill, 0.0, 1.0);
    QRectF part = rect;
    part.setWidth(rect.width() * fill);
    painter.fillRect(part, faded(theme.ramp(6), isDimmed, theme));
}

// The sign of a change in the upper right corner; its width, 0 where there is none.
qreal paintChangeMark(QPainter& painter, const QRectF& rect, const TreeNodeState& state,
                      const Theme& theme, TreeDetail detail) {
    const QChar glyph = changeGlyph(state.change);
    if (glyph.isNull()) {
        return 0;
    }
    const bool isBar = detail == TreeDetail::Bar;
    const qreal side = isBar ? rect.height() / 2 : detail == TreeDetail::Full ? 16 : 22;
    const QRectF patch(rect.right() - side, rect.top(), side, side);
    const QColor fill =
        faded(lensClassColor(Lens::Changes, state.change, theme), state.isDimmed, theme);
    painter.fillRect(patch, fill);
    if (!isBar) {
        const QFont base = painter.font();
        painter.setFont(sized(base, detail == TreeDetail::Full ? 13 : 18, true));
        painter.setPen(theme.textOn(fill));
        painter.drawText(patch, static_cast<int>(Qt::AlignCenter), QString(glyph));
        painter.setFont(base);
    }
    return side;
}

// Strip, glyph and texts inside the clipped box.
void paintBoxContent(QPainter& painter, const TreeShape::Node& node, const QRectF& rect,
                     const TreeNodeState& state, const Theme& theme, TreeDetail detail) {
    const bool isDimmed = state.isDimmed;
    const PageClass pageClass = treeNodeClass(node);
    const QColor classColor = faded(theme.classColor(pageClass), isDimmed, theme);
    const QRectF strip(rect.left(), rect.top(), kStrip, rect.height());
    painter.fillRect(strip, classColor);
    if (pageClassPattern(pageClass) == ClassPattern::Faded || theme.needsOutline(pageClass)) {
        painter.fillRect(QRectF(strip.right() - 1, strip.top(), 1, strip.height()),
                         faded(theme.color(Theme::Role::DimText), isDimmed, theme));
    }
    const QFont base = painter.font();
    const bool isFull = detail == TreeDetail::Full;
    painter.setFont(sized(base, isFull ? 13 : 18, true));
    painter.setPen(theme.textOn(classColor));
    painter.drawText(strip, static_cast<int>(Qt::AlignCenter), QString(Theme::glyph(pageClass)));

    const QRectF content = rect.adjusted(kStrip + kMargin, 3, -kMargin, -kFillHeight - 3);
    const QColor text = faded(theme.color(Theme::Role::Text), isDimmed, theme);
    const QColor dim = faded(theme.color(Theme::Role::DimText), isDimmed, theme);
    const int lines = isFull ? 3 : 2;
    const qreal lineHeight = content.height() / lines;
    const auto line = [&content, lineHeight](int index) {
        return QRectF(content.left(), content.top() + index * lineHeight, content.width(),
                      lineHeight);
    };
    const qreal mark = paintChangeMark(painter, rect, state, theme, detail);
    painter.setFont(sized(base, isFull ? 12 : 18, true));
    painter.setPen(text);
    drawElided(painter, line(0).adjusted(0, 0, -mark, 0), headText(node));
    painter.setFont(sized(base, isFull ? 11 : 17, false));
    painter.setPen(isFull ? text : dim);
    const QFontMetricsF metrics(painter.font(), painter.device());
    const QString keys = isFull ? keyRange(node, metrics, content.width())
                                : elidedKey(node.firstKey, node.sharedChars, metrics,
                                            content.width(), Qt::ElideRight);
    painter.drawText(line(1), static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter), keys);
    if (isFull) {
        painter.setPen(dim);
        drawElided(painter, line(2), tailText(node));
    }
    painter.setFont(base);
    paintFillBar(painter, node,
                 QRectF(rect.left() + kStrip, rect.bottom() - kFillHeight, rect.width() - kStrip,
                        kFillHeight),
                 isDimmed, theme);
}

TreeNodeState stateOf(const TreeScene& scene, int node) {
    const TreeShape::Node& own = scene.shape->nodes[static_cast<std::size_t>(node)];
    return {scene.selected == node, scene.hovered == node, scene.cursor == node && scene.hasFocus,
            scene.isPathActive && !own.isOnPath,
            scene.changes != nullptr ? scene.changes->classOf(own.page) : kUnknownClass};
}

} // namespace

TreeDetail treeDetail(qreal scale) {
    return scale < 0.25 ? TreeDetail::Bar : scale < 0.6 ? TreeDetail::Short : TreeDetail::Full;
}

PageClass treeNodeClass(const TreeShape::Node& node) {
    return pageClassOf(static_cast<std::uint8_t>(node.kind), node.kind == PageKind::Problem);
}

QString treeStubText(const TreeShape::Node& node) {
    return Text::tr("+%1 leaves").arg(countText(node.hiddenLeaves));
}

void paintTreeNode(QPainter& painter, const TreeShape::Node& node, const QRectF& rect,
                   const TreeNodeState& state, const Theme& theme, qreal scale) {
    painter.save();
    const TreeDetail detail = treeDetail(scale);
    const QPen pen = boxPen(node, state, theme, scale);
    if (detail == TreeDetail::Bar) {
        painter.setRenderHint(QPainter::Antialiasing, false);
        painter.fillRect(rect, faded(theme.classColor(treeNodeClass(node)), state.isDimmed, theme));
        if (state.isSelected || node.isOnPath || node.hasProblem ||
            theme.needsOutline(treeNodeClass(node))) {
            paintFrame(painter, rect, pen.widthF(), pen.color());
        }
        paintChangeMark(painter, rect, state, theme, detail);
    } else {
        QPainterPath box;
        box.addRoundedRect(rect, kCorner, kCorner);
        painter.setRenderHint(QPainter::Antialiasing, true);
        painter.fillPath(box,
                         theme.color(node.isMatch ? Theme::Role::FieldKey : Theme::Role::Surface));
        painter.save();
        painter.setClipPath(box, Qt::IntersectClip);
        paintBoxContent(painter, node, rect, state, theme, detail);
        painter.restore();
        painter.setPen(pen);
        painter.setBrush(Qt::NoBrush);
        painter.drawPath(box);
    }
    if (state.hasCursor) {
        const qreal unit = 1 / std::max(scale, 0.05);
        const QRectF ring = rect.adjusted(-4 * unit, -4 * unit, 4 * unit, 4 * unit);
        paintFrame(painter, ring, 2 * unit, theme.color(Theme::Role::Focus));
    }
    painter.restore();
}

void paintTreeStub(QPainter& painter, const TreeShape::Node& node, const QRectF& rect,
                   const TreeNodeState& state, const Theme& theme, qreal scale) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, true);
    const QColor line = state.isHovered
                            ? theme.color(Theme::Role::Hover)
                            : faded(theme.color(Theme::Role::DimText), state.isDimmed, theme);
    painter.setPen(QPen(line, std::max(1.0, 1 / std::max(scale, 0.05)), Qt::DashLine));
    painter.setBrush(theme.color(Theme::Role::Background));
    painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2);
    if (treeDetail(scale) != TreeDetail::Bar) {
        painter.setFont(sized(painter.font(), 11, false));
        painter.setPen(faded(theme.color(Theme::Role::Text), state.isDimmed, theme));
        painter.drawText(rect, static_cast<int>(Qt::AlignCenter), treeStubText(node));
    }
    painter.restore();
}

void paintTreeEdge(QPainter& painter, const QLineF& edge, bool isOnPath, bool isDimmed,
                   const Theme& theme, qreal scale) {
    if (edge.isNull()) {
        return;
    }
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, true);
    const qreal unit = 1 / std::max(scale, 0.05);
    const QColor color = isOnPath ? theme.color(Theme::Role::Path)
                                  : faded(theme.color(Theme::Role::DimText), isDimmed, theme);
    painter.setPen(QPen(color, isOnPath ? std::max(3.0, 2 * unit) : std::max(1.0, unit)));
    painter.setBrush(Qt::NoBrush);
    // An upright S, evaluated here because only the pieces in sight are drawn.
    constexpr int kPieces = 32;
    QPolygonF line;
    for (int i = 0; i <= kPieces; ++i) {
        const qreal t = static_cast<qreal>(i) / kPieces;
        const qreal s = t * t * (3 - 2 * t);
        const qreal y = 0.5 * (3 * t - 3 * t * t + 2 * t * t * t);
        line << QPointF(edge.x1() + edge.dx() * s, edge.y1() + edge.dy() * y);
    }
    drawClippedPolyline(painter, line, visibleArea(painter).adjusted(-8, -8, 8, 8));
    painter.restore();
}

void paintTree(QPainter& painter, const TreeScene& scene, const QRectF& exposed, qreal scale) {
    if (scene.shape == nullptr || scene.layout == nullptr ||
        scene.layout->nodeCount() != static_cast<int>(scene.shape->nodes.size())) {
        return;
    }
    const TreeLayout& layout = *scene.layout;
    const Theme& theme = *scene.theme;
    const std::vector<int> visible = layout.nodesIn(exposed);
    // Edges first, those of the path on top of the others; boxes cover their ends.
    for (const bool isPathPass : {false, true}) {
        for (const int index : visible) {
            const TreeShape::Node& node = scene.shape->nodes[static_cast<std::size_t>(index)];
            if (node.isOnPath == isPathPass) {
                paintTreeEdge(painter, layout.edge(index), node.isOnPath,
                              stateOf(scene, index).isDimmed, theme, scale);
            }
        }
    }
    for (const int index : visible) {
        const TreeShape::Node& node = scene.shape->nodes[static_cast<std::size_t>(index)];
        const TreeNodeState state = stateOf(scene, index);
        const QRectF stub = layout.stubRect(index);
        if (!stub.isEmpty()) {
            const QRectF box = layout.nodeRect(index);
            paintTreeEdge(painter,
                          QLineF(box.center().x(), box.bottom(), stub.center().x(), stub.top()),
                          false, scene.isPathActive, theme, scale);
            paintTreeStub(painter, node, stub, {false, false, false, scene.isPathActive}, theme,
                          scale);
        }
        paintTreeNode(painter, node, layout.nodeRect(index), state, theme, scale);
    }
}

void paintTreeFitted(QPainter& painter, const TreeScene& scene, const QRectF& target) {
    if (scene.layout == nullptr || scene.layout->bounds().isEmpty()) {
        return;
    }
    constexpr qreal kAir = 12;
    const QRectF bounds = scene.layout->bounds().adjusted(-kAir, -kAir, kAir, kAir);
    const qreal scale =
        std::min({1.0, target.width() / bounds.width(), target.height() / bounds.height()});
    painter.save();
    painter.translate(target.center().x() - bounds.center().x() * scale,
                      target.center().y() - bounds.center().y() * scale);
    painter.scale(scale, scale);
    paintTree(painter, scene, bounds, scale);
    painter.restore();
}

} // namespace pagescape::gui
