// SPDX-License-Identifier: MIT
// Makes the TreeShape that is drawn: the pages of one bucket's tree that are unfolded or lie on a
// path, with everything else counted as "+N leaves".
#pragma once

#include "models/session_values.h"
#include "models/tree_shape.h"
#include "pagescape/census.h"
#include "pagescape/page_file.h"

#include <QMetaType>

#include <set>
#include <stop_token>
#include <vector>

namespace pagescape::gui {

/// What to draw.
struct TreeShapeRequest {
    BucketIndex bucket = 0;
    /// Pages whose children are all drawn (a leaf's children are the buckets whose headers it
    /// holds).
    std::set<PageId> expanded;
    /// Pages whose children are left out, even on the path.
    std::set<PageId> collapsed;
    /// Pages to show and mark, from a root downwards; gaps and foreign pages are fine.
    std::vector<PageId> path;
    /// Levels are unfolded unasked as long as all nodes stay below this number.
    int unasked = 60;
    /// Children drawn of a page that was not expanded on purpose; the ones next to the path win.
    int childrenUnasked = 24;
    /// The most nodes there may be.
    int maxNodes = 2000;
    /// Formats that keys are shown in; unset: Auto.
    BucketFormats keyFormats;
};

/// Fills a shape. Reads branches, and the leaves that are drawn, through pread; meant for a worker.
/// Total: a damaged page becomes a node with hasProblem and no children.
/// Cost: pages drawn, plus one pass over the census for the leaves that are not.
[[nodiscard]] TreeShape buildTreeShape(const PageFile& file, const Census& census,
                                       const TreeShapeRequest& request,
                                       const std::stop_token& stop = {});

} // namespace pagescape::gui

Q_DECLARE_METATYPE(pagescape::gui::TreeShape)
