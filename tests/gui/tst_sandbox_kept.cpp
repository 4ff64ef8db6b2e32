// SPDX-License-Identifier: MIT
// What must not get lost when a sandbox is kept, or was left by a program that ended.
#include "sandbox/sandbox_folder.h"
#include "sandbox_window_fixture.h"
#include "views/start_page.h"
#include "window/notice_bar.h"

#include <QDir>
#include <QPushButton>
#include <QTimer>
#include <QWindow>

#include <sys/file.h>

using namespace pagescape;
using namespace pagescape::gui;
using namespace pagescape::gui::test;

class TestSandboxKept : public SandboxWindowFixture {
    Q_OBJECT

private:
    [[nodiscard]] QPushButton* startButton(const char* name) const {
        return m_window->startPage()->findChild<QPushButton*>(QLatin1String(name));
    }
    [[nodiscard]] QString notice() const { return views().notice->text(); }
    QString leave(const QString& name, const QByteArray& bytes);
    [[nodiscard]] static QByteArray library();

private Q_SLOTS:
    void initTestCase() { install(); }
    void init() { begin(); }
    void cleanup();
    void buttonsActOnTheOneThatIsNamed();
    void leftSandboxThatDoesNotOpenStays();
    void leftSandboxWaitsForItsLock();
    void neverIntoItsOwnFolder();
    void notWhileACommandRuns();
    void inputIsHeldBackMeanwhile();
    void programMayEndMeanwhile();
};

void TestSandboxKept::cleanup() {
    end();
    for (const LeftSandbox& left : SandboxFolder::left()) {
        SandboxFolder::adopt(left)->setRemovedAtEnd(true);
    }
}

QByteArray TestSandboxKept::library() {
    QFile file(samplePath("library.db"));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

// As a killed program leaves one. Its database's path.
QString TestSandboxKept::leave(const QString& name, const QByteArray& bytes) {
    const auto folder = SandboxFolder::make(name, true);
    QFile file(folder->path());
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() ||
        !file.setPermissions(QFile::ReadOwner | QFile::WriteOwner)) {
        qFatal("a sandbox cannot be left");
    }
    folder->setRemovedAtEnd(false);
    return folder->path();
}

void TestSandboxKept::buttonsActOnTheOneThatIsNamed() {
    const QString first = leave(QStringLiteral("first.db"), library());
    m_window->lookForLeftSandboxes();
    QVERIFY(startButton("deleteLeft")->isVisible());
    const QString second = leave(QStringLiteral("second.db"), library());
    QFile newer(second);
    QVERIFY(newer.open(QIODevice::ReadWrite));
    QVERIFY(newer.setFileTime(QDateTime::currentDateTime().addDays(1),
                              QFileDevice::FileModificationTime));
    newer.close();
    QCOMPARE(SandboxFolder::left().front().path, second);
    QTest::mouseClick(startButton("deleteLeft"), Qt::LeftButton);
    QVERIFY(!QFileInfo::exists(first));
    QVERIFY(QFileInfo::exists(second));
    // Now the second is named. When somebody else takes it away, nothing else is opened for it.
    const QString third = leave(QStringLiteral("third.db"), library());
    SandboxFolder::adopt({second, true, {}})->setRemovedAtEnd(true);
    QTest::mouseClick(startButton("openLeft"), Qt::LeftButton);
    QVERIFY(!m_window->sandbox());
    QTest::mouseClick(startButton("openLeft"), Qt::LeftButton); // it was offered anew
    settle();
    QCOMPARE(box().path(), third);
    m_window->closeFile();
    QVERIFY(!QFileInfo::exists(third));
}

void TestSandboxKept::leftSandboxThatDoesNotOpenStays() {
    const QByteArray damaged(8192, 'x');
    const QString path = leave(QStringLiteral("damaged.db"), damaged);
    m_window->lookForLeftSandboxes();
    QTest::mouseClick(startButton("openLeft"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->sandbox(), 30000);
    QVERIFY(!m_window->startPage()->errorText().isEmpty());
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), damaged);
    QVERIFY(startButton("deleteLeft")->isVisible()); // it is offered again
    QTest::mouseClick(startButton("deleteLeft"), Qt::LeftButton);
    QVERIFY(!QFileInfo::exists(path));
}

