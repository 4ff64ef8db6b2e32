// SPDX-License-Identifier: MIT
// Animations of the lab: what a decoder sees is what the engine did, picture by picture.
#include "render/animation.h"
#include "render/color_palette.h"
#include "render/gif_file.h"
#include "render/lab_picture.h"

#include <QBuffer>
#include <QImageReader>
#include <QPainter>
#include <QTemporaryDir>
#include <QtTest>

#include <gif_lib.h>

#include <map>
#include <numeric>
#include <set>

using namespace pagescape;
using namespace pagescape::gui;

namespace {

constexpr int kBar = 3; // height of the bar of progress: it differs in every picture

// All of a GIF as its own library reads it.
struct DecodedGif {
    explicit DecodedGif(const QString& path) {
        int error = 0;
        gif = DGifOpenFileName(path.toLocal8Bit().constData(), &error);
        if (gif == nullptr || DGifSlurp(gif) != GIF_OK) {
            qFatal("not a GIF: %d", error);
        }
    }
    ~DecodedGif() { DGifCloseFile(gif, nullptr); }
    DecodedGif(const DecodedGif&) = delete;
    DecodedGif& operator=(const DecodedGif&) = delete;

    [[nodiscard]] int frames() const { return gif->ImageCount; }
    [[nodiscard]] QRect area(int frame) const {
        const GifImageDesc& desc = gif->SavedImages[frame].ImageDesc;
        return {desc.Left, desc.Top, desc.Width, desc.Height};
    }
    [[nodiscard]] int milliseconds(int frame) const {
        GraphicsControlBlock control{};
        return DGifSavedExtensionToGCB(gif, frame, &control) == GIF_OK ? control.DelayTime * 10
                                                                       : -1;
    }
    GifFileType* gif = nullptr;
};

// Whole pictures, as a viewer shows them.
std::vector<QImage> shown(const QString& path) {
    QImageReader reader(path);
    std::vector<QImage> images;
    for (QImage image = reader.read(); !image.isNull(); image = reader.read()) {
        images.push_back(image.convertToFormat(QImage::Format_RGB32));
    }
    return images;
}

// Pixels that differ at all, those that the eye could tell, and the largest difference of a
// channel.
struct Deviation {
    int pixels = 0;
    int clear = 0;
    int most = 0;
};
Deviation deviation(const QImage& a, const QImage& b, int rows) {
    Deviation found;
    for (int y = 0; y < rows; ++y) {
        for (int x = 0; x < a.width(); ++x) {
            const QRgb first = a.pixel(x, y);
            const QRgb second = b.pixel(x, y);
            const int most = std::max({std::abs(qRed(first) - qRed(second)),
                                       std::abs(qGreen(first) - qGreen(second)),
                                       std::abs(qBlue(first) - qBlue(second))});
            found.pixels += most > 0 ? 1 : 0;
            found.clear += most > 20 ? 1 : 0;
            found.most = std::max(found.most, most);
        }
    }
    return found;
}

QImage painted(LabPicture& picture, QSize size, const LabMoment& moment, double done) {
    QImage image(size, QImage::Format_RGB32);
    QPainter painter(&image);
    picture.paint(painter, moment, done);
    return image;
}

template <typename Event>
std::vector<const Event*> eventsOf(const StageLog& log, const std::vector<LabMoment>& moments) {
    std::vector<const Event*> found;
    for (const LabMoment& moment : moments) {
        if (moment.event >= 0 && moment.progress >= 1) {
            if (const auto* write = std::get_if<WriteTraceEvent>(&log.event(moment.event))) {
                if (const auto* event = std::get_if<Event>(write)) {
                    found.push_back(event);
                }
            }
        }
    }
    return found;
}

} // namespace

class TestAnimation : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void gifShowsWhatIsPainted_data();
    void gifShowsWhatIsPainted();
    void commitShowsWhatDecides();
    void growthShowsEveryRemapAndReader();
    void scriptIsTheSameEveryTime();
    void picturesAreNumbered();
    void outputIsTold_data();
    void outputIsTold();
    void fewColorsStayExact();
    void manyColorsStayClose();
    void emptyAnimationsAreRefused();

