// SPDX-License-Identifier: MIT
// The thread of a Sandbox. For sandbox*.cpp alone.
#pragma once

#include "sandbox/sandbox.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

namespace pagescape::gui {

// One thread with an engine. What it delivers, events and ends of tasks, keeps its order.
class Sandbox::Worker {
public:
    static constexpr std::size_t kMostWaiting = 20000; ///< events the GUI thread may lag behind
    using Delivery = std::variant<StageEvent, std::function<void()>>;
    using Task = std::function<void(const std::stop_token&)>;

    Worker(QObject* receiver, std::function<void()> notify)
        : m_receiver(receiver), m_notify(std::move(notify)),
          m_thread([this](const std::stop_token& stop) { loop(stop); }) {}

    ~Worker() {
        m_thread.request_stop();
        stopTasks();
        m_thread.join();
        engine.reset();
    }

    /// A command, or with `isCommand` false a question that stopTasks() does not count.
    void post(Task task, bool isCommand = true) {
        {
            const std::lock_guard lock(m_mutex);
            m_tasks.push_back({std::move(task), isCommand});
        }
        m_wake.notify_all();
    }

    /// Ends the running task soon and forgets the commands that wait; how many were forgotten.
    int stopTasks() {
        const std::lock_guard lock(m_mutex);
        m_stop.request_stop();
        return int(
            std::erase_if(m_tasks, [](const Waiting& waiting) { return waiting.isCommand; }));
    }

    /// From the worker's thread. Waits while the GUI thread lags behind.
    void deliver(Delivery delivery) {
        std::unique_lock lock(m_mutex);
        m_room.wait(lock, m_thread.get_stop_token(),
                    [this] { return m_out.size() < kMostWaiting; });
        m_out.push_back(std::move(delivery));
        if (std::exchange(m_isNotified, true)) {
            return;
        }
        lock.unlock();
        QMetaObject::invokeMethod(m_receiver, m_notify, Qt::QueuedConnection);
    }

    /// From the GUI thread: what was delivered, at most `most`.
    std::vector<Delivery> take(std::size_t most) {
        std::vector<Delivery> taken;
        {
            const std::lock_guard lock(m_mutex);
            const std::size_t count = std::min(most, m_out.size());
            taken.assign(std::make_move_iterator(m_out.begin()),
                         std::make_move_iterator(m_out.begin() + std::ptrdiff_t(count)));
            m_out.erase(m_out.begin(), m_out.begin() + std::ptrdiff_t(count));
            m_isNotified = !m_out.empty() || count > 0; // an empty answer ends the asking
        }
        m_room.notify_all();
        return taken;
    }

    std::unique_ptr<SandboxEngine> engine; // of the worker's thread

private:
    void loop(const std::stop_token& quit) {
        for (;;) {
            Task task;
            std::stop_token stop;
            {
                std::unique_lock lock(m_mutex);
                if (!m_wake.wait(lock, quit, [this] { return !m_tasks.empty(); })) {
                    return;
                }
                task = std::move(m_tasks.front().task);
                m_tasks.pop_front();
                m_stop = std::stop_source();
                stop = m_stop.get_token();
            }
            task(stop);
        }
    }

    QObject* m_receiver;
    std::function<void()> m_notify;
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::condition_variable_any m_room;
    struct Waiting {
        Task task;
        bool isCommand = true;
    };
    std::deque<Waiting> m_tasks;
    std::deque<Delivery> m_out;
    std::stop_source m_stop;
    bool m_isNotified = false;
    std::jthread m_thread; // last: it uses all of the above
};

} // namespace pagescape::gui
