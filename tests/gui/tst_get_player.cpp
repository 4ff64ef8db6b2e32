// SPDX-License-Identifier: MIT
// The player: a frame depends on the event's number alone, however one gets there; time is
// injected.
#include "hand_clock.h"
#include "state/get_player.h"

#include <QSignalSpy>
#include <QTest>

using namespace pagescape;
using namespace pagescape::gui;
using namespace std::chrono_literals;

namespace {

ProbeEvent probe(std::uint64_t page, std::uint32_t low, std::uint32_t high, std::uint32_t bytes) {
    ProbeEvent e;
    e.page = PageId{page};
    e.low = low;
    e.high = high;
    e.middle = (low + high) / 2;
    e.key = {page * 4096 + 100, page * 4096 + 104};
    e.bytesCompared = bytes;
    e.order = -1;
    return e;
}

PageReadEvent pageRead(std::uint64_t page) {
    PageReadEvent e;
    e.page = PageId{page};
    e.bytes = {page * 4096, page * 4096 + 4096};
    return e;
}

// Meta, root bucket's leaf, a hop, a branch with two probes, a leaf with one, the value.
GetTracePtr sampleTrace() {
    auto trace = std::make_shared<GetTrace>();
    MetaChosenEvent meta;
    meta.meta = 1;
    meta.pageSize = 4096;
    BucketHopEvent root;
    BucketHopEvent hop;
    hop.level = 1;
    hop.header = {5 * 4096 + 40, 5 * 4096 + 56};
    ChildChosenEvent child;
    child.page = PageId{12};
    child.index = 3;
    child.child = PageId{40};
    LeafHitEvent hit;
    hit.page = PageId{40};
    hit.index = 7;
    hit.key = {40 * 4096 + 200, 40 * 4096 + 204};
    ValueSliceEvent value;
    value.page = PageId{40};
    value.value = {40 * 4096 + 204, 40 * 4096 + 230};
    trace->events = {meta,  root,         pageRead(5),        probe(5, 0, 1, 2),
                     hop,   pageRead(12), probe(12, 0, 8, 3), probe(12, 0, 4, 1),
                     child, pageRead(40), probe(40, 0, 9, 4), hit,
                     value};
    trace->found = true;
    return trace;
}

struct Fixture {
    HandClock* clock = new HandClock;
    GetPlayer player{std::unique_ptr<PlayerClock>(clock)};
};

} // namespace

