// SPDX-License-Identifier: MIT
// The crash lab's widgets on a real commit: the picture, its boxes, outcomes and the verdict.
#include "crash_fixture.h"
#include "layout/crash_layout.h"
#include "stage/crash_text.h"
#include "units/english_plurals.h"
#include "views/crash_fate_bar.h"
#include "views/crash_list_view.h"
#include "views/crash_panel.h"
#include "window/crash_binding.h"

#include <QComboBox>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QSpinBox>
#include <QToolButton>

using namespace pagescape;
using namespace pagescape::gui;
using namespace pagescape::test;

class TestCrashPanel : public QObject {
    Q_OBJECT

private:
    EnglishPlurals m_plurals;
    std::unique_ptr<CrashFixture> m_fixture;
    std::unique_ptr<CrashPanel> m_panel;
    std::unique_ptr<CrashLab> m_lab;
    std::unique_ptr<CrashBinding> m_binding;

    void record(bool isSynced);
    void clickButton(const char* name) {
        auto* button = m_panel->findChild<QPushButton*>(QLatin1String(name));
        QVERIFY(button != nullptr && button->isEnabled());
        QTest::mouseClick(button, Qt::LeftButton);
    }
    void clickList(const QRectF& rect) {
        QTest::mouseClick(m_panel->list()->viewport(), Qt::LeftButton, {},
                          m_panel->list()->inViewport(rect).center().toPoint());
    }
    void key(Qt::Key pressed, Qt::KeyboardModifiers modifiers = {}) {
        QTest::keyClick(m_panel->list(), pressed, modifiers);
    }
    [[nodiscard]] std::size_t cursor() const { return m_lab->choice().cursor(); }
    [[nodiscard]] WriteFate fateOf(std::size_t row) const {
        return m_lab->choice().fates[*m_lab->choice().openIndex(row)];
    }
    [[nodiscard]] std::size_t stop(CrashStop::Kind kind) const {
        return std::ranges::find(m_lab->script()->stops, kind, &CrashStop::kind)->cursor;
    }

private Q_SLOTS:
    void initTestCase() { QCoreApplication::installTranslator(&m_plurals); }
    void cleanup() {
        m_binding.reset();
        m_lab.reset();
        m_panel.reset();
        m_fixture.reset();
    }
    void layoutFindsWhatItPlaces();
    void layoutDropsColumnsInShortWidths();
    void emptyLabSaysHowToGetACommit();
    void cursorFollowsKeysClicksAndDrags();
    void namedStopsMoveTheCrash();
    void boxesAndSectorsSetFates();
    void fateBarIsATwinOfTheBoxes();
    void buttonsSetAllBoxes();
    void verdictSaysWhatTheEngineJudges();
    void outcomeSetsTheBoxes();
    void findingLinksToItsPage();
    void savedImageNamesTheCommands();
};

void TestCrashPanel::record(bool isSynced) {
    m_fixture = std::make_unique<CrashFixture>(isSynced);
    QVERIFY(m_fixture->open());
    QVERIFY(m_fixture->commit(0, 30));
    QVERIFY(m_fixture->commit(30, 20));
    m_panel = std::make_unique<CrashPanel>();
    m_lab = std::make_unique<CrashLab>();
    m_binding = std::make_unique<CrashBinding>(m_lab.get(), m_panel.get());
    m_lab->setMaterial(m_fixture->material());
    m_panel->resize(1100, 700);
    m_panel->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_panel.get()));
    m_panel->list()->setFocus();
}

void TestCrashPanel::layoutFindsWhatItPlaces() {
    for (std::size_t at = 0; at <= 7; ++at) {
        const CrashLayout layout({7, at, 800, 20, 8, false});
        QCOMPARE(layout.height(), 160.0);
        QCOMPARE(layout.cursorAt(layout.cursorRect().center().y()), at);
        QCOMPARE(layout.rowAt(layout.cursorRect().center().y()), std::nullopt);
        for (std::size_t row = 0; row < 7; ++row) {
            QCOMPARE(layout.rowAt(layout.rowRect(row).center().y()), row);
            QVERIFY(!layout.rowRect(row).intersects(layout.cursorRect()));
            QCOMPARE(layout.sectorsAt(row, layout.sectorsRect(row).center().x(), 8), 4U);
            QVERIFY(!layout.sectorsRect(row).intersects(layout.stateRect(row)));
        }
    }
    const CrashLayout layout({7, 3, 800, 20, 8, false});
    QCOMPARE(layout.cursorAt(-5), 0U);
    QCOMPARE(layout.cursorAt(1e6), 7U);
    QCOMPARE(layout.rowAt(-1), std::nullopt);
    QCOMPARE(layout.rowAt(1e6), std::nullopt);
}

