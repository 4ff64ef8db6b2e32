// SPDX-License-Identifier: MIT
// The sandbox of the window: where one comes from, and how it ends.
#include "models/byte_text.h"
#include "sandbox/make_sandbox.h"
#include "session/file_session.h"
#include "units/units.h"
#include "views/map_panel.h"
#include "views/sandbox_panel.h"
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
#include <QPushButton>
#include <QUuid>

#include <filesystem>
#include <system_error>

namespace pagescape::gui {

namespace {

constexpr std::uint64_t kGibibyte = std::uint64_t{1} << 30U;

// "library-sandbox.db": never the name of the original.
QString keptName(const QString& original) {
    const QFileInfo info(original);
    const QString ending = info.suffix().isEmpty() ? QString() : QLatin1Char('.') + info.suffix();
    return info.completeBaseName() + QStringLiteral("-sandbox") + ending;
}

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
        reload(); // from a scan that is surely compared with the next one
    }
    if (m_binding && isFollowing &&
        m_binding->session().file().layout().lock == LockState::Shared) {
        m_workspace->notice->answer(tr(
            "No program writes this file now, and none can while the window has it open: start the "
            "writer first, then open the file."));
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
    if (!m_binding || m_sandbox) {
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
    const QString path = newSandboxPath(original);
    const auto copied = path.isEmpty() ? fail(Error{}) : copyForEditing(original, path);
    if (!copied) {
        m_workspace->notice->answer(
            path.isEmpty() ? tr("No folder for the copy can be made in the temporary folder.")
                           : toQString(copied.error().describe()));
        removeSandbox(path);
        return false;
    }
    startSandbox(path, SandboxKind::Copy, {}, QFileInfo(original).fileName());
    m_sandbox->crashLab().setProtectedFiles({path, original});
    return true;
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
    const QString path = newSandboxPath(tr("new.db"));
    if (path.isEmpty()) {
        m_start->showError(tr("new.db"), tr("No folder can be made in the temporary folder."), {},
                           tr("Set TMPDIR to a folder you may write to."), false);
        return false;
    }
    startSandbox(path, SandboxKind::NewDatabase, options, QFileInfo(path).fileName());
    return true;
}

void MainWindow::editOriginal() {
    if (!m_binding || m_sandbox || !m_binding->session().isDatabase()) {
        return;
    }
    const QString path = m_binding->session().path();
    const auto answer =
        QMessageBox::warning(this, tr("Edit the original"),
                             tr("Commits will be written to %1 itself. Undo restores its bytes "
                                "while the window is open, "
                                "but not afterwards. Edit a copy to keep it as it is.")
                                 .arg(path),
                             QMessageBox::Ok | QMessageBox::Cancel, QMessageBox::Cancel);
    if (answer == QMessageBox::Ok) {
        startSandbox(path, SandboxKind::Original, {}, QFileInfo(path).fileName());
    }
}

// The engine takes bolt's lock before the window looks at the file, which looks without one.
void MainWindow::startSandbox(const QString& path, SandboxKind kind, const SandboxOptions& options,
                              const QString& originalName) {
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
        openSandboxFile(path);
        m_workspace->showTab(m_workspace->stage);
    });
    connect(opening, &Sandbox::failedToOpen, this, [this, path](const QString& error) {
        dropSandbox();
        closeFile();
        m_start->showError(path, error, {}, {}, false);
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

void MainWindow::dropSandbox() {
    if (!m_sandbox) {
        return;
    }
    const QString path = m_sandbox->sandbox().path();
    const bool isOriginal = m_sandbox->sandbox().kind() == SandboxKind::Original;
    m_binding.reset();
    m_marks.reset();
    m_sandbox.reset();
    setLookedReader(0);
    showVersion();
    if (!isOriginal) {
        removeSandbox(path);
    }
}

bool MainWindow::leaveSandbox() {
    if (!m_sandbox) {
        return true;
    }
    if (m_sandbox->isChanged() && m_sandbox->sandbox().kind() != SandboxKind::Original &&
        m_asksBeforeLosing) {
        QMessageBox box(QMessageBox::Question, tr("Leave the sandbox"),
                        tr("The sandbox has changes. Keep the file?"), QMessageBox::NoButton, this);
        const QPushButton* keep = box.addButton(tr("&Keep as…"), QMessageBox::AcceptRole);
        const QPushButton* drop = box.addButton(tr("&Discard"), QMessageBox::DestructiveRole);
        box.addButton(QMessageBox::Cancel);
        box.exec();
        const QAbstractButton* chosen = box.clickedButton();
        if (chosen != drop && (chosen != keep || !keepSandbox())) {
            return false;
        }
    }
    dropSandbox();
    return true;
}

bool MainWindow::keepSandbox() {
    if (!m_sandbox) {
        return false;
    }
    const QString target =
        QFileDialog::getSaveFileName(this, tr("Keep the sandbox as"), keptName(m_sandboxOf),
                                     tr("Databases (*.db);;All files (*)"));
    return !target.isEmpty() && keepSandboxAs(target);
}

bool MainWindow::keepSandboxAs(const QString& target) {
    const QString path = m_sandbox->sandbox().path();
    if (QFileInfo(target) == QFileInfo(path)) {
        return true;
    }
    // Written beside the target first: a failed copy must not cost what stands there.
    const QString part =
        target + QStringLiteral(".%1.part").arg(QUuid::createUuid().toString(QUuid::Id128));
    const auto copied = copyForEditing(path, part);
    std::error_code failed;
    if (copied) {
        std::filesystem::rename(toPath(part), toPath(target), failed);
    }
    if (!copied || failed) {
        m_workspace->notice->answer(copied
                                        ? tr("%1 cannot be replaced: %2")
                                              .arg(target, QString::fromStdString(failed.message()))
                                        : toQString(copied.error().describe()));
        QFile::remove(part);
        return false;
    }
    m_workspace->notice->answer(tr("Kept as %1").arg(target));
    m_settings->addRecentFile(target);
    return true;
}

} // namespace pagescape::gui
