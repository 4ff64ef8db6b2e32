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

#include <memory>
#include <optional>

namespace pagescape::gui {

class Workspace;

/// Thread: GUI thread. Destroying it leaves the views empty.
class SessionBinding : public QObject {
    Q_OBJECT
public:
    SessionBinding(std::unique_ptr<FileSession> session, Workspace* workspace,
                   ViewSettings* settings, QObject* parent = nullptr);
    ~SessionBinding() override;

    [[nodiscard]] FileSession& session() const { return *m_session; }

    /// Follows the pointer of the selection: a field's own, else the page's first.
    void follow();
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
    void goToKey(const QByteArray& key);
    void onHeadlineLink(const QString& link);
    void onFormat(ViewSettings::FormatUse use, ValueFormat format);
    void readMiniatures(const std::vector<PageId>& pages);
    void showTree();
    void showCrumbs();
    void showHeadline();
    void isolate(PageClass pageClass);
    void isolateLive();
    void goToPage(std::uint64_t page);
    [[nodiscard]] std::vector<QByteArray> bucketOfPage(PageId page) const;
    [[nodiscard]] PageSnapshot shownPage() const;

    std::unique_ptr<FileSession> m_session;
    Workspace* m_views;
    ViewSettings* m_settings;
    Job<std::vector<PageSnapshot>> m_miniatures;
    TreeShapeRequest m_tree;
    std::vector<QByteArray> m_bucket; // the bucket that typed keys go to
    bool m_isKeySearch = false;       // the next Get is a "go to key", not a trace to play
    bool m_isScanDone = false;
};

} // namespace pagescape::gui
