// SPDX-License-Identifier: MIT
// Texts that the window puts together from an opened file: title, path of a place, hover line.
#pragma once

#include "models/session_values.h"
#include "pagescape/census.h"
#include "pagescape/page_file.h"
#include "state/place.h"
#include "views/breadcrumb_bar.h"

#include <QString>

#include <vector>

namespace pagescape::gui {

/// "users.db (read-only · 4 KiB pages · txid 1 207 · meta 1 active)".
[[nodiscard]] QString fileTitle(const PageFile& file);
/// What the frame of the window says when the previous version is on show; empty when the newest
/// is.
[[nodiscard]] QString previousVersionText(const PageFile& file);
/// What the frame of the window says while it looks through a reader of the sandbox; empty when it
/// does not.
[[nodiscard]] QString readerVersionText(const PageFile& file, quint64 reader);
/// What the lock on the file means for a reader; empty when nothing has to be said.
[[nodiscard]] QString lockText(const PageFile& file);
/// A bucket as "books / by-title"; "(root)" for the root bucket; empty for none.
[[nodiscard]] QString bucketTitle(const Census& census, BucketIndex bucket);
/// File, buckets, branches, leaf, element of a place, each a link.
[[nodiscard]] std::vector<Crumb> crumbsOf(const Census& census, const Place& place,
                                          const PageSnapshot& page);
/// Where a "go to key" ended: the entry, also that of a bucket; null when there is none.
[[nodiscard]] const LeafHitEvent* searchedKey(const GetTrace& trace);
/// Whether it came as far as the bucket.
[[nodiscard]] bool reachedBucket(const GetTrace& trace);
/// Why it ended nowhere: which key is missing in which bucket.
[[nodiscard]] QString missText(const GetTrace& trace);
/// One line about what is under the pointer.
[[nodiscard]] QString hoverText(const Census& census, const Place& place, const PageSnapshot& page);

} // namespace pagescape::gui
