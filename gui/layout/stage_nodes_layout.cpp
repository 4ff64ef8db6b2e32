// SPDX-License-Identifier: MIT
// Depths first, then lines of cards in the largest size that fits.
#include "layout/stage_nodes_layout.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace pagescape::gui {

namespace {

constexpr std::size_t kNowhere = std::numeric_limits<std::size_t>::max();
constexpr double kTallest = 2.2; // pages that a card's height tells apart; more looks the same

// Nodes sorted by depth, those of one parent side by side; where each depth begins.
struct Ordered {
    std::vector<StageNodeBox> nodes;
    std::vector<std::size_t> depthBegin; // ends with the number of nodes
};

Ordered ordered(std::span<const StageNodeBox> nodes) {
    std::vector<std::vector<std::size_t>> children; // by number
    std::vector<std::size_t> row;
    std::uint32_t last = 0;
    for (const StageNodeBox& node : nodes) {
        last = std::max(last, node.number);
    }
    std::vector<std::uint8_t> exists(std::size_t{last} + 1);
    for (const StageNodeBox& node : nodes) {
        exists[node.number] = 1;
    }
    children.resize(exists.size());
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        const std::uint32_t parent = nodes[i].parent;
        const bool isRoot = parent == 0 || parent > last || exists[parent] == 0;
        (isRoot ? row : children[parent]).push_back(i);
    }
    Ordered result;
    result.nodes.reserve(nodes.size());
    while (!row.empty()) {
        result.depthBegin.push_back(result.nodes.size());
        std::vector<std::size_t> next;
        for (const std::size_t i : row) {
            result.nodes.push_back(nodes[i]);
            const auto& below = children[nodes[i].number];
            next.insert(next.end(), below.begin(), below.end());
        }
        row = std::move(next);
    }
    result.depthBegin.push_back(result.nodes.size());
    return result;
}

struct CardSpec {
    QSizeF card;
    qreal gap = 0;      // between cards and wrapped lines
    qreal depthGap = 0; // between depths: room for the lines to parents
    qreal extra = 0;    // least height that an overfull card has more
};

CardSpec specOf(StageCardSize size, const StageMetrics& metrics) {
    const qreal line = metrics.line;
    const qreal character = metrics.character;
    switch (size) {
    case StageCardSize::Full:
        return {{19 * character, 3 * line + 0.7 * line}, 0.6 * line, 0.9 * line, 1.15 * line};
    case StageCardSize::Compact:
        return {{19 * character, 2.3 * line}, 0.4 * line, 0.5 * line, 1.05 * line};
    case StageCardSize::Small:
        return {{7 * character, 1.2 * line}, 0.3 * line, 0.6 * line, 0.4 * line};
    case StageCardSize::Mark: break;
    }
    const qreal edge = std::round(0.75 * line);
    return {{edge, edge}, std::max(1.0, std::round(edge * 0.25)), 0.5 * line, 0.25 * line};
}

qreal cardHeight(const StageNodeBox& node, const QSizeF& card, qreal extra) {
    if (node.pages <= 1) {
        return card.height();
    }
    const qreal more = (std::min(node.pages, kTallest) - 1) * card.height();
    return card.height() + std::max(extra, std::min(more, 1.6 * extra));
}

std::size_t perLine(qreal width, const QSizeF& card, qreal gap) {
    return std::max<std::size_t>(1, std::size_t(std::max(0.0, width + gap) / (card.width() + gap)));
}

qreal totalHeight(const Ordered& all, qreal width, const CardSpec& spec) {
    const std::size_t columns = perLine(width, spec.card, spec.gap);
    qreal height = 0;
    for (std::size_t depth = 0; depth + 1 < all.depthBegin.size(); ++depth) {
        height += depth > 0 ? spec.depthGap : 0;
        for (std::size_t i = all.depthBegin[depth]; i < all.depthBegin[depth + 1]; i += columns) {
            const std::size_t end = std::min(i + columns, all.depthBegin[depth + 1]);
            qreal tallest = 0;
            for (std::size_t k = i; k < end; ++k) {
                tallest = std::max(tallest, cardHeight(all.nodes[k], spec.card, spec.extra));
            }
            height += tallest + (end < all.depthBegin[depth + 1] ? spec.gap : 0);
        }
    }
    return height;
}

} // namespace

