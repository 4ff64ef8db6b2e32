// SPDX-License-Identifier: MIT
// The time line of a sitting as a widget: pointing, seeking, zooming, asking what if; and the
// arithmetic under it.
#include "support/sandbox_play.h"
#include "views/sitting_view.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QWheelEvent>
#include <QtTest>

#include <numeric>

using namespace pagescape;
using namespace pagescape::gui;
using test::Play;
using Kind = SandboxCommand::Kind;
using Axis = SittingLayout::Axis;

class TestSittingView : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();

    void layoutGoesThereAndBack_data();
    void layoutGoesThereAndBack();
    void zoomKeepsThePointAndTheBounds();
    void lanesDoNotOverlap();
    void clickSeeksAndChoosesAReader();
    void dragSeeks();
    void dragOfABarsEndAsksWhatIf();
    void keysStep();
    void keysChooseAReaderAndItsEnd();
    void wheelZoomsAndMoves();
    void positionStaysInSight();
    void tellsWhatLiesUnderThePointer();
    void marksOfMappingsSayWhatGrew();
    void describesThePosition();
    void undoForgets();
    void emptyViewIsFine();
    void looksDifferentWhereItShould();
    void paintsAMillionEventsInTime();

private:
    [[nodiscard]] QPoint pointOf(std::size_t bar, int event) const {
        const SittingReader& reader = m_view->sitting().readers()[bar];
        const QRectF rect =
            sittingBarRect(m_view->sittingLayout(), reader, m_view->sitting().events());
        const qreal x = (m_view->sittingLayout().xOf(event) + 0.5);
        return QPointF(x, rect.center().y()).toPoint();
    }
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) {
        QTest::keyClick(m_view.get(), key, modifiers);
    }
    void wheel(int angle, Qt::KeyboardModifiers modifiers, QPointF at) {
        QWheelEvent event(at, at, {}, {0, angle}, Qt::NoButton, modifiers, Qt::NoScrollPhase,
                          false);
        QCoreApplication::sendEvent(m_view.get(), &event);
    }

    QTemporaryDir m_dir;
    std::unique_ptr<Play> m_play;
    std::unique_ptr<SittingView> m_view;
};

void TestSittingView::initTestCase() {
    m_play = std::make_unique<Play>(m_dir.filePath(QStringLiteral("a.db")));
    test::playLesson(*m_play);
}

void TestSittingView::init() {
    m_view = std::make_unique<SittingView>();
    m_view->resize(2 * m_play->log.size() + 200, m_view->sizeHint().height() * 3);
    m_view->follow(m_play->log);
    m_view->setPosition(m_play->log.size() - 1);
    m_view->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    // The window's part: it seeks when it is asked to.
    connect(m_view.get(), &SittingView::seekRequested, m_view.get(), &SittingView::setPosition);
}

void TestSittingView::cleanup() {
    m_view.reset();
}

void TestSittingView::layoutGoesThereAndBack_data() {
    QTest::addColumn<int>("width");
    QTest::addColumn<double>("zoom");
    QTest::addRow("events, all") << 3000 << 1.0;
    QTest::addRow("events, near") << 3000 << 2.5;
    QTest::addRow("commands, all") << 300 << 1.0;
    QTest::addRow("commands, near") << 300 << 9.0;
}

void TestSittingView::layoutGoesThereAndBack() {
    QFETCH(int, width);
    QFETCH(double, zoom);
    const std::vector<int> commands{4, 5, 9, 100, 400, 401, 900};
    SittingValues values;
    values.events = 1000;
    values.commands = commands;
    SittingLayout layout(values, QRectF(0, 0, width, 200), {}, {zoom, 1});
    QCOMPARE(layout.axis(), width > 1000 ? Axis::Events : Axis::Commands);
    qreal before = layout.xOf(0);
    for (int event = 0; event < values.events; ++event) {
        const qreal x = layout.xOf(event);
        QVERIFY(x >= before);
        before = x;
        const qreal next = layout.xOf(event + 1);
        if (x >= layout.plot().left() && next <= layout.plot().right()) {
            QCOMPARE(layout.eventAt(x + (next - x) / 2), event);
            QCOMPARE(layout.eventAt(x + 1e-6), event);
        }
    }
    QCOMPARE(layout.eventAt(-1e6), -1);
    QCOMPARE(layout.eventAt(1e6), values.events - 1);
    QVERIFY(layout.firstVisible() < layout.endVisible());
}

