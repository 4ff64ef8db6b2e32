// SPDX-License-Identifier: MIT
// Buchheim, Jünger and Leipert's walk. Names follow the paper: v is the subtree being added, w its
// left sibling; i and o stand for the inner and outer contour, l and r for the left and right
// subtree.
#include "layout/tidy_tree.h"

#include <algorithm>
#include <limits>

namespace pagescape::gui {
namespace {

class TidyWalk {
public:
    TidyWalk(const std::vector<TidyNode>& nodes, qreal siblingGap, qreal subtreeGap)
        : m_siblingGap(siblingGap), m_subtreeGap(subtreeGap),
          m_root(static_cast<int>(nodes.size())), m_cells(nodes.size() + 1) {
        // A root of its own above all roots, so that a forest needs no special case.
        for (int i = 0; i < m_root; ++i) {
            const TidyNode& node = nodes[static_cast<std::size_t>(i)];
            const bool isChild = node.parent >= 0 && node.parent < i;
            append(i, isChild ? node.parent : m_root, node.width);
        }
        at(m_root).ancestor = m_root;
    }

    std::vector<qreal> run() {
        const std::vector<int> postOrder = order();
        for (const int v : postOrder) {
            firstWalk(v);
        }
        std::vector<qreal> centres(static_cast<std::size_t>(m_root));
        qreal leftmost = std::numeric_limits<qreal>::max();
        for (auto it = postOrder.rbegin(); it != postOrder.rend(); ++it) { // parents first
            Cell& cell = at(*it);
            if (*it == m_root) {
                continue;
            }
            cell.modSum = at(cell.parent).modSum + at(cell.parent).mod;
            const qreal x = cell.prelim + cell.modSum;
            centres[static_cast<std::size_t>(*it)] = x;
            leftmost = std::min(leftmost, x - cell.width / 2);
        }
        for (qreal& x : centres) {
            x -= leftmost;
        }
        return centres;
    }

private:
    struct Cell {
        int parent = -1;
        int firstChild = -1;
        int lastChild = -1;
        int previous = -1;
        int next = -1;
        int number = 0; // among its siblings
        int thread = -1;
        int ancestor = -1;
        int defaultAncestor = -1; // of the children
        qreal width = 0;
        qreal prelim = 0;
        qreal mod = 0;
        qreal modSum = 0; // of all ancestors
        qreal change = 0;
        qreal shift = 0;
    };

    Cell& at(int index) { return m_cells[static_cast<std::size_t>(index)]; }
    const Cell& at(int index) const { return m_cells[static_cast<std::size_t>(index)]; }

    void append(int index, int parentIndex, qreal width) {
        Cell& cell = at(index);
        Cell& parent = at(parentIndex);
        cell.parent = parentIndex;
        cell.width = width;
        cell.ancestor = index;
        cell.previous = parent.lastChild;
        if (parent.lastChild >= 0) {
            at(parent.lastChild).next = index;
            cell.number = at(parent.lastChild).number + 1;
        } else {
            parent.firstChild = index;
            parent.defaultAncestor = index;
        }
        parent.lastChild = index;
    }

    // Children before parents, left before right.
    std::vector<int> order() const {
        std::vector<int> result;
        result.reserve(m_cells.size());
        std::vector<int> open{m_root};
        while (!open.empty()) {
            const int v = open.back();
            open.pop_back();
            result.push_back(v);
            for (int child = at(v).firstChild; child >= 0; child = at(child).next) {
                open.push_back(child);
            }
        }
        std::reverse(result.begin(), result.end());
        return result;
    }

    qreal distance(int left, int right) const {
        const bool areSiblings = at(left).parent == at(right).parent;
        return (at(left).width + at(right).width) / 2 + (areSiblings ? m_siblingGap : m_subtreeGap);
    }

    int nextLeft(int v) const { return at(v).firstChild >= 0 ? at(v).firstChild : at(v).thread; }
    int nextRight(int v) const { return at(v).lastChild >= 0 ? at(v).lastChild : at(v).thread; }

