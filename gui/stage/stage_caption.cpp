// SPDX-License-Identifier: MIT
// One function for each kind of event. Templates are whole sentences, so that they can be
// translated.
#include "stage/stage_caption.h"

#include "models/caption.h"
#include "pagescape/format.h"
#include "stage/cost_text.h"
#include "stage/reader_hold.h"
#include "units/units.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <span>

namespace pagescape::gui {

using namespace Qt::StringLiterals;

namespace {

QString number(std::uint64_t value) {
    return QString::number(value);
}

// Whether a transaction reached the file, or may have: it was about to write when it failed.
bool isFileTouched(const StageState& state) {
    return state.tx == StageTx::Committing || state.costs.writes > 0;
}

class StageCaptioner {
    Q_DECLARE_TR_FUNCTIONS(StageCaption)

public:
    explicit StageCaptioner(const StageState& before) : m_before(before) {}

    QString operator()(const TraceEvent& e) const { return caption(e, CaptionContext()); }
    QString operator()(const WriteTraceEvent& e) const { return std::visit(*this, e); }

    QString operator()(const CommandEvent& e) const {
        return tr("Asked for: %1.").arg(QString::fromStdString(e.text));
    }
    QString operator()(const FailureEvent& e) const { return QString::fromStdString(e.text); }
    QString operator()(const AnswerEvent& e) const {
        const QString from = e.fromTransaction
                                 ? tr("The open transaction answers, with its own changes in it.")
                                 : tr("The answer is of the last commit.");
        if (!e.isFound) {
            return tr("There is no such key. %1").arg(from);
        }
        return tr("The value is %1, %2. %3").arg(quoted(e.value), bytesText(e.size), from);
    }
    QString operator()(const ReaderEvent& e) const {
        if (e.isOpen) {
            return tr("Reader %1 begins on transaction %2. Whatever commits do from now on, no "
                      "page "
                      "of that version is written over until it ends.")
                .arg(number(e.reader), countText(e.txid.value));
        }
        const std::uint64_t freed = releasedWithout(m_before, e.reader).size();
        return tr("Reader %1 of transaction %2 ends. Nothing changes yet: when the next write "
                  "transaction begins, %3 become free (%4).")
            .arg(number(e.reader), countText(e.txid.value), pages(freed),
                 bytesText(freed * m_before.pageSize));
    }

    QString operator()(const ReopenedEvent& e) const {
        const QString text =
            tr("The database was closed and opened again: the %1 that waited are free now, since "
               "nobody reads, and the file is mapped at 0x%2.")
                .arg(pages(m_before.pendingPages), QString::number(e.mapAddress, 16));
        if (m_before.tx != StageTx::Uncertain) {
            return text;
        }
        return text + u' ' +
               (e.txid == m_before.txid
                    ? tr("The commit that was uncertain counts: transaction %1 was found.")
                          .arg(countText(e.txid.value))
                    : tr("The commit that was uncertain does not count: transaction %1 was found, "
                         "the one before it.")
                          .arg(countText(e.txid.value)));
    }

