// SPDX-License-Identifier: MIT
// The drawn tree as a widget: walking with keys, clicking, folding, zoom and overview on a real
// tree.
#include "models/tree_shape_builder.h"
#include "sample_files.h"
#include "state/selection_hub.h"
#include "views/tree_view.h"

#include <QScrollBar>
#include <QSignalSpy>
#include <QtTest>

using namespace pagescape;
using namespace pagescape::gui;

class TestTreeView : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();

    void drawsThePagesOfTheBucket();
    void arrowsWalkAlongTheTree();
    void sideStepsAcrossParentsAreExplained();
    void homeAndEndAreTheOutermostLeaves();
    void clickSelectsAndDragPans();
    void hoverIsShared();
    void selectionElsewhereMovesTheCursor();
    void enterLocksThenFollows();
    void stubsAndDownAskToUnfold();
    void doubleClickAndBackspaceAskToFold();
    void newShapeKeepsTheCursorOnItsPage();
    void newShapeBringsTheSelectionIntoView();
    void selectionIsShownWithItsFamily();
    void zoomStepsAndFit();
    void overviewJumps();
    void litPathMarksItsNodes();
    void emptyShapeIsFine();

private:
    [[nodiscard]] TreeShape shapeOf(const TreeShapeRequest& request) const {
        return buildTreeShape(m_census->file(), *m_census, request);
    }
    [[nodiscard]] const TreeShape::Node& node(int index) const {
        return m_view->shape().nodes[static_cast<std::size_t>(index)];
    }
    void press(int key) { QTest::keyClick(m_view.get(), static_cast<Qt::Key>(key)); }
    void click(const QPointF& point) {
        QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, point.toPoint());
    }

    std::shared_ptr<const Census> m_census;
    BucketIndex m_books = kNoBucket;
    std::unique_ptr<SelectionHub> m_hub;
    std::unique_ptr<TreeView> m_view;
};

void TestTreeView::initTestCase() {
    const auto file = test::openSample("library.db");
    QVERIFY(file);
    m_census = test::censusOf(file);
    QVERIFY(m_census);
    for (BucketIndex bucket = 0; bucket < m_census->bucketCount(); ++bucket) {
        if (m_census->bucket(bucket).name == "books") {
            m_books = bucket;
        }
    }
    QVERIFY(m_books != kNoBucket);
}

void TestTreeView::init() {
    m_hub = std::make_unique<SelectionHub>();
    m_view = std::make_unique<TreeView>(m_hub.get());
    m_view->resize(800, 360);
    TreeShapeRequest request;
    request.bucket = m_books;
    m_view->setShape(shapeOf(request));
    m_view->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    m_view->activateWindow();
    m_view->setFocus();
}

void TestTreeView::cleanup() {
    m_view.reset();
    m_hub.reset();
}

void TestTreeView::drawsThePagesOfTheBucket() {
    const BucketInfo books = m_census->bucket(m_books);
    QCOMPARE(node(0).page, books.root);
    quint64 leaves = 0;
    quint64 branches = 0;
    for (const TreeShape::Node& drawn : m_view->shape().nodes) {
        leaves += drawn.kind == PageKind::Leaf ? 1 : 0;
        leaves += drawn.hiddenLeaves;
        branches += drawn.kind == PageKind::Branch ? 1 : 0;
        QCOMPARE(drawn.kind, m_census->row(drawn.page).kind);
    }
    QCOMPARE(leaves, books.leafPages);
    QCOMPARE(branches, books.branchPages);
    QVERIFY(m_view->viewport()->rect().contains(m_view->nodeRect(0).toRect()));
}

