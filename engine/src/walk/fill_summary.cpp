// SPDX-License-Identifier: MIT
#include "walk/fill_summary.h"

#include <algorithm>

namespace pagescape {

namespace {

constexpr std::uint64_t kFull = 1000; // thousandths

std::size_t stepOf(std::uint64_t fill) {
    return std::min<std::size_t>(fill * kFillSteps / kFull, kFillSteps - 1);
}

} // namespace

std::uint16_t FillSample::add(std::uint64_t used, std::uint64_t allocated) {
    const std::uint64_t fill = allocated == 0 ? 0 : std::min(used, allocated) * kFull / allocated;
    m_fills.push_back(static_cast<std::uint16_t>(fill));
    return m_fills.back();
}

FillSummary FillSample::summary() {
    FillSummary summary;
    if (m_fills.empty()) {
        return summary;
    }
    summary.pages = m_fills.size();
    const auto [least, most] = std::ranges::minmax_element(m_fills);
    summary.minimum = *least;
    summary.maximum = *most;
    for (const std::uint16_t fill : m_fills) {
        ++summary.histogram[stepOf(fill)];
    }
    const auto middle = m_fills.begin() + static_cast<std::ptrdiff_t>((m_fills.size() - 1) / 2);
    std::ranges::nth_element(m_fills, middle);
    summary.median = *middle;
    return summary;
}

FillSummary FillCounts::summary() const {
    FillSummary summary;
    for (const std::uint64_t count : m_counts) {
        summary.pages += count;
    }
    std::uint64_t seen = 0;
    for (std::size_t fill = 0; fill < m_counts.size(); ++fill) {
        if (m_counts[fill] == 0) {
            continue;
        }
        const auto value = static_cast<std::uint32_t>(fill);
        summary.minimum = seen == 0 ? value : summary.minimum;
        summary.maximum = value;
        summary.histogram[stepOf(fill)] += m_counts[fill];
        const std::uint64_t middle = (summary.pages - 1) / 2; // its place in order, from 0
        if (seen <= middle && middle < seen + m_counts[fill]) {
            summary.median = value;
        }
        seen += m_counts[fill];
    }
    return summary;
}

} // namespace pagescape
