// SPDX-License-Identifier: MIT
// The view over an engine that grows: its numbers are the engine's, keyboard and pointer find every
// point, the card knows the rule, and a running generator costs little.
// PAGESCAPE_PICTURES: a folder that pictures are saved to.
#include "paint/text.h"
#include "support/sandbox_play.h"
#include "views/growth_canvas.h"
#include "views/growth_view.h"
#include "views/predict_mapping.h"

#include <QCheckBox>
#include <QComboBox>
#include <QElapsedTimer>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include <ctime>
#include <set>

using namespace pagescape;
using namespace pagescape::gui;
using pagescape::gui::test::closing;
using pagescape::gui::test::command;
using pagescape::gui::test::generating;

namespace {

using Kind = SandboxCommand::Kind;
constexpr quint64 kGiB = quint64{1} << 30U;

// A sitting, and the view that watches it.
class Play : public test::Play {
public:
    explicit Play(const QString& path) : test::Play(path, 4096) {
        view.resize(1000, 640);
        view.setAnimated(false);
        view.setLog(&log);
    }

    bool run(const SandboxCommand& asked) {
        const bool isDone = test::Play::run(asked);
        view.refresh();
        return isDone;
    }
    GrowthCanvas& canvas() { return *view.canvas(); }

    GrowthView view;
};

// A state of a big sparse file, as if it had been found so.
StageState bigState(quint64 used, quint64 fileSize, quint64 mapLength) {
    StageState state;
    state.pageSize = 4096;
    state.highWater = PageId{used / 4096};
    state.fileSize = fileSize;
    state.map = {0x7f1000000000, mapLength};
    state.metas[0].isKnown = true;
    state.metas[0].txid = TxId{7};
    return state;
}

double threadMs() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return double(now.tv_sec) * 1e3 + double(now.tv_nsec) / 1e6;
}

int coloursOf(const QImage& image) {
    std::set<QRgb> colours;
    for (int y = 0; y < image.height(); y += 3) {
        for (int x = 0; x < image.width(); x += 3) {
            colours.insert(image.pixel(x, y));
        }
    }
    return int(colours.size());
}

} // namespace

class TestGrowthView : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    int m_number = 0;

    QString nextPath() { return m_dir.filePath(QStringLiteral("%1.db").arg(++m_number)); }

private Q_SLOTS:
    void numbersAreTheEngines();
    void positionShowsThatMoment();
    void undoIsFollowed();
    void keyboardWalksAndSeeks();
    void pointerFindsPointsAndSeeks();
    void saysWhoWaits();
    void remapMovesOverTime();
    void switchesChangeThePicture();
    void nextMappingComesTrue();
    void cardOpensAndCloses();
    void bigSparseFileHasStepsOfOneGiB();
    void runningGeneratorIsCheap();
    void picturesAreWhole();
};

void TestGrowthView::numbersAreTheEngines() {
    Play play(nextPath());
    for (quint64 round = 0; round < 12; ++round) {
        QVERIFY(play.run(generating(200, round * 200)));
        const Store::MapInfo map = play.engine->store().mapping();
        const GrowthPoint& present = play.canvas().present();
        QCOMPARE(present.map.address, map.address);
        QCOMPARE(present.map.length, map.length);
        QCOMPARE(present.fileSize, play.engine->store().fileSize());
        QVERIFY(!play.canvas().remapLayout().newRect().isEmpty());
        const RemapValues& values = play.canvas().remapValues();
        QCOMPARE(values.newAddress, map.address);
        QCOMPARE(values.newLength, map.length);
        const GrowthLayout& layout = play.canvas().growthLayout();
        QCOMPARE(layout.curve(GrowthCurve::Map).last().y(), layout.yOf(map.length));
        QCOMPARE(layout.curve(GrowthCurve::File).last().y(),
                 layout.yOf(play.engine->store().fileSize()));
        QVERIFY(play.canvas().summary().contains(addressText(map.address)));
        QVERIFY(play.canvas().summary().contains(bytesText(map.length)));
    }
    QVERIFY(play.canvas().series().remaps().size() >= 4);
    QVERIFY(play.canvas().remapLayout().hasOld());
    const GrowthRemap* last = play.canvas().remap();
    QCOMPARE(play.canvas().remapValues().oldAddress, last->map.oldAddress);
    QCOMPARE(play.canvas().remapValues().oldLength, last->map.oldLength);
    QVERIFY(play.canvas().summary().contains(last->isMoved() ? QStringLiteral("moved")
                                                             : QStringLiteral("in place")));
}

