// SPDX-License-Identifier: MIT
// Versions in the window: the other meta, what a transaction changed, and how full the trees are.
#include "gui/sample_files.h"
#include "pagescape/diff.h"
#include "pagescape/tree_statistics.h"
#include "session/file_session.h"
#include "support/sample_guard.h"
#include "units/english_plurals.h"
#include "units/units.h"
#include "views/bucket_panel.h"
#include "views/difference_panel.h"
#include "views/inspector_panel.h"
#include "views/legend_bar.h"
#include "views/map_panel.h"
#include "views/statistics_panel.h"
#include "views/tree_view.h"
#include "window/compare_binding.h"
#include "window/main_window.h"
#include "window/notice_bar.h"
#include "window/sandbox_binding.h"
#include "window/session_binding.h"
#include "window/workspace.h"

#include <QDockWidget>
#include <QLabel>
#include <QPushButton>
#include <QTableView>
#include <QTemporaryDir>
#include <QTreeView>
#include <QtTest>

using namespace pagescape;
using namespace pagescape::gui;
using namespace pagescape::gui::test;

class TestCompareWindow : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    EnglishPlurals m_plurals;
    std::unique_ptr<pagescape::test::SampleGuard> m_guard;
    std::unique_ptr<ViewSettings> m_settings;
    std::unique_ptr<MainWindow> m_window;

    [[nodiscard]] Workspace& views() const { return *m_window->workspace(); }
    [[nodiscard]] const Census& census() const { return *m_window->binding()->session().census(); }
    [[nodiscard]] QAction* action(const char* id) const {
        return m_window->actions().get(QLatin1String(id));
    }
    [[nodiscard]] DifferencePanel& differences() const { return *views().differences; }
    void waitForScan();
    void open(const QString& path);
    void compareNow();
    void put(const char* key, const char* value);
    quint64 legendPages(LensClass lensClass) const;

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void cleanupTestCase();

    void previousVersionIsTheCensusThroughTheOtherMeta_data();
    void previousVersionIsTheCensusThroughTheOtherMeta();
    void oneKeyLeadsThereAndBack();
    void selectionAndScrollStay();
    void missingPreviousVersionIsASentence();
    void comparisonHasTheNumbersOfTheEngine_data();
    void comparisonHasTheNumbersOfTheEngine();
    void entrySelectsItsKey();
    void changedPagesAreMarkedInTheTree();
    void comparisonOutlivesTheOtherVersion();
    void lensStartsAComparison();
    void clearingTakesItOffTheViews();
    void sandboxLeavesThePreviousVersionWhenItCommits();
    void sandboxIsComparedWithItsOriginal();
    void statisticsAreThoseOfTheEngine();
    void statisticsFollowTheVersion();
};

void TestCompareWindow::initTestCase() {
    QCoreApplication::installTranslator(&m_plurals);
    m_guard = std::make_unique<pagescape::test::SampleGuard>(
        QStringList{QStringLiteral(PAGESCAPE_SAMPLE_DIR)});
    QVERIFY(m_guard->count() >= 4);
}

void TestCompareWindow::init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    m_settings = std::make_unique<ViewSettings>(m_dir.filePath(QStringLiteral("settings.ini")));
    m_window = std::make_unique<MainWindow>(m_settings.get());
    m_window->setAsksBeforeLosing(false);
    m_window->resize(1280, 800);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
}

void TestCompareWindow::cleanup() {
    m_window.reset();
    m_settings.reset();
    QFile::remove(m_dir.filePath(QStringLiteral("settings.ini")));
}

void TestCompareWindow::cleanupTestCase() {
    QCOMPARE(m_guard->changed(), QStringList());
}

void TestCompareWindow::waitForScan() {
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->binding()->session().isScanning(), 30000);
    QTRY_VERIFY_WITH_TIMEOUT(m_window->binding()->session().tasks().empty(), 30000);
    QTRY_VERIFY_WITH_TIMEOUT(views().map->map()->isUpToDate(), 30000);
    QTRY_VERIFY_WITH_TIMEOUT(views().inspector->page() != nullptr, 30000);
}

void TestCompareWindow::open(const QString& path) {
    QVERIFY(m_window->openFile(path));
    waitForScan();
}