void TestSandboxKept::leftSandboxWaitsForItsLock() {
    const QString path = leave(QStringLiteral("locked.db"), library());
    QFile other(path);
    QVERIFY(other.open(QIODevice::ReadWrite));
    QCOMPARE(::flock(other.handle(), LOCK_EX | LOCK_NB), 0);
    m_window->lookForLeftSandboxes();
    QTest::mouseClick(startButton("openLeft"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->sandbox(), 60000);
    QVERIFY(QFileInfo::exists(path));
    other.close();
    QTest::mouseClick(startButton("openLeft"), Qt::LeftButton);
    settle();
    QCOMPARE(box().path(), path);
    m_window->closeFile();
    QVERIFY(!QFileInfo::exists(path));
}

void TestSandboxKept::neverIntoItsOwnFolder() {
    openNew();
    put(QStringLiteral("one"), QStringLiteral("1"));
    click("commit");
    const QString path = box().path();
    const QDir folder = QFileInfo(path).dir();
    QVERIFY(folder.mkdir(QStringLiteral("below")));
    const QString digest = digestOf(path);
    for (const QString& target :
         {path, folder.filePath(QStringLiteral("mine.db")),
          folder.filePath(QStringLiteral("below/mine.db")),
          folder.filePath(QStringLiteral("../%1/mine.db").arg(folder.dirName()))}) {
        views().notice->clear();
        QVERIFY2(!m_window->keepSandboxAs(target), qPrintable(target));
        QVERIFY2(notice().contains(QStringLiteral("choose another place")), qPrintable(notice()));
    }
    QVERIFY(!QFileInfo::exists(folder.filePath(QStringLiteral("mine.db"))));
    QCOMPARE(digestOf(path), digest);
    QVERIFY(folder.rmdir(QStringLiteral("below")));
    const QString kept = m_dir.filePath(QStringLiteral("mine.db"));
    QVERIFY(m_window->keepSandboxAs(kept));
    m_window->closeFile();
    QCOMPARE(digestOf(kept), digest);
}

void TestSandboxKept::notWhileACommandRuns() {
    openNew();
    SandboxCommand endless;
    endless.kind = SandboxCommand::Kind::Generate;
    endless.path = {"g"};
    endless.generator.count = 100'000'000;
    m_window->sandbox()->run(endless);
    const QString kept = m_dir.filePath(QStringLiteral("running.db"));
    QVERIFY(!m_window->keepSandboxAs(kept));
    QVERIFY2(notice().contains(QStringLiteral("still running")), qPrintable(notice()));
    QVERIFY(!QFileInfo::exists(kept));
    box().stop();
    settle();
    QVERIFY(m_window->keepSandboxAs(kept));
}

void TestSandboxKept::inputIsHeldBackMeanwhile() {
    openNew();
    type("key", QStringLiteral("one"));
    QVERIFY(button("put")->isEnabled());
    bool wasTried = false;
    QTimer::singleShot(0, m_window.get(), [&] {
        wasTried = true;
        QTest::mouseClick(m_window->windowHandle(), Qt::LeftButton, {},
                          button("put")->mapTo(m_window.get(), button("put")->rect().center()));
    });
    QVERIFY(m_window->keepSandboxAs(m_dir.filePath(QStringLiteral("held.db"))));
    QVERIFY(wasTried);
    settle();
    QVERIFY(!box().hasTransaction());
    QTest::mouseClick(m_window->windowHandle(), Qt::LeftButton, {},
                      button("put")->mapTo(m_window.get(), button("put")->rect().center()));
    settle();
    QVERIFY(box().hasTransaction()); // the same click, when it may
}

void TestSandboxKept::programMayEndMeanwhile() {
    openNew();
    const QDir kept(m_dir.filePath(QStringLiteral("kept")));
    QVERIFY(kept.mkpath(QStringLiteral(".")));
    bool isKept = true;
    QTimer::singleShot(0, m_window.get(), [&] {
        QCoreApplication::exit(); // every loop that begins from now on ends at once
        isKept = m_window->keepSandboxAs(kept.filePath(QStringLiteral("a.db")));
    });
    QApplication::exec();
    QVERIFY(!isKept);
    QTRY_VERIFY_WITH_TIMEOUT(kept.isEmpty(), 30000);
    QVERIFY(m_window->sandbox());
}

QTEST_MAIN(TestSandboxKept)
#include "tst_sandbox_kept.moc"
