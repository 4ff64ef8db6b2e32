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
#include <QPushButton>
#include <QUuid>

#include <filesystem>
#include <system_error>
#include <utility>

namespace pagescape::gui {

namespace {

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
    QMessageBox box(QMessageBox::Question, tr("A write transaction is open"),
                    tr("What the open transaction changed is not in %1 yet. Commit it, or roll it "
                       "back and lose the changes?")
                        .arg(m_sandboxOf),
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
    QEventLoop ends;
    connect(&sandbox, &Sandbox::finished, &ends,
            [&](const SandboxCommand&, const QString& text) { error = text; });
    connect(&sandbox, &Sandbox::busyChanged, &ends, [&](bool isBusy) {
        if (!isBusy) {
            ends.quit();
        }
    });
    sandbox.stop();
    sandbox.run(command);
    ends.exec(QEventLoop::ExcludeUserInputEvents); // a commit or a rollback, no generator
    return error.isEmpty();                        // else the notice bar says why
}

bool MainWindow::leaveSandbox() {
    if (!m_sandbox) {
        return true;
    }
    if (m_asksBeforeLosing && !endTransaction()) {
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
    const QString path = m_sandbox->sandbox().path();
    if (QFileInfo(target) == QFileInfo(path)) {
        return true;
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

// One at a time: when it was opened or deleted, the next one is offered.
void MainWindow::offerLeftSandbox() {
    const std::vector<LeftSandbox> left = SandboxFolder::left();
    if (left.empty()) {
        m_start->clearLeftSandbox();
        return;
    }
    const LeftSandbox& newest = left.front();
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
    const std::vector<LeftSandbox> left = SandboxFolder::left();
    if (!left.empty() && leaveSandbox()) {
        if (auto folder = SandboxFolder::adopt(left.front())) {
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
    const std::vector<LeftSandbox> left = SandboxFolder::left();
    if (!left.empty()) {
        SandboxFolder::adopt(left.front()).reset(); // and removed with it
    }
    offerLeftSandbox();
}

} // namespace pagescape::gui
