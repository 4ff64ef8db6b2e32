// SPDX-License-Identifier: MIT
// The versions of a file in the window: looking through the other meta, comparing, measuring.
#include "sandbox/sandbox_copier.h"
#include "session/file_session.h"
#include "views/byte_canvas_view.h"
#include "views/commit_view.h"
#include "views/difference_panel.h"
#include "views/growth_canvas.h"
#include "views/growth_view.h"
#include "views/hex_view.h"
#include "views/inspector_panel.h"
#include "views/map_panel.h"
#include "views/sitting_view.h"
#include "views/stage_view.h"
#include "views/task_strip.h"
#include "views/tree_view.h"
#include "window/compare_binding.h"
#include "window/main_window.h"
#include "window/mark_binding.h"
#include "window/notice_bar.h"
#include "window/sandbox_binding.h"
#include "window/session_binding.h"
#include "window/statistics_binding.h"
#include "window/window_text.h"
#include "window/workspace.h"

#include <QDockWidget>
#include <QFileDialog>
#include <QFileInfo>
#include <QShortcut>

namespace pagescape::gui {

void MainWindow::makeCompareActions() {
    QAction* previous = m_actions.add(QStringLiteral("previous-version"), tr("Pre&vious version"),
                                      QKeySequence(Qt::CTRL | Qt::Key_M));
    previous->setCheckable(true);
    connect(previous, &QAction::triggered, this, &MainWindow::showPreviousVersion);
    QAction* compare =
        m_actions.add(QStringLiteral("compare"), tr("&Compare with the previous version"),
                      QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_M));
    connect(compare, &QAction::triggered, this, [this] {
        raiseDock(m_differenceDock);
        m_compare->compareVersions();
    });
    QAction* other =
        m_actions.add(QStringLiteral("compare-file"), tr("Compare with another &file\u2026"));
    connect(other, &QAction::triggered, this, &MainWindow::chooseComparison);
    QAction* statistics =
        m_actions.add(QStringLiteral("statistics"), tr("&Statistics of the trees"),
                      QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_T));
    connect(statistics, &QAction::triggered, this, [this] { raiseDock(m_statisticsDock); });
    connect(m_compare, &CompareBinding::tasksChanged, this, &MainWindow::showTasks);
    connect(m_statistics, &StatisticsBinding::tasksChanged, this, &MainWindow::showTasks);
    addLetterKey({m_workspace->map->map(), m_workspace->tree, m_workspace->inspector->canvas(),
                  m_workspace->inspector->hexView()},
                 Qt::Key_M, previous);
    makeMarkActions();
}

void MainWindow::makeMarkActions() {
    QAction* mark = m_actions.add(QStringLiteral("mark"), tr("&Mark this moment"));
    mark->setToolTip(tr("Mark it, then another one: what differs between the two is shown"));
    connect(mark, &QAction::triggered, this, [this] {
        if (m_marks) {
            m_marks->mark();
        } else {
            m_workspace->notice->answer(
                tr("Moments are marked in a sandbox: choose File ▸ Edit a copy first."));
        }
    });
    QAction* clear = m_actions.add(QStringLiteral("clear-marks"), tr("C&lear the marks"));
    connect(clear, &QAction::triggered, this, [this] {
        if (m_marks) {
            m_marks->clear();
        }
    });
    addLetterKey({m_workspace->map->map(), m_workspace->tree, m_workspace->stage,
                  m_workspace->growth->canvas(), m_workspace->sitting},
                 Qt::Key_D, mark);
    QAction* ask = m_actions.add(QStringLiteral("ask"), tr("&Ask me about the next step"));
    connect(ask, &QAction::triggered, this, [this] {
        if (m_sandbox) {
            m_sandbox->askAboutCommit();
        } else {
            m_workspace->notice->answer(CommitView::whyNot());
        }
    });
    addLetterKey({m_workspace->stage, m_workspace->sitting}, Qt::Key_Question, ask);
}

// One letter, in the pictures only: in lists and text it would be typed.
void MainWindow::addLetterKey(const QList<QWidget*>& canvases, Qt::Key letter, QAction* action) {
    for (QWidget* canvas : canvases) {
        auto* key = new QShortcut(letter, canvas);
        key->setContext(Qt::WidgetWithChildrenShortcut);
        key->setEnabled(m_settings->singleKeysEnabled());
        connect(key, &QShortcut::activated, action, &QAction::trigger);
        connect(m_settings, &ViewSettings::singleKeysEnabledChanged, key, &QShortcut::setEnabled);
    }
}