void TestGrowthView::positionShowsThatMoment() {
    Play play(nextPath());
    QVERIFY(play.run(generating(1500, 0)));
    const auto& remaps = play.canvas().series().remaps();
    QVERIFY(remaps.size() >= 3);
    for (const GrowthRemap& remap : remaps) {
        play.view.setPosition(remap.event - 1);
        QCOMPARE(play.canvas().present().map.length, remap.map.oldLength);
        play.view.setPosition(remap.event);
        QCOMPARE(play.canvas().present().map.length, remap.map.newLength);
        QCOMPARE(play.canvas().remap()->event, remap.event);
    }
    // A position in the past stays; one at the newest event follows the log.
    play.view.setPosition(remaps.front().event);
    QVERIFY(play.run(generating(200, 2000)));
    QCOMPARE(play.canvas().remap()->event, play.canvas().series().remaps().front().event);
    play.view.setPosition(play.log.size() - 1);
    QVERIFY(play.run(generating(3000, 3000)));
    QCOMPARE(play.canvas().present().map.length, play.engine->store().mapping().length);
    play.view.setPosition(-1);
    QCOMPARE(play.canvas().present().map.length, 32768U);
    QVERIFY(play.canvas().remap() == nullptr);
}

void TestGrowthView::undoIsFollowed() {
    Play play(nextPath());
    QVERIFY(play.run(generating(300, 0)));
    const int before = play.log.size();
    const GrowthPoint then = play.canvas().present();
    QVERIFY(play.run(generating(2000, 300)));
    play.canvas().setMarked(int(play.canvas().series().points().size()) - 1);
    play.log.truncate(before);
    play.view.refresh();
    QCOMPARE(play.canvas().present(), then);
    QCOMPARE(play.canvas().marked(), -1);
    QVERIFY(!play.view.grab().isNull());
    // A position that is gone becomes the newest.
    QVERIFY(play.run(generating(2000, 300)));
    play.view.setPosition(play.log.size() - 5);
    play.log.truncate(before);
    play.view.refresh();
    QCOMPARE(play.canvas().present(), then);
}

void TestGrowthView::keyboardWalksAndSeeks() {
    Play play(nextPath());
    QVERIFY(play.run(generating(1500, 0)));
    QSignalSpy seeks(&play.view, &GrowthView::seekRequested);
    const auto& points = play.canvas().series().points();
    QTest::keyClick(&play.canvas(), Qt::Key_Home);
    QCOMPARE(play.canvas().marked(), 0);
    QTest::keyClick(&play.canvas(), Qt::Key_Left);
    QCOMPARE(play.canvas().marked(), 0);
    for (const GrowthRemap& remap : play.canvas().series().remaps()) {
        QTest::keyClick(&play.canvas(), Qt::Key_PageDown);
        QCOMPARE(points[std::size_t(play.canvas().marked())].event, remap.event);
        QTest::keyClick(&play.canvas(), Qt::Key_Return);
        QCOMPARE(seeks.takeFirst().at(0).toInt(), remap.event);
    }
    QTest::keyClick(&play.canvas(), Qt::Key_Right);
    QVERIFY(play.canvas().accessibleDescription().contains(
        countText(points[std::size_t(play.canvas().marked())].txid)));
    QTest::keyClick(&play.canvas(), Qt::Key_End);
    QCOMPARE(play.canvas().marked(), int(points.size()) - 1);
    QTest::keyClick(&play.canvas(), Qt::Key_Escape);
    QCOMPARE(play.canvas().marked(), -1);
    QCOMPARE(seeks.size(), 0);
}

void TestGrowthView::pointerFindsPointsAndSeeks() {
    Play play(nextPath());
    QVERIFY(play.run(generating(1500, 0)));
    QVERIFY(!play.view.grab().isNull()); // lays out
    QSignalSpy seeks(&play.view, &GrowthView::seekRequested);
    const GrowthRemap& remap = play.canvas().series().remaps().at(1);
    const GrowthLayout& layout = play.canvas().growthLayout();
    const QPointF at(layout.xOf(remap.txid), layout.yOf(remap.map.newLength));
    QTest::mouseClick(&play.canvas(), Qt::LeftButton, {}, at.toPoint());
    QCOMPARE(seeks.size(), 1);
    const GrowthPoint sought = growthAt(play.log, seeks.at(0).at(0).toInt());
    QCOMPARE(sought.txid, remap.txid);
    QCOMPARE(sought.map.length, remap.map.newLength);
    QVERIFY(play.canvas().textAt(at).contains(bytesText(remap.map.newLength)));
    QVERIFY(play.canvas().textAt(layout.ruleRect().center()).contains(QStringLiteral("1 GiB")));
    QVERIFY(!play.canvas().textAt(play.canvas().remapLayout().area().center()).isEmpty());
    QVERIFY(play.canvas()
                .textAt(play.canvas().waitLayout().barRect(0).center())
                .contains(QStringLiteral("goes on at once")));
}

