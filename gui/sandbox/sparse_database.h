// SPDX-License-Identifier: MIT
// A large database that takes almost no room: the engine puts values of zeros into it, and the file
// keeps those as holes. So the steps of 1 GiB of a mapping are met after some keys, not hours.
#pragma once

#include "pagescape/storage_file.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stop_token>

namespace pagescape::gui {

/// How large, and how much of that is left for others.
struct SparseShape {
    std::uint32_t pageSize = 4096;                       ///< bytes
    std::uint64_t bytes = std::uint64_t{1} << 30U;       ///< that all pages together come to
    std::uint64_t sparePages = 8;                        ///< of these, not used yet
    std::uint64_t valueBytes = std::uint64_t{16} << 20U; ///< of one value, at most
};

/// The bucket of the zeros. Each value has a bucket of its own in it, so that no leaf is shared:
/// commits to other buckets never copy one.
inline constexpr const char* kPaddingBucket = "padding";

/// Makes a database in an empty file by commits of the engine, each of one value of zeros. Blocks
/// of zeros are not written where the file never held anything; they read as zeros all the same.
/// What comes out is what bolt would have written, byte for byte. The high-water mark ends at
/// `bytes` less the spare pages, or up to three pages before that. Cost: a pass over the zeros.
/// Errors: those of Store; Cancelled; LimitReached where the file system stores no holes, and the
/// file would take a quarter of its length or more.
[[nodiscard]] Result<void> makeSparseDatabase(const std::filesystem::path& path,
                                              const std::shared_ptr<StorageFile>& file,
                                              const SparseShape& shape,
                                              const std::stop_token& stop = {});

/// Bytes that a file takes on the disk; fewer than its length where it has holes. 0 when there is
/// no such file.
[[nodiscard]] std::uint64_t bytesOnDisk(const std::filesystem::path& path);

} // namespace pagescape::gui
