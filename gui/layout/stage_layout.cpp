// SPDX-License-Identifier: MIT
// Arithmetic of the stage.
#include "layout/stage_layout.h"

#include <algorithm>
#include <cmath>

namespace pagescape::gui {

namespace {

constexpr qreal kLargestCell = 3.5; // lines of text; larger cells say no more
constexpr int kMiniatureCell = 64;  // from here on a cell keeps room for a miniature of its page
constexpr qreal kRoomyLines = 12;   // lines for nodes and grid from which lanes have two chip rows
constexpr qreal kLeastLines = 7.2;  // of nodes and grid together
constexpr qreal kNodesShare = 0.58;
constexpr qreal kNodesShareOfMany = 0.44; // in a file of more pages than this:
constexpr quint64 kManyPages = 128;

// The largest cells at which the whole file is seen, up to a size that is pleasant.
PageMapLayout gridLayout(const StageLayoutSpec& spec, const QSizeF& viewport) {
    PageMapSpec map;
    map.pageCount = spec.pageCount;
    map.viewport = viewport;
    map.devicePixelRatio = spec.devicePixelRatio;
    map.gutter = spec.gutter;
    map.zoom = PageMapLayout::zoomToFit(map);
    const auto isTooLarge = [&] {
        const int pixels = kZoomSteps[std::size_t(map.zoom)].cellPixels;
        return pixels >= kMiniatureCell || pixels > kLargestCell * spec.metrics.line;
    };
    while (map.zoom > 0 && isTooLarge()) {
        --map.zoom;
    }
    return PageMapLayout(map);
}

// Chips from left to right in rows; the last place is kept for "+12" where they do not all fit.
void placeChips(StageLaneBox& lane, const QRectF& area, const std::vector<qreal>& widths,
                qreal height, const StageMetrics& metrics) {
    const qreal gap = 0.2 * metrics.line;
    const qreal moreWidth = 5 * metrics.character;
    const int rows = std::max(1, int((area.height() + gap + 0.5) / (height + gap)));
    const auto fill = [&](bool keepsRoom) {
        lane.chips.clear();
        lane.more = {};
        qreal x = area.left();
        int row = 0;
        for (std::size_t i = 0; i < widths.size(); ++i) {
            const qreal width = std::min(widths[i], area.width());
            const auto right = [&] {
                return area.right() - (keepsRoom && row == rows - 1 ? moreWidth + gap : 0);
            };
            if (x > area.left() && x + width > right() + 0.5 && row + 1 < rows) {
                ++row;
                x = area.left();
            }
            const qreal y = area.top() + row * (height + gap);
            if (x + width > right() + 0.5) {
                lane.more = QRectF(x, y, area.right() - x, height);
                return false;
            }
            lane.chips.emplace_back(x, y, width, height);
            x += width + gap;
        }
        return true;
    };
    if (!fill(false)) {
        fill(true);
    }
}

} // namespace

StageLayout::StageLayout(const StageLayoutSpec& spec) : m_metrics(spec.metrics) {
    const qreal line = m_metrics.line;
    const qreal pad = std::round(0.4 * line);
    const qreal title = std::round(1.25 * line);
    const qreal chip = 1.15 * line;
    const qreal metas = 4 * line + 2 * pad;
    const auto lanesHeight = [&](int chipRows) {
        return 3 * line + chipRows * (chip + 0.2 * line) + 1.5 * pad;
    };
    const auto fixedHeight = [&](int chipRows) {
        return 2 * title + lanesHeight(chipRows) + 1.3 * line + metas + 6 * pad;
    };
    const qreal room = spec.room.height();
    const int chipRows = room - fixedHeight(2) >= kRoomyLines * line ? 2 : 1;
    const qreal least = kLeastLines * line;
    const qreal shared = std::max(std::floor(room - fixedHeight(chipRows)), least);
    m_content = QSizeF(spec.room.width(), std::max(room, fixedHeight(chipRows) + shared));

    const qreal left = pad;
    const qreal width = std::max(1.0, spec.room.width() - 2 * pad);
    qreal y = pad;
    const auto take = [&](qreal height, qreal after) {
        const QRectF rect(left, y, width, height);
        y += height + after;
        return rect;
    };
    const qreal nodesShare = spec.pageCount > kManyPages ? kNodesShareOfMany : kNodesShare;
    const qreal nodesHeight = std::round(shared * nodesShare);
    m_memoryTitle = take(title, 0);
    m_memoryArea = take(nodesHeight, pad);
    m_fileTitle = take(title, 0);
    m_gridArea = take(shared - nodesHeight, pad);
    placeLanes(spec, take(lanesHeight(chipRows), 0.5 * pad));
    m_crashLine = take(1.3 * line, 0.5 * pad);
    placeMetas(take(metas, pad));

    m_nodes = StageNodesLayout(spec.nodes, m_memoryArea, m_metrics);
    m_grid = gridLayout(spec, m_gridArea.size());
}

void StageLayout::placeLanes(const StageLayoutSpec& spec, QRectF area) {
    const qreal line = m_metrics.line;
    const qreal arrow = std::round(1.6 * m_metrics.character);
    const qreal barrier = std::round(1.4 * line); // a line of text stands in it, turned
    const qreal width = std::floor((area.width() - 2 * arrow - 2 * barrier) / 5);
    qreal x = area.left();
    for (std::size_t i = 0; i < kStageLaneCount; ++i) {
        StageLaneBox& lane = m_lanes[i];
        lane.rect = QRectF(x, area.top(), width, area.height());
        const bool isLast = i + 1 == kStageLaneCount;
        const qreal gap = isLast ? 0 : i < std::size_t(StageLane::Cache) ? arrow : barrier;
        m_gaps[i] = QRectF(x + width, area.top(), gap, area.height());
        x += width + gap;
        const qreal pad = std::round(0.3 * line);
        const QRectF inner = lane.rect.adjusted(pad, pad, -pad, -pad);
        lane.title = QRectF(inner.left(), inner.top(), inner.width(), line);
        lane.amount = lane.title.translated(0, line);
        lane.fate = QRectF(inner.left(), inner.bottom() - line, inner.width(), line);
        const QRectF chips(inner.left(), lane.amount.bottom() + 0.1 * line, inner.width(),
                           lane.fate.top() - lane.amount.bottom() - 0.15 * line);
        placeChips(lane, chips, spec.chipWidths[i], 1.15 * line, m_metrics);
    }
}

void StageLayout::placeMetas(QRectF area) {
    const qreal line = m_metrics.line;
    const qreal pad = std::round(0.4 * line);
    const qreal width = std::floor((area.width() - 2 * pad) / 2);
    for (std::size_t i = 0; i < m_metas.size(); ++i) {
        StageMetaBox& meta = m_metas[i];
        meta.rect =
            QRectF(area.left() + qreal(i) * (width + 2 * pad), area.top(), width, area.height());
        const QRectF inner = meta.rect.adjusted(1.2 * pad, pad * 0.7, -1.2 * pad, -pad * 0.7);
        const qreal badge = std::min(11 * m_metrics.character, inner.width() / 2);
        meta.title = QRectF(inner.left(), inner.top(), inner.width() - badge - pad, line * 1.2);
        meta.badge = QRectF(inner.right() - badge, inner.top(), badge, line * 1.2);
        const qreal column = (inner.width() - pad) / 2;
        for (std::size_t row = 0; row < meta.rows.size(); ++row) {
            meta.rows[row] =
                QRectF(inner.left() + qreal(row % 2) * (column + pad),
                       meta.title.bottom() + 0.1 * line + qreal(row / 2) * line, column, line);
        }
    }
}

QRectF StageLayout::pageRect(PageId page) const {
    return page.value < m_grid.spec().pageCount
               ? m_grid.cellRect(page).translated(m_gridArea.topLeft())
               : QRectF();
}

std::optional<std::pair<StageLane, std::size_t>> StageLayout::chipAt(QPointF point) const {
    for (std::size_t i = 0; i < kStageLaneCount; ++i) {
        const auto& chips = m_lanes[i].chips;
        const auto hit =
            std::ranges::find_if(chips, [&](const QRectF& chip) { return chip.contains(point); });
        if (hit != chips.end()) {
            return std::pair(StageLane(i), std::size_t(hit - chips.begin()));
        }
    }
    return std::nullopt;
}

std::optional<StageTarget> StageLayout::targetAt(QPointF point) const {
    using Kind = StageTarget::Kind;
    if (m_memoryArea.contains(point)) {
        const auto node = m_nodes.nodeAt(point);
        return node ? std::optional(StageTarget{Kind::Node, *node}) : std::nullopt;
    }
    if (m_gridArea.contains(point)) {
        const auto page = m_grid.pageAt(point - m_gridArea.topLeft());
        return page ? std::optional(StageTarget{Kind::Page, page->value}) : std::nullopt;
    }
    for (std::size_t i = 0; i < kStageLaneCount; ++i) {
        if (m_lanes[i].rect.contains(point)) {
            return StageTarget{Kind::Lane, i};
        }
    }
    for (std::size_t i = 0; i < m_metas.size(); ++i) {
        if (m_metas[i].rect.contains(point)) {
            return StageTarget{Kind::Meta, i};
        }
    }
    return std::nullopt;
}

QRectF StageLayout::rectOf(const StageTarget& target) const {
    switch (target.kind) {
    case StageTarget::Kind::Node: {
        const StageCard* card = m_nodes.card(std::uint32_t(target.id));
        return card == nullptr ? QRectF() : card->rect;
    }
    case StageTarget::Kind::Page: return pageRect(PageId{target.id});
    case StageTarget::Kind::Lane:
        return target.id < kStageLaneCount ? m_lanes[target.id].rect : QRectF();
    case StageTarget::Kind::Meta: break;
    }
    return target.id < m_metas.size() ? m_metas[target.id].rect : QRectF();
}

} // namespace pagescape::gui
