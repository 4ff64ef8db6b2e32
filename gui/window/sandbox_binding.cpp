// SPDX-License-Identifier: MIT
#include "window/sandbox_binding.h"

#include "models/byte_text.h"
#include "sandbox/sparse_database.h"
#include "stage/page_biography.h"
#include "stage/stage_player.h"
#include "units/units.h"
#include "views/biography_view.h"
#include "views/branch_box.h"
#include "views/bucket_panel.h"
#include "views/commit_view.h"
#include "views/crash_panel.h"
#include "views/generator_dialog.h"
#include "views/growth_view.h"
#include "views/inspector_panel.h"
#include "views/map_panel.h"
#include "views/past_note.h"
#include "views/readers_panel.h"
#include "views/sandbox_panel.h"
#include "views/scratch_bar.h"
#include "views/sitting_view.h"
#include "views/stage_view.h"
#include "window/workspace.h"

#include <QEvent>

#include <algorithm>

namespace pagescape::gui {

QString sandboxFrameText(SandboxKind kind, const SandboxOptions& options,
                         const QString& originalName, const QString& path) {
    const QString keep = SandboxBinding::tr("Keep it with File ▸ Keep the sandbox as.");
    if (options.sparseBytes > 0) {
        return SandboxBinding::tr(
                   "SANDBOX, SPARSE: bucket “%1” holds zeros that make the file %2 long and that "
                   "the file system keeps as holes: %3 on the disk. Put keys elsewhere: the "
                   "mapping then outgrows %2.")
            .arg(QLatin1String(kPaddingBucket), bytesText(options.sparseBytes),
                 bytesText(bytesOnDisk(toPath(path))));
    }
    if (options.initialMapSize > 0) {
        return SandboxBinding::tr("SANDBOX: a new database, mapped at %1 from the start (bolt's "
                                  "InitialMmapSize): no remap up to there.")
                   .arg(bytesText(options.initialMapSize)) +
               u' ' + keep;
    }
    switch (kind) {
    case SandboxKind::Copy:
        return SandboxBinding::tr(
                   "SANDBOX COPY of %1: commands change this copy; %1 stays as it is.")
            .arg(originalName);
    case SandboxKind::NewDatabase:
        return SandboxBinding::tr("SANDBOX: a new database in the temporary folder.") + u' ' + keep;
    case SandboxKind::Original: break;
    }
    return SandboxBinding::tr("EDITING THE ORIGINAL %1: commits are written to this file.")
        .arg(originalName);
}

SandboxBinding::SandboxBinding(std::unique_ptr<Sandbox> sandbox, Workspace* workspace,
                               QObject* parent)
    : QObject(parent), m_sandbox(std::move(sandbox)), m_views(workspace),
      m_labBinding(&m_lab, workspace->crash) {
    connectSandbox();
    connectViews();
    connectTime();
    m_views->setSandboxTabs(true);
    connectLab();
    beginLog();
    showSituation();
}

SandboxBinding::~SandboxBinding() {
    m_sandbox->disconnect(this);
    m_views->stagePlayer->disconnect(this);
    m_views->growth->setLog(nullptr);
    m_views->sitting->clear();
    m_views->readers->setLooked(0);
    m_views->readers->setState({}, m_views->sitting->sitting(), -1);
    m_views->biography->setBiography(PageId{}, {}, false);
    m_views->branches->setBranches({});
    m_views->setSandboxTabs(false);
    m_views->stagePlayer->setLog(nullptr);
    m_views->inspector->pastNote()->setPast(false);
    m_views->buckets->pastNote()->setPast(false);
    m_views->sandboxPanel->scratch()->setSituation({});
}

void SandboxBinding::connectSandbox() {
    Sandbox* sandbox = m_sandbox.get();
    connect(sandbox, &Sandbox::opened, this, &SandboxBinding::beginLog);
    connect(sandbox, &Sandbox::logChanged, this, &SandboxBinding::showLog);
    connect(sandbox, &Sandbox::historyChanged, this, &SandboxBinding::showBranches);
    connect(sandbox, &Sandbox::busyChanged, this, &SandboxBinding::showSituation);
    connect(sandbox, &Sandbox::historyChanged, this, &SandboxBinding::showSituation);
    connect(sandbox, &Sandbox::fileChanged, this, [this] {
        m_isChanged = true;
        m_isLabOld = true;
        Q_EMIT reloadRequested();
    });
    connect(sandbox, &Sandbox::finished, this, [this](const SandboxCommand&, const QString& error) {
        if (!error.isEmpty()) {
            Q_EMIT told(error);
        } else if (m_sandbox->history().node(m_sandbox->history().current()).isTooLarge) {
            Q_EMIT told(tr("This command wrote over more than %1: what was there before is not "
                           "kept, so it cannot be undone.")
                            .arg(bytesText(FileDelta::kMostBytes)));
        }
        refreshLab();
    });
}

void SandboxBinding::connectViews() {
    ScratchBar* scratch = m_views->sandboxPanel->scratch();
    connect(scratch, &ScratchBar::commandRequested, this, &SandboxBinding::run);
    connect(scratch, &ScratchBar::generatorRequested, this, &SandboxBinding::askForGenerator);
    connect(scratch, &ScratchBar::listRequested, this, &SandboxBinding::askForList);
    connect(scratch, &ScratchBar::undoRequested, this, &SandboxBinding::undo);
    connect(scratch, &ScratchBar::redoRequested, this, &SandboxBinding::redo);
    connect(scratch, &ScratchBar::stopRequested, m_sandbox.get(), &Sandbox::stop);
    SandboxPanel* panel = m_views->sandboxPanel;
    connect(panel, &SandboxPanel::questionRequested, this, &SandboxBinding::askAboutCommit);
    connect(panel, &SandboxPanel::askingChanged, m_views->commit, &CommitView::setAsksAlways);
    connect(m_views->commit, &CommitView::asked, this,
            [this] { m_views->showTab(m_views->commit); });
}

void SandboxBinding::showSituation() {
    ScratchBar::Situation situation;
    situation.isOpen = m_sandbox->isOpen();
    situation.isBusy = m_sandbox->isBusy();
    situation.hasTransaction = m_sandbox->hasTransaction();
    situation.isSynced = m_sandbox->isSynced();
    situation.canUndo = m_sandbox->history().undoTarget().has_value();
    situation.canRedo = m_sandbox->history().redoTarget().has_value();
    m_views->sandboxPanel->scratch()->setSituation(situation);
    m_views->crash->setSyncs(m_sandbox->isSynced(), m_sandbox->isOpen() && !m_sandbox->isBusy() &&
                                                        !m_sandbox->hasTransaction());
    m_views->readers->setBusy(situation.isBusy || !situation.isOpen);
    m_views->branches->setBusy(situation.isBusy);
}

// Time: the log, the place in it, readers, branches.
void SandboxBinding::connectTime() {
    for (QWidget* view :
         {static_cast<QWidget*>(m_views->stage), static_cast<QWidget*>(m_views->growth),
          static_cast<QWidget*>(m_views->readers), static_cast<QWidget*>(m_views->biography)}) {
        view->installEventFilter(this);
    }
    StagePlayer* player = m_views->stagePlayer;
    connect(player, &StagePlayer::stageChanged, this, &SandboxBinding::showPlace);
    connect(m_views->sitting, &SittingView::seekRequested, player, &Playback::seek);
    connect(m_views->growth, &GrowthView::seekRequested, player, &Playback::seek);
    connect(m_views->biography, &BiographyView::seekRequested, player, &Playback::seek);
    connect(m_views->sitting, &SittingView::readerChosen, m_views->readers,
            &ReadersPanel::chooseReader);
    connect(m_views->readers, &ReadersPanel::readerChosen, m_views->sitting,
            &SittingView::chooseReader);
    connect(m_views->readers, &ReadersPanel::openRequested, this, [this] {
        SandboxCommand command;
        command.kind = SandboxCommand::Kind::OpenReader;
        run(command);
    });
    connect(m_views->readers, &ReadersPanel::closeRequested, this, [this](std::uint64_t reader) {
        SandboxCommand command;
        command.kind = SandboxCommand::Kind::CloseReader;
        command.number = reader;
        run(command);
    });
    connect(m_views->readers, &ReadersPanel::lookRequested, this, &SandboxBinding::lookRequested);
    connect(m_views->readers, &ReadersPanel::previewPages, this,
            [this](const std::vector<PageId>& pages) {
                m_views->map->map()->setLitPath(pages.empty() ? std::nullopt
                                                              : std::optional(pages));
            });
    connect(m_views->branches, &BranchBox::branchChosen, m_sandbox.get(), &Sandbox::goTo);
    connect(m_views->stage, &StageView::pageActivated, m_views->hub, &SelectionHub::selectPage);
    for (PastNote* note :
         {m_views->inspector->pastNote(), m_views->buckets->pastNote(), m_views->map->pastNote()}) {
        connect(note, &PastNote::newestRequested, player, &Playback::last);
    }
    connect(m_views->stage, &StageView::nodeActivated, this, &SandboxBinding::goToNode);
    connect(m_views->hub, &SelectionHub::selectionChanged, this, &SandboxBinding::showPage);
}

// To the page that the node became, or to the one that it came from while it is in memory only.
void SandboxBinding::goToNode(std::uint32_t number) {
    const StageState& state = m_views->stagePlayer->now();
    const StageNode* node = state.node(number);
    if (node == nullptr) {
        return;
    }
    const bool isWritten = state.tx == StageTx::Committed && !node->made.empty();
    const PageId page = isWritten ? node->made.front() : node->page;
    if (page == PageId{}) {
        Q_EMIT told(tr("Node %1 is new: it has no page before it is written.").arg(number));
        return;
    }
    m_views->hub->selectPage(page);
    Q_EMIT pageRequested(page);
}

// The log begins with what the file was found as.
void SandboxBinding::beginLog() {
    m_views->sitting->clear();
    m_views->growth->setLog(&m_sandbox->log());
    m_views->stagePlayer->setLog(&m_sandbox->log());
    showLog();
}

void SandboxBinding::showLog() {
    m_views->sitting->follow(m_sandbox->log());
    m_views->stagePlayer->logChanged();
    showPage();
}

// Pictures that nobody sees cost nothing; they catch up when they are shown.
void SandboxBinding::showPlace() {
    const StagePlayer& player = *m_views->stagePlayer;
    m_views->sitting->setPosition(player.position());
    for (PastNote* note :
         {m_views->inspector->pastNote(), m_views->buckets->pastNote(), m_views->map->pastNote()}) {
        note->setPast(!player.atEnd());
    }
    if (m_views->stage->isVisible()) {
        m_views->stage->setStage(player.before(), player.now(), player.event());
    }
    if (m_views->growth->isVisible()) {
        m_views->growth->refresh();
        m_views->growth->setPosition(player.position());
    }
    if (m_views->biography->isVisible()) {
        m_views->biography->setPosition(player.position());
    }
    if (m_views->readers->isVisible()) {
        m_views->readers->setState(player.now(), m_views->sitting->sitting(), player.position());
    }
}

bool SandboxBinding::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::Show) {
        showPlace();
        showPage();
    }
    return QObject::eventFilter(watched, event);
}

