// SPDX-License-Identifier: MIT
// An image as a file that the engine opens by itself, as it would open one on the disk.
#pragma once

#include "pagescape/page_file.h"
#include "pagescape/storage_file.h"

#include <cstddef>
#include <stop_token>

namespace pagescape::crash {

/// Bytes copied between two looks at a stop token: some milliseconds.
inline constexpr std::size_t kPiece = std::size_t{4} << 20U;

/// Makes `file`, which lives in memory, hold exactly the image, and opens it anew.
/// Errors: Cancelled, EmptyFile; FileNotFound, MapFailed and OsFailure when the system refuses.
[[nodiscard]] Result<PageFile> openImage(StorageFile& file, Bytes image,
                                         const std::stop_token& stop);

} // namespace pagescape::crash
