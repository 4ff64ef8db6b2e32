// SPDX-License-Identifier: MIT
// Pictures of each view in both themes, compared with references. Run it with QT_SCALE_FACTOR=2 for
// the second scale, and with PAGESCAPE_UPDATE_SCREENSHOTS=1 to make the references anew (then look
// at them).
#include "models/session_values.h"
#include "models/tree_shape_builder.h"
#include "pagescape/database.h"
#include "session/get_runner.h"
#include "units/english_plurals.h"
#include "views/address_strip_view.h"
#include "views/inspector_panel.h"
#include "views/map_panel.h"
#include "views/player_panel.h"
#include "views/tree_view.h"

#include <QApplication>
#include <QDir>
#include <QFontDatabase>
#include <QImage>
#include <QStyleFactory>
#include <QtTest>

using namespace pagescape;
using namespace pagescape::gui;

namespace {

constexpr double kMostDifferent = 0.001; // share of pixels
constexpr int kMostLevels = 8;

double shareDifferent(const QImage& a, const QImage& b) {
    if (a.size() != b.size()) {
        return 1;
    }
    qint64 different = 0;
    for (int y = 0; y < a.height(); ++y) {
        for (int x = 0; x < a.width(); ++x) {
            const QColor p = a.pixelColor(x, y);
            const QColor q = b.pixelColor(x, y);
            different += std::abs(p.red() - q.red()) > kMostLevels ||
                                 std::abs(p.green() - q.green()) > kMostLevels ||
                                 std::abs(p.blue() - q.blue()) > kMostLevels
                             ? 1
                             : 0;
        }
    }
    return double(different) / (double(a.width()) * a.height());
}

} // namespace

class TestScreenshots : public QObject {
    Q_OBJECT

private:
    std::shared_ptr<const PageFile> m_file;
    std::shared_ptr<Census> m_census;
    PageId m_leaf;
    EnglishPlurals m_plurals;

    void compare(QWidget& widget, QSize size, const QString& name);
    [[nodiscard]] static Theme theme() {
        QFETCH_GLOBAL(bool, dark);
        return dark ? Theme::dark() : Theme::light();
    }

private Q_SLOTS:
    void initTestCase_data();
    void initTestCase();
    void init();
    void pageMap();
    void pageMapByOwner();
    void tree();
    void inspector();
    void player();
    void addressStrip();
};

void TestScreenshots::initTestCase_data() {
    QTest::addColumn<bool>("dark");
    QTest::newRow("light") << false;
    QTest::newRow("dark") << true;
}

void TestScreenshots::initTestCase() {
    Q_INIT_RESOURCE(resources);
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    QApplication::setCursorFlashTime(0);
    QVERIFY(QFontDatabase::families().contains(QStringLiteral("DejaVu Sans")));
    QFont font(QStringLiteral("DejaVu Sans"));
    font.setPixelSize(13);
    QApplication::setFont(font);
    QCoreApplication::installTranslator(&m_plurals);
    auto file = PageFile::open(PAGESCAPE_SAMPLE_DIR "/library.db");
    QVERIFY(file);
    m_file = std::make_shared<const PageFile>(std::move(*file));
    m_census = std::make_shared<Census>(m_file);
    QVERIFY(m_census->run());
    for (std::uint64_t i = 0; i < m_census->pageCount() && m_leaf.value == 0; ++i) {
        const PageRow row = m_census->row(PageId{i});
        if (row.kind == PageKind::Leaf && row.life == PageLife::Live && row.depth == 2) {
            m_leaf = PageId{i};
        }
    }
    QVERIFY(m_leaf.value > 1);
}

void TestScreenshots::init() {
    QApplication::setPalette(theme().palette());
}

void TestScreenshots::compare(QWidget& widget, QSize size, const QString& name) {
    QFETCH_GLOBAL(bool, dark);
    widget.setPalette(theme().palette());
    widget.resize(size);
    widget.show();
    QVERIFY(QTest::qWaitForWindowExposed(&widget));
    const QImage actual = widget.grab().toImage().convertToFormat(QImage::Format_RGB32);
    const QString file = QStringLiteral("%1-%2-%3x.png")
                             .arg(name, dark ? QStringLiteral("dark") : QStringLiteral("light"))
                             .arg(qRound(widget.devicePixelRatioF()));
    const QString reference = QStringLiteral(PAGESCAPE_TEST_DIR "/screenshots/") + file;
    if (qEnvironmentVariableIsSet("PAGESCAPE_UPDATE_SCREENSHOTS")) {
        QVERIFY(QDir().mkpath(QFileInfo(reference).path()));
        QVERIFY(actual.save(reference));
        return;
    }
    const QImage expected = QImage(reference).convertToFormat(QImage::Format_RGB32);
    QVERIFY2(!expected.isNull(), qPrintable(QStringLiteral("no reference ") + reference));
    const double different = shareDifferent(actual, expected);
    if (different > kMostDifferent) {
        const QString kept = QDir::current().filePath(QStringLiteral("actual-") + file);
        actual.save(kept);
        QFAIL(qPrintable(QStringLiteral("%1 % of the pixels differ; see %2")
                             .arg(different * 100, 0, 'f', 2)
                             .arg(kept)));
    }
}

