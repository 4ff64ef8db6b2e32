// SPDX-License-Identifier: MIT
// The ready-made arrangements of the window on a projector's screen and on a larger one: what they
// show, that everything in them has the room it asks for, and that the user's own one comes back.
#include "gui/sample_files.h"
#include "session/file_session.h"
#include "views/crash_panel.h"
#include "views/growth_view.h"
#include "views/map_panel.h"
#include "views/stage_view.h"
#include "views/tree_view.h"
#include "window/main_window.h"
#include "window/ready_layouts.h"
#include "window/sandbox_binding.h"
#include "window/session_binding.h"
#include "window/workspace.h"

#include <QDockWidget>
#include <QLabel>
#include <QTabBar>
#include <QTemporaryDir>
#include <QToolBar>
#include <QtTest>

using namespace pagescape;
using namespace pagescape::gui;
using namespace pagescape::gui::test;

class TestReadyLayouts : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    std::unique_ptr<ViewSettings> m_settings;
    std::unique_ptr<MainWindow> m_window;

    [[nodiscard]] Workspace& views() const { return *m_window->workspace(); }
    [[nodiscard]] QDockWidget* dock(const char* name) const {
        return m_window->findChild<QDockWidget*>(QLatin1String(name));
    }
    [[nodiscard]] QStringList shownDocks() const;
    [[nodiscard]] QString squeezed() const;
    void choose(const char* action) { m_window->actions().get(QLatin1String(action))->trigger(); }
    void open(const QSize& size);
    void openLab();

private Q_SLOTS:
    void init();
    void cleanup();
    void eachLayoutShowsItsPanels_data();
    void eachLayoutShowsItsPanels();
    void everythingHasItsRoom_data() { eachLayoutShowsItsPanels_data(); }
    void everythingHasItsRoom();
    void theLabChoosesCommitOnce();
    void ownArrangementComesBack();
    void ownArrangementIsRemembered();
    void reloadingLeavesPanelsWhereTheyAre();
    void tabsStayWhereTheyAre();
    void presentingEnlargesText();
};

void TestReadyLayouts::init() {
    m_settings = std::make_unique<ViewSettings>(m_dir.filePath(QStringLiteral("settings.ini")));
    m_window = std::make_unique<MainWindow>(m_settings.get());
    m_window->setAsksBeforeLosing(false);
}

void TestReadyLayouts::cleanup() {
    m_window.reset();
    m_settings.reset();
    QFile::remove(m_dir.filePath(QStringLiteral("settings.ini")));
}

void TestReadyLayouts::open(const QSize& size) {
    m_window->resize(size);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    QVERIFY(m_window->openFile(samplePath("library.db")));
    QTRY_VERIFY_WITH_TIMEOUT(m_window->binding()->session().census()->stage() == CensusStage::Done,
                             30000);
}

void TestReadyLayouts::openLab() {
    QVERIFY(m_window->newDatabase(1024));
    QTRY_VERIFY_WITH_TIMEOUT(m_window->sandbox() && m_window->sandbox()->sandbox().isOpen() &&
                                 m_window->binding(),
                             30000);
}

QStringList TestReadyLayouts::shownDocks() const {
    QStringList names;
    for (const QDockWidget* dock : m_window->findChildren<QDockWidget*>()) {
        if (dock->isVisible()) {
            names += dock->objectName();
        }
    }
    names.sort();
    return names;
}

// Widgets that have less width than they say they need, and panels with less height. A widget that
// ignores what it would like says nothing.
QString TestReadyLayouts::squeezed() const {
    QStringList found;
    for (const QWidget* widget : m_window->findChildren<QWidget*>()) {
        const QWidget* parent = widget->parentWidget();
        const bool isScrolled =
            parent != nullptr && parent->objectName() == QLatin1String("qt_scrollarea_viewport");
        // The bars and buttons of the docks themselves are Qt's affair.
        const auto* ofDock = qobject_cast<const QDockWidget*>(parent);
        const bool isQts = (ofDock != nullptr && ofDock->widget() != widget) ||
                           (parent == m_window.get() && qobject_cast<const QTabBar*>(widget));
        if (!widget->isVisible() || widget->isWindow() || isScrolled || isQts ||
            widget->sizePolicy().horizontalPolicy() == QSizePolicy::Ignored) {
            continue;
        }
        const QSize least = widget->minimumSizeHint().expandedTo(widget->minimumSize());
        const bool isPanel = ofDock != nullptr;
        if (widget->width() < least.width() || (isPanel && widget->height() < least.height())) {
            found +=
                QStringLiteral("%1 %2: %3x%4 of %5x%6")
                    .arg(QLatin1String(widget->metaObject()->className()), widget->objectName())
                    .arg(widget->width())
                    .arg(widget->height())
                    .arg(least.width())
                    .arg(least.height());
        }
    }
    return found.join(u'\n');
}