void TestCompareWindow::compareNow() {
    action("compare")->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(differences().comparison() != nullptr, 30000);
    QTRY_VERIFY_WITH_TIMEOUT(differences().summary().contains(QStringLiteral("the same.")), 30000);
    QTRY_VERIFY_WITH_TIMEOUT(views().map->map()->isUpToDate(), 30000);
    QTRY_COMPARE_WITH_TIMEOUT(views().map->map()->image()->lens(), Lens::Changes, 30000);
}

// In a transaction of its own.
void TestCompareWindow::put(const char* key, const char* value) {
    SandboxCommand command;
    command.kind = SandboxCommand::Kind::Put;
    command.path = {"books"};
    command.key = key;
    command.value = value;
    m_window->sandbox()->run(command);
    command = {};
    command.kind = SandboxCommand::Kind::Commit;
    m_window->sandbox()->run(command);
}

quint64 TestCompareWindow::legendPages(LensClass lensClass) const {
    for (const LegendChip* chip : views().map->legend()->chips()) {
        if (chip->entry().lensClass == lensClass) {
            return chip->entry().pages;
        }
    }
    return 0;
}

void TestCompareWindow::previousVersionIsTheCensusThroughTheOtherMeta_data() {
    QTest::addColumn<QString>("path");
    QTest::newRow("library") << samplePath("library.db");
    QTest::newRow("etcd") << samplePath("etcd.db");
}

void TestCompareWindow::previousVersionIsTheCensusThroughTheOtherMeta() {
    QFETCH(QString, path);
    open(path);
    action("previous-version")->trigger();
    waitForScan();
    OpenOptions options;
    options.previousVersion = true;
    auto opened = PageFile::open(toPath(path), options);
    QVERIFY(opened.has_value());
    const auto file = std::make_shared<const PageFile>(std::move(*opened));
    const auto expected = censusOf(file);
    QVERIFY(expected);
    QCOMPARE(census().pageCount(), expected->pageCount());
    for (quint64 id = 0; id < expected->pageCount(); ++id) {
        QCOMPARE(census().state(PageId{id}), expected->state(PageId{id}));
        QCOMPARE(census().owner(PageId{id}), expected->owner(PageId{id}));
    }
    const auto image = LensImage::build(Lens::Type, *expected);
    for (quint64 id = 0; id < expected->pageCount(); ++id) {
        QCOMPARE(views().map->map()->image()->at(PageId{id}), image->at(PageId{id}));
    }
    const MetaPair& metas = file->layout().metas;
    const QString frame = views().frameText();
    QVERIFY2(frame.startsWith(QStringLiteral("PREVIOUS VERSION: transaction %1 through meta %2;")
                                  .arg(countText(metas.activeFields()->txid.value))
                                  .arg(*metas.active)),
             qPrintable(frame));
    QVERIFY(m_window->windowTitle().contains(QStringLiteral("previous version")));
}

void TestCompareWindow::oneKeyLeadsThereAndBack() {
    open(samplePath("library.db"));
    const quint64 newest =
        m_window->binding()->session().file().layout().metas.activeFields()->txid.value;
    for (QWidget* canvas : std::initializer_list<QWidget*>{views().map->map(), views().tree}) {
        canvas->setFocus();
        QTest::keyClick(canvas, Qt::Key_M);
        QVERIFY(action("previous-version")->isChecked());
        waitForScan();
        QCOMPARE(m_window->binding()->session().file().layout().metas.activeFields()->txid.value,
                 newest - 1);
        canvas->setFocus();
        QTest::keyClick(canvas, Qt::Key_M);
        QVERIFY(!action("previous-version")->isChecked());
        QCOMPARE(views().frameText(), QString());
        waitForScan();
    }
    m_settings->setSingleKeysEnabled(false);
    views().map->map()->setFocus();
    QTest::keyClick(views().map->map(), Qt::Key_M);
    QVERIFY(!action("previous-version")->isChecked());
    QTest::keyClick(views().map->map(), Qt::Key_M, Qt::ControlModifier);
    QVERIFY(action("previous-version")->isChecked());
}

