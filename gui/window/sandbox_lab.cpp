// SPDX-License-Identifier: MIT
// The crash lab of a sandbox: where its material comes from, and the same commit without syncs.
#include "views/crash_panel.h"
#include "window/notice_bar.h"
#include "window/sandbox_binding.h"
#include "window/workspace.h"

namespace pagescape::gui {

void SandboxBinding::connectLab() {
    m_lab.setProtectedFiles({m_sandbox->path()});
    connect(m_sandbox.get(), &Sandbox::opened, this, &SandboxBinding::refreshLab);
    connect(m_sandbox.get(), &Sandbox::crashMaterialReady, &m_lab, &CrashLab::setMaterial);
    connect(&m_lab, &CrashLab::imageSaved, this, [this](const QString& path, const QString& error) {
        m_views->notice->confirm(
            error.isEmpty() ? tr("The file after the crash was saved as %1").arg(path) : error);
    });
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
        Q_EMIT told(tr("The commit cannot be taken back any more: make another one."));
        return;
    }
    std::vector<SandboxCommand> commands;
    for (int node = end; node != begin; node = history.node(node).parent) {
        commands.insert(commands.begin(), history.node(node).command);
    }
    if (!m_sandbox->goTo(begin)) {
        return;
    }
    SandboxCommand syncs;
    syncs.kind = SandboxCommand::Kind::SetSync;
    syncs.number = isSynced ? 1 : 0;
    m_sandbox->run(syncs);
    for (const SandboxCommand& command : commands) {
        m_sandbox->run(command);
    }
}

} // namespace pagescape::gui
