// SPDX-License-Identifier: MIT
// How a sandbox of the window begins and ends: the copy as a task, commands while it opens, what is
// asked before something is lost, and what a killed program leaves.
#include "pagescape/walk.h"
#include "sample_files.h"
#include "sandbox/sandbox.h"
#include "session/file_session.h"
#include "units/english_plurals.h"
#include "views/sandbox_panel.h"
#include "views/scratch_bar.h"
#include "views/start_page.h"
#include "views/task_strip.h"
#include "window/main_window.h"
#include "window/sandbox_binding.h"
#include "window/session_binding.h"
#include "window/workspace.h"

#include <QLineEdit>
#include <QMessageBox>
#include <QMimeData>
#include <QProcess>
#include <QProgressDialog>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTimer>
#include <QToolButton>
#include <QtTest>

#include <cstdio>
#include <deque>

using namespace pagescape;
using namespace pagescape::gui;
using namespace pagescape::gui::test;

namespace {

QString digestOf(const QString& path) {
    const auto file = PageFile::open(toPath(path));
    const auto digest = file ? contentDigest(*file) : fail(file.error());
    return digest ? QString::fromStdString(digest->sha256) : QStringLiteral("cannot be read");
}

SandboxCommand putting(const QByteArray& key) {
    SandboxCommand command;
    command.path = {"b"};
    command.key = key;
    command.value = "value";
    return command;
}

} // namespace

class TestSandboxEnds : public QObject {
    Q_OBJECT

private:
    struct Answer {
        QString box;
        QString button;
    };

    EnglishPlurals m_plurals;
    QTemporaryDir m_dir;
    std::unique_ptr<ViewSettings> m_settings;
    std::unique_ptr<MainWindow> m_window;
    std::deque<Answer> m_expected; // questions that will come, in their order
    QString m_said;                // by the last one

    [[nodiscard]] Workspace& views() const { return *m_window->workspace(); }
    [[nodiscard]] Sandbox& box() const { return m_window->sandbox()->sandbox(); }
    [[nodiscard]] StagePlayer& player() const { return *views().stagePlayer; }
    [[nodiscard]] QStringList folders() const {
        return QDir(m_dir.path()).entryList({QStringLiteral("pagescape-sandbox-*")}, QDir::Dirs);
    }
    [[nodiscard]] QString copyOfLibrary(const QString& name, int moreMebibytes = 0);
    void settle();
    void put(const QByteArray& key);
    void killOneWith(const QString& original);
    void answer(const char* box, const char* button);
    void answerNext();

private Q_SLOTS:
    void initTestCase() {
        QCoreApplication::installTranslator(&m_plurals);
        qputenv("TMPDIR", QFile::encodeName(m_dir.path())); // sandboxes of others are elsewhere
    }
    void init();
    void cleanup() { m_window.reset(); }
    void copyIsATask();
    void keepingCanBeStopped();
    void commandsWhileItOpensAreKept();
    void leavingAsksAboutAnOpenTransaction();
    void leavingAsksAboutARunningGenerator();
    void questionTellsTheCopyFromItsOriginal();
    void editingTheOriginalStopsTheCopy();
    void leftSandboxIsOfferedAndOpened();
    void leftSandboxCanBeDeleted();
    void dropWaitsForItsSource();
};

void TestSandboxEnds::init() {
    m_settings = std::make_unique<ViewSettings>(m_dir.filePath(QStringLiteral("settings.ini")));
    m_window = std::make_unique<MainWindow>(m_settings.get());
    m_window->setAsksBeforeLosing(false);
    m_window->show();
}

// A copy of the sample under another name; appended bytes make it slow to copy.
QString TestSandboxEnds::copyOfLibrary(const QString& name, int moreMebibytes) {
    const QString path = m_dir.filePath(name);
    QFile::remove(path);
    QFile file(path);
    if (!QFile::copy(samplePath("library.db"), path) || !file.open(QIODevice::Append)) {
        qFatal("the sample cannot be copied");
    }
    const QByteArray piece(1 << 20, 'x');
    for (int i = 0; i < moreMebibytes; ++i) {
        file.write(piece);
    }
    return path;
}