void TestSittingView::zoomKeepsThePointAndTheBounds() {
    SittingValues values;
    values.events = 100'000;
    std::vector<int> commands(5000);
    std::iota(commands.begin(), commands.end(), 0);
    values.commands = commands;
    SittingLayout layout(values, QRectF(0, 0, 800, 200), {}, {});
    const qreal x = 500;
    const int event = layout.eventAt(x);
    for (int i = 0; i < 12; ++i) {
        layout = SittingLayout(values, QRectF(0, 0, 800, 200), {}, layout.zoomed(1.5, x));
        QVERIFY(std::abs(layout.xOf(event) - x) < 25);
    }
    for (int i = 0; i < 60; ++i) {
        layout = SittingLayout(values, QRectF(0, 0, 800, 200), {}, layout.zoomed(2, x));
    }
    QCOMPARE(layout.zoom().factor, layout.mostZoom());
    layout = SittingLayout(values, QRectF(0, 0, 800, 200), {}, layout.moved(1e9));
    QCOMPARE(layout.eventAt(layout.plot().right() + 1), values.events - 1);
    layout = SittingLayout(values, QRectF(0, 0, 800, 200), {}, layout.zoomed(1e-9, x));
    QCOMPARE(layout.zoom(), SittingZoom());
}

void TestSittingView::lanesDoNotOverlap() {
    const SittingLayout& layout = m_view->sittingLayout();
    const std::vector<QRectF> lanes{layout.ruler(), layout.commandLane(), layout.transactionLane(),
                                    layout.readerLanes(), layout.markLane()};
    for (std::size_t i = 1; i < lanes.size(); ++i) {
        QVERIFY(!lanes[i].isEmpty());
        QCOMPARE(lanes[i].top(), lanes[i - 1].bottom());
    }
    QVERIFY(lanes.back().bottom() <= m_view->height());
    QCOMPARE(layout.hiddenReaderLanes(), 0);
    m_view->resize(m_view->width(), m_view->minimumSizeHint().height());
    QCOMPARE(m_view->sittingLayout().shownReaderLanes(), 1);
    QVERIFY(m_view->sittingLayout().hiddenReaderLanes() > 0);
    QVERIFY(m_view->sittingLayout().markLane().bottom() <= m_view->height());
}

void TestSittingView::clickSeeksAndChoosesAReader() {
    QSignalSpy seeks(m_view.get(), &SittingView::seekRequested);
    QSignalSpy chosen(m_view.get(), &SittingView::readerChosen);
    const SittingLayout& layout = m_view->sittingLayout();
    const QPointF point(layout.xOf(40) + 0.5, layout.commandLane().center().y());
    QTest::mouseClick(m_view.get(), Qt::LeftButton, {}, point.toPoint());
    QCOMPARE(seeks.takeFirst().first().toInt(), 40);
    QCOMPARE(chosen.size(), 0);
    const SittingReader& second = m_view->sitting().readers()[1];
    const int middle = (second.open + second.close) / 2;
    QTest::mouseClick(m_view.get(), Qt::LeftButton, {}, pointOf(1, middle));
    QCOMPARE(seeks.takeFirst().first().toInt(), middle);
    QCOMPARE(chosen.takeFirst().first().value<std::uint64_t>(), 2U);
    QCOMPARE(m_view->chosenReader(), 2U);
    m_view->setPosition(0); // it does not exist yet there
    QCOMPARE(chosen.takeFirst().first().value<std::uint64_t>(), 0U);
}

