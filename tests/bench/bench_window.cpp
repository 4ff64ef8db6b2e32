// SPDX-License-Identifier: MIT
// The window on a file of any size: time to the first picture, frame times of pan, zoom and lens
// change, memory per page, time to stop a scan. Run offscreen: bench_window FILE.
#include "session/file_session.h"
#include "timed_application.h"
#include "views/map_panel.h"
#include "window/main_window.h"
#include "window/session_binding.h"
#include "window/workspace.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QFile>
#include <QScrollBar>
#include <QTemporaryDir>
#include <QTimer>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <vector>

using namespace pagescape;
using namespace pagescape::gui;

namespace {

double residentMiB() {
    QFile status(QStringLiteral("/proc/self/status"));
    if (!status.open(QIODevice::ReadOnly)) {
        return 0;
    }
    // Anonymous memory only: mapped file pages belong to the page cache.
    for (const QByteArray& line : status.readAll().split('\n')) {
        if (line.startsWith("RssAnon:")) {
            return line.mid(8).trimmed().split(' ').front().toDouble() / 1024;
        }
    }
    return 0;
}

struct Frames {
    std::vector<double> ms;
    void add(double value) { ms.push_back(value); }
    [[nodiscard]] double median() {
        std::sort(ms.begin(), ms.end());
        return ms.empty() ? 0 : ms[ms.size() / 2];
    }
    [[nodiscard]] double worst() const { return ms.empty() ? 0 : *std::ranges::max_element(ms); }
};

void report(const char* what, Frames& frames) {
    std::printf("%-28s median %7.2f ms   worst %7.2f ms   (%zu frames)\n", what, frames.median(),
                frames.worst(), frames.ms.size());
}

double paintedIn(PageMapView* map, const std::function<void()>& change) {
    QElapsedTimer timer;
    timer.start();
    change();
    map->viewport()->repaint();
    return double(timer.nsecsElapsed()) / 1e6;
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fprintf(stderr, "usage: bench_window FILE\n");
        return 2;
    }
    qputenv("QT_QPA_PLATFORM", "offscreen");
    TimedApplication app(argc, argv);
    QTemporaryDir dir;
    ViewSettings settings(dir.filePath(QStringLiteral("settings.ini")));
    MainWindow window(&settings);
    window.resize(1280, 800);
    window.show();
    QApplication::sendPostedEvents();
    const double before = residentMiB();

    app.forget();
    QElapsedTimer timer;
    timer.start();
    if (!window.openFile(QString::fromLocal8Bit(argv[1]))) {
        std::fprintf(stderr, "%s cannot be opened\n", argv[1]);
        return 3;
    }
    const double opened = double(timer.nsecsElapsed()) / 1e6;
    PageMapView* map = window.workspace()->map->map();
    FileSession& session = window.binding()->session();
    waitFor([&] { return map->image() != nullptr; });
    map->viewport()->repaint();
    std::printf("%-28s %7.1f ms (openFile returned after %.1f ms)\n", "first picture",
                double(timer.nsecsElapsed()) / 1e6, opened);

    if (session.isScanning()) {
        timer.restart();
        session.stopAll();
        waitFor([&] { return !session.isScanning(); });
        std::printf("%-28s %7.1f ms\n", "stop", double(timer.nsecsElapsed()) / 1e6);
        session.startScan();
    } else {
        std::printf("%-28s the scan had already ended\n", "stop");
    }
    waitFor([&] { return !session.isScanning() && session.tasks().empty(); });
    std::printf("%-28s %7.1f ms\n", "scan and check", double(timer.nsecsElapsed()) / 1e6);
    waitFor([&] { return map->isUpToDate(); });
    std::printf("%-28s %7.1f ms\n", "longest event", app.worstMs());

    const double pages = double(session.census()->pageCount());
    std::printf("%-28s %.0f pages, %.1f MiB, %.1f bytes a page\n", "memory", pages,
                residentMiB() - before, (residentMiB() - before) * 1048576 / pages);

    for (const int zoom : {6, 8, 11, 15}) {
        map->setZoom(zoom);
        Frames pan;
        for (int i = 0; i < 60; ++i) {
            pan.add(paintedIn(map, [&] {
                QScrollBar* bar = map->verticalScrollBar();
                bar->setValue(bar->value() + 37);
            }));
        }
        char name[64];
        std::snprintf(name, sizeof name, "pan at zoom step %d", zoom);
        report(name, pan);
    }
    Frames zooming;
    for (int i = 0; i < 60; ++i) {
        const int zoom = i % 34 < 17 ? i % 34 : 34 - i % 34;
        zooming.add(paintedIn(map, [&] { map->setZoom(zoom); }));
    }
    report("zoom", zooming);
    map->zoomToFit();
    Frames lens;
    Frames ready;
    for (int i = 0; i < 10; ++i) {
        timer.restart();
        lens.add(paintedIn(map, [&] { map->setLens(kLenses[std::size_t(i) % 4]); }));
        waitFor([&] { return map->isUpToDate(); });
        ready.add(double(timer.nsecsElapsed()) / 1e6);
        lens.add(paintedIn(map, [] {}));
    }
    report("lens change, frames", lens);
    report("lens change, new picture", ready);
    return 0;
}
