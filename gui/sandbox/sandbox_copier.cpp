// SPDX-License-Identifier: MIT
#include "sandbox/sandbox_copier.h"

#include "models/byte_text.h"
#include "sandbox/make_sandbox.h"

#include <QFileInfo>

#include <atomic>
#include <filesystem>
#include <system_error>
#include <utility>

namespace pagescape::gui {

/// Written by the copy, read by the window.
struct SandboxCopier::Figures {
    std::atomic<quint64> done{0};
    std::atomic<quint64> total{0};
};

SandboxCopier::SandboxCopier(QObject* parent)
    : QObject(parent), m_figures(std::make_shared<const Figures>()) {}

SandboxCopier::~SandboxCopier() = default;

void SandboxCopier::start(const QString& original) {
    m_original = original;
    auto figures = std::make_shared<Figures>();
    m_figures = figures;
    m_job.start(
        [original, figures](const JobControl& control) {
            auto outcome = std::make_shared<Outcome>();
            auto folder = SandboxFolder::make(original, true);
            if (!folder) {
                outcome->error = tr("No folder for the copy can be made in the temporary folder. "
                                    "Set TMPDIR to a folder you may write to.");
                return outcome;
            }
            const auto copied = copyForEditing(
                original, folder->partPath(),
                [&](std::uint64_t done, std::uint64_t total) {
                    figures->done = done;
                    figures->total = total;
                    control.progressed();
                },
                control.stop());
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
