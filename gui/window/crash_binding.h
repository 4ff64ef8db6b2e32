// SPDX-License-Identifier: MIT
// CrashBinding: connects a crash lab with its panel for as long as both live.
#pragma once

#include <QObject>

namespace pagescape::gui {

class CrashLab;
class CrashPanel;

/// Thread: GUI thread. Destroying it leaves the panel empty.
class CrashBinding final : public QObject {
    Q_OBJECT
public:
    CrashBinding(CrashLab* lab, CrashPanel* panel, QObject* parent = nullptr);
    ~CrashBinding() override;

private:
    void connectLab();
    void connectPanel();

    CrashLab* m_lab;
    CrashPanel* m_panel;
};

} // namespace pagescape::gui