void TestSittingView::dragSeeks() {
    QSignalSpy seeks(m_view.get(), &SittingView::seekRequested);
    const SittingLayout& layout = m_view->sittingLayout();
    const int y = int(layout.ruler().center().y());
    QTest::mousePress(m_view.get(), Qt::LeftButton, {}, {int(layout.xOf(20)) + 1, y});
    QTest::mouseMove(m_view.get(), {int(layout.xOf(60)) + 1, y});
    QTest::mouseMove(m_view.get(), {2, y}); // left of everything
    QTest::mouseRelease(m_view.get(), Qt::LeftButton, {}, {2, y});
    QCOMPARE(seeks.size(), 3);
    QCOMPARE(seeks[1].first().toInt(), 60);
    QCOMPARE(m_view->position(), -1);
}

void TestSittingView::dragOfABarsEndAsksWhatIf() {
    QSignalSpy seeks(m_view.get(), &SittingView::seekRequested);
    QSignalSpy chosen(m_view.get(), &SittingView::readerChosen);
    const SittingReader bar = m_view->sitting().readers()[0];
    const QPoint end = pointOf(0, m_play->log.size() - 1);
    QTest::mousePress(m_view.get(), Qt::LeftButton, {}, end);
    QCOMPARE(seeks.size(), 0); // taking hold moves nothing
    QCOMPARE(chosen.takeFirst().first().value<std::uint64_t>(), 1U);
    QTest::mouseMove(m_view.get(), pointOf(0, bar.open + 30));
    QCOMPARE(seeks.takeLast().first().toInt(), bar.open + 30);
    QVERIFY(m_view->whatIf() == (SittingWhatIf{0, bar.open + 30}));
    QTest::mouseMove(m_view.get(), {0, end.y()}); // no reader ends before it begins
    QCOMPARE(m_view->whatIf()->event, bar.open);
    QTest::mouseMove(m_view.get(), pointOf(0, bar.open + 10));
    QTest::mouseRelease(m_view.get(), Qt::LeftButton, {}, pointOf(0, bar.open + 10));
    QCOMPARE(m_view->whatIf()->event, bar.open + 10);
    QVERIFY(m_view->accessibleDescription().contains(QStringLiteral("what if reader 1")));
    m_view->setPosition(bar.open + 12); // one looks elsewhere: the question is over
    QVERIFY(!m_view->whatIf());
    QCOMPARE(m_view->chosenReader(), 1U);
}

void TestSittingView::keysStep() {
    const Sitting& sitting = m_view->sitting();
    key(Qt::Key_Home);
    QCOMPARE(m_view->position(), -1);
    key(Qt::Key_Left);
    QCOMPARE(m_view->position(), -1);
    key(Qt::Key_Right);
    QCOMPARE(m_view->position(), 0);
    key(Qt::Key_Right, Qt::ControlModifier);
    QCOMPARE(m_view->position(), sitting.commands()[1]);
    key(Qt::Key_PageDown);
    QCOMPARE(m_view->position(), sitting.spans()[0].end);
    key(Qt::Key_PageDown);
    QCOMPARE(m_view->position(), sitting.spans()[1].end);
    key(Qt::Key_PageUp);
    QCOMPARE(m_view->position(), sitting.spans()[0].end);
    key(Qt::Key_Left, Qt::ControlModifier);
    QCOMPARE(m_view->position(), sitting.commands()[*sitting.commandAt(m_view->position())]);
    key(Qt::Key_End);
    QCOMPARE(m_view->position(), sitting.events() - 1);
    QSignalSpy seeks(m_view.get(), &SittingView::seekRequested);
    key(Qt::Key_Left, Qt::AltModifier); // the window's: back
    QCOMPARE(seeks.size(), 0);
}

