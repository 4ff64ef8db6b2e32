// SPDX-License-Identifier: MIT
// A range of bytes that wraps over the rows of a grid: its rectangles and its outline. Byte canvas
// and hex view share it.
#pragma once

#include "pagescape/types.h"

#include <QPolygonF>
#include <QRectF>

#include <vector>

namespace pagescape::gui {

/// Part of a wrapped range: `rowCount` rows from `row`, the columns [begin, end) of each.
struct GridSpan {
    quint64 row = 0;
    quint64 rowCount = 0;
    quint64 begin = 0;
    quint64 end = 0;
    friend bool operator==(const GridSpan&, const GridSpan&) = default;
};

/// The rest of the first row, the whole rows between, the beginning of the last one: at most three.
[[nodiscard]] inline std::vector<GridSpan> gridSpans(const ByteRange& range, quint64 perRow) {
    if (perRow == 0 || range.end <= range.begin) {
        return {};
    }
    const quint64 firstRow = range.begin / perRow;
    const quint64 lastRow = (range.end - 1) / perRow;
    const quint64 begin = range.begin % perRow;
    const quint64 end = (range.end - 1) % perRow + 1;
    if (firstRow == lastRow) {
        return {{firstRow, 1, begin, end}};
    }
    std::vector<GridSpan> spans;
    quint64 wholeBegin = firstRow;
    quint64 wholeEnd = lastRow + 1;
    if (begin != 0) {
        spans.push_back({firstRow, 1, begin, perRow});
        ++wholeBegin;
    }
    if (end != perRow) {
        --wholeEnd;
    }
    if (wholeBegin < wholeEnd) {
        spans.push_back({wholeBegin, wholeEnd - wholeBegin, 0, perRow});
    }
    if (end != perRow) {
        spans.push_back({lastRow, 1, 0, end});
    }
    return spans;
}

/// Outline in a grid where `left(column)` and `right(column)` are the edges of a column's cells and
/// `top(row)` the upper edge of a row (the lower one is the next row's upper one).
template <typename Left, typename Right, typename Top>
[[nodiscard]] std::vector<QPolygonF> wrappedOutline(const ByteRange& range, quint64 perRow,
                                                    Left left, Right right, Top top) {
    if (perRow == 0 || range.end <= range.begin) {
        return {};
    }
    const quint64 firstRow = range.begin / perRow;
    const quint64 lastRow = (range.end - 1) / perRow;
    const quint64 begin = range.begin % perRow;
    const quint64 last = (range.end - 1) % perRow; // column of the last byte
    const auto box = [&](quint64 row, quint64 from, quint64 to) {
        return QPolygonF(QRectF(QPointF(left(from), top(row)), QPointF(right(to), top(row + 1))));
    };
    if (firstRow == lastRow) {
        return {box(firstRow, begin, last)};
    }
    if (lastRow == firstRow + 1 && last < begin) {
        return {box(firstRow, begin, perRow - 1), box(lastRow, 0, last)};
    }
    const qreal farLeft = left(0);
    const qreal farRight = right(perRow - 1);
    QPolygonF polygon;
    polygon << QPointF(left(begin), top(firstRow)) << QPointF(farRight, top(firstRow))
            << QPointF(farRight, top(lastRow)) << QPointF(right(last), top(lastRow))
            << QPointF(right(last), top(lastRow + 1)) << QPointF(farLeft, top(lastRow + 1))
            << QPointF(farLeft, top(firstRow + 1)) << QPointF(left(begin), top(firstRow + 1))
            << QPointF(left(begin), top(firstRow));
    return {polygon};
}

} // namespace pagescape::gui
