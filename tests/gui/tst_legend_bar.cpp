// SPDX-License-Identifier: MIT
// The legend: counts of the census, isolating with mouse and keys, wrapping.
#include "sample_files.h"
#include "state/selection_hub.h"
#include "units/english_plurals.h"
#include "views/legend_bar.h"
#include "views/map_panel.h"

#include <QComboBox>
#include <QSignalSpy>
#include <QtTest>

using namespace pagescape;
using namespace pagescape::gui;

namespace {

std::vector<LegendEntry> threeEntries() {
    const Theme theme = Theme::light();
    std::vector<LegendEntry> entries;
    for (const int lensClass : {1, 4, 6}) {
        LegendEntry entry;
        entry.lensClass = static_cast<LensClass>(lensClass);
        entry.name = lensClassName(Lens::Type, entry.lensClass);
        entry.pages = static_cast<quint64>(lensClass) * 10;
        entry.style = lensClassStyle(Lens::Type, entry.lensClass, theme);
        entries.push_back(entry);
    }
    return entries;
}

ClassMask maskOf(std::initializer_list<int> classes) {
    ClassMask mask;
    for (const int lensClass : classes) {
        mask.set(static_cast<std::size_t>(lensClass));
    }
    return mask;
}

LegendChip* chipOf(const LegendBar& bar, PageClass pageClass) {
    for (LegendChip* chip : bar.chips()) {
        if (chip->entry().lensClass == static_cast<LensClass>(static_cast<int>(pageClass) + 1)) {
            return chip;
        }
    }
    return nullptr;
}

} // namespace

class TestLegendBar : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QCoreApplication::installTranslator(&m_plurals); }
    void clickIsolatesAndClickAgainShowsAll();
    void shiftClickAddsAndTakesAway();
    void spaceIsolatesLikeAClick();
    void doubleClickAndEnterAskForTheList();
    void nextWalksThroughAllClasses();
    void dropsIsolationOfClassesThatVanish();
    void wrapsInANarrowWindow();
    void hidesTheManyBehindMore();
    void takesTwoRowsAtMost();
    void chipsNameCountAndShare();
    void countsAreTheCensus();
    void isolatesInTheMap();

private:
    EnglishPlurals m_plurals;
};

void TestLegendBar::clickIsolatesAndClickAgainShowsAll() {
    LegendBar bar;
    bar.setEntries(threeEntries(), 110);
    QCOMPARE(bar.shownClasses(), allClasses());
    QSignalSpy changed(&bar, &LegendBar::shownClassesChanged);
    QTest::mouseClick(bar.chips()[1], Qt::LeftButton);
    QCOMPARE(bar.shownClasses(), maskOf({4}));
    QVERIFY(bar.chips()[1]->isChecked());
    QVERIFY(!bar.chips()[0]->isChecked());
    QTest::mouseClick(bar.chips()[2], Qt::LeftButton);
    QCOMPARE(bar.shownClasses(), maskOf({6}));
    QTest::mouseClick(bar.chips()[2], Qt::LeftButton);
    QCOMPARE(bar.shownClasses(), allClasses());
    QVERIFY(!bar.chips()[2]->isChecked());
    QCOMPARE(changed.size(), 3);
}

void TestLegendBar::shiftClickAddsAndTakesAway() {
    LegendBar bar;
    bar.setEntries(threeEntries(), 110);
    QTest::mouseClick(bar.chips()[0], Qt::LeftButton);
    QTest::mouseClick(bar.chips()[2], Qt::LeftButton, Qt::ShiftModifier);
    QCOMPARE(bar.shownClasses(), maskOf({1, 6}));
    QTest::mouseClick(bar.chips()[0], Qt::LeftButton, Qt::ShiftModifier);
    QCOMPARE(bar.shownClasses(), maskOf({6}));
    QTest::mouseClick(bar.chips()[2], Qt::LeftButton, Qt::ShiftModifier);
    QCOMPARE(bar.shownClasses(), allClasses());
}