void TestGrowthView::saysWhoWaits() {
    Play play(nextPath());
    QVERIFY(play.run(generating(300, 0)));
    QVERIFY(play.canvas().summary().contains(QStringLiteral("Nobody waits: no reader")));
    QVERIFY(play.run(command(Kind::OpenReader)));
    QVERIFY(play.run(generating(1500, 300)));
    const QString version = countText(play.canvas().remap()->readers.at(0).txid.value);
    QVERIFY(play.canvas().summary().contains(QStringLiteral("reader 1 (version %1)").arg(version)));
    QCOMPARE(play.canvas().waitLayout().bars().size(), std::size_t(2));
    QVERIFY(!play.canvas().waitLayout().waitRect(0));
    play.view.boltsWayBox()->setChecked(true);
    QVERIFY(play.canvas().summary().contains(QStringLiteral("In bolt, not here")));
    QVERIFY(play.canvas().summary().contains(QStringLiteral("The writer waits for reader 1")));
    const std::optional<QRectF> wait = play.canvas().waitLayout().waitRect(0);
    QVERIFY(wait && wait->left() == play.canvas().waitLayout().remapX());
    QCOMPARE(wait->right(), play.canvas().waitLayout().area().right()); // still
    QVERIFY(play.run(closing(1)));
    QVERIFY(play.canvas().waitLayout().waitRect(0)->right() <
            play.canvas().waitLayout().area().right());
    play.view.boltsWayBox()->setChecked(false);
    QVERIFY(play.canvas().summary().contains(QStringLiteral("it is unmapped")));
}

void TestGrowthView::remapMovesOverTime() {
    Play play(nextPath());
    QVERIFY(play.run(generating(300, 0)));
    play.view.setAnimated(true);
    play.view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&play.view));
    const bool hasEffects = play.view.style()->styleHint(QStyle::SH_Widget_Animation_Duration,
                                                         nullptr, &play.view) != 0;
    const std::size_t before = play.canvas().series().remaps().size();
    QVERIFY(play.run(generating(2000, 300)));
    QVERIFY(play.canvas().series().remaps().size() > before);
    QVERIFY(!hasEffects || play.canvas().transition() < 1);
    QTRY_COMPARE(play.canvas().transition(), 1.0);
    play.view.setAnimated(false);
    QVERIFY(play.run(generating(4000, 3000)));
    QCOMPARE(play.canvas().transition(), 1.0);
    play.canvas().setTransition(0.5);
    const QImage half = play.canvas().grab().toImage();
    play.canvas().setTransition(1);
    QVERIFY(half != play.canvas().grab().toImage());
}

void TestGrowthView::switchesChangeThePicture() {
    Play play(nextPath());
    QVERIFY(play.run(generating(1500, 0)));
    const QImage first = play.canvas().grab().toImage();
    play.view.scaleBox()->setCurrentIndex(1);
    const QImage even = play.canvas().grab().toImage();
    QVERIFY(even != first);
    QVERIFY(!play.canvas().growthLayout().measure().isLogarithmic);
    play.view.scaleBox()->setCurrentIndex(0);
    play.view.wholeRuleBox()->setChecked(true);
    QVERIFY(play.canvas().grab().toImage() != first);
    QVERIFY(play.canvas().growthLayout().highestBytes() >= 4 * kGiB);
    play.view.wholeRuleBox()->setChecked(false);
    QCOMPARE(play.canvas().grab().toImage(), first);
    play.view.setTheme(Theme::dark());
    QVERIFY(play.canvas().grab().toImage() != first);
    play.view.setLog(nullptr);
    QVERIFY(!play.canvas().grab().isNull());
}