void TestTreeView::arrowsWalkAlongTheTree() {
    QCOMPARE(m_view->cursorNode(), 0);
    press(Qt::Key_Down);
    const int child = m_view->cursorNode();
    QCOMPARE(node(child).parent, 0);
    QCOMPARE(m_census->row(node(child).page).parent, node(0).page.value);
    QCOMPARE(m_hub->hover().page, node(child).page);
    press(Qt::Key_Right);
    QCOMPARE(node(m_view->cursorNode()).parent, 0);
    QVERIFY(m_view->cursorNode() != child);
    press(Qt::Key_Left);
    QCOMPARE(m_view->cursorNode(), child);
    press(Qt::Key_Up);
    QCOMPARE(m_view->cursorNode(), 0);
    press(Qt::Key_Up); // no parent: stays
    QCOMPARE(m_view->cursorNode(), 0);
    QVERIFY(m_hub->selection().isEmpty());
}

void TestTreeView::sideStepsAcrossParentsAreExplained() {
    press(Qt::Key_Down);
    press(Qt::Key_Down);
    int steps = 0;
    const int parent = node(m_view->cursorNode()).parent;
    while (node(m_view->cursorNode()).parent == parent && steps < 1000) {
        QVERIFY(m_view->note().isEmpty());
        press(Qt::Key_Right);
        ++steps;
    }
    QVERIFY(node(m_view->cursorNode()).parent != parent);
    QVERIFY(!m_view->note().isEmpty());
    press(Qt::Key_Right);
    QVERIFY(m_view->note().isEmpty());
}

void TestTreeView::homeAndEndAreTheOutermostLeaves() {
    press(Qt::Key_End);
    QCOMPARE(m_view->cursorNode(), m_view->treeLayout().lastLeaf());
    QVERIFY(m_view->viewport()->rect().contains(m_view->nodeRect(m_view->cursorNode()).toRect()));
    press(Qt::Key_Home);
    QCOMPARE(m_view->cursorNode(), m_view->treeLayout().firstLeaf());
    QVERIFY(m_view->viewport()->rect().contains(m_view->nodeRect(m_view->cursorNode()).toRect()));
}