class TestGetPlayer : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void startsPausedBeforeTheFirstEvent() {
        Fixture f;
        f.player.setTrace(sampleTrace());
        QCOMPARE(f.player.position(), -1);
        QCOMPARE(f.player.stepNumber(), 0);
        QVERIFY(!f.player.isPlaying());
        QVERIFY(f.player.frame().litPages.empty());
    }

    void forwardToTheEndAndBackGivesEqualFrames_data() {
        QTest::addColumn<bool>("bytes");
        QTest::newRow("page level") << false;
        QTest::newRow("byte level") << true;
    }
    void forwardToTheEndAndBackGivesEqualFrames() {
        QFETCH(bool, bytes);
        Fixture f;
        f.player.setTrace(sampleTrace());
        f.player.setLevel(bytes ? GetPlayer::Level::Byte : GetPlayer::Level::Page);
        std::vector<PlayerFrame> frames{f.player.frame()};
        while (!f.player.atEnd()) {
            f.player.forward();
            frames.push_back(f.player.frame());
        }
        QCOMPARE(frames.size(), static_cast<std::size_t>(f.player.stepCount()) + 1);
        QVERIFY(frames.back().isEnd);
        for (std::size_t i = frames.size() - 1; i > 0; --i) {
            QCOMPARE(f.player.frame(), frames[i]);
            f.player.back();
        }
        QCOMPARE(f.player.frame(), frames.front());
        QCOMPARE(f.player.position(), -1);
    }

    void seekingEqualsStepping() {
        Fixture stepped;
        Fixture sought;
        stepped.player.setTrace(sampleTrace());
        sought.player.setTrace(sampleTrace());
        stepped.player.setLevel(GetPlayer::Level::Byte);
        sought.player.setLevel(GetPlayer::Level::Byte);
        sought.player.last();
        for (int event = 0; !stepped.player.atEnd(); ++event) {
            stepped.player.forward();
            sought.player.seek(event);
            QCOMPARE(sought.player.frame(), stepped.player.frame());
            sought.player.seek(12 - event);
        }
    }

    void framesCarryPathAndCosts() {
        const GetTracePtr trace = sampleTrace();
        const PlayerFrame end = frameAt(*trace, 12);
        QCOMPARE(end.litPages, (std::vector<PageId>{PageId{1}, PageId{5}, PageId{12}, PageId{40}}));
        QCOMPARE(end.bytesCompared, quint64{10});
        QCOMPARE(end.comparisons, quint64{4});
        QCOMPARE(end.hops, 1u);
        QCOMPARE(end.value, (ByteRange{40 * 4096 + 204, 40 * 4096 + 230}));
        const PlayerFrame chosen = frameAt(*trace, 8);
        QCOMPARE(chosen.nextPage, PageId{40});
        QCOMPARE(chosen.bytes, (ByteRange{12 * 4096 + 64, 12 * 4096 + 80}));
        QVERIFY(!chosen.probe);
        const PlayerFrame probed = frameAt(*trace, 7);
        QCOMPARE(probed.probe->low, 0u);
        QCOMPARE(probed.probe->high, 4u);
        QCOMPARE(probed.element, 2);
    }

    void outOfRangeEventsAreClamped() {
        const GetTracePtr trace = sampleTrace();
        QCOMPARE(frameAt(*trace, 99), frameAt(*trace, 12));
        QCOMPARE(frameAt(*trace, -99), frameAt(*trace, -1));
        QCOMPARE(frameAt(GetTrace{}, 5), PlayerFrame{});
    }

    void pageLevelHidesProbesButKeepsTheirSum() {
        Fixture f;
        f.player.setTrace(sampleTrace());
        QCOMPARE(f.player.stepCount(), 9);
        f.player.seek(8);
        QCOMPARE(f.player.frame().bytesCompared, quint64{6});
        f.player.back();
        QCOMPARE(f.player.position(), 5);
        f.player.setLevel(GetPlayer::Level::Byte);
        QCOMPARE(f.player.position(), 5);
        f.player.forward();
        QCOMPARE(f.player.position(), 6);
        f.player.setLevel(GetPlayer::Level::Page);
        QCOMPARE(f.player.position(), 5);
    }

    void playingFollowsTheClock() {
        Fixture f;
        f.player.setTrace(sampleTrace());
        QSignalSpy playing(&f.player, &GetPlayer::playingChanged);
        f.player.play();
        QVERIFY(f.player.isPlaying());
        QCOMPARE(f.player.position(), -1);
        QCOMPARE(f.clock->delay(), 1200ms);
        for (int i = 0; i < f.player.stepCount(); ++i) {
            QVERIFY(f.clock->isSet());
            f.clock->elapse();
        }
        QVERIFY(f.player.atEnd());
        QVERIFY(!f.player.isPlaying());
        QVERIFY(!f.clock->isSet());
        QCOMPARE(playing.count(), 2);
        f.player.play();
        QCOMPARE(f.player.position(), -1);
    }

    void restsLongEnoughToReadTheCaption() {
        Fixture f;
        f.player.setTrace(sampleTrace());
        f.player.setCaptionWords([](int event) { return event < 0 ? 5 : 40; });
        QCOMPARE(f.player.rest(), 1200ms);
        f.player.forward();
        QCOMPARE(f.player.rest(), 2400ms);
        f.player.setSpeed(4);
        QCOMPARE(f.player.rest(), 600ms);
        f.player.setSpeed(0.1);
        QCOMPARE(f.player.speed(), 0.25);
        QCOMPARE(f.player.rest(), 9600ms);
    }

    void pausingStopsTheClock() {
        Fixture f;
        f.player.setTrace(sampleTrace());
        f.player.play();
        f.clock->elapse();
        f.player.pause();
        QVERIFY(!f.clock->isSet());
        QCOMPARE(f.player.stepNumber(), 1);
    }

    void instantShowsTheEndAtOnce() {
        Fixture f;
        f.player.setTrace(sampleTrace());
        f.player.setSpeed(GetPlayer::kInstant);
        f.player.play();
        QVERIFY(f.player.atEnd());
        QVERIFY(!f.clock->isSet());
    }

    void speedsStepUpAndDown() {
        Fixture f;
        f.player.faster();
        QCOMPARE(f.player.speed(), 2.0);
        f.player.faster();
        f.player.faster();
        QCOMPARE(f.player.speed(), GetPlayer::kInstant);
        f.player.faster();
        QCOMPARE(f.player.speed(), GetPlayer::kInstant);
        f.player.slower();
        QCOMPARE(f.player.speed(), 4.0);
    }

    void sameKindSkipsOthers() {
        Fixture f;
        f.player.setTrace(sampleTrace());
        f.player.seek(2);
        f.player.nextOfKind();
        QCOMPARE(f.player.position(), 5);
        f.player.nextOfKind();
        QCOMPARE(f.player.position(), 9);
        f.player.nextOfKind();
        QCOMPARE(f.player.position(), 9);
        f.player.previousOfKind();
        QCOMPARE(f.player.position(), 5);
    }

    void anotherTraceStopsPlaying() {
        Fixture f;
        f.player.setTrace(sampleTrace());
        f.player.play();
        f.clock->elapse();
        f.player.setTrace(nullptr);
        QVERIFY(!f.player.isPlaying());
        QVERIFY(!f.clock->isSet());
        QCOMPARE(f.player.stepCount(), 0);
        f.player.play();
        QVERIFY(!f.player.isPlaying());
    }

    void theOwnClockTicks() {
        GetPlayer player;
        player.setTrace(sampleTrace());
        player.setSpeed(4);
        player.play();
        QTRY_COMPARE(player.stepNumber(), 1);
        player.pause();
    }
};

QTEST_GUILESS_MAIN(TestGetPlayer)
#include "tst_get_player.moc"
