// SPDX-License-Identifier: MIT
// The page map as a widget: real mouse and key events on real files, compared with the census.
#include "sample_files.h"
#include "state/selection_hub.h"
#include "units/english_plurals.h"
#include "views/page_map_view.h"
#include "views/page_text.h"

#include <QElapsedTimer>
#include <QHelpEvent>
#include <QScrollBar>
#include <QSignalSpy>
#include <QToolTip>
#include <QtTest>

using namespace pagescape;
using namespace pagescape::gui;

class TestPageMapView : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();

    void clickSelectsThePage();
    void clickOnAContinuationSelectsItsRun();
    void hoverGoesToTheHubAndEndsOutside();
    void ctrlHoldsTheHoverStill();
    void toolTipTellsWhatTheCensusKnows();
    void toolTipIsQuick();
    void arrowKeysMoveTheCursor();
    void homeAndEndStayInTheRow();
    void enterLocksThenFollows();
    void spaceLocks();
    void digitsChooseLenses();
    void lettersCanBeSwitchedOff();
    void classKeysAreHandedOn();
    void plusMinusZeroZoom();
    void ctrlWheelKeepsThePageUnderThePointer();
    void startsWithTheWholeFileInSight();
    void rowLengthIsAChoice();
    void selectionElsewhereScrollsHere();
    void cursorStaysInSightWhenTheWindowShrinks();
    void overviewJumps();
    void litPathDimsTheRest();
    void isolatingChangesThePicture();
    void picturesDifferByLensAndTheme();
    void hoverRepaintsOnlyItsCell();
    void asksForMiniaturesWhenCellsAreLarge();
    void refreshMergesManyCalls();
    void dropsThePictureOfAnotherFile();
    void survivesAnEmptyView();

private:
    [[nodiscard]] PageId firstOf(PageKind kind) const;
    void press(int key, Qt::KeyboardModifiers modifiers = Qt::NoModifier);
    [[nodiscard]] QImage picture();

    EnglishPlurals m_plurals;
    std::shared_ptr<const Census> m_census;
    std::unique_ptr<SelectionHub> m_hub;
    std::unique_ptr<PageMapView> m_view;
};

void TestPageMapView::initTestCase() {
    QCoreApplication::installTranslator(&m_plurals);
    const auto file = test::openSample("library.db");
    QVERIFY(file);
    m_census = test::censusOf(file);
    QVERIFY(m_census);
}

void TestPageMapView::init() {
    m_hub = std::make_unique<SelectionHub>();
    m_view = std::make_unique<PageMapView>(m_hub.get());
    m_view->resize(700, 400);
    m_view->setCensus(m_census);
    m_view->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    m_view->activateWindow();
    m_view->setFocus();
    QTRY_VERIFY(m_view->image());
}

void TestPageMapView::cleanup() {
    m_view.reset();
    m_hub.reset();
}

PageId TestPageMapView::firstOf(PageKind kind) const {
    for (quint64 id = 0; id < m_census->pageCount(); ++id) {
        if (m_census->row(PageId{id}).kind == kind) {
            return PageId{id};
        }
    }
    return PageId{m_census->pageCount()};
}

void TestPageMapView::press(int key, Qt::KeyboardModifiers modifiers) {
    QTest::keyClick(m_view.get(), static_cast<Qt::Key>(key), modifiers);
}

QImage TestPageMapView::picture() {
    return m_view->viewport()->grab().toImage();
}

void TestPageMapView::clickSelectsThePage() {
    const PageId leaf = firstOf(PageKind::Leaf);
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, m_view->pageRect(leaf).center());
    QCOMPARE(m_hub->selection().page, leaf);
    QCOMPARE(m_view->cursorPage(), leaf);
    QCOMPARE(m_view->selectedRun(), (PageRange{leaf.value, leaf.value + 1}));
}

void TestPageMapView::clickOnAContinuationSelectsItsRun() {
    const PageId continuation = firstOf(PageKind::Overflow);
    const PageRow row = m_census->row(continuation);
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {},
                      m_view->pageRect(continuation).center());
    QCOMPARE(m_hub->selection().page, PageId{row.parent});
    QCOMPARE(m_view->cursorPage(), continuation);
    const PageRow first = m_census->row(PageId{row.parent});
    QCOMPARE(m_view->selectedRun(), (PageRange{row.parent, row.parent + 1 + first.overflow}));
}

