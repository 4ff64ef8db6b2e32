// SPDX-License-Identifier: MIT
// What the benchmarks of the window share: the longest event of the GUI thread, and waiting.
#pragma once

#include <QApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QTimer>

#include <algorithm>
#include <functional>

namespace pagescape::gui {

/// Knows how long the longest event kept the GUI thread.
class TimedApplication : public QApplication {
public:
    using QApplication::QApplication;
    bool notify(QObject* receiver, QEvent* event) override {
        QElapsedTimer timer;
        timer.start();
        const bool result = QApplication::notify(receiver, event);
        m_worst = std::max(m_worst, timer.nsecsElapsed());
        return result;
    }
    [[nodiscard]] double worstMs() const { return double(m_worst) / 1e6; }
    void forget() { m_worst = 0; }

private:
    qint64 m_worst = 0;
};

/// Waits for a fact by the signals that can bring it about; gives up after a minute.
inline bool waitFor(const std::function<bool()>& fact) {
    QEventLoop loop;
    QTimer look;
    QTimer limit;
    limit.setSingleShot(true);
    QObject::connect(&look, &QTimer::timeout, &loop, [&] {
        if (fact()) {
            loop.quit();
        }
    });
    QObject::connect(&limit, &QTimer::timeout, &loop, &QEventLoop::quit);
    look.start(1);
    limit.start(60000);
    if (!fact()) {
        loop.exec();
    }
    return fact();
}

} // namespace pagescape::gui
