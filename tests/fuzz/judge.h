// SPDX-License-Identifier: MIT
// How the fuzz targets that write judge what was written.
#pragma once

#include "pagescape/bucket.h"
#include "pagescape/check.h"
#include "pagescape/storage_file.h"
#include "pagescape/write_bucket.h"
#include "support/history.h"

#include <set>
#include <string>

namespace pagescape::fuzz {

/// The bucket holds what the model holds, nested buckets and sequences included.
void requireSame(const Bucket& bucket, const test::ModelBucket& model);
void requireSame(const WriteBucket& bucket, const test::ModelBucket& model);

/// The path under which a file in memory can be opened once more.
[[nodiscard]] std::string pathOf(const StorageFile& file);
/// The content digest of the file; an error's text where it cannot be read.
[[nodiscard]] std::string digestOfFile(const StorageFile& file);
/// Findings that are more than notes, one a line; empty for a sound file.
[[nodiscard]] std::string damageOf(const StorageFile& file);
/// Codes of the findings that are more than notes; GaveUp where the file cannot be checked.
[[nodiscard]] std::set<FindingCode> damageKindsOf(const StorageFile& file);
/// Whether a writer of a file with this damage may take a page for free that is in use: bolt trusts
/// the freelist, and so does the engine (README, Limits).
[[nodiscard]] bool mayHideUsedPages(const std::set<FindingCode>& damage);
/// The file is sound and has this content digest.
void requireSound(const StorageFile& file, const std::string& digest);

} // namespace pagescape::fuzz
