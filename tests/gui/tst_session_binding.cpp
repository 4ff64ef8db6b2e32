// SPDX-License-Identifier: MIT
// What the user asks of an opened file: go to a key, open a page, choose a format, read it again.
#include "session/file_session.h"
#include "views/bucket_panel.h"
#include "views/byte_canvas_view.h"
#include "views/format_box.h"
#include "views/go_to_box.h"
#include "views/inspector_panel.h"
#include "views/key_entry.h"
#include "views/legend_bar.h"
#include "views/link_label.h"
#include "views/map_panel.h"
#include "views/player_panel.h"
#include "views/tree_view.h"
#include "window/main_window.h"
#include "window/notice_bar.h"
#include "window/session_binding.h"
#include "window/workspace.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSlider>
#include <QTemporaryDir>
#include <QTreeView>
#include <QtTest>

using namespace pagescape;
using namespace pagescape::gui;

namespace {

QString sample(const char* name) {
    return QStringLiteral(PAGESCAPE_SAMPLE_DIR "/") + QLatin1String(name);
}

} // namespace

class TestSessionBinding : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    std::unique_ptr<ViewSettings> m_settings;
    std::unique_ptr<MainWindow> m_window;

    [[nodiscard]] Workspace& views() const { return *m_window->workspace(); }
    [[nodiscard]] const Census& census() const { return *m_window->binding()->session().census(); }
    void openAndScan(const char* name);
    void waitForScan();
    void goTo(const QString& text);
    [[nodiscard]] PageId firstPageOf(const char* bucket, PageKind kind) const;
    [[nodiscard]] QAction* action(const char* name) const {
        return m_window->actions().get(QLatin1String(name));
    }

private Q_SLOTS:
    void init();
    void cleanup();

    void keysAreSearchedInTheBucketOfTheSelection();
    void keysOfOtherBucketsAreReachedByTheirPath();
    void answersGoWhenTheUserGoesOn();
    void doubleClickActsOnThePageUnderThePointer();
    void reloadKeepsThePlace();
    void unusedPagesHaveNoProblems();
    void freePagesOfTheHeadlineAreAllLit();
    void keyFormatReachesListTreeAndBytes();
    void getNeedsABucket();
    void endCardMovesNoControl();
    void noticeMovesNoView();
    void commandsAboutAFileNeedOne();
};

void TestSessionBinding::init() {
    m_settings = std::make_unique<ViewSettings>(m_dir.filePath(QStringLiteral("settings.ini")));
    m_window = std::make_unique<MainWindow>(m_settings.get());
    m_window->resize(1280, 800);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
}

void TestSessionBinding::cleanup() {
    m_window.reset();
    m_settings.reset();
    QFile::remove(m_dir.filePath(QStringLiteral("settings.ini")));
}

void TestSessionBinding::waitForScan() {
    QTRY_VERIFY(!m_window->binding()->session().isScanning());
    QTRY_VERIFY(m_window->binding()->session().tasks().empty());
    QTRY_VERIFY(views().map->map()->isUpToDate());
    QTRY_VERIFY(views().inspector->page() != nullptr);
}

void TestSessionBinding::openAndScan(const char* name) {
    QVERIFY(m_window->openFile(sample(name)));
    waitForScan();
}

void TestSessionBinding::goTo(const QString& text) {
    views().goTo->edit()->setText(text);
    QTest::keyClick(views().goTo->edit(), Qt::Key_Return);
}

PageId TestSessionBinding::firstPageOf(const char* bucket, PageKind kind) const {
    for (std::uint64_t page = 0; page < census().pageCount(); ++page) {
        const PageRow row = census().row(PageId{page});
        if (row.kind == kind && row.life == PageLife::Live && row.bucket < census().bucketCount() &&
            census().bucket(row.bucket).name == bucket) {
            return PageId{page};
        }
    }
    return PageId{0};
}

void TestSessionBinding::keysAreSearchedInTheBucketOfTheSelection() {
    openAndScan("library.db");
    views().hub->selectPage(firstPageOf("books", PageKind::Leaf));
    goTo(QStringLiteral("dracula"));
    QTRY_VERIFY(views().hub->selection().element >= 0);
    const PageRow row = census().row(*views().hub->selection().page);
    QCOMPARE(census().bucket(row.bucket).name, std::string("books"));
    QCOMPARE(views().goTo->edit()->text(), QString());
    goTo(QStringLiteral("no such book"));
    QTRY_VERIFY(views().notice->text().contains(QStringLiteral("bucket books")));
    QCOMPARE(views().goTo->edit()->text(), QStringLiteral("no such book")); // to be corrected
}

