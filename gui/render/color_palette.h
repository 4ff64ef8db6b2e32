// SPDX-License-Identifier: MIT
// ColorPalette: few colours for many, so that a picture of the theme's colours keeps them exactly
// and only the blends of antialiased text give way to neighbours.
#pragma once

#include <QImage>
#include <QRgb>

#include <cstdint>
#include <unordered_map>
#include <vector>

namespace pagescape::gui {

/// How often each colour occurs.
class ColorCount {
public:
    /// Counts a picture's pixels, their alpha left out. Cost: each pixel once.
    void add(const QImage& image);
    [[nodiscard]] const std::unordered_map<QRgb, std::uint64_t>& counts() const { return m_counts; }

private:
    std::unordered_map<QRgb, std::uint64_t> m_counts;
};

/// The most used colours as they are, the mean colours of a median cut for all others, and a few of
/// those that lie furthest from all of these.
class ColorPalette {
public:
    /// Colours at most: an index of a GIF is left for "as before".
    static constexpr std::size_t kMostColors = 255;
    /// Of these, the most used ones that are kept exactly when there are too many.
    static constexpr std::size_t kPinnedColors = 64;
    /// Kept for rare colours that the means are far from: no pixel shall look like another thing.
    static constexpr std::size_t kSpareColors = 16;

    explicit ColorPalette(const ColorCount& count);

    /// Opaque, without two that are equal.
    [[nodiscard]] const std::vector<QRgb>& colors() const { return m_colors; }
    /// Every counted colour is in it.
    [[nodiscard]] bool isExact() const { return m_isExact; }
    /// Index of the nearest colour. Cost: a look-up; all colours once for one not seen before.
    [[nodiscard]] std::uint8_t indexOf(QRgb color);
    /// A picture in palette indices, row by row without padding.
    [[nodiscard]] std::vector<std::uint8_t> indexed(const QImage& image);

private:
    std::vector<QRgb> m_colors;
    std::unordered_map<QRgb, std::uint8_t> m_indices;
    bool m_isExact = true;
};

} // namespace pagescape::gui
