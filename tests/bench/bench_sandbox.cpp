// SPDX-License-Identifier: MIT
// The window while it drives the engine: frames beside a generator of 10,000 keys a second, steps
// and seeks in a log of 100,000 events, Stop, and what recording costs the engine. Run offscreen:
// bench_sandbox, or for the last one alone bench_sandbox --recording.
#include "sandbox/sandbox.h"
#include "timed_application.h"
#include "views/stage_view.h"
#include "window/main_window.h"
#include "window/sandbox_binding.h"
#include "window/session_binding.h"
#include "window/workspace.h"

#include <QTemporaryDir>

#include <time.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstdio>
#include <iterator>
#include <mutex>
#include <random>
#include <thread>
#include <utility>
#include <vector>

using namespace pagescape;
using namespace pagescape::gui;

namespace {

SandboxCommand generate(quint64 count, quint64 perSecond) {
    SandboxCommand command;
    command.kind = SandboxCommand::Kind::Generate;
    command.path = {"g"};
    command.generator.order = GeneratorSpec::Order::Random;
    command.generator.count = count;
    command.generator.perTx = 100;
    command.generator.perSecond = perSecond;
    return command;
}

// Processor time of this thread.
double threadSeconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return double(now.tv_sec) + double(now.tv_nsec) / 1e9;
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values.empty() ? 0 : values[values.size() / 2];
}
double worst(const std::vector<double>& values) {
    return values.empty() ? 0 : *std::max_element(values.begin(), values.end());
}

// How long a frame's timer of 16 ms is late, while the generator runs.
void frames(TimedApplication& application, MainWindow& window) {
    std::vector<double> gaps;
    QElapsedTimer since;
    QTimer frame;
    frame.setTimerType(Qt::PreciseTimer);
    QObject::connect(&frame, &QTimer::timeout, &window, [&] {
        gaps.push_back(double(since.nsecsElapsed()) / 1e6);
        since.restart();
        window.workspace()->stage->viewport()->update(); // a frame that paints
    });
    window.sandbox()->run(generate(50'000, 10'000));
    application.forget();
    since.start();
    frame.start(16);
    waitFor([&] { return !window.sandbox()->sandbox().isBusy(); });
    std::printf("frames beside 10,000 keys a second: median %.1f ms, worst %.1f ms, longest event "
                "%.1f ms; %d events\n",
                median(gaps), worst(gaps), application.worstMs(),
                window.sandbox()->sandbox().log().size());
}

void steps(MainWindow& window) {
    StagePlayer& player = *window.workspace()->stagePlayer;
    player.setLevelIndex(int(StageLevel::Byte));
    std::vector<double> seeks;
    std::vector<double> single;
    std::mt19937 random(1);
    const auto timed = [&](std::vector<double>& into, const std::function<void()>& move) {
        QElapsedTimer timer;
        timer.start();
        move();
        window.workspace()->stage->viewport()->repaint();
        into.push_back(double(timer.nsecsElapsed()) / 1e6);
    };
    for (int i = 0; i < 200; ++i) {
        timed(seeks, [&] { player.seek(int(random() % unsigned(player.stepCount()))); });
        timed(single, [&] { player.forward(); });
        timed(single, [&] { player.back(); });
    }
    std::printf("of %d events: seek anywhere median %.1f ms, worst %.1f ms; step median %.1f ms, "
                "worst %.1f ms\n",
                player.stepCount(), median(seeks), worst(seeks), median(single), worst(single));
}

void stop(MainWindow& window) {
    window.sandbox()->run(generate(100'000'000, 0));
    const int before = window.sandbox()->sandbox().log().size();
    waitFor([&] { return window.sandbox()->sandbox().log().size() > before + 5000; });
    QElapsedTimer timer;
    timer.start();
    window.sandbox()->sandbox().stop();
    waitFor([&] { return !window.sandbox()->sandbox().isBusy(); });
    std::printf("Stop after %.1f ms\n", double(timer.nsecsElapsed()) / 1e6);
}

// How much of what a sandbox keeps is kept.
struct Recording {
    const char* name;
    bool tellsEvents;
    bool keepsBytes;
};
constexpr Recording kRecordings[] = {
    {"nothing kept", false, false},
    {"events", true, false},
    {"bytes for undo and crashes", false, true},
    {"all of it, as in a sandbox", true, true},
};