void TestSessionBinding::keysOfOtherBucketsAreReachedByTheirPath() {
    openAndScan("library.db");
    views().hub->selectPage(firstPageOf("authors", PageKind::Leaf));
    goTo(QStringLiteral("books/dracula"));
    QTRY_VERIFY(views().hub->selection().element >= 0);
    const PageRow row = census().row(*views().hub->selection().page);
    QCOMPARE(census().bucket(row.bucket).name, std::string("books"));
    goTo(QStringLiteral("books/nobody wrote it"));
    QTRY_VERIFY(views().notice->text().contains(QStringLiteral("“nobody wrote it”")));
    goTo(QStringLiteral("nobucket/key")); // neither: the key as typed is what is missing
    QTRY_VERIFY(views().notice->text().contains(QStringLiteral("“nobucket/key”")));
}

void TestSessionBinding::answersGoWhenTheUserGoesOn() {
    openAndScan("library.db");
    goTo(QStringLiteral("99999"));
    QVERIFY(!views().notice->text().isEmpty());
    views().hub->selectPage(PageId{3});
    QCOMPARE(views().notice->text(), QString());
    // What concerns the file stays, and comes back from behind an answer.
    views().notice->post(QStringLiteral("moved on"));
    goTo(QStringLiteral("99999"));
    QVERIFY(views().notice->text() != QStringLiteral("moved on"));
    views().hub->selectPage(PageId{4});
    QCOMPARE(views().notice->text(), QStringLiteral("moved on"));
}

void TestSessionBinding::doubleClickActsOnThePageUnderThePointer() {
    openAndScan("library.db");
    PageMapView* map = views().map->map();
    const PageId branch = firstPageOf("books", PageKind::Branch);
    const PageId leaf = firstPageOf("books", PageKind::Leaf);
    const auto doubleClick = [map](PageId page) {
        const QPoint point = map->pageRect(page).center();
        QTest::mouseClick(map->viewport(), Qt::LeftButton, {}, point);
        QTest::mouseDClick(map->viewport(), Qt::LeftButton, {}, point);
    };
    doubleClick(leaf); // nothing to follow: it is shown
    QTRY_COMPARE(views().inspector->page()->description.id, leaf);
    QCOMPARE(views().hub->selection().page, leaf);
    QCOMPARE(views().notice->text(), QString());
    doubleClick(branch);
    QTRY_COMPARE(census().row(*views().hub->selection().page).parent, branch.value);
    QCOMPARE(views().notice->text(), QString());
}

void TestSessionBinding::reloadKeepsThePlace() {
    openAndScan("library.db");
    PageMapView* map = views().map->map();
    map->zoomIn();
    const int zoom = map->zoom();
    const PageId leaf = firstPageOf("books", PageKind::Leaf);
    views().buckets->goTo({QByteArrayLiteral("books")});
    QTRY_COMPARE(views().buckets->currentBucket().size(), std::size_t{1});
    views().hub->selectPage(leaf);
    action("reload")->trigger();
    waitForScan();
    QCOMPARE(views().hub->selection().page, leaf);
    QTRY_COMPARE(views().inspector->page()->description.id, leaf);
    QCOMPARE(map->zoom(), zoom);
    QTRY_COMPARE(views().buckets->currentBucket(),
                 std::vector<QByteArray>{QByteArrayLiteral("books")});
    goTo(QStringLiteral("dracula")); // still in books
    QTRY_VERIFY(views().hub->selection().element >= 0);
}

void TestSessionBinding::unusedPagesHaveNoProblems() {
    openAndScan("library.db");
    PageId unused;
    for (std::uint64_t page = 0; page < census().pageCount(); ++page) {
        unused = census().row(PageId{page}).life == PageLife::Tail ? PageId{page} : unused;
    }
    QVERIFY(unused.value > 0);
    views().hub->selectPage(unused);
    QTRY_COMPARE(views().inspector->page()->description.id, unused);
    const PageDescription& description = views().inspector->page()->description;
    QVERIFY(description.problems.empty());
    QVERIFY(std::ranges::all_of(description.fields,
                                [](const Field& field) { return field.problem.empty(); }));
    QVERIFY(views().inspector->fieldTree()->isColumnHidden(PageFieldModel::ProblemColumn));
}

void TestSessionBinding::freePagesOfTheHeadlineAreAllLit() {
    openAndScan("library.db");
    Q_EMIT views().headline->linkActivated(QStringLiteral("pages:free"));
    const auto lives = census().lifeCounts();
    quint64 lit = 0;
    for (const LegendChip* chip : views().map->legend()->chips()) {
        lit += chip->isChecked() ? chip->entry().pages : 0;
    }
    QCOMPARE(lit, lives[std::size_t(PageLife::Free)] + lives[std::size_t(PageLife::Previous)]);
    QVERIFY(lives[std::size_t(PageLife::Previous)] > 0);
}

