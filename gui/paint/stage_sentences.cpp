// SPDX-License-Identifier: MIT
// What tooltips and screen readers say of one thing in the picture, and of all of it.
#include "paint/stage_text.h"
#include "units/units.h"

#include <QCoreApplication>

#include <algorithm>

namespace pagescape::gui {

namespace {

// The context that translators see.
struct Text {
    Q_DECLARE_TR_FUNCTIONS(Stage)
};

constexpr std::size_t kMostPages = 20; // that a node became
constexpr std::size_t kMostLines = 40; // of nodes and of pages in the text of the whole picture

QStringList nodeText(const StageNode& node, const StageState& state) {
    QStringList lines{stageNodeTitle(node) + QStringLiteral(": ") +
                      stageNodePlace(node, kMostPages)};
    const std::uint64_t percent =
        state.pageSize == 0 ? 0 : (node.bytes * 100 + state.pageSize / 2) / state.pageSize;
    lines += Text::tr("%1, %2 % of a page").arg(stageNodeSize(node), countText(percent));
    if (node.isGone) {
        lines += state.tx == StageTx::Uncertain
                     ? Text::tr("Dropped: the commit of the transaction is uncertain.")
                 : state.tx == StageTx::RolledBack
                     ? Text::tr("Dropped: the transaction was rolled back.")
                     : Text::tr("Merged away: another node has its items now.");
    } else if (node.bytes > state.pageSize && state.tx == StageTx::Open) {
        lines += Text::tr("More than a page: it splits at the commit, not before.");
    }
    if (node.parent != 0) {
        lines += Text::tr("Below node %1").arg(node.parent);
    }
    lines += Text::tr("Nesting of its bucket: %1. Puts and deletes that hit it: %2")
                 .arg(node.level)
                 .arg(node.changes);
    return lines;
}

QStringList pageText(PageId id, const StageState& state) {
    const StagePage& page = state.pages.at(id);
    QStringList lines{
        Text::tr("page %1: %2")
            .arg(QString::number(id.value), pageClassName(stagePageClass(state, id)))};
    if (page.mark == StageMark::Made) {
        lines += Text::tr("Becomes: %1").arg(pageClassName(stageMadeClass(state, id)));
    }
    if (const QString mark = stageMarkSentence(page.mark); !mark.isEmpty()) {
        lines += mark;
    }
    if (page.life == StageLife::Pending) {
        lines += Text::tr("Freed by transaction %1; it waits until nobody reads it.")
                     .arg(countText(page.freedBy));
    }
    if (page.writtenBy != 0) {
        lines += Text::tr("Written by transaction %1").arg(countText(page.writtenBy));
    }
    if (std::ranges::find(state.path, id) != state.path.end()) {
        lines += Text::tr("On the path of the lookup");
    }
    return lines;
}

QStringList laneText(StageLane lane, const StageState& state, const StageFigures& figures) {
    QStringList lines{stageLaneName(lane) + QStringLiteral(": ") + stageLaneAmount(lane, figures)};
    if (const QStringList fate = stageLaneFate(lane, figures, state); !fate.isEmpty()) {
        lines += fate.first();
    }
    switch (lane) {
    case StageLane::Nodes:
        lines += Text::tr("Nodes of the transaction that have not become pages yet.");
        break;
    case StageLane::Dirty: lines += Text::tr("Bytes of pages in memory, not written yet."); break;
    case StageLane::Cache:
        lines += Text::tr("Given to the system by pwrite; the disk may not have them.");
        break;
    case StageLane::Disk: lines += Text::tr("The disk confirmed them at the sync."); break;
    case StageLane::Meta:
        lines += figures.isDataSafe
                     ? Text::tr("The data is on the disk, so the meta may be written.")
                     : Text::tr("Must wait until the data is on the disk.");
        break;
    }
    return lines;
}

QStringList metaText(int index, const StageState& state) {
    const StageMeta& meta = state.metas[std::size_t(index)];
    QStringList lines{stageMetaTitle(index)};
    if (index == state.activeMeta) {
        lines.front() += QStringLiteral(", ") + Text::tr("in force");
    }
    for (const StageMetaRow& row : stageMetaRows(meta)) {
        lines += row.label + QStringLiteral(": ") + row.value;
    }
    if (meta.isKnown) {
        lines.removeAt(5);
        lines.insert(5, Text::tr("checksum: 0x%1").arg(QString::number(meta.checksum, 16)));
    }
    if (meta.mark == StageMark::Made && state.replaced.isKnown) {
        lines += Text::tr("In the file this page still has transaction %1")
                     .arg(countText(state.replaced.txid.value));
    }
    return lines;
}

} // namespace

QStringList stageTargetText(const StageTarget& target, const StageState& state,
                            const StageFigures& figures) {
    switch (target.kind) {
    case StageTarget::Kind::Node: {
        const StageNode* node = state.node(std::uint32_t(target.id));
        return node == nullptr ? QStringList() : nodeText(*node, state);
    }
    case StageTarget::Kind::Page: return pageText(PageId{target.id}, state);
    case StageTarget::Kind::Lane:
        return target.id < kStageLaneCount ? laneText(StageLane(target.id), state, figures)
                                           : QStringList();
    case StageTarget::Kind::Meta: break;
    }
    return target.id < 2 ? metaText(int(target.id), state) : QStringList();
}

QStringList stageAsText(const StageState& state, const StageFigures& figures) {
    QStringList lines{
        stageCrashText(figures.crash),
        Text::tr("In memory: %1, %2").arg(stageMemorySummary(state), stageWritesText(state))};
    for (std::size_t i = 0; i < std::min(state.nodes.size(), kMostLines); ++i) {
        const StageNode& node = state.nodes[i];
        lines += Text::tr("%1: %2, %3")
                     .arg(stageNodeTitle(node), stageNodePlace(node), stageNodeSize(node));
    }
    lines += Text::tr("In the file: %1").arg(stageFileSummary(state, figures));
    for (std::size_t mark = 1; mark < figures.marks.size(); ++mark) {
        if (figures.marks[mark] > 0) {
            lines += Text::tr("%1: %2 of the pages")
                         .arg(stageMarkName(StageMark(mark)), countText(figures.marks[mark]));
        }
    }
    for (std::size_t lane = 0; lane < kStageLaneCount; ++lane) {
        lines += stageLaneName(StageLane(lane)) + QStringLiteral(": ") +
                 stageLaneAmount(StageLane(lane), figures);
    }
    for (int meta = 0; meta < 2; ++meta) {
        lines += metaText(meta, state).join(QStringLiteral(", "));
    }
    return lines;
}

} // namespace pagescape::gui
