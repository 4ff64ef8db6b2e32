// SPDX-License-Identifier: MIT
// What readers keep from being used again, and what would become free without one of them: the
// engine's own rule as a dry run on a state. Source: engine/src/store/freelist.cpp, release().
#pragma once

#include "stage/stage_state.h"

#include <QString>
#include <QStringList>

#include <cstdint>
#include <span>
#include <vector>

namespace pagescape::gui {

/// What one open reader holds back. The same page may be held by several.
struct ReaderHold {
    std::uint64_t reader = 0;
    TxId txid;
    std::uint64_t pages = 0;
    std::uint64_t bytes = 0;
    friend bool operator==(const ReaderHold&, const ReaderHold&) = default;
};

/// All of them, and what they hold together.
struct HoldReport {
    std::vector<ReaderHold> readers; ///< in order of opening
    std::uint64_t heldPages = 0;     ///< that the next Begin would not free
    std::uint64_t duePages = 0;      ///< that wait, and that the next Begin would free
};

/// The rule, for a page that waits: whether Begin frees it while transactions are being read,
/// ascending. It was freed before the oldest of them; or it was written and freed between two, or
/// after the newest one, so that nobody sees it. bolt's rule is conservative by one: what a version
/// itself freed its readers cannot see, but they hold it too.
[[nodiscard]] bool isReleased(const StagePage& page, std::span<const std::uint64_t> readers);

/// Bytes of the pages that a reader of a version alone keeps from being used again. Cost: the pages
/// that wait.
[[nodiscard]] std::uint64_t heldBytes(const StageState& state, TxId reader);

/// Cost: the pages that wait, and for each of them all readers.
[[nodiscard]] HoldReport holdReport(const StageState& state);

/// Pages that would become free if a transaction began now and `reader` had ended just before,
/// ascending; 0: nobody ends. What an open transaction has given up is not among them: it waits
/// only from its commit on. Cost: the pages that wait.
[[nodiscard]] std::vector<PageId> releasedWithout(const StageState& state, std::uint64_t reader);

/// The rule of the next Begin in words, with the present numbers: one sentence a line.
[[nodiscard]] QStringList releaseRuleText(const StageState& state);

/// "5 to 8, 12": runs of ascending pages, at most `most` of them.
[[nodiscard]] QString pageRunsText(const std::vector<PageId>& pages, std::size_t most);

} // namespace pagescape::gui
