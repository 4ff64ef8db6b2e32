// SPDX-License-Identifier: MIT
// The commands of the window: actions, menus, tool bar, and the dialogs that belong to them.
#include "render/animation.h"
#include "session/file_session.h"
#include "views/go_to_box.h"
#include "views/growth_view.h"
#include "views/map_panel.h"
#include "views/player_panel.h"
#include "views/tree_view.h"
#include "window/compare_binding.h"
#include "window/export_dialog.h"
#include "window/keys_dialog.h"
#include "window/main_window.h"
#include "window/notice_bar.h"
#include "window/session_binding.h"
#include "window/workspace.h"

#include <QActionGroup>
#include <QApplication>
#include <QDockWidget>
#include <QFileInfo>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QShortcut>
#include <QToolBar>

namespace pagescape::gui {

void MainWindow::makeFileActions() {
    QAction* open = m_actions.add(QStringLiteral("open"), tr("&Open…"), QKeySequence::Open,
                                  QStringLiteral("open"));
    connect(open, &QAction::triggered, this, &MainWindow::chooseFile);
    QAction* close = m_actions.add(QStringLiteral("close"), tr("&Close file"), QKeySequence::Close);
    connect(close, &QAction::triggered, this, &MainWindow::closeFile);
    QAction* again = m_actions.add(QStringLiteral("reload"), tr("&Reload"), QKeySequence::Refresh);
    connect(again, &QAction::triggered, this, &MainWindow::reload);
    QAction* picture = m_actions.add(QStringLiteral("export"), tr("&Export picture…"),
                                     QKeySequence(Qt::CTRL | Qt::Key_E));
    connect(picture, &QAction::triggered, this, &MainWindow::exportPicture);
    QAction* quit =
        m_actions.add(QStringLiteral("quit"), tr("&Quit"), QKeySequence(Qt::CTRL | Qt::Key_Q));
    connect(quit, &QAction::triggered, this, &MainWindow::close);

    QAction* back = m_actions.add(QStringLiteral("back"), tr("&Back"),
                                  QKeySequence(Qt::ALT | Qt::Key_Left), QStringLiteral("back"));
    QAction* forward =
        m_actions.add(QStringLiteral("forward"), tr("&Forward"),
                      QKeySequence(Qt::ALT | Qt::Key_Right), QStringLiteral("forward"));
    QAction* up = m_actions.add(QStringLiteral("up"), tr("&Up to the parent page"),
                                QKeySequence(Qt::ALT | Qt::Key_Up), QStringLiteral("up"));
    QAction* down = m_actions.add(QStringLiteral("follow"), tr("Follow the &pointer"),
                                  QKeySequence(Qt::ALT | Qt::Key_Down));
    QAction* goTo = m_actions.add(QStringLiteral("go-to"), tr("&Go to page, offset or key"),
                                  QKeySequence(Qt::CTRL | Qt::Key_G));
    SelectionHub* hub = m_workspace->hub;
    connect(back, &QAction::triggered, hub, [hub] { hub->goBack(); });
    connect(forward, &QAction::triggered, hub, [hub] { hub->goForward(); });
    connect(up, &QAction::triggered, this, [this] {
        if (m_binding) {
            m_binding->goUp();
        }
    });
    connect(down, &QAction::triggered, this, [this] {
        if (m_binding) {
            m_binding->follow();
        }
    });
    connect(goTo, &QAction::triggered, m_workspace, &Workspace::askWhereTo);
    back->setEnabled(false);
    forward->setEnabled(false);
    connect(hub, &SelectionHub::historyChanged, this,
            [back, forward](bool canBack, bool canForward) {
                back->setEnabled(canBack);
                forward->setEnabled(canForward);
            });
}

void MainWindow::makeViewActions() {
    PageMapView* map = m_workspace->map->map();
    QAction* in = m_actions.add(QStringLiteral("zoom-in"), tr("Zoom &in"), QKeySequence::ZoomIn,
                                QStringLiteral("zoom-in"));
    connect(in, &QAction::triggered, map, &PageMapView::zoomIn);
    QAction* out = m_actions.add(QStringLiteral("zoom-out"), tr("Zoom &out"), QKeySequence::ZoomOut,
                                 QStringLiteral("zoom-out"));
    connect(out, &QAction::triggered, map, &PageMapView::zoomOut);
    QAction* fit = m_actions.add(QStringLiteral("zoom-fit"), tr("&Fit the whole file"),
                                 QKeySequence(Qt::CTRL | Qt::Key_0), QStringLiteral("zoom-fit"));
    connect(fit, &QAction::triggered, map, &PageMapView::zoomToFit);
    QAction* fitTree = m_actions.add(QStringLiteral("fit-tree"), tr("Fit the &tree"));
    connect(fitTree, &QAction::triggered, m_workspace->tree, &TreeView::zoomToFit);

    QAction* table = m_actions.add(QStringLiteral("table"), tr("Show the map as a ta&ble"),
                                   QKeySequence(Qt::CTRL | Qt::Key_T));
    table->setCheckable(true);
    connect(table, &QAction::toggled, m_workspace, &Workspace::showTable);
    connect(m_workspace, &Workspace::tableShown, table, &QAction::setChecked);
    QAction* keys = m_actions.add(QStringLiteral("single-keys"), tr("&Single-letter keys act"));
    keys->setCheckable(true);
    const auto applyKeys = [this, keys](bool enabled) {
        keys->setChecked(enabled);
        m_workspace->map->map()->setSingleKeysEnabled(enabled);
        m_workspace->tree->setSingleKeysEnabled(enabled);
    };
    connect(keys, &QAction::toggled, m_settings, &ViewSettings::setSingleKeysEnabled);
    connect(m_settings, &ViewSettings::singleKeysEnabledChanged, this, applyKeys);
    applyKeys(m_settings->singleKeysEnabled());
    QAction* theme = m_actions.add(QStringLiteral("theme"), tr("Light or dark"),
                                   QKeySequence(Qt::CTRL | Qt::Key_D), QStringLiteral("theme"));
    connect(theme, &QAction::triggered, this, [this] { m_themes.toggle(); });
}

void MainWindow::makeStepActions() {
    GetPlayer* player = m_workspace->player;
    QAction* trace = m_actions.add(QStringLiteral("trace"), tr("&Trace a Get"),
                                   QKeySequence(Qt::CTRL | Qt::Key_L));
    connect(trace, &QAction::triggered, this, [this] {
        if (m_binding) {
            m_binding->traceCurrentKey();
        }
    });
    const auto add = [this, player](const char* id, const QString& text, const QKeySequence& keys,
                                    void (GetPlayer::*slot)()) {
        QAction* action = m_actions.add(QLatin1String(id), text, keys);
        connect(action, &QAction::triggered, player, slot);
    };
    add("step-first", tr("To the &start"), QKeySequence(Qt::CTRL | Qt::Key_Home),
        &GetPlayer::first);
    add("step-back", tr("Step &back"), QKeySequence(Qt::CTRL | Qt::Key_Left), &GetPlayer::back);
    add("step-play", tr("&Play or pause"), QKeySequence(Qt::CTRL | Qt::Key_P),
        &GetPlayer::togglePlay);
    add("step-forward", tr("Step &forward"), QKeySequence(Qt::CTRL | Qt::Key_Right),
        &GetPlayer::forward);
    add("step-last", tr("To the &end"), QKeySequence(Qt::CTRL | Qt::Key_End), &GetPlayer::last);
    QAction* level = m_actions.add(QStringLiteral("step-level"), tr("Show every &comparison"));
    level->setCheckable(true);
    connect(level, &QAction::toggled, player, [player](bool isOn) {
        player->setLevel(isOn ? GetPlayer::Level::Byte : GetPlayer::Level::Page);
    });
    connect(player, &GetPlayer::levelChanged, level,
            [level](GetPlayer::Level now) { level->setChecked(now == GetPlayer::Level::Byte); });
    QAction* caption =
        m_actions.add(QStringLiteral("caption"), tr("&Read the caption"), QKeySequence(Qt::Key_F2));
    connect(caption, &QAction::triggered, m_workspace->playerPanel, &PlayerPanel::focusCaption);
    QAction* end = m_actions.add(QStringLiteral("end-trace"), tr("&Leave the traced Get"));
    connect(end, &QAction::triggered, this, [this] {
        if (m_binding) {
            m_binding->endTrace();
        }
    });
    QAction* keys =
        m_actions.add(QStringLiteral("keys"), tr("&Keyboard map"), QKeySequence(Qt::Key_F1));
    connect(keys, &QAction::triggered, this, &MainWindow::showKeys);
    QAction* about = m_actions.add(QStringLiteral("about"), tr("&About Pagescape"));
    connect(about, &QAction::triggered, this, &MainWindow::showAbout);
}

// Keys of the player alone: letters and Space mean other things in lists and text.
void MainWindow::makePlayerKeys() {
    GetPlayer* player = m_workspace->player;
    const auto add = [this, player](const QKeySequence& keys, auto slot) {
        auto* shortcut = new QShortcut(keys, m_workspace->playerPanel);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, player, slot);
    };
    add(Qt::Key_Space, &GetPlayer::forward);
    add(QKeySequence(Qt::SHIFT | Qt::Key_Space), &GetPlayer::back);
    add(Qt::Key_P, &GetPlayer::togglePlay);
    add(Qt::Key_Period, &GetPlayer::nextOfKind);
    add(Qt::Key_Comma, &GetPlayer::previousOfKind);
    add(Qt::Key_BracketLeft, &GetPlayer::slower);
    add(Qt::Key_BracketRight, &GetPlayer::faster);
    auto* leave = new QShortcut(Qt::Key_Escape, m_workspace->playerPanel);
    leave->setContext(Qt::WidgetWithChildrenShortcut);
    connect(leave, &QShortcut::activated, this, [this, player] {
        if (m_binding && player->trace()) {
            m_binding->endTrace();
        } else {
            lookThrough(0);
        }
    });
}

