// SPDX-License-Identifier: MIT
// Arithmetic of the byte canvas.
#include "layout/byte_canvas_layout.h"

#include "layout/wrapped_range.h"

#include <algorithm>
#include <cmath>

namespace pagescape::gui {
namespace {

constexpr qreal kNarrowestByte = 5; // logical pixels; below that single bytes cannot be pointed at

// Whole device pixels, so that fields of equal length have equal width.
qreal onDevice(qreal logical, qreal ratio) {
    return std::max(1.0, std::floor(logical * ratio)) / ratio;
}

} // namespace

ByteCanvasLayout::ByteCanvasLayout(const ByteCanvasSpec& spec) : m_spec(spec) {
    if (!(m_spec.devicePixelRatio > 0)) {
        m_spec.devicePixelRatio = 1;
    }
    if (m_spec.bytesPerRow > 0) {
        m_bytesPerRow = static_cast<quint64>(m_spec.bytesPerRow);
    } else {
        m_bytesPerRow = 16;
        while (m_bytesPerRow < 128 &&
               static_cast<qreal>(m_bytesPerRow * 2) * kNarrowestByte <= m_spec.width) {
            m_bytesPerRow *= 2;
        }
    }
    m_byteWidth =
        onDevice(m_spec.width / static_cast<qreal>(m_bytesPerRow), m_spec.devicePixelRatio);
    m_rowHeight = onDevice(m_spec.rowHeight, m_spec.devicePixelRatio);
}

quint64 ByteCanvasLayout::rowCount() const {
    return m_spec.byteCount / m_bytesPerRow + (m_spec.byteCount % m_bytesPerRow == 0 ? 0 : 1);
}

QSizeF ByteCanvasLayout::size() const {
    return {m_byteWidth * static_cast<qreal>(m_bytesPerRow),
            m_rowHeight * static_cast<qreal>(rowCount())};
}

ByteRange ByteCanvasLayout::clipped(const ByteRange& range) const {
    const quint64 begin = std::min<quint64>(range.begin, m_spec.byteCount);
    return {begin, std::clamp<quint64>(range.end, begin, m_spec.byteCount)};
}

QRectF ByteCanvasLayout::byteRect(quint64 offset) const {
    return {static_cast<qreal>(offset % m_bytesPerRow) * m_byteWidth,
            static_cast<qreal>(offset / m_bytesPerRow) * m_rowHeight, m_byteWidth, m_rowHeight};
}

std::vector<QRectF> ByteCanvasLayout::rects(const ByteRange& range) const {
    std::vector<QRectF> result;
    for (const GridSpan& span : gridSpans(clipped(range), m_bytesPerRow)) {
        result.emplace_back(static_cast<qreal>(span.begin) * m_byteWidth,
                            static_cast<qreal>(span.row) * m_rowHeight,
                            static_cast<qreal>(span.end - span.begin) * m_byteWidth,
                            static_cast<qreal>(span.rowCount) * m_rowHeight);
    }
    return result;
}

std::vector<QPolygonF> ByteCanvasLayout::outline(const ByteRange& range) const {
    const auto left = [this](quint64 column) { return static_cast<qreal>(column) * m_byteWidth; };
    const auto right = [this](quint64 column) {
        return static_cast<qreal>(column + 1) * m_byteWidth;
    };
    const auto top = [this](quint64 row) { return static_cast<qreal>(row) * m_rowHeight; };
    return wrappedOutline(clipped(range), m_bytesPerRow, left, right, top);
}

QRectF ByteCanvasLayout::labelRect(const ByteRange& range) const {
    QRectF best;
    for (const QRectF& rect : rects(range)) {
        if (rect.width() > best.width()) {
            best = rect;
        }
    }
    return best;
}

std::optional<quint64> ByteCanvasLayout::byteAt(QPointF point) const {
    const QSizeF all = size();
    if (point.x() < 0 || point.y() < 0 || point.x() >= all.width() || point.y() >= all.height()) {
        return std::nullopt;
    }
    const auto column = std::min(static_cast<quint64>(point.x() / m_byteWidth), m_bytesPerRow - 1);
    const auto row = static_cast<quint64>(point.y() / m_rowHeight);
    const quint64 offset = row * m_bytesPerRow + column;
    return offset < m_spec.byteCount ? std::optional(offset) : std::nullopt;
}

ByteRange ByteCanvasLayout::visibleBytes(const QRectF& area) const {
    const qreal rows = static_cast<qreal>(rowCount());
    const qreal first = std::clamp(std::floor(area.top() / m_rowHeight), 0.0, rows);
    const qreal last = std::clamp(std::ceil(area.bottom() / m_rowHeight), first, rows);
    return clipped(
        {static_cast<quint64>(first) * m_bytesPerRow, static_cast<quint64>(last) * m_bytesPerRow});
}

quint64 ByteCanvasLayout::ruleCount() const {
    return m_spec.pageSize == 0 || m_spec.byteCount == 0 ? 0
                                                         : (m_spec.byteCount - 1) / m_spec.pageSize;
}

QPolygonF ByteCanvasLayout::rule(quint64 index) const {
    if (index == 0 || index > ruleCount()) {
        return {};
    }
    const quint64 offset = index * m_spec.pageSize;
    const auto row = static_cast<qreal>(offset / m_bytesPerRow);
    const qreal x = static_cast<qreal>(offset % m_bytesPerRow) * m_byteWidth;
    const qreal right = m_byteWidth * static_cast<qreal>(m_bytesPerRow);
    QPolygonF line;
    if (x > 0) { // under the bytes before the boundary, up, and over the ones behind it
        line << QPointF(0, (row + 1) * m_rowHeight) << QPointF(x, (row + 1) * m_rowHeight);
    }
    line << QPointF(x, row * m_rowHeight) << QPointF(right, row * m_rowHeight);
    return line;
}

std::optional<ByteArrow> byteArrow(const ByteCanvasLayout& layout, const ByteRange& from,
                                   const ByteRange& to) {
    const QRectF source = layout.labelRect(from);
    const QRectF target = layout.labelRect(to);
    if (source.isEmpty() || target.isEmpty() || source.intersects(target)) {
        return std::nullopt;
    }
    const bool isDown = source.center().y() <= target.center().y();
    const QPointF start(source.center().x(), isDown ? source.bottom() : source.top());
    const QPointF end(target.center().x(), isDown ? target.top() : target.bottom());
    const qreal middle = (start.y() + end.y()) / 2;
    return ByteArrow{start, QPointF(start.x(), middle), QPointF(end.x(), middle), end};
}

} // namespace pagescape::gui
