// SPDX-License-Identifier: MIT
// What a screen reader gets from the canvases: names, roles, places, events.
#include "models/tree_shape_builder.h"
#include "sample_files.h"
#include "state/selection_hub.h"
#include "units/english_plurals.h"
#include "views/a11y.h"
#include "views/page_map_accessible.h"
#include "views/page_text.h"
#include "views/tree_accessible.h"

#include <QAccessible>
#include <QtTest>

using namespace pagescape;
using namespace pagescape::gui;

class TestA11y : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();

    void mapIsATable();
    void cellsSayWhatTheCensusKnows();
    void cellsKnowTheirPlace();
    void cellsAreMadeOnDemandAndCapped();
    void pressingACellSelectsIt();
    void cursorAndSelectionSendEvents();
    void cellsOutliveTheirView();
    void treeIsATreeOfPages();
    void treeItemsUnfoldAndSelect();
    void treeCursorSendsEvents();
    void announcingNamesTheAlert();

private:
    [[nodiscard]] QAccessibleInterface* map() {
        return QAccessible::queryAccessibleInterface(m_view.get());
    }

    EnglishPlurals m_plurals;
    std::shared_ptr<const Census> m_census;
    std::unique_ptr<SelectionHub> m_hub;
    std::unique_ptr<PageMapView> m_view;
    std::vector<a11y::Event> m_events;
};

void TestA11y::initTestCase() {
    QCoreApplication::installTranslator(&m_plurals);
    const auto file = test::openSample("library.db");
    QVERIFY(file);
    m_census = test::censusOf(file);
    QVERIFY(m_census);
}

void TestA11y::init() {
    m_hub = std::make_unique<SelectionHub>();
    m_view = std::make_unique<PageMapView>(m_hub.get());
    m_view->resize(700, 400);
    m_view->setCensus(m_census);
    m_view->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    m_events.clear();
    a11y::setSink([this](const a11y::Event& event) { m_events.push_back(event); });
}

void TestA11y::cleanup() {
    a11y::setSink(nullptr);
    m_view.reset();
    m_hub.reset();
}

void TestA11y::mapIsATable() {
    QVERIFY(map());
    QCOMPARE(map()->role(), QAccessible::Table);
    QVERIFY(!map()->text(QAccessible::Name).isEmpty());
    QCOMPARE(map()->childCount(), int(m_census->pageCount()));
    QAccessibleTableInterface* table = map()->tableInterface();
    QVERIFY(table);
    const int perRow = int(m_view->mapLayout().pagesPerRow());
    QCOMPARE(table->columnCount(), perRow);
    QCOMPARE(table->rowCount(), (int(m_census->pageCount()) + perRow - 1) / perRow);
    QCOMPARE(table->cellAt(1, 2), map()->child(perRow + 2));
    QCOMPARE(table->rowDescription(1),
             QStringLiteral("pages %1 to %2").arg(perRow).arg(2 * perRow - 1));
    QCOMPARE(table->cellAt(table->rowCount(), 0), nullptr);
    QCOMPARE(map()->child(-1), nullptr);
}

void TestA11y::cellsSayWhatTheCensusKnows() {
    for (quint64 id = 0; id < m_census->pageCount(); ++id) {
        const PageRow row = m_census->row(PageId{id});
        const QString name = map()->child(int(id))->text(QAccessible::Name);
        QVERIFY2(name.startsWith(QStringLiteral("page %1, ").arg(id)), qPrintable(name));
        if (row.kind == PageKind::Leaf) {
            const QString keys = row.count == 1 ? QStringLiteral(", 1 key, ")
                                                : QStringLiteral(", %1 keys, ").arg(row.count);
            QVERIFY2(name.contains(keys), qPrintable(name));
            QVERIFY2(name.contains(QStringLiteral("%1 percent full").arg(fillPercent(row.fill))),
                     qPrintable(name));
            const BucketInfo owner = m_census->bucket(row.bucket);
            if (owner.level == 1) {
                QVERIFY2(name.contains(
                             QStringLiteral("bucket %1").arg(QString::fromStdString(owner.name))),
                         qPrintable(name));
            }
        }
    }
    const QString description = map()->child(0)->text(QAccessible::Description);
    QCOMPARE(description, lifeSentence(m_census->row(PageId{0}).life));
}

void TestA11y::cellsKnowTheirPlace() {
    QAccessibleInterface* cell = map()->child(17);
    QVERIFY(cell && cell->isValid());
    QCOMPARE(cell->role(), QAccessible::Cell);
    QCOMPARE(cell->parent(), map());
    QCOMPARE(map()->indexOfChild(cell), 17);
    const QPoint middle = m_view->viewport()->mapToGlobal(m_view->pageRect(PageId{17}).center());
    QVERIFY(cell->rect().contains(middle));
    QCOMPARE(map()->childAt(middle.x(), middle.y()), cell);
    const int perRow = int(m_view->mapLayout().pagesPerRow());
    QCOMPARE(cell->tableCellInterface()->rowIndex(), 17 / perRow);
    QCOMPARE(cell->tableCellInterface()->columnIndex(), 17 % perRow);
}