private:
    [[nodiscard]] AnimationRequest to(const char* name, Lab lab = Lab::Commit) const {
        AnimationRequest request;
        request.lab = lab;
        request.output = m_dir.filePath(QLatin1String(name));
        return request;
    }
    QTemporaryDir m_dir;
};

void TestAnimation::gifShowsWhatIsPainted_data() {
    QTest::addColumn<Lab>("lab");
    QTest::addColumn<Theme::Mode>("theme");
    QTest::newRow("commit, light") << Lab::Commit << Theme::Mode::Light;
    QTest::newRow("commit, dark") << Lab::Commit << Theme::Mode::Dark;
    QTest::newRow("growth, light") << Lab::Growth << Theme::Mode::Light;
}

void TestAnimation::gifShowsWhatIsPainted() {
    QFETCH(Lab, lab);
    QFETCH(Theme::Mode, theme);
    const auto run = runLab(lab);
    QVERIFY2(run.has_value(), run ? "" : run.error().describe().c_str());
    const std::vector<LabMoment> moments = labMoments(lab, run->log, run->first, run->last);
    AnimationRequest request = to("shown.gif", lab);
    request.theme = theme;
    QCOMPARE(renderLog(request, run->log, run->first, run->last).text, QString());
    QVERIFY(QFileInfo(request.output).size() < 1'500'000);

    const DecodedGif gif(request.output);
    QCOMPARE(gif.frames(), int(moments.size()));
    const std::vector<QImage> images = shown(request.output);
    QCOMPARE(images.size(), moments.size());
    QCOMPARE(QImageReader(request.output).loopCount(), -1); // for ever
    LabPicture picture(lab, run->log, Theme::of(theme), request.size);
    const int pixels = request.size.width() * request.size.height();
    for (std::size_t i = 0; i < images.size(); ++i) {
        QCOMPARE(gif.milliseconds(int(i)), moments[i].milliseconds / 10 * 10);
        QCOMPARE(images[i].size(), request.size);
        const double done = double(i) / double(images.size() - 1);
        const QImage expected = painted(picture, request.size, moments[i], done);
        const Deviation found = deviation(images[i], expected, expected.height());
        QVERIFY2(found.pixels < pixels / 20, qPrintable(QString::number(found.pixels)));
        QVERIFY2(found.clear < pixels / 1000, qPrintable(QString::number(found.clear)));
        QVERIFY2(found.most <= 64, qPrintable(QString::number(found.most)));
        if (i == 0) {
            QCOMPARE(gif.area(0), QRect(QPoint(0, 0), request.size));
            continue;
        }
        // It shows something else than the one before, and stores that part only.
        const int rows = request.size.height() - kBar;
        QVERIFY2(deviation(images[i], images[i - 1], rows).pixels > 0,
                 qPrintable(QString::number(i)));
        QRect changed;
        for (int y = 0; y < images[i].height(); ++y) {
            for (int x = 0; x < images[i].width(); ++x) {
                if (images[i].pixel(x, y) != images[i - 1].pixel(x, y)) {
                    changed |= QRect(x, y, 1, 1);
                }
            }
        }
        QCOMPARE(gif.area(int(i)), changed);
    }
}

