// SPDX-License-Identifier: MIT
// What leads from the pictures of the lab to the file and back: nodes to their pages, and the
// panels that show the newest version to the newest event.
#include "session/file_session.h"
#include "stage/stage_player.h"
#include "views/bucket_panel.h"
#include "views/inspector_panel.h"
#include "views/link_label.h"
#include "views/map_panel.h"
#include "views/past_note.h"
#include "views/sandbox_panel.h"
#include "views/scratch_bar.h"
#include "views/stage_view.h"
#include "window/main_window.h"
#include "window/notice_bar.h"
#include "window/sandbox_binding.h"
#include "window/session_binding.h"
#include "window/workspace.h"

#include <QDockWidget>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QToolButton>
#include <QtTest>

using namespace pagescape;
using namespace pagescape::gui;

class TestLabLinks : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    std::unique_ptr<ViewSettings> m_settings;
    std::unique_ptr<MainWindow> m_window;

    [[nodiscard]] Workspace& views() const { return *m_window->workspace(); }
    [[nodiscard]] StagePlayer& player() const { return *views().stagePlayer; }
    [[nodiscard]] QDockWidget* inspector() const {
        return m_window->findChild<QDockWidget*>(QStringLiteral("inspector"));
    }
    void run(SandboxCommand::Kind kind, const QByteArray& key = {});
    void settle();
    void doubleClick(std::uint32_t node);

private Q_SLOTS:
    void init();
    void cleanup() { m_window.reset(); }
    void nodesLeadToTheirPages();
    void newNodesSayThatTheyHaveNone();
    void enterFollowsANode();
    void panelsSayThatThePlayerIsInThePast();
    void panelThatIsSwitchedOnIsInFront();
    void focusStaysInTheBar();
};

void TestLabLinks::init() {
    m_settings = std::make_unique<ViewSettings>(m_dir.filePath(QStringLiteral("settings.ini")));
    m_window = std::make_unique<MainWindow>(m_settings.get());
    m_window->setAsksBeforeLosing(false);
    m_window->resize(1024, 768);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    QVERIFY(m_window->newDatabase(1024));
    settle();
    views().stage->setAnimated(false);
}

void TestLabLinks::settle() {
    QTRY_VERIFY_WITH_TIMEOUT(m_window->sandbox() && m_window->sandbox()->sandbox().isOpen() &&
                                 !m_window->sandbox()->sandbox().isBusy() && m_window->binding() &&
                                 m_window->binding()->session().census()->stage() ==
                                     CensusStage::Done,
                             30000);
}

void TestLabLinks::run(SandboxCommand::Kind kind, const QByteArray& key) {
    SandboxCommand command;
    command.kind = kind;
    if (!key.isEmpty()) {
        command.path = {"b"};
        command.key = key;
        command.value = QByteArray(300, 'v');
    }
    m_window->sandbox()->run(command);
    settle();
}

void TestLabLinks::doubleClick(std::uint32_t node) {
    const QRect card = views().stage->targetRect({StageTarget::Kind::Node, node});
    QVERIFY(!card.isEmpty());
    QTest::mouseClick(views().stage->viewport(), Qt::LeftButton, {}, card.center());
    QTest::mouseDClick(views().stage->viewport(), Qt::LeftButton, {}, card.center());
}

void TestLabLinks::nodesLeadToTheirPages() {
    for (const char* key : {"one", "two", "three", "four", "five", "six"}) {
        run(SandboxCommand::Kind::Put, key);
    }
    run(SandboxCommand::Kind::Commit);
    run(SandboxCommand::Kind::Put, "seven");
    QVERIFY(!inspector()->isVisible());
    const auto& nodes = player().now().nodes;
    const auto read = std::find_if(nodes.begin(), nodes.end(), [](const StageNode& node) {
        return node.isLeaf && node.page != PageId{};
    });
    QVERIFY(read != nodes.end());
    const std::uint32_t number = read->number;
    const PageId origin = read->page;
    QTRY_VERIFY(views().stage->isVisible());
    doubleClick(number); // in memory only: where it came from
    QCOMPARE(views().hub->selection().page, std::optional(origin));
    QVERIFY(views().map->isVisible() && inspector()->isVisible());
    QTRY_VERIFY(views().inspector->page() != nullptr &&
                views().inspector->page()->description.id == origin);
    views().showTab(views().stage);
    run(SandboxCommand::Kind::Commit);
    const StageNode* written = player().now().node(number);
    QVERIFY(written != nullptr && !written->made.empty());
    const PageId made = written->made.front();
    QVERIFY(!(made == origin));
    doubleClick(number); // committed: what it became
    QCOMPARE(views().hub->selection().page, std::optional(made));
}

