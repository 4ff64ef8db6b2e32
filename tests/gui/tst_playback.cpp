// SPDX-License-Identifier: MIT
// Playback: steps are those of the level, all ways to move end on one of them, and time is
// injected.
#include "row_player.h"

#include <QSignalSpy>
#include <QTest>

using namespace pagescape::gui;
using namespace std::chrono_literals;

namespace {
constexpr int kEvents = 100'000;
} // namespace

class TestPlayback : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void startsPausedBeforeTheFirstEvent() {
        RowFixture f(kEvents);
        QCOMPARE(f.player.position(), -1);
        QCOMPARE(f.player.stepNumber(), 0);
        QCOMPARE(f.player.stepCount(), kEvents);
        QVERIFY(f.player.atStart());
        QVERIFY(!f.player.atEnd());
        QVERIFY(!f.player.isPlaying());
    }

    void seekEndsOnTheStepAtOrBefore_data() {
        QTest::addColumn<int>("level");
        QTest::addColumn<int>("event");
        QTest::addColumn<int>("position");
        QTest::addColumn<int>("step");
        QTest::newRow("fine") << RowPlayer::kFine << 54'321 << 54'321 << 54'322;
        QTest::newRow("fine, past the end") << RowPlayer::kFine << 200'000 << 99'999 << 100'000;
        QTest::newRow("fine, before the first") << RowPlayer::kFine << -7 << -1 << 0;
        QTest::newRow("coarse, a step") << RowPlayer::kCoarse << 59 << 59 << 6;
        QTest::newRow("coarse, between") << RowPlayer::kCoarse << 58 << 49 << 5;
        QTest::newRow("coarse, before any step") << RowPlayer::kCoarse << 8 << -1 << 0;
    }
    void seekEndsOnTheStepAtOrBefore() {
        QFETCH(int, level);
        QFETCH(int, event);
        RowFixture f(kEvents);
        f.player.setLevelIndex(level);
        f.player.seek(500);
        f.player.seek(event);
        QTEST(f.player.position(), "position");
        QTEST(f.player.stepNumber(), "step");
    }

    void eachLevelHasItsSteps() {
        RowFixture f(kEvents);
        QSignalSpy changed(&f.player, &Playback::stepsChanged);
        QSignalSpy moved(&f.player, &Playback::moved);
        f.player.seek(57);
        f.player.setLevelIndex(RowPlayer::kCoarse);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(f.player.stepCount(), kEvents / 10);
        QCOMPARE(f.player.position(), 49);
        f.player.forward();
        QCOMPARE(f.player.position(), 59);
        f.player.back();
        f.player.back();
        QCOMPARE(f.player.position(), 39);
        f.player.setLevelIndex(RowPlayer::kFine);
        QCOMPARE(changed.count(), 2);
        QCOMPARE(f.player.position(), 39);
        f.player.forward();
        QCOMPARE(f.player.position(), 40);
        QCOMPARE(moved.count(), 6);
        f.player.setLevelIndex(7);
        QCOMPARE(f.player.levelIndex(), RowPlayer::kFine);
    }

    void everyStepIsReachedByItsNumber() {
        RowFixture f(kEvents);
        for (int step = 0; step <= kEvents; ++step) {
            f.player.seekStep(step);
            if (f.player.stepNumber() != step || f.player.position() != step - 1) {
                QCOMPARE(f.player.stepNumber(), step);
                QCOMPARE(f.player.position(), step - 1);
            }
        }
        QVERIFY(f.player.atEnd());
        f.player.seekStep(kEvents + 5);
        QCOMPARE(f.player.stepNumber(), kEvents);
        f.player.seekStep(-5);
        QVERIFY(f.player.atStart());
    }

    void firstAndLastGoToTheEnds() {
        RowFixture f(kEvents);
        f.player.last();
        QVERIFY(f.player.atEnd());
        f.player.forward();
        QCOMPARE(f.player.position(), kEvents - 1);
        f.player.first();
        QVERIFY(f.player.atStart());
        f.player.back();
        QCOMPARE(f.player.position(), -1);
    }

    void whatIsShownIsBuiltBeforeItIsTold() {
        RowFixture f(kEvents);
        std::vector<std::pair<int, int>> told; // position, and what was built last
        connect(&f.player, &Playback::moved, this,
                [&](int event) { told.emplace_back(event, f.player.built().back()); });
        f.player.seek(12);
        f.player.seek(12);
        f.player.first();
        QCOMPARE(f.player.built(), (std::vector<int>{12, -1}));
        QCOMPARE(told, (std::vector<std::pair<int, int>>{{12, 12}, {-1, -1}}));
    }

    void sameKindIsFoundBothWays() {
        RowFixture f(kEvents);
        f.player.nextOfKind();
        QCOMPARE(f.player.position(), -1);
        f.player.seek(7);
        f.player.nextOfKind();
        QCOMPARE(f.player.position(), 10);
        f.player.previousOfKind();
        f.player.previousOfKind();
        f.player.previousOfKind();
        QCOMPARE(f.player.position(), 1);
        f.player.previousOfKind();
        QCOMPARE(f.player.position(), 1);
        f.player.last();
        f.player.nextOfKind();
        QCOMPARE(f.player.position(), kEvents - 1);
    }

    void sameKindIsAStepOfTheLevel() {
        RowFixture f(kEvents);
        f.player.setLevelIndex(RowPlayer::kCoarse);
        f.player.seek(19); // kind 1; 29 has kind 2 and 39 kind 0
        f.player.nextOfKind();
        QCOMPARE(f.player.position(), 49);
        f.player.previousOfKind();
        QCOMPARE(f.player.position(), 19);
    }

    void playingFollowsTheClockAndEndsByItself() {
        RowFixture f(4);
        QSignalSpy playing(&f.player, &Playback::playingChanged);
        f.player.play();
        QCOMPARE(f.clock->delay(), 1200ms);
        for (int event = 0; event < 4; ++event) {
            QVERIFY(f.clock->isSet());
            f.clock->elapse();
            QCOMPARE(f.player.position(), event);
        }
        QVERIFY(!f.player.isPlaying());
        QVERIFY(!f.clock->isSet());
        QCOMPARE(playing.count(), 2);
        f.player.togglePlay();
        QVERIFY(f.player.atStart());
        QVERIFY(f.player.isPlaying());
    }

    void pausingStopsTheClock() {
        RowFixture f(kEvents);
        f.player.togglePlay();
        f.clock->elapse();
        f.player.togglePlay();
        QVERIFY(!f.player.isPlaying());
        QVERIFY(!f.clock->isSet());
        QCOMPARE(f.player.position(), 0);
    }

    void restFollowsCaptionAndSpeed() {
        RowFixture f(kEvents);
        f.player.setCaptionWords([](int event) { return event < 0 ? 5 : 40; });
        QCOMPARE(f.player.rest(), 1200ms);
        f.player.forward();
        QCOMPARE(f.player.rest(), 2400ms);
        QSignalSpy speed(&f.player, &Playback::speedChanged);
        f.player.setSpeed(100);
        QCOMPARE(f.player.speed(), 4.0);
        QCOMPARE(f.player.rest(), 600ms);
        f.player.faster();
        QCOMPARE(f.player.speed(), Playback::kInstant);
        QCOMPARE(f.player.rest(), 0ms);
        QCOMPARE(speed.count(), 2);
        f.player.play();
        QVERIFY(f.player.atEnd());
        QVERIFY(!f.clock->isSet());
    }

    void aLevelWithoutFurtherStepsEndsPlaying() {
        RowFixture f(15);
        f.player.seek(9);
        f.player.play();
        f.player.setLevelIndex(RowPlayer::kCoarse); // 9 is its only step
        QCOMPARE(f.player.position(), 9);
        QVERIFY(!f.player.isPlaying());
        QVERIFY(!f.clock->isSet());
    }

    void anotherRowStartsPausedBeforeItsFirstEvent() {
        RowFixture f(kEvents);
        f.player.seek(77);
        f.player.play();
        QSignalSpy changed(&f.player, &Playback::stepsChanged);
        QSignalSpy moved(&f.player, &Playback::moved);
        f.player.setEvents(0);
        QCOMPARE(f.player.position(), -1);
        QCOMPARE(f.player.built().back(), -1);
        QVERIFY(!f.player.isPlaying());
        QVERIFY(!f.clock->isSet());
        QCOMPARE(changed.count(), 1);
        QCOMPARE(moved.count(), 1);
        f.player.play();
        QVERIFY(!f.player.isPlaying());
        f.player.setEvents(3);
        QCOMPARE(moved.count(), 2);
        QCOMPARE(f.player.stepCount(), 3);
    }
};

QTEST_GUILESS_MAIN(TestPlayback)
#include "tst_playback.moc"