void TestSittingView::keysChooseAReaderAndItsEnd() {
    key(Qt::Key_Down);
    QCOMPARE(m_view->chosenReader(), 1U);
    key(Qt::Key_Left, Qt::ShiftModifier);
    key(Qt::Key_Left, Qt::ShiftModifier);
    QVERIFY(m_view->whatIf() == (SittingWhatIf{0, m_play->log.size() - 3}));
    QCOMPARE(m_view->position(), m_play->log.size() - 3);
    key(Qt::Key_Down);
    QVERIFY(m_view->chosenReader() > 1);
    QVERIFY(!m_view->whatIf());
    key(Qt::Key_Up);
    QCOMPARE(m_view->chosenReader(), 1U);
    key(Qt::Key_Escape);
    QCOMPARE(m_view->chosenReader(), 0U);
}

void TestSittingView::wheelZoomsAndMoves() {
    const SittingLayout& layout = m_view->sittingLayout();
    const QPointF point = layout.plot().center();
    const int event = layout.eventAt(point.x());
    wheel(120, Qt::ControlModifier, point);
    wheel(120, Qt::ControlModifier, point);
    QVERIFY(layout.zoom().factor > 2);
    QCOMPARE(layout.eventAt(point.x()), event);
    const double left = layout.zoom().left;
    wheel(-120, {}, point);
    QVERIFY(layout.zoom().left > left);
    key(Qt::Key_0);
    QCOMPARE(layout.zoom(), SittingZoom());
    key(Qt::Key_Plus);
    QVERIFY(layout.zoom().factor > 1);
    key(Qt::Key_Minus);
    QCOMPARE(layout.zoom(), SittingZoom());
}

void TestSittingView::positionStaysInSight() {
    for (int i = 0; i < 12; ++i) {
        key(Qt::Key_Plus);
    }
    const SittingLayout& layout = m_view->sittingLayout();
    for (const int event : {0, m_play->log.size() / 2, m_play->log.size() - 1, -1}) {
        m_view->setPosition(event);
        const qreal x = layout.positionX(event);
        QVERIFY(x >= layout.plot().left() - 1 && x <= layout.plot().right() + 1);
    }
}

void TestSittingView::tellsWhatLiesUnderThePointer() {
    const SittingLayout& layout = m_view->sittingLayout();
    const SittingReader& second = m_view->sitting().readers()[1];
    const QString reader = m_view->textAt(pointOf(1, second.open + 3));
    QVERIFY2(reader.contains(QStringLiteral("Reader 2 sees transaction %1").arg(second.txid)),
             qPrintable(reader));
    const SittingSpan& span = m_view->sitting().spans()[2];
    const QString rolledBack =
        m_view->textAt({layout.xOf(span.begin + 1), layout.transactionLane().center().y()});
    QVERIFY2(rolledBack.contains(QStringLiteral("rolled back")), qPrintable(rolledBack));
    const QString command = m_view->textAt({layout.xOf(1), layout.commandLane().center().y()});
    QVERIFY2(command.contains(QStringLiteral("Put books / book1")), qPrintable(command));
    for (const SittingMark& mark : m_view->sitting().marks()) {
        const QString text =
            m_view->textAt({layout.positionX(mark.event), layout.markLane().center().y()});
        QVERIFY2(text.contains(mark.bytes == 0 ? QStringLiteral("failed")
                                               : QStringLiteral("mapped anew")),
                 qPrintable(text));
    }
    QVERIFY(m_view->textAt({1, 1}).isEmpty());
}

void TestSittingView::marksOfMappingsSayWhatGrew() {
    constexpr std::uint64_t kKiB = 1024;
    const SittingMark same{10, 64 * kKiB, 64 * kKiB};
    const SittingMark grown{11, 128 * kKiB, 64 * kKiB};
    const SittingMark failed{12, 0, 0};
    QCOMPARE(sittingMarkText(same), QStringLiteral("map 64\u202FKiB"));
    QCOMPARE(sittingMarkText(grown), QStringLiteral("64 → 128\u202FKiB"));
    QCOMPARE(sittingMarkText({13, 2048 * kKiB, 512 * kKiB}),
             QStringLiteral("512\u202FKiB → 2\u202FMiB"));
    QCOMPARE(sittingMarkText(failed), QStringLiteral("failed"));
    QVERIFY(isLaterNamed(same, grown));
    QVERIFY(!isLaterNamed(grown, same)); // whichever came first
    QVERIFY(isLaterNamed(same, failed));
    QVERIFY(!isLaterNamed(failed, same));
    QVERIFY(isLaterNamed(grown, grown));
    QVERIFY(isLaterNamed(same, same));
}

