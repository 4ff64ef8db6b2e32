// SPDX-License-Identifier: MIT
// How a sandbox of the window ends: what is asked before, what is kept, what a killed program left.
#include "models/byte_text.h"
#include "sandbox/sandbox_copier.h"
#include "views/start_page.h"
#include "window/main_window.h"
#include "window/mark_binding.h"
#include "window/notice_bar.h"
#include "window/sandbox_binding.h"
#include "window/session_binding.h"
#include "window/waiting_copy.h"
#include "window/workspace.h"

#include <QEventLoop>
#include <QFileDialog>
#include <QFileInfo>
#include <QLocale>
#include <QMessageBox>
#include <QPointer>
#include <QPushButton>
#include <QUuid>

#include <filesystem>
#include <system_error>
#include <utility>

namespace pagescape::gui {

namespace {

// Waits until nothing runs, with the window alive but deaf. False: it was not to be waited for, as
// when the program ends.
bool waitUntilIdle(Sandbox& sandbox) {
    const QPointer<Sandbox> alive(&sandbox);
    QEventLoop idle;
    QObject::connect(&sandbox, &QObject::destroyed, &idle, &QEventLoop::quit);
    QObject::connect(&sandbox, &Sandbox::busyChanged, &idle, [&idle](bool isBusy) {
        if (!isBusy) {
            idle.quit();
        }
    });
    if (sandbox.isBusy()) {
        idle.exec(QEventLoop::ExcludeUserInputEvents);
    }
    return alive && !alive->isBusy();
}

// Whether a file of that path would lie in the folder, or below it.
bool isInFolder(const QString& path, const QString& folder) {
    const QString parent = QFileInfo(QFileInfo(path).absolutePath()).canonicalFilePath();
    const QString base = QFileInfo(folder).canonicalFilePath();
    return !base.isEmpty() && (parent == base || parent.startsWith(base + QLatin1Char('/')));
}

// "library-sandbox.db": never the name of the original.
QString keptName(const QString& original) {
    const QFileInfo info(original);
    const QString ending = info.suffix().isEmpty() ? QString() : QLatin1Char('.') + info.suffix();
    return info.completeBaseName() + QStringLiteral("-sandbox") + ending;
}

} // namespace

void MainWindow::dropSandbox() {
    if (!m_sandbox) {
        return;
    }
    m_binding.reset();
    m_marks.reset();
    m_sandbox.reset();
    m_sandboxFolder.reset(); // an original has none
    setLookedReader(0);
    showVersion();
}

// Asks what becomes of an open write transaction: it is in memory only. False: the user stays.
bool MainWindow::endTransaction() {
    if (!m_sandbox->sandbox().hasTransaction()) {
        return true;
    }
    // A copy has the name of its original, which no commit of a copy reaches.
    const QString file = m_sandbox->sandbox().kind() == SandboxKind::Copy
                             ? tr("the sandbox copy of %1").arg(m_sandboxOf)
                             : m_sandboxOf;
    QMessageBox box(QMessageBox::Question, tr("A write transaction is open"),
                    tr("What the open transaction changed is not in %1 yet. Commit it, or roll it "
                       "back and lose the changes?")
                        .arg(file),
                    QMessageBox::NoButton, this);
    box.setObjectName(QStringLiteral("openTransaction"));
    const QPushButton* commit = box.addButton(tr("&Commit"), QMessageBox::AcceptRole);
    const QPushButton* rollback = box.addButton(tr("&Roll back"), QMessageBox::DestructiveRole);
    box.addButton(QMessageBox::Cancel);
    box.exec();
    const QAbstractButton* chosen = box.clickedButton();
    if (chosen != commit && chosen != rollback) {
        return false;
    }
    Sandbox& sandbox = m_sandbox->sandbox();
    SandboxCommand command;
    command.kind = chosen == commit ? SandboxCommand::Kind::Commit : SandboxCommand::Kind::Rollback;
    QString error;
    const QObject listener;
    connect(&sandbox, &Sandbox::finished, &listener,
            [&](const SandboxCommand&, const QString& text) { error = text; });
    sandbox.run(command);
    return waitUntilIdle(sandbox) && error.isEmpty(); // else the notice bar says why
}

// What is lost is known when nothing runs: a generator may have committed. Questions come then.
bool MainWindow::stopSandbox() {
    if (m_sandbox->sandbox().isOpen()) { // else no command has run
        m_sandbox->sandbox().stop();
        return waitUntilIdle(m_sandbox->sandbox());
    }
    return true;
}

bool MainWindow::leaveSandbox() {
    if (!m_sandbox) {
        return true;
    }
    if (m_asksBeforeLosing && (!stopSandbox() || !endTransaction())) {
        return false;
    }
    if (m_sandbox->isChanged() && m_sandbox->sandbox().kind() != SandboxKind::Original &&
        m_asksBeforeLosing) {
        QMessageBox box(QMessageBox::Question, tr("Leave the sandbox"),
                        m_sandbox->sandbox().kind() == SandboxKind::Copy
                            ? tr("The sandbox copy of %1 has changes. Keep it as a file of its "
                                 "own?")
                                  .arg(m_sandboxOf)
                            : tr("The new database %1 has changes. Keep it as a file of its own?")
                                  .arg(m_sandboxOf),
                        QMessageBox::NoButton, this);
        box.setObjectName(QStringLiteral("leaveSandbox"));
        const QPushButton* keep = box.addButton(tr("&Keep as…"), QMessageBox::AcceptRole);
        const QPushButton* drop = box.addButton(tr("&Discard"), QMessageBox::DestructiveRole);
        box.addButton(QMessageBox::Cancel);
        box.exec();
        const QAbstractButton* chosen = box.clickedButton();
        if (chosen != drop && (chosen != keep || !keepSandbox())) {
            return false;
        }
        if (m_sandboxFolder) { // also one that a killed program left and that is still opening
            m_sandboxFolder->setRemovedAtEnd(true);
        }
    }
    dropSandbox();
    return true;
}

bool MainWindow::keepSandbox() {
    if (!m_sandbox) {
        return false;
    }
    const QString target =
        QFileDialog::getSaveFileName(this, tr("Keep the sandbox as"), keptName(m_sandboxOf),
                                     tr("Databases (*.db);;All files (*)"));
    return !target.isEmpty() && keepSandboxAs(target);
}

bool MainWindow::keepSandboxAs(const QString& target) {
    if (!m_sandbox) { // it ended while a name was chosen
        return false;
    }
    const QString path = m_sandbox->sandbox().path();
    if (m_sandboxFolder && isInFolder(target, QFileInfo(path).path())) {
        m_workspace->notice->answer(
            tr("%1 is in the sandbox's own folder, which goes away with it: choose another place.")
                .arg(target));
        return false;
    }
    if (QFileInfo(target) == QFileInfo(path)) {
        m_workspace->notice->answer(
            tr("%1 is the file of the sandbox itself: choose another place.").arg(target));
        return false;
    }
    if (m_sandbox->sandbox().isBusy()) {
        m_workspace->notice->answer(tr("A command is still running: wait until it has ended, or "
                                       "stop it, and keep the sandbox then."));
        return false;
    }
    // Written beside the target first: a failed copy must not cost what stands there.
    const QString part =
        target + QStringLiteral(".%1.part").arg(QUuid::createUuid().toString(QUuid::Id128));
    const auto copied = copyWhileWaiting(
        this, tr("Keeping the sandbox as %1").arg(QFileInfo(target).fileName()), path, part);
    std::error_code failed;
    if (copied) {
        std::filesystem::rename(toPath(part), toPath(target), failed);
    }
    if (!copied || failed) {
        m_workspace->notice->answer(copied
                                        ? tr("%1 cannot be replaced: %2")
                                              .arg(target, QString::fromStdString(failed.message()))
                                        : toQString(copied.error().describe()));
        QFile::remove(part);
        return false;
    }
    m_workspace->notice->answer(tr("Kept as %1").arg(target));
    m_settings->addRecentFile(target);
    return true;
}

void MainWindow::lookForLeftSandboxes() {
    SandboxFolder::removeUnfinished();
    offerLeftSandbox();
}

// One at a time: when it was opened or deleted, the next one is offered. What the page says is what
// its buttons act on, even if another program leaves a newer one meanwhile.
void MainWindow::offerLeftSandbox() {
    const std::vector<LeftSandbox> left = SandboxFolder::left();
    m_offered.reset();
    if (left.empty()) {
        m_start->clearLeftSandbox();
        return;
    }
    m_offered = left.front();
    const LeftSandbox& newest = *m_offered;
    const QString name = QFileInfo(newest.path).fileName();
    const QString when = QLocale().toString(newest.changed, QLocale::ShortFormat);
    m_start->offerLeftSandbox(
        newest.isCopy
            ? tr("A sandbox copy of %1 was left by a program that ended, last written %2.")
                  .arg(name, when)
            : tr("A new database, %1, was left in a sandbox by a program that ended, last written "
                 "%2.")
                  .arg(name, when),
        int(left.size()) - 1);
}

void MainWindow::openLeftSandbox() {
    if (m_offered && leaveSandbox()) {
        if (auto folder = SandboxFolder::adopt(*m_offered)) {
            const SandboxKind kind =
                folder->isCopy() ? SandboxKind::Copy : SandboxKind::NewDatabase;
            const QString name = QFileInfo(folder->path()).fileName();
            startSandbox(std::move(folder), kind, {}, name);
            m_sandbox->setChanged(); // nobody kept it yet
        }
    }
    offerLeftSandbox();
}

void MainWindow::deleteLeftSandbox() {
    if (m_offered) {
        if (const auto folder = SandboxFolder::adopt(*m_offered)) {
            folder->setRemovedAtEnd(true);
        }
    }
    offerLeftSandbox();
}

} // namespace pagescape::gui
