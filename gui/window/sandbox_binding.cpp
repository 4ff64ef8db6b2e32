// SPDX-License-Identifier: MIT
#include "window/sandbox_binding.h"

#include "stage/stage_player.h"
#include "views/crash_panel.h"
#include "views/generator_dialog.h"
#include "views/sandbox_panel.h"
#include "views/scratch_bar.h"
#include "window/workspace.h"

namespace pagescape::gui {

QString sandboxFrameText(SandboxKind kind, const QString& originalName) {
    switch (kind) {
    case SandboxKind::Copy:
        return SandboxBinding::tr(
                   "SANDBOX COPY of %1: commands change this copy; %1 stays as it is.")
            .arg(originalName);
    case SandboxKind::NewDatabase:
        return SandboxBinding::tr("SANDBOX: a new database in the temporary folder. Keep it with "
                                  "File ▸ Keep the sandbox as.");
    case SandboxKind::Original: break;
    }
    return SandboxBinding::tr("EDITING THE ORIGINAL %1: commits are written to this file.")
        .arg(originalName);
}

SandboxBinding::SandboxBinding(std::unique_ptr<Sandbox> sandbox, Workspace* workspace,
                               QObject* parent)
    : QObject(parent), m_sandbox(std::move(sandbox)), m_views(workspace),
      m_labBinding(&m_lab, workspace->crash) {
    connectSandbox();
    connectViews();
    connectLab();
    m_views->stagePlayer->setLog(&m_sandbox->log());
    showSituation();
}

SandboxBinding::~SandboxBinding() {
    m_sandbox->disconnect(this);
    m_views->stagePlayer->setLog(nullptr);
    m_views->sandboxPanel->scratch()->setSituation({});
}

void SandboxBinding::connectSandbox() {
    Sandbox* sandbox = m_sandbox.get();
    connect(sandbox, &Sandbox::logChanged, this, [this] { m_views->stagePlayer->logChanged(); });
    connect(sandbox, &Sandbox::busyChanged, this, &SandboxBinding::showSituation);
    connect(sandbox, &Sandbox::historyChanged, this, &SandboxBinding::showSituation);
    connect(sandbox, &Sandbox::fileChanged, this, [this] {
        m_isChanged = true;
        m_isLabOld = true;
        Q_EMIT reloadRequested();
    });
    connect(sandbox, &Sandbox::finished, this, [this](const SandboxCommand&, const QString& error) {
        if (!error.isEmpty()) {
            Q_EMIT failed(error);
        }
        refreshLab();
    });
}

void SandboxBinding::connectViews() {
    ScratchBar* scratch = m_views->sandboxPanel->scratch();
    connect(scratch, &ScratchBar::commandRequested, this, &SandboxBinding::run);
    connect(scratch, &ScratchBar::generatorRequested, this, &SandboxBinding::askForGenerator);
    connect(scratch, &ScratchBar::listRequested, this, &SandboxBinding::askForList);
    connect(scratch, &ScratchBar::undoRequested, this, &SandboxBinding::undo);
    connect(scratch, &ScratchBar::redoRequested, this, &SandboxBinding::redo);
    connect(scratch, &ScratchBar::stopRequested, m_sandbox.get(), &Sandbox::stop);
}

void SandboxBinding::showSituation() {
    ScratchBar::Situation situation;
    situation.isOpen = m_sandbox->isOpen();
    situation.isBusy = m_sandbox->isBusy();
    situation.hasTransaction = m_sandbox->hasTransaction();
    situation.isSynced = m_sandbox->isSynced();
    situation.canUndo = m_sandbox->history().undoTarget().has_value();
    situation.canRedo = m_sandbox->history().redoTarget().has_value();
    m_views->sandboxPanel->scratch()->setSituation(situation);
    m_views->crash->setSyncs(m_sandbox->isSynced(), m_sandbox->isOpen() && !m_sandbox->isBusy() &&
                                                        !m_sandbox->hasTransaction());
}

// The newest command that ended at or before the event on show.
void SandboxBinding::goWherePlayerStands() {
    const SandboxHistory& history = m_sandbox->history();
    const int events = m_views->stagePlayer->position() + 1;
    int target = 0;
    for (const int node : history.pathTo(history.current())) {
        if (history.node(node).eventsEnd > events) {
            break;
        }
        target = node;
    }
    if (target != history.current() && !m_views->stagePlayer->atEnd()) {
        m_sandbox->goTo(target);
    }
}

void SandboxBinding::run(const SandboxCommand& command) {
    goWherePlayerStands();
    m_sandbox->run(command);
}

void SandboxBinding::connectLab() {
    m_lab.setProtectedFiles({m_sandbox->path()});
    connect(m_sandbox.get(), &Sandbox::opened, this, &SandboxBinding::refreshLab);
    connect(m_sandbox.get(), &Sandbox::crashMaterialReady, &m_lab, &CrashLab::setMaterial);
    CrashPanel* panel = m_views->crash;
    connect(panel, &CrashPanel::shown, this, &SandboxBinding::refreshLab);
    connect(panel, &CrashPanel::syncToggleRequested, this, &SandboxBinding::commitAgain);
    connect(panel, &CrashPanel::openImageRequested, this, &SandboxBinding::openImageRequested);
    connect(panel, &CrashPanel::pageActivated, m_views->hub,
            [hub = m_views->hub](PageId page) { hub->selectPage(page); });
}

// Only when it is looked at: the material is a copy of the file.
void SandboxBinding::refreshLab() {
    if (m_isLabOld && m_sandbox->isOpen() && !m_sandbox->isBusy() && m_views->crash->isVisible()) {
        m_isLabOld = false;
        m_sandbox->requestCrashMaterial();
    }
}

// Takes the newest commit back with all of its transaction, and makes it again on the same file.
void SandboxBinding::commitAgain(bool isSynced) {
    const SandboxHistory& history = m_sandbox->history();
    int end = history.current();
    while (end > 0 && !(history.node(end).delta && history.node(end).delta->isChanged)) {
        end = history.node(end).parent;
    }
    int begin = end > 0 ? history.node(end).parent : 0;
    while (begin > 0 && !history.node(begin).isQuiet) {
        begin = history.node(begin).parent;
    }
    if (end <= 0 || m_sandbox->isBusy() || !history.routeTo(begin)) {
        Q_EMIT failed(tr("The commit cannot be taken back any more: make another one."));
        return;
    }
    std::vector<SandboxCommand> commands;
    for (int node = end; node != begin; node = history.node(node).parent) {
        commands.insert(commands.begin(), history.node(node).command);
    }
    m_sandbox->goTo(begin);
    SandboxCommand syncs;
    syncs.kind = SandboxCommand::Kind::SetSync;
    syncs.number = isSynced ? 1 : 0;
    m_sandbox->run(syncs);
    for (const SandboxCommand& command : commands) {
        m_sandbox->run(command);
    }
}

void SandboxBinding::undo() {
    m_sandbox->undo();
}

void SandboxBinding::redo() {
    m_sandbox->redo();
}

void SandboxBinding::askForGenerator() {
    GeneratorDialog dialog(m_views->sandboxPanel->scratch()->bucket(), m_views);
    if (dialog.exec() == QDialog::Accepted) {
        run(dialog.command());
    }
}

void SandboxBinding::askForList() {
    ListDialog dialog(m_views->sandboxPanel->scratch()->bucket(), m_views);
    if (dialog.exec() == QDialog::Accepted) {
        run(dialog.command());
    }
}

} // namespace pagescape::gui
