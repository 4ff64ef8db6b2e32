// SPDX-License-Identifier: MIT
// Times the page map on 16 million pages: building a lens, and painting a frame of 1280x800 at
// every zoom step while scrolling. Prints medians of processor time; ends with 1 when a frame at
// scale 1 takes over 16 ms.
#include "pagescape/page_file.h"
#include "paint/page_map_painter.h"

#include <QFile>
#include <QGuiApplication>
#include <QImage>
#include <QTemporaryDir>

#include <time.h>

#include <algorithm>
#include <cstdio>
#include <random>

using namespace pagescape;
using namespace pagescape::gui;

namespace {

constexpr quint64 kPages = 16'000'000;
constexpr double kFrameBudgetMs = 16;

// All of this runs on one thread; its processor time does not count what else the machine is doing.
double threadMs() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

template <typename Work>
double medianMs(int repeats, Work work) {
    std::vector<double> times;
    for (int i = 0; i < repeats; ++i) {
        const double start = threadMs();
        work(i);
        times.push_back(threadMs() - start);
    }
    std::nth_element(times.begin(), times.begin() + repeats / 2, times.end());
    return times[static_cast<std::size_t>(repeats / 2)];
}

// Runs of one class, as a file that grew and was overwritten has them, with noise between.
std::vector<LensClass> syntheticClasses() {
    std::mt19937 random(7);
    std::vector<LensClass> classes;
    classes.reserve(kPages);
    while (classes.size() < kPages) {
        const auto pageClass = static_cast<LensClass>(1 + random() % 6);
        const std::size_t length = random() % 3 == 0 ? 1 : random() % 40;
        classes.insert(classes.end(), std::min<std::size_t>(length, kPages - classes.size()),
                       pageClass);
    }
    classes[kPages / 3] = static_cast<LensClass>(1 + static_cast<int>(PageClass::Problem));
    return classes;
}

// A sample with a sparse tail: the census has 16 million rows, most of them beyond the high-water
// mark.
void benchBuild() {
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("sparse.db"));
    QFile::copy(QStringLiteral(PAGESCAPE_SAMPLE_DIR "/library.db"), path);
    QFile file(path);
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    if (!file.open(QFile::ReadWrite) || !file.resize(static_cast<qint64>(kPages) * 1024)) {
        std::printf("build from census: no sparse file here\n");
        return;
    }
    file.close();
    auto opened = PageFile::open(path.toStdString());
    if (!opened) {
        std::printf("build from census: %s\n", opened.error().describe().c_str());
        return;
    }
    Census census(std::make_shared<const PageFile>(std::move(*opened)));
    if (!census.run()) {
        return;
    }
    for (const Lens lens : {Lens::Type, Lens::Fill, Lens::Owner, Lens::Reachability}) {
        const double ms = medianMs(5, [&](int) { (void)LensImage::build(lens, census); });
        std::printf("build %-13s %8.1f ms\n", qPrintable(lensId(lens)), ms);
    }
}

double frameMs(const LensImage& image, int zoom, qreal ratio, bool hasPath) {
    const Theme theme = Theme::light();
    PageMapSpec spec;
    spec.pageCount = image.pageCount();
    spec.zoom = zoom;
    spec.viewport = QSizeF(1280, 800);
    spec.devicePixelRatio = ratio;
    spec.gutter = 70;
    PageMapLayout layout(spec);
    QImage target(QSize(1280, 800) * ratio, QImage::Format_RGB32);
    target.setDevicePixelRatio(ratio);
    const std::vector<PageId> path{PageId{1}, PageId{kPages / 2}, PageId{kPages / 2 + 300}};
    PageMapScene scene;
    scene.image = &image;
    scene.layout = &layout;
    scene.theme = &theme;
    scene.selected = {100, 110};
    scene.cursor = PageId{100};
    scene.hasFocus = true;
    if (hasPath) {
        scene.path = path;
    }
    layout.centerOn(PageId{kPages / 2});
    return medianMs(15, [&](int i) {
        layout.setScroll(0, layout.scrollY() + 7 * i);
        QPainter painter(&target);
        paintPageMap(painter, scene, layout.viewportRect());
    });
}

} // namespace

int main(int argc, char** argv) {
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) {
        qputenv("QT_QPA_PLATFORM", "offscreen");
    }
    const QGuiApplication application(argc, argv);
    benchBuild();
    const std::vector<LensClass> classes = syntheticClasses();
    std::shared_ptr<const LensImage> image;
    const double ms =
        medianMs(5, [&](int) { image = LensImage::fromClasses(Lens::Type, classes); });
    std::printf("pyramid over mixed pages %8.1f ms, %.2f bytes a page\n", ms,
                static_cast<double>(image->memoryBytes()) / static_cast<double>(kPages));
    bool isInBudget = true;
    std::printf("%-16s %10s %10s %10s\n", "frame, ms", "scale 1", "with path", "scale 2");
    for (int zoom = 0; zoom < kZoomStepCount; ++zoom) {
        const ZoomStep step = kZoomSteps[static_cast<std::size_t>(zoom)];
        const double plain = frameMs(*image, zoom, 1, false);
        const double lit = frameMs(*image, zoom, 1, true);
        const double fine = frameMs(*image, zoom, 2, false);
        std::printf("%2d px / %4d pages %9.2f %10.2f %10.2f\n", step.cellPixels, step.pagesPerCell,
                    plain, lit, fine);
        isInBudget = isInBudget && plain <= kFrameBudgetMs && lit <= kFrameBudgetMs;
    }
    return isInBudget ? 0 : 1;
}
