// SPDX-License-Identifier: MIT
#include "session/tree_measurer.h"

#include "models/byte_text.h"

#include <utility>

namespace pagescape::gui {

namespace {

constexpr std::size_t kMostSkipsTold = 20;

} // namespace

TreeMeasurer::TreeMeasurer(QObject* parent)
    : QObject(parent), m_figures(std::make_shared<JobFigures>()) {}

TreeMeasurer::~TreeMeasurer() = default;

void TreeMeasurer::start(const std::shared_ptr<const Census>& census) {
    m_figures = std::make_shared<JobFigures>();
    m_job.start(
        [census, figures = m_figures](const JobControl& control) {
            MeasuredTrees trees;
            auto measured = treeStatistics(
                census->file(),
                [&trees](const Error& error) {
                    if (trees.skipped.size() < kMostSkipsTold) {
                        trees.skipped.push_back(toQString(error.describe()));
                    }
                },
                reportTo(figures, control), control.stop());
            if (measured) {
                trees.statistics = std::move(*measured);
            } else {
                trees.error = toQString(measured.error().describe());
            }
            return std::make_shared<const MeasuredTrees>(std::move(trees));
        },
        [this](const std::shared_ptr<const MeasuredTrees>& trees) { Q_EMIT finished(trees); },
        [this] { Q_EMIT advanced(); });
    Q_EMIT advanced();
}

void TreeMeasurer::stop() {
    if (m_job.isRunning()) {
        m_job.cancel();
        auto trees = std::make_shared<MeasuredTrees>();
        trees->error = tr("Measuring was stopped.");
        Q_EMIT finished(trees);
    }
}

void TreeMeasurer::cancel() {
    m_job.cancel();
}

quint64 TreeMeasurer::pagesRead() const {
    return m_figures->done;
}

std::vector<TaskInfo> TreeMeasurer::tasks() const {
    if (!m_job.isRunning()) {
        return {};
    }
    return {{kTask, tr("Measuring trees"), m_figures->done, m_figures->total}};
}

} // namespace pagescape::gui
