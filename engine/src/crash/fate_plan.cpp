// SPDX-License-Identifier: MIT
// The order of a search: the fewest losses first, so that the example of an outcome is a plain one.
#include "crash/fate_plan.h"

#include <algorithm>
#include <bit>
#include <numeric>

namespace pagescape::crash {

namespace {

// Places at which one write is torn while all others are whole.
constexpr std::uint32_t kTearsPerWrite = 8;

constexpr WriteFate kSurvives{};
constexpr WriteFate kLost{WriteFate::Kind::Lost, 0, 0};

WriteFate tornAfter(std::uint32_t sectors) {
    return WriteFate{WriteFate::Kind::Torn, sectors, 0};
}

} // namespace

FatePlan::FatePlan(std::vector<std::uint32_t> sectors, std::uint64_t seed, std::uint64_t limit)
    : m_sectors(std::move(sectors)), m_random(seed) {
    planWhole(limit);
    planTorn(limit - m_wholeCount);
}

void FatePlan::planWhole(std::uint64_t limit) {
    const std::size_t count = m_sectors.size();
    if (count <= kExhaustiveOperations) {
        m_lost.resize(std::size_t{1} << count);
        std::iota(m_lost.begin(), m_lost.end(), 0U);
        std::stable_sort(m_lost.begin(), m_lost.end(), [](std::uint32_t a, std::uint32_t b) {
            return std::popcount(a) < std::popcount(b);
        });
        m_wholeCount = std::min<std::uint64_t>(m_lost.size(), limit);
        m_isExhaustive = m_wholeCount == m_lost.size();
        return;
    }
    const bool canTear = std::any_of(m_sectors.begin(), m_sectors.end(),
                                     [](std::uint32_t sectors) { return sectors > 1; });
    m_wholeCount = canTear ? limit - limit / 2 : limit;
}

void FatePlan::planTorn(std::uint64_t limit) {
    for (std::size_t i = 0; i < m_sectors.size() && m_torn.size() < limit; ++i) {
        if (m_sectors[i] < 2) {
            continue;
        }
        // From the first to the last place, evenly.
        const std::uint64_t places = m_sectors[i] - 1;
        const std::uint64_t tears = std::min<std::uint64_t>(places, kTearsPerWrite);
        for (std::uint64_t tear = 0; tear < tears; ++tear) {
            const std::uint64_t step = tears == 1 ? 0 : tear * (places - 1) / (tears - 1);
            m_torn.emplace_back(i, static_cast<std::uint32_t>(1 + step));
        }
    }
    m_tornCount = std::min<std::uint64_t>(2 * m_torn.size(), limit);
    m_mixedCount = m_torn.empty() ? 0 : std::min(limit - m_tornCount, m_wholeCount);
}

bool FatePlan::next(std::vector<WriteFate>& fates) {
    if (m_step == size()) {
        return false;
    }
    fates.assign(m_sectors.size(), kSurvives);
    if (m_step < m_wholeCount) {
        makeWhole(fates, m_step);
    } else if (m_step < m_wholeCount + m_tornCount) {
        makeTorn(fates, m_step - m_wholeCount);
    } else {
        makeMixed(fates);
    }
    ++m_step;
    return true;
}

// Of many operations: all survive, all are lost, each lost alone, each kept alone, then a sample.
void FatePlan::makeWhole(std::vector<WriteFate>& fates, std::uint64_t step) {
    const std::uint64_t count = fates.size();
    if (count <= kExhaustiveOperations) {
        for (std::size_t i = 0; i < count; ++i) {
            fates[i] = (m_lost[step] >> i & 1U) != 0 ? kLost : kSurvives;
        }
    } else if (step == 0) {
        return;
    } else if (step == 1) {
        std::fill(fates.begin(), fates.end(), kLost);
    } else if (step < 2 + count) {
        fates[step - 2] = kLost;
    } else if (step < 2 + 2 * count) {
        std::fill(fates.begin(), fates.end(), kLost);
        fates[step - 2 - count] = kSurvives;
    } else {
        std::generate(fates.begin(), fates.end(), [&] { return flip() ? kLost : kSurvives; });
    }
}

void FatePlan::makeTorn(std::vector<WriteFate>& fates, std::uint64_t step) {
    const auto [operation, sectors] = m_torn[step / 2];
    if (step % 2 != 0) {
        std::fill(fates.begin(), fates.end(), kLost);
    }
    fates[operation] = tornAfter(sectors);
}

// Each operation survives, is lost or is torn somewhere; one at least is torn.
void FatePlan::makeMixed(std::vector<WriteFate>& fates) {
    const auto tear = [&](std::size_t i) {
        fates[i] = tornAfter(1 + static_cast<std::uint32_t>(m_random() % (m_sectors[i] - 1)));
    };
    for (std::size_t i = 0; i < fates.size(); ++i) {
        if (m_sectors[i] > 1 && m_random() % 3 == 0) {
            tear(i);
        } else {
            fates[i] = flip() ? kLost : kSurvives;
        }
    }
    tear(m_torn[m_random() % m_torn.size()].first);
}

} // namespace pagescape::crash