void TestCrashPanel::layoutDropsColumnsInShortWidths() {
    const CrashLayout wide({3, 3, 900, 20, 8, false});
    QVERIFY(!wide.sectorsRect(0).isEmpty());
    QVERIFY(!wide.bytesRect(0).isEmpty());
    const CrashLayout narrow({3, 3, 420, 20, 8, false});
    QVERIFY(narrow.sectorsRect(0).isEmpty());
    QVERIFY(narrow.bytesRect(0).isEmpty());
    QVERIFY(narrow.textRect(0).width() > 100);
    QVERIFY(narrow.stateRect(0).right() <= 420);
}

void TestCrashPanel::emptyLabSaysHowToGetACommit() {
    CrashPanel panel;
    QVERIFY(panel.list()->summary().contains(QStringLiteral("commit")));
    QVERIFY(!panel.findChild<QPushButton*>(QStringLiteral("crash"))->isEnabled());
}

void TestCrashPanel::cursorFollowsKeysClicksAndDrags() {
    record(true);
    const std::size_t count = m_lab->script()->rows.size();
    QCOMPARE(cursor(), count);
    key(Qt::Key_Up);
    QCOMPARE(cursor(), count - 1);
    key(Qt::Key_Down);
    key(Qt::Key_Down);
    QCOMPARE(cursor(), count);
    key(Qt::Key_Home);
    QCOMPARE(cursor(), 0U);
    key(Qt::Key_PageDown);
    QCOMPARE(cursor(), m_lab->script()->stops.front().cursor);
    key(Qt::Key_End);
    QCOMPARE(cursor(), count);
    // A click in the column, then a drag.
    CrashListView* list = m_panel->list();
    const auto gutterAt = [&](std::size_t slot) {
        const qreal y = list->crashLayout().values().rowHeight * (qreal(slot) + 0.5);
        return QPoint(int(list->crashLayout().gutterRect().center().x()), int(y));
    };
    QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, gutterAt(2));
    QCOMPARE(cursor(), 2U);
    QTest::mousePress(list->viewport(), Qt::LeftButton, {}, gutterAt(2));
    QTest::mouseMove(list->viewport(), gutterAt(4));
    QTRY_COMPARE_WITH_TIMEOUT(cursor(), 4U, 30000);
    QTest::mouseMove(list->viewport(), gutterAt(1));
    QTRY_COMPARE_WITH_TIMEOUT(cursor(), 1U, 30000);
    QTest::mouseRelease(list->viewport(), Qt::LeftButton, {}, gutterAt(1));
    QTest::mouseMove(list->viewport(), gutterAt(3));
    QCOMPARE(cursor(), 1U);
    QVERIFY(list->accessibleDescription().startsWith(QStringLiteral("Crash after operation 1 of")));
}

void TestCrashPanel::namedStopsMoveTheCrash() {
    record(true);
    int clicked = 0;
    for (const CrashStop& stop : m_lab->script()->stops) {
        for (auto* button : m_panel->findChildren<QToolButton*>()) {
            if (button->text() == crashStopName(stop.kind)) {
                QTest::mouseClick(button, Qt::LeftButton);
                QCOMPARE(cursor(), stop.cursor);
                QVERIFY(button->isChecked());
                ++clicked;
            }
        }
    }
    QCOMPARE(clicked, int(m_lab->script()->stops.size()));
}