void TestLegendBar::spaceIsolatesLikeAClick() {
    LegendBar bar;
    bar.setEntries(threeEntries(), 110);
    QTest::keyClick(bar.chips()[1], Qt::Key_Space);
    QCOMPARE(bar.shownClasses(), maskOf({4}));
    QTest::keyClick(bar.chips()[0], Qt::Key_Space, Qt::ShiftModifier);
    QCOMPARE(bar.shownClasses(), maskOf({1, 4}));
}

void TestLegendBar::doubleClickAndEnterAskForTheList() {
    LegendBar bar;
    bar.setEntries(threeEntries(), 110);
    QSignalSpy asked(&bar, &LegendBar::listRequested);
    QTest::mouseDClick(bar.chips()[1], Qt::LeftButton);
    QTest::keyClick(bar.chips()[2], Qt::Key_Return);
    QCOMPARE(asked.size(), 2);
    QCOMPARE(asked[0][0].value<LensClass>(), LensClass{4});
    QCOMPARE(asked[1][0].value<LensClass>(), LensClass{6});
}

void TestLegendBar::nextWalksThroughAllClasses() {
    LegendBar bar;
    bar.setEntries(threeEntries(), 110);
    for (const int lensClass : {1, 4, 6}) {
        bar.isolateNext();
        QCOMPARE(bar.shownClasses(), maskOf({lensClass}));
    }
    bar.isolateNext();
    QCOMPARE(bar.shownClasses(), allClasses());
    bar.isolateNext();
    bar.clearIsolation();
    QVERIFY(!bar.isIsolating());
}

void TestLegendBar::dropsIsolationOfClassesThatVanish() {
    LegendBar bar;
    bar.setEntries(threeEntries(), 110);
    QTest::mouseClick(bar.chips()[2], Qt::LeftButton);
    std::vector<LegendEntry> fewer = threeEntries();
    fewer.pop_back();
    bar.setEntries(fewer, 50);
    QCOMPARE(bar.chips().size(), std::size_t{2});
    QCOMPARE(bar.shownClasses(), allClasses());
}

void TestLegendBar::wrapsInANarrowWindow() {
    LegendBar bar;
    bar.setEntries(threeEntries(), 110);
    bar.resize(900, 40);
    bar.show();
    QVERIFY(QTest::qWaitForWindowExposed(&bar));
    QCOMPARE(bar.chips()[2]->y(), bar.chips()[0]->y());
    bar.resize(bar.chips()[0]->width() + 10, 200);
    QTRY_VERIFY(bar.chips()[1]->y() >= bar.chips()[0]->geometry().bottom());
    QVERIFY(bar.heightForWidth(bar.width()) > bar.heightForWidth(900));
    for (const LegendChip* chip : bar.chips()) {
        QVERIFY(chip->height() >= 24);
        QVERIFY(chip->geometry().right() < bar.width());
    }
}

void TestLegendBar::hidesTheManyBehindMore() {
    std::vector<LegendEntry> entries;
    for (int index = 0; index < 60; ++index) {
        LegendEntry entry = threeEntries()[0];
        entry.lensClass = static_cast<LensClass>(3 + index);
        entry.name = QStringLiteral("bucket %1").arg(index);
        entries.push_back(entry);
    }
    LegendBar bar;
    bar.resize(2400, 60);
    bar.setEntries(entries, 600);
    const auto visible = [&bar] {
        return std::count_if(bar.chips().begin(), bar.chips().end(),
                             [](const LegendChip* chip) { return !chip->isHidden(); });
    };
    QCOMPARE(visible(), std::ptrdiff_t{LegendBar::kMaxChips});
    auto* more = bar.findChild<QAbstractButton*>(QStringLiteral("more"));
    QVERIFY(more);
    QCOMPARE(more->text(), QStringLiteral("42 more"));
    QTest::mouseClick(more, Qt::LeftButton);
    QCOMPARE(visible(), std::ptrdiff_t{60});
    QTest::mouseClick(more, Qt::LeftButton);
    QCOMPARE(visible(), std::ptrdiff_t{LegendBar::kMaxChips});
}