void TestPageMapView::hoverGoesToTheHubAndEndsOutside() {
    QSignalSpy hovered(m_hub.get(), &SelectionHub::hoverChanged);
    QTest::mouseMove(m_view->viewport(), m_view->pageRect(PageId{5}).center());
    QTRY_COMPARE(m_hub->hover().page, PageId{5});
    QVERIFY(m_hub->selection().isEmpty());
    QTest::mouseMove(m_view->viewport(), QPoint(2, m_view->viewport()->height() - 2)); // the gutter
    QTRY_VERIFY(m_hub->hover().isEmpty());
    QCOMPARE(hovered.size(), 2);
}

void TestPageMapView::ctrlHoldsTheHoverStill() {
    QTest::mouseMove(m_view->viewport(), m_view->pageRect(PageId{5}).center());
    QTRY_COMPARE(m_hub->hover().page, PageId{5});
    const QPoint elsewhere = m_view->pageRect(PageId{9}).center();
    QMouseEvent move(QEvent::MouseMove, elsewhere, m_view->viewport()->mapToGlobal(elsewhere),
                     Qt::NoButton, Qt::NoButton, Qt::ControlModifier);
    QCoreApplication::sendEvent(m_view->viewport(), &move);
    QCOMPARE(m_hub->hover().page, PageId{5});
}

void TestPageMapView::toolTipTellsWhatTheCensusKnows() {
    const PageId leaf = firstOf(PageKind::Overflow);
    const PageId run{m_census->row(leaf).parent};
    const PageRow row = m_census->row(run);
    const QPoint point = m_view->pageRect(run).center();
    QHelpEvent help(QEvent::ToolTip, point, m_view->viewport()->mapToGlobal(point));
    QCoreApplication::sendEvent(m_view->viewport(), &help);
    const QString text = QToolTip::text();
    QVERIFY2(text.contains(QStringLiteral("page %1").arg(run.value)), qPrintable(text));
    QVERIFY2(text.contains(QStringLiteral("bucket excerpts")), qPrintable(text));
    QVERIFY2(text.contains(QStringLiteral("depth %1").arg(row.depth)), qPrintable(text));
    QVERIFY2(text.contains(QStringLiteral("%1 keys").arg(row.count)), qPrintable(text));
    QVERIFY2(text.contains(QStringLiteral("%1 % full").arg(fillPercent(row.fill))),
             qPrintable(text));
    QVERIFY2(text.contains(QStringLiteral("%1 overflow pages").arg(row.overflow)),
             qPrintable(text));
    QCOMPARE(text, pageToolTip(*m_census, run));
    QToolTip::hideText();
}

void TestPageMapView::toolTipIsQuick() {
    QElapsedTimer clock;
    clock.start();
    qsizetype letters = 0;
    for (quint64 id = 0; id < m_census->pageCount(); ++id) {
        letters += pageToolTip(*m_census, PageId{id}).size();
    }
    const double each = double(clock.nsecsElapsed()) / 1e6 / double(m_census->pageCount());
    QVERIFY(letters > 0);
    QVERIFY2(each < 5, qPrintable(QStringLiteral("%1 ms a text").arg(each)));
}

void TestPageMapView::arrowKeysMoveTheCursor() {
    const quint64 perRow = m_view->mapLayout().pagesPerRow();
    press(Qt::Key_Right);
    QCOMPARE(m_view->cursorPage(), PageId{1});
    QCOMPARE(m_hub->hover().page, PageId{1}); // moving the cursor is the hover of the keyboard
    press(Qt::Key_Down);
    QCOMPARE(m_view->cursorPage(), PageId{1 + perRow});
    press(Qt::Key_Left);
    press(Qt::Key_Left); // wraps into the row above, as page ids do
    QCOMPARE(m_view->cursorPage(), PageId{perRow - 1});
    press(Qt::Key_Up); // no row above: stays
    QCOMPARE(m_view->cursorPage(), PageId{perRow - 1});
    QVERIFY(m_hub->selection().isEmpty());
}

