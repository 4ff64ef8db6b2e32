// SPDX-License-Identifier: MIT
// StatisticsBinding: measures the trees of the version on show when somebody looks at the panel.
#pragma once

#include "session/tree_measurer.h"

#include <QObject>
#include <QPointer>

namespace pagescape::gui {

class FileSession;
class StatisticsPanel;

/// Thread: GUI thread. Lives as long as the window.
class StatisticsBinding : public QObject {
    Q_OBJECT
public:
    explicit StatisticsBinding(StatisticsPanel* panel, QObject* parent = nullptr);
    ~StatisticsBinding() override;

    /// The version on show; null for none. Measured at once where the panel is seen.
    void setSession(FileSession* session);
    void stop() { m_measurer.stop(); }
    [[nodiscard]] std::vector<TaskInfo> tasks() const { return m_measurer.tasks(); }

Q_SIGNALS:
    void tasksChanged();

private:
    void measure();
    void onFinished(const std::shared_ptr<const MeasuredTrees>& trees);

    StatisticsPanel* m_panel;
    QPointer<FileSession> m_session;
    TreeMeasurer m_measurer;
};

} // namespace pagescape::gui
