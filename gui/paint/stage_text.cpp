// SPDX-License-Identifier: MIT
// Templates are whole sentences, so that they can be translated.
#include "paint/stage_text.h"

#include "pagescape/format.h"
#include "units/units.h"

#include <QCoreApplication>

#include <algorithm>

namespace pagescape::gui {

namespace {

// The context that translators see.
struct Text {
    Q_DECLARE_TR_FUNCTIONS(Stage)
};

QString pagesText(std::uint64_t count) {
    return count == 1 ? Text::tr("1 page") : Text::tr("%1 pages").arg(countText(count));
}

QString itemsText(std::uint64_t count) {
    return count == 1 ? Text::tr("1 item") : Text::tr("%1 items").arg(countText(count));
}

QString pageNumbers(const std::vector<PageId>& pages, std::size_t most) {
    QStringList numbers;
    for (std::size_t i = 0; i < std::min(pages.size(), most); ++i) {
        numbers += QString::number(pages[i].value);
    }
    if (pages.size() > most) {
        numbers += QString(QChar(u'\u2026'));
    }
    return numbers.join(QStringLiteral(", "));
}

QString transactionText(TxId txid) {
    return countText(txid.value);
}

QString hexText(std::uint64_t checksum) {
    return QString::number(checksum, 16).rightJustified(16, QLatin1Char('0')).left(6) +
           QChar(u'\u2026');
}

QStringList fateOf(StageMark mark) {
    switch (mark) {
    case StageMark::Durable: return {Text::tr("survives a crash"), Text::tr("survives")};
    case StageMark::Cached: return {Text::tr("may be lost")};
    default: return {Text::tr("lost in a crash"), Text::tr("lost")};
    }
}

StageMetaRow metaMarkRow(const StageMeta& meta) {
    const QString label = Text::tr("where");
    const bool isOfBefore = meta.mark == StageMark::None && !meta.isSynced;
    switch (isOfBefore ? StageMark::Cached : meta.mark) {
    case StageMark::Made: return {label, Text::tr("memory only"), Text::tr("memory")};
    case StageMark::Cached: return {label, Text::tr("page cache"), Text::tr("cache")};
    default: return {label, Text::tr("on the disk"), Text::tr("disk")};
    }
}

StageMetaRow pageRow(const QString& label, PageId page) {
    return {label, Text::tr("page %1").arg(page.value), QString::number(page.value)};
}

} // namespace

QString stageLaneName(StageLane lane) {
    switch (lane) {
    case StageLane::Nodes: return Text::tr("Nodes");
    case StageLane::Dirty: return Text::tr("Dirty pages");
    case StageLane::Cache: return Text::tr("Page cache");
    case StageLane::Disk: return Text::tr("Disk");
    case StageLane::Meta: break;
    }
    return Text::tr("Meta");
}

QString stageLaneAmount(StageLane lane, const StageFigures& figures) {
    const StageLaneFigures& what = figures.lane(lane);
    if (what.count == 0) {
        return lane == StageLane::Meta ? Text::tr("not made yet") : Text::tr("empty");
    }
    if (lane == StageLane::Meta) {
        return Text::tr("1 page, %1").arg(bytesText(what.bytes));
    }
    if (lane != StageLane::Nodes) {
        return Text::tr("%1, %2").arg(pagesText(what.count), bytesText(what.bytes));
    }
    const QString nodes =
        what.count == 1 ? Text::tr("1 node") : Text::tr("%1 nodes").arg(countText(what.count));
    return Text::tr("%1, %2").arg(nodes, bytesText(what.bytes));
}

QStringList stageLaneFate(StageLane lane, const StageFigures& figures, const StageState& state) {
    if (figures.lane(lane).count == 0) {
        return {};
    }
    switch (lane) {
    case StageLane::Nodes:
    case StageLane::Dirty: return fateOf(StageMark::Made);
    case StageLane::Cache: return fateOf(StageMark::Cached);
    case StageLane::Disk: return fateOf(StageMark::Durable);
    case StageLane::Meta: break;
    }
    return fateOf(state.metas[std::size_t(stageNewMeta(state).value_or(0))].mark);
}

QString stageCrashText(const StageCrash& crash) {
    const QString before = transactionText(crash.before);
    const QString after = transactionText(crash.after);
    if (!crash.isBeforeDurable && !(crash.canBeAfter && !crash.canBeBefore)) {
        return Text::tr(
                   "A crash now: nobody can tell what is left: transaction %1 was never synced.")
            .arg(before);
    }
    if (crash.canBeDamaged) {
        return Text::tr("A crash now: nobody can tell: %1 or %2, or a meta without its pages.")
            .arg(before, after);
    }
    if (crash.canBeAfter && crash.canBeBefore) {
        return Text::tr("A crash now: nobody can tell: %1 or %2. Either is whole.")
            .arg(before, after);
    }
    if (crash.canBeAfter) {
        return Text::tr("A crash now: transaction %1 counts. It is durable.").arg(after);
    }
    if (crash.after.value != 0) {
        return Text::tr("A crash now: transaction %1 counts. Transaction %2 never happened.")
            .arg(before, after);
    }
    return Text::tr("A crash now: transaction %1 counts.").arg(before);
}

QString stageMarkName(StageMark mark) {
    switch (mark) {
    case StageMark::Leaving: return Text::tr("given up");
    case StageMark::Taken: return Text::tr("taken");
    case StageMark::Made: return Text::tr("made");
    case StageMark::Cached: return Text::tr("cached");
    case StageMark::Durable: return Text::tr("durable");
    case StageMark::None: break;
    }
    return {};
}

QString stageMarkSentence(StageMark mark) {
    switch (mark) {
    case StageMark::Leaving:
        return Text::tr("Given up by the transaction, and still valid: the present version needs "
                        "it.");
    case StageMark::Taken: return Text::tr("Taken by the transaction; nothing is in it yet.");
    case StageMark::Made:
        return Text::tr("Its new bytes exist in memory only. The file has the old ones.");
    case StageMark::Cached: return Text::tr("Written, and in the page cache: a crash may lose it.");
    case StageMark::Durable: return Text::tr("Written and synced: it survives a crash.");
    case StageMark::None: break;
    }
    return {};
}

QString stageNodeTitle(const StageNode& node) {
    return node.isLeaf ? Text::tr("leaf, node %1").arg(node.number)
                       : Text::tr("branch, node %1").arg(node.number);
}

QString stageNodePlace(const StageNode& node, std::size_t mostPages) {
    if (!node.made.empty()) {
        const QString pages = pageNumbers(node.made, mostPages);
        const QChar arrow(u'\u2192');
        return node.page.value == 0
                   ? Text::tr("new %1 %2").arg(arrow).arg(pages)
                   : Text::tr("page %1 %2 %3").arg(node.page.value).arg(arrow).arg(pages);
    }
    if (node.isGone) {
        return node.page.value == 0 ? Text::tr("gone")
                                    : Text::tr("gone, was page %1").arg(node.page.value);
    }
    return node.page.value == 0 ? Text::tr("new") : Text::tr("from page %1").arg(node.page.value);
}

QString stageNodeSize(const StageNode& node) {
    return Text::tr("%1, %2").arg(itemsText(node.items), bytesText(node.bytes));
}

QString stageOverfullText(const StageState& state) {
    return state.tx == StageTx::Open ? Text::tr("splits at commit") : Text::tr("more than a page");
}

QString stageMetaTitle(int index) {
    return Text::tr("Meta, page %1").arg(index);
}

std::array<StageMetaRow, 6> stageMetaRows(const StageMeta& meta) {
    const QString transaction = transactionText(meta.txid);
    const QString checksum = hexText(meta.checksum);
    const QString freelist = Text::tr("free list");
    const QString none = Text::tr("not stored");
    std::array<StageMetaRow, 6> rows{{{Text::tr("transaction"), transaction, transaction},
                                      pageRow(Text::tr("root"), meta.root),
                                      pageRow(freelist, meta.freelist),
                                      pageRow(Text::tr("high water"), meta.highWater),
                                      {Text::tr("checksum"), checksum, checksum},
                                      metaMarkRow(meta)}};
    if (meta.freelist.value == format::kNoFreelist) {
        rows[2] = {freelist, none, none};
    }
    if (!meta.isKnown) {
        for (StageMetaRow& row : rows) {
            row.value = row.brief = QString(QChar(u'\u2013'));
        }
    }
    return rows;
}

QString stageMemorySummary(const StageState& state) {
    std::uint64_t living = 0;
    for (const StageNode& node : state.nodes) {
        living += node.number != 0 && !node.isGone ? 1U : 0U;
    }
    switch (state.tx) {
    case StageTx::None: return Text::tr("no write transaction yet");
    case StageTx::Open:
        return Text::tr("transaction %1 is open, nodes: %2")
            .arg(transactionText(state.txid), countText(living));
    case StageTx::Committing:
        return Text::tr("transaction %1 commits, nodes: %2")
            .arg(transactionText(state.txid), countText(living));
    case StageTx::Committed:
        return Text::tr("transaction %1 is committed, its nodes are dropped")
            .arg(transactionText(state.txid));
    case StageTx::Uncertain:
        return Text::tr("the commit of transaction %1 is uncertain, its nodes are dropped")
            .arg(transactionText(state.txid));
    case StageTx::RolledBack: break;
    }
    return Text::tr("transaction %1 was rolled back, its nodes are dropped")
        .arg(transactionText(state.txid));
}

QString stageFileSummary(const StageState& state, const StageFigures& figures) {
    const std::uint64_t pages = state.pages.size();
    const QString size =
        figures.shownPages() < pages
            ? Text::tr("%1 of %2").arg(countText(figures.shownPages()), pagesText(pages))
            : pagesText(pages);
    return Text::tr("%1, free %2, waiting %3, high-water mark %4")
        .arg(size, countText(state.freePages), countText(state.pendingPages),
             QString::number(state.highWater.value));
}

QString stageWritesText(const StageState& state) {
    return Text::tr("file writes: %1").arg(countText(state.costs.writes));
}

} // namespace pagescape::gui
