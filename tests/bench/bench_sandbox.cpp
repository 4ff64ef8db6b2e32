// SPDX-License-Identifier: MIT
// The window while it drives the engine: frames beside a generator of 10,000 keys a second, steps
// and seeks in a log of 100,000 events, Stop, and what recording costs the engine. Run offscreen:
// bench_sandbox.
#include "sandbox/sandbox.h"
#include "timed_application.h"
#include "views/stage_view.h"
#include "window/main_window.h"
#include "window/sandbox_binding.h"
#include "window/session_binding.h"
#include "window/workspace.h"

#include <QTemporaryDir>

#include <cstdio>
#include <random>
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

// The same commits by the engine with a sink that keeps events, and with one that drops them.
void recording(const QTemporaryDir& dir) {
    std::vector<double> with;
    std::vector<double> without;
    for (int round = 0; round < 9; ++round) {
        for (const bool keeps : {false, true}) {
            const QString path = dir.filePath(QStringLiteral("r%1%2.db").arg(round).arg(keeps));
            SandboxOptions options;
            options.noSync = true;
            std::vector<StageEvent> events;
            auto engine = SandboxEngine::open(path.toStdString(), options, [&](StageEvent event) {
                if (keeps) {
                    events.push_back(std::move(event));
                }
            });
            SandboxCommand command = generate(60'000, 0);
            QElapsedTimer timer;
            timer.start();
            static_cast<void>((*engine)->run(command));
            (keeps ? with : without).push_back(double(timer.nsecsElapsed()) / 1e6);
        }
    }
    std::printf("60,000 keys in 600 commits: %.0f ms, with every event kept %.0f ms (%+.1f %%)\n",
                median(without), median(with), 100 * (median(with) / median(without) - 1));
}

} // namespace

int main(int argc, char** argv) {
    TimedApplication application(argc, argv);
    QTemporaryDir dir;
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
    recording(dir);
    return 0;
}