// Another thread that takes the events and drops them, as the window's takes and keeps them.
class Consumer {
public:
    void take(StageEvents events) {
        {
            const std::lock_guard lock(m_mutex);
            m_waiting.push_back(std::move(events));
        }
        m_wake.notify_one();
    }

private:
    void loop(const std::stop_token& stop) {
        std::unique_lock lock(m_mutex);
        while (m_wake.wait(lock, stop, [this] { return !m_waiting.empty(); })) {
            std::vector<StageEvents> taken = std::exchange(m_waiting, {});
            lock.unlock();
            taken.clear();
            lock.lock();
        }
    }

    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::vector<StageEvents> m_waiting;
    std::jthread m_thread{[this](const std::stop_token& stop) { loop(stop); }};
};

// The same commits with and without what a sandbox keeps, in turns. Events are handed over as to
// the window, and dropped there: what the window does with them is measured above. Processor time
// of this thread stands beside the time that went by, which is the disk's where commits wait for
// it. The last line says what that is of the time that so many keys take at the pace at which
// people watch a generator.
void recording(const QTemporaryDir& dir, const char* what, const SandboxCommand& command,
               bool isSynced, bool isCopy, int rounds) {
    const QString base = dir.filePath(QStringLiteral("base.db"));
    if (isCopy) {
        SandboxOptions options;
        options.noSync = true;
        auto engine = SandboxEngine::open(base.toStdString(), options, [](const StageEvents&) {});
        SandboxCommand fill = generate(60'000, 0);
        static_cast<void>((*engine)->run(fill));
    }
    std::array<std::vector<double>, std::size(kRecordings)> times;
    std::array<std::vector<double>, std::size(kRecordings)> processor;
    std::array<std::size_t, std::size(kRecordings)> order{0, 1, 2, 3};
    std::mt19937 random(1);
    for (int round = 0; round < rounds; ++round) {
        std::shuffle(order.begin(), order.end(), random);
        for (const std::size_t which : order) {
            const QString path = dir.filePath(QStringLiteral("recorded.db"));
            QFile::remove(path);
            if (isCopy) {
                QFile::copy(base, path);
            }
            SandboxOptions options;
            options.noSync = !isSynced;
            options.tellsEvents = kRecordings[which].tellsEvents;
            options.keepsBytes = kRecordings[which].keepsBytes;
            Consumer consumer;
            auto engine = SandboxEngine::open(path.toStdString(), options, [&](StageEvents events) {
                consumer.take(std::move(events));
            });
            SandboxCommand asked = command;
            QElapsedTimer timer;
            timer.start();
            const double before = threadSeconds();
            static_cast<void>((*engine)->run(asked));
            processor[which].push_back(1e3 * (threadSeconds() - before));
            times[which].push_back(double(timer.nsecsElapsed()) / 1e6);
        }
    }
    std::printf("%s, %s, %d rounds:\n", what, isSynced ? "with syncs" : "without syncs", rounds);
    for (std::size_t i = 0; i < std::size(kRecordings); ++i) {
        std::printf("  %-28s %7.1f ms (%+5.1f %%), processor %7.1f ms (%+5.1f %%)\n",
                    kRecordings[i].name, median(times[i]),
                    100 * (median(times[i]) / median(times[0]) - 1), median(processor[i]),
                    100 * (median(processor[i]) / median(processor[0]) - 1));
    }
    const double more = median(times.back()) - median(times.front());
    std::printf("  at 10,000 keys a second: %.2f %% of the time\n",
                100 * more / (1e3 * double(command.generator.count) / 10'000));
}

void recordings(const QTemporaryDir& dir) {
    recording(dir, "60,000 keys in 600 commits of a new database", generate(60'000, 0), false,
              false, 15);
    recording(dir, "20,000 keys in 200 commits of a copy", generate(20'000, 0), false, true, 15);
    recording(dir, "20,000 keys in 200 commits of a new database", generate(20'000, 0), true, false,
              9);
}

} // namespace

int main(int argc, char** argv) {
    TimedApplication application(argc, argv);
    QTemporaryDir dir;
    if (application.arguments().contains(QStringLiteral("--recording"))) {
        recordings(dir);
        return 0;
    }
    ViewSettings settings(dir.filePath(QStringLiteral("settings.ini")));
    MainWindow window(&settings);
    window.setAsksBeforeLosing(false);
    window.resize(1280, 800);
    window.show();
    if (!window.newDatabase(4096) ||
        !waitFor([&] { return window.binding() && window.sandbox()->sandbox().isOpen(); })) {
        std::fprintf(stderr, "the sandbox does not open\n");
        return 1;
    }
    frames(application, window);
    steps(window);
    stop(window);
    recordings(dir);
    return 0;
}
