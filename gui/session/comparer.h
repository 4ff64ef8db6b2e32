// SPDX-License-Identifier: MIT
// Comparer: compares versions and files in the background. Differences arrive while it runs.
#pragma once

#include "models/comparison.h"
#include "models/session_values.h"
#include "session/job.h"

#include <QObject>
#include <QString>

#include <functional>
#include <memory>
#include <vector>

namespace pagescape::gui {

struct ComparisonFigures;

/// One lane: a new comparison replaces one that runs. Opens the files itself and never writes.
/// Thread: GUI thread; signals arrive there.
class Comparer : public QObject {
    Q_OBJECT
public:
    /// Its task in the task strip; those of a FileSession are less.
    static constexpr int kTask = 11;

    explicit Comparer(QObject* parent = nullptr);
    ~Comparer() override;

    /// The version before the newest against the newest one of a file; with the meta of an open
    /// reader what that sees against the newest: see OpenOptions::heldMeta.
    void compareVersions(const QString& path, const std::optional<MetaFields>& reader = {});
    /// The newest versions of two files.
    void compareFiles(const QString& before, const QString& after);
    /// The newest versions of two files that were one file once; see diffVersions(). The names are
    /// those of the moments that they stand for.
    struct Moments {
        QString before; ///< file
        QString after;
        QString beforeName;
        QString afterName;
        std::function<bool(PageId page, quint32 pageSize)> isUnwritten; ///< of any thread
        std::optional<MetaFields> reader; ///< before is what it sees of the one file
    };
    void compareMoments(const Moments& moments);
    /// Ends it; finished() brings what was found so far.
    void stop();
    /// Ends it without an answer.
    void cancel();
    [[nodiscard]] bool isRunning() const { return m_job.isRunning(); }
    /// For the task strip; none when nothing runs.
    [[nodiscard]] std::vector<TaskInfo> tasks() const;

Q_SIGNALS:
    void started();
    /// Differences since the last call, at most kMostDifferences in all.
    void found(const std::vector<pagescape::gui::DifferenceEntry>& entries);
    void finished(const pagescape::gui::ComparisonPtr& comparison);

private:
    void start(const Moments& moments);
    void publish();

    std::shared_ptr<ComparisonFigures> m_figures;
    Job<ComparisonPtr> m_job;
};

} // namespace pagescape::gui
