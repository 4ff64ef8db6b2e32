// SPDX-License-Identifier: MIT
// The flows of a sandbox through the real window: a Put and a Commit, step by step, undo, branches,
// generators. What the pictures say is compared with the file, read by ours and by the real bbolt.
#include "sandbox_window_fixture.h"
#include "stage/reader_hold.h"
#include "support/bolt_peer.h"
#include "views/crash_panel.h"
#include "views/growth_view.h"
#include "views/map_panel.h"
#include "views/stage_view.h"
#include "views/transport_bar.h"

#include <QImageReader>
#include <QProcess>
#include <QSlider>

using namespace pagescape;
using namespace pagescape::gui;
using namespace pagescape::gui::test;
using pagescape::test::BoltPeer;

namespace {

SandboxCommand endless() {
    SandboxCommand command;
    command.kind = SandboxCommand::Kind::Generate;
    command.path = {"g"};
    command.generator.count = 100'000'000;
    return command;
}

} // namespace

class TestSandboxWindow : public SandboxWindowFixture {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { install(); }
    void init() { begin(); }
    void cleanup() { end(); }

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
    // The file grows before its mapping has to.
    QTRY_VERIFY_WITH_TIMEOUT(player().now().fileSize > before && player().now().remaps > 0, 30000);
    // Stop takes the events of the open transaction back: the remap must be of one before it.
    const TxId remapped = player().now().txid;
    QTRY_VERIFY_WITH_TIMEOUT(player().now().txid > remapped, 30000);
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
    const std::uint64_t held = heldBytes(player().now(), seen);
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
    QObject::connect(&window, &MainWindow::sandboxStarted, &window, [&window] {
        window.sandbox()->run(endless());
        QObject::connect(&window.sandbox()->sandbox(), &Sandbox::logChanged, &window, [&window] {
            if (window.sandbox()->sandbox().log().size() > 500) {
                std::puts("writing");
                std::fflush(stdout);
            }
        });
    });
    if (!window.openFile(path) || !window.editCopy()) {
        return 1;
    }
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
