// SPDX-License-Identifier: MIT
// Facts about pixels that the painters promise. Texts are not compared: fonts differ between
// machines.
#include "paint/byte_canvas_painter.h"
#include "paint/hex_painter.h"
#include "paint/page_map_painter.h"
#include "paint/strip_painter.h"
#include "paint/text.h"
#include "paint/tree_painter.h"

#include <QBuffer>
#include <QImage>
#include <QSvgGenerator>
#include <QtTest>

#include <set>

using namespace pagescape;
using namespace pagescape::gui;

namespace {

LensClass typeClass(PageClass pageClass) {
    return static_cast<LensClass>(static_cast<int>(pageClass) + 1);
}

QImage canvas(int width, int height, qreal ratio = 1) {
    QImage image(static_cast<int>(width * ratio), static_cast<int>(height * ratio),
                 QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(ratio);
    image.fill(Qt::magenta); // no theme uses it: what stays magenta was not painted
    return image;
}

bool hasColor(const QImage& image, const QRectF& logical, const QColor& color) {
    const qreal ratio = image.devicePixelRatio();
    const QRect area = QRectF(logical.topLeft() * ratio, logical.size() * ratio)
                           .toAlignedRect()
                           .intersected(image.rect());
    for (int y = area.top(); y <= area.bottom(); ++y) {
        for (int x = area.left(); x <= area.right(); ++x) {
            if (image.pixelColor(x, y).rgb() == color.rgb()) {
                return true;
            }
        }
    }
    return false;
}

// A map of leaves with a few other pages, at some zoom.
struct MapFixture {
    Theme theme;
    std::shared_ptr<const LensImage> lens;
    PageMapLayout layout;
    PageMapScene scene;

    MapFixture(int cellPixels, Theme::Mode mode, qreal ratio = 1, quint64 pages = 500)
        : theme(Theme::of(mode)) {
        std::vector<LensClass> classes(pages, typeClass(PageClass::Leaf));
        classes[0] = typeClass(PageClass::Meta);
        classes[1] = typeClass(PageClass::StaleMeta);
        classes[2] = typeClass(PageClass::Freelist);
        classes[3] = typeClass(PageClass::Branch);
        classes[4] = typeClass(PageClass::Problem);
        classes[5] = typeClass(PageClass::Leaked);
        classes[6] = typeClass(PageClass::Tail);
        classes[7] = typeClass(PageClass::Previous);
        lens = LensImage::fromClasses(Lens::Type, std::move(classes));
        PageMapSpec spec;
        spec.pageCount = pages;
        while (kZoomSteps[static_cast<std::size_t>(spec.zoom)] != ZoomStep{cellPixels, 1}) {
            spec.zoom = (spec.zoom + 1) % kZoomStepCount;
        }
        spec.viewport = QSizeF(400, 300);
        spec.devicePixelRatio = ratio;
        spec.gutter = 40;
        layout = PageMapLayout(spec);
        scene.image = lens.get();
        scene.layout = &layout;
        scene.theme = &theme;
        scene.showOverview = false;
    }

    QImage paint() {
        QImage image = canvas(400, 300, layout.spec().devicePixelRatio);
        QPainter painter(&image);
        paintPageMap(painter, scene, layout.viewportRect());
        return image;
    }

    QColor faceColor(const QImage& image, quint64 page) const {
        // Beside the glyph and inside the outline.
        const QRectF cell = layout.cellRect(PageId{page});
        const qreal inset = std::min(2.5, cell.width() / 2);
        const QPointF point = cell.topLeft() + QPointF(inset, inset);
        const QPointF device = point * layout.spec().devicePixelRatio;
        return image.pixelColor(static_cast<int>(device.x()), static_cast<int>(device.y()));
    }
};

TreeShape smallTree() {
    TreeShape shape;
    for (int i = 0; i < 4; ++i) {
        TreeShape::Node node;
        node.page = PageId{static_cast<std::uint64_t>(i) + 10};
        node.parent = i == 0 ? -1 : 0;
        node.kind = i == 0 ? PageKind::Branch : PageKind::Leaf;
        node.fill = 0.5;
        shape.nodes.push_back(node);
    }
    return shape;
}

} // namespace

class TestPainters : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cellsHaveTheirClassColour_data();
    void cellsHaveTheirClassColour();
    void statesDifferFromEachOther();
    void selectedCellHasAccentFrame_data();
    void selectedCellHasAccentFrame();
    void cursorFrameNeedsFocus();
    void pathDimsTheRest();
    void isolationDimsOtherClasses();
    void repaintOfPartEqualsWhole_data();
    void repaintOfPartEqualsWhole();
    void overviewShowsTheVisibleBand();
    void vectorExportHasOneShapePerCell();
    void miniatureShowsFieldsOfTheRightPage();
    void selectedTreeNodeHasAccentOutline();
    void treeDetailDependsOnScale();
    void hexOutlineLiesOverBackgrounds();
    void byteCanvasPaintsFieldsByRole();
    void stripShowsFileMappingAndMark();
    void previewsArePrintable_data();
    void previewsArePrintable();
};

