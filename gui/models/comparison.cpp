// SPDX-License-Identifier: MIT
// The sentences about a comparison.
#include "models/comparison.h"

#include "units/units.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QStringList>

#include <algorithm>

namespace pagescape::gui {

namespace {

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(Comparison)
};

QString tr(const char* text) {
    return Texts::tr(text);
}

QString pages(quint64 count) {
    return count == 1 ? tr("1 page") : tr("%1 pages").arg(countText(count));
}

// Of the pages in the spans those with this id and higher ones.
quint64 pagesFrom(const std::vector<PageIdSpan>& spans, quint64 first) {
    quint64 count = 0;
    for (const PageIdSpan& span : spans) {
        const quint64 end = span.first.value + span.count;
        count += end > first ? end - std::max<quint64>(first, span.first.value) : 0;
    }
    return count;
}

quint64 entryCount(const DiffSummary& summary) {
    return summary.keysAdded + summary.keysRemoved + summary.keysChanged + summary.bucketsAdded +
           summary.bucketsRemoved + summary.sequencesChanged;
}

// "Keys: 3 added, 1 removed, 12 changed."
QString changes(const QString& what, quint64 added, quint64 removed, quint64 changed,
                const QString& changedText) {
    return tr("%1: %2 added, %3 removed, %4 %5.")
        .arg(what, countText(added), countText(removed), countText(changed), changedText);
}

} // namespace

QString versionName(const Comparison& comparison, DiffOrigin side) {
    const ComparedVersion& version =
        side == DiffOrigin::Before ? comparison.before : comparison.after;
    return comparison.isOneFile     ? tr("transaction %1").arg(countText(version.txid))
           : version.name.isEmpty() ? QFileInfo(version.path).fileName()
                                    : version.name;
}

QString comparisonTitle(const Comparison& comparison) {
    if (comparison.isOneFile) {
        const auto where = [](const ComparedVersion& version) {
            return version.meta < 0 ? tr("seen by the reader") : tr("meta %1").arg(version.meta);
        };
        return tr("Before: transaction %1 (%2). After: transaction %3 (%4).")
            .arg(countText(comparison.before.txid), where(comparison.before),
                 countText(comparison.after.txid), where(comparison.after));
    }
    return tr("Before: %1 (transaction %2). After: %3 (transaction %4).")
        .arg(versionName(comparison, DiffOrigin::Before), countText(comparison.before.txid),
             versionName(comparison, DiffOrigin::After), countText(comparison.after.txid));
}

QString entriesSentence(const Comparison& comparison) {
    const DiffSummary& summary = comparison.summary;
    QStringList sentences{changes(tr("Keys"), summary.keysAdded, summary.keysRemoved,
                                  summary.keysChanged, tr("changed"))};
    if (summary.bucketsAdded + summary.bucketsRemoved + summary.sequencesChanged > 0) {
        sentences += changes(tr("Buckets"), summary.bucketsAdded, summary.bucketsRemoved,
                             summary.sequencesChanged, tr("with another sequence"));
    }
    if (summary.isRootSequenceChanged) {
        sentences += tr("The root bucket has another sequence.");
    }
    if (summary.isEqual() && summary.isWhole) {
        sentences = {tr("Both hold the same keys and values.")};
    }
    return sentences.join(u' ');
}

QString pagesSentence(const Comparison& comparison, std::optional<quint64> samePages) {
    const PageDiff& found = comparison.summary.pages;
    const quint64 same = comparison.isOneFile ? samePages.value_or(0) : pagesIn(found.same);
    QString text = tr("Pages of the trees: %1 only before, %2 only after, %3 in both but different")
                       .arg(countText(pagesIn(found.onlyBefore)),
                            countText(pagesIn(found.onlyAfter)), countText(pagesIn(found.changed)));
    // What two states of one sitting share is not looked at, so it is not counted either.
    const bool isCounted =
        comparison.isOneFile ? samePages.has_value() : comparison.summary.subtreesShared == 0;
    if (isCounted) {
        text += tr(", %1 the same").arg(countText(same));
    }
    text += u'.';
    // The map has no cells for these.
    const quint64 beyond =
        comparison.isOneFile ? 0 : pagesFrom(found.onlyBefore, comparison.after.pageCount);
    if (beyond > 0) {
        text += u' ' + tr("%1 of those only before lie beyond the end of the file on show.")
                           .arg(countText(beyond));
    }
    return text;
}

QString costSentence(const Comparison& comparison) {
    const quint64 read = comparison.summary.pagesRead;
    if (comparison.isOneFile) {
        return tr("%1 of %2 had to be read: what both versions share needs no look.")
            .arg(countText(read), pages(comparison.after.pageCount));
    }
    if (comparison.isRelated) {
        return tr("%1 of %2 and %3 were read: what was not written in between needs no look.")
            .arg(countText(read), countText(comparison.before.pageCount),
                 pages(comparison.after.pageCount));
    }
    return tr("%1 of %2 and %3 were read: nothing is shared between two files.")
        .arg(countText(read), countText(comparison.before.pageCount),
             pages(comparison.after.pageCount));
}

QString limitsSentence(const Comparison& comparison, std::size_t entriesKept) {
    QStringList sentences;
    if (!comparison.error.isEmpty()) {
        sentences += comparison.error;
    }
    if (comparison.isStopped) {
        sentences += tr("The comparison was stopped: these are the differences found so far.");
    }
    if (comparison.summary.partsSkipped > 0) {
        sentences += tr("%1 damaged parts were left out; what stands there counts as missing.")
                         .arg(countText(comparison.summary.partsSkipped));
        if (!comparison.skipped.empty()) {
            sentences += comparison.skipped.front();
        }
    }
    if (const quint64 all = entryCount(comparison.summary); all > entriesKept) {
        sentences += tr("The list holds the first %1 of %2 differences; the totals count all.")
                         .arg(countText(entriesKept), countText(all));
    }
    return sentences.join(u' ');
}

} // namespace pagescape::gui
