// SPDX-License-Identifier: MIT
// Which parts of a file are in the page cache before this program reads any of it. Reading fills
// the cache, so the sample comes first: it maps the file, asks mincore and unmaps it, touching
// nothing.
#pragma once

#include <QString>

#include <cstdint>
#include <vector>

namespace pagescape::gui {

struct FoundResidency {
    /// One byte, 0 or 1, for each operating-system page from the start of the file.
    std::vector<std::uint8_t> pages;
    std::uint64_t fileSize = 0;
    QString caveat; ///< why the sample cannot be trusted; empty when it can
};

/// The first part of a file that open() samples at once; 1 GiB took 15 ms. The rest follows in the
/// background.
inline constexpr std::uint64_t kSampleAtOnce = std::uint64_t{1} << 30;

/// Samples the first `limit` bytes. A file that cannot be sampled gives no pages and a caveat.
[[nodiscard]] FoundResidency sampleResidency(const QString& path,
                                             std::uint64_t limit = kSampleAtOnce);

/// Bytes of an operating-system page.
[[nodiscard]] std::uint64_t systemPageSize();

} // namespace pagescape::gui