void TestAnimation::commitShowsWhatDecides() {
    const auto run = runLab(Lab::Commit);
    QVERIFY(run.has_value());
    const auto moments = labMoments(Lab::Commit, run->log, run->first, run->last);
    QVERIFY2(moments.size() >= 20 && moments.size() <= 45,
             qPrintable(QString::number(moments.size())));
    const auto all = [&](auto row) { return eventsOf<decltype(row)>(run->log, moments); };
    const auto splits = all(SplitEvent());
    QVERIFY(!splits.empty());
    QVERIFY(splits.front()->pages > 1 && splits.front()->isLeaf);
    QVERIFY(all(PutEvent()).size() >= 3);
    QVERIFY(all(PageMadeEvent()).size() >= 3);
    QCOMPARE(all(MetaMadeEvent()).size(), std::size_t(1));
    QCOMPARE(all(SyncEvent()).size(), std::size_t(2));
    const auto writes = all(WriteEvent());
    QVERIFY(!writes.front()->isMeta && writes.back()->isMeta);
    const auto ends = all(WriteTxEvent());
    QCOMPARE(ends.front()->phase, WriteTxEvent::Phase::Begin);
    QCOMPARE(ends.back()->phase, WriteTxEvent::Phase::Commit);
    QCOMPARE(moments.back().event, run->last);
    for (const LabMoment& moment : moments) {
        QVERIFY(moment.milliseconds <= moments.back().milliseconds);
    }
    // The badge moves exactly where the other meta begins to count.
    std::set<int> moving;
    for (const LabMoment& moment : moments) {
        if (moment.progress < 1) {
            moving.insert(moment.event);
            QVERIFY(run->log.stateAt(moment.event - 1).activeMeta !=
                    run->log.stateAt(moment.event).activeMeta);
        }
    }
    QCOMPARE(moving.size(), std::size_t(1));
}

void TestAnimation::growthShowsEveryRemapAndReader() {
    const auto run = runLab(Lab::Growth);
    QVERIFY(run.has_value());
    const auto moments = labMoments(Lab::Growth, run->log, run->first, run->last);
    QVERIFY(moments.size() <= kMostMoments);
    std::size_t remaps = 0;
    std::size_t readers = 0;
    std::size_t readersShown = 0;
    for (int i = 0; i < run->log.size(); ++i) {
        const auto* write = std::get_if<WriteTraceEvent>(&run->log.event(i));
        remaps += write != nullptr && std::holds_alternative<RemapEvent>(*write) ? 1U : 0U;
        readers += std::holds_alternative<ReaderEvent>(run->log.event(i)) ? 1U : 0U;
    }
    for (const LabMoment& moment : moments) {
        readersShown +=
            moment.event >= 0 && std::holds_alternative<ReaderEvent>(run->log.event(moment.event))
                ? 1U
                : 0U;
    }
    QVERIFY(remaps >= 3);
    QCOMPARE(eventsOf<RemapEvent>(run->log, moments).size(), remaps);
    QCOMPARE(readers, std::size_t(3));
    QCOMPARE(readersShown, readers);
}

void TestAnimation::scriptIsTheSameEveryTime() {
    QCOMPARE(renderLab(to("one.gif")).text, QString());
    QCOMPARE(renderLab(to("two.gif")).text, QString());
    QFile one(to("one.gif").output);
    QFile two(to("two.gif").output);
    QVERIFY(one.open(QIODevice::ReadOnly) && two.open(QIODevice::ReadOnly));
    QVERIFY(one.size() > 1000);
    QVERIFY(one.readAll() == two.readAll());
}

void TestAnimation::picturesAreNumbered() {
    QCOMPARE(numberedName(QStringLiteral("a-%03d.png"), 7), QStringLiteral("a-007.png"));
    QCOMPARE(numberedName(QStringLiteral("a%d.png"), 12), QStringLiteral("a12.png"));
    QCOMPARE(numberedName(QStringLiteral("100%%-%2d.png"), 3), QStringLiteral("100%- 3.png"));
    QVERIFY(!numberedName(QStringLiteral("a.png"), 1));
    QVERIFY(!numberedName(QStringLiteral("%d-%d.png"), 1));
    QVERIFY(!numberedName(QStringLiteral("%s.png"), 1));

    const auto run = runLab(Lab::Commit);
    QVERIFY(run.has_value());
    const auto moments = labMoments(Lab::Commit, run->log, run->first, run->last);
    QCOMPARE(renderLab(to("folder 5%/")).text, QString());
    const QDir folder(m_dir.filePath(QStringLiteral("folder 5%")));
    const QStringList names = folder.entryList({QStringLiteral("*.png")}, QDir::Files, QDir::Name);
    QCOMPARE(names.size(), qsizetype(moments.size()));
    QCOMPARE(names.front(), QStringLiteral("001.png"));
    // A PNG has all colours.
    LabPicture picture(Lab::Commit, run->log, Theme::light(), QSize(900, 560));
    const QImage last(folder.filePath(names.back()));
    const QImage expected = painted(picture, QSize(900, 560), moments.back(), 1);
    QCOMPARE(deviation(last, expected, expected.height()).pixels, 0);
}

