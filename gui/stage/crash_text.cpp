// SPDX-License-Identifier: MIT
#include "stage/crash_text.h"

#include "models/page_list_model.h"
#include "units/units.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>

namespace pagescape::gui {

namespace {

// The context that translators see.
struct Text {
    Q_DECLARE_TR_FUNCTIONS(CrashLab)
};

QString kindText(PageKind kind) {
    return kind == PageKind::NotRead ? Text::tr("no page header") : pageKindText(kind);
}

// Each kind once, in the order of the bytes: "leaf + freelist".
QString kindsText(const CrashRow& row) {
    QStringList kinds;
    for (const CrashPage& page : row.pages) {
        if (const QString kind = kindText(page.kind); !kinds.contains(kind)) {
            kinds += kind;
        }
    }
    return kinds.join(QStringLiteral(" + "));
}

} // namespace

QString crashRowText(const CrashRow& row) {
    switch (row.kind) {
    case CrashRow::Kind::Sync: return Text::tr("sync");
    case CrashRow::Kind::Resize: return Text::tr("file grows to %1").arg(bytesText(row.bytes));
    case CrashRow::Kind::Write: break;
    }
    if (row.txid) {
        return Text::tr("meta %1, transaction %2")
            .arg(countText(row.page.value), countText(row.txid->value));
    }
    if (row.pageCount > 1) {
        return Text::tr("pages %1 to %2, %3")
            .arg(countText(row.page.value), countText(row.page.value + row.pageCount - 1),
                 kindsText(row));
    }
    return Text::tr("page %1, %2").arg(countText(row.page.value), kindsText(row));
}

QString crashFateText(const WriteFate& fate, quint32 sectors) {
    switch (fate.kind) {
    case WriteFate::Kind::Survives: return Text::tr("survives");
    case WriteFate::Kind::Lost: return Text::tr("lost");
    case WriteFate::Kind::Torn:
        return Text::tr("torn after %1 of %2").arg(countText(fate.sectors), countText(sectors));
    case WriteFate::Kind::Scattered: break;
    }
    return Text::tr("some sectors");
}

QString crashRowState(const CrashScript& script, const CrashChoice& choice, std::size_t row) {
    const bool isSync = script.rows[row].kind == CrashRow::Kind::Sync;
    if (row >= choice.cursor()) {
        return isSync ? Text::tr("not reached") : Text::tr("not issued");
    }
    if (isSync) {
        return Text::tr("returned");
    }
    const auto open = choice.openIndex(row);
    return open ? crashFateText(choice.fates[*open], script.rows[row].sectors)
                : Text::tr("durable");
}

QString crashStopName(CrashStop::Kind kind) {
    switch (kind) {
    case CrashStop::Kind::BeforeGrowth: return Text::tr("Before growth");
    case CrashStop::Kind::AfterGrowth: return Text::tr("After growth");
    case CrashStop::Kind::BeforeDataSync: return Text::tr("Before data sync");
    case CrashStop::Kind::BeforeMetaWrite: return Text::tr("Before meta write");
    case CrashStop::Kind::BeforeMetaSync: return Text::tr("Before meta sync");
    case CrashStop::Kind::AfterCommit: break;
    }
    return Text::tr("After commit");
}

QString crashStopHint(CrashStop::Kind kind) {
    switch (kind) {
    case CrashStop::Kind::BeforeGrowth: return Text::tr("The file is as long as it was.");
    case CrashStop::Kind::AfterGrowth:
        return Text::tr("The file is longer; no page is written yet.");
    case CrashStop::Kind::BeforeDataSync:
        return Text::tr("All pages are written; the disk may have any of them.");
    case CrashStop::Kind::BeforeMetaWrite:
        return Text::tr("All pages are written; no meta points to them yet.");
    case CrashStop::Kind::BeforeMetaSync:
        return Text::tr("The meta is written; the disk may have it or not.");
    case CrashStop::Kind::AfterCommit: break;
    }
    return Text::tr("The commit has returned to the program.");
}

QString crashChoiceText(const CrashChoice& choice) {
    if (choice.fates.empty()) {
        return Text::tr("the disk has all above");
    }
    const auto count = [&](WriteFate::Kind kind) {
        return int(std::ranges::count(choice.fates, kind, &WriteFate::kind));
    };
    QString text = Text::tr("%n not confirmed", nullptr, int(choice.fates.size()));
    const int lost = count(WriteFate::Kind::Lost);
    const int torn = count(WriteFate::Kind::Torn) + count(WriteFate::Kind::Scattered);
    if (lost > 0) {
        text += Text::tr(", %n lost", nullptr, lost);
    }
    if (torn > 0) {
        text += Text::tr(", %n torn", nullptr, torn);
    }
    return text;
}

QString crashOutcomeText(const CrashOutcome& outcome, const ExpectedStates& expected) {
    const auto txid = outcome.verdict.txid();
    const QString at = txid ? countText(txid->value) : QString();
    const QString after = countText(expected.after.txid.value);
    QString text;
    switch (outcome.crashClass) {
    case CrashClass::NewVersion: text = Text::tr("✓ transaction %1 is there whole").arg(at); break;
    case CrashClass::OldVersion:
        text = Text::tr("✓ transaction %1; %2 never happened").arg(at, after);
        break;
    case CrashClass::WrongVersion:
        text = Text::tr("✗ transaction %1 with other content").arg(at);
        break;
    case CrashClass::Damaged:
        text = Text::tr("✗ transaction %1, damaged: %n finding(s)", nullptr,
                        int(outcome.verdict.damage))
                   .arg(at);
        break;
    case CrashClass::DoesNotOpen: text = Text::tr("✗ does not open"); break;
    }
    return Text::tr("%1 (%2 ×)").arg(text, countText(outcome.count));
}

QString crashSearchText(const CrashSearch& search) {
    if (!search.error.isEmpty()) {
        return search.error;
    }
    const WorstCase& worst = search.worst;
    QString text = Text::tr("%n image(s) tried", nullptr, int(worst.images));
    if (worst.wasStopped) {
        text += Text::tr(", then stopped");
    } else {
        text += worst.isExhaustive ? Text::tr(": every subset, and torn writes")
                                   : Text::tr(": a sample of the subsets, and torn writes");
    }
    return Text::tr("%1. %n different outcome(s), worst first; choose one to set the boxes:",
                    nullptr, int(worst.outcomes.size()))
        .arg(text);
}

QString crashTitle(const CrashScript& script) {
    for (auto row = script.rows.rbegin(); row != script.rows.rend(); ++row) {
        if (row->txid) {
            return Text::tr("%1, transaction %2").arg(script.command, countText(row->txid->value));
        }
    }
    return script.command;
}

QString crashSyncText(const CrashScript& script) {
    return script.isSynced
               ? Text::tr("Recorded with syncs: nothing below a sync line is written before the "
                          "disk has all above it.")
               : Text::tr("Recorded without syncs: the disk may keep any part of all this, also "
                          "the meta without its pages.");
}

} // namespace pagescape::gui
