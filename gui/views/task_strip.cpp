// SPDX-License-Identifier: MIT
#include "views/task_strip.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QToolButton>

namespace pagescape::gui {

TaskStrip::TaskStrip(QWidget* parent)
    : QWidget(parent), m_name(new QLabel), m_bar(new QProgressBar), m_stop(new QToolButton) {
    m_bar->setFixedWidth(140);
    m_bar->setMaximumHeight(fontMetrics().height() + 4);
    m_stop->setText(tr("Stop"));
    m_stop->setAccessibleName(tr("Stop the task"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_name);
    row->addWidget(m_bar);
    row->addWidget(m_stop);
    connect(m_stop, &QToolButton::clicked, this, [this] {
        if (m_current >= 0) {
            Q_EMIT stopRequested(m_current);
        }
    });
    hide();
}

void TaskStrip::setTasks(const std::vector<TaskInfo>& tasks) {
    setVisible(!tasks.empty());
    if (tasks.empty()) {
        m_current = -1;
        return;
    }
    const TaskInfo& task = tasks.front();
    m_current = task.id;
    m_name->setText(tasks.size() == 1
                        ? task.name
                        : tr("%1 (and %n more)", nullptr, int(tasks.size()) - 1).arg(task.name));
    if (task.total == 0) {
        m_bar->setRange(0, 0);
        return;
    }
    m_bar->setRange(0, 1000);
    m_bar->setValue(int(double(task.done) / double(task.total) * 1000));
    m_bar->setFormat(tr("%p %"));
}

} // namespace pagescape::gui
