// SPDX-License-Identifier: MIT
// The picture of a write transaction can be used with mouse, keyboard and screen reader.
#include "gui/stage_play.h"
#include "views/a11y.h"
#include "views/stage_accessible.h"
#include "views/stage_view.h"

#include <QScrollBar>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include <set>

using namespace pagescape;
using namespace pagescape::gui;

using Kind = StageTarget::Kind;

class TestStageInput : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void mouseAsksForPagesAndNodes();
    void keyboardReachesEverything();
    void largeTextScrolls();
    void screenReadersGetAList();
    void cursorIsTold();

private:
    QTemporaryDir m_dir;
    std::unique_ptr<StagePlay> m_play;
};

void TestStageInput::initTestCase() {
    m_play = StagePlay::committed(m_dir.filePath(QStringLiteral("a.db")));
}

void TestStageInput::mouseAsksForPagesAndNodes() {
    const int index = m_play->last(
        [](const StageState& state) { return state.costs.writes > 2 && !state.dataSynced; });
    StageView view;
    view.resize(640, 420);
    m_play->show(view, index);
    QSignalSpy pages(&view, &StageView::pageActivated);
    QSignalSpy nodes(&view, &StageView::nodeActivated);
    const auto click = [&](const QRectF& rect) {
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, rect.center().toPoint());
    };
    click(view.targetRect({Kind::Page, 17}));
    QCOMPARE(pages.takeFirst().at(0).value<PageId>(), PageId{17});
    click(view.stageLayout().lane(StageLane::Cache).chips.front());
    QCOMPARE(pages.takeFirst().at(0).value<PageId>(),
             view.figures().lane(StageLane::Cache).chips.front().page);
    click(view.targetRect({Kind::Meta, 1}));
    QCOMPARE(pages.takeFirst().at(0).value<PageId>(), PageId{1});
    click(view.targetRect({Kind::Node, 2})); // one click only moves the cursor there
    QVERIFY(nodes.isEmpty());
    QCOMPARE(view.cursor(), std::optional(StageTarget{Kind::Node, 2}));
    QTest::mouseDClick(view.viewport(), Qt::LeftButton, {},
                       view.targetRect({Kind::Node, 2}).center());
    QCOMPARE(nodes.takeFirst().at(0).value<std::uint32_t>(), 2U);
    click(view.targetRect({Kind::Lane, 3}));
    QVERIFY(pages.isEmpty() && nodes.isEmpty());
}

void TestStageInput::keyboardReachesEverything() {
    StageView view;
    view.resize(640, 420);
    m_play->show(view, m_play->log.size() - 1);
    view.show();
    view.setFocus();
    const auto press = [&](int key) { QTest::keyClick(view.viewport(), Qt::Key(key)); };
    std::set<Kind> kinds;
    press(Qt::Key_Home);
    for (int i = 0; i < 12; ++i) {
        QVERIFY(view.cursor() && !view.targetText(*view.cursor()).isEmpty());
        kinds.insert(view.cursor()->kind);
        press(Qt::Key_Down);
    }
    QCOMPARE(kinds.size(), std::size_t(4));
    for (int i = 0; i < 12; ++i) {
        press(Qt::Key_Up);
    }
    QCOMPARE(view.cursor()->kind, Kind::Node);
    press(Qt::Key_End);
    QCOMPARE(*view.cursor(), (StageTarget{Kind::Meta, 1}));
    press(Qt::Key_Left);
    QSignalSpy pages(&view, &StageView::pageActivated);
    press(Qt::Key_Return);
    QCOMPARE(pages.takeFirst().at(0).value<PageId>(), PageId{0});
    view.setCursorTarget({Kind::Page, 4});
    press(Qt::Key_Right);
    QCOMPARE(*view.cursor(), (StageTarget{Kind::Page, 5}));
}

void TestStageInput::largeTextScrolls() {
    StageView view;
    view.resize(640, 420);
    QFont font = view.font();
    font.setPixelSize(30);
    view.setFont(font);
    m_play->show(view, m_play->log.size() - 1);
    QVERIFY(view.verticalScrollBar()->maximum() > 0);
    view.setCursorTarget({Kind::Meta, 1});
    QVERIFY(view.viewport()->rect().contains(view.targetRect({Kind::Meta, 1})));
    QCOMPARE(view.targetAt(view.targetRect({Kind::Meta, 1}).center()),
             std::optional(StageTarget{Kind::Meta, 1}));
}

void TestStageInput::screenReadersGetAList() {
    StageView view;
    view.resize(640, 420);
    m_play->show(view, m_play->log.size() - 1);
    QAccessibleInterface* list = QAccessible::queryAccessibleInterface(&view);
    QVERIFY(list != nullptr);
    QCOMPARE(list->role(), QAccessible::List);
    QCOMPARE(list->childCount(), view.targetCount());
    for (int i = 0; i < list->childCount(); ++i) {
        QAccessibleInterface* item = list->child(i);
        QVERIFY(item != nullptr && !item->text(QAccessible::Name).isEmpty());
        QCOMPARE(view.indexOf(view.targetOf(i)), i);
        QVERIFY(!item->rect().isEmpty());
    }
    const int page = view.indexOf({Kind::Page, 12});
    QVERIFY(list->child(page)->text(QAccessible::Name).contains(QStringLiteral("page 12")));
    QSignalSpy pages(&view, &StageView::pageActivated);
    list->child(page)->actionInterface()->doAction(QAccessibleActionInterface::pressAction());
    QCOMPARE(pages.size(), 1);
    const QString all = list->text(QAccessible::Value);
    QVERIFY(all.contains(QStringLiteral("in force")) && all.contains(QStringLiteral("Page cache")));
}

void TestStageInput::cursorIsTold() {
    StageView view;
    view.resize(640, 420);
    m_play->show(view, m_play->log.size() - 1);
    QStringList told;
    a11y::setSink([&](const a11y::Event& event) { told += event.name; });
    view.setCursorTarget({Kind::Page, 12});
    a11y::setSink({});
    QCOMPARE(told.size(), 1);
    QVERIFY(told.first().contains(QStringLiteral("page 12")));
}

QTEST_MAIN(TestStageInput)
#include "tst_stage_input.moc"
