// SPDX-License-Identifier: MIT
// Every fact about the bytes of a bolt file, in one place. All integers are little-endian here:
// bolt writes host order, and every host that matters is little-endian.
//
//   file      = page 0 | page 1 | page 2 | ...            page n at byte n * page size
//   page      = header (16) | body                        1 + overflow physical pages long
//   header    = id u64 | flags u16 | count u16 | overflow u32
//   meta      = header | magic u32 | version u32 | page size u32 | flags u32
//               | root u64 | root sequence u64 | freelist u64 | high-water mark u64
//               | txid u64 | checksum u64
//   freelist  = header | page id u64 * count              count 0xFFFF: first u64 is the number
//   branch    = header | element (16) * count | keys      element = pos u32 | ksize u32 | child u64
//   leaf      = header | element (16) * count | key value key value ...
//                                                         element = flags u32 | pos u32
//                                                                 | ksize u32 | vsize u32
//   bucket    = root u64 | sequence u64 [ | inline page ] stored as a leaf value, flag 0x01
//
// `pos` counts from the first byte of its own element. Values, and so bucket headers and inline
// pages, are not aligned.  Source of all of these: etcd-io/bbolt
// internal/common/{page,meta,inode}.go.
#pragma once

#include "pagescape/types.h"

#include <array>
#include <cstdint>

namespace pagescape::format {

// Page header. Source: bbolt internal/common/page.go.
inline constexpr std::uint32_t kPageHeaderSize = 16;
inline constexpr std::uint32_t kHeaderIdAt = 0;
inline constexpr std::uint32_t kHeaderFlagsAt = 8;
inline constexpr std::uint32_t kHeaderCountAt = 10;
inline constexpr std::uint32_t kHeaderOverflowAt = 12;

// Page flags: exactly one is set in a valid page.
inline constexpr std::uint16_t kBranchFlag = 0x01;
inline constexpr std::uint16_t kLeafFlag = 0x02;
inline constexpr std::uint16_t kMetaFlag = 0x04;
inline constexpr std::uint16_t kFreelistFlag = 0x10;

// Meta, offsets from the first byte of the meta page. Source: bbolt internal/common/meta.go.
inline constexpr std::uint32_t kMetaAt = 16;
inline constexpr std::uint32_t kMetaSize = 64;
inline constexpr std::uint32_t kMetaMagicAt = 16;
inline constexpr std::uint32_t kMetaVersionAt = 20;
inline constexpr std::uint32_t kMetaPageSizeAt = 24;
inline constexpr std::uint32_t kMetaFlagsAt = 28;
inline constexpr std::uint32_t kMetaRootAt = 32;
inline constexpr std::uint32_t kMetaRootSequenceAt = 40;
inline constexpr std::uint32_t kMetaFreelistAt = 48;
inline constexpr std::uint32_t kMetaHighWaterAt = 56;
inline constexpr std::uint32_t kMetaTxIdAt = 64;
inline constexpr std::uint32_t kMetaChecksumAt = 72;
/// The checksum is FNV-1a 64 over page bytes [16, 72): header and tail are not covered.
inline constexpr ByteRange kMetaChecksummed{16, 72};

inline constexpr std::uint32_t kMagic = 0xED0CDAED;
inline constexpr std::uint32_t kMagicSwapped = 0xEDDA0CED; ///< a file of the other byte order
inline constexpr std::uint32_t kVersion = 2;
/// Value of the freelist field when the list was not written. Source: bbolt PgidNoFreelist.
inline constexpr std::uint64_t kNoFreelist = 0xFFFFFFFFFFFFFFFF;

// Elements. Source: bbolt internal/common/page.go.
inline constexpr std::uint32_t kElementSize = 16;
inline constexpr std::uint32_t kBranchPosAt = 0;
inline constexpr std::uint32_t kBranchKeySizeAt = 4;
inline constexpr std::uint32_t kBranchChildAt = 8;
inline constexpr std::uint32_t kLeafFlagsAt = 0;
inline constexpr std::uint32_t kLeafPosAt = 4;
inline constexpr std::uint32_t kLeafKeySizeAt = 8;
inline constexpr std::uint32_t kLeafValueSizeAt = 12;
inline constexpr std::uint32_t kBucketElementFlag = 0x01;

// Bucket header. Source: bbolt internal/common/bucket.go.
inline constexpr std::uint32_t kBucketHeaderSize = 16;
inline constexpr std::uint32_t kBucketRootAt = 0;
inline constexpr std::uint32_t kBucketSequenceAt = 8;

// Freelist. Source: bbolt internal/freelist/shared.go.
inline constexpr std::uint16_t kFreelistCountEscape = 0xFFFF;

// Limits.
inline constexpr std::uint32_t kSmallestPageSize = 1024;            ///< for writing
inline constexpr std::uint32_t kLargestPageSize = 16 * 1024 * 1024; ///< for writing
/// The smallest size we can read: a meta page must hold header and meta (80 bytes).
inline constexpr std::uint32_t kSmallestReadablePageSize = 128;
[[nodiscard]] constexpr bool isReadablePageSize(std::uint64_t size) {
    return size >= kSmallestReadablePageSize && size <= kLargestPageSize;
}
inline constexpr std::uint32_t kMaxKeySize = 32768;
inline constexpr std::uint32_t kMaxValueSize = 0x7FFFFFFE;
/// No valid tree is deeper: 2 children a branch would need more pages than a file can hold.
inline constexpr std::uint32_t kMaxTreeDepth = 64;
/// Nesting of buckets has no limit in the format; this bound stops a damaged file.
inline constexpr std::uint32_t kMaxBucketDepth = 2048;

// Mapping sizes. Source: bbolt db.go mmapSize.
inline constexpr std::uint64_t kSmallestMapping = std::uint64_t{1} << 15;
inline constexpr std::uint64_t kLargestDoubling = std::uint64_t{1} << 30;
inline constexpr std::uint64_t kMapStep = std::uint64_t{1} << 30;
inline constexpr std::uint64_t kLargestMapping = 0xFFFFFFFFFFFF;

} // namespace pagescape::format
