// SPDX-License-Identifier: MIT
#include "stage/commit_question.h"

#include "pagescape/format.h"

#include <algorithm>
#include <set>
#include <utility>

namespace pagescape::gui {

namespace {

using Idea = CommitOption::Idea;
using Kind = CommitQuestion::Kind;
constexpr std::size_t kOptions = 5;

// What the rest of a transaction does, from the events behind a moment.
struct Rest {
    bool isCommitted = false; ///< its end is in the log, and it is no rollback
    int metaMade = -1;
    std::uint64_t meta = 0;
    int metaWritten = -1;
    int leafAllocated = -1; ///< the allocation of the next leaf's page
    std::uint64_t leaf = 0;
    std::uint32_t leafNode = 0;
    bool isLeafFromFreeRun = false;
};

bool isLeafPage(const PageMadeEvent& made) {
    return (made.flags & format::kLeafFlag) != 0;
}

Rest restOf(const StageLog& log, int event, TxId txid) {
    Rest rest;
    std::optional<std::pair<int, AllocateEvent>>
        allocated; // the newest, until it is known for what
    for (int i = event + 1; i < log.size(); ++i) {
        const auto* write = std::get_if<WriteTraceEvent>(&log.event(i));
        if (write == nullptr) {
            continue;
        }
        if (const auto* tx = std::get_if<WriteTxEvent>(write)) {
            rest.isCommitted = tx->phase == WriteTxEvent::Phase::Commit && tx->txid == txid;
            break;
        }
        if (const auto* taken = std::get_if<AllocateEvent>(write)) {
            allocated.emplace(i, *taken);
        } else if (const auto* made = std::get_if<PageMadeEvent>(write)) {
            if (rest.leafAllocated < 0 && isLeafPage(*made) && allocated &&
                allocated->second.first == made->page) {
                rest.leafAllocated = allocated->first;
                rest.leaf = made->page.value;
                rest.leafNode = made->node;
                rest.isLeafFromFreeRun = !allocated->second.isNew;
            }
        } else if (const auto* meta = std::get_if<MetaMadeEvent>(write)) {
            rest.metaMade = i;
            rest.meta = meta->page.value;
        } else if (const auto* written = std::get_if<WriteEvent>(write);
                   written != nullptr && written->isMeta) {
            rest.metaWritten = i;
        }
    }
    return rest;
}

// Pages that a transaction wrote, from its beginning to the write of its meta.
void countPages(const StageLog& log, int end, CommitQuestion& question) {
    std::uint64_t pages = 0;
    for (int i = end; i >= 0; --i) {
        const auto* write = std::get_if<WriteTraceEvent>(&log.event(i));
        if (write == nullptr) {
            continue;
        }
        if (std::holds_alternative<WriteTxEvent>(*write)) {
            break;
        }
        if (const auto* written = std::get_if<WriteEvent>(write)) {
            pages += written->pages;
        } else if (const auto* made = std::get_if<PageMadeEvent>(write)) {
            question.madeOverflow += made->overflow;
            const bool isFreelist = (made->flags & format::kFreelistFlag) != 0;
            ++(isFreelist          ? question.madeFreelist
               : isLeafPage(*made) ? question.madeLeaves
                                   : question.madeBranches);
        }
    }
    question.answer = pages;
}

// A bucket's new root is named in a leaf of the bucket above it. That is loaded at the commit.
std::uint64_t holdersOf(const StageState& now) {
    std::set<std::uint32_t> levels; // of buckets with nodes
    for (const StageNode& node : now.nodes) {
        if (!node.isGone) {
            levels.insert(node.level);
        }
    }
    return levels.empty() ? 0 : *levels.rbegin() + 1 - levels.size();
}

CommitQuestion ask(Kind kind, const StageLog& log, int event, const StageState& now) {
    CommitQuestion question;
    question.kind = kind;
    question.txid = now.txid;
    question.askedAt = event;
    question.keys = now.costs.puts + now.costs.deletes;
    for (const StageNode& node : now.nodes) {
        question.nodes += node.isGone ? 0U : 1U;
        question.leaves += node.isLeaf && !node.isGone ? 1U : 0U;
        if (node.isLeaf && question.oldLeaf == 0 && node.made.empty()) {
            question.oldLeaf = node.page.value;
        }
    }
    question.holders = holdersOf(now);
    question.highWater = now.highWater.value;
    question.inForce = std::uint64_t(now.activeMeta);
    return answered(log, question);
}

std::uint64_t usualPages(const CommitQuestion& question) {
    return question.nodes + question.holders + 2; // and the freelist, and the meta
}

} // namespace

CommitQuestion answered(const StageLog& log, const CommitQuestion& question) {
    CommitQuestion made = question;
    const Rest rest = restOf(log, question.askedAt, question.txid);
    if (!rest.isCommitted) {
        return made;
    }
    switch (question.kind) {
    case Kind::PageCount:
        made.madeLeaves = made.madeBranches = made.madeOverflow = made.madeFreelist = 0;
        made.revealAt = rest.metaWritten;
        countPages(log, rest.metaWritten, made);
        break;
    case Kind::NewLeaf:
        if (rest.leafAllocated >= 0) {
            made.revealAt = rest.leafAllocated;
            made.answer = rest.leaf;
            made.isFromFreeRun = rest.isLeafFromFreeRun;
            const StageState before = log.stateAt(rest.leafAllocated - 1);
            const StageNode* node = before.node(rest.leafNode);
            made.oldLeaf = node != nullptr ? node->page.value : 0;
        }
        break;
    case Kind::Meta:
        made.revealAt = rest.metaMade;
        made.answer = rest.meta;
        break;
    }
    return made;
}

std::vector<CommitQuestion> commitQuestions(const StageLog& log, int event) {
    if (log.size() == 0 || event < 0) {
        return {};
    }
    event = std::min(event, log.size() - 1);
    const StageState now = log.stateAt(event);
    const bool isUnderWay = now.tx == StageTx::Open || now.tx == StageTx::Committing;
    if (!isUnderWay || now.nodes.empty()) {
        return {};
    }
    const bool isMetaMade =
        now.metaWritten || now.metas[now.txid.value % 2].mark != StageMark::None;
    if (isMetaMade) {
        return {};
    }
    const Rest rest = restOf(log, event, now.txid);
    const bool isPending = !rest.isCommitted && event == log.size() - 1;
    if (!rest.isCommitted && !isPending) {
        return {}; // it was rolled back
    }
    std::vector<CommitQuestion> questions;
    if (now.costs.pagesMade == 0) {
        questions.push_back(ask(Kind::PageCount, log, event, now));
    }
    if (isPending || rest.leafAllocated >= 0) {
        questions.push_back(ask(Kind::NewLeaf, log, event, now));
    }
    questions.push_back(ask(Kind::Meta, log, event, now));
    return questions;
}

std::optional<CommitQuestion> dueCommitQuestion(const StageLog& log, int event) {
    std::vector<CommitQuestion> questions = commitQuestions(log, event);
    if (questions.empty() || event + 1 >= log.size()) {
        return std::nullopt;
    }
    const auto first = [&](Kind kind) -> std::optional<CommitQuestion> {
        const auto found = std::ranges::find(questions, kind, &CommitQuestion::kind);
        return found != questions.end() ? std::optional(*found) : std::nullopt;
    };
    const auto* command = std::get_if<CommandEvent>(&log.event(event));
    if (command != nullptr) { // the command is the commit: nothing of it has happened
        const auto pages = first(Kind::PageCount);
        const int next = pages ? log.commandAt(pages->revealAt) : -1;
        return pages && next == event ? pages : std::nullopt;
    }
    const auto leaf = first(Kind::NewLeaf);
    if (leaf && leaf->revealAt == event + 1 && log.stateAt(event).costs.pagesMade == 0) {
        return leaf;
    }
    const auto meta = first(Kind::Meta);
    return meta && meta->revealAt == event + 1 ? meta : std::nullopt;
}

std::vector<CommitOption> commitOptions(const CommitQuestion& question) {
    std::vector<CommitOption> ideas;
    if (question.answer) {
        ideas.push_back({Idea::Rule, *question.answer});
    }
    switch (question.kind) {
    case Kind::PageCount:
        ideas.push_back({Idea::NodesPlus, usualPages(question)});
        ideas.push_back({Idea::LeavesOnly, question.leaves});
        ideas.push_back({Idea::NodesOnly, question.nodes});
        ideas.push_back({Idea::OneAKey, question.keys});
        ideas.push_back({Idea::WholeFile, question.highWater});
        break;
    case Kind::NewLeaf:
        if (question.oldLeaf > 0) {
            ideas.push_back({Idea::InPlace, question.oldLeaf});
        }
        ideas.push_back({Idea::AtTheEnd, question.highWater});
        break;
    case Kind::Meta:
        ideas.push_back({Idea::MetaInForce, question.inForce});
        ideas.push_back({Idea::Rule, question.txid.value % 2});
        ideas.push_back({Idea::BothMetas, kBothMetas});
        break;
    }
    std::vector<CommitOption> options;
    for (const CommitOption& idea : ideas) {
        const bool isKnown =
            std::ranges::find(options, idea.value, &CommitOption::value) != options.end();
        const bool isSense = idea.value > 0 || question.kind == Kind::Meta;
        if (!isKnown && isSense && options.size() < kOptions) {
            options.push_back(idea);
        }
    }
    std::ranges::sort(options, {}, &CommitOption::value);
    return options;
}

} // namespace pagescape::gui
