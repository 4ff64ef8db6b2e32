// SPDX-License-Identifier: MIT
#include "window/statistics_binding.h"

#include "session/file_session.h"
#include "views/statistics_panel.h"

#include <utility>

namespace pagescape::gui {

StatisticsBinding::StatisticsBinding(StatisticsPanel* panel, QObject* parent)
    : QObject(parent), m_panel(panel) {
    connect(m_panel, &StatisticsPanel::figuresWanted, this, &StatisticsBinding::measure);
    connect(m_panel, &StatisticsPanel::stopRequested, this, &StatisticsBinding::stop);
    connect(&m_measurer, &TreeMeasurer::advanced, this, [this] {
        const auto tasks = m_measurer.tasks();
        if (!tasks.empty()) {
            m_panel->setProgress(tasks.front().done, tasks.front().total);
        }
        Q_EMIT tasksChanged();
    });
    connect(&m_measurer, &TreeMeasurer::finished, this, &StatisticsBinding::onFinished);
}

StatisticsBinding::~StatisticsBinding() {
    m_measurer.disconnect(this);
}

void StatisticsBinding::setSession(FileSession* session) {
    m_session = session;
    m_measurer.cancel();
    m_panel->clear();
    Q_EMIT tasksChanged();
    if (m_panel->isVisible()) {
        measure();
    }
}

void StatisticsBinding::measure() {
    if (m_session != nullptr && !m_measurer.isRunning()) {
        m_measurer.start(m_session->census());
    }
}

void StatisticsBinding::onFinished(const std::shared_ptr<const MeasuredTrees>& trees) {
    if (!trees->error.isEmpty()) {
        m_panel->setError(trees->error);
    } else {
        // One object holds them all; the panel sees its part.
        m_panel->setStatistics({trees, &trees->statistics},
                               trees->skipped.empty() ? QString() : trees->skipped.front());
    }
    Q_EMIT tasksChanged();
}

} // namespace pagescape::gui
