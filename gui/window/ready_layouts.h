// SPDX-License-Identifier: MIT
// ReadyLayouts: the arrangements of docks and views that the window offers ready-made, and the
// user's own one, which is kept while another is on.
#pragma once

#include <QByteArray>
#include <QMainWindow>
#include <QObject>

#include <optional>

QT_BEGIN_NAMESPACE
class QDockWidget;
QT_END_NAMESPACE

namespace pagescape::gui {

class Actions;
class Workspace;

/// Explore: what is where. Step: a Get in the tree. Commit: the lab. Present: few panels and large
/// text, for a projector.
enum class ReadyLayout { Explore, Step, Commit, Present };

/// Arranges the docks of one window. Thread: GUI thread.
class ReadyLayouts : public QObject {
    Q_OBJECT
public:
    /// All docks of `window` are there already; as they stand now is what reset() goes back to.
    /// `version` marks the saved states.
    ReadyLayouts(QMainWindow* window, Workspace* workspace, int version);

    /// Adds the commands that choose; `layout-commit` is for the lab only.
    void addActions(Actions& actions);

    /// The views come up, or the lab is entered or left. Entering it chooses Commit, unless Present
    /// is on; leaving it goes back to what was on before. Called again for the same it does
    /// nothing, so that what the user moved about stays.
    void show(bool isInLab);
    /// The start page comes up: all docks go.
    void hide();

    /// One of the ready-made ones; the user's own one is kept. Choosing the present one again
    /// arranges it anew.
    void choose(ReadyLayout layout);
    /// Back to the user's own arrangement.
    void chooseOwn();
    /// The user's own arrangement is that of a new window again.
    void reset();
    /// The ready-made one that is on; nothing: the user's own.
    [[nodiscard]] std::optional<ReadyLayout> current() const { return m_current; }

    /// The user's own arrangement, to be remembered between runs: QMainWindow::saveState().
    [[nodiscard]] QByteArray own() const;
    /// One that was remembered; what cannot be restored gives way to that of a new window.
    void setOwn(const QByteArray& state);

private:
    [[nodiscard]] QDockWidget* dock(const char* name) const;
    void keepOwn();
    void goToLab(bool isInLab);
    void arrange();
    void arrangeOwn();
    void arrange(ReadyLayout layout);
    void shareCentre(double ofTree);
    void setLargeText(bool isLarge);
    void showActions();

    QMainWindow* m_window;
    Workspace* m_workspace;
    Actions* m_actions = nullptr;
    int m_version;
    QByteArray m_factory;
    QByteArray m_own;
    double m_ownTreeShare = 0; // of the centre's height
    std::optional<ReadyLayout> m_current;
    std::optional<ReadyLayout> m_outsideLab; // what leaving the lab goes back to
    bool m_isShown = false;
    bool m_isInLab = false;
};

} // namespace pagescape::gui