void TestCrashPanel::boxesAndSectorsSetFates() {
    record(true);
    m_lab->setCursor(stop(CrashStop::Kind::BeforeDataSync));
    CrashListView* list = m_panel->list();
    const std::size_t row = m_lab->choice().point.open.back();
    QCOMPARE(m_lab->script()->rows[row].kind, CrashRow::Kind::Write);
    clickList(list->crashLayout().boxRect(row));
    QCOMPARE(fateOf(row).kind, WriteFate::Kind::Lost);
    QCOMPARE(list->currentRow(), row);
    key(Qt::Key_Space);
    QCOMPARE(fateOf(row).kind, WriteFate::Kind::Survives);
    const quint32 sectors = m_lab->script()->rows[row].sectors;
    QVERIFY(sectors >= 2);
    clickList(list->crashLayout().sectorsRect(row));
    QCOMPARE(fateOf(row).kind, WriteFate::Kind::Torn);
    QCOMPARE(fateOf(row).sectors, (sectors + 1) / 2);
    key(Qt::Key_Minus);
    QCOMPARE(fateOf(row), tornFate(std::ptrdiff_t((sectors + 1) / 2) - 1, sectors));
    key(Qt::Key_T);
    QCOMPARE(fateOf(row).kind, WriteFate::Kind::Torn);
    // What is durable or was never issued has no box.
    m_lab->setCursor(m_lab->script()->rows.size());
    clickList(list->crashLayout().boxRect(0));
    QVERIFY(m_lab->choice().fates.empty());
}

void TestCrashPanel::fateBarIsATwinOfTheBoxes() {
    record(true);
    m_lab->setCursor(stop(CrashStop::Kind::BeforeMetaSync));
    const std::size_t meta = m_lab->choice().point.open.back();
    auto* kind = m_panel->findChild<QComboBox*>(QStringLiteral("fate"));
    auto* sectors = m_panel->findChild<QSpinBox*>(QStringLiteral("sectors"));
    QVERIFY(!kind->isEnabled());
    m_panel->list()->setCurrentRow(meta);
    QVERIFY(kind->isEnabled());
    QCOMPARE(kind->currentText(), QStringLiteral("survives"));
    QTest::keyClick(kind, Qt::Key_Down);
    QCOMPARE(fateOf(meta).kind, WriteFate::Kind::Lost);
    QTest::keyClick(kind, Qt::Key_Down);
    QCOMPARE(fateOf(meta).kind, WriteFate::Kind::Torn);
    QVERIFY(sectors->isVisible());
    QCOMPARE(fateOf(meta).sectors, quint32(sectors->value()));
    QCOMPARE(sectors->maximum(), int(m_lab->script()->rows[meta].sectors) - 1);
}

void TestCrashPanel::buttonsSetAllBoxes() {
    record(false);
    clickButton("lose-all");
    for (const WriteFate& fate : m_lab->choice().fates) {
        QCOMPARE(fate.kind, WriteFate::Kind::Lost);
    }
    clickButton("survive-all");
    QCOMPARE(m_lab->choice().fates, std::vector<WriteFate>(m_lab->choice().point.open.size()));
    auto* seed = m_panel->findChild<QSpinBox*>(QStringLiteral("seed"));
    const int drawn = seed->value();
    clickButton("random");
    QCOMPARE(seed->value(), drawn + 1);
    QCOMPARE(m_lab->choice().fates,
             randomFates(*m_lab->script(), m_lab->choice().point, quint64(drawn)));
}

