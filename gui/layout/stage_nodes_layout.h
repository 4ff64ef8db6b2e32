// SPDX-License-Identifier: MIT
// Where the nodes of a write transaction float: one card a node, a row for each depth of their
// trees, so that parents stand above their children. Rows wrap; then cards shrink.
//
//           [branch #2]                depth 0
//          /     |     \               lines from child to parent
//   [leaf #3] [leaf #4] [leaf #5]      depth 1
//   [leaf #6]                          ... wrapped
#pragma once

#include <QPointF>
#include <QRectF>
#include <QSizeF>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace pagescape::gui {

/// What a card's place depends on.
struct StageNodeBox {
    std::uint32_t number = 0; ///< from 1
    std::uint32_t parent = 0; ///< number of the node above; 0: none
    double pages = 0; ///< bytes of the node in pages; above 1 its card is taller than a page
};

/// How much a card has room for, from much to little.
enum class StageCardSize {
    Full,    ///< three lines of text
    Compact, ///< two lines
    Small,   ///< glyph and number
    Mark,    ///< a coloured mark
};

/// One card.
struct StageCard {
    std::uint32_t number = 0;
    std::uint32_t parent = 0;
    QRectF rect;
    qreal pageHeight = 0; ///< height that stands for one page: less than the card's when overfull
    [[nodiscard]] bool isOverfull() const { return rect.height() > pageHeight + 0.5; }
};

/// Text measures of the view, in logical pixels: nothing in the picture has a fixed size.
struct StageMetrics {
    qreal line = 16;     ///< height of a line
    qreal character = 7; ///< width of an average character
};

/// Cards in the order of the picture: by depth, then from left to right.
class StageNodesLayout {
public:
    StageNodesLayout() = default;
    StageNodesLayout(std::span<const StageNodeBox> nodes, const QRectF& area,
                     const StageMetrics& metrics);

    [[nodiscard]] StageCardSize cardSize() const { return m_size; }
    [[nodiscard]] const std::vector<StageCard>& cards() const { return m_cards; }
    /// Nodes that even as marks found no room.
    [[nodiscard]] std::size_t hiddenCount() const { return m_hidden; }
    /// The card of a node; null when it is hidden or there is none.
    [[nodiscard]] const StageCard* card(std::uint32_t number) const;
    /// The node under a point.
    [[nodiscard]] std::optional<std::uint32_t> nodeAt(QPointF point) const;
    /// The card `rows` lines down (or up) that is closest to a card's middle; nothing when there is
    /// no such line.
    [[nodiscard]] std::optional<std::uint32_t> neighbour(std::uint32_t number, int rows) const;

    /// Height that all nodes take as cards of a size in a given width.
    [[nodiscard]] static qreal heightFor(std::span<const StageNodeBox> nodes, StageCardSize size,
                                         qreal width, const StageMetrics& metrics);

private:
    void place(std::span<const StageNodeBox> ordered, std::span<const std::size_t> depthBegin,
               const QRectF& area, const QSizeF& card, qreal gap, qreal depthGap, qreal extra);

    StageCardSize m_size = StageCardSize::Full;
    std::vector<StageCard> m_cards;
    std::vector<int> m_lineOf;          // line of each card
    std::vector<std::size_t> m_indexOf; // by node number; SIZE_MAX: hidden
    std::size_t m_hidden = 0;
};

} // namespace pagescape::gui
