// SPDX-License-Identifier: MIT
// MainWindow: assembles views, docks, menus and the opened file. What a view shows is decided
// elsewhere.
#pragma once

#include "state/view_settings.h"
#include "window/actions.h"
#include "window/theme_controller.h"

#include <QMainWindow>

#include <memory>

QT_BEGIN_NAMESPACE
class QLabel;
class QStackedWidget;
QT_END_NAMESPACE

namespace pagescape::gui {

class SessionBinding;
class StartPage;
class TaskStrip;
class Workspace;

/// The window of the program. One file at a time.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    /// `settings` must outlive the window.
    explicit MainWindow(ViewSettings* settings, QWidget* parent = nullptr);
    ~MainWindow() override;

    /// Opens a file for looking; on failure the start page says why. Returns whether it was opened.
    bool openFile(const QString& path);
    void closeFile();
    [[nodiscard]] Workspace* workspace() const { return m_workspace; }
    [[nodiscard]] StartPage* startPage() const { return m_start; }
    /// The opened file, or null.
    [[nodiscard]] SessionBinding* binding() const { return m_binding.get(); }
    [[nodiscard]] const Actions& actions() const { return m_actions; }
    [[nodiscard]] ThemeController& themes() { return m_themes; }

protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void makeDocks();
    void makeFileActions();
    void makeViewActions();
    void makeStepActions();
    void makeMenus();
    void makePlayerKeys();
    void makeStatusBar();
    void makeThemeMenu(class QMenu* menu);
    void bind(std::unique_ptr<class FileSession> session);
    void reload();
    void enableFileActions(bool hasFile);
    void chooseFile();
    void exportPicture();
    void showKeys();
    void showAbout();
    void fillRecentMenu();
    void applyTheme(const Theme& theme);
    void restoreLayout();
    void resetLayout();
    void updateTitle();

    ViewSettings* m_settings;
    ThemeController m_themes;
    Actions m_actions;
    QStackedWidget* m_stack;
    StartPage* m_start;
    Workspace* m_workspace;
    TaskStrip* m_tasks;
    QLabel* m_hover;
    QLabel* m_cache;
    class QMenu* m_recentMenu = nullptr;
    class QMenu* m_layoutMenu = nullptr;
    std::vector<class QDockWidget*> m_docks;
    std::unique_ptr<SessionBinding> m_binding;
    std::unique_ptr<class FileSession>
        m_refused; // a file that opens as raw pages only, if asked for
    QByteArray m_factoryState;
};

/// The sample databases: beside the sources in a build, in the data folder when installed.
[[nodiscard]] QStringList sampleFiles();

} // namespace pagescape::gui
