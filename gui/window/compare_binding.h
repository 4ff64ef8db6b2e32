// SPDX-License-Identifier: MIT
// CompareBinding: connects comparisons with the views of a workspace. A comparison outlives the
// switch to the other version of its file, and ends when another file, or a newer one, is shown.
#pragma once

#include "paint/lens.h"
#include "session/comparer.h"

#include <QObject>
#include <QPointer>

#include <memory>

namespace pagescape::gui {

class FileSession;
class ViewSettings;
class Workspace;

/// Choosing Lens::Changes starts a comparison, and while that lens is on show each new version is
/// compared with the one before it. Thread: GUI thread. Lives as long as the window.
class CompareBinding : public QObject {
    Q_OBJECT
public:
    CompareBinding(Workspace* workspace, ViewSettings* settings, QObject* parent = nullptr);
    ~CompareBinding() override;

    /// The file on show, in either version; null for none.
    void setSession(FileSession* session);
    /// The previous version of the file on show against its newest one.
    void compareVersions();
    /// Another file, as before, against the one on show.
    void compareWith(const QString& path);
    /// Two moments of a sandbox whose file is on show. `isAfterShown`: the later one is its present
    /// version, so that places can be gone to.
    void compareMoments(const Comparer::Moments& moments, bool isAfterShown);
    /// Takes the comparison off the views.
    void end();
    void stop() { m_comparer.stop(); }
    [[nodiscard]] bool isRunning() const { return m_comparer.isRunning(); }
    [[nodiscard]] std::vector<TaskInfo> tasks() const { return m_comparer.tasks(); }
    /// The pages of the comparison on show, or null.
    [[nodiscard]] const std::shared_ptr<const PageChanges>& changes() const { return m_changes; }

Q_SIGNALS:
    void tasksChanged();

private:
    void start(const QString& before, const QString& title);
    void begin(const QString& title);
    void onFinished(const ComparisonPtr& comparison);
    void setChanges(std::shared_ptr<const PageChanges> changes);
    void countSame();
    void clear();
    void leaveLens();
    [[nodiscard]] bool isAbout(const FileSession& session) const;
    void showSides();

    Workspace* m_views;
    ViewSettings* m_settings;
    QPointer<FileSession> m_session;
    Comparer m_comparer;
    QString m_path;             // of the file on show when the comparison began
    quint64 m_txid = 0;         // newest transaction of it
    bool m_isAfterShown = true; // the later side is the version on show, or the one beside it
    quint64 m_readerTxid = 0;   // that is compared with it; 0: the version before it
    ComparisonPtr m_comparison;
    std::shared_ptr<const PageChanges> m_changes;
    Job<quint64> m_same;
};

} // namespace pagescape::gui