void MainWindow::showPreviousVersion(bool isPrevious) {
    if (!m_binding) {
        return;
    }
    const QString path = m_binding->session().path();
    FileSession::OpenResult result = FileSession::open(
        path, isPrevious ? FileVersion::Previous : FileVersion::Newest, lockingOfFile());
    if (!result.session) {
        m_workspace->notice->answer(result.error);
        showVersion();
        return;
    }
    setLookedReader(0);
    showOtherVersion(std::move(result.session));
}

// Another version of the same file: the user stays where he is.
void MainWindow::showOtherVersion(std::unique_ptr<FileSession> session) {
    PageMapView* map = m_workspace->map->map();
    const auto middle = map->isFitting() ? std::nullopt : map->middlePage();
    const Standpoint kept = m_binding->standpoint();
    bindSession(std::move(session));
    m_binding->restore(kept);
    if (middle) {
        // Both versions are pages of one file: what was in sight stays there, also when the legend
        // has its rows again and the map has its height.
        map->centerOnPage(*middle);
        connect(
            map, &PageMapView::imageChanged, map,
            [map, page = *middle] { map->centerOnPage(page); },
            static_cast<Qt::ConnectionType>(Qt::QueuedConnection | Qt::SingleShotConnection));
    }
}

// What the frame, the title and the menu say about the version on show.
void MainWindow::showVersion() {
    const QString version =
        m_binding ? previousVersionText(m_binding->session().file()) : QString();
    QStringList words{version};
    if (m_binding && m_lookedReader != 0) {
        words += readerVersionText(m_binding->session().file(), m_lookedReader);
    }
    if (m_sandbox) {
        words += sandboxFrameText(m_sandbox->sandbox().kind(), m_sandboxOptions, m_sandboxOf,
                                  m_sandbox->sandbox().path());
    }
    words.removeAll(QString());
    m_workspace->setFrameText(words.join(u'\n'));
    m_actions.get(QStringLiteral("previous-version"))->setChecked(!version.isEmpty());
    m_actions.get(QStringLiteral("look-through-reader"))->setChecked(m_lookedReader != 0);
}

void MainWindow::chooseComparison() {
    if (!m_binding) {
        return;
    }
    const QString folder = QFileInfo(m_binding->session().path()).path();
    const QString path =
        QFileDialog::getOpenFileName(this, tr("Compare: the file that was there before"), folder,
                                     tr("All files (*);;Databases (*.db)"));
    if (!path.isEmpty()) {
        raiseDock(m_differenceDock);
        m_compare->compareWith(path);
    }
}

// A dock at the lower edge opens with room for some rows, one at the side with room for a table.
void MainWindow::raiseDock(QDockWidget* dock) {
    const bool wasShown = dock->isVisible();
    dock->show();
    dock->raise();
    if (dock->isFloating()) {
        return;
    }
    if (dockWidgetArea(dock) != Qt::BottomDockWidgetArea) {
        if (!wasShown) {
            resizeDocks({dock}, {width() * 3 / 10}, Qt::Horizontal);
        }
    } else if (dock->height() < height() / 4) {
        resizeDocks({dock}, {height() * 3 / 10}, Qt::Vertical);
    }
}

void MainWindow::showTasks() {
    std::vector<TaskInfo> tasks = m_copier->tasks(); // Stop is for what was asked for
    const auto ofFile = m_binding ? m_binding->session().tasks() : std::vector<TaskInfo>();
    for (const auto& more : {ofFile, m_compare->tasks(), m_statistics->tasks()}) {
        tasks.insert(tasks.end(), more.begin(), more.end());
    }
    m_tasks->setTasks(tasks);
}

void MainWindow::stopTask(int task) {
    if (task == SandboxCopier::kTask) {
        m_copier->stop();
    } else if (task == Comparer::kTask) {
        m_compare->stop();
    } else if (task == TreeMeasurer::kTask) {
        m_statistics->stop();
    } else if (m_binding) {
        m_binding->session().stopTask(task);
    }
}

} // namespace pagescape::gui
