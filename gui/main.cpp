// SPDX-License-Identifier: MIT
// Arguments in, one window or one picture out.
#include "models/byte_text.h"
#include "pagescape/value_format.h"
#include "render/animation.h"
#include "render/render.h"
#include "units/english_plurals.h"
#include "window/main_window.h"

#include <QApplication>

#include <CLI/CLI.hpp>

#include <cstdio>
#include <string>
#include <vector>

using namespace pagescape;
using namespace pagescape::gui;

namespace {

/// What the command line asked for.
struct Arguments {
    std::string file;
    std::string settings;
    bool isRender = false;
    std::string view = "map";
    std::string lens = "type";
    bool isPrevious = false;
    std::int64_t page = -1;
    std::vector<std::string> bucket;
    std::string key;
    std::string keyFormat = "text";
    int step = -1;
    std::string lab;
    std::string theme = "light";
    std::string size;
    std::string output;
};

std::vector<std::string> lensIds() {
    std::vector<std::string> ids;
    for (const Lens lens : kLenses) {
        ids.push_back(lensId(lens).toStdString());
    }
    return ids;
}

void defineOptions(CLI::App& app, Arguments& args) {
    app.set_version_flag("--version", PAGESCAPE_VERSION);
    app.add_option("FILE", args.file, "Database file to open in the window");
    app.add_option("--settings", args.settings, "Remember settings in this file instead");
    app.footer("Examples:\n"
               "  pagescape sample-data/library.db\n"
               "  pagescape render sample-data/library.db --view tree --bucket books -o tree.svg\n"
               "  pagescape render --lab commit -o commit.gif");
    CLI::App* render = app.add_subcommand(
        "render", "Draw a picture, or an animation of the lab, without a window");
    CLI::Option* file = render->add_option("FILE", args.file, "Database file");
    render->add_option("--view", args.view, "map, tree, page or get")
        ->check(CLI::IsMember({"map", "tree", "page", "get"}))
        ->capture_default_str();
    render->add_option("--lens", args.lens, "Colours of the map")
        ->check(CLI::IsMember(lensIds()))
        ->capture_default_str();
    render->add_flag("--previous", args.isPrevious, "Draw the version before the newest one");
    render->add_option("--page", args.page, "Page to select, or to show with --view page")
        ->check(CLI::NonNegativeNumber);
    render->add_option("--bucket", args.bucket, "Bucket; repeat it for nested buckets");
    render->add_option("--key", args.key, "Key to look up with --view get");
    render->add_option("--key-format", args.keyFormat, "How --key is written")
        ->check(CLI::IsMember({"text", "escaped", "hex", "uint-big", "uint-little"}))
        ->capture_default_str();
    render->add_option("--step", args.step, "Event of the Get to show, from 0; default: the last")
        ->check(CLI::NonNegativeNumber);
    render
        ->add_option("--lab", args.lab,
                     "Instead of a file: an animation of a script that the engine runs on a new "
                     "database")
        ->check(CLI::IsMember({"commit", "growth"}))
        ->excludes(file);
    render->add_option("--theme", args.theme, "light or dark")
        ->check(CLI::IsMember({"light", "dark"}))
        ->capture_default_str();
    render->add_option("--size", args.size,
                       "Size in pixels; default: 1280x800, with --lab 900x560");
    render
        ->add_option("-o,--output", args.output,
                     "Picture to write: .png, .svg or .pdf; with --lab .gif, frame-%03d.png or a "
                     "folder/")
        ->required();
    render->callback([&args] { args.isRender = true; });
}

int complain(const QString& text, int status) {
    std::fprintf(stderr, "pagescape: %s\n", qPrintable(text));
    return status;
}

int finish(const RenderOutcome& outcome) {
    return outcome.text.isEmpty() ? int(outcome.status)
                                  : complain(outcome.text, int(outcome.status));
}

int runRender(const Arguments& args) {
    const bool isLab = !args.lab.empty();
    if (!isLab && args.file.empty()) {
        return complain(QStringLiteral("render takes a database file, or --lab commit|growth"), 2);
    }
    const std::string size = !args.size.empty() ? args.size : isLab ? "900x560" : "1280x800";
    const auto pixels = sizeFromText(toQString(size));
    if (!pixels) {
        return complain(QStringLiteral("--size takes WIDTHxHEIGHT, from 64x64 to 16384x16384"), 2);
    }
    const auto theme = args.theme == "dark" ? Theme::Mode::Dark : Theme::Mode::Light;
    const QString output = QString::fromLocal8Bit(args.output.c_str());
    if (isLab) {
        return finish(renderLab({*labFromName(toQString(args.lab)), theme, *pixels, output}));
    }
    RenderRequest request;
    request.file = QString::fromLocal8Bit(args.file.c_str());
    request.view = *renderViewFromName(toQString(args.view));
    request.lens = *lensFromName(toQString(args.lens));
    request.previousVersion = args.isPrevious;
    if (args.page >= 0) {
        request.page = PageId{std::uint64_t(args.page)};
    }
    for (const std::string& name : args.bucket) {
        request.bucket.push_back(QByteArray::fromStdString(name));
    }
    const auto format = valueFormatFromName(args.keyFormat);
    const auto key = parseKey(args.key, format.value_or(ValueFormat::Text));
    if (!key) {
        return complain(QString::fromStdString(key.error().describe()), 2);
    }
    request.key = QByteArray::fromStdString(*key);
    request.step = args.step;
    request.theme = theme;
    request.size = *pixels;
    request.output = output;
    return finish(render(request));
}

} // namespace

int main(int argc, char** argv) {
    Arguments args;
    CLI::App app("Pagescape: see how a memory-mapped B+tree database works.", "pagescape");
    defineOptions(app, args);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    const bool hasDisplay =
        qEnvironmentVariableIsSet("DISPLAY") || qEnvironmentVariableIsSet("WAYLAND_DISPLAY");
    if (args.isRender && !hasDisplay && !qEnvironmentVariableIsSet("QT_QPA_PLATFORM")) {
        qputenv("QT_QPA_PLATFORM", "offscreen");
    }
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("pagescape"));
    QApplication::setOrganizationName(QStringLiteral("pagescape"));
    QApplication::setApplicationVersion(QStringLiteral(PAGESCAPE_VERSION));
    EnglishPlurals plurals;
    QCoreApplication::installTranslator(&plurals);
    QGuiApplication::setDesktopFileName(QStringLiteral("org.pagescape.Pagescape"));
    if (args.isRender) {
        return runRender(args);
    }
    Q_INIT_RESOURCE(resources);
    QApplication::setWindowIcon(QIcon(QStringLiteral(":/icons/app.svg")));
    ViewSettings settings(QString::fromLocal8Bit(args.settings.c_str()));
    MainWindow window(&settings);
    window.show();
    window.lookForLeftSandboxes();
    if (!args.file.empty()) {
        window.openFile(QString::fromLocal8Bit(args.file.c_str()));
    }
    return QApplication::exec();
}
