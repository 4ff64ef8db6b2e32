// SPDX-License-Identifier: MIT
// The flows of a sandbox through the real window: a Put and a Commit, step by step, undo, branches,
// generators. What the pictures say is compared with the file, read by ours and by the real bbolt.
#include "pagescape/walk.h"
#include "sample_files.h"
#include "sandbox/sandbox.h"
#include "session/file_session.h"
#include "support/bolt_peer.h"
#include "units/english_plurals.h"
#include "views/crash_panel.h"
#include "views/growth_view.h"
#include "views/map_panel.h"
#include "views/sandbox_panel.h"
#include "views/scratch_bar.h"
#include "views/stage_view.h"
#include "views/transport_bar.h"
#include "window/main_window.h"
#include "window/sandbox_binding.h"
#include "window/session_binding.h"
#include "window/workspace.h"

#include <QComboBox>
#include <QImageReader>
#include <QLineEdit>
#include <QProcess>
#include <QSlider>
#include <QTemporaryDir>
#include <QToolButton>
#include <QtTest>

using namespace pagescape;
using namespace pagescape::gui;
using namespace pagescape::gui::test;
using pagescape::test::BoltPeer;

namespace {

QString digestOf(const QString& path) {
    const auto file = PageFile::open(toPath(path));
    const auto digest = file ? contentDigest(*file) : fail(file.error());
    return digest ? QString::fromStdString(digest->sha256) : QStringLiteral("cannot be read");
}

SandboxCommand endless() {
    SandboxCommand command;
    command.kind = SandboxCommand::Kind::Generate;
    command.path = {"g"};
    command.generator.count = 100'000'000;
    return command;
}

} // namespace

class TestSandboxWindow : public QObject {
    Q_OBJECT

private:
    EnglishPlurals m_plurals;
    QTemporaryDir m_dir;
    std::unique_ptr<ViewSettings> m_settings;
    std::unique_ptr<MainWindow> m_window;

    [[nodiscard]] Workspace& views() const { return *m_window->workspace(); }
    [[nodiscard]] Sandbox& box() const { return m_window->sandbox()->sandbox(); }
    [[nodiscard]] StagePlayer& player() const { return *views().stagePlayer; }
    [[nodiscard]] QToolButton* button(const char* name) const {
        return views().sandboxPanel->findChild<QToolButton*>(QLatin1String(name));
    }
    void click(const char* name);
    void type(const char* field, const QString& text);
    void put(const QString& key, const QString& value);
    void settle();
    void openNew();
    [[nodiscard]] QString pictureAgainstFile() const;

private Q_SLOTS:
    void initTestCase() { QCoreApplication::installTranslator(&m_plurals); }
    void init();
    void cleanup();
    void newDatabaseIsFramedAndRemoved();
    void putWritesNothingAndCommitDoes();
    void stepsBackAndForthThroughACommit();
    void undoAndRedoCrossCommits();
    void commandsInThePastBranch();
    void copyLeavesTheOriginal();
    void generatorStopsAndGrows();
    void readerHoldsPages();
    void killedProgramLeavesTheOriginal();
    void animationShowsTheCommandOnShow();
    void fitsSmallScreens();
    void bboltAgreesWithThePicture();
};

void TestSandboxWindow::init() {
    m_settings = std::make_unique<ViewSettings>(m_dir.filePath(QStringLiteral("settings.ini")));
    m_window = std::make_unique<MainWindow>(m_settings.get());
    m_window->setAsksBeforeLosing(false);
    m_window->show();
}

void TestSandboxWindow::cleanup() {
    m_window.reset();
}

void TestSandboxWindow::settle() {
    QTRY_VERIFY_WITH_TIMEOUT(m_window->sandbox() && box().isOpen() && !box().isBusy(), 20000);
    QTRY_VERIFY_WITH_TIMEOUT(m_window->binding(), 30000);
    // The file of the last command is on show, and scanned.
    QTRY_VERIFY_WITH_TIMEOUT(m_window->binding()->session().census()->stage() ==
                                     CensusStage::Done &&
                                 pictureAgainstFile().isEmpty(),
                             20000);
}

void TestSandboxWindow::openNew() {
    QVERIFY(m_window->newDatabase(1024));
    settle();
    type("bucket", QStringLiteral("b"));
}

void TestSandboxWindow::click(const char* name) {
    QTRY_VERIFY_WITH_TIMEOUT(button(name)->isEnabled(), 30000);
    QTest::mouseClick(button(name), Qt::LeftButton);
    settle();
}

void TestSandboxWindow::type(const char* field, const QString& text) {
    auto* edit = views().sandboxPanel->findChild<QLineEdit*>(QLatin1String(field));
    if (auto* box = views().sandboxPanel->findChild<QComboBox*>(QLatin1String(field))) {
        edit = box->lineEdit();
    }
    edit->selectAll();
    QTest::keyClicks(edit, text);
}

