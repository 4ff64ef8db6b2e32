// SPDX-License-Identifier: MIT
// The panel round the page map: its boxes, its legend and the map say the same.
#include "sample_files.h"
#include "state/selection_hub.h"
#include "units/english_plurals.h"
#include "views/map_panel.h"

#include <QComboBox>
#include <QLabel>
#include <QSignalSpy>
#include <QtTest>

using namespace pagescape;
using namespace pagescape::gui;

class TestMapPanel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();

    void namesTheFilesSize();
    void lensBoxFollowsTheMapAndLeadsIt();
    void zoomBoxFollowsTheMapAndLeadsIt();
    void rowBoxFollowsTheMapAndLeadsIt();
    void classKeysWalkThroughTheLegend();
    void listRequestNamesTheLens();
    void caveatStandsBesideTheResidencyLensOnly();
    void emptiesItselfWithoutAFile();

private:
    EnglishPlurals m_plurals;
    std::shared_ptr<const Census> m_census;
    std::unique_ptr<SelectionHub> m_hub;
    std::unique_ptr<MapPanel> m_panel;
};

void TestMapPanel::initTestCase() {
    QCoreApplication::installTranslator(&m_plurals);
    const auto file = test::openSample("library.db");
    QVERIFY(file);
    m_census = test::censusOf(file);
    QVERIFY(m_census);
}

void TestMapPanel::init() {
    m_hub = std::make_unique<SelectionHub>();
    m_panel = std::make_unique<MapPanel>(m_hub.get());
    m_panel->resize(700, 500);
    m_panel->setCensus(m_census);
    m_panel->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_panel.get()));
    QTRY_VERIFY(m_panel->map()->image());
}

void TestMapPanel::cleanup() {
    m_panel.reset();
    m_hub.reset();
}

void TestMapPanel::namesTheFilesSize() {
    const QString text = m_panel->totalText();
    QVERIFY2(text.startsWith(QStringLiteral("%1 pages, ").arg(m_census->pageCount())),
             qPrintable(text));
}

void TestMapPanel::lensBoxFollowsTheMapAndLeadsIt() {
    QTest::keyClick(m_panel->map(), Qt::Key_4);
    QCOMPARE(m_panel->lensBox()->currentText(), lensName(Lens::Reachability));
    m_panel->lensBox()->setCurrentIndex(1);
    QCOMPARE(m_panel->map()->lens(), Lens::Fill);
}

void TestMapPanel::zoomBoxFollowsTheMapAndLeadsIt() {
    m_panel->zoomBox()->setCurrentIndex(1); // the nearest
    QCOMPARE(m_panel->map()->zoom(), kZoomStepCount - 1);
    QTest::keyClick(m_panel->map(), Qt::Key_Minus);
    QCOMPARE(m_panel->zoomBox()->currentIndex(), 2);
    m_panel->zoomBox()->setCurrentIndex(0);
    QVERIFY(m_panel->map()->isFitting());
}

void TestMapPanel::rowBoxFollowsTheMapAndLeadsIt() {
    m_panel->rowBox()->setCurrentIndex(m_panel->rowBox()->findData(64));
    QCOMPARE(m_panel->map()->rowLength(), 64);
    m_panel->map()->setRowLength(0);
    QCOMPARE(m_panel->rowBox()->currentData().toInt(), 0);
}

void TestMapPanel::classKeysWalkThroughTheLegend() {
    QTest::keyClick(m_panel->map(), Qt::Key_L);
    ClassMask first;
    first.set(m_panel->legend()->chips()[0]->entry().lensClass);
    QCOMPARE(m_panel->legend()->shownClasses(), first);
    QCOMPARE(m_panel->map()->shownClasses(), first);
    QTest::keyClick(m_panel->map(), Qt::Key_L, Qt::ShiftModifier);
    QCOMPARE(m_panel->map()->shownClasses(), allClasses());
}

void TestMapPanel::listRequestNamesTheLens() {
    QSignalSpy asked(m_panel.get(), &MapPanel::listRequested);
    QTest::mouseDClick(m_panel->legend()->chips()[2], Qt::LeftButton);
    QCOMPARE(asked.size(), 1);
    QCOMPARE(asked[0][0].value<Lens>(), Lens::Type);
    QCOMPARE(asked[0][1].value<LensClass>(), m_panel->legend()->chips()[2]->entry().lensClass);
}

void TestMapPanel::caveatStandsBesideTheResidencyLensOnly() {
    const QString caveat = QStringLiteral("It lies in memory anyway.");
    m_panel->setResidencyCaveat(caveat);
    const auto isTold = [this, &caveat] {
        const auto labels = m_panel->findChildren<QLabel*>();
        return std::any_of(labels.begin(), labels.end(), [&caveat](const QLabel* label) {
            return label->isVisible() && label->text() == caveat;
        });
    };
    QVERIFY(!isTold());
    m_panel->map()->setLens(Lens::Residency);
    QVERIFY(isTold());
    m_panel->map()->setLens(Lens::Type);
    QVERIFY(!isTold());
}

void TestMapPanel::emptiesItselfWithoutAFile() {
    m_panel->setCensus(nullptr);
    QVERIFY(m_panel->legend()->chips().empty());
    QVERIFY(m_panel->totalText().isEmpty());
}

QTEST_MAIN(TestMapPanel)
#include "tst_map_panel.moc"