void TestA11y::cellsAreMadeOnDemandAndCapped() {
    auto* table = dynamic_cast<AccessiblePageMap*>(map());
    QVERIFY(table);
    QCOMPARE(table->cellCount(), std::size_t{0});
    QAccessibleInterface* cell = table->child(3);
    QCOMPARE(table->child(3), cell);
    QCOMPARE(table->cellCount(), std::size_t{1});
    for (quint64 id = 0; id < m_census->pageCount(); ++id) {
        QVERIFY(table->child(int(id)));
    }
    QVERIFY(table->cellCount() <= AccessibleItems::kMost);
}

void TestA11y::pressingACellSelectsIt() {
    QAccessibleInterface* cell = map()->child(12);
    QVERIFY(!cell->state().selected);
    cell->actionInterface()->doAction(QAccessibleActionInterface::pressAction());
    QCOMPARE(m_hub->selection().page, runStart(*m_census, PageId{12}));
    QVERIFY(cell->state().selected);
    QVERIFY(map()->tableInterface()->selectedCells().contains(cell));
}

void TestA11y::cursorAndSelectionSendEvents() {
    QTest::keyClick(m_view.get(), Qt::Key_Right);
    QVERIFY(!m_events.empty());
    QCOMPARE(m_events.back().object, m_view.get());
    QCOMPARE(m_events.back().type, QAccessible::Focus);
    QCOMPARE(m_events.back().child, 1);
    QCOMPARE(m_events.back().name, pageSentence(*m_census, PageId{1}));
    QTest::keyClick(m_view.get(), Qt::Key_Space);
    QCOMPARE(m_events.back().type, QAccessible::Selection);
    QCOMPARE(m_events.back().child, 1);
}

void TestA11y::cellsOutliveTheirView() {
    AccessiblePageCell cell(m_view.get(), PageId{4});
    QVERIFY(cell.isValid());
    m_view.reset();
    QVERIFY(!cell.isValid());
    QVERIFY(cell.text(QAccessible::Name).isEmpty());
    QVERIFY(cell.rect().isEmpty());
    QVERIFY(cell.state().invalid);
}

void TestA11y::treeIsATreeOfPages() {
    TreeView view(m_hub.get());
    view.resize(700, 400);
    TreeShapeRequest request;
    view.setShape(buildTreeShape(m_census->file(), *m_census, request));
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    QAccessibleInterface* tree = QAccessible::queryAccessibleInterface(&view);
    QVERIFY(tree);
    QCOMPARE(tree->role(), QAccessible::Tree);
    QCOMPARE(tree->childCount(), int(view.shape().nodes.size()));
    QAccessibleInterface* root = tree->child(0);
    QCOMPARE(root->role(), QAccessible::TreeItem);
    const QString name = root->text(QAccessible::Name);
    QVERIFY2(name.startsWith(QStringLiteral("page %1, ").arg(view.shape().nodes[0].page.value)),
             qPrintable(name));
    QVERIFY2(name.contains(QStringLiteral("root of the root bucket")), qPrintable(name));
    QVERIFY(root->text(QAccessible::Description).startsWith(QStringLiteral("level 1")));
    const QPoint middle = view.viewport()->mapToGlobal(view.nodeRect(0).center().toPoint());
    QCOMPARE(tree->childAt(middle.x(), middle.y()), root);
    QCOMPARE(tree->indexOfChild(root), 0);
    view.setShape({});
    QCOMPARE(tree->childCount(), 0);
    QCOMPARE(tree->child(0), nullptr);
}

void TestA11y::treeItemsUnfoldAndSelect() {
    TreeView view(m_hub.get());
    view.resize(700, 400);
    TreeShapeRequest request;
    view.setShape(buildTreeShape(m_census->file(), *m_census, request));
    QAccessibleInterface* root = QAccessible::queryAccessibleInterface(&view)->child(0);
    root->actionInterface()->doAction(QAccessibleActionInterface::pressAction());
    QCOMPARE(m_hub->selection().page, view.shape().nodes[0].page);
    QVERIFY(root->state().selected);
    QSignalSpy folds(&view, &TreeView::collapseRequested);
    QSignalSpy unfolds(&view, &TreeView::expandRequested);
    QCOMPARE(root->actionInterface()->actionNames().size(), 2);
    root->actionInterface()->doAction(QAccessibleActionInterface::toggleAction());
    QCOMPARE(folds.size() + unfolds.size(), 1);
}

void TestA11y::treeCursorSendsEvents() {
    TreeView view(m_hub.get());
    view.resize(700, 400);
    TreeShapeRequest request;
    view.setShape(buildTreeShape(m_census->file(), *m_census, request));
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    m_events.clear();
    QTest::keyClick(&view, Qt::Key_Down);
    QVERIFY(!m_events.empty());
    QCOMPARE(m_events.back().object, &view);
    QCOMPARE(m_events.back().type, QAccessible::Focus);
    QCOMPARE(m_events.back().child, view.cursorNode());
    QCOMPARE(m_events.back().name,
             nodeSentence(view.shape().nodes[static_cast<std::size_t>(view.cursorNode())]));
}

void TestA11y::announcingNamesTheAlert() {
    QWidget widget;
    a11y::announce(&widget, QStringLiteral("Step 7 of 23"));
    QCOMPARE(m_events.size(), std::size_t{1});
    QCOMPARE(m_events[0].type, QAccessible::Alert);
    QCOMPARE(m_events[0].name, QStringLiteral("Step 7 of 23"));
}

QTEST_MAIN(TestA11y)
#include "tst_a11y.moc"
