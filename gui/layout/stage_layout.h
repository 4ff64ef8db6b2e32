// SPDX-License-Identifier: MIT
// StageLayout: the parts of the picture of a write transaction, one below the other.
//
//   In memory                                     file writes: 0
//      [node] [node] [node]
//   In the file                                   legend of marks
//      page grid
//   [nodes] > [dirty pages] > [page cache] | [disk] | [meta]      lanes, | is a barrier
//   A crash now: ...
//   [meta page 0  in force]  [meta page 1]
//
// All of it follows from the size of the text and the room there is; the two upper parts share what
// the others leave, in the same way at every step, so that nothing jumps about.
#pragma once

#include "layout/page_map_layout.h"
#include "layout/stage_nodes_layout.h"

#include <array>
#include <optional>
#include <vector>

namespace pagescape::gui {

/// The stations of a commit, in the order that bytes pass them.
enum class StageLane : std::uint8_t { Nodes, Dirty, Cache, Disk, Meta };
inline constexpr std::size_t kStageLaneCount = 5;

/// What a layout depends on.
struct StageLayoutSpec {
    QSizeF room; ///< of the viewport; the picture is as wide, and higher where it must be
    StageMetrics metrics;
    qreal devicePixelRatio = 1;
    qreal gutter = 0; ///< for the row labels of the grid
    std::vector<StageNodeBox> nodes;
    quint64 pageCount = 0;
    std::array<std::vector<qreal>, kStageLaneCount> chipWidths; ///< of each lane's chips, in order
};

/// Something in the picture that can be pointed at.
struct StageTarget {
    enum class Kind : std::uint8_t { Node, Page, Lane, Meta };
    Kind kind = Kind::Page;
    quint64 id = 0; ///< node number, page id, StageLane, or 0 and 1
    friend bool operator==(const StageTarget&, const StageTarget&) = default;
};

/// The chips of a lane that found room.
struct StageLaneBox {
    QRectF rect;
    QRectF title;
    QRectF amount;
    QRectF fate; ///< what a crash does to what is here
    std::vector<QRectF> chips;
    QRectF more; ///< behind the last chip when there was no room for all; else empty
};

/// A meta's card.
struct StageMetaBox {
    QRectF rect;
    QRectF title;
    QRectF badge;               ///< where "in force" stands when it is this one
    std::array<QRectF, 6> rows; ///< label and value, two columns of three
};

/// Points are logical, relative to the top left corner of the picture.
class StageLayout {
public:
    StageLayout() = default;
    explicit StageLayout(const StageLayoutSpec& spec);

    /// Width of the room, height of the picture: at least that of the room.
    [[nodiscard]] QSizeF contentSize() const { return m_content; }
    [[nodiscard]] const StageMetrics& metrics() const { return m_metrics; }

    [[nodiscard]] QRectF memoryTitle() const { return m_memoryTitle; }
    [[nodiscard]] QRectF memoryArea() const { return m_memoryArea; }
    [[nodiscard]] const StageNodesLayout& nodes() const { return m_nodes; }

    [[nodiscard]] QRectF fileTitle() const { return m_fileTitle; }
    /// The grid's viewport; its layout counts from its top left corner.
    [[nodiscard]] QRectF gridArea() const { return m_gridArea; }
    [[nodiscard]] const PageMapLayout& grid() const { return m_grid; }
    /// A page's cell in the picture.
    [[nodiscard]] QRectF pageRect(PageId page) const;

    [[nodiscard]] const StageLaneBox& lane(StageLane lane) const {
        return m_lanes[std::size_t(lane)];
    }
    /// The gap behind a lane: with an arrow, or with a barrier behind page cache and disk.
    [[nodiscard]] QRectF gapAfter(StageLane lane) const { return m_gaps[std::size_t(lane)]; }
    /// The sentence on what a crash would leave.
    [[nodiscard]] QRectF crashLine() const { return m_crashLine; }
    [[nodiscard]] const StageMetaBox& meta(std::size_t index) const { return m_metas[index]; }

    /// What lies under a point. A chip counts as its lane; see chipAt().
    [[nodiscard]] std::optional<StageTarget> targetAt(QPointF point) const;
    /// Index of the chip under a point and its lane.
    [[nodiscard]] std::optional<std::pair<StageLane, std::size_t>> chipAt(QPointF point) const;
    /// Where a target is drawn; empty when it is not.
    [[nodiscard]] QRectF rectOf(const StageTarget& target) const;

private:
    void placeLanes(const StageLayoutSpec& spec, QRectF area);
    void placeMetas(QRectF area);

    QSizeF m_content;
    StageMetrics m_metrics;
    QRectF m_memoryTitle;
    QRectF m_memoryArea;
    QRectF m_fileTitle;
    QRectF m_gridArea;
    QRectF m_crashLine;
    StageNodesLayout m_nodes;
    PageMapLayout m_grid;
    std::array<StageLaneBox, kStageLaneCount> m_lanes;
    std::array<QRectF, kStageLaneCount> m_gaps;
    std::array<StageMetaBox, 2> m_metas;
};

} // namespace pagescape::gui
