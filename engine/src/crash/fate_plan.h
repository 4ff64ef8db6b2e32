// SPDX-License-Identifier: MIT
// Which combinations of fates a search tries, and in what order.
#pragma once

#include "pagescape/crash.h"

#include <cstdint>
#include <random>
#include <utility>
#include <vector>

namespace pagescape::crash {

/// One combination after the other: whole operations first, then torn writes. A sample may repeat
/// itself. Memory: a few bytes an operation, not a combination.
class FatePlan {
public:
    /// `sectors`: of each open operation, 0 for a resize.
    FatePlan(std::vector<std::uint32_t> sectors, std::uint64_t seed, std::uint64_t limit);

    /// Combinations in all, at most the limit.
    [[nodiscard]] std::uint64_t size() const { return m_wholeCount + m_tornCount + m_mixedCount; }
    /// Whether all subsets of whole operations are among them.
    [[nodiscard]] bool isExhaustive() const { return m_isExhaustive; }
    /// Makes `fates` the next one; false at the end.
    [[nodiscard]] bool next(std::vector<WriteFate>& fates);

private:
    void planWhole(std::uint64_t limit);
    void planTorn(std::uint64_t limit);
    void makeWhole(std::vector<WriteFate>& fates, std::uint64_t step);
    void makeTorn(std::vector<WriteFate>& fates, std::uint64_t step);
    void makeMixed(std::vector<WriteFate>& fates);
    [[nodiscard]] bool flip() { return m_random() % 2 == 0; }

    std::vector<std::uint32_t> m_sectors;
    std::mt19937_64 m_random;
    bool m_isExhaustive = false;
    std::vector<std::uint32_t> m_lost; // subsets in which a set bit is a loss, fewest bits first
    std::vector<std::pair<std::size_t, std::uint32_t>> m_torn; // operation, sectors that remain
    std::uint64_t m_wholeCount = 0;
    std::uint64_t m_tornCount = 0;  // each of m_torn twice: others survive, others are lost
    std::uint64_t m_mixedCount = 0; // drawn
    std::uint64_t m_step = 0;
};

} // namespace pagescape::crash
