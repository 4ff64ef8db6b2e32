// SPDX-License-Identifier: MIT
// Job: one lane of cancellable background work. Starting again replaces what waits and stops what
// runs; only the newest start is answered, and answers arrive on the thread that owns the lane.
#pragma once

#include <QFutureWatcher>
#include <QObject>
#include <QThreadPool>
#include <QtConcurrent>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>

namespace pagescape::gui {

/// The pool of all background jobs: one slow scan must not keep a page request waiting.
[[nodiscard]] QThreadPool& jobPool();

/// What a running job may use. Work must own all it touches: it can outlive the lane for a moment.
class JobControl {
public:
    JobControl(std::stop_token stop, std::function<void()> progressed)
        : m_stop(std::move(stop)), m_progressed(std::move(progressed)) {}
    [[nodiscard]] const std::stop_token& stop() const { return m_stop; }
    /// Says that shared figures moved on. Cheap; at most about 25 calls a second get through.
    void progressed() const { m_progressed(); }

private:
    std::stop_token m_stop;
    std::function<void()> m_progressed;
};

/// How far a job is: written by its work, read by the owner of the lane.
struct JobFigures {
    std::atomic<quint64> done{0};
    std::atomic<quint64> total{0};
};

/// What an engine call reports to: keeps `figures` and says that they moved on. Lifetime: that of
/// `control`.
[[nodiscard]] inline std::function<void(std::uint64_t done, std::uint64_t total)> reportTo(
    std::shared_ptr<JobFigures> figures, const JobControl& control) {
    return [figures = std::move(figures), &control](std::uint64_t done, std::uint64_t total) {
        figures->done = done;
        figures->total = total;
        control.progressed();
    };
}

/// One lane. T is what the work gives back. Thread: the owner's.
template <typename T>
class Job {
public:
    using Work = std::function<T(const JobControl&)>;
    using Done = std::function<void(T)>;
    using Progress = std::function<void()>;

    Job() = default;
    Job(const Job&) = delete;
    Job& operator=(const Job&) = delete;
    /// Stops the work and does not wait for it: its answer is dropped.
    ~Job() { cancel(); }

    /// Runs `work` in the background. A run under way is stopped first and its answer dropped.
    void start(Work work, Done done, Progress progress = {}) {
        Request request{++m_generation, std::move(work), std::move(done), std::move(progress)};
        if (m_running) {
            m_stop.request_stop();
            m_next = std::move(request);
            return;
        }
        launch(std::move(request));
    }

    /// Stops the run and forgets what waits; neither is answered.
    void cancel() {
        ++m_generation;
        m_next.reset();
        m_stop.request_stop();
    }

    /// True while a run that will be answered is under way or waits.
    [[nodiscard]] bool isRunning() const {
        return m_next.has_value() || (m_running && m_runGeneration == m_generation);
    }

private:
    struct Request {
        quint64 generation = 0;
        Work work;
        Done done;
        Progress progress;
    };

    void launch(Request request) {
        m_stop = std::stop_source();
        m_running = true;
        m_runGeneration = request.generation;
        m_watcher = std::make_unique<QFutureWatcher<T>>();
        QObject::connect(
            m_watcher.get(), &QFutureWatcherBase::progressValueChanged, m_watcher.get(),
            [this, generation = request.generation, progress = request.progress](int value) {
                // Qt begins with a 0 of its own, before the work said anything.
                if (progress && value > 0 && generation == m_generation) {
                    progress();
                }
            });
        QObject::connect(m_watcher.get(), &QFutureWatcherBase::finished, m_watcher.get(),
                         [this, generation = request.generation, done = std::move(request.done)] {
                             finish(generation, done);
                         });
        m_watcher->setFuture(
            QtConcurrent::run(&jobPool(), runWork, std::move(request.work), m_stop.get_token()));
    }

    static void runWork(QPromise<T>& promise, const Work& work, const std::stop_token& stop) {
        // Qt drops progress values that come faster than about 25 a second.
        promise.setProgressRange(0, 0);
        int ticks = 0;
        const JobControl control(stop, [&promise, &ticks] { promise.setProgressValue(++ticks); });
        promise.addResult(work(control));
    }

    void finish(quint64 generation, const Done& done) {
        m_running = false;
        // The watcher is on the stack above us; it goes when the event loop is back.
        QFutureWatcher<T>* watcher = m_watcher.release();
        watcher->disconnect();
        watcher->deleteLater();
        std::optional<T> result;
        if (generation == m_generation && watcher->future().resultCount() > 0) {
            result = watcher->future().takeResult();
        }
        if (m_next) {
            launch(std::exchange(m_next, std::nullopt).value());
        }
        if (result && done) {
            const Done callback = done;
            callback(std::move(*result)); // last: it may destroy this lane
        }
    }

    std::unique_ptr<QFutureWatcher<T>> m_watcher;
    std::stop_source m_stop;
    std::optional<Request> m_next;
    quint64 m_generation = 0;
    quint64 m_runGeneration = 0;
    bool m_running = false;
};

} // namespace pagescape::gui