    QString operator()(const WriteTxEvent& e) const {
        switch (e.phase) {
        case WriteTxEvent::Phase::Begin:
            return tr("Write transaction %1 begins: it takes the writer's lock and a copy of the "
                      "meta, whose root is page %2. The high-water mark is page %3.")
                .arg(countText(e.txid.value), number(e.root.value), number(e.highWater.value));
        case WriteTxEvent::Phase::Commit:
            return tr("Transaction %1 is committed: meta page %2 is the newer one now, and with it "
                      "the tree under page %3. The file before it is still whole under the other "
                      "meta.")
                .arg(countText(e.txid.value), number(e.txid.value % 2), number(e.root.value));
        case WriteTxEvent::Phase::Uncertain:
            return tr("The commit of transaction %1 is uncertain: its meta was given to the file, "
                      "but the disk did not confirm it. Whoever opens the file next finds the one "
                      "version or the other, each of them whole. Until then nothing more is "
                      "written.")
                .arg(countText(e.txid.value));
        case WriteTxEvent::Phase::RolledBack: break;
        }
        const QString text =
            tr("Transaction %1 is rolled back: its nodes are dropped and the pages it took go "
               "back.")
                .arg(countText(e.txid.value));
        if (isFileTouched(m_before)) {
            return text + u' ' +
                   tr("%1 had been written by then, and perhaps a part of one more write, but only "
                      "to pages that no version uses: what is in them does not count.")
                       .arg(bytesText(m_before.costs.writtenBytes));
        }
        return text + u' ' + tr("The file never knew of it.");
    }
    QString operator()(const ReleaseEvent& e) const {
        const QString rest = e.stillPending == 0 ? tr("No page has to wait.")
                                                 : tr("%1 still wait.").arg(pages(e.stillPending));
        if (e.readers.empty()) {
            return tr("Nobody reads, so all that earlier transactions freed may be used again: %1. "
                      "%2")
                .arg(pages(e.pages), rest);
        }
        return tr("The oldest reader sees transaction %1, so what was freed before that may be "
                  "used again, and what was written and freed between two readers: %2. %3")
            .arg(countText(e.readers.front()), pages(e.pages), rest);
    }
    QString operator()(const NodeLoadedEvent& e) const {
        const QString what = e.isLeaf ? tr("leaf") : tr("branch");
        if (e.page.value == 0) {
            return tr("A new %1 node comes into being in memory (node %2): it has no page yet.")
                .arg(what, number(e.node));
        }
        return tr("Page %1 is decoded into a %2 node in memory (node %3, %4, %5), so that it can "
                  "be changed. The page itself stays as it is.")
            .arg(number(e.page.value), what, number(e.node), elements(e.items), bytesText(e.bytes));
    }
    QString operator()(const PutEvent& e) const {
        const QString what = e.isBucket     ? tr("The bucket %1 is put").arg(quoted(e.key))
                             : e.isReplaced ? tr("The value of %1 is replaced").arg(quoted(e.key))
                                            : tr("%1 is put").arg(quoted(e.key));
        QString text = tr("%1 into node %2 in memory, which now has %3 and would take %4. Nothing "
                          "is written.")
                           .arg(what, number(e.node), elements(e.items), bytesText(e.bytes));
        if (e.bytes > m_before.pageSize) {
            text += u' ' + tr("That is more than a page of %1; it is split at the commit, not now.")
                               .arg(bytesText(m_before.pageSize));
        }
        return text;
    }
    QString operator()(const DeleteEvent& e) const {
        return tr("%1 is removed from node %2 in memory, which now has %3. Whether it is too empty "
                  "is looked at when the transaction commits.")
            .arg(quoted(e.key), number(e.node), elements(e.items));
    }
    QString operator()(const RebalanceEvent& e) const {
        using Action = RebalanceEvent::Action;
        const QString why =
            tr("Node %1 has %2 and %3; at %4 or below a node is too empty.")
                .arg(number(e.node), elements(e.items), bytesText(e.bytes), bytesText(e.threshold));
        switch (e.action) {
        case Action::RootCollapsed:
            return tr("The root has a single child left, so the child takes its place and the tree "
                      "is one level lower.");
        case Action::Removed:
            return tr("Node %1 is empty, so it is taken out of its parent.").arg(e.node);
        case Action::MergedIntoLeft:
            return why + u' ' +
                   tr("It is merged into its left neighbour, node %1.").arg(e.siblingNode);
        case Action::MergedRight: break;
        }
        return why + u' ' +
               tr("It is its parent's first child, so its right neighbour, node %1, is merged into "
                  "it.")
                   .arg(e.siblingNode);
    }
    QString operator()(const SplitEvent& e) const {
        if (e.pages <= 1 && e.bytes <= e.pageSize) {
            return tr("Node %1 takes %2 with %3 and fits a page of %4: no split.")
                .arg(number(e.node), bytesText(e.bytes), elements(e.items), bytesText(e.pageSize));
        }
        if (e.pages <= 1) {
            return tr("Node %1 takes %2, more than a page of %3, but %4 are too few to split: it "
                      "becomes a run with overflow pages.")
                .arg(number(e.node), bytesText(e.bytes), bytesText(e.pageSize), elements(e.items));
        }
        const std::uint64_t percent = e.pageSize == 0 ? 0 : e.threshold * 100 / e.pageSize;
        return tr("Node %1 of %2 exceeds a page of %3 and has %4, so it is split: a page is filled "
                  "up to %5 % (%6), which makes %7 pages.")
            .arg(number(e.node), bytesText(e.bytes), bytesText(e.pageSize), elements(e.items),
                 number(percent), bytesText(e.threshold), number(e.pages));
    }
    QString operator()(const AllocateEvent& e) const {
        if (e.isNew) {
            return tr("No free run is long enough for %1, so the high-water mark is raised: %2 to "
                      "use.")
                .arg(pages(e.pages), runText(e.first, e.pages));
        }
        return tr("%1 is taken from the free list: from the front of a free run of %2.")
            .arg(runText(e.first, e.pages), pages(e.runPages));
    }
    QString operator()(const FreeEvent& e) const {
        return tr("%1 is given up. It stays as it is: the present version and its readers need it "
                  "until a later transaction finds that nobody does.")
            .arg(runText(e.first, e.pages));
    }
    QString operator()(const PageMadeEvent& e) const {
        if (e.flags == format::kFreelistFlag) {
            return tr("The list of free and waiting pages, %1, becomes page %2. It is written anew "
                      "by each commit.")
                .arg(pages(e.items), number(e.page.value));
        }
        const StageNode* node = m_before.node(e.node);
        const QString what = e.flags == format::kBranchFlag ? tr("branch") : tr("leaf");
        const QString text = tr("Node %1 becomes the bytes of %2 page %3: %4, %5.")
                                 .arg(number(e.node), what, number(e.page.value), elements(e.items),
                                      bytesText(e.bytes));
        if (node == nullptr || node->page.value == 0) {
            return text;
        }
        return text + u' ' +
               tr("The new page lands beside the old one, page %1, which is not touched.")
                   .arg(node->page.value);
    }
    QString operator()(const MetaMadeEvent& e) const {
        const StageMeta& other = m_before.metas[1 - (e.page.value & 1U)];
        return tr("The new meta goes to page %1, because transaction %2 modulo 2 is %1: root page "
                  "%3, free list %4, high-water mark %5, checksum 0x%6. Until it is written, "
                  "transaction %7 in meta page %8 counts.")
            .arg(number(e.page.value), countText(e.txid.value), number(e.root.value),
                 e.freelist.value == format::kNoFreelist ? tr("not stored")
                                                         : tr("page %1").arg(e.freelist.value),
                 number(e.highWater.value), QString::number(e.checksum, 16),
                 countText(other.txid.value), number(1 - e.page.value));
    }
    QString operator()(const RemapEvent& e) const {
        if (e.newLength == e.oldLength) {
            return tr("The pages need %1, as much as is mapped or more: then the file is mapped "
                      "anew, though the rule gives the same length again, %2. It lies at 0x%3 now, "
                      "before that at 0x%4. Readers keep the old mapping until they end; nobody "
                      "waits.")
                .arg(bytesText(e.needed), bytesText(e.newLength), QString::number(e.newAddress, 16),
                     QString::number(e.oldAddress, 16));
        }
        return tr("The pages need %1 and the mapping has %2, so the file is mapped anew: %3 at "
                  "0x%4, before that at 0x%5. Readers keep the old mapping until they end; nobody "
                  "waits.")
            .arg(bytesText(e.needed), bytesText(e.oldLength), bytesText(e.newLength),
                 QString::number(e.newAddress, 16), QString::number(e.oldAddress, 16));
    }
    QString operator()(const GrowEvent& e) const {
        const QString sync = e.isSynced ? tr("Its new length is synced at once.")
                                        : tr("Its new length is not synced.");
        return tr("The high-water mark passed the end of the file: it grows from %1 to %2. %3")
            .arg(bytesText(e.oldSize), bytesText(e.newSize), sync);
    }
    QString operator()(const WriteEvent& e) const {
        if (e.isMeta) {
            return tr("Meta page %1 is written, %2 at byte %3. From now on whoever opens the file "
                      "finds the new version; the disk may not have it yet.")
                .arg(number(e.first.value), bytesText(e.bytes.size()), countText(e.bytes.begin));
        }
        return tr("%1 is written at byte %2 (%3): pwrite, not the mapping. The system has it in "
                  "its "
                  "page cache; after a crash it may be there or not.")
            .arg(runText(e.first, e.pages), countText(e.bytes.begin), bytesText(e.bytes.size()));
    }
    QString operator()(const SyncEvent& e) const {
        switch (e.after) {
        case SyncEvent::After::Growth: return tr("The disk has the new length of the file.");
        case SyncEvent::After::Data:
            return tr("All pages are on the disk (fdatasync). Only now may the meta be written: it "
                      "must never name a page that a crash could lose.");
        case SyncEvent::After::Meta: break;
        }
        return tr("The meta is on the disk (fdatasync). The commit is durable from here on.");
    }

private:
    static QString quoted(const std::string& bytes) {
        return quotedKey(QByteArray::fromStdString(bytes));
    }
    static QString pages(std::uint64_t count) {
        return count == 1 ? tr("1 page") : tr("%1 pages").arg(countText(count));
    }
    static QString elements(std::uint64_t count) {
        return count == 1 ? tr("1 element") : tr("%1 elements").arg(countText(count));
    }
    static QString runText(PageId first, std::uint64_t count) {
        return count == 1
                   ? tr("Page %1").arg(first.value)
                   : tr("The run of pages %1 to %2").arg(first.value).arg(first.value + count - 1);
    }

