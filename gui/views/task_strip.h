// SPDX-License-Identifier: MIT
// TaskStrip: every long task with its progress and a Stop button, in the status bar.
#pragma once

#include "models/session_values.h"

#include <QWidget>

#include <vector>

QT_BEGIN_NAMESPACE
class QLabel;
class QProgressBar;
class QToolButton;
QT_END_NAMESPACE

namespace pagescape::gui {

/// The running tasks; the first one with its bar, the others counted. Hidden when there is none.
class TaskStrip : public QWidget {
    Q_OBJECT
public:
    explicit TaskStrip(QWidget* parent = nullptr);
    void setTasks(const std::vector<TaskInfo>& tasks);

Q_SIGNALS:
    void stopRequested(int task);

private:
    int m_current = -1;
    QLabel* m_name;
    QProgressBar* m_bar;
    QToolButton* m_stop;
};

} // namespace pagescape::gui
