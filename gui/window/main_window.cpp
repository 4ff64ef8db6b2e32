// SPDX-License-Identifier: MIT
#include "window/main_window.h"

#include "pagescape/check.h"
#include "sandbox/sandbox_copier.h"
#include "session/file_session.h"
#include "views/biography_view.h"
#include "views/bucket_panel.h"
#include "views/difference_panel.h"
#include "views/inspector_panel.h"
#include "views/key_entry.h"
#include "views/player_panel.h"
#include "views/problem_panel.h"
#include "views/readers_panel.h"
#include "views/sandbox_panel.h"
#include "views/scratch_bar.h"
#include "views/start_page.h"
#include "views/statistics_panel.h"
#include "views/task_strip.h"
#include "window/compare_binding.h"
#include "window/mark_binding.h"
#include "window/notice_bar.h"
#include "window/ready_layouts.h"
#include "window/sandbox_binding.h"
#include "window/session_binding.h"
#include "window/statistics_binding.h"
#include "window/window_place.h"
#include "window/window_text.h"
#include "window/workspace.h"

#include <QApplication>
#include <QCloseEvent>
#include <QDockWidget>
#include <QDropEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QMimeData>
#include <QScreen>
#include <QStackedWidget>
#include <QStandardPaths>
#include <QStatusBar>
#include <QTableView>

#include <algorithm>