StageNodesLayout::StageNodesLayout(std::span<const StageNodeBox> nodes, const QRectF& area,
                                   const StageMetrics& metrics) {
    if (nodes.empty() || area.isEmpty()) {
        m_hidden = nodes.size();
        return;
    }
    const Ordered all = ordered(nodes);
    CardSpec spec;
    for (const auto size :
         {StageCardSize::Full, StageCardSize::Compact, StageCardSize::Small, StageCardSize::Mark}) {
        m_size = size;
        spec = specOf(size, metrics);
        if (totalHeight(all, area.width(), spec) <= area.height()) {
            break;
        }
    }
    // Marks shrink further, as far as they can be told apart.
    constexpr qreal kSmallestMark = 3;
    while (m_size == StageCardSize::Mark && spec.card.width() > kSmallestMark &&
           totalHeight(all, area.width(), spec) > area.height()) {
        const qreal edge = spec.card.width() - 1;
        spec = {{edge, edge}, edge > 5 ? 2.0 : 1.0, std::min(spec.depthGap, 2 * edge), edge * 0.3};
    }
    place(all.nodes, all.depthBegin, area, spec.card, spec.gap, spec.depthGap, spec.extra);
}

void StageNodesLayout::place(std::span<const StageNodeBox> ordered,
                             std::span<const std::size_t> depthBegin, const QRectF& area,
                             const QSizeF& card, qreal gap, qreal depthGap, qreal extra) {
    const std::size_t columns = perLine(area.width(), card, gap);
    std::uint32_t last = 0;
    for (const StageNodeBox& node : ordered) {
        last = std::max(last, node.number);
    }
    m_indexOf.assign(std::size_t{last} + 1, kNowhere);
    qreal y = area.top();
    int line = 0;
    for (std::size_t depth = 0; depth + 1 < depthBegin.size(); ++depth) {
        y += depth > 0 ? depthGap - gap : 0;
        for (std::size_t i = depthBegin[depth]; i < depthBegin[depth + 1]; i += columns) {
            const std::size_t end = std::min(i + columns, depthBegin[depth + 1]);
            const qreal width = qreal(end - i) * (card.width() + gap) - gap;
            // Lines of a wrapped depth start at the left, so that they form a grid.
            const bool isWrapped = depthBegin[depth + 1] - depthBegin[depth] > columns;
            const qreal full = qreal(columns) * (card.width() + gap) - gap;
            qreal x = area.left() + (area.width() - (isWrapped ? full : width)) / 2;
            qreal tallest = 0;
            for (std::size_t k = i; k < end; ++k) {
                tallest = std::max(tallest, cardHeight(ordered[k], card, extra));
            }
            if (y + tallest > area.bottom() + 0.5) {
                m_hidden = ordered.size() - i;
                return;
            }
            for (std::size_t k = i; k < end; ++k) {
                const QRectF rect(x, y, card.width(), cardHeight(ordered[k], card, extra));
                m_indexOf[ordered[k].number] = m_cards.size();
                m_cards.push_back({ordered[k].number, ordered[k].parent, rect, card.height()});
                m_lineOf.push_back(line);
                x += card.width() + gap;
            }
            y += tallest + gap;
            ++line;
        }
    }
}

const StageCard* StageNodesLayout::card(std::uint32_t number) const {
    if (number >= m_indexOf.size() || m_indexOf[number] == kNowhere) {
        return nullptr;
    }
    return &m_cards[m_indexOf[number]];
}

std::optional<std::uint32_t> StageNodesLayout::nodeAt(QPointF point) const {
    const auto hit = std::ranges::find_if(
        m_cards, [&](const StageCard& card) { return card.rect.contains(point); });
    return hit == m_cards.end() ? std::nullopt : std::optional(hit->number);
}

std::optional<std::uint32_t> StageNodesLayout::neighbour(std::uint32_t number, int rows) const {
    const StageCard* from = card(number);
    if (from == nullptr) {
        return std::nullopt;
    }
    const int line = m_lineOf[m_indexOf[number]] + rows;
    std::optional<std::uint32_t> best;
    qreal distance = std::numeric_limits<qreal>::max();
    for (std::size_t i = 0; i < m_cards.size(); ++i) {
        const qreal away = std::abs(m_cards[i].rect.center().x() - from->rect.center().x());
        if (m_lineOf[i] == line && away < distance) {
            distance = away;
            best = m_cards[i].number;
        }
    }
    return best;
}

qreal StageNodesLayout::heightFor(std::span<const StageNodeBox> nodes, StageCardSize size,
                                  qreal width, const StageMetrics& metrics) {
    return totalHeight(ordered(nodes), width, specOf(size, metrics));
}

} // namespace pagescape::gui
