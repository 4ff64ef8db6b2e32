// SPDX-License-Identifier: MIT
// Reads the entries of a bucket in chunks, in stored order, as far as they are readable: what is
// damaged is named and left out. All through pread, so a file that shrinks is an error and no
// fault.
#pragma once

#include "models/entry_source.h"
#include "pagescape/page_file.h"

#include <stop_token>

namespace pagescape::gui {

/// The next entries of a bucket. Total: damage ends up in `problems`. Depth and pages visited in
/// one call are bounded. Cost: each page on the way is read and decoded once.
[[nodiscard]] EntryChunk readEntries(const PageFile& file, const EntryRequest& request,
                                     const std::stop_token& stop = {});

} // namespace pagescape::gui