void TestPainters::cellsHaveTheirClassColour_data() {
    QTest::addColumn<int>("cell");
    QTest::addColumn<int>("mode");
    QTest::addColumn<double>("ratio");
    for (const int cell : {1, 2, 4, 6, 16, 32, 64}) {
        for (const double ratio : {1.0, 1.5, 2.0}) {
            QTest::addRow("%d px light at %g", cell, ratio) << cell << 0 << ratio;
            QTest::addRow("%d px dark at %g", cell, ratio) << cell << 1 << ratio;
        }
    }
}

void TestPainters::cellsHaveTheirClassColour() {
    QFETCH(int, cell);
    QFETCH(int, mode);
    QFETCH(double, ratio);
    MapFixture map(cell, static_cast<Theme::Mode>(mode), ratio);
    const QImage image = map.paint();
    for (const auto& [page, pageClass] :
         {std::pair{quint64(0), PageClass::Meta}, std::pair{quint64(2), PageClass::Freelist},
          std::pair{quint64(3), PageClass::Branch}, std::pair{quint64(16), PageClass::Leaf}}) {
        if (cell < 64) {
            QCOMPARE(map.faceColor(image, page), map.theme.classColor(pageClass));
        } else {
            QVERIFY(hasColor(image, map.layout.cellRect(PageId{page}),
                             map.theme.classColor(pageClass)));
        }
    }
    QVERIFY(!hasColor(image, QRectF(0, 0, 400, 300), QColor(Qt::magenta)));
}

void TestPainters::statesDifferFromEachOther() {
    MapFixture map(24, Theme::Mode::Light);
    const QImage image = map.paint();
    std::set<std::vector<uchar>> looks;
    for (quint64 page = 0; page < 9; ++page) { // seven states, a branch and a leaf
        const QImage cell = image.copy(map.layout.cellRect(PageId{page}).toRect())
                                .convertToFormat(QImage::Format_Grayscale8);
        std::vector<uchar> bytes;
        for (int y = 0; y < cell.height(); ++y) {
            bytes.insert(bytes.end(), cell.constScanLine(y), cell.constScanLine(y) + cell.width());
        }
        looks.insert(std::move(bytes));
    }
    QCOMPARE(looks.size(), std::size_t(9)); // even on a grey-scale printer
    QVERIFY(
        hasColor(image, map.layout.cellRect(PageId{4}), map.theme.color(Theme::Role::ProblemText)));
    QVERIFY(
        hasColor(image, map.layout.cellRect(PageId{1}), map.theme.color(Theme::Role::Background)));
}

void TestPainters::selectedCellHasAccentFrame_data() {
    QTest::addColumn<int>("cell");
    for (const int cell : {1, 4, 16, 48}) {
        QTest::addRow("%d px", cell) << cell;
    }
}

void TestPainters::selectedCellHasAccentFrame() {
    QFETCH(int, cell);
    MapFixture map(cell, Theme::Mode::Dark);
    const QColor accent = map.theme.color(Theme::Role::Accent);
    const QRectF place = overlayRect(map.layout, PageId{20});
    QVERIFY(!hasColor(map.paint(), place, accent));
    map.scene.selected = {20, 22};
    const QImage image = map.paint();
    QVERIFY(hasColor(image, place, accent));
    // The frame stays inside the rectangle that a view repaints for it.
    QRectF run = place.united(overlayRect(map.layout, PageId{21}));
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            QVERIFY(image.pixelColor(x, y).rgb() != accent.rgb() || run.contains(QPointF(x, y)));
        }
    }
}

