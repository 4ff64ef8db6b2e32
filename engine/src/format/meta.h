// SPDX-License-Identifier: MIT
// Reading, validating and choosing meta pages by bolt's rules.
#pragma once

#include "pagescape/page_file.h"

namespace pagescape::format {

/// Decodes the first 80 bytes of a meta page and gives bolt's verdict: magic, version, checksum, in
/// that order. Fewer bytes: not present. The page starts at byte `fileOffset` of the file, from
/// which the offset of an error counts.
[[nodiscard]] MetaReport readMeta(Bytes page, PageId id, std::uint64_t fileOffset);

/// Picks the current meta: the strictly higher txid that validates, tie to page 0.
/// Source: bbolt db.go meta().
[[nodiscard]] MetaPair chooseMeta(MetaReport meta0, MetaReport meta1);

/// Turns the choice to the version that the options ask for. The previous one is that of the other
/// meta: nothing is current when either of the two is invalid, for there is no such version then.
/// Of a held meta nothing is current when it cannot be one of this file: newer than the newest, or
/// of another page size.
void chooseVersion(MetaPair& pair, const OpenOptions& options);

/// Lays a meta out at the start of a page, header and checksum included; the checksum.
/// `page` has at least 80 bytes; the rest of it is left alone.
[[nodiscard]] std::uint64_t storeMeta(std::span<std::byte> page, PageId id, const MetaFields& meta);

} // namespace pagescape::format
