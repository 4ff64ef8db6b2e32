// SPDX-License-Identifier: MIT
// Questions about a commit before it shows: how many pages, which meta, where the new leaf goes.
// The answers are the engine's: they come from the events behind the moment at which one is asked,
// and where there are none yet, from those that will come.
#pragma once

#include "stage/stage_log.h"

#include <QString>

#include <cstdint>
#include <optional>
#include <vector>

namespace pagescape::gui {

/// A question about the transaction that is under way at a moment.
struct CommitQuestion {
    enum class Kind {
        PageCount, ///< how many pages does this commit write, all of them
        NewLeaf,   ///< to which page does the next leaf go
        Meta,      ///< which meta page is written
    };
    Kind kind = Kind::PageCount;
    TxId txid;
    int askedAt = -1;                    ///< event of the log at which it is asked
    int revealAt = -1;                   ///< event that answers it; -1: it has not happened yet
    std::optional<std::uint64_t> answer; ///< pages, a page id, 0 or 1
    /// What the moment shows, for wrong answers with a name.
    std::uint64_t keys = 0;    ///< puts and deletes
    std::uint64_t leaves = 0;  ///< nodes in memory that are leaves
    std::uint64_t nodes = 0;   ///< all of them
    std::uint64_t holders = 0; ///< leaves of buckets above, not in memory yet, that name new roots
    std::uint64_t highWater = 0; ///< pages of the file in use or free
    std::uint64_t inForce = 0;   ///< the meta that counts
    std::uint64_t oldLeaf = 0;   ///< page that the next leaf was read from; 0: it is new
    /// What was written, for the reason: see commitReason().
    std::uint64_t madeLeaves = 0;
    std::uint64_t madeBranches = 0;
    std::uint64_t madeOverflow = 0;
    std::uint64_t madeFreelist = 0;
    bool isFromFreeRun = false; ///< the new leaf took a free page
    friend bool operator==(const CommitQuestion&, const CommitQuestion&) = default;
};

/// What can be asked at a moment, the question that is answered last first. Empty where no
/// transaction is under way or all has been shown. Cost: the events up to the transaction's end.
[[nodiscard]] std::vector<CommitQuestion> commitQuestions(const StageLog& log, int event);

/// Where one is asked at each commit without having pressed a key: just before the commit begins,
/// before the first leaf gets its page, and before the new meta is made.
[[nodiscard]] std::optional<CommitQuestion> dueCommitQuestion(const StageLog& log, int event);

/// The same question once more events have come: with its answer when they have it.
[[nodiscard]] CommitQuestion answered(const StageLog& log, const CommitQuestion& question);

/// An answer to choose, and the idea behind it.
struct CommitOption {
    enum class Idea {
        Rule,        ///< the engine's answer
        OneAKey,     ///< a page for each key
        LeavesOnly,  ///< the changed leaves, nothing above them
        NodesOnly,   ///< the nodes, without freelist and meta
        NodesPlus,   ///< nodes, freelist and meta: right where nothing is split or merged
        WholeFile,   ///< everything is written anew
        InPlace,     ///< where the old leaf is
        AtTheEnd,    ///< behind all other pages
        MetaInForce, ///< the meta that counts is written over
        BothMetas,
    };
    Idea idea = Idea::Rule;
    std::uint64_t value = 0;
};
inline constexpr std::uint64_t kBothMetas = 2; ///< the value of BothMetas

/// Two to five answers, ascending and all different; the engine's is there once it is known.
[[nodiscard]] std::vector<CommitOption> commitOptions(const CommitQuestion& question);

/// The question in words.
[[nodiscard]] QString commitQuestionText(const CommitQuestion& question);
/// "7 pages", "page 12", "meta page 1".
[[nodiscard]] QString commitAnswerText(CommitQuestion::Kind kind, std::uint64_t value);
/// Why the answer is what it is, with the engine's numbers; the question must be answered.
[[nodiscard]] QString commitReason(const CommitQuestion& question);
/// What an idea overlooks; empty for the right one.
[[nodiscard]] QString commitIdeaText(CommitOption::Idea idea);

} // namespace pagescape::gui