void TestAnimation::outputIsTold_data() {
    QTest::addColumn<QString>("output");
    QTest::addColumn<RenderStatus>("status");
    QTest::newRow("no place for a number")
        << m_dir.filePath(QStringLiteral("a.png")) << RenderStatus::Usage;
    QTest::newRow("another kind") << m_dir.filePath(QStringLiteral("a.svg")) << RenderStatus::Usage;
    QTest::newRow("no such folder")
        << m_dir.filePath(QStringLiteral("none/a.gif")) << RenderStatus::Failed;
}

void TestAnimation::outputIsTold() {
    QFETCH(QString, output);
    QFETCH(RenderStatus, status);
    AnimationRequest request;
    request.output = output;
    const RenderOutcome outcome = renderLab(request);
    QCOMPARE(outcome.status, status);
    QVERIFY(outcome.text.endsWith(u'.') || outcome.text.contains(output));
    QVERIFY(!QFileInfo::exists(output));
}

void TestAnimation::fewColorsStayExact() {
    QImage image(16, 15, QImage::Format_RGB32);
    for (int i = 0; i < 240; ++i) {
        image.setPixel(i % 16, i / 16, 0xFF000000U | QRgb(i * 70001));
    }
    ColorCount count;
    count.add(image);
    ColorPalette palette(count);
    QVERIFY(palette.isExact());
    QCOMPARE(palette.colors().size(), std::size_t(240));
    const auto indices = palette.indexed(image);
    for (int i = 0; i < 240; ++i) {
        QCOMPARE(palette.colors()[indices[std::size_t(i)]], image.pixel(i % 16, i / 16));
    }
}

// A theme's colours fill areas and stay as they are; a thousand blends of text share the rest.
void TestAnimation::manyColorsStayClose() {
    QImage image(200, 200, QImage::Format_RGB32);
    image.fill(0xFFF6F7F8U);
    for (int i = 0; i < 2000; ++i) {
        const QRgb shade = QRgb(i % 250);
        const QRgb red = i < 1000 ? shade : QRgb(200 - i % 200);
        image.setPixel(i % 200, 10 + i / 200, 0xFF000000U | (red << 16U) | (shade << 8U) | shade);
    }
    for (int x = 0; x < 200; ++x) {
        image.setPixel(x, 0, 0xFF123456U);
    }
    ColorCount count;
    count.add(image);
    QVERIFY(count.counts().size() > 500);
    ColorPalette palette(count);
    QVERIFY(!palette.isExact());
    QVERIFY(palette.colors().size() <= ColorPalette::kMostColors);
    QCOMPARE(palette.colors()[palette.indexOf(0xFFF6F7F8U)], QRgb(0xFFF6F7F8U));
    QCOMPARE(palette.colors()[palette.indexOf(0xFF123456U)], QRgb(0xFF123456U));
    for (const auto& [color, uses] : count.counts()) {
        const QRgb near = palette.colors()[palette.indexOf(color)];
        QVERIFY(std::abs(qGreen(near) - qGreen(color)) <= 12);
        QVERIFY(std::abs(qRed(near) - qRed(color)) <= 20);
    }
}

void TestAnimation::emptyAnimationsAreRefused() {
    Animation none;
    none.size = QSize(10, 10);
    QVERIFY(!gifBytes(none));
    none.frames = 1;
    none.size = QSize(70'000, 10);
    const auto bytes = gifBytes(none);
    QVERIFY(!bytes);
    QCOMPARE(bytes.error().code, ErrorCode::LimitReached);
}

QTEST_MAIN(TestAnimation)
#include "tst_animation.moc"
