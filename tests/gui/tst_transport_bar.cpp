// SPDX-License-Identifier: MIT
// The transport bar drives a player and follows it, whoever moves it.
#include "row_player.h"
#include "views/transport_bar.h"

#include <QComboBox>
#include <QLabel>
#include <QSignalSpy>
#include <QSlider>
#include <QToolButton>
#include <QtTest>

using namespace pagescape::gui;

namespace {

struct BarFixture : RowFixture {
    explicit BarFixture(int events) : RowFixture(events), bar(&player) {
        bar.setTheme(Theme::light());
        bar.resize(700, 40);
        bar.show();
    }
    QToolButton* button(const char* id) const {
        return bar.findChild<QToolButton*>(QString::fromLatin1(id));
    }
    QComboBox* box(const char* id) const {
        return bar.findChild<QComboBox*>(QString::fromLatin1(id));
    }
    void click(const char* id) const { QTest::mouseClick(button(id), Qt::LeftButton); }

    TransportBar bar;
};

// Chooses like a person does, with the keyboard.
void chooseNext(QComboBox* box) {
    QTest::keyClick(box, Qt::Key_Down);
}

} // namespace

class TestTransportBar : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void buttonsMoveThePlayer() {
        BarFixture f(23);
        f.click("next");
        f.click("next");
        QCOMPARE(f.player.position(), 1);
        f.click("previous");
        QCOMPARE(f.player.position(), 0);
        f.click("last");
        QCOMPARE(f.player.position(), 22);
        f.click("first");
        QCOMPARE(f.player.position(), -1);
    }

    void buttonsAreOffWhereTheyLeadNowhere() {
        BarFixture f(23);
        QVERIFY(!f.button("first")->isEnabled());
        QVERIFY(!f.button("previous")->isEnabled());
        QVERIFY(f.button("next")->isEnabled());
        f.player.last();
        QVERIFY(f.button("first")->isEnabled());
        QVERIFY(f.button("previous")->isEnabled());
        QVERIFY(!f.button("next")->isEnabled());
        QVERIFY(!f.button("last")->isEnabled());
    }

    void playButtonTellsWhatItDoes() {
        BarFixture f(2);
        QCOMPARE(f.button("play")->accessibleName(), QStringLiteral("Play"));
        f.click("play");
        QVERIFY(f.player.isPlaying());
        QCOMPARE(f.button("play")->accessibleName(), QStringLiteral("Pause"));
        f.click("play");
        QVERIFY(!f.player.isPlaying());
        QCOMPARE(f.button("play")->accessibleName(), QStringLiteral("Play"));
        f.player.play();
        f.clock->elapse();
        f.clock->elapse(); // the end
        QCOMPARE(f.button("play")->accessibleName(), QStringLiteral("Play"));
    }

    void sliderAndTextFollow() {
        BarFixture f(23);
        QCOMPARE(f.bar.stepText(), QStringLiteral("step 0 of 23"));
        f.player.seek(6);
        QCOMPARE(f.bar.stepText(), QStringLiteral("step 7 of 23"));
        QCOMPARE(f.bar.slider()->value(), 7);
        QCOMPARE(f.bar.slider()->maximum(), 23);
        f.player.setEvents(5);
        QCOMPARE(f.bar.stepText(), QStringLiteral("step 0 of 5"));
        QCOMPARE(f.bar.slider()->value(), 0);
        QCOMPARE(f.bar.slider()->maximum(), 5);
    }

    void sliderGoesStepByStepInAShortRow() {
        BarFixture f(23);
        QTest::keyClick(f.bar.slider(), Qt::Key_PageUp);
        QCOMPARE(f.player.stepNumber(), 1);
        QTest::keyClick(f.bar.slider(), Qt::Key_Right);
        QCOMPARE(f.player.stepNumber(), 2);
        QTest::keyClick(f.bar.slider(), Qt::Key_End);
        QVERIFY(f.player.atEnd());
    }

    void sliderReachesEveryPartOfAMillionSteps() {
        BarFixture f(1'000'000);
        QSlider* slider = f.bar.slider();
        QTest::keyClick(slider, Qt::Key_PageUp);
        QCOMPARE(f.player.stepNumber(), 10'000);
        QTest::keyClick(slider, Qt::Key_Right);
        QCOMPARE(f.player.stepNumber(), 10'001);
        QCOMPARE(slider->value(), 10'001);
        for (const int step : {0, 1, 499'999, 500'001, 999'999, 1'000'000}) {
            slider->setValue(step);
            QCOMPARE(f.player.stepNumber(), step);
            QCOMPARE(slider->value(), step);
        }
        f.player.first();
        const QPoint grip(5, slider->height() / 2);
        QTest::mousePress(slider, Qt::LeftButton, {}, grip);
        QTest::mouseMove(slider, QPoint(slider->width() / 2, grip.y()));
        QTest::mouseRelease(slider, Qt::LeftButton, {}, QPoint(slider->width() / 2, grip.y()));
        QVERIFY2(f.player.stepNumber() > 400'000 && f.player.stepNumber() < 600'000,
                 qPrintable(f.bar.stepText()));
        QVERIFY(f.bar.width() >= f.bar.minimumSizeHint().width());
    }

    void levelBoxDrivesAndFollows() {
        BarFixture f(100);
        QComboBox* level = f.box("level");
        QCOMPARE(level->count(), 2);
        QCOMPARE(level->currentText(), QStringLiteral("ones"));
        f.player.setLevelIndex(RowPlayer::kCoarse);
        QCOMPARE(level->currentText(), QStringLiteral("tens"));
        QCOMPARE(f.bar.stepText(), QStringLiteral("step 0 of 10"));
        QCOMPARE(f.bar.slider()->maximum(), 10);
        chooseNext(level);
        QCOMPARE(f.player.levelIndex(), RowPlayer::kFine);
        QCOMPARE(f.bar.stepText(), QStringLiteral("step 0 of 100"));
        f.bar.setLevelToolTip(QStringLiteral("what they mean"));
        QCOMPARE(level->toolTip(), QStringLiteral("what they mean"));
    }

    void speedBoxDrivesAndFollows() {
        BarFixture f(100);
        QComboBox* speed = f.box("speed");
        QCOMPARE(speed->currentText(), QStringLiteral("1×"));
        f.player.slower();
        QCOMPARE(speed->currentText(), QStringLiteral("0.5×"));
        chooseNext(speed);
        QCOMPARE(f.player.speed(), 1.0);
        chooseNext(speed);
        chooseNext(speed);
        chooseNext(speed);
        QCOMPARE(f.player.speed(), Playback::kInstant);
        QCOMPARE(speed->currentText(), QStringLiteral("instant"));
    }

    void aBarMadeLateShowsWhatIs() {
        RowFixture f(23);
        f.player.seek(6);
        f.player.setSpeed(2);
        f.player.play();
        const TransportBar bar(&f.player);
        QCOMPARE(bar.stepText(), QStringLiteral("step 7 of 23"));
        QCOMPARE(bar.slider()->value(), 7);
        QCOMPARE(bar.findChild<QToolButton*>(QStringLiteral("play"))->accessibleName(),
                 QStringLiteral("Pause"));
        QCOMPARE(bar.findChild<QComboBox*>(QStringLiteral("speed"))->currentText(),
                 QStringLiteral("2×"));
    }

    void everyControlHasANameAndAButtonATip() {
        BarFixture f(23);
        for (const char* id : {"first", "previous", "play", "next", "last"}) {
            QVERIFY2(!f.button(id)->accessibleName().isEmpty(), id);
            QVERIFY2(!f.button(id)->toolTip().isEmpty(), id);
        }
        QVERIFY(!f.box("level")->accessibleName().isEmpty());
        QVERIFY(!f.box("speed")->accessibleName().isEmpty());
        QVERIFY(!f.bar.slider()->accessibleName().isEmpty());
        f.bar.focusForward();
        QCOMPARE(f.bar.focusWidget(), f.button("next"));
    }
};

QTEST_MAIN(TestTransportBar)
#include "tst_transport_bar.moc"