// What the card calls right is what the engine then does.
void TestGrowthView::nextMappingComesTrue() {
    Play play(nextPath());
    for (quint64 round = 0; round < 6; ++round) {
        QVERIFY(play.run(generating(50, round * 50)));
        play.view.ask();
        const MappingQuestion question = play.view.card()->question();
        const std::size_t before = play.canvas().series().remaps().size();
        // One value that takes the new pages it speaks of; a leaf and the freelist come on top.
        QVERIFY(play.run(command(Kind::Put, "v", "k" + QByteArray::number(round),
                                 QByteArray(int(question.more) - 64, 'v'))));
        QVERIFY(play.run(command(Kind::Commit)));
        QVERIFY(play.canvas().series().remaps().size() > before);
        QCOMPARE(play.engine->store().mapping().length, question.answer);
    }
}

void TestGrowthView::cardOpensAndCloses() {
    Play play(nextPath());
    QVERIFY(play.run(generating(300, 0)));
    QVERIFY(!play.view.isAsking());
    play.view.askButton()->click();
    QVERIFY(play.view.isAsking());
    QVERIFY(play.view.card()->questionText().contains(
        bytesText(play.engine->store().mapping().length)));
    QTest::keyClick(play.view.card(), Qt::Key_Escape);
    QVERIFY(!play.view.isAsking());
}

void TestGrowthView::bigSparseFileHasStepsOfOneGiB() {
    StageLog log(bigState(5 * kGiB - 65536, 5 * kGiB - 4096, 5 * kGiB));
    GrowthView view;
    view.resize(1000, 640);
    view.setLog(&log);
    QCOMPARE(view.canvas()->present().map.length, 5 * kGiB);
    const std::vector<GrowthTick>& levels = view.canvas()->growthLayout().levels();
    const auto isShown = [&](quint64 length) {
        return std::ranges::find(levels, length, &GrowthTick::value) != levels.end();
    };
    QVERIFY(isShown(kGiB) && isShown(2 * kGiB) && isShown(5 * kGiB) && isShown(6 * kGiB));
    view.ask();
    QCOMPARE(view.card()->question().answer, 6 * kGiB);
    QVERIFY(
        mappingRuleText(view.card()->question()).contains(QStringLiteral("whole number of GiB")));
    log.append(WriteTraceEvent{RemapEvent{0x7f1000000000, 5 * kGiB, 0x7f0e00000000, 6 * kGiB,
                                          view.card()->question().needed}});
    view.refresh();
    QCOMPARE(view.canvas()->present().map.length, 6 * kGiB);
    QVERIFY(!view.grab().isNull());
}

