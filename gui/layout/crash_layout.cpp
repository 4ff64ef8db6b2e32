// SPDX-License-Identifier: MIT
#include "layout/crash_layout.h"

#include <algorithm>
#include <cmath>

namespace pagescape::gui {

namespace {

// Widths of the columns in digits.
constexpr qreal kGutter = 3.5;
constexpr qreal kNumber = 3.5;
constexpr qreal kManyDigits = 7;
constexpr qreal kText = 22; // as narrow as it may be beside an optional column
constexpr qreal kBytes = 8;
constexpr qreal kSectors = 12;
constexpr qreal kState = 15;

} // namespace

CrashLayout::CrashLayout(const CrashLayoutValues& values) : m_values(values) {
    const qreal unit = values.unit;
    const qreal square = values.rowHeight;
    m_numberX = kGutter * unit;
    m_boxX = m_numberX + (values.hasManyDigits ? kManyDigits : kNumber) * unit;
    m_glyphX = m_boxX + square;
    m_textX = m_glyphX + square + unit / 2;
    qreal room = values.width - m_textX - kText * unit;
    const auto take = [&](qreal width) { // an optional column, where there is room
        const bool fits = room >= width;
        room -= fits ? width : 0;
        return fits ? width : 0.0;
    };
    const qreal state = kState * unit;
    room -= state;
    const qreal sectors = take(kSectors * unit);
    const qreal bytes = take(kBytes * unit);
    m_stateX = std::max(m_textX, values.width - state);
    m_sectorsX = m_stateX - sectors;
    m_bytesX = m_sectorsX - bytes;
}

qreal CrashLayout::height() const {
    return m_values.rowHeight * qreal(m_values.rowCount + 1);
}

qreal CrashLayout::top(std::size_t row) const {
    return m_values.rowHeight * qreal(row < m_values.cursor ? row : row + 1);
}

QRectF CrashLayout::column(std::size_t row, qreal x, qreal width) const {
    return {x, top(row), std::max(0.0, width), m_values.rowHeight};
}

QRectF CrashLayout::rowRect(std::size_t row) const {
    return column(row, m_numberX, m_values.width - m_numberX);
}

QRectF CrashLayout::cursorRect() const {
    return {0, m_values.rowHeight * qreal(m_values.cursor), m_values.width, m_values.rowHeight};
}

QRectF CrashLayout::gutterRect() const {
    return {0, 0, m_numberX, height()};
}

QRectF CrashLayout::numberRect(std::size_t row) const {
    return column(row, m_numberX, m_boxX - m_numberX);
}

QRectF CrashLayout::boxRect(std::size_t row) const {
    return column(row, m_boxX, m_glyphX - m_boxX);
}

QRectF CrashLayout::glyphRect(std::size_t row) const {
    return column(row, m_glyphX, m_values.rowHeight);
}

QRectF CrashLayout::textRect(std::size_t row) const {
    return column(row, m_textX, m_bytesX - m_textX - m_values.unit);
}

QRectF CrashLayout::bytesRect(std::size_t row) const {
    return column(row, m_bytesX, m_sectorsX - m_bytesX);
}

QRectF CrashLayout::sectorsRect(std::size_t row) const {
    const qreal inset = m_values.rowHeight * 0.28;
    const QRectF rect = column(row, m_sectorsX, m_stateX - m_sectorsX - m_values.unit);
    return rect.isEmpty() ? QRectF() : rect.adjusted(0, inset, 0, -inset);
}

QRectF CrashLayout::stateRect(std::size_t row) const {
    return column(row, m_stateX, m_values.width - m_stateX);
}

std::optional<std::size_t> CrashLayout::rowAt(qreal y) const {
    const auto slot = static_cast<std::size_t>(std::max(0.0, std::floor(y / m_values.rowHeight)));
    if (y < 0 || slot == m_values.cursor || slot > m_values.rowCount) {
        return std::nullopt;
    }
    return slot < m_values.cursor ? slot : slot - 1;
}

std::size_t CrashLayout::cursorAt(qreal y) const {
    const qreal slot = std::floor(y / m_values.rowHeight);
    return static_cast<std::size_t>(std::clamp(slot, 0.0, qreal(m_values.rowCount)));
}

std::uint32_t CrashLayout::sectorsAt(std::size_t row, qreal x, std::uint32_t sectors) const {
    const QRectF rect = sectorsRect(row);
    if (rect.isEmpty()) {
        return sectors;
    }
    const qreal share = std::clamp((x - rect.left()) / rect.width(), 0.0, 1.0);
    return static_cast<std::uint32_t>(std::lround(share * sectors));
}

} // namespace pagescape::gui