void TestCompareWindow::selectionAndScrollStay() {
    open(samplePath("library.db"));
    views().hub->selectPage(PageId{40});
    QTRY_COMPARE_WITH_TIMEOUT(views().inspector->page()->description.id, PageId{40}, 30000);
    PageMapView* map = views().map->map();
    map->setZoom(kZoomStepCount - 2);
    map->centerOnPage(PageId{90});
    QTRY_VERIFY_WITH_TIMEOUT(map->viewport()->rect().contains(map->pageRect(PageId{90})), 30000);
    action("previous-version")->trigger();
    QCOMPARE(views().hub->selection().page, std::optional(PageId{40}));
    waitForScan();
    QTRY_VERIFY_WITH_TIMEOUT(map->viewport()->rect().intersects(map->pageRect(PageId{90})), 30000);
    QCOMPARE(map->zoom(), kZoomStepCount - 2);
}

void TestCompareWindow::missingPreviousVersionIsASentence() {
    const QString path = m_dir.filePath(QStringLiteral("one-meta.db"));
    QFile::remove(path);
    QVERIFY(QFile::copy(samplePath("library.db"), path));
    QFile file(path);
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    QVERIFY(file.open(QIODevice::ReadWrite));
    const auto active = *openSample("library.db")->layout().metas.active;
    file.seek((1 - active) * qint64(openSample("library.db")->layout().pageSize) + 40);
    file.write("xxxx");
    file.close();
    open(path);
    action("previous-version")->trigger();
    QVERIFY2(views().notice->text().contains(QStringLiteral("no previous version")),
             qPrintable(views().notice->text()));
    QVERIFY(!action("previous-version")->isChecked());
    QVERIFY(!m_window->binding()->session().file().options().previousVersion);
    action("compare")->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(differences().comparison() != nullptr, 30000);
    QVERIFY(!differences().comparison()->error.isEmpty());
    QVERIFY(differences().compareButton()->isVisible());
}

void TestCompareWindow::comparisonHasTheNumbersOfTheEngine_data() {
    previousVersionIsTheCensusThroughTheOtherMeta_data();
}

void TestCompareWindow::comparisonHasTheNumbersOfTheEngine() {
    QFETCH(QString, path);
    open(path);
    compareNow();
    const auto file = PageFile::open(toPath(path));
    const auto sides = bothSides(*file);
    QVERIFY(sides.has_value());
    const auto summary = diffVersions(sides->first, sides->second);
    QVERIFY(summary.has_value());
    const QString words = differences().summary();
    const QString keys = summary->isEqual()
                             ? QStringLiteral("Both hold the same keys and values.")
                             : QStringLiteral("Keys: %1 added, %2 removed, %3 changed.")
                                   .arg(summary->keysAdded)
                                   .arg(summary->keysRemoved)
                                   .arg(summary->keysChanged);
    QVERIFY2(words.contains(keys), qPrintable(words));
    QVERIFY2(words.contains(QStringLiteral("%1 only before, %2 only after")
                                .arg(pagesIn(summary->pages.onlyBefore))
                                .arg(pagesIn(summary->pages.onlyAfter))),
             qPrintable(words));
    QVERIFY2(
        words.contains(
            QStringLiteral("%1 of %2 page").arg(summary->pagesRead).arg(file->layout().pageCount)),
        qPrintable(words));
    // The legend counts what the summary says, and all pages are counted.
    QCOMPARE(legendPages(kOnlyBeforeClass), pagesIn(summary->pages.onlyBefore));
    QCOMPARE(legendPages(kOnlyAfterClass), pagesIn(summary->pages.onlyAfter));
    QCOMPARE(legendPages(kDifferentClass), quint64(0));
    QVERIFY2(words.contains(QStringLiteral("%1 the same").arg(countText(legendPages(kSameClass)))),
             qPrintable(words));
    quint64 all = 0;
    for (const LegendChip* chip : views().map->legend()->chips()) {
        all += chip->entry().pages;
    }
    QCOMPARE(all, file->layout().pageCount);
    const auto items = summary->keysAdded + summary->keysRemoved + summary->keysChanged +
                       summary->bucketsAdded + summary->bucketsRemoved + summary->sequencesChanged;
    QCOMPARE(quint64(differences().model().entryCount()), items);
}

