// SPDX-License-Identifier: MIT
// From sets of page ids to the lists that a comparison answers with.
#pragma once

#include "pagescape/diff.h"
#include "walk/page_run.h"

namespace pagescape {

/// Sorts the pages that the two sides read. `changed` are those of both whose bytes differ.
[[nodiscard]] PageDiff pageLists(const PageSet& before, const PageSet& after,
                                 const PageSet& changed);

} // namespace pagescape
