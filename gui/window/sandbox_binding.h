// SPDX-License-Identifier: MIT
// SandboxBinding: connects one sandbox with the views of a workspace for as long as both live.
#pragma once

#include "sandbox/crash_lab.h"
#include "sandbox/sandbox.h"
#include "window/crash_binding.h"

#include <QObject>
#include <QTimer>

#include <memory>

namespace pagescape::gui {

class Workspace;

/// Thread: GUI thread. Destroying it closes the sandbox and leaves the views empty; the file stays.
class SandboxBinding : public QObject {
    Q_OBJECT
public:
    SandboxBinding(std::unique_ptr<Sandbox> sandbox, Workspace* workspace,
                   QObject* parent = nullptr);
    ~SandboxBinding() override;

    [[nodiscard]] Sandbox& sandbox() const { return *m_sandbox; }
    /// Whether it holds anything that a user could miss: a command that changed the file.
    [[nodiscard]] bool isChanged() const { return m_isChanged; }
    /// The file holds such changes already.
    void setChanged() { m_isChanged = true; }

    /// Runs a command where the player stands: in the past it begins a branch there.
    void run(const SandboxCommand& command);
    /// Asks about the next step of the commit on show, or says why not.
    void askAboutCommit();
    void askForGenerator();
    void askForList();
    void undo();
    void redo();
    [[nodiscard]] CrashLab& crashLab() { return m_lab; }

Q_SIGNALS:
    /// The file has another content: show it anew.
    void reloadRequested();
    /// Sentences for the notice bar: what went wrong, what was done besides.
    void told(const QString& text);
    /// A page was selected from far away: show it on the map and in the inspector.
    void pageRequested(PageId page);
    /// The window is to show what a reader sees, or the newest version again (0).
    void lookRequested(std::uint64_t reader);
    /// An image of a crash is to be shown.
    void openImageRequested(const QString& path);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void connectSandbox();
    void connectViews();
    void connectTime();
    void beginLog();
    void showLog();
    void showPlace();
    void showPage();
    void showBranches();
    void goToNode(std::uint32_t number);
    void connectLab();
    void refreshLab();
    void commitAgain(bool isSynced);
    void showSituation();
    bool goWherePlayerStands();

    std::unique_ptr<Sandbox> m_sandbox;
    Workspace* m_views;
    CrashLab m_lab;
    CrashBinding m_labBinding;
    bool m_isLabOld = true; ///< the file was changed since the lab's material
    bool m_isChanged = false;
};

/// What the frame of the window says of a sandbox, in words. `path`: its file.
[[nodiscard]] QString sandboxFrameText(SandboxKind kind, const SandboxOptions& options,
                                       const QString& originalName, const QString& path);

} // namespace pagescape::gui