    const StageState& m_before;
};

struct KindTexts {
    Q_DECLARE_TR_FUNCTIONS(StageKind)

public:
    static QString of(std::size_t kind) {
        // In the order of kindOf().
        const std::array<QString, kStageKindCount> texts{
            tr("command"),      tr("failure"),      tr("answer"),         tr("reader"),
            tr("opened again"), tr("meta chosen"),  tr("bucket entered"), tr("page read"),
            tr("comparison"),   tr("child chosen"), tr("key found"),      tr("key missing"),
            tr("value"),        tr("transaction"),  tr("release"),        tr("node loaded"),
            tr("put"),          tr("delete"),       tr("rebalance"),      tr("split decision"),
            tr("allocate"),     tr("free"),         tr("page made"),      tr("meta made"),
            tr("remap"),        tr("file grows"),   tr("write"),          tr("sync")};
        return kind < texts.size() ? texts[kind] : QString();
    }
};

} // namespace

QString stageCaption(const StageEvent& event, const StageState& before) {
    return std::visit(StageCaptioner(before), event);
}

QString stageCaptionAt(const StageLog& log, int index) {
    if (index < 0 || index >= log.size()) {
        return QCoreApplication::translate(
            "StageCaption", "Nothing has happened yet. Put a key, and step through what the engine "
                            "does with it.");
    }
    return stageCaption(log.event(index), log.stateAt(index - 1));
}

QString stageKindText(const StageEvent& event) {
    return KindTexts::of(kindOf(event));
}

QString stageKindText(std::size_t kind) {
    return KindTexts::of(kind);
}

QStringList transactionSummary(const StageState& state) {
    const auto tr = [](const char* text) {
        return QCoreApplication::translate("StageCaption", text);
    };
    const StageCosts& costs = state.costs;
    if (state.tx == StageTx::Uncertain) {
        return {tr("Uncertain: %1 were written, but the disk did not confirm the meta of "
                   "transaction %2. Undo opens the file again and goes back to the version before.")
                    .arg(bytesText(costs.writtenBytes), countText(state.txid.value))};
    }
    if (state.tx == StageTx::RolledBack && costs.writes > 0) {
        return {tr("Rolled back after %1 had been written in %2, to pages that no version "
                   "uses: the last commit counts as before.")
                    .arg(bytesText(costs.writtenBytes), runsText(costs.writes))};
    }
    if (state.tx == StageTx::RolledBack) {
        const bool hasBegun = std::ranges::any_of(
            state.nodes, [](const StageNode& node) { return !node.made.empty(); });
        return {hasBegun ? tr("Rolled back at the commit: no write was completed.")
                         : tr("Rolled back: nothing was written.")};
    }
    if (state.tx != StageTx::Committed) {
        return {};
    }
    QStringList lines{tr("%1 of keys and values were asked for, %2 were written in %3 and %4.")
                          .arg(bytesText(costs.userBytes), bytesText(costs.writtenBytes),
                               runsText(costs.writes), syncsText(costs.syncs))};
    if (costs.userBytes > 0) {
        lines += tr("That is %1 bytes written for each byte asked for.")
                     .arg(double(costs.writtenBytes) / double(costs.userBytes), 0, 'f', 1);
    }
    lines += tr("Pages made: %1, given up: %2, waiting until no reader and no meta needs them: %3.")
                 .arg(countText(costs.pagesMade), countText(costs.pagesFreed),
                      countText(state.pendingPages));
    for (const StageReader& reader : state.readers) {
        lines += tr("Reader %1 of transaction %2 holds %3.")
                     .arg(QString::number(reader.reader), countText(reader.txid.value),
                          bytesText(heldBytes(state, reader.txid)));
    }
    return lines;
}

} // namespace pagescape::gui