void TestPageMapView::homeAndEndStayInTheRow() {
    const quint64 perRow = m_view->mapLayout().pagesPerRow();
    press(Qt::Key_Down);
    press(Qt::Key_Right);
    press(Qt::Key_Home);
    QCOMPARE(m_view->cursorPage(), PageId{perRow});
    press(Qt::Key_End);
    QCOMPARE(m_view->cursorPage(), PageId{2 * perRow - 1});
    press(Qt::Key_End, Qt::ControlModifier);
    QCOMPARE(m_view->cursorPage(), PageId{m_census->pageCount() - 1});
    press(Qt::Key_Home, Qt::ControlModifier);
    QCOMPARE(m_view->cursorPage(), PageId{0});
    m_view->setZoom(kZoomStepCount - 1);
    press(Qt::Key_PageDown);
    QVERIFY(m_view->cursorPage() > PageId{0});
    QVERIFY(m_view->viewport()->rect().contains(m_view->pageRect(m_view->cursorPage())));
}

void TestPageMapView::enterLocksThenFollows() {
    QSignalSpy followed(m_view.get(), &PageMapView::followRequested);
    m_view->moveCursorTo(firstOf(PageKind::Branch));
    press(Qt::Key_Return);
    QCOMPARE(m_hub->selection().page, firstOf(PageKind::Branch));
    QCOMPARE(followed.size(), 0);
    press(Qt::Key_Return);
    QCOMPARE(followed.size(), 1);
    QCOMPARE(followed[0][0].value<PageId>(), firstOf(PageKind::Branch));
}

void TestPageMapView::spaceLocks() {
    press(Qt::Key_Right);
    press(Qt::Key_Space);
    QCOMPARE(m_hub->selection().page, PageId{1});
}

void TestPageMapView::digitsChooseLenses() {
    QSignalSpy changed(m_view.get(), &PageMapView::lensChanged);
    const int lenses = int(kLenses.size());
    for (int index = lenses - 1; index >= 0; --index) {
        press(Qt::Key_1 + index);
        QCOMPARE(m_view->lens(), kLenses[static_cast<std::size_t>(index)]);
    }
    QCOMPARE(changed.size(), lenses);
    QTRY_VERIFY(m_view->isUpToDate());
    QCOMPARE(m_view->image()->lens(), Lens::Type); // results of the others were dropped
}

void TestPageMapView::lettersCanBeSwitchedOff() {
    m_view->setSingleKeysEnabled(false);
    press(Qt::Key_3);
    QCOMPARE(m_view->lens(), Lens::Type);
    press(Qt::Key_Right); // arrows are no letters
    QCOMPARE(m_view->cursorPage(), PageId{1});
}

void TestPageMapView::classKeysAreHandedOn() {
    QSignalSpy next(m_view.get(), &PageMapView::nextClassRequested);
    QSignalSpy all(m_view.get(), &PageMapView::allClassesRequested);
    press(Qt::Key_L);
    QCOMPARE(next.size(), 1);
    press(Qt::Key_L, Qt::ShiftModifier);
    QCOMPARE(all.size(), 1);
}

void TestPageMapView::plusMinusZeroZoom() {
    QVERIFY(m_view->isFitting());
    const int fitted = m_view->zoom();
    press(Qt::Key_Minus);
    QCOMPARE(m_view->zoom(), fitted - 1);
    QVERIFY(!m_view->isFitting());
    press(Qt::Key_Plus);
    press(Qt::Key_Plus);
    QCOMPARE(m_view->zoom(), fitted + 1);
    press(Qt::Key_0);
    QVERIFY(m_view->isFitting());
    QCOMPARE(m_view->zoom(), fitted);
}

