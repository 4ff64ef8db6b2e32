// SPDX-License-Identifier: MIT
// The whole window, driven through its real widgets: open, click, follow, back, trace, step, stop.
#include "pagescape/database.h"
#include "session/file_session.h"
#include "support/sample_guard.h"
#include "units/english_plurals.h"
#include "views/breadcrumb_bar.h"
#include "views/bucket_panel.h"
#include "views/byte_canvas_view.h"
#include "views/go_to_box.h"
#include "views/inspector_panel.h"
#include "views/key_entry.h"
#include "views/legend_bar.h"
#include "views/link_label.h"
#include "views/map_panel.h"
#include "views/page_table_panel.h"
#include "views/player_panel.h"
#include "views/problem_panel.h"
#include "views/start_page.h"
#include "views/timeline_view.h"
#include "views/tree_view.h"
#include "window/main_window.h"
#include "window/notice_bar.h"
#include "window/session_binding.h"
#include "window/workspace.h"

#include <QDockWidget>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QSignalSpy>
#include <QSlider>
#include <QTableView>
#include <QTemporaryDir>
#include <QTreeView>
#include <QtTest>

using namespace pagescape;
using namespace pagescape::gui;

namespace {

QString sample(const char* name) {
    return QStringLiteral(PAGESCAPE_SAMPLE_DIR "/") + QLatin1String(name);
}

std::shared_ptr<const PageFile> openFile(const QString& path) {
    return std::make_shared<const PageFile>(*PageFile::open(path.toStdString()));
}

} // namespace

class TestMainWindow : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    EnglishPlurals m_plurals;
    std::unique_ptr<pagescape::test::SampleGuard> m_guard;
    std::unique_ptr<ViewSettings> m_settings;
    std::unique_ptr<MainWindow> m_window;

    [[nodiscard]] Workspace& views() const { return *m_window->workspace(); }
    [[nodiscard]] FileSession& session() const { return m_window->binding()->session(); }
    void openAndScan(const QString& path);
    [[nodiscard]] PageId firstPageOf(PageKind kind) const;
    void clickPage(PageId page);
    void trace(const std::vector<QByteArray>& path, const QByteArray& key);

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void cleanupTestCase();

    void startPageOffersSamplesAndNothingElse();
    void opensASampleAndTellsWhatItIs();
    void clickFollowBackForwardUp();
    void selectionIsSharedByAllViews();
    void goToBoxFindsPagesOffsetsAndKeys();
    void tracedGetStepsForwardAndBackToAnEqualState();
    void tracedMissingKeyEndsInAMiss();
    void litPathIsOnMapAndTree();
    void foreignFileIsRefusedWithEvidence();
    void damagedFileOpensWithItsProblems();
    void droppedFileOpens();
    void legendChipListsItsPages();
    void headlineLinksLightTheirPages();
    void everyShortcutIsUnique();
    void everyActionIsInAMenu();
    void themeReachesTheCanvases();
    void layoutCanBeReset();
    void closingWhileScanningIsSafe();
};

void TestMainWindow::initTestCase() {
    QCoreApplication::installTranslator(&m_plurals);
    QStringList folders{QStringLiteral(PAGESCAPE_SAMPLE_DIR)};
    if (QFileInfo::exists(QStringLiteral(PAGESCAPE_SHARED_DIR "/data"))) {
        folders += QStringLiteral(PAGESCAPE_SHARED_DIR "/data");
    }
    m_guard = std::make_unique<pagescape::test::SampleGuard>(folders);
    QVERIFY(m_guard->count() >= 4);
}

void TestMainWindow::init() {
    // All warnings but the one that the offscreen platform gives for every window.
    QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    m_settings = std::make_unique<ViewSettings>(m_dir.filePath(QStringLiteral("settings.ini")));
    m_window = std::make_unique<MainWindow>(m_settings.get());
    m_window->resize(1280, 800);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
}

void TestMainWindow::cleanup() {
    m_window.reset();
    m_settings.reset();
    QFile::remove(m_dir.filePath(QStringLiteral("settings.ini")));
}

void TestMainWindow::cleanupTestCase() {
    QCOMPARE(m_guard->changed(), QStringList());
}