void TestSandboxEnds::settle() {
    QTRY_VERIFY_WITH_TIMEOUT(m_window->sandbox() && box().isOpen() && !box().isBusy(), 30000);
    QTRY_VERIFY_WITH_TIMEOUT(m_window->binding(), 30000);
}

void TestSandboxEnds::put(const QByteArray& key) {
    m_window->sandbox()->run(putting(key));
    settle();
}

// Another program edits a copy of a file and is killed in the middle of it.
void TestSandboxEnds::killOneWith(const QString& original) {
    QProcess other;
    other.start(QCoreApplication::applicationFilePath(), {QStringLiteral("--drive"), original});
    QVERIFY(other.waitForReadyRead(60000)); // it says so once the engine writes
    other.kill();
    QVERIFY(other.waitForFinished());
}

// The next question will be this one; it is answered so.
void TestSandboxEnds::answer(const char* box, const char* button) {
    m_expected.push_back({QLatin1String(box), QLatin1String(button)});
    if (m_expected.size() == 1) {
        QTimer::singleShot(20, this, &TestSandboxEnds::answerNext);
    }
}

void TestSandboxEnds::answerNext() {
    auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
    if (box != nullptr && !m_expected.empty() && box->objectName() == m_expected.front().box) {
        m_said = box->text();
        for (QAbstractButton* button : box->buttons()) {
            if (button->text().remove(u'&') == m_expected.front().button) {
                m_expected.pop_front();
                button->click();
                break;
            }
        }
    }
    if (!m_expected.empty()) {
        QTimer::singleShot(20, this, &TestSandboxEnds::answerNext);
    }
}

void TestSandboxEnds::leftSandboxCanBeDeleted() {
    killOneWith(copyOfLibrary(QStringLiteral("left.db")));
    m_window->lookForLeftSandboxes();
    auto* remove = m_window->startPage()->findChild<QPushButton*>(QStringLiteral("deleteLeft"));
    QTRY_VERIFY_WITH_TIMEOUT(remove->isVisible(), 30000);
    QTest::mouseClick(remove, Qt::LeftButton);
    QVERIFY(!remove->isVisible());
    QVERIFY(folders().isEmpty());
}

void TestSandboxEnds::leavingAsksAboutAnOpenTransaction() {
    QVERIFY(m_window->newDatabase(1024));
    settle();
    m_window->setAsksBeforeLosing(true);
    put("one");
    const QString empty = digestOf(box().path());
    answer("openTransaction", "Cancel");
    m_window->closeFile();
    QVERIFY(m_window->sandbox() && box().hasTransaction());
    answer("openTransaction", "Commit");
    answer("leaveSandbox", "Cancel");
    m_window->close();
    QVERIFY(m_window->isVisible());
    QVERIFY(m_window->sandbox() && !box().hasTransaction());
    QVERIFY(digestOf(box().path()) != empty);
    settle();
    const QString one = digestOf(box().path());
    put("two");
    answer("openTransaction", "Roll back");
    answer("leaveSandbox", "Cancel");
    QVERIFY(!m_window->openFile(samplePath("library.db")));
    QCOMPARE(digestOf(box().path()), one);
    QVERIFY(m_said.contains(QStringLiteral("new.db"))); // it names the file
    answer("leaveSandbox", "Discard");
    m_window->closeFile();
    QVERIFY(!m_window->sandbox());
    QVERIFY(m_expected.empty());
}