void TestLegendBar::takesTwoRowsAtMost() {
    LegendBar bar;
    bar.setEntries(threeEntries(), 110);
    bar.show();
    QVERIFY(QTest::qWaitForWindowExposed(&bar));
    bar.resize(bar.chips()[0]->width() + 10, 200); // one chip a row
    auto* more = bar.findChild<QAbstractButton*>(QStringLiteral("more"));
    QTRY_VERIFY(more->isVisible());
    QVERIFY(bar.chips()[2]->isHidden());
    QTest::mouseClick(more, Qt::LeftButton);
    QVERIFY(bar.chips()[2]->isVisible());
    bar.resize(900, 200);
    QTRY_VERIFY(more->isHidden());
    QVERIFY(bar.chips()[2]->isVisible());
}

void TestLegendBar::chipsNameCountAndShare() {
    LegendBar bar;
    bar.setEntries(threeEntries(), 110);
    const QString name = bar.chips()[1]->accessibleName();
    QCOMPARE(name, QStringLiteral("%1, 40 pages, 36 %").arg(bar.chips()[1]->entry().name));
}

void TestLegendBar::countsAreTheCensus() {
    const auto file = test::openSample("library.db");
    QVERIFY(file);
    const auto census = test::censusOf(file);
    QVERIFY(census);
    SelectionHub hub;
    MapPanel panel(&hub);
    panel.setCensus(census);
    QTRY_VERIFY(panel.map()->image());
    const auto kinds = census->kindCounts();
    const auto of = [&kinds](PageKind kind) { return kinds[static_cast<std::size_t>(kind)]; };
    QCOMPARE(chipOf(*panel.legend(), PageClass::Branch)->entry().pages, of(PageKind::Branch));
    QCOMPARE(chipOf(*panel.legend(), PageClass::Leaf)->entry().pages, of(PageKind::Leaf));
    QCOMPARE(chipOf(*panel.legend(), PageClass::Overflow)->entry().pages, of(PageKind::Overflow));
    QCOMPARE(chipOf(*panel.legend(), PageClass::Tail)->entry().pages, of(PageKind::Tail));
    QCOMPARE(chipOf(*panel.legend(), PageClass::Free)->entry().pages +
                 chipOf(*panel.legend(), PageClass::Previous)->entry().pages,
             of(PageKind::Free));
    quint64 sum = 0;
    for (const LegendChip* chip : panel.legend()->chips()) {
        sum += chip->entry().pages;
    }
    QCOMPARE(sum, census->pageCount());
}

void TestLegendBar::isolatesInTheMap() {
    const auto file = test::openSample("library.db");
    QVERIFY(file);
    const auto census = test::censusOf(file);
    QVERIFY(census);
    SelectionHub hub;
    MapPanel panel(&hub);
    panel.setCensus(census);
    QTRY_VERIFY(panel.map()->image());
    LegendChip* leaf = chipOf(*panel.legend(), PageClass::Leaf);
    QVERIFY(leaf);
    QTest::mouseClick(leaf, Qt::LeftButton);
    ClassMask expected;
    expected.set(leaf->entry().lensClass);
    QCOMPARE(panel.map()->shownClasses(), expected);
    panel.lensBox()->setCurrentIndex(1); // another lens: its classes mean other things
    QCOMPARE(panel.map()->lens(), Lens::Fill);
    QCOMPARE(panel.map()->shownClasses(), allClasses());
    QTRY_COMPARE(panel.map()->image()->lens(), Lens::Fill);
}

QTEST_MAIN(TestLegendBar)
#include "tst_legend_bar.moc"