void TestReadyLayouts::eachLayoutShowsItsPanels_data() {
    QTest::addColumn<QSize>("size");
    QTest::addColumn<bool>("isInLab");
    QTest::addColumn<QString>("layout");
    QTest::addColumn<QStringList>("docks");
    QTest::addColumn<bool>("showsCommit");
    const QString explore = QStringLiteral("layout-explore");
    const QString step = QStringLiteral("layout-step");
    const QString commit = QStringLiteral("layout-commit");
    const QString present = QStringLiteral("layout-present");
    const QStringList exploring{QStringLiteral("buckets"), QStringLiteral("inspector"),
                                QStringLiteral("problems")};
    const QStringList player{QStringLiteral("player")};
    const QStringList sandbox{QStringLiteral("sandbox")};
    for (const QSize size : {QSize(1024, 768), QSize(1280, 800)}) {
        const QByteArray wide = QByteArray::number(size.width());
        QTest::newRow("explore, " + wide) << size << false << explore << exploring << false;
        QTest::newRow("step, " + wide) << size << false << step << player << false;
        QTest::newRow("present, " + wide) << size << false << present << player << false;
        QTest::newRow("explore in the lab, " + wide)
            << size << true << explore << exploring << false;
        QTest::newRow("commit, " + wide) << size << true << commit << sandbox << true;
        QTest::newRow("present the lab, " + wide) << size << true << present << sandbox << true;
    }
}

void TestReadyLayouts::eachLayoutShowsItsPanels() {
    QFETCH(QSize, size);
    QFETCH(bool, isInLab);
    QFETCH(QString, layout);
    QFETCH(QStringList, docks);
    QFETCH(bool, showsCommit);
    open(size);
    if (isInLab) {
        openLab();
    }
    choose(qPrintable(layout));
    QCOMPARE(shownDocks(), docks);
    QCOMPARE(views().stage->isVisible(), showsCommit);
    QCOMPARE(views().map->isVisible(), !showsCommit);
    QCOMPARE(views().tree->isVisible(), !showsCommit);
    QCOMPARE(m_window->findChild<QToolBar*>()->isVisible(),
             layout != QStringLiteral("layout-present"));
    QVERIFY(m_window->actions().get(layout)->isChecked());
    if (layout == QStringLiteral("layout-step")) {
        QTRY_VERIFY(views().tree->height() > views().map->height());
    }
}

void TestReadyLayouts::everythingHasItsRoom() {
    QFETCH(QSize, size);
    QFETCH(bool, isInLab);
    QFETCH(QString, layout);
    open(size);
    if (isInLab) {
        openLab();
    }
    choose(qPrintable(layout));
    QTRY_COMPARE(squeezed(), QString());
    QCOMPARE(m_window->size(), size);
    if (!isInLab) {
        return;
    }
    for (QWidget* tab :
         {static_cast<QWidget*>(views().growth), static_cast<QWidget*>(views().crash)}) {
        views().showTab(tab);
        QTRY_COMPARE(squeezed(), QString());
        QCOMPARE(m_window->size(), size);
    }
    choose("open-reader"); // raises the panel of the readers
    QTRY_VERIFY_WITH_TIMEOUT(dock("readers")->isVisible(), 30000);
    views().showTab(views().stage);
    QTRY_COMPARE(squeezed(), QString());
    QCOMPARE(m_window->size(), size);
}

void TestReadyLayouts::theLabChoosesCommitOnce() {
    open({1024, 768});
    choose("layout-explore");
    openLab();
    QCOMPARE(m_window->layouts().current(), std::optional(ReadyLayout::Commit));
    dock("readers")->show();
    SandboxCommand put;
    put.kind = SandboxCommand::Kind::Put;
    put.path = {"b"};
    put.key = "k";
    SandboxCommand commit;
    commit.kind = SandboxCommand::Kind::Commit;
    m_window->sandbox()->run(put);
    m_window->sandbox()->run(commit);
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->sandbox()->sandbox().isBusy() &&
                                 m_window->binding()->session().census()->stage() ==
                                     CensusStage::Done,
                             30000);
    QVERIFY(dock("readers")->isVisible()); // what the user opened since stays open
    QVERIFY(m_window->openFile(samplePath("library.db")));
    QCOMPARE(m_window->layouts().current(), std::optional(ReadyLayout::Explore));
    QVERIFY(!dock("sandbox")->isVisible() && !dock("readers")->isVisible());
}