void TestSandboxEnds::leavingAsksAboutARunningGenerator() {
    QVERIFY(m_window->newDatabase(1024));
    settle();
    const QString empty = digestOf(box().path());
    m_window->setAsksBeforeLosing(true);
    SandboxCommand endless;
    endless.kind = SandboxCommand::Kind::Generate;
    endless.path = {"g"};
    endless.generator.count = 100'000'000;
    m_window->sandbox()->run(endless);
    QTRY_VERIFY_WITH_TIMEOUT(digestOf(box().path()) != empty, 30000); // it has committed
    QVERIFY(!m_window->sandbox()->isChanged());
    answer("leaveSandbox", "Cancel");
    m_window->close();
    QVERIFY(m_window->isVisible());
    QVERIFY(m_expected.empty()); // it was asked
    QVERIFY(m_window->sandbox() && !box().isBusy());
    settle();
    m_window->sandbox()->run(endless);
    answer("leaveSandbox", "Discard");
    m_window->closeFile();
    QVERIFY(m_expected.empty() && !m_window->sandbox());
}

void TestSandboxEnds::questionTellsTheCopyFromItsOriginal() {
    QVERIFY(m_window->openFile(copyOfLibrary(QStringLiteral("library.db"))));
    QVERIFY(m_window->editCopy());
    settle();
    m_window->setAsksBeforeLosing(true);
    put("one");
    answer("openTransaction", "Cancel");
    m_window->closeFile();
    QVERIFY2(m_said.contains(QStringLiteral("not in the sandbox copy of library.db yet")),
             qPrintable(m_said));
    m_window->setAsksBeforeLosing(false);
}

// A copy that ended behind the question would have begun a sandbox of its own there.
void TestSandboxEnds::editingTheOriginalStopsTheCopy() {
    QVERIFY(m_window->openFile(copyOfLibrary(QStringLiteral("mine.db"))));
    QVERIFY(m_window->editCopy());
    bool isAsked = false;
    QTimer::singleShot(0, this, [&] {
        auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
        isAsked = box != nullptr;
        if (isAsked) {
            static_cast<void>(QTest::qWaitFor([this] { return folders().isEmpty(); }, 20000));
            box->button(QMessageBox::Ok)->click();
        }
    });
    m_window->actions().get(QStringLiteral("edit-original"))->trigger();
    QVERIFY(isAsked);
    settle();
    QCOMPARE(box().kind(), SandboxKind::Original);
    QVERIFY(folders().isEmpty());
    m_window->closeFile();
}

void TestSandboxEnds::commandsWhileItOpensAreKept() {
    QVERIFY(m_window->newDatabase(1024));
    QVERIFY(!box().isOpen());
    QVERIFY(m_window->windowTitle().contains(QStringLiteral("Opening a sandbox of new.db")));
    m_window->sandbox()->run(putting("one"));
    settle();
    QCOMPARE(player().now().costs.puts, 1U);
    // Another new database begins with empty fields.
    auto* key = views().sandboxPanel->findChild<QLineEdit*>(QStringLiteral("key"));
    key->setText(QStringLiteral("mine"));
    QVERIFY(m_window->newDatabase(1024));
    QVERIFY(key->text().isEmpty());
    settle();
}