void TestScreenshots::pageMap() {
    SelectionHub hub;
    MapPanel panel(&hub);
    panel.setTheme(theme());
    panel.setCensus(m_census);
    panel.resize(640, 360);
    QTRY_VERIFY(panel.map()->isUpToDate());
    hub.selectPage(m_leaf);
    compare(panel, {640, 360}, QStringLiteral("map"));
}

void TestScreenshots::pageMapByOwner() {
    SelectionHub hub;
    MapPanel panel(&hub);
    panel.setTheme(theme());
    panel.setCensus(m_census);
    panel.map()->setLens(Lens::Owner);
    panel.resize(640, 360);
    QTRY_VERIFY(panel.map()->isUpToDate() && panel.map()->image()->lens() == Lens::Owner);
    compare(panel, {640, 360}, QStringLiteral("map-owner"));
}

void TestScreenshots::tree() {
    SelectionHub hub;
    TreeView view(&hub);
    view.setTheme(theme());
    TreeShapeRequest request;
    request.bucket = m_census->row(m_leaf).bucket;
    request.path = m_census->pathTo(m_leaf);
    view.resize(640, 320);
    view.setShape(buildTreeShape(*m_file, *m_census, request));
    hub.selectPage(m_leaf);
    compare(view, {640, 320}, QStringLiteral("tree"));
}

void TestScreenshots::inspector() {
    SelectionHub hub;
    InspectorPanel panel(&hub);
    panel.setTheme(theme());
    auto page = inspectPage(*m_file, m_leaf);
    QVERIFY(page);
    const auto snapshot = std::make_shared<const InspectedPage>(std::move(*page));
    panel.resize(380, 640);
    panel.setPage(snapshot, m_census->row(m_leaf), QStringLiteral("books"));
    Place place;
    place.page = m_leaf;
    place.element = 1;
    hub.select(place);
    compare(panel, {380, 640}, QStringLiteral("inspector"));
}

void TestScreenshots::player() {
    const auto db = Database::fromFile(m_file);
    std::vector<QByteArray> path;
    for (const std::string& name : m_census->bucketPath(m_census->row(m_leaf).bucket)) {
        path.push_back(QByteArray::fromStdString(name));
    }
    const auto page = inspectPage(*m_file, m_leaf);
    const int field = page->description.find(FieldKind::Key, 0);
    const ByteRange range = page->description.fields[std::size_t(field)].range;
    const QByteArray key =
        QByteArray::fromStdString(toString(Bytes(page->bytes).subspan(range.begin, range.size())));
    GetTrace trace = runGet(m_file, path, key);
    for (TraceEvent& event : trace.events) { // addresses differ from run to run
        if (auto* slice = std::get_if<ValueSliceEvent>(&event)) {
            slice->address = 0x7f0000000000;
        }
    }
    GetPlayer player;
    PlayerPanel panel(&player);
    panel.setTheme(theme());
    player.setTrace(std::make_shared<const GetTrace>(trace));
    player.setLevel(GetPlayer::Level::Byte);
    player.seek(6);
    compare(panel, {760, 240}, QStringLiteral("player"));
}

void TestScreenshots::addressStrip() {
    SelectionHub hub;
    AddressStripView strip(&hub);
    strip.setTheme(theme());
    StripValues values;
    values.fileSize = m_file->layout().fileSize;
    values.mapLength = m_file->layout().mapLength;
    values.mapAddress = 0x7f0000000000;
    values.highWaterBytes = m_census->highWater().value * m_file->layout().pageSize;
    std::vector<std::uint8_t> resident((values.fileSize + 4095) / 4096, 1);
    std::fill(resident.begin() + std::ptrdiff_t(resident.size() / 2), resident.end(),
              std::uint8_t{0});
    strip.setValues(values, resident, m_file->layout().pageSize);
    compare(strip, {760, 48}, QStringLiteral("strip"));
}

QTEST_MAIN(TestScreenshots)
#include "tst_screenshots.moc"