void TestGrowthView::runningGeneratorIsCheap() {
    Play source(
        nextPath()); // an engine writes the events; they are fed to a view in chunks of a frame
    SandboxCommand many = generating(190'000, 0, 16);
    QVERIFY(source.engine->run(many).has_value());
    QVERIFY(source.log.size() > 200'000);
    StageLog log(source.log.stateAt(-1));
    GrowthView view;
    view.resize(1280, 800);
    view.setAnimated(false);
    view.setLog(&log);
    QImage frame(view.size(), QImage::Format_ARGB32_Premultiplied);
    view.render(&frame);
    constexpr int kChunk = 200; // events in a frame at 10,000 keys a second
    double most = 0;
    double all = 0;
    std::vector<double> times;
    for (int at = 0; at < 200'000; at += kChunk) {
        for (int i = at; i < at + kChunk; ++i) {
            log.append(source.log.event(i));
        }
        const double begin = threadMs();
        view.refresh();
        view.canvas()->render(&frame);
        times.push_back(threadMs() - begin);
    }
    std::ranges::sort(times);
    for (const double time : times) {
        all += time;
        most = std::max(most, time);
    }
    const double nearlyMost = times[times.size() * 99 / 100];
    qInfo("refresh and paint, %d frames: mean %.2f ms, 99 %% %.2f ms, most %.2f ms",
          int(times.size()), all / double(times.size()), nearlyMost, most);
    QVERIFY2(nearlyMost < 8, "a frame of 16 ms has room for other views");
    QCOMPARE(view.canvas()->present().map.length, log.newest().map.length);
}

void TestGrowthView::picturesAreWhole() {
    Play play(nextPath());
    QVERIFY(play.run(generating(150, 0)));
    QVERIFY(play.run(command(Kind::OpenReader)));
    QVERIFY(play.run(generating(400, 150)));
    QVERIFY(play.run(command(Kind::OpenReader)));
    QVERIFY(play.run(generating(2200, 700)));
    QVERIFY(play.run(command(Kind::OpenReader)));
    QVERIFY(play.run(closing(1)));
    QVERIFY(play.run(generating(300, 3000)));
    play.view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&play.view));
    const QString folder = qEnvironmentVariable("PAGESCAPE_PICTURES");
    const auto keep = [&](const QString& name) {
        const QImage image = play.view.grab().toImage();
        QVERIFY2(coloursOf(image) > 12, qPrintable(name));
        QVERIFY(folder.isEmpty() || image.save(folder + u'/' + name + QStringLiteral(".png")));
    };
    for (const bool isDark : {false, true}) {
        const Theme theme = isDark ? Theme::dark() : Theme::light();
        play.view.setTheme(theme);
        play.view.setPalette(theme.palette());
        play.view.setAutoFillBackground(true);
        const QString mode = isDark ? QStringLiteral("dark") : QStringLiteral("light");
        for (const QSize size : {QSize(640, 420), QSize(1000, 640), QSize(1600, 900)}) {
            const QString name = QStringLiteral("growth-%1-%2").arg(mode).arg(size.width());
            play.view.resize(size);
            play.view.boltsWayBox()->setChecked(isDark);
            play.view.scaleBox()->setCurrentIndex(0);
            keep(name);
            play.view.boltsWayBox()->setChecked(!isDark);
            play.view.scaleBox()->setCurrentIndex(1);
            play.canvas().setMarked(
                play.canvas().series().pointAt(play.canvas().series().remaps().at(2).event));
            keep(name + QStringLiteral("-even"));
            play.canvas().setMarked(-1);
            play.view.scaleBox()->setCurrentIndex(0);
            play.view.wholeRuleBox()->setChecked(true);
            play.view.ask();
            play.view.card()->answer(play.view.card()->options().front().bytes);
            const QScrollBar* bar = play.view.findChild<QScrollArea*>()->verticalScrollBar();
            QTRY_VERIFY(size.width() > 640 || bar->maximum() > 0);
            QTRY_COMPARE(bar->value(), bar->maximum()); // the answer is in sight
            const QWidget& card = *play.view.card();
            QTRY_VERIFY(card.width() <= card.parentWidget()->width());
            keep(name + QStringLiteral("-card"));
            QTest::keyClick(play.view.card(), Qt::Key_Escape);
            QTRY_COMPARE(play.canvas().width(), play.view.width());
            play.view.wholeRuleBox()->setChecked(false);
        }
    }
    QVERIFY(play.view.minimumSizeHint().width() <= 640);
    QVERIFY(play.view.minimumSizeHint().height() <= 420);
    play.view.setPosition(-1);
    keep(QStringLiteral("growth-first"));
    play.view.setPosition(play.log.size() - 1);
    play.canvas().setTransition(0.5);
    keep(QStringLiteral("growth-moving"));
    // A file that the rule takes to 3 GiB: hundreds of growths, steps of 1 GiB.
    StageLog log(bigState(16384, 32768, 32768));
    quint64 mapped = 32768;
    quint64 length = 32768;
    quint64 address = 0x7f1000000000;
    for (quint64 tx = 8; length < 3 * kGiB; ++tx) {
        const quint64 needed = std::min(length + 4096, mapped * 2);
        const quint64 next = *mappingLength(needed, 4096);
        log.append(WriteTraceEvent{
            WriteTxEvent{WriteTxEvent::Phase::Begin, TxId{tx}, PageId{3}, log.newest().highWater}});
        if (next > mapped) {
            log.append(WriteTraceEvent{RemapEvent{address, mapped, address - next, next, needed}});
            address -= next;
            mapped = next;
        }
        const quint64 grown = ruledFileLength(needed, mapped, quint64{16} << 20U);
        log.append(WriteTraceEvent{GrowEvent{length, grown, false}});
        length = grown;
        log.append(WriteTraceEvent{WriteTxEvent{WriteTxEvent::Phase::Commit, TxId{tx}, PageId{3},
                                                PageId{needed / 4096 - 1}}});
    }
    play.view.setLog(&log);
    play.view.resize(1000, 640);
    keep(QStringLiteral("growth-big"));
    play.view.scaleBox()->setCurrentIndex(1);
    keep(QStringLiteral("growth-big-even"));
}

QTEST_MAIN(TestGrowthView)
#include "tst_growth_view.moc"