void TestSandboxEnds::copyIsATask() {
    const QString original = copyOfLibrary(QStringLiteral("large.db"), 200);
    QVERIFY(m_window->openFile(original));
    QElapsedTimer clock;
    clock.start();
    QVERIFY(m_window->editCopy());
    QVERIFY2(clock.elapsed() < 100, qPrintable(QString::number(clock.elapsed())));
    QVERIFY(!m_window->editCopy()); // one at a time
    QVERIFY(m_window->binding());   // and the file is still on show
    auto* stop = m_window->findChild<TaskStrip*>()->findChild<QToolButton*>();
    QTRY_VERIFY_WITH_TIMEOUT(stop->isVisible(), 20000);
    QTest::mouseClick(stop, Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(folders().isEmpty(), 20000);
    QVERIFY(!m_window->sandbox());
    QVERIFY(m_window->editCopy());
    QTRY_VERIFY_WITH_TIMEOUT(m_window->sandbox() && box().isOpen(), 30000);
    QVERIFY(m_window->windowTitle().contains(QStringLiteral("large.db")));
}

void TestSandboxEnds::keepingCanBeStopped() {
    QVERIFY(m_window->openFile(copyOfLibrary(QStringLiteral("large.db"), 200)));
    QVERIFY(m_window->editCopy());
    settle();
    QDir kept(m_dir.filePath(QStringLiteral("kept")));
    QVERIFY(kept.mkpath(QStringLiteral(".")));
    QTimer::singleShot(0, m_window.get(), [this] {
        auto* dialog = m_window->findChild<QProgressDialog*>(QStringLiteral("waitingCopy"));
        dialog->findChild<QPushButton*>()->click();
    });
    if (m_window->keepSandboxAs(kept.filePath(QStringLiteral("a.db")))) {
        QSKIP("This file system copies at once: there is nothing to stop");
    }
    QVERIFY(kept.isEmpty());
    QVERIFY(m_window->sandbox());
    QVERIFY(m_window->keepSandboxAs(kept.filePath(QStringLiteral("a.db"))));
    QCOMPARE(kept.entryList(QDir::Files), QStringList{QStringLiteral("a.db")});
    QCOMPARE(digestOf(kept.filePath(QStringLiteral("a.db"))), digestOf(box().path()));
}

void TestSandboxEnds::leftSandboxIsOfferedAndOpened() {
    const QString original = copyOfLibrary(QStringLiteral("killed.db"));
    const Fingerprint before = fingerprint(original);
    killOneWith(original);
    QCOMPARE(fingerprint(original), before);
    // What it left is offered, with what was committed by then.
    m_window->lookForLeftSandboxes();
    auto* open = m_window->startPage()->findChild<QPushButton*>(QStringLiteral("openLeft"));
    QTRY_VERIFY_WITH_TIMEOUT(open->isVisible(), 30000);
    QTest::mouseClick(open, Qt::LeftButton);
    settle();
    QVERIFY(m_window->windowTitle().contains(QStringLiteral("SANDBOX COPY of killed.db")));
    QVERIFY(m_window->sandbox()->isChanged());
    QVERIFY(digestOf(box().path()) != digestOf(original));
    const QString left = box().path();
    m_window->closeFile();
    QVERIFY(!QFileInfo(left).dir().exists());
    QVERIFY(!open->isVisible());
}

// Questions inside the drop would keep the other program waiting.
void TestSandboxEnds::dropWaitsForItsSource() {
    const QString path = copyOfLibrary(QStringLiteral("dropped.db"));
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(path)});
    QDragEnterEvent enter(QPoint(10, 10), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(m_window.get(), &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent drop(QPointF(10, 10), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(m_window.get(), &drop);
    QVERIFY(drop.isAccepted());
    QVERIFY(!m_window->binding());
    QTRY_VERIFY_WITH_TIMEOUT(m_window->binding() != nullptr, 30000);
    QCOMPARE(m_window->binding()->session().path(), path);
}

// Edits a copy without end, until it is killed.
static int driveUntilKilled(const QString& path) {
    QTemporaryDir dir;
    ViewSettings settings(dir.filePath(QStringLiteral("settings.ini")));
    MainWindow window(&settings);
    QObject::connect(&window, &MainWindow::sandboxStarted, &window, [&window] {
        SandboxCommand endless;
        endless.kind = SandboxCommand::Kind::Generate;
        endless.path = {"g"};
        endless.generator.count = 100'000'000;
        window.sandbox()->run(endless);
        QObject::connect(&window.sandbox()->sandbox(), &Sandbox::logChanged, &window, [&window] {
            if (window.sandbox()->sandbox().log().size() > 500) {
                std::puts("writing");
                std::fflush(stdout);
            }
        });
    });
    window.show();
    return window.openFile(path) && window.editCopy() ? QApplication::exec() : 1;
}

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    const QStringList arguments = QApplication::arguments();
    if (arguments.size() == 3 && arguments[1] == QLatin1String("--drive")) {
        return driveUntilKilled(arguments[2]);
    }
    TestSandboxEnds test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_sandbox_ends.moc"