void TestPainters::cursorFrameNeedsFocus() {
    MapFixture map(16, Theme::Mode::Light);
    map.scene.cursor = PageId{40};
    const QImage without = map.paint();
    map.scene.hasFocus = true;
    const QImage with = map.paint();
    QVERIFY(without != with);
    const QRectF cell = map.layout.cellRect(PageId{40});
    QCOMPARE(with.pixelColor((cell.topLeft() - QPointF(3, 3)).toPoint()),
             map.theme.color(Theme::Role::Focus));
}

void TestPainters::pathDimsTheRest() {
    for (const int cell : {2, 16}) {
        MapFixture map(cell, Theme::Mode::Dark);
        const std::vector<PageId> path{PageId{3}, PageId{90}};
        map.scene.path = path;
        const QImage image = map.paint();
        const QColor leaf = map.theme.classColor(PageClass::Leaf);
        const QColor dimmed = blended(leaf, map.theme.color(Theme::Role::Background), 0.35);
        QCOMPARE(map.faceColor(image, 200), dimmed);
        QCOMPARE(map.faceColor(image, 90), leaf);
        QCOMPARE(map.faceColor(image, 3), map.theme.classColor(PageClass::Branch));
        QVERIFY(hasColor(image, overlayRect(map.layout, PageId{90}),
                         map.theme.color(Theme::Role::Path)));
    }
}

void TestPainters::isolationDimsOtherClasses() {
    for (const int cell : {3, 16}) {
        MapFixture map(cell, Theme::Mode::Light);
        map.scene.shown.reset();
        map.scene.shown.set(typeClass(PageClass::Branch));
        const QImage image = map.paint();
        QCOMPARE(map.faceColor(image, 3), map.theme.classColor(PageClass::Branch));
        QCOMPARE(map.faceColor(image, 200),
                 blended(map.theme.classColor(PageClass::Leaf),
                         map.theme.color(Theme::Role::Background), 0.35));
    }
}

void TestPainters::repaintOfPartEqualsWhole_data() {
    QTest::addColumn<int>("cell");
    QTest::addColumn<double>("ratio");
    for (const int cell : {1, 3, 8, 24}) {
        for (const double ratio : {1.0, 1.25, 2.0}) {
            QTest::addRow("%d px at %g", cell, ratio) << cell << ratio;
        }
    }
}

void TestPainters::repaintOfPartEqualsWhole() {
    QFETCH(int, cell);
    QFETCH(double, ratio);
    MapFixture map(cell, Theme::Mode::Light, ratio);
    map.layout.setScroll(0, 10);
    const QImage whole = map.paint();
    QImage parts = whole;
    QPainter painter(&parts);
    for (const QRectF& part :
         {QRectF(60, 20, 33, 40), QRectF(0, 100, 120, 20), map.layout.cellRect(PageId{50})}) {
        const QRect aligned = part.toAlignedRect();
        painter.setClipRect(aligned);
        paintPageMap(painter, map.scene, aligned);
    }
    painter.end();
    QCOMPARE(parts, whole);
}

void TestPainters::overviewShowsTheVisibleBand() {
    MapFixture map(24, Theme::Mode::Light, 1, 5000);
    const QRectF frame = PageMapOverview::defaultFrame(map.layout);
    QVERIFY(!frame.isEmpty());
    const QColor accent = map.theme.color(Theme::Role::Accent);
    QVERIFY(!hasColor(map.paint(), frame, accent));
    map.scene.showOverview = true;
    QVERIFY(hasColor(map.paint(), frame, accent));
}

void TestPainters::vectorExportHasOneShapePerCell() {
    MapFixture map(16, Theme::Mode::Light, 1, 64);
    QBuffer buffer;
    QSvgGenerator svg;
    svg.setOutputDevice(&buffer);
    svg.setSize(QSize(400, 300));
    QPainter painter;
    QVERIFY(painter.begin(&svg));
    paintPageMap(painter, map.scene, map.layout.viewportRect());
    painter.end();
    const QByteArray text = buffer.data();
    QVERIFY(text.count("<rect") >= 64);
    QVERIFY(!text.contains("<image")); // shapes, not tiles
}