void TestMainWindow::openAndScan(const QString& path) {
    QVERIFY2(m_window->openFile(path), qPrintable(m_window->startPage()->errorText()));
    QTRY_VERIFY(!session().isScanning());
    QTRY_VERIFY(session().tasks().empty());
    QTRY_VERIFY(views().map->map()->isUpToDate());
    QTRY_VERIFY(views().inspector->page() != nullptr);
}

PageId TestMainWindow::firstPageOf(PageKind kind) const {
    const auto& census = session().census();
    for (std::uint64_t i = 0; i < census->pageCount(); ++i) {
        const PageRow row = census->row(PageId{i});
        if (row.kind == kind && row.life == PageLife::Live) {
            return PageId{i};
        }
    }
    return PageId{0};
}

void TestMainWindow::clickPage(PageId page) {
    PageMapView* map = views().map->map();
    map->centerOnPage(page);
    QTest::mouseClick(map->viewport(), Qt::LeftButton, {}, map->pageRect(page).center());
    QTRY_VERIFY(views().inspector->page() && views().inspector->page()->description.id == page);
}

void TestMainWindow::trace(const std::vector<QByteArray>& path, const QByteArray& key) {
    QSignalSpy traced(&session(), &FileSession::getTraced);
    KeyEntry* entry = views().playerPanel->keyEntry();
    entry->setKey(path, key);
    for (QPushButton* button : entry->findChildren<QPushButton*>()) {
        QTest::mouseClick(button, Qt::LeftButton);
    }
    QTRY_COMPARE(traced.count(), 1);
}

void TestMainWindow::startPageOffersSamplesAndNothingElse() {
    QVERIFY(m_window->startPage()->isVisible());
    QVERIFY(!views().isVisible());
    const auto buttons = m_window->startPage()->findChildren<QPushButton*>();
    int samples = 0;
    for (const QPushButton* button : buttons) {
        samples += button->text().startsWith(QStringLiteral("Sample")) ? 1 : 0;
    }
    QCOMPARE(samples, int(sampleFiles().size()));
    QVERIFY(samples >= 1);
    QCOMPARE(m_window->startPage()->errorText(), QString());
}

void TestMainWindow::opensASampleAndTellsWhatItIs() {
    openAndScan(sample("library.db"));
    const FileLayout& layout = session().file().layout();
    QVERIFY(m_window->windowTitle().contains(QStringLiteral("library.db")));
    QVERIFY(m_window->windowTitle().contains(QStringLiteral("read-only")));
    QVERIFY(views().headline->text().contains(QString::number(layout.pageCount)));
    QVERIFY(views().headline->text().contains(QStringLiteral("No damage found.")));
    QCOMPARE(m_settings->recentFiles().front(), sample("library.db"));
    QVERIFY(!views().tree->shape().nodes.empty());
}

void TestMainWindow::clickFollowBackForwardUp() {
    openAndScan(sample("library.db"));
    const PageId branch = firstPageOf(PageKind::Branch);
    QVERIFY(branch.value > 1);
    clickPage(branch);
    QVERIFY(views().inspector->title().contains(QStringLiteral("branch")));

    const PageDescription& description = views().inspector->page()->description;
    const int child = description.find(FieldKind::ElementChild, 0);
    QVERIFY(child >= 0);
    const PageId target{description.fields[std::size_t(child)].number};
    QTest::keyClick(views().map->map(), Qt::Key_Return);
    QTRY_COMPARE(views().inspector->page()->description.id, target);
    QCOMPARE(views().hub->selection().page, target);

    m_window->actions().get(QStringLiteral("back"))->trigger();
    QTRY_COMPARE(views().inspector->page()->description.id, branch);
    m_window->actions().get(QStringLiteral("forward"))->trigger();
    QTRY_COMPARE(views().inspector->page()->description.id, target);
    m_window->actions().get(QStringLiteral("up"))->trigger();
    QTRY_COMPARE(views().inspector->page()->description.id, branch);
}

