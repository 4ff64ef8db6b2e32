// SPDX-License-Identifier: MIT
// Arithmetic of the hex view. Widths are counted in characters:
//   offset, 2 blanks, per byte 2 digits and 1 blank (1 more between groups of 8), 1 blank, text.
#include "layout/hex_layout.h"

#include "layout/wrapped_range.h"

#include <algorithm>
#include <cmath>

namespace pagescape::gui {
namespace {

constexpr int kGroup = 8;        // bytes between wider gaps
constexpr int kCharsPerByte = 3; // two digits and a blank
constexpr int kCharsAfterOffset = 2;
constexpr int kFewestDigits = 8;

} // namespace

HexLayout::HexLayout(const HexSpec& spec) : m_spec(spec) {
    m_spec.bytesPerLine = std::max(1, m_spec.bytesPerLine);
    m_spec.charWidth = std::max(1.0, m_spec.charWidth);
    m_spec.lineHeight = std::max(1.0, m_spec.lineHeight);
    int digits = 1;
    for (quint64 last = m_spec.baseOffset + m_spec.byteCount; last >= 16; last /= 16) {
        ++digits;
    }
    m_offsetDigits = std::max(kFewestDigits, digits);
    m_hexLeft = (m_offsetDigits + kCharsAfterOffset) * m_spec.charWidth;
    const int groupGaps = (m_spec.bytesPerLine - 1) / kGroup;
    m_textLeft =
        m_hexLeft + (m_spec.bytesPerLine * kCharsPerByte + groupGaps + 1) * m_spec.charWidth;
}

HexSpec HexLayout::fitted(HexSpec spec, qreal width) {
    for (spec.bytesPerLine = 16; spec.bytesPerLine > 4; spec.bytesPerLine /= 2) {
        if (HexLayout(spec).size().width() <= width) {
            break;
        }
    }
    return spec;
}

quint64 HexLayout::lineCount() const {
    const auto perLine = static_cast<quint64>(m_spec.bytesPerLine);
    return m_spec.byteCount / perLine + (m_spec.byteCount % perLine == 0 ? 0 : 1);
}

QSizeF HexLayout::size() const {
    return {m_textLeft + m_spec.bytesPerLine * m_spec.charWidth,
            static_cast<qreal>(lineCount()) * m_spec.lineHeight};
}

quint64 HexLayout::lineOf(quint64 offset) const {
    return offset / static_cast<quint64>(m_spec.bytesPerLine);
}

QRectF HexLayout::offsetRect(quint64 line) const {
    return {0, static_cast<qreal>(line) * m_spec.lineHeight, m_offsetDigits * m_spec.charWidth,
            m_spec.lineHeight};
}

qreal HexLayout::left(int byteInLine, HexColumn column) const {
    if (column == HexColumn::Text) {
        return m_textLeft + byteInLine * m_spec.charWidth;
    }
    return m_hexLeft + (byteInLine * kCharsPerByte + byteInLine / kGroup) * m_spec.charWidth;
}

qreal HexLayout::cellWidth(HexColumn column) const {
    return (column == HexColumn::Text ? 1 : 2) * m_spec.charWidth;
}

QRectF HexLayout::cellRect(quint64 offset, HexColumn column) const {
    const auto perLine = static_cast<quint64>(m_spec.bytesPerLine);
    return {left(static_cast<int>(offset % perLine), column),
            static_cast<qreal>(offset / perLine) * m_spec.lineHeight, cellWidth(column),
            m_spec.lineHeight};
}

std::vector<QRectF> HexLayout::rects(const ByteRange& range, HexColumn column) const {
    const quint64 begin = std::min<quint64>(range.begin, m_spec.byteCount);
    const quint64 end = std::clamp<quint64>(range.end, begin, m_spec.byteCount);
    std::vector<QRectF> result;
    for (const GridSpan& span :
         gridSpans({begin, end}, static_cast<quint64>(m_spec.bytesPerLine))) {
        const qreal from = left(static_cast<int>(span.begin), column);
        const qreal to = left(static_cast<int>(span.end) - 1, column) + cellWidth(column);
        result.emplace_back(from, static_cast<qreal>(span.row) * m_spec.lineHeight, to - from,
                            static_cast<qreal>(span.rowCount) * m_spec.lineHeight);
    }
    return result;
}

std::vector<QPolygonF> HexLayout::outline(const ByteRange& range, HexColumn column) const {
    const quint64 begin = std::min<quint64>(range.begin, m_spec.byteCount);
    const quint64 end = std::clamp<quint64>(range.end, begin, m_spec.byteCount);
    // Half the gap between cells belongs to the outline, so that digits do not touch it.
    const qreal air = column == HexColumn::Hex ? m_spec.charWidth * 0.4 : 0;
    const auto leftOf = [this, column, air](quint64 at) {
        return left(static_cast<int>(at), column) - air;
    };
    const auto rightOf = [this, column, air](quint64 at) {
        return left(static_cast<int>(at), column) + cellWidth(column) + air;
    };
    const auto top = [this](quint64 line) { return static_cast<qreal>(line) * m_spec.lineHeight; };
    return wrappedOutline(ByteRange{begin, end}, static_cast<quint64>(m_spec.bytesPerLine), leftOf,
                          rightOf, top);
}

std::optional<HexLayout::Hit> HexLayout::at(QPointF point) const {
    const qreal half = m_spec.charWidth / 2;
    if (point.y() < 0 || point.x() < m_hexLeft - half) {
        return std::nullopt;
    }
    const HexColumn column = point.x() >= m_textLeft ? HexColumn::Text : HexColumn::Hex;
    const int last = m_spec.bytesPerLine - 1;
    if (point.x() >=
        left(last, column) + cellWidth(column) + (column == HexColumn::Hex ? half : 0)) {
        return std::nullopt;
    }
    // The gap after a byte belongs half to it and half to the next one.
    int byte = last;
    while (byte > 0 && point.x() < left(byte, column) - (column == HexColumn::Hex ? half : 0)) {
        --byte;
    }
    const qreal line = std::floor(point.y() / m_spec.lineHeight);
    if (line >= static_cast<qreal>(lineCount())) {
        return std::nullopt;
    }
    const quint64 offset = static_cast<quint64>(line) * static_cast<quint64>(m_spec.bytesPerLine) +
                           static_cast<quint64>(byte);
    return offset < m_spec.byteCount ? std::optional(Hit{offset, column}) : std::nullopt;
}

ByteRange HexLayout::visibleBytes(const QRectF& area) const {
    const auto lines = static_cast<qreal>(lineCount());
    const qreal first = std::clamp(std::floor(area.top() / m_spec.lineHeight), 0.0, lines);
    const qreal last = std::clamp(std::ceil(area.bottom() / m_spec.lineHeight), first, lines);
    const auto perLine = static_cast<quint64>(m_spec.bytesPerLine);
    return {std::min<quint64>(static_cast<quint64>(first) * perLine, m_spec.byteCount),
            std::min<quint64>(static_cast<quint64>(last) * perLine, m_spec.byteCount)};
}

} // namespace pagescape::gui