void TestSessionBinding::keyFormatReachesListTreeAndBytes() {
    openAndScan("etcd.db");
    const std::vector<QByteArray> key{QByteArrayLiteral("key")};
    views().buckets->goTo(key);
    QTRY_COMPARE(views().buckets->currentBucket(), key);
    const QModelIndex bucket = views().buckets->tree()->currentIndex();
    BucketTreeModel& model = views().buckets->model();
    QTRY_VERIFY(model.rowCount(bucket) > 10);
    const QModelIndex first = model.index(0, 0, bucket);
    const QModelIndex second = model.index(1, 0, bucket);
    // As bytes: the common start is told, so that a painter can leave it out.
    const int shared = first.data(SharedCharsRole).toInt();
    QVERIFY(shared >= 8);
    QVERIFY(first.data().toString().mid(shared) != second.data().toString().mid(shared));
    const PageId leaf = firstPageOf("key", PageKind::Leaf);
    views().hub->selectPage(leaf);
    const auto drawnKey = [this, leaf] {
        const int node = views().tree->treeLayout().indexOf(leaf);
        return node < 0 ? QString() : views().tree->shape().nodes[std::size_t(node)].firstKey;
    };
    QTRY_VERIFY(drawnKey().startsWith(QStringLiteral("0000")));

    QComboBox* box = views().buckets->formatBox();
    box->setCurrentIndex(box->findData(int(ValueFormat::EtcdRevision)));
    Q_EMIT box->activated(box->currentIndex());
    QVERIFY(first.data().toString().contains(QLatin1Char('_')));
    QTRY_VERIFY(drawnKey().contains(QLatin1Char('_')));
    QCOMPARE(chosenFormat(*box), ValueFormat::EtcdRevision);
    const auto remembered = m_settings->formats(sample("etcd.db"), ViewSettings::FormatUse::Keys);
    QCOMPARE(remembered(key), ValueFormat::EtcdRevision);
    QCOMPARE(remembered({}), ValueFormat::Auto);
}

void TestSessionBinding::getNeedsABucket() {
    openAndScan("library.db");
    action("trace")->trigger(); // nothing chosen: the bucket comes first
    KeyEntry* entry = views().playerPanel->keyEntry();
    auto* bucket = entry->findChild<QComboBox*>();
    QVERIFY(bucket != nullptr);
    QSignalSpy traced(&m_window->binding()->session(), &FileSession::getTraced);
    QTest::mouseClick(entry->findChild<QPushButton*>(), Qt::LeftButton);
    QVERIFY(std::ranges::any_of(entry->findChildren<QLabel*>(), [](const QLabel* label) {
        return label->isVisible() && label->text().contains(QStringLiteral("bucket"));
    }));
    QVERIFY(traced.isEmpty());
}

void TestSessionBinding::endCardMovesNoControl() {
    openAndScan("library.db");
    QSignalSpy traced(&m_window->binding()->session(), &FileSession::getTraced);
    Q_EMIT views().buckets->traceRequested({QByteArrayLiteral("books")},
                                           QByteArrayLiteral("dracula"));
    QTRY_COMPARE(traced.count(), 1);
    views().player->forward();
    QCoreApplication::sendPostedEvents();
    const auto place = [this] {
        const QSlider* slider = views().playerPanel->slider();
        return slider->mapTo(m_window.get(), QPoint());
    };
    const QPoint before = place();
    views().player->last();
    QVERIFY(!views().playerPanel->endCardText().isEmpty());
    QCoreApplication::sendPostedEvents();
    QCOMPARE(place(), before);
}

void TestSessionBinding::noticeMovesNoView() {
    openAndScan("library.db");
    QCoreApplication::sendPostedEvents();
    const QRect before = views().map->geometry();
    const QPoint at = views().map->mapTo(m_window.get(), QPoint());
    views().notice->answer(QStringLiteral("a short answer"));
    QCoreApplication::sendPostedEvents();
    QVERIFY(views().notice->isVisible());
    QCOMPARE(views().map->geometry(), before);
    QCOMPARE(views().map->mapTo(m_window.get(), QPoint()), at);
}

void TestSessionBinding::commandsAboutAFileNeedOne() {
    for (const char* name : {"up", "reload", "export", "zoom-in", "zoom-fit", "go-to", "trace"}) {
        QVERIFY2(!action(name)->isEnabled(), name);
    }
    QVERIFY(action("open")->isEnabled());
    openAndScan("library.db");
    for (const char* name : {"up", "reload", "export", "zoom-in", "zoom-fit", "go-to", "trace"}) {
        QVERIFY2(action(name)->isEnabled(), name);
    }
    QVERIFY(!action("back")->isEnabled());
    views().goTo->edit()->setText(QStringLiteral("79"));
    action("close")->trigger();
    QVERIFY(!action("up")->isEnabled());
    QCOMPARE(views().goTo->edit()->text(), QString());
}

QTEST_MAIN(TestSessionBinding)
#include "tst_session_binding.moc"