void TestMainWindow::selectionIsSharedByAllViews() {
    openAndScan(sample("library.db"));
    const PageId leaf = firstPageOf(PageKind::Leaf);
    clickPage(leaf);
    const PageDescription& description = views().inspector->page()->description;
    const int key = description.find(FieldKind::Key, 0);
    QVERIFY(key >= 0);
    // Click the key's bytes: the field tree must follow, and the crumbs name the element.
    ByteCanvasView* canvas = views().inspector->canvas();
    const QRectF rect =
        canvas->layoutOfBytes().byteRect(description.fields[std::size_t(key)].range.begin);
    QTest::mouseClick(canvas->viewport(), Qt::LeftButton, {}, rect.center().toPoint());
    QCOMPARE(canvas->selectedField(), key);
    const QModelIndex row = views().inspector->fieldTree()->currentIndex();
    QCOMPARE(row.siblingAtColumn(0).data(FieldIndexRole).toInt(), key);
    QCOMPARE(views().hub->selection().element, 0);
    QCOMPARE(views().crumbs->texts().size() >= 3, true);
    QTRY_VERIFY(views().tree->selectedNode() >= 0);
    const auto& nodes = views().tree->shape().nodes;
    QCOMPARE(nodes[std::size_t(views().tree->selectedNode())].page, leaf);
}

void TestMainWindow::goToBoxFindsPagesOffsetsAndKeys() {
    openAndScan(sample("library.db"));
    QLineEdit* edit = views().goTo->edit();
    const auto type = [&](const QString& text) {
        edit->setText(text);
        QTest::keyClick(edit, Qt::Key_Return);
    };
    type(QStringLiteral("3"));
    QTRY_COMPARE(views().hub->selection().page, PageId{3});
    type(QStringLiteral("@%1").arg(5 * session().file().layout().pageSize + 9));
    QTRY_COMPARE(views().hub->selection().page, PageId{5});
    QCOMPARE(views().hub->selection().bytes->begin, 5 * session().file().layout().pageSize + 9);
    type(QStringLiteral("999999"));
    QTRY_VERIFY(!views().notice->text().isEmpty());
    QCOMPARE(views().hub->selection().page, PageId{5});
}

void TestMainWindow::tracedGetStepsForwardAndBackToAnEqualState() {
    openAndScan(sample("etcd.db"));
    // The last key of the bucket "key": an etcd revision.
    const auto file = openFile(sample("etcd.db"));
    const auto db = Database::fromFile(file);
    const auto tx = db->beginRead();
    const std::array<Bytes, 1> path{asBytes("key")};
    const auto last = tx->bucket(path)->cursor().last();
    QVERIFY(last && *last);
    const QByteArray key = QByteArray::fromStdString(toString((*last)->key));
    trace({QByteArrayLiteral("key")}, key);

    GetPlayer* player = views().player;
    QTRY_VERIFY(player->trace() != nullptr);
    QVERIFY(player->trace()->found);
    QVERIFY(player->atStart());
    player->setLevel(GetPlayer::Level::Byte);
    const QString captionAtStart = views().playerPanel->captionText();
    std::vector<PlayerFrame> forward{player->frame()};
    std::vector<QString> captions{views().playerPanel->captionText()};
    QAction* step = m_window->actions().get(QStringLiteral("step-forward"));
    QAction* back = m_window->actions().get(QStringLiteral("step-back"));
    while (!player->atEnd()) {
        step->trigger();
        forward.push_back(player->frame());
        captions.push_back(views().playerPanel->captionText());
        QVERIFY(!captions.back().isEmpty());
    }
    QVERIFY(forward.size() > 8);
    QVERIFY(!views().playerPanel->endCardText().isEmpty());
    QCOMPARE(views().playerPanel->slider()->value(), player->stepCount());
    for (std::size_t i = forward.size() - 1; i > 0; --i) {
        QCOMPARE(player->frame(), forward[i]);
        QCOMPARE(views().playerPanel->captionText(), captions[i]);
        back->trigger();
    }
    QVERIFY(player->atStart());
    QCOMPARE(player->frame(), forward.front());
    QCOMPARE(views().playerPanel->captionText(), captionAtStart);
    QVERIFY(views().playerPanel->endCardText().isEmpty());
}

