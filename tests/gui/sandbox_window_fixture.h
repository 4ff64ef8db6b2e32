// SPDX-License-Identifier: MIT
// SandboxWindowFixture: the whole window with a sandbox in it, driven by its own widgets.
#pragma once

#include "pagescape/census.h"
#include "pagescape/walk.h"
#include "sample_files.h"
#include "sandbox/sandbox.h"
#include "session/file_session.h"
#include "units/english_plurals.h"
#include "views/sandbox_panel.h"
#include "views/scratch_bar.h"
#include "window/main_window.h"
#include "window/sandbox_binding.h"
#include "window/session_binding.h"
#include "window/workspace.h"

#include <QComboBox>
#include <QDockWidget>
#include <QLineEdit>
#include <QTemporaryDir>
#include <QToolButton>
#include <QtTest>

#include <memory>

namespace pagescape::gui::test {

/// The content digest of a file, or a sentence that no digest is equal to.
[[nodiscard]] inline QString digestOf(const QString& path, const OpenOptions& options = {}) {
    const auto file = PageFile::open(toPath(path), options);
    const auto digest = file ? contentDigest(*file) : fail(file.error());
    return digest ? QString::fromStdString(digest->sha256) : QStringLiteral("cannot be read");
}

/// Base of a test class. The derived class has slots initTestCase(), init() and cleanup() that call
/// install(), begin() and end().
class SandboxWindowFixture : public QObject {
protected:
    void install() {
        QCoreApplication::installTranslator(&m_plurals);
        qputenv("TMPDIR", QFile::encodeName(m_dir.path())); // sandboxes of others are elsewhere
    }
    void begin() {
        m_settings = std::make_unique<ViewSettings>(m_dir.filePath(QStringLiteral("settings.ini")));
        m_window = std::make_unique<MainWindow>(m_settings.get());
        m_window->setAsksBeforeLosing(false);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    }
    void end() { m_window.reset(); }

    [[nodiscard]] Workspace& views() const { return *m_window->workspace(); }
    [[nodiscard]] Sandbox& box() const { return m_window->sandbox()->sandbox(); }
    [[nodiscard]] StagePlayer& player() const { return *views().stagePlayer; }
    [[nodiscard]] QAction* action(const char* id) const {
        return m_window->actions().get(QLatin1String(id));
    }
    [[nodiscard]] QToolButton* button(const char* name) const {
        return views().sandboxPanel->findChild<QToolButton*>(QLatin1String(name));
    }

    /// Waits until the commands have run and the file as they left it is on show and scanned.
    void settle() {
        QTRY_VERIFY_WITH_TIMEOUT(m_window->sandbox() && box().isOpen() && !box().isBusy(), 60000);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->binding(), 30000);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->binding()->session().census()->stage() ==
                                         CensusStage::Done &&
                                     pictureAgainstFile().isEmpty(),
                                 20000);
    }
    /// A new database, and the bucket that later puts go to.
    void openNew(const char* bucket = "b") {
        QVERIFY(m_window->newDatabase(1024));
        settle();
        type("bucket", QLatin1String(bucket));
    }
    /// Brings a panel to the front that the layout of the lab leaves out.
    void showPanel(const char* name) {
        auto* dock = m_window->findChild<QDockWidget*>(QLatin1String(name));
        QVERIFY(dock != nullptr);
        dock->show();
        dock->raise();
    }
    void click(const char* name) {
        QTRY_VERIFY_WITH_TIMEOUT(button(name)->isEnabled(), 30000);
        QTest::mouseClick(button(name), Qt::LeftButton);
        settle();
    }
    void trigger(const char* id) {
        QVERIFY(action(id)->isEnabled());
        action(id)->trigger();
        settle();
    }
    void type(const char* field, const QString& text) {
        auto* edit = views().sandboxPanel->findChild<QLineEdit*>(QLatin1String(field));
        if (auto* box = views().sandboxPanel->findChild<QComboBox*>(QLatin1String(field))) {
            edit = box->lineEdit();
        }
        edit->selectAll();
        QTest::keyClicks(edit, text);
    }
    void put(const QString& key, const QString& value) {
        type("key", key);
        type("value", value);
        click("put");
    }

    /// What the map shows, against a census of the file as it is now, in the version that is on
    /// show; empty when equal.
    [[nodiscard]] QString pictureAgainstFile() const {
        const Census& shown = *m_window->binding()->session().census();
        auto file = PageFile::open(toPath(box().path()), shown.file().options());
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

    QTemporaryDir m_dir;
    std::unique_ptr<ViewSettings> m_settings;
    std::unique_ptr<MainWindow> m_window;

private:
    EnglishPlurals m_plurals;
};

} // namespace pagescape::gui::test