void TestLabLinks::newNodesSayThatTheyHaveNone() {
    run(SandboxCommand::Kind::Put, "one"); // the bucket is new, and so is its only leaf
    const auto& nodes = player().now().nodes;
    const auto fresh = std::find_if(nodes.begin(), nodes.end(),
                                    [](const StageNode& node) { return node.page == PageId{}; });
    QVERIFY(fresh != nodes.end());
    const auto before = views().hub->selection().page;
    doubleClick(fresh->number);
    QVERIFY(views().notice->text().contains(QStringLiteral("no page before it is written")));
    QCOMPARE(views().hub->selection().page, before);
    QVERIFY(views().stage->isVisible());
}

void TestLabLinks::enterFollowsANode() {
    run(SandboxCommand::Kind::Put, "one");
    run(SandboxCommand::Kind::Commit);
    const auto& nodes = player().now().nodes;
    const auto written = std::find_if(nodes.begin(), nodes.end(),
                                      [](const StageNode& node) { return !node.made.empty(); });
    QVERIFY(written != nodes.end());
    const PageId made = written->made.front();
    views().stage->setFocus();
    views().stage->setCursorTarget({StageTarget::Kind::Node, written->number});
    QTest::keyClick(views().stage, Qt::Key_Return);
    QCOMPARE(views().hub->selection().page, std::optional(made));
    QVERIFY(views().map->isVisible() && inspector()->isVisible());
}

void TestLabLinks::panelsSayThatThePlayerIsInThePast() {
    m_window->actions().get(QStringLiteral("layout-explore"))->trigger();
    run(SandboxCommand::Kind::Put, "one");
    run(SandboxCommand::Kind::Commit);
    const std::array notes{views().inspector->pastNote(), views().buckets->pastNote()};
    for (const PastNote* note : notes) {
        QVERIFY(!note->isVisible() && note->text().isEmpty());
    }
    player().back();
    for (const PastNote* note : notes) {
        QVERIFY(note->isVisible() && note->text().contains(QStringLiteral("newest")));
    }
    Q_EMIT notes[0]->findChild<LinkLabel*>()->linkActivated(QStringLiteral("newest"));
    QVERIFY(player().atEnd());
    for (const PastNote* note : notes) {
        QVERIFY(!note->isVisible());
    }
    player().first();
    QVERIFY(notes[1]->isVisible());
    m_window->actions().get(QStringLiteral("close"))->trigger();
    QVERIFY(notes[1]->text().isEmpty()); // nothing is left to say
}

void TestLabLinks::panelThatIsSwitchedOnIsInFront() {
    const auto dock = [this](const char* name) {
        return m_window->findChild<QDockWidget*>(QLatin1String(name));
    };
    m_window->actions().get(QStringLiteral("layout-explore"))->trigger();
    for (const char* name : {"readers", "page-history", "inspector"}) {
        if (!dock(name)->isHidden()) {
            dock(name)->toggleViewAction()->trigger();
        }
        QSignalSpy seen(dock(name), &QDockWidget::visibilityChanged);
        dock(name)->toggleViewAction()->trigger();
        QTRY_VERIFY2(!seen.isEmpty() && seen.last().at(0).toBool(), name);
        QTRY_VERIFY2(!dock(name)->widget()->visibleRegion().isEmpty(), name);
    }
}

// The next Space would else act on whatever Qt gave the focus to: the player.
void TestLabLinks::focusStaysInTheBar() {
    ScratchBar* scratch = views().sandboxPanel->scratch();
    auto* key = scratch->findChild<QLineEdit*>(QStringLiteral("key"));
    for (const char* name : {"commit", "rollback"}) {
        run(SandboxCommand::Kind::Put, "one");
        auto* button = scratch->findChild<QToolButton*>(QLatin1String(name));
        QVERIFY(button->isVisible());
        button->setFocus();
        QTest::keyClick(button, Qt::Key_Space);
        settle();
        QVERIFY(!button->isEnabled());
        QCOMPARE(m_window->focusWidget(), key);
        const int position = player().position();
        QTest::keyClick(m_window->focusWidget(), Qt::Key_Space);
        QCOMPARE(player().position(), position);
    }
}

QTEST_MAIN(TestLabLinks)
#include "tst_lab_links.moc"
