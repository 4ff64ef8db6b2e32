// SPDX-License-Identifier: MIT
// Paints a laid-out tree: rounded boxes with a coloured strip and glyph, page id, key range and
// fill bar; "+312 leaves" stubs; edges. What is drawn in a box depends on the scale.
#pragma once

#include "layout/tree_layout.h"
#include "paint/lens.h"
#include "paint/theme.h"

#include <QPainter>

namespace pagescape::gui {

/// How a box stands out.
struct TreeNodeState {
    bool isSelected = false;
    bool isHovered = false;
    bool hasCursor = false;           ///< keyboard focus frame
    bool isDimmed = false;            ///< not on the lit path
    LensClass change = kUnknownClass; ///< class of Lens::Changes: a mark in the corner
    friend bool operator==(const TreeNodeState&, const TreeNodeState&) = default;
};

/// What is drawn in a box at a scale (device-independent pixels per scene unit).
enum class TreeDetail { Bar, Short, Full };
/// Below 0.25 a colour bar, below 0.6 id and first key, otherwise everything.
[[nodiscard]] TreeDetail treeDetail(qreal scale);

/// All that the picture depends on. Pointers are borrowed for the call.
struct TreeScene {
    const TreeShape* shape = nullptr;
    const TreeLayout* layout = nullptr;
    const Theme* theme = nullptr;
    int selected = -1;
    int hovered = -1;
    int cursor = -1;
    bool hasFocus = false;
    const PageChanges* changes = nullptr; ///< of a comparison: its pages get a mark
    bool isPathActive = false;            ///< nodes that are not isOnPath are dimmed to 35 %
};

/// One box, in scene coordinates.
void paintTreeNode(QPainter& painter, const TreeShape::Node& node, const QRectF& rect,
                   const TreeNodeState& state, const Theme& theme, qreal scale);
/// The stub below a collapsed box.
void paintTreeStub(QPainter& painter, const TreeShape::Node& node, const QRectF& rect,
                   const TreeNodeState& state, const Theme& theme, qreal scale);
/// The edge from a box to its parent.
void paintTreeEdge(QPainter& painter, const QLineF& edge, bool isOnPath, bool isDimmed,
                   const Theme& theme, qreal scale);
/// The whole tree, in scene coordinates: the painter's transform already maps scene to device,
/// `scale` is its factor. Only what touches `exposed` is drawn.
void paintTree(QPainter& painter, const TreeScene& scene, const QRectF& exposed, qreal scale);
/// Fits the whole tree into `target` with a margin, at most at scale 1, and paints it there.
void paintTreeFitted(QPainter& painter, const TreeScene& scene, const QRectF& target);
/// "+312 leaves", translated.
[[nodiscard]] QString treeStubText(const TreeShape::Node& node);
/// The class a node is coloured as.
[[nodiscard]] PageClass treeNodeClass(const TreeShape::Node& node);

} // namespace pagescape::gui