void TestTreeView::clickSelectsAndDragPans() {
    click(m_view->nodeRect(0).center());
    QCOMPARE(m_hub->selection().page, node(0).page);
    QCOMPARE(m_view->selectedNode(), 0);
    m_hub->clear();
    QVERIFY(m_view->horizontalScrollBar()->maximum() > 0);
    const int before = m_view->horizontalScrollBar()->value();
    const QPoint start = m_view->nodeRect(0).center().toPoint();
    const QPoint end = start - QPoint(60, 0);
    QTest::mousePress(m_view->viewport(), Qt::LeftButton, {}, start);
    QMouseEvent move(QEvent::MouseMove, end, m_view->viewport()->mapToGlobal(end), Qt::NoButton,
                     Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(m_view->viewport(), &move);
    QTest::mouseRelease(m_view->viewport(), Qt::LeftButton, {}, end);
    QCOMPARE(m_view->horizontalScrollBar()->value(), before + 60);
    QVERIFY(m_hub->selection().isEmpty()); // a drag is no click
}

void TestTreeView::hoverIsShared() {
    QTest::mouseMove(m_view->viewport(), m_view->nodeRect(0).center().toPoint());
    QTRY_COMPARE(m_hub->hover().page, node(0).page);
    QTest::mouseMove(m_view->viewport(), QPoint(3, m_view->viewport()->height() - 3));
    QTRY_VERIFY(m_hub->hover().isEmpty());
}

void TestTreeView::selectionElsewhereMovesTheCursor() {
    const int last = m_view->treeLayout().lastLeaf();
    m_hub->selectPage(node(last).page);
    QCOMPARE(m_view->selectedNode(), last);
    QCOMPARE(m_view->cursorNode(), last);
    QVERIFY(m_view->viewport()->rect().contains(m_view->nodeRect(last).toRect()));
    m_hub->selectPage(PageId{0}); // a meta page is in no tree
    QCOMPARE(m_view->selectedNode(), -1);
    QCOMPARE(m_view->cursorNode(), last);
}

void TestTreeView::enterLocksThenFollows() {
    QSignalSpy followed(m_view.get(), &TreeView::followRequested);
    press(Qt::Key_Return);
    QCOMPARE(m_hub->selection().page, node(0).page);
    QCOMPARE(followed.size(), 0);
    press(Qt::Key_Return);
    QCOMPARE(followed.size(), 1);
    QCOMPARE(followed[0][0].value<PageId>(), node(0).page);
}

void TestTreeView::stubsAndDownAskToUnfold() {
    TreeShapeRequest request;
    request.bucket = m_books;
    request.collapsed = {m_census->bucket(m_books).root};
    m_view->setShape(shapeOf(request));
    QCOMPARE(m_view->shape().nodes.size(), std::size_t{1});
    QCOMPARE(node(0).hiddenLeaves, m_census->bucket(m_books).leafPages);
    QSignalSpy unfold(m_view.get(), &TreeView::expandRequested);
    click(m_view->stubRect(0).center());
    QCOMPARE(unfold.size(), 1);
    QCOMPARE(unfold[0][0].value<PageId>(), node(0).page);
    QVERIFY(m_hub->selection().isEmpty());
    press(Qt::Key_Down);
    QCOMPARE(unfold.size(), 2);
    QTest::mouseDClick(m_view->viewport(), Qt::LeftButton, {},
                       m_view->nodeRect(0).center().toPoint());
    QCOMPARE(unfold.size(), 3);
}

void TestTreeView::doubleClickAndBackspaceAskToFold() {
    QSignalSpy fold(m_view.get(), &TreeView::collapseRequested);
    QTest::mouseDClick(m_view->viewport(), Qt::LeftButton, {},
                       m_view->nodeRect(0).center().toPoint());
    QCOMPARE(fold.size(), 1);
    press(Qt::Key_Backspace);
    QCOMPARE(fold.size(), 2);
    QCOMPARE(fold[1][0].value<PageId>(), node(0).page);
}

void TestTreeView::newShapeKeepsTheCursorOnItsPage() {
    press(Qt::Key_Down);
    press(Qt::Key_Right);
    const PageId page = node(m_view->cursorNode()).page;
    TreeShapeRequest request;
    request.bucket = m_books;
    request.collapsed = {page};
    m_view->setShape(shapeOf(request));
    QCOMPARE(node(m_view->cursorNode()).page, page);
    QVERIFY(m_view->viewport()->rect().contains(m_view->nodeRect(m_view->cursorNode()).toRect()));
}

void TestTreeView::newShapeBringsTheSelectionIntoView() {
    // A page of another bucket is selected: this shape does not draw it, the next one does.
    m_view->resize(420, 150);
    const int last = m_view->treeLayout().lastLeaf();
    const PageId leaf = node(last).page;
    TreeShapeRequest other;
    other.bucket = 0;
    m_view->setShape(shapeOf(other));
    m_view->setShape({});
    m_hub->selectPage(leaf);
    QCOMPARE(m_view->selectedNode(), -1);
    TreeShapeRequest request;
    request.bucket = m_books;
    request.path = m_census->pathTo(leaf);
    m_view->setShape(shapeOf(request));
    QVERIFY(m_view->selectedNode() >= 0);
    QCOMPARE(m_view->cursorNode(), m_view->selectedNode());
    const QRect room = m_view->viewport()->rect();
    QVERIFY(room.contains(m_view->nodeRect(m_view->selectedNode()).toRect()));
    // Scrolled away and lit by a player's step, a page comes back as well.
    m_view->horizontalScrollBar()->setValue(0);
    m_view->setLitPath(request.path);
    m_view->setShape(shapeOf(request));
    QVERIFY(room.contains(m_view->nodeRect(m_view->selectedNode()).toRect()));
}

void TestTreeView::selectionIsShownWithItsFamily() {
    const int branch = m_view->treeLayout().parentOf(m_view->treeLayout().lastLeaf());
    QCOMPARE(node(branch).kind, PageKind::Branch);
    m_hub->selectPage(node(branch).page);
    const QRect room = m_view->viewport()->rect();
    QVERIFY(room.contains(m_view->nodeRect(branch).toRect()));
    int children = 0;
    for (int child = m_view->treeLayout().firstChild(branch); child >= 0;
         child = m_view->treeLayout().nextSibling(child)) {
        children += room.contains(m_view->nodeRect(child).toRect()) ? 1 : 0;
    }
    QVERIFY(children >= 3);
}

void TestTreeView::zoomStepsAndFit() {
    const qreal before = m_view->zoomScale();
    press(Qt::Key_Minus);
    QVERIFY(m_view->zoomScale() < before);
    press(Qt::Key_Plus);
    QCOMPARE(m_view->zoomScale(), before);
    press(Qt::Key_0);
    QCOMPARE(m_view->horizontalScrollBar()->maximum(), 0);
    QCOMPARE(m_view->verticalScrollBar()->maximum(), 0);
    const QRect room = m_view->viewport()->rect();
    for (int index = 0; index < m_view->treeLayout().nodeCount(); ++index) {
        QVERIFY(room.contains(m_view->nodeRect(index).toRect()));
    }
    const QPoint point = m_view->nodeRect(0).center().toPoint();
    QWheelEvent wheel(point, m_view->viewport()->mapToGlobal(point), {}, {0, 240}, Qt::NoButton,
                      Qt::ControlModifier, Qt::NoScrollPhase, false);
    const qreal fitted = m_view->zoomScale();
    QCoreApplication::sendEvent(m_view->viewport(), &wheel);
    QVERIFY(m_view->zoomScale() > fitted);
}

void TestTreeView::overviewJumps() {
    QRectF inset = m_view->overviewRect();
    QVERIFY(!inset.isEmpty());
    for (int node = 0; node < m_view->treeLayout().nodeCount(); ++node) {
        QVERIFY(!inset.intersects(m_view->nodeRect(node))); // it hides no page
    }
    click(QPointF(inset.right() - 5, inset.center().y()));
    const int last = m_view->treeLayout().lastLeaf();
    QVERIFY(QRectF(m_view->viewport()->rect()).intersects(m_view->nodeRect(last)));
    inset = m_view->overviewRect(); // it may stand in another corner now
    QVERIFY(!inset.isEmpty());
    click(QPointF(inset.left() + 5, inset.center().y()));
    QVERIFY(!QRectF(m_view->viewport()->rect()).intersects(m_view->nodeRect(last)));
    QVERIFY(m_hub->selection().isEmpty());
}

void TestTreeView::litPathMarksItsNodes() {
    const int leaf = m_view->treeLayout().lastLeaf();
    const std::vector<PageId> path = m_census->pathTo(node(leaf).page);
    m_view->setLitPath(path);
    for (const TreeShape::Node& drawn : m_view->shape().nodes) {
        QCOMPARE(drawn.isOnPath, std::find(path.begin(), path.end(), drawn.page) != path.end());
    }
    QVERIFY(node(leaf).isOnPath);
    QVERIFY(m_view->viewport()->rect().contains(m_view->nodeRect(leaf).toRect()));
    m_view->setLitPath(std::nullopt);
    QVERIFY(!node(leaf).isOnPath);
}

void TestTreeView::emptyShapeIsFine() {
    m_view->setShape({});
    QCOMPARE(m_view->cursorNode(), -1);
    for (const int key : {Qt::Key_Down, Qt::Key_Home, Qt::Key_Return, Qt::Key_Plus, Qt::Key_0}) {
        press(key);
    }
    click(QPointF(50, 50));
    QVERIFY(m_view->overviewRect().isEmpty());
    QVERIFY(!m_view->grab().isNull());
}

QTEST_MAIN(TestTreeView)
#include "tst_tree_view.moc"