void TestPainters::miniatureShowsFieldsOfTheRightPage() {
    PageDescription run;
    run.id = PageId{10};
    run.pageSize = 1024;
    run.fields.resize(2);
    run.fields[0].kind = FieldKind::PageIdField;
    run.fields[0].range = {0, 1024};
    run.fields[1].kind = FieldKind::Value;
    run.fields[1].range = {1024, 2048};
    run.leaves = {0, 1};
    const Theme theme = Theme::dark();
    const QRectF rect(5, 5, 50, 40);
    for (const auto& [page, role] :
         {std::pair{10, Theme::Role::FieldHeader}, std::pair{11, Theme::Role::FieldValue}}) {
        QImage image = canvas(60, 50);
        QPainter painter(&image);
        paintPageMiniature(painter, run, PageId{static_cast<std::uint64_t>(page)}, rect, theme);
        painter.end();
        QCOMPARE(image.pixelColor(10, 10), theme.color(role));
        QCOMPARE(image.pixelColor(53, 43), theme.color(role));
        QCOMPARE(image.pixelColor(2, 2), QColor(Qt::magenta));
    }
    for (const std::uint64_t stranger : std::initializer_list<std::uint64_t>{9, 12}) {
        QImage image = canvas(60, 50);
        QPainter painter(&image);
        paintPageMiniature(painter, run, PageId{stranger}, rect, theme);
        painter.end();
        QCOMPARE(image, canvas(60, 50));
    }
}

void TestPainters::selectedTreeNodeHasAccentOutline() {
    TreeShape shape = smallTree();
    shape.nodes[2].hiddenLeaves = 312;
    const TreeLayout layout(shape);
    const Theme theme = Theme::light();
    TreeScene scene;
    scene.shape = &shape;
    scene.layout = &layout;
    scene.theme = &theme;
    const auto paint = [&] {
        QImage image = canvas(700, 300);
        QPainter painter(&image);
        painter.fillRect(image.rect(), theme.color(Theme::Role::Background));
        painter.translate(10, 10);
        paintTree(painter, scene, layout.bounds(), 1);
        return image;
    };
    const QRectF node = layout.nodeRect(1).translated(10, 10);
    QVERIFY(!hasColor(paint(), node.adjusted(-2, -2, 2, 2), theme.color(Theme::Role::Accent)));
    scene.selected = 1;
    QVERIFY(hasColor(paint(), node.adjusted(-2, -2, 2, 2), theme.color(Theme::Role::Accent)));
    // The strip has the class colour, and is dimmed beside a lit path.
    const QPoint strip = (node.topLeft() + QPointF(3, 15)).toPoint();
    QCOMPARE(paint().pixelColor(strip), theme.classColor(PageClass::Leaf));
    scene.isPathActive = true;
    QCOMPARE(paint().pixelColor(strip), blended(theme.classColor(PageClass::Leaf),
                                                theme.color(Theme::Role::Background), 0.35));
}

void TestPainters::treeDetailDependsOnScale() {
    QCOMPARE(treeDetail(0.2), TreeDetail::Bar);
    QCOMPARE(treeDetail(0.25), TreeDetail::Short);
    QCOMPARE(treeDetail(0.59), TreeDetail::Short);
    QCOMPARE(treeDetail(1), TreeDetail::Full);
    TreeShape::Node node;
    node.hiddenLeaves = 1312;
    QVERIFY(treeStubText(node).contains(QStringLiteral("312")));
}

void TestPainters::hexOutlineLiesOverBackgrounds() {
    HexSpec spec;
    spec.byteCount = 64;
    spec.charWidth = 8;
    spec.lineHeight = 18;
    const HexLayout layout(spec);
    const Theme theme = Theme::light();
    const std::vector<std::byte> bytes(64, std::byte{0x41});
    HexScene scene;
    scene.layout = &layout;
    scene.theme = &theme;
    scene.bytes = bytes;
    // The outline comes first in the list and must still be on top.
    scene.ranges = {{{4, 8}, std::nullopt, HexStrength::Field, Theme::Role::Accent},
                    {{0, 32}, Theme::Role::FieldKey, HexStrength::None, Theme::Role::Accent}};
    QImage image = canvas(700, 80);
    QPainter painter(&image);
    paintHex(painter, scene, QRectF(0, 0, 700, 80));
    painter.end();
    const QRectF cell = layout.cellRect(5, HexColumn::Hex);
    QVERIFY(hasColor(image, cell.adjusted(0, -1, 0, 1), theme.color(Theme::Role::Accent)));
    QVERIFY(hasColor(image, cell, theme.color(Theme::Role::FieldKey)));
    QVERIFY(
        !hasColor(image, layout.cellRect(40, HexColumn::Text), theme.color(Theme::Role::FieldKey)));
}

