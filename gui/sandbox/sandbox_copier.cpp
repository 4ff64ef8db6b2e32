// SPDX-License-Identifier: MIT
#include "sandbox/sandbox_copier.h"

#include "models/byte_text.h"
#include "sandbox/make_sandbox.h"

#include <QFileInfo>

#include <filesystem>
#include <system_error>
#include <utility>

namespace pagescape::gui {

SandboxCopier::SandboxCopier(QObject* parent)
    : QObject(parent), m_figures(std::make_shared<JobFigures>()) {}

SandboxCopier::~SandboxCopier() = default;

void SandboxCopier::start(const QString& original) {
    m_original = original;
    m_figures = std::make_shared<JobFigures>();
    m_job.start(
        [original, figures = m_figures](const JobControl& control) {
            auto outcome = std::make_shared<Outcome>();
            auto folder = SandboxFolder::make(original, true);
            if (!folder) {
                outcome->error = tr("No folder for the copy can be made in the temporary folder. "
                                    "Set TMPDIR to a folder you may write to.");
                return outcome;
            }
            const auto copied = copyForEditing(original, folder->partPath(),
                                               reportTo(figures, control), control.stop());
            std::error_code failure;
            if (copied) {
                std::filesystem::rename(toPath(folder->partPath()), toPath(folder->path()),
                                        failure);
            }
            if (!copied) {
                outcome->error = toQString(copied.error().describe());
            } else if (failure) {
                outcome->error = tr("The copy cannot be given its name: %1")
                                     .arg(QString::fromStdString(failure.message()));
            } else {
                outcome->folder = std::move(folder);
            }
            return outcome;
        },
        [this](std::shared_ptr<Outcome> outcome) {
            Q_EMIT tasksChanged();
            if (outcome->folder) {
                m_folder = std::move(outcome->folder);
                Q_EMIT copied(m_original);
            } else {
                Q_EMIT failed(outcome->error);
            }
        },
        [this] { Q_EMIT tasksChanged(); });
    Q_EMIT tasksChanged();
}

void SandboxCopier::stop() {
    m_folder.reset();
    if (isRunning()) {
        m_job.cancel();
        Q_EMIT tasksChanged();
    }
}

std::vector<TaskInfo> SandboxCopier::tasks() const {
    if (!isRunning()) {
        return {};
    }
    return {{kTask, tr("Copying %1").arg(QFileInfo(m_original).fileName()), m_figures->done,
             m_figures->total}};
}

} // namespace pagescape::gui
