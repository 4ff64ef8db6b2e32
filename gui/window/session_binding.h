// SPDX-License-Identifier: MIT
// SessionBinding: connects one opened file with the views of a workspace for as long as both live.
// It holds no picture and no bytes of its own beyond the page on show.
#pragma once

#include "models/session_values.h"
#include "models/tree_shape_builder.h"
#include "session/file_session.h"
#include "session/job.h"
#include "state/get_player.h"
#include "state/view_settings.h"
#include "views/map_panel.h"

#include <QObject>

#include <deque>
#include <memory>
#include <optional>

namespace pagescape::gui {

class Workspace;

/// Where the user is in a file, to be kept when the file is read again.
struct Standpoint {
    Place selection;
    std::vector<QByteArray> bucket; ///< of the selection
    std::vector<QByteArray> listed; ///< current in the bucket panel
    TreeShapeRequest tree;          ///< with what is folded and unfolded
};

/// Who writes the file. Where that is the program itself, or a program that is being followed, it
/// is no news that the file is locked and moves on.
enum class FileOwner { Others, Followed, Us };

/// Thread: GUI thread. Destroying it leaves the views empty.
class SessionBinding : public QObject {
    Q_OBJECT
public:
    SessionBinding(std::unique_ptr<FileSession> session, Workspace* workspace,
                   ViewSettings* settings, FileOwner owner = FileOwner::Others,
                   QObject* parent = nullptr);
    ~SessionBinding() override;

    [[nodiscard]] FileSession& session() const { return *m_session; }
    [[nodiscard]] Standpoint standpoint() const;
    void restore(const Standpoint& standpoint);

    /// Follows the pointer of the selection: a field's own, else the page's first.
    void follow();
    /// Follows the first pointer of a page that was opened in a view; a page without one is shown.
    void open(PageId page);
    /// Selects the page that refers to the selected one.
    void goUp();
    void traceCurrentKey();
    /// Leaves the traced Get.
    void endTrace();

Q_SIGNALS:
    void reloadRequested();
    void hoverTextChanged(const QString& text);
    void problemsRequested();

private:
    void connectSession();
    void connectViews();
    void connectPlayer();
    void showStrip();
    void onProgress();
    void onSelection(const Place& place);
    void onPage(PageId page, const PageSnapshot& snapshot);
    void onHover(const Place& place);
    void onTrace(const GetTracePtr& trace);
    void onFrame(const PlayerFrame& frame);
    void goToOffset(std::uint64_t offset);
    void goToKey(const QByteArray& typed);
    void endGoTo();
    void onKeySearched(const GetTracePtr& trace);
    void requestTrace(const std::vector<QByteArray>& path, const QByteArray& key);
    void applyFormats();
    [[nodiscard]] std::optional<PageId> pointerOf(const PageSnapshot& page) const;
    void onHeadlineLink(const QString& link);
    void onFormat(ViewSettings::FormatUse use, ValueFormat format);
    void readMiniatures(const std::vector<PageId>& pages);
    void showTree();
    void showCrumbs();
    void showHeadline();
    /// Lights the pages of these classes and dims all others.
    void isolate(std::initializer_list<PageClass> classes);
    void goToPage(std::uint64_t page);
    /// Names of the bucket that owns a page, none for the root bucket; nothing when no bucket does.
    [[nodiscard]] std::optional<std::vector<QByteArray>> bucketOfPage(PageId page) const;
    [[nodiscard]] PageSnapshot shownPage() const;

    std::unique_ptr<FileSession> m_session;
    Workspace* m_views;
    ViewSettings* m_settings;
    FileOwner m_owner;
    Job<std::vector<PageSnapshot>> m_miniatures;
    TreeShapeRequest m_tree;
    std::vector<QByteArray> m_bucket; // of the selection: typed keys go there
    /// A key to go to; the next Get is a search for the first of these, not a trace to play.
    struct KeySearch {
        std::vector<QByteArray> path;
        QByteArray key;
    };
    std::deque<KeySearch> m_searches;
    QString m_miss;                 // why the searches so far found nothing
    std::optional<PageId> m_opened; // to be followed as soon as it is read
    bool m_isScanDone = false;
};

} // namespace pagescape::gui