void TestSandboxWindow::put(const QString& key, const QString& value) {
    type("key", key);
    type("value", value);
    click("put");
}

// What the map and the title show, against a census of the file as it is now; empty when equal.
QString TestSandboxWindow::pictureAgainstFile() const {
    const Census& shown = *m_window->binding()->session().census();
    auto file = PageFile::open(toPath(box().path()));
    if (!file) {
        return QStringLiteral("the file cannot be read");
    }
    Census census(std::make_shared<const PageFile>(std::move(*file)));
    if (!census.run() || shown.pageCount() != census.pageCount()) {
        return QStringLiteral("%1 pages are shown, the file has %2")
            .arg(shown.pageCount())
            .arg(census.pageCount());
    }
    for (std::uint64_t id = 0; id < census.pageCount(); ++id) {
        if (shown.state(PageId{id}) != census.state(PageId{id})) {
            return QStringLiteral("page %1").arg(id);
        }
    }
    return {};
}

void TestSandboxWindow::newDatabaseIsFramedAndRemoved() {
    openNew();
    const QString path = box().path();
    QVERIFY(m_window->windowTitle().contains(QStringLiteral("SANDBOX")));
    QVERIFY(views().frameText().contains(QStringLiteral("SANDBOX")));
    QCOMPARE(m_window->binding()->session().file().layout().pageSize, 1024U);
    m_window->closeFile();
    QVERIFY(!QFileInfo::exists(path));
    QVERIFY(views().frameText().isEmpty());
    QVERIFY(!m_window->windowTitle().contains(QStringLiteral("SANDBOX")));
}

void TestSandboxWindow::putWritesNothingAndCommitDoes() {
    openNew();
    const Fingerprint before = fingerprint(box().path());
    put(QStringLiteral("one"), QStringLiteral("first"));
    QCOMPARE(fingerprint(box().path()), before);
    QCOMPARE(player().now().tx, StageTx::Open);
    QCOMPARE(player().now().costs.puts, 1U);
    QVERIFY(views().sandboxPanel->summaryText().contains(QStringLiteral("File writes: 0")));
    QVERIFY(views().sandboxPanel->captionText().size() > 20);
    click("commit");
    QVERIFY(!(fingerprint(box().path()) == before));
    QCOMPARE(player().now().tx, StageTx::Committed);
    const MetaFields* meta = m_window->binding()->session().file().layout().metas.activeFields();
    QVERIFY(meta != nullptr);
    const StageMeta& flipped = player().now().metas[std::size_t(player().now().activeMeta)];
    QCOMPARE(flipped.txid, meta->txid);
    QCOMPARE(flipped.root, meta->root);
    QCOMPARE(flipped.freelist, meta->freelist);
    QCOMPARE(flipped.checksum, meta->checksum);
    QCOMPARE(player().now().highWater, meta->highWater);
    QCOMPARE(player().now().fileSize, std::uint64_t(QFileInfo(box().path()).size()));
    // The value comes back, looked up by the engine.
    type("key", QStringLiteral("one"));
    click("get");
    QVERIFY(views().sandboxPanel->captionText().contains(QStringLiteral("first")));
}

void TestSandboxWindow::stepsBackAndForthThroughACommit() {
    openNew();
    for (int i = 0; i < 40; ++i) {
        put(QStringLiteral("key%1").arg(i), QString(30, QLatin1Char('v')));
    }
    click("commit");
    const StageState end = player().now();
    QTest::mouseClick(button("stepThrough"), Qt::LeftButton);
    QCOMPARE(player().now().tx, StageTx::Open);
    QVERIFY(player().stepCount() - player().stepNumber() > 10);
    int splits = 0;
    while (!player().atEnd()) {
        player().forward();
        if (const auto* write = std::get_if<WriteTraceEvent>(player().event())) {
            splits += std::holds_alternative<SplitEvent>(*write) ? 1 : 0;
        }
        QVERIFY(!views().sandboxPanel->captionText().isEmpty());
    }
    QVERIFY(splits > 1);
    QVERIFY(player().now() == end);
    QSlider* slider = views().sandboxPanel->transport()->slider();
    slider->setValue(5);
    QCOMPARE(player().stepNumber(), 5);
    slider->setValue(slider->maximum());
    QVERIFY(player().now() == end);
    // Playing pauses where it was asked to.
    StageKinds kinds;
    kinds.set(kindOf(WriteTraceEvent(MetaMadeEvent())));
    player().setBreakKinds(kinds);
    player().first();
    player().play();
    for (int i = 0; i < 2000 && player().isPlaying(); ++i) {
        player().forward();
    }
    QVERIFY(!player().isPlaying());
    QVERIFY(std::holds_alternative<MetaMadeEvent>(std::get<WriteTraceEvent>(*player().event())));
}

