// SPDX-License-Identifier: MIT
// SandboxCopier: copies a database for a sandbox in the background, with progress and Stop.
#pragma once

#include "models/session_values.h"
#include "sandbox/sandbox_folder.h"
#include "session/job.h"

#include <QObject>
#include <QString>

#include <memory>
#include <vector>

namespace pagescape::gui {

/// One copy at a time. Thread: GUI thread; signals arrive there.
class SandboxCopier : public QObject {
    Q_OBJECT
public:
    /// Id of its task.
    static constexpr int kTask = 13;

    explicit SandboxCopier(QObject* parent = nullptr);
    /// Stops the copy; nothing of it stays.
    ~SandboxCopier() override;

    /// Copies `original` into a new folder; a copy under way is stopped first. Answered by copied()
    /// or failed(), unless it is stopped.
    void start(const QString& original);
    /// Ends the copy soon; nothing of it stays.
    void stop();
    [[nodiscard]] bool isRunning() const { return m_job.isRunning(); }
    /// What is being copied; empty when nothing is.
    [[nodiscard]] QString original() const { return isRunning() ? m_original : QString(); }
    /// The copy as a task of the strip, in bytes; none when nothing is copied.
    [[nodiscard]] std::vector<TaskInfo> tasks() const;

    /// The copy that copied() told of. Null when it was taken before.
    [[nodiscard]] std::unique_ptr<SandboxFolder> take() { return std::move(m_folder); }

Q_SIGNALS:
    void tasksChanged();
    void copied(const QString& original);
    void failed(const QString& error);

private:
    struct Outcome {
        std::unique_ptr<SandboxFolder> folder; // dropped with the answer, it removes the copy
        QString error;
    };

    QString m_original;
    std::shared_ptr<JobFigures> m_figures;
    std::unique_ptr<SandboxFolder> m_folder;
    Job<std::shared_ptr<Outcome>> m_job;
};

} // namespace pagescape::gui
