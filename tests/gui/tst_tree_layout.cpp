// SPDX-License-Identifier: MIT
#include "layout/tidy_tree.h"
#include "layout/tree_layout.h"

#include <QtTest>

#include <random>

using namespace pagescape;
using namespace pagescape::gui;

namespace {

// A tree by the parents of its nodes, in pre-order; pages are numbered from 100.
TreeShape shapeOf(const std::vector<int>& parents) {
    TreeShape shape;
    for (const int parent : parents) {
        TreeShape::Node node;
        node.page = PageId{100 + shape.nodes.size()};
        node.parent = parent;
        shape.nodes.push_back(node);
    }
    return shape;
}

//            0
//       1          5
//     2 3 4      6   7
const std::vector<int> kSmall{-1, 0, 1, 1, 1, 0, 5, 5};

void addChildren(std::vector<int>& parents, int parent, int depth, std::mt19937& random) {
    const int children = depth == 0 ? 0 : static_cast<int>(random() % 5);
    for (int i = 0; i < children; ++i) {
        parents.push_back(parent);
        addChildren(parents, static_cast<int>(parents.size()) - 1, depth - 1, random);
    }
}

} // namespace

class TestTreeLayout : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void parentsStandOverTheMiddleOfTheirChildren();
    void boxesNeverOverlap_data();
    void boxesNeverOverlap();
    void mirroredTreesAreDrawnAsMirrorImages();
    void stubsHaveRoomOfTheirOwn();
    void pointsFindBoxesAndStubs();
    void neighboursFollowKeysAndLevels();
    void visibleNodesIncludeThoseWhoseEdgeCrosses();
    void familyGrowsAsLongAsItFits();
    void aVeryDeepChainIsNoDanger();
    void brokenParentsBecomeRoots();
    void emptyShapeHasNothing();
};

void TestTreeLayout::parentsStandOverTheMiddleOfTheirChildren() {
    const TreeLayout layout(shapeOf(kSmall));
    for (const int parent : {0, 1, 5}) {
        const qreal middle = (layout.nodeRect(layout.firstChild(parent)).center().x() +
                              layout.nodeRect(layout.lastChild(parent)).center().x()) /
                             2;
        QVERIFY(qAbs(layout.nodeRect(parent).center().x() - middle) < 1e-6);
    }
    QCOMPARE(layout.levelCount(), 3);
    QCOMPARE(layout.levelOf(7), 2);
    QCOMPARE(layout.bounds().left(), 0.0);
    QCOMPARE(layout.bounds().top(), 0.0);
    // Siblings are as close as allowed.
    QCOMPARE(layout.nodeRect(3).left() - layout.nodeRect(2).right(), layout.metrics().siblingGap);
}

void TestTreeLayout::boxesNeverOverlap_data() {
    QTest::addColumn<unsigned>("seed");
    for (unsigned seed = 1; seed <= 30; ++seed) {
        QTest::addRow("seed %u", seed) << seed;
    }
}

void TestTreeLayout::boxesNeverOverlap() {
    QFETCH(unsigned, seed);
    std::mt19937 random(seed);
    std::vector<int> parents{-1};
    addChildren(parents, 0, 6, random);
    TreeShape shape = shapeOf(parents);
    for (auto& node : shape.nodes) {
        node.hiddenLeaves = random() % 4 == 0 ? 7 : 0;
    }
    const TreeLayout layout(shape);
    std::map<qreal, std::vector<QRectF>> rows; // by upper edge
    for (int i = 0; i < layout.nodeCount(); ++i) {
        rows[layout.nodeRect(i).top()].push_back(layout.nodeRect(i));
        if (!layout.stubRect(i).isEmpty()) {
            rows[layout.stubRect(i).top()].push_back(layout.stubRect(i));
        }
    }
    const qreal gap = std::min(layout.metrics().siblingGap, layout.metrics().subtreeGap);
    for (auto& [top, boxes] : rows) {
        std::sort(boxes.begin(), boxes.end(),
                  [](const QRectF& a, const QRectF& b) { return a.left() < b.left(); });
        for (std::size_t i = 1; i < boxes.size(); ++i) {
            QVERIFY(boxes[i].left() - boxes[i - 1].right() > gap - 1e-6);
        }
    }
    // Children keep their order.
    for (int i = 0; i < layout.nodeCount(); ++i) {
        const int next = layout.nextSibling(i);
        QVERIFY(next < 0 || layout.nodeRect(next).left() > layout.nodeRect(i).right());
    }
}

