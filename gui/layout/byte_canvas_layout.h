// SPDX-License-Identifier: MIT
// ByteCanvasLayout: the bytes of one page run as a canvas that reads like text, row by row. A field
// wraps over rows; an overflow run is one long canvas with a rule at every page boundary.
//
//   | header |elements ..............|      row 0: bytes 0 to 63
//   |........| unused ...............|      a range is at most three rectangles:
//   |...............| key | value ...|      the rest of its first row, whole rows, part of the last
#pragma once

#include "pagescape/types.h"

#include <QPointF>
#include <QPolygonF>
#include <QRectF>
#include <QSizeF>

#include <optional>
#include <vector>

namespace pagescape::gui {

/// What the canvas depends on.
struct ByteCanvasSpec {
    quint64 byteCount = 0; ///< bytes of the run
    quint32 pageSize = 0;  ///< bytes of one page, for the rules; 0: none
    qreal width = 0;       ///< logical pixels that a row may take
    qreal rowHeight = 16;  ///< logical pixels
    int bytesPerRow = 0;   ///< 0: a power of two from 16 to 128 that suits the width
    qreal devicePixelRatio = 1;
    friend bool operator==(const ByteCanvasSpec&, const ByteCanvasSpec&) = default;
};

/// Byte to rectangle and back. Coordinates are logical, from the canvas' upper left corner.
class ByteCanvasLayout {
public:
    ByteCanvasLayout() : ByteCanvasLayout(ByteCanvasSpec{}) {}
    explicit ByteCanvasLayout(const ByteCanvasSpec& spec);

    [[nodiscard]] const ByteCanvasSpec& spec() const { return m_spec; }
    [[nodiscard]] quint64 bytesPerRow() const { return m_bytesPerRow; }
    [[nodiscard]] quint64 rowCount() const;
    [[nodiscard]] qreal byteWidth() const { return m_byteWidth; }
    [[nodiscard]] qreal rowHeight() const { return m_rowHeight; }
    [[nodiscard]] QSizeF size() const;

    [[nodiscard]] QRectF byteRect(quint64 offset) const;
    /// The rectangles of a range, none of them empty, from top to bottom; at most three. Bytes
    /// behind the end of the run are left out.
    [[nodiscard]] std::vector<QRectF> rects(const ByteRange& range) const;
    /// The closed outline of a range; two polygons when its first and last row do not touch.
    [[nodiscard]] std::vector<QPolygonF> outline(const ByteRange& range) const;
    /// The largest of its rectangles: where a label goes.
    [[nodiscard]] QRectF labelRect(const ByteRange& range) const;
    [[nodiscard]] std::optional<quint64> byteAt(QPointF point) const;
    /// Bytes of the rows that `area` touches.
    [[nodiscard]] ByteRange visibleBytes(const QRectF& area) const;

    /// Number of page boundaries inside the run.
    [[nodiscard]] quint64 ruleCount() const;
    /// The rule in front of page `index` of the run, 1 to ruleCount(). A step where the boundary
    /// lies inside a row.
    [[nodiscard]] QPolygonF rule(quint64 index) const;

private:
    [[nodiscard]] ByteRange clipped(const ByteRange& range) const;

    ByteCanvasSpec m_spec;
    quint64 m_bytesPerRow = 64;
    qreal m_byteWidth = 1;
    qreal m_rowHeight = 16;
};

/// An arrow between two ranges: from the lower middle of the first to the upper middle of the
/// second, or the other way round when the second lies above.
struct ByteArrow {
    QPointF from;
    QPointF bend1;
    QPointF bend2;
    QPointF to;
};
[[nodiscard]] std::optional<ByteArrow> byteArrow(const ByteCanvasLayout& layout,
                                                 const ByteRange& from, const ByteRange& to);

} // namespace pagescape::gui