void TestSandboxWindow::undoAndRedoCrossCommits() {
    openNew();
    const QString empty = digestOf(box().path());
    put(QStringLiteral("one"), QStringLiteral("1"));
    click("commit");
    const QString one = digestOf(box().path());
    QVERIFY(one != empty);
    click("undo");
    click("undo");
    QCOMPARE(digestOf(box().path()), empty);
    QCOMPARE(player().now().costs.puts, 0U);
    m_window->actions().get(QStringLiteral("redo"))->trigger();
    settle();
    m_window->actions().get(QStringLiteral("redo"))->trigger();
    settle();
    QCOMPARE(digestOf(box().path()), one);
    QVERIFY(!button("redo")->isEnabled());
}

void TestSandboxWindow::commandsInThePastBranch() {
    openNew();
    put(QStringLiteral("one"), QStringLiteral("1"));
    click("commit");
    put(QStringLiteral("two"), QStringLiteral("2"));
    click("commit");
    const QString both = digestOf(box().path());
    const int end = box().history().current();
    player().seek(box().history().node(2).eventsEnd - 1); // just after the first commit
    put(QStringLiteral("three"), QStringLiteral("3"));
    click("commit");
    QCOMPARE(box().history().branchEnds().size(), 2U);
    QVERIFY(digestOf(box().path()) != both);
    box().goTo(end);
    settle();
    QCOMPARE(digestOf(box().path()), both);
}

void TestSandboxWindow::copyLeavesTheOriginal() {
    const QString original = m_dir.filePath(QStringLiteral("library.db"));
    QFile::remove(original);
    QVERIFY(QFile::copy(samplePath("library.db"), original));
    const Fingerprint before = fingerprint(original);
    QVERIFY(m_window->openFile(original));
    QVERIFY(m_window->editCopy());
    settle();
    QVERIFY(m_window->windowTitle().contains(QStringLiteral("SANDBOX COPY")));
    type("bucket", QStringLiteral("books"));
    put(QStringLiteral("dracula"), QStringLiteral("again"));
    click("commit");
    QVERIFY(digestOf(box().path()) != digestOf(original));
    const QString kept = m_dir.filePath(QStringLiteral("kept.db"));
    QVERIFY(m_window->keepSandboxAs(kept));
    QCOMPARE(digestOf(kept), digestOf(box().path()));
    m_window->closeFile();
    QCOMPARE(fingerprint(original), before);
    QVERIFY(QFileInfo::exists(kept));
}

