// SPDX-License-Identifier: MIT
// The crash lab through the whole window: put and commit, crash, syncs off, commit again, crash.
#include "crash_fixture.h"
#include "stage/crash_text.h"
#include "units/english_plurals.h"
#include "views/crash_list_view.h"
#include "views/crash_panel.h"
#include "views/sandbox_panel.h"
#include "views/scratch_bar.h"
#include "window/main_window.h"
#include "window/notice_bar.h"
#include "window/sandbox_binding.h"
#include "window/session_binding.h"
#include "window/workspace.h"

#include <QComboBox>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QToolButton>

using namespace pagescape;
using namespace pagescape::gui;
using namespace pagescape::test;

class TestCrashWindow : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    EnglishPlurals m_plurals;
    std::unique_ptr<ViewSettings> m_settings;
    std::unique_ptr<MainWindow> m_window;

    [[nodiscard]] CrashPanel& panel() const { return *m_window->workspace()->crash; }
    [[nodiscard]] CrashLab& lab() const { return m_window->sandbox()->crashLab(); }
    [[nodiscard]] Sandbox& box() const { return m_window->sandbox()->sandbox(); }
    void press(const char* name) {
        ScratchBar* scratch = m_window->workspace()->sandboxPanel->scratch();
        auto* button = scratch->findChild<QToolButton*>(QLatin1String(name));
        QTRY_VERIFY_WITH_TIMEOUT(button->isEnabled(), 30000);
        QTest::mouseClick(button, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(!box().isBusy(), 30000);
    }
    void put(const QString& key, const QString& value) {
        ScratchBar* scratch = m_window->workspace()->sandboxPanel->scratch();
        scratch->findChild<QComboBox*>()->setEditText(QStringLiteral("books"));
        for (QLineEdit* field : scratch->findChildren<QLineEdit*>()) {
            if (field->placeholderText() == QLatin1String("key")) {
                field->setText(key);
            } else if (field->placeholderText() == QLatin1String("value")) {
                field->setText(value);
            }
        }
        press("put");
    }
    void click(const char* name) {
        auto* button = panel().findChild<QPushButton*>(QLatin1String(name));
        QTRY_VERIFY_WITH_TIMEOUT(button->isEnabled(), 30000);
        QTest::mouseClick(button, Qt::LeftButton);
    }
    void findWorst() {
        click("worst");
        QTRY_VERIFY_WITH_TIMEOUT(lab().search(), 60000);
    }

private Q_SLOTS:
    void initTestCase() { QCoreApplication::installTranslator(&m_plurals); }
    void init();
    void cleanup();
    void commitIsCrashedAndTheFileStays();
    void syncsOffMakesTheSameCommitLoseIt();
    void imageOfACopyNeverReplacesTheOriginal();
    void noticeSaysWhereTheImageWent();
};

void TestCrashWindow::init() {
    m_settings = std::make_unique<ViewSettings>(m_dir.filePath(QStringLiteral("settings.ini")));
    m_window = std::make_unique<MainWindow>(m_settings.get());
    m_window->setAsksBeforeLosing(false);
    m_window->resize(1280, 800);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    QVERIFY(m_window->newDatabase(1024));
    QTRY_VERIFY_WITH_TIMEOUT(box().isOpen(), 30000);
    put(QStringLiteral("dracula"), QStringLiteral("1897"));
    put(QStringLiteral("emma"), QStringLiteral("1815"));
    press("commit");
    put(QStringLiteral("ulysses"), QStringLiteral("1922"));
    press("commit");
}

void TestCrashWindow::cleanup() {
    m_window.reset();
    m_settings.reset();
}