void TestCompareWindow::entrySelectsItsKey() {
    open(samplePath("library.db"));
    compareNow();
    DifferenceModel& model = differences().model();
    for (int group = 0; group < model.rowCount(); ++group) {
        const QModelIndex bucket = model.index(group, 0);
        const QModelIndex index = model.index(0, 0, bucket);
        differences().tree()->setCurrentIndex(index);
        const Place place = index.data(PlaceRole).value<Place>();
        QCOMPARE(views().hub->selection().page, place.page);
        QTRY_VERIFY_WITH_TIMEOUT(views().inspector->page() != nullptr &&
                                     views().inspector->page()->description.id == *place.page,
                                 30000);
        QVERIFY(place.bytes.has_value());
        QCOMPARE(views().hub->selection().bytes, place.bytes);
    }
}

void TestCompareWindow::changedPagesAreMarkedInTheTree() {
    open(samplePath("library.db"));
    compareNow();
    TreeView* tree = views().tree;
    const PageDiff& pages = differences().comparison()->summary.pages;
    QVERIFY(!pages.onlyAfter.empty());
    views().hub->selectPage(pages.onlyAfter.front().first);
    QTRY_VERIFY_WITH_TIMEOUT(std::any_of(tree->shape().nodes.begin(), tree->shape().nodes.end(),
                                         [&](const TreeShape::Node& node) {
                                             return node.page == pages.onlyAfter.front().first;
                                         }),
                             30000);
    int marked = 0;
    for (int node = 0; node < tree->treeLayout().nodeCount(); ++node) {
        const PageId page = tree->shape().nodes[std::size_t(node)].page;
        const bool isChanged = views().map->map()->image()->at(page) == kOnlyAfterClass;
        QCOMPARE(tree->changeOf(node) == kOnlyAfterClass, isChanged);
        marked += isChanged ? 1 : 0;
    }
    QVERIFY(marked > 0);
}

void TestCompareWindow::comparisonOutlivesTheOtherVersion() {
    open(samplePath("library.db"));
    compareNow();
    const ComparisonPtr compared = differences().comparison();
    const quint64 same = legendPages(kSameClass);
    const quint64 before = legendPages(kOnlyBeforeClass);
    action("previous-version")->trigger();
    waitForScan();
    QCOMPARE(differences().comparison(), compared);
    QCOMPARE(views().map->map()->lens(), Lens::Changes);
    QTRY_COMPARE_WITH_TIMEOUT(legendPages(kSameClass), same, 30000);
    QCOMPARE(legendPages(kOnlyBeforeClass), before);
    open(samplePath("etcd.db")); // another file: another comparison, as the lens is on show
    QTRY_VERIFY_WITH_TIMEOUT(differences().comparison() != nullptr, 30000);
    QCOMPARE(differences().comparison()->after.path, samplePath("etcd.db"));
}

void TestCompareWindow::lensStartsAComparison() {
    open(samplePath("library.db"));
    views().map->map()->setFocus();
    QTest::keyClick(views().map->map(), Qt::Key_6);
    QTRY_VERIFY_WITH_TIMEOUT(differences().comparison() != nullptr, 30000);
    QTRY_VERIFY_WITH_TIMEOUT(legendPages(kOnlyAfterClass) > 0, 30000);
}

void TestCompareWindow::clearingTakesItOffTheViews() {
    open(samplePath("library.db"));
    compareNow();
    differences().endButton()->click();
    QVERIFY(differences().comparison() == nullptr);
    QCOMPARE(views().map->map()->lens(), Lens::Type);
    QCOMPARE(differences().model().rowCount(), 0);
    QVERIFY(m_window->comparing().changes() == nullptr);
    QCOMPARE(views().tree->changeOf(0), kUnknownClass);
}