void MainWindow::makeThemeMenu(QMenu* menu) {
    auto* group = new QActionGroup(menu);
    const auto add = [this, menu, group](const QString& text, ThemeMode mode) {
        QAction* action = menu->addAction(text);
        action->setCheckable(true);
        action->setChecked(m_settings->themeMode() == mode);
        group->addAction(action);
        connect(action, &QAction::triggered, this,
                [this, mode] { m_settings->setThemeMode(mode); });
        connect(m_settings, &ViewSettings::themeModeChanged, action,
                [action, mode](ThemeMode now) { action->setChecked(now == mode); });
    };
    add(tr("&Follow the desktop"), ThemeMode::Follow);
    add(tr("&Light"), ThemeMode::Light);
    add(tr("&Dark"), ThemeMode::Dark);
}

void MainWindow::makeMenus() {
    const auto put = [this](QMenu* menu, std::initializer_list<const char*> ids) {
        for (const char* id : ids) {
            if (*id == '\0') {
                menu->addSeparator();
            } else {
                menu->addAction(m_actions.get(QLatin1String(id)));
            }
        }
    };
    QMenu* file = menuBar()->addMenu(tr("&File"));
    put(file,
        {"new-database", "new-database-4k", "new-database-mapped", "new-database-sparse", "open"});
    QMenu* samples = file->addMenu(tr("Open a &sample"));
    for (const QString& path : sampleFiles()) {
        connect(samples->addAction(QFileInfo(path).fileName()), &QAction::triggered, this,
                [this, path] { openFile(path); });
    }
    m_recentMenu = file->addMenu(tr("Open &recent"));
    connect(m_recentMenu, &QMenu::aboutToShow, this, &MainWindow::fillRecentMenu);
    put(file, {"reload", "", "edit-copy", "edit-original", "keep-sandbox", "", "export", "",
               "close", "quit"});

    put(menuBar()->addMenu(tr("&Edit")), {"undo", "redo"});

    QMenu* view = menuBar()->addMenu(tr("&View"));
    put(view, {"zoom-in", "zoom-out", "zoom-fit", "fit-tree", "", "table", ""});
    QMenu* lenses = view->addMenu(tr("Le&ns"));
    for (const Lens lens : kLenses) {
        connect(lenses->addAction(lensName(lens)), &QAction::triggered, this,
                [this, lens] { m_workspace->map->map()->setLens(lens); });
    }
    makeThemeMenu(view->addMenu(tr("T&heme")));
    put(view, {"theme", "single-keys"});
    QMenu* panels = view->addMenu(tr("&Panels"));
    for (QDockWidget* dock : m_docks) {
        panels->addAction(dock->toggleViewAction());
        connect(dock->toggleViewAction(), &QAction::triggered, dock, [dock](bool isOn) {
            if (isOn) { // else it may open behind another tab
                dock->raise();
            }
        });
    }
    put(view->addMenu(tr("L&ayout")), {"layout-explore", "layout-step", "layout-commit",
                                       "layout-present", "", "layout-own", "reset-layout"});
    put(view, {"", "follow-writer"});

    put(menuBar()->addMenu(tr("&Go")), {"back", "forward", "up", "follow", "", "go-to", "",
                                        "previous-version", "look-through-reader"});
    put(menuBar()->addMenu(tr("&Step")),
        {"trace", "", "step-first", "step-back", "step-play", "step-forward", "step-last", "",
         "step-level", "caption", "", "end-trace", "", "ask"});
    put(menuBar()->addMenu(tr("&Lab")),
        {"edit-copy", "", "put-list", "generate", "open-reader", "look-through-reader", "",
         "crash-lab", "", "mark", "clear-marks", "", "compare", "compare-file", "statistics"});
    put(menuBar()->addMenu(tr("&Help")), {"keys", "about"});
}

