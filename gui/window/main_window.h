// SPDX-License-Identifier: MIT
// MainWindow: assembles views, docks, menus and the opened file. What a view shows is decided
// elsewhere.
#pragma once

#include "render/render.h"
#include "sandbox/sandbox.h"
#include "sandbox/sandbox_folder.h"
#include "state/view_settings.h"
#include "window/actions.h"
#include "window/follower.h"
#include "window/theme_controller.h"

#include <QMainWindow>

#include <memory>
#include <optional>

QT_BEGIN_NAMESPACE
class QLabel;
class QStackedWidget;
QT_END_NAMESPACE

namespace pagescape::gui {

class CompareBinding;
class MarkBinding;
class ReadyLayouts;
class SandboxBinding;
class SandboxCopier;
class SessionBinding;
enum class FileOwner;
class StartPage;
class StatisticsBinding;
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
    [[nodiscard]] ReadyLayouts& layouts() { return *m_layouts; }

    /// Shows the version of the database before the newest one, through the other meta, or the
    /// newest one again. Where there is none the notice bar says why.
    void showPreviousVersion(bool isPrevious);
    /// Writes the command that the player stands in as a GIF: as the Growth tab shows it when that
    /// is in front, else as the Commit tab does.
    RenderOutcome saveAnimation(const QString& output);
    /// Shows what an open reader of the sandbox sees, however many commits follow, until the
    /// reader is about to end; 0: the newest version again.
    void lookThrough(std::uint64_t reader);
    /// The reader that is looked through; 0: none.
    [[nodiscard]] std::uint64_t lookedReader() const { return m_lookedReader; }
    [[nodiscard]] CompareBinding& comparing() { return *m_compare; }

    /// The sandbox, or null.
    [[nodiscard]] SandboxBinding* sandbox() const { return m_sandbox.get(); }
    /// The marked moments of the sandbox; null without one.
    [[nodiscard]] MarkBinding* marks() const { return m_marks.get(); }
    /// Begins to copy the opened file into the temporary folder, as a task that can be stopped, and
    /// then drives the engine on the copy: sandboxStarted(). False when that is not possible; the
    /// notice bar says why.
    bool editCopy();
    /// A new database in the temporary folder. False when the user keeps the present sandbox.
    bool newDatabase(quint32 pageSize);
    /// The same with the file mapped at a length of 1 GiB from the start, bolt's InitialMmapSize:
    /// no load up to there meets a remap.
    bool newMappedDatabase();
    /// The same of almost 1 GiB, nearly all of it holes: some keys more, and the mapping grows to
    /// 2 GiB.
    bool newSparseDatabase();
    /// Offers, on the start page, to open or delete a sandbox that a killed program left; removes
    /// what cannot be opened.
    void lookForLeftSandboxes();
    /// Copies the sandbox's file to a place of its own, replacing what is there. False while a
    /// command runs, and for a place that goes away with the sandbox; the notice bar says why.
    bool keepSandboxAs(const QString& target);
    /// Whether a changed sandbox is asked about before it is left; tests say no.
    void setAsksBeforeLosing(bool asks) { m_asksBeforeLosing = asks; }

    /// Shows each new version of a file that another program writes, and what it changed.
    void setFollowing(bool isFollowing);
    [[nodiscard]] Follower& follower() { return m_follower; }

Q_SIGNALS:
    /// There is a sandbox(); it opens in the background.
    void sandboxStarted();

protected:
    void closeEvent(QCloseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void makeDocks();
    void makeFileActions();
    void makeLabActions();
    void makeCompareActions();
    void makeMarkActions();
    void addLetterKey(const QList<QWidget*>& canvases, Qt::Key letter, QAction* action);
    void makeReaderAction();
    void connectReaders();
    void toggleReaderLook();
    void setLookedReader(std::uint64_t reader);
    void showVersion();
    void showOtherVersion(std::unique_ptr<class FileSession> session);
    void chooseComparison();
    void raiseDock(class QDockWidget* dock);
    void showTasks();
    void stopTask(int task);
    void makeViewActions();
    void makeStepActions();
    void makeMenus();
    void makeToolBar();
    void makePlayerKeys();
    void makeStatusBar();
    void makeThemeMenu(class QMenu* menu);
    void bind(std::unique_ptr<class FileSession> session);
    void bindSession(std::unique_ptr<class FileSession> session);
    [[nodiscard]] FileOwner ownerOfFile() const;
    [[nodiscard]] FileLocking lockingOfFile() const;
    void showChanges(const SeenChanges& changes);
    void editOriginal();
    void connectCopier();
    bool newSandbox(const SandboxOptions& options);
    void startSandbox(std::unique_ptr<SandboxFolder> folder, SandboxKind kind,
                      const SandboxOptions& options, const QString& originalName);
    void openSandbox(const QString& path, SandboxKind kind, const SandboxOptions& options,
                     const QString& originalName);
    void openSandboxFile(const QString& path);
    void offerBuckets(const Census& census);
    /// Ends the sandbox and removes its file, unless that is an original.
    void dropSandbox();
    /// The same after asking what becomes of changes; false: the user stays.
    bool leaveSandbox();
    [[nodiscard]] bool stopSandbox();
    [[nodiscard]] bool endTransaction();
    void offerLeftSandbox();
    void openLeftSandbox();
    void deleteLeftSandbox();
    bool keepSandbox();
    void reload();
    void enableFileActions(bool hasFile);
    void chooseFile();
    void exportPicture();
    void showKeys();
    void showAbout();
    void fillRecentMenu();
    void applyTheme(const Theme& theme);
    void restorePlace();
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
    std::vector<class QDockWidget*> m_docks;
    class QDockWidget* m_differenceDock = nullptr;
    class QDockWidget* m_statisticsDock = nullptr;
    CompareBinding* m_compare;
    StatisticsBinding* m_statistics;
    ReadyLayouts* m_layouts = nullptr;
    std::unique_ptr<SessionBinding> m_binding;
    Follower m_follower;
    SandboxCopier* m_copier;
    std::unique_ptr<SandboxFolder> m_sandboxFolder; // outlives the engine that works in it
    std::unique_ptr<SandboxBinding> m_sandbox;
    std::unique_ptr<MarkBinding> m_marks; // of the sandbox
    std::uint64_t m_lookedReader = 0;
    SandboxOptions m_sandboxOptions;
    std::optional<LeftSandbox> m_offered; // what the start page names
    QString m_sandboxOf;                  // name of the file that the sandbox is a copy of
    bool m_asksBeforeLosing = true;
    static constexpr int kSandboxDock = 4;
    static constexpr qint64 kLargeCopy = qint64{1} << 30;
    std::unique_ptr<class FileSession>
        m_refused; // a file that opens as raw pages only, if asked for
};

/// The sample databases: beside the sources in a build, in the data folder when installed.
[[nodiscard]] QStringList sampleFiles();

} // namespace pagescape::gui
