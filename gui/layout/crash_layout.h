// SPDX-License-Identifier: MIT
// CrashLayout: the operations of a commit as rows, and the crash as a strip between two of them.
//
//   gutter | number box glyph text                       sectors  state
//     |    |  1     [x]  L    page 4, leaf       1 KiB   ##       survives
//     |    |  2     [ ]  F    page 6, freelist   1 KiB   ..       lost
//     V    |==== crash: 2 not confirmed =====================================
//          |  3               sync                                not reached
#pragma once

#include <QRectF>

#include <cstddef>
#include <cstdint>
#include <optional>

namespace pagescape::gui {

/// What the layout depends on. Lengths in logical pixels.
struct CrashLayoutValues {
    std::size_t rowCount = 0;
    std::size_t cursor = 0; ///< rows above the strip
    qreal width = 0;
    qreal rowHeight = 1;
    qreal unit = 1; ///< width of a digit
    bool hasManyDigits = false;
};

/// Rows to rectangles and back. Rectangles are in the coordinates of the whole list.
class CrashLayout {
public:
    CrashLayout() = default;
    explicit CrashLayout(const CrashLayoutValues& values);

    [[nodiscard]] const CrashLayoutValues& values() const { return m_values; }
    /// One row an operation, and one for the strip.
    [[nodiscard]] qreal height() const;
    [[nodiscard]] QRectF rowRect(std::size_t row) const;
    /// The strip of the crash.
    [[nodiscard]] QRectF cursorRect() const;
    /// The column in which the strip is dragged; the whole height.
    [[nodiscard]] QRectF gutterRect() const;
    [[nodiscard]] QRectF numberRect(std::size_t row) const;
    [[nodiscard]] QRectF boxRect(std::size_t row) const;
    [[nodiscard]] QRectF glyphRect(std::size_t row) const;
    [[nodiscard]] QRectF textRect(std::size_t row) const;
    /// The bytes; empty where the width is short.
    [[nodiscard]] QRectF bytesRect(std::size_t row) const;
    /// The sectors of a write; empty where the width is short.
    [[nodiscard]] QRectF sectorsRect(std::size_t row) const;
    [[nodiscard]] QRectF stateRect(std::size_t row) const;

    /// The row at a height; nothing on the strip and outside.
    [[nodiscard]] std::optional<std::size_t> rowAt(qreal y) const;
    /// Where the strip has to be to lie under that height. It stays there: no jumping in a drag.
    [[nodiscard]] std::size_t cursorAt(qreal y) const;
    /// How many of a write's sectors lie left of a point of sectorsRect(), rounded.
    [[nodiscard]] std::uint32_t sectorsAt(std::size_t row, qreal x, std::uint32_t sectors) const;

private:
    [[nodiscard]] qreal top(std::size_t row) const;
    [[nodiscard]] QRectF column(std::size_t row, qreal x, qreal width) const;

    CrashLayoutValues m_values;
    qreal m_numberX = 0;
    qreal m_boxX = 0;
    qreal m_glyphX = 0;
    qreal m_textX = 0;
    qreal m_bytesX = 0;
    qreal m_sectorsX = 0;
    qreal m_stateX = 0;
};

} // namespace pagescape::gui