void TestTreeLayout::mirroredTreesAreDrawnAsMirrorImages() {
    //       0              and       0
    //    1     4                  1     2
    //   2 3                            3 4
    const std::vector<TidyNode> left{{-1, 10}, {0, 10}, {1, 10}, {1, 10}, {0, 10}};
    const std::vector<TidyNode> right{{-1, 10}, {0, 10}, {0, 10}, {2, 10}, {2, 10}};
    const auto a = tidyTree(left, 4, 8);
    const auto b = tidyTree(right, 4, 8);
    const qreal width = *std::max_element(a.begin(), a.end()) + 5;
    QCOMPARE(a[0], width - b[0]);
    QCOMPARE(a[1], width - b[2]);
    QCOMPARE(a[2], width - b[4]);
    QCOMPARE(a[4], width - b[1]);
}

void TestTreeLayout::stubsHaveRoomOfTheirOwn() {
    TreeShape shape = shapeOf(kSmall);
    shape.nodes[1].hiddenLeaves = 312;
    shape.nodes[7].hiddenLeaves = 5;
    const TreeLayout layout(shape);
    QVERIFY(layout.stubRect(0).isEmpty());
    QVERIFY(layout.stubRect(1).left() > layout.nodeRect(4).right()); // behind the drawn children
    QCOMPARE(layout.stubRect(1).top(), layout.nodeRect(4).top());
    QVERIFY(layout.stubRect(7).top() > layout.nodeRect(7).bottom());
    QVERIFY(layout.bounds().contains(layout.stubRect(7)));
}

void TestTreeLayout::pointsFindBoxesAndStubs() {
    TreeShape shape = shapeOf(kSmall);
    shape.nodes[6].hiddenLeaves = 3;
    const TreeLayout layout(shape);
    for (int i = 0; i < layout.nodeCount(); ++i) {
        QCOMPARE(layout.at(layout.nodeRect(i).center()), std::optional(TreeLayout::Hit{i, false}));
        QCOMPARE(layout.indexOf(shape.nodes[static_cast<std::size_t>(i)].page), i);
    }
    QCOMPARE(layout.at(layout.stubRect(6).center()), std::optional(TreeLayout::Hit{6, true}));
    QCOMPARE(layout.at(QPointF(layout.nodeRect(0).center().x(), layout.nodeRect(0).bottom() + 10)),
             std::nullopt);
    QCOMPARE(layout.at(QPointF(-500, -500)), std::nullopt);
    QCOMPARE(layout.at(QPointF(0, 1e12)), std::nullopt);
    QCOMPARE(layout.indexOf(PageId{5}), -1);
}

void TestTreeLayout::neighboursFollowKeysAndLevels() {
    const TreeLayout layout(shapeOf(kSmall));
    QCOMPARE(layout.parentOf(3), 1);
    QCOMPARE(layout.parentOf(0), -1);
    QCOMPARE(layout.firstChild(5), 6);
    QCOMPARE(layout.lastChild(1), 4);
    QCOMPARE(layout.nextSibling(3), 4);
    QCOMPARE(layout.nextSibling(4), -1); // bolt's leaves have no sibling link
    QCOMPARE(layout.previousSibling(2), -1);
    QCOMPARE(layout.rightOf(4).node, 6);
    QVERIFY(layout.rightOf(4).crossesParent);
    QCOMPARE(layout.leftOf(4).node, 3);
    QVERIFY(!layout.leftOf(4).crossesParent);
    QCOMPARE(layout.leftOf(2).node, -1);
    QCOMPARE(layout.rightOf(7).node, -1);
    QCOMPARE(layout.firstLeaf(), 2);
    QCOMPARE(layout.lastLeaf(), 7);
    QCOMPARE(layout.pathTo(6), (std::vector<int>{0, 5, 6}));
    QCOMPARE(layout.parentOf(99), -1);
    QCOMPARE(layout.rightOf(-1).node, -1);
}