void TestPageMapView::ctrlWheelKeepsThePageUnderThePointer() {
    m_view->resize(300, 200);
    m_view->setRowLength(16);
    m_view->setZoom(kZoomStepCount - 3);
    m_view->centerOnPage(PageId{72});
    const QPoint point = m_view->pageRect(PageId{72}).center();
    const int before = m_view->zoom();
    QWheelEvent wheel(point, m_view->viewport()->mapToGlobal(point), {}, {0, 120}, Qt::NoButton,
                      Qt::ControlModifier, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(m_view->viewport(), &wheel);
    QCOMPARE(m_view->zoom(), before + 1);
    QCOMPARE(m_view->pageAt(point), PageId{72});
}

void TestPageMapView::startsWithTheWholeFileInSight() {
    QVERIFY(m_view->isFitting());
    QVERIFY(m_view->mapLayout().isAllVisible());
    QVERIFY(m_view->overviewRect().isEmpty());
    const QRect last = m_view->pageRect(PageId{m_census->pageCount() - 1});
    QVERIFY(m_view->viewport()->rect().contains(last));
    m_view->resize(320, 200);
    QVERIFY(m_view->mapLayout().isAllVisible());
}

void TestPageMapView::rowLengthIsAChoice() {
    QSignalSpy changed(m_view.get(), &PageMapView::rowLengthChanged);
    m_view->setRowLength(32);
    QCOMPARE(changed.size(), 1);
    QCOMPARE(m_view->mapLayout().pagesPerRow(), quint64{32});
    QCOMPARE(m_view->pageRect(PageId{32}).left(), m_view->pageRect(PageId{0}).left());
}

void TestPageMapView::selectionElsewhereScrollsHere() {
    m_view->setZoom(kZoomStepCount - 1);
    const PageId last{m_census->pageCount() - 1};
    QVERIFY(!m_view->viewport()->rect().intersects(m_view->pageRect(last)));
    m_hub->selectPage(last);
    QVERIFY(m_view->viewport()->rect().contains(m_view->pageRect(last)));
    QCOMPARE(m_view->cursorPage(), last);
}

void TestPageMapView::cursorStaysInSightWhenTheWindowShrinks() {
    m_view->setZoom(kZoomStepCount - 1);
    m_view->moveCursorTo(m_view->mapLayout().moved(PageId{0}, 0, 4));
    const QPoint low = m_view->pageRect(m_view->cursorPage()).bottomLeft();
    m_view->resize(m_view->width(), low.y() - 10);
    QVERIFY(m_view->viewport()->rect().contains(m_view->pageRect(m_view->cursorPage())));
}

void TestPageMapView::overviewJumps() {
    m_view->setZoom(kZoomStepCount - 1);
    const QRectF inset = m_view->overviewRect();
    QVERIFY(!inset.isEmpty());
    QCOMPARE(m_view->verticalScrollBar()->value(), 0);
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {},
                      QPoint(int(inset.center().x()), int(inset.bottom()) - 3));
    QVERIFY(m_view->verticalScrollBar()->value() > 0);
    QVERIFY(m_hub->selection().isEmpty()); // no page was clicked
}

void TestPageMapView::litPathDimsTheRest() {
    m_view->clearFocus(); // the cursor's frame reaches into neighbouring cells
    const QImage before = picture();
    const std::vector<PageId> path = m_census->pathTo(firstOf(PageKind::Leaf));
    QVERIFY(path.size() > 1);
    m_view->setLitPath(path);
    const QImage lit = picture();
    const QPoint onPath = m_view->pageRect(path.back()).topLeft() + QPoint(4, 4);
    PageId other = firstOf(PageKind::Leaf);
    while (m_census->row(other).kind != PageKind::Leaf ||
           std::find(path.begin(), path.end(), other) != path.end()) {
        ++other.value;
    }
    const QPoint offPath = m_view->pageRect(other).topLeft() + QPoint(4, 4);
    QCOMPARE(lit.pixelColor(onPath), before.pixelColor(onPath));
    QVERIFY(lit.pixelColor(offPath) != before.pixelColor(offPath));
    m_view->setLitPath(std::nullopt);
    QCOMPARE(picture(), before);
}

void TestPageMapView::isolatingChangesThePicture() {
    m_view->clearFocus(); // the cursor's frame reaches into neighbouring cells
    const QImage before = picture();
    ClassMask leaves;
    leaves.set(1 + static_cast<std::size_t>(PageClass::Leaf));
    m_view->setShownClasses(leaves);
    QTRY_VERIFY(m_view->isUpToDate());
    const QImage isolated = picture();
    const QPoint leaf = m_view->pageRect(firstOf(PageKind::Leaf)).topLeft() + QPoint(4, 4);
    const QPoint branch = m_view->pageRect(firstOf(PageKind::Branch)).topLeft() + QPoint(4, 4);
    QCOMPARE(isolated.pixelColor(leaf), before.pixelColor(leaf));
    QVERIFY(isolated.pixelColor(branch) != before.pixelColor(branch));
    m_view->setShownClasses(allClasses());
    QTRY_VERIFY(m_view->isUpToDate());
    QCOMPARE(picture(), before);
}

