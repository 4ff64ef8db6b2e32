// SPDX-License-Identifier: MIT
// TreeMeasurer: measures the trees of the version on show in the background.
#pragma once

#include "models/session_values.h"
#include "pagescape/census.h"
#include "pagescape/tree_statistics.h"
#include "session/job.h"

#include <QObject>
#include <QString>

#include <memory>
#include <vector>

namespace pagescape::gui {

/// What a measurement came to.
struct MeasuredTrees {
    TreeStatistics statistics;
    std::vector<QString> skipped; ///< the first damaged parts that were left out, in words
    QString error;                ///< empty when it ran to its end
};

/// One lane. Thread: GUI thread; signals arrive there.
class TreeMeasurer : public QObject {
    Q_OBJECT
public:
    /// Its task in the task strip; those of a FileSession are less.
    static constexpr int kTask = 12;

    explicit TreeMeasurer(QObject* parent = nullptr);
    ~TreeMeasurer() override;

    /// Measures the file of a census, in the version that it looks at. Replaces what runs.
    void start(const std::shared_ptr<const Census>& census);
    /// Stops; told by finished() with an error.
    void stop();
    /// Stops without an answer.
    void cancel();
    [[nodiscard]] bool isRunning() const { return m_job.isRunning(); }
    [[nodiscard]] quint64 pagesRead() const;
    [[nodiscard]] std::vector<TaskInfo> tasks() const;

Q_SIGNALS:
    void advanced();
    void finished(const std::shared_ptr<const pagescape::gui::MeasuredTrees>& trees);

private:
    std::shared_ptr<JobFigures> m_figures;
    Job<std::shared_ptr<const MeasuredTrees>> m_job;
};

} // namespace pagescape::gui