void TestSandboxWindow::generatorStopsAndGrows() {
    openNew();
    const std::uint64_t before = player().now().fileSize;
    m_window->sandbox()->run(endless());
    QTRY_VERIFY_WITH_TIMEOUT(player().now().fileSize > before && player().now().remaps > 0, 30000);
    QElapsedTimer clock;
    clock.start();
    QTest::mouseClick(button("stop"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(!box().isBusy(), 30000);
    qInfo("stopped after %lld ms", static_cast<long long>(clock.elapsed()));
    settle();
    QVERIFY(player().now().remaps > 0);
    QCOMPARE(player().now().fileSize, std::uint64_t(QFileInfo(box().path()).size()));
    QVERIFY(!box().hasTransaction());
}

void TestSandboxWindow::readerHoldsPages() {
    openNew();
    put(QStringLiteral("one"), QStringLiteral("1"));
    click("commit");
    m_window->actions().get(QStringLiteral("open-reader"))->trigger();
    settle();
    QCOMPARE(player().now().readers.size(), 1U);
    const TxId seen = player().now().readers.front().txid;
    for (int i = 0; i < 5; ++i) {
        put(QStringLiteral("one"), QString::number(i));
        click("commit");
    }
    const std::uint64_t held = player().now().heldBy(seen);
    QVERIFY(held > 0);
    QVERIFY(views().sandboxPanel->summaryText().contains(QStringLiteral("Reader 1")));
    SandboxCommand close;
    close.kind = SandboxCommand::Kind::CloseReader;
    close.number = 1;
    m_window->sandbox()->run(close);
    settle();
    const std::uint64_t waiting = player().now().pendingPages;
    put(QStringLiteral("two"), QStringLiteral("2")); // its Begin releases them
    QVERIFY(player().now().pendingPages < waiting);
}

// One picture for the single step of a Put, many for its Commit; other tabs, other pictures.
void TestSandboxWindow::animationShowsTheCommandOnShow() {
    openNew();
    const QString path = m_dir.filePath(QStringLiteral("command.gif"));
    QCOMPARE(m_window->saveAnimation(path).status, RenderStatus::Usage); // nothing was run
    put(QStringLiteral("a"), QStringLiteral("1"));
    click("commit");
    settle();
    const auto pictures = [&](const QString& file) {
        QImageReader reader(file);
        std::vector<QImage> images;
        for (QImage image = reader.read(); !image.isNull(); image = reader.read()) {
            images.push_back(image);
        }
        return images;
    };
    QCOMPARE(m_window->saveAnimation(path).text, QString());
    const std::vector<QImage> commit = pictures(path);
    player().seek(0);
    QCOMPARE(m_window->saveAnimation(path).text, QString());
    const std::vector<QImage> first = pictures(path);
    QVERIFY(!first.empty());
    QVERIFY2(commit.size() > first.size(), qPrintable(QString::number(commit.size())));
    player().last();
    views().showTab(views().growth);
    QCOMPARE(m_window->saveAnimation(path).text, QString());
    QVERIFY(pictures(path).back() != commit.back());
}

void TestSandboxWindow::fitsSmallScreens() {
    const QSize screen(1024, 768);
    m_window->resize(screen);
    openNew();
    for (int i = 0; i < 3; ++i) {
        m_window->actions().get(QStringLiteral("open-reader"))->trigger();
        settle();
    }
    put(QStringLiteral("one"), QStringLiteral("1"));
    click("commit");
    for (QWidget* tab :
         {static_cast<QWidget*>(views().stage), static_cast<QWidget*>(views().growth),
          static_cast<QWidget*>(views().crash), static_cast<QWidget*>(views().map)}) {
        views().showTab(tab);
        QTRY_VERIFY_WITH_TIMEOUT(tab->isVisible(), 30000);
        QCOMPARE(m_window->size(), screen);
        QVERIFY(m_window->minimumSizeHint().height() <= screen.height());
        QVERIFY2(m_window->minimumSizeHint().width() <= screen.width(),
                 qPrintable(QString::number(m_window->minimumSizeHint().width())));
    }
    m_window->actions().get(QStringLiteral("previous-version"))->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(m_window->size(), screen, 30000);
}

void TestSandboxWindow::killedProgramLeavesTheOriginal() {
    const QString original = m_dir.filePath(QStringLiteral("killed.db"));
    QVERIFY(QFile::copy(samplePath("library.db"), original));
    const Fingerprint before = fingerprint(original);
    QProcess other;
    other.start(QCoreApplication::applicationFilePath(), {QStringLiteral("--drive"), original});
    QVERIFY(other.waitForReadyRead(20000)); // it says so once the engine writes
    other.kill();
    QVERIFY(other.waitForFinished());
    QCOMPARE(other.exitStatus(), QProcess::CrashExit);
    QCOMPARE(fingerprint(original), before);
}

void TestSandboxWindow::bboltAgreesWithThePicture() {
    if (!BoltPeer::isThere()) {
        QSKIP("Go or its bbolt library is missing");
    }
    openNew();
    for (int i = 0; i < 30; ++i) {
        put(QStringLiteral("key%1").arg(i), QString(20 + i * 9, QLatin1Char('v')));
    }
    click("commit");
    const QString copy = m_dir.filePath(QStringLiteral("for-bbolt.db"));
    QVERIFY(m_window->keepSandboxAs(copy));
    BoltPeer peer;
    QVERIFY2(peer.run("check " + copy.toUtf8()), peer.answer());
    QVERIFY2(peer.run("digest " + copy.toUtf8()), peer.answer());
    QCOMPARE(QString::fromUtf8(peer.answer()), digestOf(copy));
}

// Edits a copy without end, until it is killed.
static int driveUntilKilled(const QString& path) {
    QTemporaryDir dir;
    ViewSettings settings(dir.filePath(QStringLiteral("settings.ini")));
    MainWindow window(&settings);
    window.show();
    if (!window.openFile(path) || !window.editCopy()) {
        return 1;
    }
    QObject::connect(&window.sandbox()->sandbox(), &Sandbox::opened, &window,
                     [&window] { window.sandbox()->run(endless()); });
    QObject::connect(&window.sandbox()->sandbox(), &Sandbox::logChanged, &window, [&window] {
        if (window.sandbox()->sandbox().log().size() > 500) {
            std::puts("writing");
            std::fflush(stdout);
        }
    });
    return QApplication::exec();
}

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    const QStringList arguments = QApplication::arguments();
    if (arguments.size() == 3 && arguments[1] == QLatin1String("--drive")) {
        return driveUntilKilled(arguments[2]);
    }
    TestSandboxWindow test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_sandbox_window.moc"
