// SPDX-License-Identifier: MIT
// The address strip as a widget: figures of a real file, pointing, selecting, walking.
#include "sample_files.h"
#include "state/selection_hub.h"
#include "units/units.h"
#include "views/address_strip_view.h"

#include <QtTest>

using namespace pagescape;
using namespace pagescape::gui;

class TestAddressStripView : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();

    void describesTheFile();
    void tellsWhatLiesUnderThePointer();
    void saysWhatWasInMemory();
    void clickSelectsThePageOfTheByte();
    void hoverIsShared();
    void keysWalkPageByPage();
    void showsTheSelectedBytes();
    void warnsWhenResidencyIsDoubtful();
    void emptyStripIsFine();

private:
    [[nodiscard]] QPointF pointOf(quint64 offset) const {
        return {m_view->stripLayout().xOf(offset) + 0.5, m_view->stripLayout().area().center().y()};
    }

    std::shared_ptr<const PageFile> m_file;
    std::shared_ptr<const Census> m_census;
    std::vector<std::uint8_t> m_residency;
    StripValues m_values;
    std::unique_ptr<SelectionHub> m_hub;
    std::unique_ptr<AddressStripView> m_view;
};

void TestAddressStripView::initTestCase() {
    m_file = test::openSample("library.db");
    QVERIFY(m_file);
    m_census = test::censusOf(m_file);
    QVERIFY(m_census);
    const FileLayout& layout = m_file->layout();
    m_values.fileSize = layout.fileSize;
    m_values.mapLength = 2 * layout.fileSize;
    m_values.mapAddress = 0x7f3a10000000;
    m_values.highWaterBytes = m_census->highWater().value * layout.pageSize;
    m_values.osPageSize = 4096;
    m_residency.assign(layout.fileSize / 4096, 1); // all but the last one
    m_residency.back() = 0;
}

void TestAddressStripView::init() {
    m_hub = std::make_unique<SelectionHub>();
    m_view = std::make_unique<AddressStripView>(m_hub.get());
    m_view->resize(1000, 28);
    m_view->setValues(m_values, m_residency, m_file->layout().pageSize);
    m_view->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
}

void TestAddressStripView::cleanup() {
    m_view.reset();
    m_hub.reset();
}

void TestAddressStripView::describesTheFile() {
    const QString text = m_view->accessibleDescription();
    QCOMPARE(text, m_view->summary());
    for (const QString& part : {bytesText(m_values.fileSize), bytesText(m_values.mapLength)}) {
        QVERIFY2(text.contains(part), qPrintable(text));
    }
}

void TestAddressStripView::tellsWhatLiesUnderThePointer() {
    const quint64 pageSize = m_file->layout().pageSize;
    const QString inside = m_view->textAt(pointOf(40 * pageSize + pageSize / 2));
    QVERIFY2(inside.contains(QStringLiteral("page 40")), qPrintable(inside));
    QVERIFY2(inside.contains(QStringLiteral("0x7f3a1000a")), qPrintable(inside));
    const QString tail = m_view->textAt(pointOf(m_values.fileSize - pageSize));
    QVERIFY2(tail.contains(QStringLiteral("high-water mark")), qPrintable(tail));
    const QString beyond = m_view->textAt(pointOf(m_values.fileSize + 3 * pageSize));
    QVERIFY2(beyond.contains(QStringLiteral("past the end of the file")), qPrintable(beyond));
    QVERIFY(m_view->textAt(QPointF(-5, 5)).isEmpty());
}

void TestAddressStripView::saysWhatWasInMemory() {
    QVERIFY(m_view->textAt(pointOf(100)).contains(QStringLiteral("was in memory")));
    QVERIFY(m_view->textAt(pointOf(m_values.fileSize - 1000))
                .contains(QStringLiteral("was not in memory")));
    m_view->setValues(m_values, {}, m_file->layout().pageSize);
    QVERIFY(!m_view->textAt(pointOf(100)).contains(QStringLiteral("in memory")));
}

void TestAddressStripView::clickSelectsThePageOfTheByte() {
    const quint64 pageSize = m_file->layout().pageSize;
    QTest::mouseClick(m_view.get(), Qt::LeftButton, {}, pointOf(65 * pageSize + 300).toPoint());
    QCOMPARE(m_hub->selection().page, PageId{65});
    QTest::mouseClick(m_view.get(), Qt::LeftButton, {},
                      pointOf(m_values.fileSize + 10 * pageSize).toPoint());
    QCOMPARE(m_hub->selection().page, PageId{65}); // nothing lies there
}

void TestAddressStripView::hoverIsShared() {
    const quint64 pageSize = m_file->layout().pageSize;
    QTest::mouseMove(m_view.get(), pointOf(65 * pageSize + 300).toPoint());
    QTRY_COMPARE(m_hub->hover().page, PageId{65});
    QEvent leave(QEvent::Leave);
    QCoreApplication::sendEvent(m_view.get(), &leave);
    QVERIFY(m_hub->hover().isEmpty());
}

void TestAddressStripView::keysWalkPageByPage() {
    QTest::keyClick(m_view.get(), Qt::Key_End);
    QCOMPARE(m_hub->selection().page, PageId{m_census->pageCount() - 1});
    QTest::keyClick(m_view.get(), Qt::Key_Right);
    QCOMPARE(m_hub->selection().page, PageId{m_census->pageCount() - 1});
    QTest::keyClick(m_view.get(), Qt::Key_Left);
    QCOMPARE(m_hub->selection().page, PageId{m_census->pageCount() - 2});
    QTest::keyClick(m_view.get(), Qt::Key_Home);
    QCOMPARE(m_hub->selection().page, PageId{0});
}

void TestAddressStripView::showsTheSelectedBytes() {
    const QImage before = m_view->grab().toImage();
    Place place;
    place.page = PageId{40};
    place.bytes = ByteRange{40 * 1024, 41 * 1024};
    m_hub->select(place);
    QVERIFY(m_view->grab().toImage() != before);
    m_hub->clear();
    QCOMPARE(m_view->grab().toImage(), before);
}

void TestAddressStripView::warnsWhenResidencyIsDoubtful() {
    const QString caveat = QStringLiteral("The file lies in memory anyway.");
    m_view->setResidencyCaveat(caveat);
    QVERIFY(m_view->accessibleDescription().endsWith(caveat));
}

void TestAddressStripView::emptyStripIsFine() {
    m_view->setValues({}, {}, 0);
    QTest::mouseClick(m_view.get(), Qt::LeftButton, {}, QPoint(100, 10));
    QTest::keyClick(m_view.get(), Qt::Key_End);
    QVERIFY(m_hub->selection().isEmpty());
    QVERIFY(!m_view->grab().isNull());
}

QTEST_MAIN(TestAddressStripView)
#include "tst_address_strip_view.moc"