void TestSittingView::describesThePosition() {
    const QString text = m_view->accessibleDescription();
    QCOMPARE(text, m_view->summary());
    QVERIFY2(text.contains(QStringLiteral("still open")) &&
                 text.contains(QStringLiteral("Reader 1 sees")) &&
                 !text.contains(QStringLiteral("Reader 2 sees")),
             qPrintable(text));
    m_view->setPosition(-1);
    QVERIFY(m_view->accessibleDescription().startsWith(QStringLiteral("Before the first")));
}

void TestSittingView::undoForgets() {
    key(Qt::Key_Down);
    StageLog part = m_play->log;
    part.truncate(m_view->sitting().readers()[0].open);
    m_view->follow(part);
    QCOMPARE(m_view->sitting().events(), part.size());
    QCOMPARE(m_view->position(), part.size() - 1);
    QCOMPARE(m_view->chosenReader(), 0U);
    QVERIFY(!m_view->grab().isNull());
    m_view->clear();
    QCOMPARE(m_view->position(), -1);
}

void TestSittingView::emptyViewIsFine() {
    m_view->clear();
    QSignalSpy seeks(m_view.get(), &SittingView::seekRequested);
    QTest::mouseClick(m_view.get(), Qt::LeftButton, {}, QPoint(100, 10));
    key(Qt::Key_End);
    wheel(120, Qt::ControlModifier, {50, 10});
    QCOMPARE(seeks.size(), 0);
    QVERIFY(!m_view->grab().isNull());
    m_view->resize(1, 1);
    QVERIFY(!m_view->grab().isNull());
}

void TestSittingView::looksDifferentWhereItShould() {
    const QImage plain = m_view->grab().toImage();
    m_view->setPosition(30);
    QVERIFY(m_view->grab().toImage() != plain);
    m_view->setPosition(m_play->log.size() - 1);
    QCOMPARE(m_view->grab().toImage(), plain);
    m_view->chooseReader(1);
    QCOMPARE(m_view->chosenReader(), 1U);
    QVERIFY(m_view->grab().toImage() != plain);
    m_view->chooseReader(0);
    m_view->setTheme(Theme::dark());
    QVERIFY(m_view->grab().toImage() != plain);
}

void TestSittingView::paintsAMillionEventsInTime() {
    StageLog log;
    while (!log.isFull()) {
        const auto number = std::uint64_t(log.size());
        using Phase = WriteTxEvent::Phase;
        log.append(CommandEvent{number, "Put books / a key"});
        log.append(ReaderEvent{number, TxId{number}, true});
        log.append(WriteTraceEvent{WriteTxEvent{Phase::Begin, TxId{number}, {}, {}}});
        log.append(WriteTraceEvent{RemapEvent{0, 0, 0, 4096, 0}});
        log.append(WriteTraceEvent{WriteTxEvent{Phase::Commit, TxId{number}, {}, {}}});
        log.append(ReaderEvent{number, TxId{number}, false});
    }
    m_view->clear();
    m_view->resize(1280, 300);
    m_view->follow(log);
    m_view->setPosition(log.size() / 2);
    QCOMPARE(m_view->sittingLayout().axis(), Axis::Commands);
    static_cast<void>(m_view->grab());
    QElapsedTimer timer;
    timer.start();
    static_cast<void>(m_view->grab());
    qInfo("one picture of 1 000 000 events: %lld ms", timer.elapsed());
    QVERIFY(timer.elapsed() < 500);
}

QTEST_MAIN(TestSittingView)
#include "tst_sitting_view.moc"