void TestReadyLayouts::ownArrangementComesBack() {
    open({1280, 800});
    dock("problems")->hide();
    m_window->addDockWidget(Qt::RightDockWidgetArea, dock("buckets"));
    m_window->resizeDocks({dock("inspector")}, {420}, Qt::Horizontal);
    views().setTreeShare(0.7);
    QTRY_COMPARE(dock("inspector")->width(), 420);
    const double share = views().treeShare();
    QVERIFY(share > 0.55); // the map keeps its least height
    const QStringList shown = shownDocks();
    for (const char* layout : {"layout-step", "layout-present", "layout-explore"}) {
        choose(layout);
        QVERIFY(shownDocks() != shown);
    }
    QCOMPARE(m_window->dockWidgetArea(dock("buckets")), Qt::LeftDockWidgetArea);
    choose("layout-own");
    QCOMPARE(shownDocks(), shown);
    QCOMPARE(m_window->dockWidgetArea(dock("buckets")), Qt::RightDockWidgetArea);
    QTRY_COMPARE(dock("inspector")->width(), 420);
    QTRY_VERIFY(std::abs(views().treeShare() - share) < 0.02);
    openLab(); // and by way of the lab
    QVERIFY(shownDocks() != shown);
    QVERIFY(m_window->openFile(samplePath("library.db")));
    QCOMPARE(shownDocks(), shown);
    QTRY_COMPARE(dock("inspector")->width(), 420);
    choose("reset-layout");
    QVERIFY(dock("problems")->isVisible() && !dock("sandbox")->isVisible());
    QCOMPARE(m_window->dockWidgetArea(dock("buckets")), Qt::LeftDockWidgetArea);
}

void TestReadyLayouts::ownArrangementIsRemembered() {
    open({1280, 800});
    dock("problems")->hide();
    choose("layout-step");
    QVERIFY(m_window->close());
    m_window.reset();
    m_window = std::make_unique<MainWindow>(m_settings.get());
    open({1280, 800});
    QVERIFY(!m_window->layouts().current());
    QVERIFY(!dock("problems")->isVisible() && dock("inspector")->isVisible());
}

void TestReadyLayouts::reloadingLeavesPanelsWhereTheyAre() {
    open({1280, 800});
    dock("problems")->hide();
    choose("reload");
    QVERIFY(!dock("problems")->isVisible());
    choose("close");
    QCOMPARE(shownDocks(), QStringList());
    QVERIFY(m_window->openFile(samplePath("library.db")));
    QVERIFY(!dock("problems")->isVisible() && dock("inspector")->isVisible());
}

void TestReadyLayouts::tabsStayWhereTheyAre() {
    open({1024, 768});
    openLab();
    const auto* tabs = views().findChild<QTabBar*>(QString(), Qt::FindDirectChildrenOnly);
    const QPoint place = tabs->mapTo(m_window.get(), QPoint());
    for (QWidget* tab :
         {static_cast<QWidget*>(views().growth), static_cast<QWidget*>(views().map),
          static_cast<QWidget*>(views().crash), static_cast<QWidget*>(views().stage)}) {
        views().showTab(tab);
        QTRY_VERIFY(tab->isVisible() && tab->height() > 100);
        QCOMPARE(tabs->mapTo(m_window.get(), QPoint()), place);
    }
    views().askWhereTo(); // the box is not part of the lab's pictures
    QTRY_VERIFY(views().map->isVisible());
}

void TestReadyLayouts::presentingEnlargesText() {
    open({1024, 768});
    openLab();
    const auto* caption = dock("sandbox")->findChild<QLabel*>(QStringLiteral("caption"));
    QVERIFY(caption != nullptr);
    const qreal stage = views().stage->fontInfo().pointSizeF();
    const qreal words = caption->fontInfo().pointSizeF();
    choose("layout-present");
    QVERIFY(views().stage->fontInfo().pointSizeF() >= stage * 1.15);
    QVERIFY(caption->fontInfo().pointSizeF() >= words * 1.15);
    choose("layout-commit");
    QCOMPARE(views().stage->fontInfo().pointSizeF(), stage);
    QCOMPARE(caption->fontInfo().pointSizeF(), words);
}

QTEST_MAIN(TestReadyLayouts)
#include "tst_ready_layouts.moc"
