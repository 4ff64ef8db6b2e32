// SPDX-License-Identifier: MIT
// TreeLayout: places the boxes of a TreeShape as a tidy tree (Reingold-Tilford as Buchheim, Jünger
// and Leipert made it linear): parents centred over their children, subtrees as close as they can
// be, equal subtrees drawn equally. Also the hit test and the neighbours that the arrow keys walk.
#pragma once

#include "models/tree_shape.h"

#include <QLineF>
#include <QPointF>
#include <QRectF>
#include <QSizeF>

#include <optional>
#include <unordered_map>
#include <vector>

namespace pagescape::gui {

/// Sizes of the drawing, in scene units (logical pixels at scale 1).
struct TreeMetrics {
    QSizeF node{132, 52};
    QSizeF stub{92, 22}; ///< the "+312 leaves" box below a node
    qreal siblingGap = 12;
    qreal subtreeGap = 24; ///< between neighbours with different parents
    qreal levelGap = 40;   ///< between the bottom of a level and the top of the next
    friend bool operator==(const TreeMetrics&, const TreeMetrics&) = default;
};

/// A placed tree. Node indices are those of the shape. Cost: linear in the number of nodes.
class TreeLayout {
public:
    TreeLayout() = default;
    explicit TreeLayout(const TreeShape& shape, const TreeMetrics& metrics = {});

    /// What lies at a point.
    struct Hit {
        int node = -1;
        bool isStub = false; ///< the stub below `node`
        friend bool operator==(const Hit&, const Hit&) = default;
    };
    /// An arrow-key target. Bolt's leaves have no sibling link: a step that leaves the parent is
    /// marked, so that a caption can say so.
    struct Neighbour {
        int node = -1;
        bool crossesParent = false;
    };

    [[nodiscard]] int nodeCount() const { return static_cast<int>(m_places.size()); }
    [[nodiscard]] const TreeMetrics& metrics() const { return m_metrics; }
    /// Everything, with no margin; empty for an empty shape.
    [[nodiscard]] QRectF bounds() const { return m_bounds; }
    [[nodiscard]] QRectF nodeRect(int node) const;
    /// The stub below a node; empty when it has none.
    [[nodiscard]] QRectF stubRect(int node) const;
    /// Distance from its root, in boxes.
    [[nodiscard]] int levelOf(int node) const;
    [[nodiscard]] int levelCount() const { return static_cast<int>(m_levels.size()); }
    /// Lower middle of the parent and upper middle of the node: the ends of the edge to its parent.
    [[nodiscard]] QLineF edge(int node) const;

    [[nodiscard]] std::optional<Hit> at(QPointF point) const;
    /// Nodes whose boxes, stubs or edges may touch `area`, level by level from left to right. Cost:
    /// linear in the nodes of the levels that it touches.
    [[nodiscard]] std::vector<int> nodesIn(const QRectF& area) const;
    /// Index of the node that shows a page, or -1.
    [[nodiscard]] int indexOf(PageId page) const;

    // Neighbours: -1 where there is none or `node` is out of range.
    [[nodiscard]] int parentOf(int node) const;
    [[nodiscard]] int firstChild(int node) const;
    [[nodiscard]] int lastChild(int node) const;
    [[nodiscard]] int previousSibling(int node) const;
    [[nodiscard]] int nextSibling(int node) const;
    /// The box to the left or right on the same level, whoever its parent is.
    [[nodiscard]] Neighbour leftOf(int node) const;
    [[nodiscard]] Neighbour rightOf(int node) const;
    /// First and last drawn box without drawn children, in key order.
    [[nodiscard]] int firstLeaf() const;
    [[nodiscard]] int lastLeaf() const;
    /// The box of a node, grown by those of its parent, its children (the nearest first), its stub
    /// and the pages further up, each as long as all fits into `room`; empty for no node.
    [[nodiscard]] QRectF familyRect(int node, QSizeF room) const;
    /// The nodes from the root down to `node`, both included.
    [[nodiscard]] std::vector<int> pathTo(int node) const;

private:
    struct Placed {
        int parent = -1;
        int firstChild = -1;
        int lastChild = -1;
        int previous = -1; ///< sibling
        int next = -1;     ///< sibling
        int level = 0;
        int rankInLevel = 0;
        qreal x = 0; ///< centre
        qreal stubX = 0;
        bool hasStub = false;
    };

    [[nodiscard]] bool isValid(int node) const { return node >= 0 && node < nodeCount(); }
    [[nodiscard]] const Placed& place(int node) const {
        return m_places[static_cast<std::size_t>(node)];
    }
    void link(const TreeShape& shape);
    void rankLevels();
    void measureBounds();
    [[nodiscard]] qreal levelTop(int level) const;

    TreeMetrics m_metrics;
    std::vector<Placed> m_places;
    std::vector<std::vector<int>> m_levels; // nodes of each level from left to right
    std::unordered_map<std::uint64_t, int> m_byPage;
    QRectF m_bounds;
};

} // namespace pagescape::gui
