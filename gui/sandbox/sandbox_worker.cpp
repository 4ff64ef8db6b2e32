// SPDX-License-Identifier: MIT
#include "sandbox/sandbox_worker.h"

#include <QMetaObject>

#include <algorithm>
#include <utility>

namespace pagescape::gui {

namespace {

// A call weighs as much as one event.
std::size_t weightOf(const SandboxWorker::Delivery& delivery) {
    const auto* events = std::get_if<StageEvents>(&delivery);
    return events != nullptr ? events->size() : 1;
}

} // namespace

SandboxWorker::SandboxWorker(QObject* receiver, std::function<void()> notify)
    : m_receiver(receiver), m_notify(std::move(notify)),
      m_thread([this](const std::stop_token& stop) { loop(stop); }) {}

SandboxWorker::~SandboxWorker() {
    m_thread.request_stop();
    {
        const std::lock_guard lock(m_mutex);
        m_tasks.clear();
        m_stop.request_stop();
    }
    m_thread.join();
    engine.reset();
}

void SandboxWorker::post(Task task, bool isCommand) {
    {
        const std::lock_guard lock(m_mutex);
        m_tasks.push_back({std::move(task), isCommand});
    }
    m_wake.notify_all();
}

int SandboxWorker::stopTasks() {
    const std::lock_guard lock(m_mutex);
    if (m_isCommand) {
        m_stop.request_stop();
    }
    return int(std::erase_if(m_tasks, [](const Waiting& waiting) { return waiting.isCommand; }));
}

void SandboxWorker::deliver(Delivery delivery) {
    std::unique_lock lock(m_mutex);
    if (m_waitingEvents >= kMostWaiting) {
        m_room.wait(lock, m_thread.get_stop_token(),
                    [this] { return m_waitingEvents < kMostWaiting; });
    }
    m_waitingEvents += weightOf(delivery);
    m_out.push_back(std::move(delivery));
    if (std::exchange(m_isNotified, true)) {
        return;
    }
    lock.unlock();
    QMetaObject::invokeMethod(m_receiver, m_notify, Qt::QueuedConnection);
}

std::vector<SandboxWorker::Delivery> SandboxWorker::take(std::size_t most) {
    std::vector<Delivery> taken;
    {
        const std::lock_guard lock(m_mutex);
        for (std::size_t weight = 0; weight < most && !m_out.empty(); m_out.pop_front()) {
            weight += weightOf(m_out.front());
            m_waitingEvents -= weightOf(m_out.front());
            taken.push_back(std::move(m_out.front()));
        }
        m_isNotified = !taken.empty(); // an empty answer ends the asking
    }
    m_room.notify_all();
    return taken;
}

void SandboxWorker::loop(const std::stop_token& quit) {
    for (;;) {
        Task task;
        std::stop_token stop;
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait(lock, quit, [this] { return !m_tasks.empty(); });
            if (quit.stop_requested()) { // whatever waits
                return;
            }
            task = std::move(m_tasks.front().task);
            m_isCommand = m_tasks.front().isCommand;
            m_tasks.pop_front();
            m_stop = std::stop_source();
            stop = m_stop.get_token();
        }
        task(stop);
    }
}

} // namespace pagescape::gui