namespace pagescape::gui {

namespace {

// Raise it when docks are added or renamed: an older saved state is then not restored.
constexpr int kLayoutVersion = 3;

QDockWidget* makeDock(QMainWindow* window, const QString& name, const QString& title,
                      QWidget* content, Qt::DockWidgetArea area) {
    auto* dock = new QDockWidget(title, window);
    dock->setObjectName(name);
    dock->setWidget(content);
    window->addDockWidget(area, dock);
    return dock;
}

} // namespace

QStringList sampleFiles() {
    const QStringList folders{QStringLiteral(PAGESCAPE_SOURCE_SAMPLES),
                              QApplication::applicationDirPath() +
                                  QStringLiteral("/../share/pagescape/sample-data")};
    QStringList found;
    for (const QString& folder : folders) {
        for (const char* name : {"library.db", "etcd.db", "containerd.db"}) {
            const QString path = folder + QLatin1Char('/') + QLatin1String(name);
            if (QFileInfo::exists(path)) {
                found += path;
            }
        }
        if (!found.isEmpty()) {
            break;
        }
    }
    return found;
}

MainWindow::MainWindow(ViewSettings* settings, QWidget* parent)
    : QMainWindow(parent), m_settings(settings), m_themes(settings), m_actions(this),
      m_stack(new QStackedWidget), m_start(new StartPage), m_workspace(new Workspace),
      m_tasks(new TaskStrip), m_hover(new QLabel), m_cache(new QLabel),
      m_compare(new CompareBinding(m_workspace, settings, this)),
      m_statistics(new StatisticsBinding(m_workspace->statistics, this)),
      m_copier(new SandboxCopier(this)) {
    setAcceptDrops(true);
    const QRect screen = QGuiApplication::primaryScreen()->availableGeometry();
    resize(QSize(1280, 800).boundedTo(screen.size()));
    setDockNestingEnabled(true);
    m_stack->addWidget(m_start);
    m_stack->addWidget(m_workspace);
    setCentralWidget(m_stack);
    makeDocks();
    makeFileActions();
    makeLabActions();
    makeCompareActions();
    makeReaderAction();
    makeViewActions();
    makeStepActions();
    makeToolBar();
    makeStatusBar();
    m_layouts = new ReadyLayouts(this, m_workspace, kLayoutVersion);
    m_layouts->addActions(m_actions);
    connect(m_actions.get(QStringLiteral("reset-layout")), &QAction::triggered, m_settings,
            &ViewSettings::clearWindow);
    makeMenus();
    makePlayerKeys();
    connectCopier();
    restorePlace();

    m_start->setSamples(sampleFiles());
    m_start->setRecentFiles(settings->existingRecentFiles());
    connect(m_start, &StartPage::openRequested, this, &MainWindow::chooseFile);
    connect(m_start, &StartPage::fileRequested, this, &MainWindow::openFile);
    connect(m_start, &StartPage::rawRequested, this, [this] {
        if (m_refused) {
            bind(std::move(m_refused));
        }
    });
    connect(m_start, &StartPage::leftOpened, this, &MainWindow::openLeftSandbox);
    connect(m_start, &StartPage::leftDeleted, this, &MainWindow::deleteLeftSandbox);
    connect(m_start, &StartPage::themeToggled, this, [this] { m_themes.toggle(); });
    connect(&m_themes, &ThemeController::themeChanged, this, &MainWindow::applyTheme);
    applyTheme(m_themes.theme());
    closeFile();
}

MainWindow::~MainWindow() {
    dropSandbox();
    m_binding.reset();
}

void MainWindow::makeDocks() {
    m_docks = {makeDock(this, QStringLiteral("buckets"), tr("Buckets"), m_workspace->buckets,
                        Qt::LeftDockWidgetArea),
               makeDock(this, QStringLiteral("problems"), tr("Problems"), m_workspace->problems,
                        Qt::LeftDockWidgetArea),
               makeDock(this, QStringLiteral("inspector"), tr("Inspector"), m_workspace->inspector,
                        Qt::RightDockWidgetArea),
               makeDock(this, QStringLiteral("player"), tr("Get, step by step"),
                        m_workspace->playerPanel, Qt::BottomDockWidgetArea),
               makeDock(this, QStringLiteral("sandbox"), tr("Sandbox"), m_workspace->sandboxPanel,
                        Qt::BottomDockWidgetArea)};
    m_docks.push_back(makeDock(this, QStringLiteral("readers"), tr("Readers"), m_workspace->readers,
                               Qt::RightDockWidgetArea));
    m_docks.push_back(makeDock(this, QStringLiteral("page-history"), tr("Page history"),
                               m_workspace->biography, Qt::RightDockWidgetArea));
    tabifyDockWidget(m_docks[3], m_docks[kSandboxDock]);
    tabifyDockWidget(m_docks[2], m_docks[kSandboxDock + 1]);
    tabifyDockWidget(m_docks[2], m_docks[kSandboxDock + 2]);
    m_differenceDock = makeDock(this, QStringLiteral("differences"), tr("Differences"),
                                m_workspace->differences, Qt::BottomDockWidgetArea);
    m_statisticsDock = makeDock(this, QStringLiteral("statistics"), tr("Statistics"),
                                m_workspace->statistics, Qt::BottomDockWidgetArea);
    for (QDockWidget* dock : {m_differenceDock, m_statisticsDock}) {
        m_docks.push_back(dock);
        tabifyDockWidget(m_docks[3], dock);
    }
    for (std::size_t i = kSandboxDock; i < m_docks.size(); ++i) {
        m_docks[i]->hide(); // until somebody asks, or a sandbox opens
    }
    setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    // Shares of the window, so that the centre keeps its room on a projector.
    resizeDocks({m_docks[0], m_docks[2]}, {width() * 19 / 100, width() * 29 / 100}, Qt::Horizontal);
    resizeDocks({m_docks[0], m_docks[1]}, {470, 100}, Qt::Vertical);
    resizeDocks({m_docks[3]}, {110}, Qt::Vertical);
}

void MainWindow::makeStatusBar() {
    statusBar()->addWidget(m_hover, 1);
    statusBar()->addPermanentWidget(m_cache);
    statusBar()->addPermanentWidget(m_tasks);
    connect(m_tasks, &TaskStrip::stopRequested, this, &MainWindow::stopTask);
}

bool MainWindow::openFile(const QString& path) {
    const QString absolute = QFileInfo(path).absoluteFilePath();
    if (!leaveSandbox()) {
        return false;
    }
    if (m_copier->original() != absolute) { // shown anew, it is still wanted
        m_copier->stop();
    }
    FileSession::OpenResult result =
        FileSession::open(absolute, FileVersion::Newest, lockingOfFile());
    if (!result.error.isEmpty()) {
        closeFile();
        m_start->showError(absolute, result.error, result.evidence, result.advice,
                           result.session != nullptr);
        m_refused = std::move(result.session);
        return false;
    }
    m_settings->addRecentFile(absolute);
    bind(std::move(result.session));
    return true;
}

void MainWindow::bind(std::unique_ptr<FileSession> session) {
    m_refused.reset();
    m_start->clearError();
    bindSession(std::move(session));
    m_stack->setCurrentWidget(m_workspace);
    for (QDockWidget* dock : m_docks) {
        dock->toggleViewAction()->setEnabled(true);
    }
    m_layouts->show(m_sandbox != nullptr);
    for (std::size_t i = kSandboxDock; i < kSandboxDock + 3; ++i) { // and readers, page history
        m_docks[i]->toggleViewAction()->setEnabled(m_sandbox != nullptr);
    }
    enableFileActions(true);
}

void MainWindow::bindSession(std::unique_ptr<FileSession> session) {
    m_binding.reset();
    FileSession* opened = session.get();
    m_follower.watch(opened);
    m_binding = std::make_unique<SessionBinding>(std::move(session), m_workspace, m_settings,
                                                 ownerOfFile());
    connect(m_binding.get(), &SessionBinding::reloadRequested, this, &MainWindow::reload,
            Qt::QueuedConnection);
    connect(m_binding.get(), &SessionBinding::hoverTextChanged, m_hover, &QLabel::setText);
    connect(m_binding.get(), &SessionBinding::problemsRequested, this, [this] {
        m_docks[1]->show();
        m_docks[1]->raise();
        m_workspace->problems->table()->setFocus();
    });
    connect(opened, &FileSession::checkFinished, this, [this, opened] {
        if (!opened->findings().empty()) { // a few rows of the list, once
            resizeDocks({m_docks[0], m_docks[1]}, {height() / 3, height() / 4}, Qt::Vertical);
        }
        const bool isRisky = std::ranges::any_of(opened->findings(), [](const Finding& finding) {
            return severityOf(finding.code) != Severity::Note && finding.code != FindingCode::Leak;
        });
        if (m_sandbox && isRisky) { // also where a list of free pages names pages in use
            m_workspace->notice->answer(
                tr("This file is damaged (see Problems): a commit may write over pages in use, and "
                   "what is said here of whole versions does not hold for it."));
        }
    });
    if (m_sandbox) {
        connect(opened, &FileSession::scanFinished, this,
                [this, opened] { offerBuckets(*opened->census()); });
    }
    connect(opened, &FileSession::tasksChanged, this, &MainWindow::showTasks);
    m_compare->setSession(opened);
    m_statistics->setSession(opened);
    showTasks();
    showVersion();
    m_cache->setText(opened->residencyCaveat().isEmpty() ? tr("cache: sampled as found")
                                                         : tr("cache: not trustworthy"));
    m_cache->setToolTip(opened->residencyCaveat());
    updateTitle();
}

FileOwner MainWindow::ownerOfFile() const {
    return m_sandbox                  ? FileOwner::Us
           : m_follower.isFollowing() ? FileOwner::Followed
                                      : FileOwner::Others;
}

// A writer that is followed needs the lock for each of its commits.
FileLocking MainWindow::lockingOfFile() const {
    return m_follower.isFollowing() ? FileLocking::None : FileLocking::Shared;
}

void MainWindow::closeFile() {
    if (!leaveSandbox()) {
        return;
    }
    m_copier->stop();
    setFollowing(false);
    if (m_binding) {
        m_settings->setWindow(saveGeometry(), m_layouts->own(), kLayoutVersion);
    }
    m_binding.reset();
    m_compare->setSession(nullptr);
    m_statistics->setSession(nullptr);
    m_refused.reset();
    showTasks();
    showVersion();
    m_hover->clear();
    m_cache->clear();
    m_start->clearError();
    m_start->setRecentFiles(m_settings->existingRecentFiles());
    m_stack->setCurrentWidget(m_start);
    m_layouts->hide();
    for (QDockWidget* dock : m_docks) {
        dock->toggleViewAction()->setEnabled(false);
    }
    enableFileActions(false);
    updateTitle();
}

void MainWindow::enableFileActions(bool hasFile) {
    // History has its own say; all other commands are about the opened file.
    static const QStringList kAlways{QStringLiteral("open"),
                                     QStringLiteral("quit"),
                                     QStringLiteral("back"),
                                     QStringLiteral("theme"),
                                     QStringLiteral("forward"),
                                     QStringLiteral("single-keys"),
                                     QStringLiteral("keys"),
                                     QStringLiteral("reset-layout"),
                                     QStringLiteral("about"),
                                     QStringLiteral("new-database"),
                                     QStringLiteral("new-database-4k"),
                                     QStringLiteral("new-database-mapped"),
                                     QStringLiteral("new-database-sparse")};
    // These are about a sandbox, or about getting into one.
    static const QStringList kNotInSandbox{QStringLiteral("edit-copy"),
                                           QStringLiteral("edit-original"),
                                           QStringLiteral("follow-writer")};
    static const QStringList kSandboxOnly{QStringLiteral("keep-sandbox"),
                                          QStringLiteral("undo"),
                                          QStringLiteral("redo"),
                                          QStringLiteral("generate"),
                                          QStringLiteral("put-list"),
                                          QStringLiteral("open-reader"),
                                          QStringLiteral("look-through-reader"),
                                          QStringLiteral("layout-commit")};
    for (QAction* action : m_actions.all()) {
        if (!kAlways.contains(action->objectName())) {
            const bool isFitting = m_sandbox ? !kNotInSandbox.contains(action->objectName())
                                             : !kSandboxOnly.contains(action->objectName());
            action->setEnabled(hasFile && isFitting);
        }
    }
}

void MainWindow::reload() {
    if (m_sandbox) {
        openSandboxFile(m_sandbox->sandbox().path());
    } else if (m_binding) {
        const QString path = m_binding->session().path();
        const Standpoint kept = m_binding->standpoint();
        if (openFile(path)) {
            m_binding->restore(kept);
        }
    }
}

void MainWindow::chooseFile() {
    const QStringList recent = m_settings->recentFiles();
    const QString folder = recent.isEmpty() ? QString() : QFileInfo(recent.front()).path();
    const QString path = QFileDialog::getOpenFileName(this, tr("Open a database file"), folder,
                                                      tr("All files (*);;Databases (*.db)"));
    if (!path.isEmpty()) {
        openFile(path);
    }
}

void MainWindow::updateTitle() {
    if (!m_binding) {
        setWindowTitle(m_sandbox ? tr("Opening a sandbox of %1 – Pagescape").arg(m_sandboxOf)
                                 : tr("Pagescape"));
        return;
    }
    const QString title = fileTitle(m_binding->session().file());
    if (!m_sandbox) {
        setWindowTitle(tr("%1 – Pagescape").arg(title));
        return;
    }
    const SandboxKind kind = m_sandbox->sandbox().kind();
    const QString mode = kind == SandboxKind::Copy          ? tr("SANDBOX COPY of %1")
                         : kind == SandboxKind::NewDatabase ? tr("SANDBOX %1")
                                                            : tr("EDITING THE ORIGINAL %1");
    setWindowTitle(tr("%1 – Pagescape").arg(mode.arg(title)));
}

void MainWindow::applyTheme(const Theme& theme) {
    m_workspace->setTheme(theme);
    m_actions.setTheme(theme);
}

void MainWindow::restorePlace() {
    const QByteArray geometry = m_settings->windowGeometry(kLayoutVersion);
    if (!geometry.isEmpty()) {
        restoreGeometry(geometry);
        keepOnScreen(*this);
    }
    m_layouts->setOwn(m_settings->windowState(kLayoutVersion));
}

void MainWindow::closeEvent(QCloseEvent* event) {
    if (!leaveSandbox()) {
        event->ignore();
        return;
    }
    if (m_binding) { // the start page hides the docks: that state is not worth keeping
        m_settings->setWindow(saveGeometry(), m_layouts->own(), kLayoutVersion);
    }
    QMainWindow::closeEvent(event);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    if (event->mimeData()->hasUrls() && event->mimeData()->urls().front().isLocalFile()) {
        event->acceptProposedAction();
    }
}

void MainWindow::dropEvent(QDropEvent* event) {
    const QList<QUrl> urls = event->mimeData()->urls();
    if (!urls.isEmpty() && urls.front().isLocalFile()) {
        event->acceptProposedAction();
        // Questions wait until the program that it came from has its answer.
        QMetaObject::invokeMethod(
            this, [this, path = urls.front().toLocalFile()] { openFile(path); },
            Qt::QueuedConnection);
    }
}

} // namespace pagescape::gui