void TestCrashPanel::verdictSaysWhatTheEngineJudges() {
    record(false);
    const CrashRun run = runOf(m_fixture->material());
    for (const char* button : {"lose-all", "survive-all", "random", "random", "random"}) {
        clickButton(button);
        QTRY_VERIFY_WITH_TIMEOUT(m_lab->judgement(), 30000);
        const CrashVerdict verdict = *judgeImage(*buildImage(run, cursor(), m_lab->choice().fates));
        const QString text = m_panel->verdictText();
        for (int i = 0; i < 2; ++i) {
            const bool isChosen = verdict.metas.active == i;
            QVERIFY2(text.contains(QStringLiteral("Meta %1: transaction ").arg(i)),
                     qPrintable(text));
            QCOMPARE(text.contains(QStringLiteral("<b>Meta %1").arg(i)), isChosen);
        }
        if (verdict.opens() && verdict.damage == 0 && verdict.isContentWhole) {
            QVERIFY2(text.contains(QStringLiteral("no damage, %1 keys").arg(verdict.pairs)),
                     qPrintable(text));
        }
        if (verdict.opens() && verdict.damage > 0) {
            QVERIFY2(text.contains(QStringLiteral("✗ %1 finding").arg(verdict.damage)),
                     qPrintable(text));
        }
    }
    clickButton("lose-all");
    QTRY_VERIFY_WITH_TIMEOUT(m_panel->verdictText().contains(QStringLiteral("never happened")),
                             30000);
    QVERIFY(m_panel->verdictText().contains(QStringLiteral("20 missing (b / key1030, ")));
    clickButton("survive-all");
    QTRY_VERIFY_WITH_TIMEOUT(m_panel->verdictText().contains(QStringLiteral("is there whole")),
                             30000);
}

void TestCrashPanel::outcomeSetsTheBoxes() {
    record(false);
    clickButton("worst");
    QTRY_VERIFY_WITH_TIMEOUT(m_lab->search(), 60000);
    const WorstCase& worst = m_lab->search()->worst;
    QListWidget* outcomes = m_panel->outcomes();
    QCOMPARE(std::size_t(outcomes->count()), worst.outcomes.size());
    QVERIFY(outcomes->count() >= 2);
    for (int i : {0, outcomes->count() - 1}) {
        outcomes->scrollToItem(outcomes->item(i));
        QTest::mouseClick(outcomes->viewport(), Qt::LeftButton, {},
                          outcomes->visualItemRect(outcomes->item(i)).center());
        QCOMPARE(m_lab->choice().fates, worst.outcomes[std::size_t(i)].fates);
        QTRY_VERIFY_WITH_TIMEOUT(m_lab->judgement(), 30000);
        QCOMPARE(m_lab->judgement()->crashClass, worst.outcomes[std::size_t(i)].crashClass);
        QVERIFY(m_panel->verdictText().contains(crashStatement(*m_lab->judgement())));
    }
    m_lab->setCursor(1); // what was found is of another crash
    QCOMPARE(outcomes->count(), 0);
}

void TestCrashPanel::findingLinksToItsPage() {
    record(false);
    m_lab->findWorst();
    QTRY_VERIFY_WITH_TIMEOUT(m_lab->search(), 60000);
    m_lab->takeOutcome(0);
    QTRY_VERIFY_WITH_TIMEOUT(m_panel->verdictText().contains(QStringLiteral("href=\"page:")),
                             30000);
    const QString page =
        m_panel->verdictText().section(QStringLiteral("page:"), 1).section(u'"', 0, 0);
    QSignalSpy activated(m_panel.get(), &CrashPanel::pageActivated);
    Q_EMIT m_panel->findChild<QLabel*>(QStringLiteral("verdict"))
        ->linkActivated(QStringLiteral("page:") + page);
    QCOMPARE(activated.count(), 1);
    QCOMPARE(activated.front().front().value<PageId>(), PageId{page.toULongLong()});
}

void TestCrashPanel::savedImageNamesTheCommands() {
    record(true);
    const QString path = m_fixture->newPath(QStringLiteral("image.db"));
    Q_EMIT m_panel->exportRequested(path);
    auto* saved = m_panel->findChild<QLabel*>(QStringLiteral("saved"));
    QTRY_VERIFY_WITH_TIMEOUT(saved->isVisible(), 30000);
    QVERIFY(saved->text().contains(QStringLiteral("bbolt check ") + path));
    QVERIFY(saved->text().contains(QStringLiteral("pagescape-cli check ") + path));
    QCOMPARE(fileBytes(path), fileBytes(m_fixture->path())); // nothing was lost
    QSignalSpy opened(m_panel.get(), &CrashPanel::openImageRequested);
    Q_EMIT saved->linkActivated(QStringLiteral("open"));
    QCOMPARE(opened.front().front().toString(), path);
}

QTEST_MAIN(TestCrashPanel)
#include "tst_crash_panel.moc"
