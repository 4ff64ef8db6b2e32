// SPDX-License-Identifier: MIT
// Sentences about one page, from the census alone: tooltips, status lines and names for screen
// readers.
#pragma once

#include "models/tree_shape.h"
#include "pagescape/census.h"

#include <QString>

namespace pagescape::gui {

/// First page of the run that `page` belongs to: itself, unless it is an overflow continuation.
[[nodiscard]] PageId runStart(const Census& census, PageId page);

/// Whole percent of a fill byte (0 to 255).
[[nodiscard]] int fillPercent(std::uint8_t fill);

/// "accounts ▸ eu", or "root bucket"; empty for a page without an owner. Names are made printable.
[[nodiscard]] QString ownerText(const Census& census, BucketIndex bucket);

/// "page 17, leaf, bucket users, 21 keys, 63 percent full": one line that reads well aloud.
[[nodiscard]] QString pageSentence(const Census& census, PageId page);

/// What the page's life means: "free, and reachable by nobody", and so on.
[[nodiscard]] QString lifeSentence(PageLife life);

/// Several lines: id and kind; life; owner; depth, elements and fill. Cost: a few loads.
[[nodiscard]] QString pageToolTip(const Census& census, PageId page);

/// The same two for a drawn box of a tree.
[[nodiscard]] QString nodeSentence(const TreeShape::Node& node);
[[nodiscard]] QString nodeToolTip(const TreeShape::Node& node);

} // namespace pagescape::gui
