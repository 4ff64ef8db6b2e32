// SPDX-License-Identifier: MIT
// The biography of a page: what it was during a sitting, from the log alone. "Taken by 5; leaf of
// 12 elements, written by 5; given up by 7; free from 8 on; taken by 9": the same page, again and
// again.
#pragma once

#include "stage/stage_log.h"

#include <QString>

#include <cstdint>
#include <vector>

namespace pagescape::gui {

/// One line of it: from this event on the page is something else.
struct BiographyEntry {
    int event = -1;     ///< -1: as it was found
    TxId txid;          ///< the transaction that made it so; 0: it was found
    StagePage page;     ///< life, kind and transactions from here on; its mark is not told
    bool isHere = true; ///< the change is in force; false: only if the transaction commits
    QString text;
};

/// The lines of a page, in order; at least one. Cost: one pass over the log without a replay, some
/// 10 ns an event.
[[nodiscard]] std::vector<BiographyEntry> pageBiography(const StageLog& log, PageId page);

} // namespace pagescape::gui
