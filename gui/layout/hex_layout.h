// SPDX-License-Identifier: MIT
// HexLayout: a fixed number of bytes a line as offset, hexadecimal cells and text. Every byte has a
// cell of its own in both columns, so that the pitch does not depend on the font being truly
// monospaced.
//
//   00000810  6b 61 72 6c 00 00 00 00  7b 22 61 67 65 22 3a 20  karl....{"age":
#pragma once

#include "pagescape/types.h"

#include <QPointF>
#include <QPolygonF>
#include <QRectF>
#include <QSizeF>

#include <optional>
#include <vector>

namespace pagescape::gui {

/// What the layout depends on.
struct HexSpec {
    quint64 byteCount = 0;
    quint64 baseOffset = 0; ///< shown offset of byte 0: where the run starts in the file
    qreal charWidth = 8;    ///< logical pixels of one digit in the font used
    qreal lineHeight = 16;  ///< logical pixels
    int bytesPerLine = 16;
    friend bool operator==(const HexSpec&, const HexSpec&) = default;
};

/// Which of the two columns.
enum class HexColumn { Hex, Text };

/// Byte to cell and back. Coordinates are logical, from the upper left corner of line 0.
class HexLayout {
public:
    HexLayout() : HexLayout(HexSpec{}) {}
    explicit HexLayout(const HexSpec& spec);
    /// The same spec with as many bytes a line as a width has room for, text column included: 16, 8
    /// or 4.
    [[nodiscard]] static HexSpec fitted(HexSpec spec, qreal width);

    struct Hit {
        quint64 offset = 0;
        HexColumn column = HexColumn::Hex;
        friend bool operator==(const Hit&, const Hit&) = default;
    };

    [[nodiscard]] const HexSpec& spec() const { return m_spec; }
    [[nodiscard]] quint64 lineCount() const;
    [[nodiscard]] int offsetDigits() const { return m_offsetDigits; }
    [[nodiscard]] QSizeF size() const;

    [[nodiscard]] QRectF offsetRect(quint64 line) const;
    [[nodiscard]] QRectF cellRect(quint64 offset, HexColumn column) const;
    /// The rectangles of a range in one column: part of the first line, whole lines, part of the
    /// last.
    [[nodiscard]] std::vector<QRectF> rects(const ByteRange& range, HexColumn column) const;
    /// The closed outline of a range in one column; two polygons when its lines do not touch.
    [[nodiscard]] std::vector<QPolygonF> outline(const ByteRange& range, HexColumn column) const;
    /// The byte at a point: also in the gaps between cells of a column, but not between the
    /// columns.
    [[nodiscard]] std::optional<Hit> at(QPointF point) const;
    /// Bytes of the lines that `area` touches.
    [[nodiscard]] ByteRange visibleBytes(const QRectF& area) const;
    [[nodiscard]] quint64 lineOf(quint64 offset) const;

private:
    [[nodiscard]] qreal left(int byteInLine, HexColumn column) const;
    [[nodiscard]] qreal cellWidth(HexColumn column) const;

    HexSpec m_spec;
    int m_offsetDigits = 8;
    qreal m_hexLeft = 0;
    qreal m_textLeft = 0;
};

} // namespace pagescape::gui
