// SPDX-License-Identifier: MIT
// A database file in memory for the fuzz targets that need one they can open.
#pragma once

#include "pagescape/page_file.h"

#include <memory>
#include <vector>

namespace pagescape::fuzz {

/// The input as a file. Its last byte chooses what is mended first, because no mutation hits a
/// checksum by chance: bit 0 seals meta 0, bit 1 seals meta 1. Sample files end in 0 and stay as
/// they are.
[[nodiscard]] std::vector<std::byte> mendInput(Bytes input);

/// Opens the mended input. Null when PageFile refuses it, such as an empty one.
[[nodiscard]] std::shared_ptr<const PageFile> openInput(Bytes input);

} // namespace pagescape::fuzz
