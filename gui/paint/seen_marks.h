// SPDX-License-Identifier: MIT
// Marks of what a writer just did, over the cells of the page map: pages that a transaction wrote
// and pages that it gave up. Each has a frame and a sign of its own, so that nothing is told by
// colour alone.
#pragma once

#include "layout/page_map_layout.h"
#include "paint/theme.h"

#include <QPainter>

#include <vector>

namespace pagescape::gui {

/// Pages by what became of them, ascending.
struct SeenMarks {
    std::vector<PageId> written;
    std::vector<PageId> givenUp;
    [[nodiscard]] bool isEmpty() const { return written.empty() && givenUp.empty(); }
    friend bool operator==(const SeenMarks&, const SeenMarks&) = default;
};

/// Marks the visible pages. `strength`, 0 to 1: of light that goes out. Cost: the visible marks,
/// and a binary search.
void paintSeenMarks(QPainter& painter, const PageMapLayout& layout, const SeenMarks& marks,
                    double strength, const Theme& theme);
/// One mark in a rectangle, as the map has it.
void paintSeenMark(QPainter& painter, const QRectF& cell, bool isWritten, double strength,
                   const Theme& theme);

} // namespace pagescape::gui
