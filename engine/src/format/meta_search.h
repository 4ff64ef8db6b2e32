// SPDX-License-Identifier: MIT
// Finding the metas of a file whose page size is not known yet. `File` is anything with
// readAt(offset, span<byte>) -> Result<size_t>.
#pragma once

#include "format/meta.h"
#include "pagescape/format.h"

#include <array>
#include <utility>

namespace pagescape::format {

template <typename File>
[[nodiscard]] Result<MetaReport> readMetaAt(File& file, std::uint64_t offset, PageId id) {
    std::array<std::byte, kMetaAt + kMetaSize> buffer;
    const auto got = file.readAt(offset, buffer);
    if (!got) {
        return fail(got.error());
    }
    return readMeta(Bytes(buffer).first(*got), id, offset);
}

/// Both metas and which one is current, once the page size is known. `known`: the one that told it.
template <typename File>
[[nodiscard]] Result<MetaPair> readMetaPair(File& file, std::uint32_t pageSize,
                                            const MetaReport& known = {}) {
    auto meta0 = known.isValid() && known.page.value == 0 ? Result<MetaReport>(known)
                                                          : readMetaAt(file, 0, PageId{0});
    if (!meta0) {
        return fail(meta0.error());
    }
    auto meta1 = readMetaAt(file, pageSize, PageId{1});
    if (!meta1) {
        return fail(meta1.error());
    }
    return chooseMeta(std::move(*meta0), std::move(*meta1));
}

/// The first valid meta: page 0, else page 1 at 1 KiB * 2^i. Where there is none, the report on
/// page 0, which is not valid then. Source: bbolt db.go getPageSize.
template <typename File>
[[nodiscard]] Result<MetaReport> findMeta(File& file, std::uint64_t fileSize) {
    auto meta0 = readMetaAt(file, 0, PageId{0});
    if (!meta0 || meta0->isValid()) {
        return meta0;
    }
    for (std::uint64_t at = kSmallestPageSize;
         at <= kLargestPageSize && at + kMetaAt + kMetaSize <= fileSize; at *= 2) {
        auto meta1 = readMetaAt(file, at, PageId{1});
        if (!meta1 || meta1->isValid()) {
            return meta1;
        }
    }
    return meta0;
}

} // namespace pagescape::format