void TestPageMapView::picturesDifferByLensAndTheme() {
    const QImage type = picture();
    m_view->setLens(Lens::Owner);
    QTRY_COMPARE(m_view->image()->lens(), Lens::Owner);
    const QImage owner = picture();
    QVERIFY(owner != type);
    m_view->setTheme(Theme::dark());
    QVERIFY(picture() != owner);
    m_view->setTheme(Theme::light());
    QCOMPARE(picture(), owner);
}

void TestPageMapView::hoverRepaintsOnlyItsCell() {
    class Region final : public QObject {
    public:
        QRegion painted;
        bool eventFilter(QObject*, QEvent* event) override {
            if (event->type() == QEvent::Paint) {
                painted += static_cast<QPaintEvent*>(event)->region();
            }
            return false;
        }
    };
    m_view->viewport()->repaint(); // what is due is painted now
    Region region;
    m_view->viewport()->installEventFilter(&region);
    Place place;
    place.page = PageId{40};
    m_hub->setHover(place);
    QTRY_VERIFY(!region.painted.isEmpty());
    const QRect cell = m_view->pageRect(PageId{40});
    QVERIFY(region.painted.boundingRect().contains(cell));
    QVERIFY(region.painted.boundingRect().width() < cell.width() + 40);
    QVERIFY(region.painted.boundingRect().height() < cell.height() + 40);
}

void TestPageMapView::asksForMiniaturesWhenCellsAreLarge() {
    QSignalSpy wanted(m_view.get(), &PageMapView::miniaturesWanted);
    m_view->setZoom(kZoomStepCount - 2);
    QVERIFY(!picture().isNull());
    QCOMPARE(wanted.size(), 0);
    m_view->setZoom(kZoomStepCount - 1);
    const QImage without = picture();
    QCOMPARE(wanted.size(), 1);
    const auto pages = wanted[0][0].value<std::vector<PageId>>();
    QVERIFY(std::find(pages.begin(), pages.end(), PageId{0}) != pages.end());
    auto inspected = inspectPage(m_census->file(), pages.front());
    QVERIFY(inspected);
    m_view->addMiniature(std::make_shared<const InspectedPage>(std::move(*inspected)));
    const QImage with = picture();
    const QRect cell = m_view->pageRect(pages.front());
    QVERIFY(with.copy(cell) != without.copy(cell));
}

void TestPageMapView::refreshMergesManyCalls() {
    QSignalSpy changed(m_view.get(), &PageMapView::imageChanged);
    for (int call = 0; call < 1000; ++call) {
        m_view->refresh();
    }
    QTRY_VERIFY(m_view->isUpToDate());
    QVERIFY(changed.size() >= 1);
    QVERIFY2(changed.size() <= 3, qPrintable(QString::number(changed.size())));
}

void TestPageMapView::dropsThePictureOfAnotherFile() {
    const auto etcd = test::openSample("etcd.db");
    QVERIFY(etcd);
    const auto census = test::censusOf(etcd);
    QVERIFY(census);
    m_view->refresh(); // under way when the file changes
    m_view->setCensus(census);
    QVERIFY(!m_view->image());
    QTRY_VERIFY(m_view->image());
    QCOMPARE(m_view->image()->pageCount(), census->pageCount());
    QCOMPARE(m_view->mapLayout().spec().pageCount, census->pageCount());
}

void TestPageMapView::survivesAnEmptyView() {
    m_view->setCensus(nullptr);
    QVERIFY(!m_view->image());
    for (const int key :
         {Qt::Key_Right, Qt::Key_End, Qt::Key_PageDown, Qt::Key_Return, Qt::Key_1}) {
        press(key);
    }
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, QPoint(100, 100));
    QTest::mouseMove(m_view->viewport(), QPoint(110, 110));
    m_view->setZoom(3);
    m_view->zoomToFit();
    m_view->refresh();
    QVERIFY(!picture().isNull());
    QVERIFY(m_hub->selection().isEmpty());
}

QTEST_MAIN(TestPageMapView)
#include "tst_page_map_view.moc"
