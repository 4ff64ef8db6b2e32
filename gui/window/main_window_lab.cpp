// SPDX-License-Identifier: MIT
// The lab of the window: its commands, and where a sandbox comes from.
#include "sandbox/sandbox_copier.h"
#include "session/file_session.h"
#include "units/units.h"
#include "views/key_entry.h"
#include "views/map_panel.h"
#include "views/sandbox_panel.h"
#include "views/scratch_bar.h"
#include "views/stage_view.h"
#include "views/start_page.h"
#include "window/main_window.h"
#include "window/mark_binding.h"
#include "window/notice_bar.h"
#include "window/sandbox_binding.h"
#include "window/session_binding.h"
#include "window/workspace.h"

#include <QDockWidget>
#include <QFileDialog>
#include <QFileInfo>
#include <QMessageBox>

#include <cstdint>
#include <utility>

namespace pagescape::gui {

namespace {

constexpr std::uint64_t kGibibyte = std::uint64_t{1} << 30U;

} // namespace

void MainWindow::makeLabActions() {
    const auto add = [this](const char* id, const QString& text, const QKeySequence& keys,
                            auto slot) {
        QAction* action = m_actions.add(QLatin1String(id), text, keys);
        connect(action, &QAction::triggered, this, slot);
    };
    add("edit-copy", tr("Edit a &copy"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_E),
        [this] { editCopy(); });
    add("new-database", tr("&New database"), QKeySequence::New, [this] { newDatabase(1024); });
    add("new-database-4k", tr("New database with pages of &4 KiB"), {},
        [this] { newDatabase(4096); });
    add("new-database-mapped", tr("New database, &mapped at 1 GiB from the start"), {},
        [this] { newMappedDatabase(); });
    add("new-database-sparse", tr("New &sparse database of 1 GiB"), {},
        [this] { newSparseDatabase(); });
    add("edit-original", tr("Edit the &original…"), {}, [this] { editOriginal(); });
    add("keep-sandbox", tr("&Keep the sandbox as…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_S),
        [this] { keepSandbox(); });
    add("undo", tr("&Undo"), QKeySequence::Undo, [this] {
        if (m_sandbox) {
            m_sandbox->undo();
        }
    });
    add("redo", tr("&Redo"), QKeySequence::Redo, [this] {
        if (m_sandbox) {
            m_sandbox->redo();
        }
    });
    add("generate", tr("&Generate keys…"), {}, [this] {
        if (m_sandbox) {
            m_sandbox->askForGenerator();
        }
    });
    add("put-list", tr("Put a &list of pairs…"), {}, [this] {
        if (m_sandbox) {
            m_sandbox->askForList();
        }
    });
    QAction* follow = m_actions.add(QStringLiteral("follow-writer"), tr("Follow the &writer"));
    follow->setCheckable(true);
    follow->setToolTip(tr("Show each new version that another program commits"));
    connect(follow, &QAction::toggled, this, &MainWindow::setFollowing);
    connect(&m_follower, &Follower::reloadRequested, this, &MainWindow::reload,
            Qt::QueuedConnection);
    connect(&m_follower, &Follower::changesSeen, this, &MainWindow::showChanges);
    connect(&m_follower, &Follower::mixedSeen, this, [this](quint64 mixed, quint64 whole) {
        m_workspace->notice->answer(
            tr("The writer was faster than the scan: what is shown mixes two versions (%1 of %2 "
               "scans so far).")
                .arg(mixed)
                .arg(mixed + whole));
    });
    add("crash-lab", tr("&Crash lab"), {}, [this] { m_workspace->showCrashLab(); });
    add("open-reader", tr("Open a &reader"), {}, [this] {
        if (m_sandbox) {
            SandboxCommand command;
            command.kind = SandboxCommand::Kind::OpenReader;
            m_sandbox->run(command);
            raiseDock(m_docks[kSandboxDock + 1]);
        }
    });
}

void MainWindow::setFollowing(bool isFollowing) {
    if (isFollowing == m_follower.isFollowing()) {
        return;
    }
    m_follower.setFollowing(isFollowing); // first: the action's signal comes back here
    m_actions.get(QStringLiteral("follow-writer"))->setChecked(isFollowing);
    m_workspace->map->setFollowing(isFollowing);
    if (m_binding) {
        // From a scan that is surely compared with the next one; and the writer needs the lock.
        reload();
    }
}

// The pages that the writer's commits wrote and gave up, lit for a moment.
void MainWindow::showChanges(const SeenChanges& changes) {
    m_workspace->map->showSeen(
        {changes.written, changes.givenUp},
        tr("%1 \u2192 %2").arg(countText(changes.from.value), countText(changes.to.value)));
    m_workspace->notice->answer(changesText(changes));
}

bool MainWindow::editCopy() {
    if (!m_binding || m_sandbox || m_copier->isRunning()) {
        return false;
    }
    if (!m_binding->session().isDatabase()) {
        m_workspace->notice->answer(tr("No engine can write to a file that bolt does not open."));
        return false;
    }
    const QString original = m_binding->session().path();
    if (QFileInfo(original).size() > kLargeCopy &&
        QMessageBox::question(this, tr("Edit a copy"),
                              tr("%1 is large. Copy it into the temporary folder?")
                                  .arg(QFileInfo(original).fileName())) != QMessageBox::Yes) {
        return false;
    }
    m_copier->start(original);
    return true;
}

void MainWindow::connectCopier() {
    connect(m_copier, &SandboxCopier::tasksChanged, this, &MainWindow::showTasks);
    connect(m_copier, &SandboxCopier::failed, m_workspace->notice, &NoticeBar::answer);
    connect(m_copier, &SandboxCopier::copied, this, [this](const QString& original) {
        startSandbox(m_copier->take(), SandboxKind::Copy, {}, QFileInfo(original).fileName());
        m_sandbox->crashLab().setProtectedFiles({m_sandbox->sandbox().path(), original});
    });
}

bool MainWindow::newDatabase(quint32 pageSize) {
    SandboxOptions options;
    options.pageSize = pageSize;
    return newSandbox(options);
}

bool MainWindow::newMappedDatabase() {
    SandboxOptions options;
    options.pageSize = 1024;
    options.initialMapSize = kGibibyte;
    return newSandbox(options);
}

bool MainWindow::newSparseDatabase() {
    SandboxOptions options;
    options.pageSize = 4096;
    options.sparseBytes = kGibibyte;
    return newSandbox(options);
}

bool MainWindow::newSandbox(const SandboxOptions& options) {
    if (!leaveSandbox()) {
        return false;
    }
    auto folder = SandboxFolder::make(tr("new.db"), false);
    if (!folder) {
        m_start->showError(tr("new.db"), tr("No folder can be made in the temporary folder."), {},
                           tr("Set TMPDIR to a folder you may write to."), false);
        return false;
    }
    startSandbox(std::move(folder), SandboxKind::NewDatabase, options, tr("new.db"));
    m_workspace->sandboxPanel->scratch()->clear();
    return true;
}

void MainWindow::editOriginal() {
    if (!m_binding || m_sandbox || !m_binding->session().isDatabase()) {
        return;
    }
    const QString path = m_binding->session().path();
    m_copier->stop(); // a copy that ended behind the question would begin a sandbox there
    const auto answer =
        QMessageBox::warning(this, tr("Edit the original"),
                             tr("Commits will be written to %1 itself. Undo restores its bytes "
                                "while the window is open, "
                                "but not afterwards. Edit a copy to keep it as it is.")
                                 .arg(path),
                             QMessageBox::Ok | QMessageBox::Cancel, QMessageBox::Cancel);
    if (answer == QMessageBox::Ok && !m_sandbox && m_binding &&
        m_binding->session().path() == path) {
        openSandbox(path, SandboxKind::Original, {}, QFileInfo(path).fileName());
    }
}

void MainWindow::startSandbox(std::unique_ptr<SandboxFolder> folder, SandboxKind kind,
                              const SandboxOptions& options, const QString& originalName) {
    dropSandbox();
    const QString path = folder->path();
    m_sandboxFolder = std::move(folder);
    openSandbox(path, kind, options, originalName);
}

// The engine takes bolt's lock before the window looks at the file, which looks without one.
void MainWindow::openSandbox(const QString& path, SandboxKind kind, const SandboxOptions& options,
                             const QString& originalName) {
    m_copier->stop();
    setFollowing(false);
    m_binding.reset();
    auto sandbox = std::make_unique<Sandbox>(path, kind, options);
    Sandbox* opening = sandbox.get();
    m_sandbox = std::make_unique<SandboxBinding>(std::move(sandbox), m_workspace);
    m_marks = std::make_unique<MarkBinding>(opening, m_workspace, m_compare);
    connect(m_marks.get(), &MarkBinding::told, m_workspace->notice, &NoticeBar::answer);
    connect(m_marks.get(), &MarkBinding::compared, this, [this] { raiseDock(m_differenceDock); });
    m_sandboxOf = originalName;
    m_sandboxOptions = options;
    connect(opening, &Sandbox::opened, this, [this, path] {
        if (m_sandboxFolder) {
            m_sandboxFolder->setRemovedAtEnd(true);
        }
        openSandboxFile(path);
        m_workspace->showTab(m_workspace->stage);
    });
    connect(opening, &Sandbox::failedToOpen, this, [this, path](const QString& error) {
        dropSandbox();
        closeFile();
        m_start->showError(path, error, {}, {}, false);
        offerLeftSandbox(); // one that did not open is still there
    });
    connect(
        m_sandbox.get(), &SandboxBinding::reloadRequested, this,
        [this, path] { openSandboxFile(path); }, Qt::QueuedConnection);
    connectReaders();
    connect(m_sandbox.get(), &SandboxBinding::told, m_workspace->notice, &NoticeBar::answer);
    connect(m_sandbox.get(), &SandboxBinding::pageRequested, this, [this](PageId page) {
        m_workspace->showTab(m_workspace->map);
        m_workspace->map->map()->centerOnPage(page);
        raiseDock(m_docks[2]);
    });
    connect(
        m_sandbox.get(), &SandboxBinding::openImageRequested, this,
        [this](const QString& image) { openFile(image); }, Qt::QueuedConnection);
    showVersion();
    updateTitle();
    Q_EMIT sandboxStarted();
}

void MainWindow::offerBuckets(const Census& census) {
    // Puts beside the padding of a sparse database would copy its leaves.
    m_workspace->sandboxPanel->scratch()->setBuckets(
        bucketPathTexts(census),
        m_sandboxOptions.sparseBytes > 0 ? QStringLiteral("keys") : QString());
}

// Shows the file of the sandbox as the last command left it.
void MainWindow::openSandboxFile(const QString& path) {
    if (!m_sandbox || m_sandbox->sandbox().path() != path) { // a request that came too late
        return;
    }
    const bool wasOpen = m_binding != nullptr;
    const Standpoint kept = wasOpen ? m_binding->standpoint() : Standpoint();
    const auto reader = m_sandbox->sandbox().readerMeta(m_lookedReader);
    if (!reader) {
        setLookedReader(0);
    }
    FileSession::OpenResult result =
        reader ? FileSession::openThrough(path, *reader) : FileSession::open(path);
    if (!result.session) {
        m_workspace->notice->answer(result.error);
        return;
    }
    if (wasOpen) {
        m_binding.reset();
        bindSession(std::move(result.session));
        m_binding->restore(kept);
    } else {
        bind(std::move(result.session));
    }
}

} // namespace pagescape::gui