void TestCrashWindow::commitIsCrashedAndTheFileStays() {
    QVERIFY(lab().script()->rows.empty()); // nobody looks: nothing is copied
    m_window->actions().get(QStringLiteral("crash-lab"))->trigger();
    QVERIFY(panel().isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(!lab().script()->rows.empty(), 30000);
    const QByteArray bytes = fileBytes(box().path());
    QTRY_VERIFY_WITH_TIMEOUT(panel().verdictText().contains(QStringLiteral("it had returned")),
                             30000);
    QTest::keyClick(panel().list(), Qt::Key_PageUp);
    QCOMPARE(lab().choice().cursor(), lab().script()->rows.size() - 1);
    findWorst();
    QCOMPARE(lab().search()->worst.outcomes.front().crashClass, CrashClass::OldVersion);
    QCOMPARE(panel().outcomes()->count(), 2);
    QListWidget* outcomes = panel().outcomes();
    QTest::mouseClick(outcomes->viewport(), Qt::LeftButton, {},
                      outcomes->visualItemRect(outcomes->item(0)).center());
    QTRY_VERIFY_WITH_TIMEOUT(panel().verdictText().contains(
                                 QStringLiteral("You are at transaction 2; 3 never happened.")),
                             30000);
    QVERIFY(panel().verdictText().contains(QStringLiteral("1 missing (books / ulysses)")));
    QCOMPARE(fileBytes(box().path()), bytes);
    // The next commit is shown without being asked for.
    put(QStringLiteral("walden"), QStringLiteral("1854"));
    press("commit");
    QTRY_VERIFY_WITH_TIMEOUT(panel().verdictText().contains(QStringLiteral("at transaction 4")),
                             30000);
}

void TestCrashWindow::syncsOffMakesTheSameCommitLoseIt() {
    m_window->actions().get(QStringLiteral("crash-lab"))->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(!lab().script()->rows.empty(), 30000);
    QVERIFY(lab().script()->isSynced);
    const std::vector<CrashRow> synced = lab().script()->rows;
    click("syncs");
    QTRY_VERIFY_WITH_TIMEOUT(!lab().script()->isSynced, 30000);
    QTRY_VERIFY_WITH_TIMEOUT(!box().isBusy() && !box().isSynced(), 30000);
    // The same writes, without the lines between them.
    std::vector<CrashRow> writes;
    std::ranges::copy_if(synced, std::back_inserter(writes),
                         [](const CrashRow& row) { return row.kind != CrashRow::Kind::Sync; });
    QCOMPARE(lab().script()->rows.size(), writes.size());
    for (std::size_t i = 0; i < writes.size(); ++i) {
        QCOMPARE(crashRowText(lab().script()->rows[i]), crashRowText(writes[i]));
    }
    const QByteArray bytes = fileBytes(box().path());
    findWorst();
    QVERIFY(lab().search()->worst.outcomes.front().crashClass >= CrashClass::Damaged);
    lab().takeOutcome(0);
    QTRY_VERIFY_WITH_TIMEOUT(panel().verdictText().contains(QStringLiteral("Neither 2 nor 3")),
                             30000);
    QVERIFY(panel().verdictText().contains(QStringLiteral("href=\"page:")));
    QCOMPARE(fileBytes(box().path()), bytes);
    click("syncs");
    QTRY_VERIFY_WITH_TIMEOUT(lab().script()->isSynced, 30000);
    QTRY_VERIFY_WITH_TIMEOUT(box().isSynced(), 30000);
}

void TestCrashWindow::imageOfACopyNeverReplacesTheOriginal() {
    const QString original = m_dir.filePath(QStringLiteral("original.db"));
    QVERIFY(QFile::copy(QStringLiteral(PAGESCAPE_SAMPLE_DIR "/library.db"), original));
    const QByteArray bytes = fileBytes(original);
    QVERIFY(m_window->openFile(original));
    QVERIFY(m_window->editCopy());
    QTRY_VERIFY_WITH_TIMEOUT(m_window->sandbox() && box().isOpen(), 30000);
    put(QStringLiteral("walden"), QStringLiteral("1854"));
    press("commit");
    m_window->actions().get(QStringLiteral("crash-lab"))->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(!lab().script()->rows.empty(), 30000);
    QSignalSpy saved(&lab(), &CrashLab::imageSaved);
    for (const QString& path : {original, box().path()}) {
        Q_EMIT panel().exportRequested(path);
        QTRY_COMPARE_WITH_TIMEOUT(saved.count(), 1, 30000);
        QVERIFY(!saved.takeFirst().at(1).toString().isEmpty());
    }
    QCOMPARE(fileBytes(original), bytes);
}

void TestCrashWindow::noticeSaysWhereTheImageWent() {
    m_window->actions().get(QStringLiteral("crash-lab"))->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(!lab().script()->rows.empty(), 30000);
    const QString path = m_dir.filePath(QStringLiteral("image.db"));
    NoticeBar* notice = m_window->workspace()->notice;
    Q_EMIT panel().exportRequested(path);
    QTRY_VERIFY_WITH_TIMEOUT(notice->text().contains(path), 30000);
    QVERIFY(QFileInfo::exists(path));
    m_window->workspace()->hub->selectPage(PageId{3}); // the user goes on
    m_window->workspace()->hub->selectPage(PageId{2});
    QVERIFY(notice->text().contains(path));
    notice->answer(QStringLiteral("something else"));
    QCOMPARE(notice->text(), QStringLiteral("something else"));
    notice->retract();
    QVERIFY(notice->text().isEmpty());
}

QTEST_MAIN(TestCrashWindow)
#include "tst_crash_window.moc"
