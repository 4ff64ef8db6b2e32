// SPDX-License-Identifier: MIT
// Gathers how full pages are, and sums them up when all have been seen.
#pragma once

#include "pagescape/tree_statistics.h"

#include <cstdint>
#include <vector>

namespace pagescape {

/// Fills of page runs, exact, in two bytes each.
class FillSample {
public:
    /// A run of `allocated` bytes, of which `used` carry something. Returns the fill that counts.
    std::uint16_t add(std::uint64_t used, std::uint64_t allocated);
    /// Reorders what was gathered to find the median.
    [[nodiscard]] FillSummary summary();

private:
    std::vector<std::uint16_t> m_fills; // thousandths
};

/// The same for any number of runs, in 8 KiB.
class FillCounts {
public:
    FillCounts() : m_counts(kFull + 1) {}
    void add(std::uint16_t fill) { ++m_counts[fill]; }
    [[nodiscard]] FillSummary summary() const;

private:
    static constexpr std::size_t kFull = 1000;
    std::vector<std::uint64_t> m_counts; // by thousandths
};

} // namespace pagescape
