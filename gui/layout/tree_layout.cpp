// SPDX-License-Identifier: MIT
// Places a tree's boxes, answers what lies where and who stands beside whom.
#include "layout/tree_layout.h"

#include "layout/tidy_tree.h"

#include <algorithm>
#include <cmath>

namespace pagescape::gui {

TreeLayout::TreeLayout(const TreeShape& shape, const TreeMetrics& metrics) : m_metrics(metrics) {
    link(shape);
    // A stub takes part in the layout as a last child, so that nothing can cover it.
    std::vector<TidyNode> boxes;
    std::vector<int> boxOfNode(m_places.size());
    std::vector<int> boxOfStub(m_places.size(), -1);
    boxes.reserve(m_places.size());
    for (std::size_t i = 0; i < m_places.size(); ++i) {
        const int parent = m_places[i].parent;
        boxOfNode[i] = static_cast<int>(boxes.size());
        boxes.push_back({parent < 0 ? -1 : boxOfNode[static_cast<std::size_t>(parent)],
                         m_metrics.node.width()});
    }
    for (std::size_t i = 0; i < m_places.size(); ++i) {
        if (m_places[i].hasStub) {
            boxOfStub[i] = static_cast<int>(boxes.size());
            boxes.push_back({boxOfNode[i], m_metrics.stub.width()});
        }
    }
    const std::vector<qreal> centres = tidyTree(boxes, m_metrics.siblingGap, m_metrics.subtreeGap);
    for (std::size_t i = 0; i < m_places.size(); ++i) {
        m_places[i].x = centres[static_cast<std::size_t>(boxOfNode[i])];
        if (boxOfStub[i] >= 0) {
            m_places[i].stubX = centres[static_cast<std::size_t>(boxOfStub[i])];
        }
    }
    rankLevels();
    measureBounds();
}

void TreeLayout::link(const TreeShape& shape) {
    m_places.resize(shape.nodes.size());
    for (std::size_t i = 0; i < shape.nodes.size(); ++i) {
        const TreeShape::Node& node = shape.nodes[i];
        const int index = static_cast<int>(i);
        Placed& placed = m_places[i];
        placed.parent = node.parent >= 0 && node.parent < index ? node.parent : -1;
        placed.hasStub = node.hiddenLeaves > 0;
        if (placed.parent >= 0) {
            Placed& parent = m_places[static_cast<std::size_t>(placed.parent)];
            placed.level = parent.level + 1;
            placed.previous = parent.lastChild;
            if (parent.lastChild >= 0) {
                m_places[static_cast<std::size_t>(parent.lastChild)].next = index;
            } else {
                parent.firstChild = index;
            }
            parent.lastChild = index;
        }
        if (static_cast<std::size_t>(placed.level) >= m_levels.size()) {
            m_levels.resize(static_cast<std::size_t>(placed.level) + 1);
        }
        m_levels[static_cast<std::size_t>(placed.level)].push_back(index);
        m_byPage.try_emplace(node.page.value, index);
    }
}

void TreeLayout::rankLevels() {
    for (auto& level : m_levels) {
        std::stable_sort(level.begin(), level.end(),
                         [this](int a, int b) { return place(a).x < place(b).x; });
        for (std::size_t rank = 0; rank < level.size(); ++rank) {
            m_places[static_cast<std::size_t>(level[rank])].rankInLevel = static_cast<int>(rank);
        }
    }
}

void TreeLayout::measureBounds() {
    for (int i = 0; i < nodeCount(); ++i) {
        m_bounds = m_bounds.united(nodeRect(i)).united(stubRect(i));
    }
}

qreal TreeLayout::levelTop(int level) const {
    return level * (m_metrics.node.height() + m_metrics.levelGap);
}

QRectF TreeLayout::nodeRect(int node) const {
    if (!isValid(node)) {
        return {};
    }
    const Placed& placed = place(node);
    return {placed.x - m_metrics.node.width() / 2, levelTop(placed.level), m_metrics.node.width(),
            m_metrics.node.height()};
}

QRectF TreeLayout::stubRect(int node) const {
    if (!isValid(node) || !place(node).hasStub) {
        return {};
    }
    const Placed& placed = place(node);
    return {placed.stubX - m_metrics.stub.width() / 2, levelTop(placed.level + 1),
            m_metrics.stub.width(), m_metrics.stub.height()};
}

int TreeLayout::levelOf(int node) const {
    return isValid(node) ? place(node).level : -1;
}

QLineF TreeLayout::edge(int node) const {
    const int parent = parentOf(node);
    if (parent < 0) {
        return {};
    }
    const QRectF from = nodeRect(parent);
    const QRectF to = nodeRect(node);
    return {QPointF(from.center().x(), from.bottom()), QPointF(to.center().x(), to.top())};
}

std::optional<TreeLayout::Hit> TreeLayout::at(QPointF point) const {
    const qreal pitch = m_metrics.node.height() + m_metrics.levelGap;
    const auto level = static_cast<int>(
        std::clamp(std::floor(point.y() / pitch), -1.0, static_cast<double>(levelCount())));
    if (level >= 0 && level < levelCount()) {
        const auto& nodes = m_levels[static_cast<std::size_t>(level)];
        const auto it =
            std::lower_bound(nodes.begin(), nodes.end(), point.x(),
                             [this](int node, qreal x) { return nodeRect(node).right() < x; });
        if (it != nodes.end() && nodeRect(*it).contains(point)) {
            return Hit{*it, false};
        }
    }
    if (level >= 1 && level <= levelCount()) {
        for (const int node : m_levels[static_cast<std::size_t>(level - 1)]) {
            if (place(node).hasStub && stubRect(node).contains(point)) {
                return Hit{node, true};
            }
        }
    }
    return std::nullopt;
}

std::vector<int> TreeLayout::nodesIn(const QRectF& area) const {
    std::vector<int> found;
    for (int level = 0; level < levelCount(); ++level) {
        // A box, the edge above it and the stub below it.
        const qreal top = levelTop(level - 1);
        const qreal bottom = levelTop(level + 2);
        if (area.bottom() < top || area.top() > bottom) {
            continue;
        }
        for (const int node : m_levels[static_cast<std::size_t>(level)]) {
            const QLineF line = edge(node);
            const QRectF reach = nodeRect(node)
                                     .united(stubRect(node))
                                     .united(QRectF(line.p1(), line.p2()).normalized());
            const bool isRoot = parentOf(node) < 0;
            const QRectF box = isRoot ? nodeRect(node).united(stubRect(node)) : reach;
            if (box.adjusted(-1, -1, 1, 1).intersects(area)) {
                found.push_back(node);
            }
        }
    }
    return found;
}

int TreeLayout::indexOf(PageId page) const {
    const auto it = m_byPage.find(page.value);
    return it == m_byPage.end() ? -1 : it->second;
}

int TreeLayout::parentOf(int node) const {
    return isValid(node) ? place(node).parent : -1;
}

int TreeLayout::firstChild(int node) const {
    return isValid(node) ? place(node).firstChild : -1;
}

int TreeLayout::lastChild(int node) const {
    return isValid(node) ? place(node).lastChild : -1;
}

int TreeLayout::previousSibling(int node) const {
    return isValid(node) ? place(node).previous : -1;
}

int TreeLayout::nextSibling(int node) const {
    return isValid(node) ? place(node).next : -1;
}

TreeLayout::Neighbour TreeLayout::leftOf(int node) const {
    if (!isValid(node) || place(node).rankInLevel == 0) {
        return {};
    }
    const auto& level = m_levels[static_cast<std::size_t>(place(node).level)];
    const int left = level[static_cast<std::size_t>(place(node).rankInLevel) - 1];
    return {left, place(left).parent != place(node).parent};
}

TreeLayout::Neighbour TreeLayout::rightOf(int node) const {
    if (!isValid(node)) {
        return {};
    }
    const auto& level = m_levels[static_cast<std::size_t>(place(node).level)];
    const auto rank = static_cast<std::size_t>(place(node).rankInLevel) + 1;
    if (rank >= level.size()) {
        return {};
    }
    return {level[rank], place(level[rank]).parent != place(node).parent};
}

int TreeLayout::firstLeaf() const {
    int node = m_places.empty() ? -1 : 0;
    while (firstChild(node) >= 0) {
        node = firstChild(node);
    }
    return node;
}

int TreeLayout::lastLeaf() const {
    int node = m_levels.empty() ? -1 : m_levels.front().back();
    while (lastChild(node) >= 0) {
        node = lastChild(node);
    }
    return node;
}

QRectF TreeLayout::familyRect(int node, QSizeF room) const {
    QRectF family = nodeRect(node);
    const auto take = [&family, room](const QRectF& relative) {
        const QRectF grown = family.united(relative);
        if (grown.width() <= room.width() && grown.height() <= room.height()) {
            family = grown;
        }
    };
    take(nodeRect(parentOf(node)));
    std::vector<int> children;
    for (int child = firstChild(node); child >= 0; child = nextSibling(child)) {
        children.push_back(child);
    }
    std::ranges::stable_sort(
        children, {}, [this, node](int child) { return std::abs(place(child).x - place(node).x); });
    for (const int child : children) {
        take(nodeRect(child));
    }
    take(stubRect(node));
    for (int above = parentOf(parentOf(node)); above >= 0; above = parentOf(above)) {
        take(nodeRect(above));
    }
    return family;
}

std::vector<int> TreeLayout::pathTo(int node) const {
    std::vector<int> path;
    for (int at = isValid(node) ? node : -1; at >= 0; at = parentOf(at)) {
        path.push_back(at);
    }
    std::reverse(path.begin(), path.end());
    return path;
}

} // namespace pagescape::gui