void TestPainters::byteCanvasPaintsFieldsByRole() {
    PageDescription page;
    page.pageSize = 1024;
    page.fields.resize(3);
    page.fields[0].kind = FieldKind::CountField;
    page.fields[0].range = {0, 16};
    page.fields[1].kind = FieldKind::Unexplained;
    page.fields[1].range = {16, 100};
    page.fields[1].problem = "no rule accounts for it";
    page.fields[2].kind = FieldKind::Unused;
    page.fields[2].range = {100, 1024};
    page.leaves = {0, 1, 2};
    ByteCanvasSpec spec;
    spec.byteCount = 1024;
    spec.pageSize = 1024;
    spec.width = 640;
    const ByteCanvasLayout layout(spec);
    const Theme theme = Theme::light();
    ByteCanvasScene scene;
    scene.description = &page;
    scene.layout = &layout;
    scene.theme = &theme;
    const auto paint = [&] {
        QImage image = canvas(640, 200);
        QPainter painter(&image);
        paintByteCanvas(painter, scene, QRectF(0, 0, 640, 200));
        return image;
    };
    const QImage plain = paint();
    QVERIFY(hasColor(plain, layout.byteRect(5), theme.color(Theme::Role::FieldHeader)));
    QVERIFY(hasColor(plain, layout.byteRect(60), theme.color(Theme::Role::FieldUnexplained)));
    QVERIFY(hasColor(plain, layout.byteRect(600), theme.color(Theme::Role::FieldUnused)));
    QVERIFY(hasColor(plain, layout.byteRect(16), theme.color(Theme::Role::ProblemText)));
    scene.selectedField = 0;
    QVERIFY(hasColor(paint(), layout.byteRect(0), theme.color(Theme::Role::Accent)));
    scene.selectedField = 77; // of another page: ignored
    QCOMPARE(paint(), plain);
}

void TestPainters::stripShowsFileMappingAndMark() {
    StripValues values;
    values.fileSize = 1 << 20;
    values.mapLength = 2 << 20;
    values.highWaterBytes = 3 << 18;
    const StripLayout layout(values, QRectF(0, 0, 400, 24));
    const Theme theme = Theme::light();
    StripScene scene;
    scene.layout = &layout;
    scene.values = &values;
    scene.theme = &theme;
    QImage image = canvas(400, 24);
    QPainter painter(&image);
    paintStrip(painter, scene);
    painter.end();
    QCOMPARE(image.pixelColor(20, 4), theme.color(Theme::Role::FieldElement));
    QCOMPARE(image.pixelColor(390, 4), theme.color(Theme::Role::Background));
    QCOMPARE(image.pixelColor(150, 12), theme.color(Theme::Role::Path));
    QCOMPARE(image.pixelColor(190, 4), theme.color(Theme::Role::FieldUnused)); // beyond the mark
    const QString summary = stripSummary(values);
    QVERIFY(summary.contains(QStringLiteral("past the end")));
    QVERIFY(summary.endsWith(QLatin1Char('.')));
}

void TestPainters::previewsArePrintable_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("limit");
    QTest::addColumn<QString>("text");
    QTest::newRow("ascii") << QByteArray("karl") << 10 << QStringLiteral("karl");
    QTest::newRow("utf-8") << QByteArray("J\xC3\xBCnger") << 10 << QStringLiteral("J\u00FCnger");
    QTest::newRow("cut") << QByteArray("abcdefgh") << 5 << QStringLiteral("abcd\u2026");
    QTest::newRow("long") << QByteArray(5000, 'x') << 4 << QStringLiteral("xxx\u2026");
    QTest::newRow("binary") << QByteArray("\x00\x01\x02", 3) << 20 << QStringLiteral("0x000102");
    QTest::newRow("binary cut") << QByteArray("\x00\x01\x02\x03\x04", 5) << 8
                                << QStringLiteral("0x000102\u2026");
    QTest::newRow("mostly text") << QByteArray("\x0A\x1Fregistry/pods", 15) << 20
                                 << QStringLiteral("\u00B7\u00B7registry/pods");
    QTest::newRow("empty") << QByteArray() << 20 << QString();
    QTest::newRow("no room") << QByteArray("a") << 0 << QString();
}

void TestPainters::previewsArePrintable() {
    QFETCH(QByteArray, bytes);
    QFETCH(int, limit);
    QFETCH(QString, text);
    QCOMPARE(
        bytesPreview(asBytes({bytes.constData(), static_cast<std::size_t>(bytes.size())}), limit),
        text);
}

QTEST_MAIN(TestPainters)
#include "tst_painters.moc"