void TestMainWindow::tracedMissingKeyEndsInAMiss() {
    openAndScan(sample("etcd.db"));
    trace({QByteArrayLiteral("key")}, QByteArrayLiteral("not there"));
    QTRY_VERIFY(views().player->trace() != nullptr);
    QVERIFY(!views().player->trace()->found);
    views().player->last();
    const auto& events = views().player->trace()->events;
    QVERIFY(std::holds_alternative<LeafMissEvent>(events.back()));
}

void TestMainWindow::litPathIsOnMapAndTree() {
    openAndScan(sample("library.db"));
    const PageId leaf = firstPageOf(PageKind::Leaf);
    clickPage(leaf);
    const auto& census = session().census();
    std::vector<QByteArray> path;
    for (const std::string& name : census->bucketPath(census->row(leaf).bucket)) {
        path.push_back(QByteArray::fromStdString(name));
    }
    const PageDescription& description = views().inspector->page()->description;
    const int field = description.find(FieldKind::Key, 0);
    const ByteRange range = description.fields[std::size_t(field)].range;
    const Bytes keyBytes =
        Bytes(views().inspector->page()->bytes).subspan(range.begin, range.size());
    trace(path, QByteArray::fromStdString(toString(keyBytes)));
    QTRY_VERIFY(views().player->trace() != nullptr);
    views().player->last();
    const PlayerFrame& frame = views().player->frame();
    QCOMPARE(frame.litPages.back(), leaf);
    // The tree shows the same pages as lit once its new shape is there.
    QTRY_VERIFY([&] {
        std::size_t lit = 0;
        for (const TreeShape::Node& node : views().tree->shape().nodes) {
            lit += node.isOnPath ? 1U : 0U;
        }
        return lit >= 1 && views().tree->treeLayout().indexOf(leaf) >= 0;
    }());
    QCOMPARE(views().hub->selection().page, leaf);
}