    void firstWalk(int v) {
        Cell& cell = at(v);
        const qreal beside =
            cell.previous >= 0 ? at(cell.previous).prelim + distance(cell.previous, v) : 0;
        if (cell.firstChild < 0) {
            cell.prelim = beside;
        } else {
            executeShifts(v);
            const qreal middle = (at(cell.firstChild).prelim + at(cell.lastChild).prelim) / 2;
            cell.prelim = cell.previous >= 0 ? beside : middle;
            cell.mod = cell.previous >= 0 ? beside - middle : 0;
        }
        if (cell.previous >= 0) {
            apportion(v);
        }
    }

    void executeShifts(int v) {
        qreal shift = 0;
        qreal change = 0;
        for (int w = at(v).lastChild; w >= 0; w = at(w).previous) {
            Cell& cell = at(w);
            cell.prelim += shift;
            cell.mod += shift;
            change += cell.change;
            shift += cell.shift + change;
        }
    }

    void moveSubtree(int left, int right, qreal shift) {
        const auto between = static_cast<qreal>(at(right).number - at(left).number);
        at(right).change -= shift / between;
        at(right).shift += shift;
        at(left).change += shift / between;
        at(right).prelim += shift;
        at(right).mod += shift;
    }

    // Pushes v's subtree right until it clears everything left of it, and joins the contours.
    void apportion(int v) {
        int& defaultAncestor = at(at(v).parent).defaultAncestor;
        int innerRight = v;
        int outerRight = v;
        int innerLeft = at(v).previous;
        int outerLeft = at(at(v).parent).firstChild;
        qreal sumInnerRight = at(innerRight).mod;
        qreal sumOuterRight = at(outerRight).mod;
        qreal sumInnerLeft = at(innerLeft).mod;
        qreal sumOuterLeft = at(outerLeft).mod;
        while (nextRight(innerLeft) >= 0 && nextLeft(innerRight) >= 0) {
            innerLeft = nextRight(innerLeft);
            innerRight = nextLeft(innerRight);
            outerLeft = nextLeft(outerLeft);
            outerRight = nextRight(outerRight);
            at(outerRight).ancestor = v;
            const qreal shift = (at(innerLeft).prelim + sumInnerLeft) -
                                (at(innerRight).prelim + sumInnerRight) +
                                distance(innerLeft, innerRight);
            if (shift > 0) {
                const int candidate = at(innerLeft).ancestor;
                const bool isSibling = at(candidate).parent == at(v).parent;
                moveSubtree(isSibling ? candidate : defaultAncestor, v, shift);
                sumInnerRight += shift;
                sumOuterRight += shift;
            }
            sumInnerLeft += at(innerLeft).mod;
            sumInnerRight += at(innerRight).mod;
            sumOuterLeft += at(outerLeft).mod;
            sumOuterRight += at(outerRight).mod;
        }
        if (nextRight(innerLeft) >= 0 && nextRight(outerRight) < 0) {
            at(outerRight).thread = nextRight(innerLeft);
            at(outerRight).mod += sumInnerLeft - sumOuterRight;
        }
        if (nextLeft(innerRight) >= 0 && nextLeft(outerLeft) < 0) {
            at(outerLeft).thread = nextLeft(innerRight);
            at(outerLeft).mod += sumInnerRight - sumOuterLeft;
            defaultAncestor = v;
        }
    }

    qreal m_siblingGap;
    qreal m_subtreeGap;
    int m_root;
    std::vector<Cell> m_cells;
};

} // namespace

std::vector<qreal> tidyTree(const std::vector<TidyNode>& nodes, qreal siblingGap,
                            qreal subtreeGap) {
    if (nodes.empty()) {
        return {};
    }
    return TidyWalk(nodes, siblingGap, subtreeGap).run();
}

} // namespace pagescape::gui
