// SPDX-License-Identifier: MIT
// The words of questions about a commit.
#include "stage/commit_question.h"
#include "units/units.h"

#include <QCoreApplication>

namespace pagescape::gui {

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(CommitQuestion)
};

using Kind = CommitQuestion::Kind;

QString pages(std::uint64_t count) {
    return count == 1 ? Text::tr("1 page") : Text::tr("%1 pages").arg(countText(count));
}

} // namespace

QString commitQuestionText(const CommitQuestion& question) {
    switch (question.kind) {
    case Kind::PageCount: {
        const QString keys = question.keys == 1
                                 ? Text::tr("1 key was changed")
                                 : Text::tr("%1 keys were changed").arg(countText(question.keys));
        return Text::tr(
                   "%1 in transaction %2, and %3 nodes are in memory. How many pages will this "
                   "commit write?")
            .arg(keys, countText(question.txid.value), countText(question.nodes));
    }
    case Kind::NewLeaf:
        return question.oldLeaf > 0
                   ? Text::tr("A changed leaf was read from page %1. Where does the new leaf go?")
                         .arg(countText(question.oldLeaf))
                   : Text::tr("Where does the new leaf go?");
    case Kind::Meta: break;
    }
    return Text::tr("Meta page %1 counts now. Which meta page will transaction %2 write?")
        .arg(countText(question.inForce), countText(question.txid.value));
}

QString commitAnswerText(CommitQuestion::Kind kind, std::uint64_t value) {
    switch (kind) {
    case Kind::PageCount: return pages(value);
    case Kind::NewLeaf: return Text::tr("page %1").arg(countText(value));
    case Kind::Meta: break;
    }
    return value == kBothMetas ? Text::tr("both meta pages")
                               : Text::tr("meta page %1").arg(countText(value));
}

QString commitReason(const CommitQuestion& question) {
    switch (question.kind) {
    case Kind::PageCount: {
        QString text = Text::tr("Every page from a changed leaf up to the root is written anew: %1 "
                                "of leaves and %2 of branches.")
                           .arg(countText(question.madeLeaves), countText(question.madeBranches));
        if (question.madeOverflow > 0) {
            text += u' ' + Text::tr("%1 more hold what is longer than a page.")
                               .arg(countText(question.madeOverflow));
        }
        return text + u' ' +
               (question.madeFreelist > 0
                    ? Text::tr("The list of free pages and the meta come on top.")
                    : Text::tr("The meta comes on top."));
    }
    case Kind::NewLeaf:
        return question.isFromFreeRun
                   ? Text::tr(
                         "The first run of free pages that is long enough gives it. The old page "
                         "stays as it is: readers and the other meta still see it.")
                   : Text::tr(
                         "No run of free pages is long enough, so the high-water mark rises. The "
                         "old page stays as it is.");
    case Kind::Meta: break;
    }
    return Text::tr("Transactions take turns: %1 modulo 2 is %2. The meta that counts is never "
                    "written over, so a crash leaves one whole version.")
        .arg(countText(question.txid.value), countText(question.answer.value_or(0)));
}

QString commitIdeaText(CommitOption::Idea idea) {
    using Idea = CommitOption::Idea;
    switch (idea) {
    case Idea::Rule: break;
    case Idea::OneAKey:
        return Text::tr("A page holds many keys, and pages above them change, too.");
    case Idea::LeavesOnly:
        return Text::tr("A leaf that moves needs its parent to point to the new place, up to the "
                        "root.");
    case Idea::NodesOnly:
        return Text::tr(
            "The tree alone is not enough: pages became free and others were taken, and "
            "the meta has to name the new root.");
    case Idea::NodesPlus:
        return Text::tr("The nodes, the leaves that name new roots of buckets, the free list and "
                        "the meta: right where no node is split or merged and each fits a page.");
    case Idea::WholeFile:
        return Text::tr("Pages that nothing changed stay where they are and are shared by both "
                        "versions.");
    case Idea::InPlace:
        return Text::tr("Nothing is written over in place: a reader may look at that page, and a "
                        "crash would leave half of each version.");
    case Idea::AtTheEnd:
        return Text::tr("The file grows only when no run of free pages is long enough.");
    case Idea::MetaInForce:
        return Text::tr("A torn write to the only valid meta would lose everything.");
    case Idea::BothMetas:
        return Text::tr(
            "The other meta keeps the version before: it is what a crash falls back to.");
    }
    return {};
}

} // namespace pagescape::gui