void TestCompareWindow::sandboxLeavesThePreviousVersionWhenItCommits() {
    open(samplePath("library.db"));
    const Fingerprint original = fingerprint(samplePath("library.db"));
    QVERIFY(m_window->editCopy());
    QTRY_VERIFY_WITH_TIMEOUT(m_window->sandbox() && m_window->binding(), 30000);
    waitForScan();
    const QString sandboxed = views().frameText();
    QVERIFY(!sandboxed.isEmpty());
    action("previous-version")->trigger();
    waitForScan();
    QVERIFY(views().frameText().startsWith(QStringLiteral("PREVIOUS VERSION")));
    QVERIFY(views().frameText().endsWith(sandboxed));
    put("zebra", "stripes");
    QTRY_COMPARE_WITH_TIMEOUT(views().frameText(), sandboxed, 30000);
    QVERIFY(!action("previous-version")->isChecked());
    waitForScan();
    // What the commit did is the difference of the two versions that are in the copy now.
    compareNow();
    QVERIFY2(
        differences().summary().contains(QStringLiteral("Keys: 1 added, 0 removed, 0 changed")),
        qPrintable(differences().summary()));
    put("zebra", "black and white");
    QTRY_VERIFY2(
        differences().summary().contains(QStringLiteral("Keys: 0 added, 0 removed, 1 changed")),
        qPrintable(differences().summary()));
    QVERIFY(fingerprint(samplePath("library.db")) == original);
}

void TestCompareWindow::sandboxIsComparedWithItsOriginal() {
    open(samplePath("library.db"));
    QVERIFY(m_window->editCopy());
    QTRY_VERIFY_WITH_TIMEOUT(m_window->sandbox() && m_window->binding(), 30000);
    waitForScan();
    const quint64 txid =
        m_window->binding()->session().file().layout().metas.activeFields()->txid.value;
    put("zebra", "stripes");
    QTRY_VERIFY_WITH_TIMEOUT(
        m_window->binding()->session().file().layout().metas.activeFields()->txid.value > txid,
        30000);
    waitForScan();
    m_window->comparing().compareWith(samplePath("library.db"));
    QTRY_VERIFY_WITH_TIMEOUT(differences().comparison() != nullptr, 30000);
    const Comparison& found = *differences().comparison();
    QVERIFY(!found.isOneFile);
    QCOMPARE(found.summary.keysAdded, quint64(1));
    QTRY_COMPARE_WITH_TIMEOUT(legendPages(kSameClass), pagesIn(found.summary.pages.same), 30000);
    QCOMPARE(legendPages(kDifferentClass), pagesIn(found.summary.pages.changed));
    QVERIFY2(differences().summary().contains(QStringLiteral("Before: library.db")),
             qPrintable(differences().summary()));
}

void TestCompareWindow::statisticsAreThoseOfTheEngine() {
    open(samplePath("etcd.db"));
    QCOMPARE(views().statistics->model().rowCount(), 0); // nobody looked yet
    action("statistics")->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(views().statistics->model().statistics() != nullptr, 30000);
    const auto file = openSample("etcd.db");
    const auto expected = treeStatistics(*file);
    QVERIFY(expected.has_value());
    QCOMPARE(views().statistics->summary(), statisticsSentence(*expected));
    StatisticsModel model;
    model.setStatistics(std::make_shared<const TreeStatistics>(*expected));
    QCOMPARE(views().statistics->model().rowCount(), model.rowCount());
    for (int row = 0; row < model.rowCount(); ++row) {
        for (int column = 0; column < model.columnCount(); ++column) {
            QCOMPARE(views().statistics->model().index(row, column).data(),
                     model.index(row, column).data());
        }
    }
    views().statistics->table()->setCurrentIndex(
        views().statistics->table()->model()->index(model.rowCount() - 1, 0));
    QCOMPARE(views().hub->selection().page, std::optional(expected->trees.back().root));
}

void TestCompareWindow::statisticsFollowTheVersion() {
    open(samplePath("library.db"));
    action("statistics")->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(views().statistics->model().statistics() != nullptr, 30000);
    action("previous-version")->trigger();
    QVERIFY(views().statistics->model().statistics() == nullptr); // not those of another version
    QTRY_VERIFY_WITH_TIMEOUT(views().statistics->model().statistics() != nullptr, 30000);
    OpenOptions options;
    options.previousVersion = true;
    const auto file = PageFile::open(toPath(samplePath("library.db")), options);
    const auto expected = treeStatistics(*file);
    QCOMPARE(views().statistics->summary(), statisticsSentence(*expected));
    m_window->closeFile();
    QCOMPARE(views().statistics->model().rowCount(), 0);
}

QTEST_MAIN(TestCompareWindow)
#include "tst_compare_window.moc"
