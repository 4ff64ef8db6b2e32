// SPDX-License-Identifier: MIT
#include "window/mark_binding.h"

#include "stage/stage_player.h"
#include "units/units.h"
#include "views/map_panel.h"
#include "views/sitting_view.h"
#include "window/compare_binding.h"
#include "window/workspace.h"

#include <algorithm>
#include <utility>

namespace pagescape::gui {

namespace {

QString letter(std::size_t index) {
    return index == 0 ? QStringLiteral("A") : QStringLiteral("B");
}

} // namespace

MarkBinding::MarkBinding(Sandbox* sandbox, Workspace* workspace, CompareBinding* compare,
                         QObject* parent)
    : QObject(parent), m_sandbox(sandbox), m_views(workspace), m_compare(compare) {
    connect(sandbox, &Sandbox::versionsReady, this, &MarkBinding::onVersions);
    connect(sandbox, &Sandbox::historyChanged, this, &MarkBinding::showFlags);
    connect(sandbox, &Sandbox::logChanged, this, &MarkBinding::showFlags);
}

MarkBinding::~MarkBinding() {
    m_sandbox->disconnect(this);
    m_views->sitting->setFlags({});
}

Mark MarkBinding::markAt(int event) const {
    const SandboxHistory& history = m_sandbox->history();
    const StageLog& log = m_sandbox->log();
    Mark made;
    made.event = event;
    made.owner = history.current();
    for (const int node : history.pathTo(history.current())) {
        if (history.node(node).eventsEnd > event + 1) {
            made.owner = node;
            break;
        }
        made.node = node;
    }
    const int end = made.node == 0 ? 0 : history.node(made.node).eventsEnd;
    made.txid = log.stateAt(end - 1).newest().value;
    const StageState state = log.stateAt(event);
    if (state.newest().value != made.txid) {
        made.caveat =
            tr("It lies inside \u201C%1\u201D, whose commits are not kept one by one: the version "
               "before that command, transaction %2, stands for it.")
                .arg(history.node(made.owner).command.text(), countText(made.txid));
    } else if (state.tx == StageTx::Open || state.tx == StageTx::Committing) {
        made.caveat = tr("Transaction %1 is under way there and is in no file yet: transaction %2, "
                         "the newest committed one, stands for it.")
                          .arg(countText(state.txid.value), countText(made.txid));
    }
    return made;
}

void MarkBinding::mark() {
    if (!m_sandbox->isOpen() || m_sandbox->isBusy()) {
        Q_EMIT told(tr("A moment can be marked when no command runs: wait, or stop it."));
        return;
    }
    if (m_marks.size() == 2) {
        clear();
    }
    Mark made = markAt(m_views->stagePlayer->position());
    const auto version = m_sandbox->keepVersion(made.node);
    if (!version) {
        Q_EMIT told(
            tr("This is too long ago: what was overwritten since is not kept any more. Mark "
               "a later moment."));
        return;
    }
    made.version = *version;
    m_marks.push_back(made);
    showFlags();
    QStringList words{
        tr("Mark %1 is set: transaction %2.").arg(letter(m_marks.size() - 1), countText(made.txid)),
        made.caveat};
    if (m_marks.size() == 1) {
        words += tr("Go to another moment and press D again to see what differs.");
    }
    words.removeAll(QString());
    Q_EMIT told(words.join(u' '));
    if (m_marks.size() == 2) {
        compareMarks();
    }
}

// The older version is the one before, whichever was marked first. Of two marks.
std::size_t MarkBinding::olderMark() const {
    return m_marks[1].txid < m_marks[0].txid ? 1 : 0;
}

void MarkBinding::compareMarks() {
    const std::size_t before = olderMark();
    m_sandbox->requestVersions(m_marks[before].version, m_marks[1 - before].version);
}

void MarkBinding::onVersions(const KeptVersions& versions) {
    m_files.clear();
    if (m_marks.size() != 2) { // cleared meanwhile
        return;
    }
    m_files = {versions.before, versions.after};
    if (!versions.error.isEmpty()) {
        Q_EMIT told(versions.error);
        return;
    }
    const std::size_t before = olderMark();
    const auto since = deltaSince(m_sandbox->history(), m_marks[1 - before].node);
    Comparer::Moments moments;
    moments.before = versions.before.path;
    moments.after = versions.after.path;
    moments.beforeName = tr("mark %1").arg(letter(before));
    moments.afterName = tr("mark %1").arg(letter(1 - before));
    moments.isUnwritten = [versions](PageId page, quint32 pageSize) {
        return !versions.isWritten(page, pageSize);
    };
    m_compare->compareMoments(moments, since && !since->isChanged);
    m_views->showTab(m_views->map);
    Q_EMIT compared();
}

void MarkBinding::clear() {
    for (const Mark& mark : std::exchange(m_marks, {})) {
        m_sandbox->forgetVersion(mark.version);
    }
    showFlags();
    m_files.clear();
}

// Only those of the branch that the time line shows.
void MarkBinding::showFlags() {
    const SandboxHistory& history = m_sandbox->history();
    const std::vector<int> path = history.pathTo(history.current());
    std::vector<SittingFlag> flags;
    for (std::size_t i = 0; i < m_marks.size(); ++i) {
        const Mark& mark = m_marks[i];
        const bool isHere = mark.owner == 0 || std::ranges::find(path, mark.owner) != path.end();
        if (isHere && mark.event < m_sandbox->log().size()) {
            flags.push_back({mark.event, letter(i)});
        }
    }
    m_views->sitting->setFlags(std::move(flags));
}

} // namespace pagescape::gui
