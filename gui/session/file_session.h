// SPDX-License-Identifier: MIT
// FileSession: the one door from the window to an opened file. It runs the census and all reads as
// background jobs and publishes immutable values; the GUI thread never waits for the disk.
#pragma once

#include "models/entry_source.h"
#include "models/session_values.h"
#include "models/tree_shape_builder.h"
#include "pagescape/census.h"
#include "pagescape/check.h"
#include "pagescape/inspect.h"
#include "pagescape/page_file.h"
#include "pagescape/trace.h"

#include <QByteArray>
#include <QObject>
#include <QString>

#include <memory>
#include <vector>

namespace pagescape::gui {

/// Which version of the database in a file is looked at.
enum class FileVersion {
    Newest,
    Previous, ///< through the other meta: see OpenOptions::previousVersion
};

/// Whether a session keeps bolt programs from opening its file for writing, where nobody does yet.
enum class FileLocking { Shared, None };

/// Everything known about one opened file. Thread: GUI thread; signals arrive there.
class FileSession : public QObject {
    Q_OBJECT
public:
    /// What opening came to. `error` is empty on success; a raw view is possible when `session` is
    /// set.
    struct OpenResult {
        std::unique_ptr<FileSession> session;
        QString error;    ///< one sentence
        QString evidence; ///< first bytes and what they look like
        QString advice;   ///< what can still be done
    };
    /// Reads the metas only. Never writes, never waits for a lock. A previous version that is not
    /// whole is refused: then there is no session either.
    [[nodiscard]] static OpenResult open(const QString& path,
                                         FileVersion version = FileVersion::Newest,
                                         FileLocking locking = FileLocking::Shared);
    /// Looks at what an open reader of a store on the file sees. The session must end before the
    /// reader does: see OpenOptions::heldMeta.
    [[nodiscard]] static OpenResult openThrough(const QString& path, const MetaFields& reader);
    ~FileSession() override;

    [[nodiscard]] QString path() const;
    [[nodiscard]] const PageFile& file() const;
    /// Valid metas: false for a raw view.
    [[nodiscard]] bool isDatabase() const;
    /// The table that views paint from; filled while the scan runs.
    [[nodiscard]] const std::shared_ptr<const Census>& census() const;
    /// One byte an operating-system page (0 or 1), sampled before anything else was read. Of a file
    /// beyond 1 GiB the rest is sampled when the scan starts; residencyChanged tells.
    [[nodiscard]] const std::vector<std::uint8_t>& residencyAsFound() const;
    /// Why the residency sample cannot be trusted; empty when it can.
    [[nodiscard]] QString residencyCaveat() const;

    /// Starts stages 0 to 2 and then the check, or goes on where they were stopped. Progress
    /// arrives as censusAdvanced, at most about 25 times a second.
    void startScan();
    /// Stops every task; each ends within 100 ms. A stopped scan is told by scanFinished with a
    /// text.
    void stopAll();
    void stopTask(int id);
    [[nodiscard]] std::vector<TaskInfo> tasks() const;
    [[nodiscard]] bool isScanning() const;

    /// Asks for a page; answered by pageReady. Only the newest request is answered.
    void requestPage(PageId page);
    /// Runs a Get with tracing on; answered by getTraced.
    void requestGet(const std::vector<QByteArray>& path, const QByteArray& key);
    /// Asks for the drawn part of a bucket's tree; answered by treeShapeReady, newest request only.
    void requestTreeShape(const TreeShapeRequest& request);
    /// Entries of buckets, for the bucket tree. Owned by the session.
    [[nodiscard]] EntrySource* entries() const;
    /// The findings so far.
    [[nodiscard]] const std::vector<Finding>& findings() const;
    /// True once the check ran to its end: no finding then means no damage.
    [[nodiscard]] bool isChecked() const;

Q_SIGNALS:
    void censusAdvanced(const pagescape::CensusProgress& progress);
    void scanFinished(bool whole, const QString& error);
    void pageReady(pagescape::PageId page, const pagescape::gui::PageSnapshot& snapshot);
    void pageFailed(pagescape::PageId page, const QString& error);
    void treeShapeReady(const pagescape::gui::TreeShape& shape);
    void getTraced(const pagescape::gui::GetTracePtr& trace);
    void findingsChanged();
    /// The check ended; `error` is empty when it ran to its end, "whole" as in CheckSummary.
    void checkFinished(bool whole, const QString& error);
    void tasksChanged();
    void residencyChanged();
    /// The file on disk moved on: its active txid differs from the one that was opened.
    void fileMovedOn(quint64 transactions);
    /// The file on disk became shorter than it was when opened, or cannot be read any more.
    void fileShrank(const QString& text);

private:
    FileSession();
    [[nodiscard]] static OpenResult openWith(const QString& path, const OpenOptions& options);
    void connectParts();
    void publishScanProgress();
    void finishScan(bool whole, const QString& error);
    void startCheck();
    bool takeFindings();

    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace pagescape::gui

Q_DECLARE_METATYPE(pagescape::CensusProgress)
Q_DECLARE_METATYPE(pagescape::PageId)