void MainWindow::makeToolBar() {
    QToolBar* bar = addToolBar(tr("Tools"));
    bar->setObjectName(QStringLiteral("tools"));
    bar->setMovable(false);
    bar->setIconSize(QSize(18, 18));
    for (const char* id : {"open", "back", "forward", "up", "zoom-out", "zoom-in", "zoom-fit",
                           "theme", "edit-copy"}) {
        bar->addAction(m_actions.get(QLatin1String(id)));
    }
}

void MainWindow::fillRecentMenu() {
    m_recentMenu->clear();
    const QStringList files = m_settings->existingRecentFiles();
    for (const QString& path : files) {
        connect(m_recentMenu->addAction(path), &QAction::triggered, this,
                [this, path] { openFile(path); });
    }
    if (files.isEmpty()) {
        m_recentMenu->addAction(tr("No recent files"))->setEnabled(false);
        return;
    }
    m_recentMenu->addSeparator();
    connect(m_recentMenu->addAction(tr("&Clear the list")), &QAction::triggered, m_settings,
            &ViewSettings::clearRecentFiles);
}

void MainWindow::exportPicture() {
    if (!m_binding) {
        return;
    }
    const GetTracePtr& trace = m_workspace->player->trace();
    RenderRequest request;
    request.file = m_binding->session().path();
    request.view = trace ? RenderView::Get : RenderView::Map;
    request.lens = m_workspace->map->map()->lens();
    request.previousVersion = m_binding->session().file().options().previousVersion;
    request.heldMeta = m_binding->session().file().options().heldMeta;
    request.changes = m_compare->changes();
    request.page = m_workspace->hub->selection().page;
    request.theme = m_themes.theme().mode();
    if (trace) {
        request.bucket = trace->path;
        request.key = trace->key;
        request.step = std::max(0, m_workspace->player->position());
    }
    const bool hasAnimation = m_workspace->stagePlayer->event() != nullptr;
    ExportDialog dialog(request.file, request.view, hasAnimation, this);
    dialog.exec();
    request.output = dialog.output();
    if (!request.output.isEmpty()) {
        const RenderOutcome outcome = hasAnimation && request.output.endsWith(QLatin1String(".gif"))
                                          ? saveAnimation(request.output)
                                          : pagescape::gui::render(request);
        const bool isSaved = int(outcome.status) <= int(RenderStatus::Missing);
        m_workspace->notice->answer(isSaved ? tr("Saved %1").arg(request.output) : outcome.text);
    }
}

// Of the command that the player stands in, as the tab in front shows it.
RenderOutcome MainWindow::saveAnimation(const QString& output) {
    const StagePlayer& player = *m_workspace->stagePlayer;
    if (player.event() == nullptr) {
        return {RenderStatus::Usage, tr("No command was run yet: there is nothing to show.")};
    }
    const StageLog& log = *player.log();
    const int first = log.commandAt(player.position());
    int last = std::max(first, 0);
    while (last + 1 < log.size() && log.commandAt(last + 1) == first) {
        ++last;
    }
    AnimationRequest request;
    request.lab = m_workspace->growth->isVisible() ? Lab::Growth : Lab::Commit;
    request.theme = m_themes.theme().mode();
    request.output = output;
    return renderLog(request, log, first, last);
}

void MainWindow::showKeys() {
    KeysDialog(m_actions, this).exec();
}

void MainWindow::showAbout() {
    QMessageBox::about(
        this, tr("About Pagescape"),
        tr("<b>Pagescape %1</b><p>See how a memory-mapped B+tree database works. "
           "Every rectangle is bytes of the opened file, and looking never writes to "
           "it.</p>")
            .arg(QApplication::applicationVersion()));
}

} // namespace pagescape::gui