void TestMainWindow::foreignFileIsRefusedWithEvidence() {
    const QString path = m_dir.filePath(QStringLiteral("notes.txt"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray("These are notes, not a database.\n").repeated(200));
    file.close();
    QVERIFY(!m_window->openFile(path));
    QVERIFY(m_window->startPage()->isVisible());
    const QString error = m_window->startPage()->errorText();
    QVERIFY2(error.contains(QStringLiteral("notes.txt")), qPrintable(error));
    QVERIFY2(error.contains(QStringLiteral("These are notes")) ||
                 error.contains(QStringLiteral("text")),
             qPrintable(error));
    QVERIFY(!m_window->openFile(m_dir.path()));
    QVERIFY(m_window->startPage()->errorText().contains(QStringLiteral("directory")));
    QVERIFY(!m_window->openFile(m_dir.filePath(QStringLiteral("missing.db"))));
    QVERIFY(!QFileInfo::exists(m_dir.filePath(QStringLiteral("missing.db"))));
}

void TestMainWindow::damagedFileOpensWithItsProblems() {
    QDirIterator damaged(QStringLiteral(PAGESCAPE_SAMPLE_DIR "/damaged"), {QStringLiteral("*.db")});
    QVERIFY(damaged.hasNext());
    openAndScan(damaged.next());
    QTRY_VERIFY(session().isChecked());
    QVERIFY(!session().findings().empty());
    QTRY_COMPARE(views().problems->model().rowCount(), int(session().findings().size()));
    views().problems->table()->setCurrentIndex(views().problems->model().index(0, 0));
    const Finding& first = session().findings().front();
    if (first.page) {
        QTRY_COMPARE(views().hub->selection().page, first.page);
    }
}

void TestMainWindow::legendChipListsItsPages() {
    openAndScan(sample("library.db"));
    const auto& chips = views().map->legend()->chips();
    const auto branches = std::find_if(chips.begin(), chips.end(), [](const LegendChip* chip) {
        return chip->entry().name == QStringLiteral("branch");
    });
    QVERIFY(branches != chips.end());
    QTest::mouseDClick(*branches, Qt::LeftButton);
    QTRY_VERIFY(views().table->isVisible());
    QTRY_COMPARE(quint64(views().pages->rowCount()), (*branches)->entry().pages);
    for (int row = 0; row < views().pages->rowCount(); ++row) {
        QCOMPARE(session().census()->row(views().pages->pageAt(row)).kind, PageKind::Branch);
    }
    QVERIFY(m_window->findChild<QAction*>(QStringLiteral("table"))->isChecked());
    const auto buttons = views().table->findChildren<QPushButton*>();
    const auto all = std::find_if(buttons.begin(), buttons.end(), [](const QPushButton* button) {
        return button->text() == QStringLiteral("Show all pages");
    });
    QVERIFY(all != buttons.end() && (*all)->isVisible());
    (*all)->click();
    QTRY_COMPARE(quint64(views().pages->rowCount()), session().census()->pageCount());
    QVERIFY(!(*all)->isVisible());
}

void TestMainWindow::droppedFileOpens() {
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(sample("library.db"))});
    QDragEnterEvent enter(QPoint(10, 10), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(m_window.get(), &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent drop(QPointF(10, 10), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(m_window.get(), &drop);
    QTRY_VERIFY(m_window->binding() != nullptr);
    QCOMPARE(session().path(), sample("library.db"));
}

void TestMainWindow::headlineLinksLightTheirPages() {
    openAndScan(sample("library.db"));
    Q_EMIT views().headline->linkActivated(QStringLiteral("pages:free"));
    QVERIFY(views().map->legend()->isIsolating());
    Q_EMIT views().headline->linkActivated(QStringLiteral("pages:all"));
    QVERIFY(!views().map->legend()->isIsolating());
    Q_EMIT views().headline->linkActivated(QStringLiteral("page:1"));
    QCOMPARE(views().hub->selection().page, PageId{1});
}

void TestMainWindow::everyShortcutIsUnique() {
    QMap<QString, QString> seen;
    for (const QAction* action : m_window->actions().all()) {
        for (const QKeySequence& keys : action->shortcuts()) {
            const QString text = keys.toString();
            QVERIFY2(!seen.contains(text),
                     qPrintable(text + QLatin1Char(' ') + action->objectName()));
            seen.insert(text, action->objectName());
        }
    }
    QVERIFY(seen.size() > 10);
}

void TestMainWindow::everyActionIsInAMenu() {
    QSet<const QAction*> inMenus;
    for (const QMenu* menu : m_window->findChildren<QMenu*>()) {
        for (const QAction* action : menu->actions()) {
            inMenus.insert(action);
        }
    }
    for (const QAction* action : m_window->actions().all()) {
        QVERIFY2(inMenus.contains(action), qPrintable(action->objectName()));
    }
}

void TestMainWindow::themeReachesTheCanvases() {
    openAndScan(sample("library.db"));
    const auto background = [this] {
        const QImage image = views().inspector->canvas()->viewport()->grab().toImage();
        return image.pixelColor(image.width() - 1, image.height() - 1).lightness();
    };
    m_settings->setThemeMode(ThemeMode::Light);
    QVERIFY(background() > 200);
    m_settings->setThemeMode(ThemeMode::Dark);
    QVERIFY(background() < 80);
    m_settings->setThemeMode(ThemeMode::Follow);
}

void TestMainWindow::layoutCanBeReset() {
    openAndScan(sample("library.db"));
    auto* inspector = m_window->findChild<QDockWidget*>(QStringLiteral("inspector"));
    QVERIFY(inspector && inspector->isVisible());
    inspector->hide();
    QVERIFY(!inspector->isVisible());
    m_window->actions().get(QStringLiteral("reset-layout"))->trigger();
    QVERIFY(inspector->isVisible());
}

void TestMainWindow::closingWhileScanningIsSafe() {
    for (int round = 0; round < 10; ++round) {
        QVERIFY(m_window->openFile(sample("containerd.db")));
        m_window->actions().get(QStringLiteral("close"))->trigger();
        QVERIFY(m_window->binding() == nullptr);
    }
    openAndScan(sample("library.db"));
    QVERIFY(session().census()->stage() == CensusStage::Done);
}

QTEST_MAIN(TestMainWindow)
#include "tst_main_window.moc"
