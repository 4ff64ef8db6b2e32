// SPDX-License-Identifier: MIT
// MetaFields: what a meta page says about one version of a database.
#pragma once

#include "pagescape/types.h"

#include <cstdint>

namespace pagescape {

/// The fields of a meta page as they stand in the file; nothing is checked. Source: format.h.
struct MetaFields {
    std::uint32_t magic = 0;
    std::uint32_t version = 0;
    std::uint32_t pageSize = 0; ///< bytes
    std::uint32_t flags = 0;
    PageId root;                    ///< root page of the root bucket
    std::uint64_t rootSequence = 0; ///< sequence of the root bucket
    PageId freelist;                ///< format::kNoFreelist when the list was not written
    PageId highWater;               ///< first page id never allocated
    TxId txid;
    std::uint64_t checksum = 0;         ///< as stored
    std::uint64_t checksumComputed = 0; ///< as it should be
    std::uint64_t headerId = 0;         ///< page header id; not checked by bolt when opening
    std::uint16_t headerFlags = 0;

    [[nodiscard]] bool hasFreelist() const;
};

} // namespace pagescape
