// SPDX-License-Identifier: MIT
// SeenChanges: what became of the pages of a file between two censuses of it. Copy-on-write makes
// it telling: a page that is live now and was not, was written; one that was and is not, was given
// up.
#pragma once

#include "pagescape/census.h"

#include <QString>

#include <cstdint>
#include <memory>
#include <vector>

namespace pagescape::gui {

/// What is kept of a census to compare a later one with. 6 bytes a page.
struct CensusSnapshot {
    TxId txid;
    struct Page {
        std::uint8_t state = 0; ///< Census::state
        std::uint8_t fill = 0;
        std::uint16_t count = 0;
        friend bool operator==(const Page&, const Page&) = default;
    };
    std::vector<Page> pages;
};
/// Of a finished census; its file must have a valid meta.
[[nodiscard]] CensusSnapshot snapshotOf(const Census& census);

/// Pages by what became of them, ascending. A page that was given up and written again in between
/// counts as written where its kind, fill or count tell; where nothing tells it is not seen.
struct SeenChanges {
    TxId from;
    TxId to;
    std::vector<PageId> written; ///< part of the newest version, and not as it was
    std::vector<PageId> givenUp; ///< was part of the version before, and is not any more
    std::uint64_t grownBy = 0;   ///< pages by which the file is longer
};
[[nodiscard]] SeenChanges changesBetween(const CensusSnapshot& before, const CensusSnapshot& after);

/// "Transaction 1 207 → 1 209: 7 pages written, 6 given up."
[[nodiscard]] QString changesText(const SeenChanges& changes);

} // namespace pagescape::gui