// A page's history costs a walk over the whole log: only where it is looked at, and not while a
// generator runs.
void SandboxBinding::showPage() {
    const auto page = m_views->hub->selection().page;
    if (!page || !m_sandbox->isOpen() || m_sandbox->isBusy() || !m_views->biography->isVisible()) {
        return;
    }
    const StageLog& log = m_sandbox->log();
    m_views->biography->setBiography(*page, pageBiography(log, *page), log.isFull());
}

void SandboxBinding::showBranches() {
    const SandboxHistory& history = m_sandbox->history();
    const std::vector<int> present = history.pathTo(history.current());
    std::vector<BranchEntry> entries;
    for (const int end : history.branchEnds()) {
        const std::vector<int> path = history.pathTo(end);
        const bool isCurrent = present.size() <= path.size() &&
                               std::equal(present.begin(), present.end(), path.begin());
        entries.push_back({end,
                           path.empty() ? tr("the beginning")
                                        : tr("%1, %n command(s)", nullptr, int(path.size()))
                                              .arg(history.node(end).command.text()),
                           isCurrent});
    }
    m_views->branches->setBranches(entries);
}

// The newest command that ended at or before the event on show. False when it cannot be gone to.
bool SandboxBinding::goWherePlayerStands() {
    const SandboxHistory& history = m_sandbox->history();
    const int events = m_views->stagePlayer->position() + 1;
    int target = 0;
    for (const int node : history.pathTo(history.current())) {
        if (history.node(node).eventsEnd > events) {
            break;
        }
        target = node;
    }
    if (target == history.current() || m_views->stagePlayer->atEnd()) {
        return true;
    }
    if (!m_sandbox->goTo(target)) {
        Q_EMIT told(m_sandbox->isBusy()
                        ? tr("Wait until the running command has ended, or stop it.")
                        : tr("This is too long ago: what was overwritten since is not kept any "
                             "more. Go to the end of the time line."));
        return false;
    }
    Q_EMIT told(tr("You stood in the past, so this command begins a branch there. What came after "
                   "is kept: choose the other branch to go back."));
    return true;
}

void SandboxBinding::run(const SandboxCommand& command) {
    if (goWherePlayerStands()) {
        m_sandbox->run(command);
    }
}

void SandboxBinding::askAboutCommit() {
    m_views->showTab(m_views->commit);
    if (!m_views->commit->ask()) {
        Q_EMIT told(CommitView::whyNot());
    }
}

void SandboxBinding::undo() {
    m_sandbox->undo();
}

void SandboxBinding::redo() {
    m_sandbox->redo();
}

void SandboxBinding::askForGenerator() {
    GeneratorDialog dialog(m_views->sandboxPanel->scratch()->bucket(), m_views);
    if (dialog.exec() == QDialog::Accepted) {
        run(dialog.command());
    }
}

void SandboxBinding::askForList() {
    ListDialog dialog(m_views->sandboxPanel->scratch()->bucket(), m_views);
    if (dialog.exec() == QDialog::Accepted) {
        run(dialog.command());
    }
}

} // namespace pagescape::gui
