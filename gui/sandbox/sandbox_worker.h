// SPDX-License-Identifier: MIT
// SandboxWorker: the thread on which the engine of a sandbox works. Tasks run one after the other;
// what they deliver, events and calls, reaches the GUI thread in the order of delivery.
#pragma once

#include "sandbox/sandbox_engine.h"

#include <QObject>

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>
#include <variant>
#include <vector>

namespace pagescape::gui {

/// Thread: post(), stopTasks() and take() from the GUI thread, deliver() and `engine` from tasks.
class SandboxWorker {
public:
    /// Events, in their order; or a call for the GUI thread.
    using Delivery = std::variant<StageEvents, std::function<void()>>;
    using Task = std::function<void(const std::stop_token&)>;

    /// Events the GUI thread may lag behind; the engine waits for it then.
    static constexpr std::size_t kMostWaiting = 20000;

    /// `notify` is called on the thread of `receiver` when there is something to take and the last
    /// take() found nothing more.
    SandboxWorker(QObject* receiver, std::function<void()> notify);
    /// Stops the running task as soon as it can, a question too; those that wait never run.
    ~SandboxWorker();
    SandboxWorker(const SandboxWorker&) = delete;
    SandboxWorker& operator=(const SandboxWorker&) = delete;

    /// A command, or with `isCommand` false a question that stopTasks() does not count.
    void post(Task task, bool isCommand = true);
    /// Ends the running command soon and forgets those that wait; how many were forgotten.
    int stopTasks();

    /// From a task. Waits while the GUI thread lags behind.
    void deliver(Delivery delivery);
    /// What was delivered, until it is `most` events or more.
    [[nodiscard]] std::vector<Delivery> take(std::size_t most);

    std::unique_ptr<SandboxEngine> engine; ///< null until a task made one

private:
    struct Waiting {
        Task task;
        bool isCommand = true;
    };

    void loop(const std::stop_token& quit);

    QObject* m_receiver;
    std::function<void()> m_notify;
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::condition_variable_any m_room;
    std::deque<Waiting> m_tasks;
    std::deque<Delivery> m_out;
    std::size_t m_waitingEvents = 0; // in m_out
    std::stop_source m_stop;
    bool m_isCommand = false; // the running task is one
    bool m_isNotified = false;
    std::jthread m_thread; // last: it uses all of the above
};

} // namespace pagescape::gui
