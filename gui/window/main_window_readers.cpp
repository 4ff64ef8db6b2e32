// SPDX-License-Identifier: MIT
// Looking through a reader: the whole window shows what an open read transaction of the sandbox
// sees. Its pages are not used again while it is open, so the view stays whole over any commits.
#include "session/file_session.h"
#include "stage/sitting.h"
#include "views/readers_panel.h"
#include "window/main_window.h"
#include "window/notice_bar.h"
#include "window/sandbox_binding.h"
#include "window/session_binding.h"
#include "window/workspace.h"

#include <QKeyEvent>

namespace pagescape::gui {

void MainWindow::makeReaderAction() {
    QAction* look =
        m_actions.add(QStringLiteral("look-through-reader"), tr("&Look through the chosen reader"),
                      QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_R));
    look->setCheckable(true);
    connect(look, &QAction::triggered, this, &MainWindow::toggleReaderLook);
}

void MainWindow::connectReaders() {
    connect(m_sandbox.get(), &SandboxBinding::lookRequested, this, &MainWindow::lookThrough);
    connect(&m_sandbox->sandbox(), &Sandbox::readersEnding, this, [this](std::uint64_t reader) {
        const std::uint64_t looked = m_lookedReader;
        if (looked == 0 || (reader != 0 && reader != looked)) {
            return;
        }
        lookThrough(0);
        m_workspace->notice->answer(
            tr("Reader %1 ends, so the window shows the newest version again: the next "
               "transaction may write over what the reader saw.")
                .arg(looked));
    });
}

// The chosen one; the only one where none is chosen.
void MainWindow::toggleReaderLook() {
    std::uint64_t reader = 0;
    if (m_sandbox && m_lookedReader == 0) {
        const std::vector<StageReader>& open = m_sandbox->sandbox().log().newest().readers;
        reader = m_workspace->readers->chosenReader();
        if (reader == 0 && open.size() == 1) {
            reader = open.front().reader;
        }
        if (reader == 0) {
            m_workspace->notice->answer(
                open.empty() ? tr("No reader is open: open one in the Readers panel.")
                             : tr("Choose in the Readers panel which of the open "
                                  "readers to look through."));
        }
    }
    lookThrough(reader);
}

void MainWindow::lookThrough(std::uint64_t reader) {
    if (!m_binding || !m_sandbox || reader == m_lookedReader) {
        showVersion(); // a click has turned the action's tick
        return;
    }
    const auto meta = m_sandbox->sandbox().readerMeta(reader);
    if (reader != 0 && !meta) {
        m_workspace->notice->answer(tr("Reader %1 has ended: what it saw may be written over. "
                                       "Open another one.")
                                        .arg(reader));
        showVersion();
        return;
    }
    const QString path = m_sandbox->sandbox().path();
    FileSession::OpenResult result =
        meta ? FileSession::openThrough(path, *meta) : FileSession::open(path);
    if (!result.session) {
        m_workspace->notice->answer(result.error);
        showVersion();
        return;
    }
    setLookedReader(reader);
    showOtherVersion(std::move(result.session));
}

void MainWindow::setLookedReader(std::uint64_t reader) {
    m_lookedReader = reader;
    m_workspace->readers->setLooked(reader);
}

// Esc that no view had a use for.
void MainWindow::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape && m_lookedReader != 0) {
        lookThrough(0);
        event->accept();
        return;
    }
    QMainWindow::keyPressEvent(event);
}

} // namespace pagescape::gui
