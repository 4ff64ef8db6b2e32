// SPDX-License-Identifier: MIT
// The tidy-tree algorithm on bare indices: parents and widths in, centres out.
#pragma once

#include <QtGlobal>

#include <vector>

namespace pagescape::gui {

/// One box to place.
struct TidyNode {
    int parent = -1; ///< index less than the own one, or -1
    qreal width = 0;
};

/// Centres of the boxes on the x axis; the leftmost edge lies at 0. Siblings keep the order of
/// their indices. Source: Buchheim, Jünger, Leipert, "Improving Walker's algorithm to run in linear
/// time", 2002. Cost: linear; no recursion, so deep chains are no danger.
[[nodiscard]] std::vector<qreal> tidyTree(const std::vector<TidyNode>& nodes, qreal siblingGap,
                                          qreal subtreeGap);

} // namespace pagescape::gui
