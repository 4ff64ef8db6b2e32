// SPDX-License-Identifier: MIT
// Arithmetic of the address strip.
#include "layout/strip_layout.h"

#include <algorithm>
#include <cmath>

namespace pagescape::gui {

StripLayout::StripLayout(const StripValues& values, const QRectF& area, qreal devicePixelRatio)
    : m_area(area), m_ratio(devicePixelRatio > 0 ? devicePixelRatio : 1),
      m_total(std::max(values.fileSize, values.mapLength)) {
    if (m_total == 0 || area.isEmpty()) {
        m_total = 0;
        return;
    }
    const quint64 mapped = values.mapLength;
    const quint64 file = values.fileSize;
    const auto part = [this](quint64 begin, quint64 end) {
        return end > begin ? rangeRect({begin, end}) : QRectF();
    };
    m_file = part(0, file);
    m_pastEnd = part(file, mapped);
    if (mapped > 0) {
        m_unmapped = part(mapped, file);
    }
    if (values.highWaterBytes > 0) {
        m_highWaterX = xOf(values.highWaterBytes);
        m_tail = part(values.highWaterBytes, file);
    }
    addResidency(values);
}

void StripLayout::addResidency(const StripValues& values) {
    const quint64 osPage = values.osPageSize;
    if (osPage == 0 || values.residency.empty() || values.fileSize == 0) {
        return;
    }
    const quint64 pages =
        std::min<quint64>(values.residency.size(), (values.fileSize - 1) / osPage + 1);
    quint64 residentPages = 0;
    const auto columns = static_cast<quint64>(std::max(1.0, std::round(m_file.width() * m_ratio)));
    const qreal columnWidth = m_file.width() / static_cast<qreal>(columns);
    for (quint64 column = 0; column < columns; ++column) {
        // The share of each device pixel. A page wider than a pixel is counted in each of its
        // pixels.
        const auto at = [columns, pages](quint64 edge) {
            return static_cast<quint64>(static_cast<double>(edge) * static_cast<double>(pages) /
                                        static_cast<double>(columns));
        };
        const quint64 begin = std::min(at(column), pages - 1);
        const quint64 end = std::clamp(at(column + 1), begin + 1, pages);
        quint64 resident = 0;
        for (quint64 i = begin; i < end; ++i) {
            resident += values.residency[i] != 0 ? 1U : 0U;
        }
        if (resident == 0) {
            continue;
        }
        const qreal share = static_cast<qreal>(resident) / static_cast<qreal>(end - begin);
        const QRectF rect(m_file.left() + static_cast<qreal>(column) * columnWidth, m_file.top(),
                          columnWidth, m_file.height());
        const bool joins = !m_resident.empty() && m_resident.back().share == share &&
                           std::abs(m_resident.back().rect.right() - rect.left()) < columnWidth / 2;
        if (joins) {
            m_resident.back().rect.setRight(rect.right());
        } else {
            m_resident.push_back({rect, share});
        }
    }
    for (quint64 i = 0; i < pages; ++i) {
        residentPages += values.residency[i] != 0 ? 1U : 0U;
    }
    m_residentShare = static_cast<double>(residentPages) / static_cast<double>(pages);
}

qreal StripLayout::xOf(quint64 offset) const {
    if (m_total == 0) {
        return m_area.left();
    }
    const double share =
        static_cast<double>(std::min(offset, m_total)) / static_cast<double>(m_total);
    const qreal device = std::round((m_area.left() + m_area.width() * share) * m_ratio);
    return std::clamp(device / m_ratio, m_area.left(), m_area.right());
}

std::optional<quint64> StripLayout::offsetAt(QPointF point) const {
    if (m_total == 0 || !m_area.contains(point)) {
        return std::nullopt;
    }
    const double share = (point.x() - m_area.left()) / m_area.width();
    const auto offset = static_cast<quint64>(share * static_cast<double>(m_total));
    return std::min(offset, m_total - 1);
}

QRectF StripLayout::rangeRect(const ByteRange& range) const {
    if (m_total == 0 || range.end <= range.begin) {
        return {};
    }
    const qreal narrowest = 1 / m_ratio;
    qreal left = xOf(range.begin);
    qreal right = xOf(range.end);
    if (right - left < narrowest) {
        left = std::max(m_area.left(), std::min(left, m_area.right() - narrowest));
        right = left + narrowest;
    }
    return {left, m_area.top(), right - left, m_area.height()};
}

} // namespace pagescape::gui