void TestTreeLayout::visibleNodesIncludeThoseWhoseEdgeCrosses() {
    const TreeLayout layout(shapeOf(kSmall));
    const auto all = layout.nodesIn(layout.bounds());
    QCOMPARE(all.size(), std::size_t(8));
    // A thin band between level 0 and 1 shows the edges of 1 and 5.
    const QRectF gap(layout.nodeRect(1).left(), layout.nodeRect(0).bottom() + 5,
                     layout.bounds().width(), 5);
    QCOMPARE(layout.nodesIn(gap), (std::vector<int>{1, 5}));
    const auto corner = layout.nodesIn(layout.nodeRect(2).adjusted(5, 5, -5, -5));
    QVERIFY(std::find(corner.begin(), corner.end(), 2) != corner.end());
    QVERIFY(std::find(corner.begin(), corner.end(), 7) == corner.end());
}

void TestTreeLayout::familyGrowsAsLongAsItFits() {
    const TreeLayout layout(shapeOf(kSmall));
    const QRectF own = layout.nodeRect(1);
    QCOMPARE(layout.familyRect(1, own.size()), own);
    const QRectF all = layout.familyRect(1, layout.bounds().size());
    for (const int relative : {0, 1, 2, 3, 4}) {
        QVERIFY(all.contains(layout.nodeRect(relative)));
    }
    // Three levels high, but hardly wider than one box: the middle child, not the outer ones.
    const qreal height = layout.bounds().height();
    const QRectF narrow = layout.familyRect(1, QSizeF(own.width() + 1, height));
    QVERIFY(narrow.contains(layout.nodeRect(3)));
    QVERIFY(!narrow.contains(layout.nodeRect(2)));
    QVERIFY(layout.familyRect(-1, own.size()).isEmpty());
}

void TestTreeLayout::aVeryDeepChainIsNoDanger() {
    std::vector<int> parents;
    for (int i = 0; i < 200'000; ++i) {
        parents.push_back(i - 1);
    }
    const TreeLayout layout(shapeOf(parents));
    QCOMPARE(layout.levelCount(), 200'000);
    QCOMPARE(layout.nodeRect(0).center().x(), layout.nodeRect(199'999).center().x());
}

void TestTreeLayout::brokenParentsBecomeRoots() {
    const TreeLayout layout(shapeOf({-1, 7, 1, -5})); // 7 does not exist (yet), -5 never does
    QCOMPARE(layout.parentOf(1), -1);
    QCOMPARE(layout.parentOf(2), 1);
    QCOMPARE(layout.parentOf(3), -1);
    QVERIFY(layout.nodeRect(1).left() > layout.nodeRect(0).right());
    QVERIFY(layout.nodeRect(3).left() > layout.nodeRect(1).right());
}

void TestTreeLayout::emptyShapeHasNothing() {
    const TreeLayout layout((TreeShape()));
    QVERIFY(layout.bounds().isEmpty());
    QCOMPARE(layout.firstLeaf(), -1);
    QCOMPARE(layout.lastLeaf(), -1);
    QCOMPARE(layout.at(QPointF(0, 0)), std::nullopt);
    QVERIFY(layout.nodesIn(QRectF(-1e6, -1e6, 2e6, 2e6)).empty());
}

QTEST_GUILESS_MAIN(TestTreeLayout)
#include "tst_tree_layout.moc"
