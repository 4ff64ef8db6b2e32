// SPDX-License-Identifier: MIT
// The table twin of the page map: rows, selection both ways, sorting in the background.
#include "sample_files.h"
#include "state/selection_hub.h"
#include "views/page_table_view.h"

#include <QHeaderView>
#include <QSignalSpy>
#include <QtTest>

using namespace pagescape;
using namespace pagescape::gui;

class TestPageTableView : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();

    void takesItsRowsWhenItIsSeen();
    void rowAndSelectionAreOne();
    void keysWalkTheSelection();
    void sortingKeepsTheSelectedPage();
    void enterFollows();

private:
    std::shared_ptr<const Census> m_census;
    std::unique_ptr<SelectionHub> m_hub;
    std::unique_ptr<PageListModel> m_pages;
    std::unique_ptr<PageTableView> m_view;
};

void TestPageTableView::initTestCase() {
    const auto file = test::openSample("library.db");
    QVERIFY(file);
    m_census = test::censusOf(file);
    QVERIFY(m_census);
}

void TestPageTableView::init() {
    m_hub = std::make_unique<SelectionHub>();
    m_pages = std::make_unique<PageListModel>();
    m_pages->setCensus(m_census);
    m_view = std::make_unique<PageTableView>(m_hub.get());
    m_view->setPages(m_pages.get());
    m_view->resize(800, 300);
}

void TestPageTableView::cleanup() {
    m_view.reset();
    m_pages.reset();
    m_hub.reset();
}

void TestPageTableView::takesItsRowsWhenItIsSeen() {
    QVERIFY(!m_view->model());
    m_hub->selectPage(PageId{65});
    m_view->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    QCOMPARE(m_view->model(), m_pages.get());
    QCOMPARE(m_view->model()->rowCount(), int(m_census->pageCount()));
    QTRY_COMPARE(m_view->currentIndex().row(), 65);
    QVERIFY(m_view->viewport()->rect().intersects(m_view->visualRect(m_view->currentIndex())));
}

void TestPageTableView::rowAndSelectionAreOne() {
    m_view->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    m_view->setFocus();
    const QModelIndex fifth = m_pages->index(5, PageListModel::KindColumn);
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, m_view->visualRect(fifth).center());
    QCOMPARE(m_hub->selection().page, PageId{5});
    m_hub->selectPage(PageId{120});
    QCOMPARE(m_view->currentIndex().row(), 120);
}

void TestPageTableView::keysWalkTheSelection() {
    m_hub->selectPage(PageId{5});
    m_view->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    m_view->activateWindow();
    m_view->setFocus();
    QTRY_COMPARE(m_view->currentIndex().row(), 5);
    QTRY_VERIFY(m_view->hasFocus());
    QTest::keyClick(m_view.get(), Qt::Key_Down);
    QCOMPARE(m_hub->selection().page, PageId{6});
}

void TestPageTableView::sortingKeepsTheSelectedPage() {
    m_view->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    QTRY_VERIFY(!m_pages->isOrdering());
    m_hub->selectPage(PageId{65});
    QSignalSpy ordered(m_pages.get(), &PageListModel::ordered);
    m_view->sortByColumn(PageListModel::FillColumn, Qt::DescendingOrder);
    QTRY_VERIFY(!ordered.isEmpty());
    QTRY_VERIFY(!m_pages->isOrdering());
    QCOMPARE(m_pages->pageAt(m_view->currentIndex().row()), PageId{65});
    QCOMPARE(m_hub->selection().page, PageId{65});
    const quint8 fullest = m_census->fill(m_pages->pageAt(0));
    for (quint64 id = 0; id < m_census->pageCount(); ++id) {
        QVERIFY(m_census->fill(PageId{id}) <= fullest);
    }
}

void TestPageTableView::enterFollows() {
    m_hub->selectPage(PageId{76});
    m_view->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    QTRY_COMPARE(m_view->currentIndex().row(), 76);
    QSignalSpy followed(m_view.get(), &PageTableView::followRequested);
    QTest::keyClick(m_view.get(), Qt::Key_Return);
    QCOMPARE(followed.size(), 1);
    QCOMPARE(followed[0][0].value<PageId>(), PageId{76});
}

QTEST_MAIN(TestPageTableView)
#include "tst_page_table_view.moc"
