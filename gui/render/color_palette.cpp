// SPDX-License-Identifier: MIT
#include "render/color_palette.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <utility>

namespace pagescape::gui {

namespace {

constexpr QRgb kOpaque = 0xFF000000U;

using Counted = std::pair<QRgb, std::uint64_t>;

// Red, green, blue.
std::array<int, 3> channels(QRgb color) {
    return {qRed(color), qGreen(color), qBlue(color)};
}

// Squared, green counting most: the eye sees it so.
int distance(QRgb a, QRgb b) {
    const auto first = channels(a);
    const auto second = channels(b);
    const std::array<int, 3> weight{3, 6, 1};
    int sum = 0;
    for (std::size_t i = 0; i < 3; ++i) {
        sum += weight[i] * (first[i] - second[i]) * (first[i] - second[i]);
    }
    return sum;
}

// A part of the colours and its widest channel.
struct Box {
    std::span<Counted> colors;
    std::size_t channel = 0;
    int width = 0;
    std::uint64_t pixels = 0;

    explicit Box(std::span<Counted> part) : colors(part) {
        for (std::size_t i = 0; i < 3; ++i) {
            const auto [least, most] = std::ranges::minmax(
                colors, {}, [i](const Counted& color) { return channels(color.first)[i]; });
            const int wide = channels(most.first)[i] - channels(least.first)[i];
            if (wide > width) {
                width = wide;
                channel = i;
            }
        }
        for (const Counted& color : colors) {
            pixels += color.second;
        }
    }
    // Wide boxes are cut first, and among them those that much of the picture is made of; the root
    // keeps rare blends from being thrown together.
    [[nodiscard]] double weight() const {
        return double(width) * double(width) * std::sqrt(double(pixels));
    }

    [[nodiscard]] QRgb mean() const {
        std::array<std::uint64_t, 3> sum{};
        for (const Counted& color : colors) {
            const auto parts = channels(color.first);
            for (std::size_t i = 0; i < 3; ++i) {
                sum[i] += std::uint64_t(parts[i]) * color.second;
            }
        }
        QRgb made = 0;
        for (const std::uint64_t channelSum : sum) {
            made = (made << 8U) | QRgb((channelSum + pixels / 2) / pixels);
        }
        return made | kOpaque;
    }
    // At the median pixel of the widest channel.
    [[nodiscard]] std::pair<Box, Box> cut() const {
        std::ranges::sort(colors, {}, [this](const Counted& color) {
            return std::pair(channels(color.first)[channel], color.first);
        });
        std::uint64_t before = 0;
        std::size_t at = 0;
        while (at + 1 < colors.size() && before + colors[at].second <= pixels / 2) {
            before += colors[at++].second;
        }
        at = std::clamp<std::size_t>(at, 1, colors.size() - 1);
        return {Box(colors.first(at)), Box(colors.subspan(at))};
    }
};

std::vector<QRgb> medianCut(std::span<Counted> colors, std::size_t most) {
    std::vector<Box> boxes{Box(colors)};
    while (boxes.size() < most) {
        const auto widest = std::ranges::max_element(boxes, {}, &Box::weight);
        if (widest->width == 0) {
            break;
        }
        const auto [first, second] = widest->cut();
        *widest = first;
        boxes.push_back(second);
    }
    std::vector<QRgb> means;
    std::ranges::transform(boxes, std::back_inserter(means), &Box::mean);
    return means;
}

// Adds, one by one, the colour that is farthest from all chosen ones.
void addFarthest(std::vector<QRgb>& chosen, std::span<const Counted> colors, std::size_t most) {
    std::vector<int> away(colors.size(), std::numeric_limits<int>::max()); // from the nearest
    const auto seeAgain = [&](QRgb added) {
        for (std::size_t i = 0; i < colors.size(); ++i) {
            away[i] = std::min(away[i], distance(colors[i].first, added));
        }
    };
    std::ranges::for_each(chosen, seeAgain);
    while (chosen.size() < most) {
        const auto farthest = std::ranges::max_element(away);
        if (farthest == away.end() || *farthest == 0) {
            return;
        }
        chosen.push_back(colors[std::size_t(farthest - away.begin())].first);
        seeAgain(chosen.back());
    }
}

} // namespace

void ColorCount::add(const QImage& image) {
    const QImage plain = image.convertToFormat(QImage::Format_RGB32);
    for (int y = 0; y < plain.height(); ++y) {
        const std::span row(reinterpret_cast<const QRgb*>(plain.constScanLine(y)),
                            std::size_t(plain.width()));
        for (auto at = row.begin(); at != row.end();) {
            const auto end = std::find_if(at, row.end(), [&](QRgb other) { return other != *at; });
            m_counts[*at | kOpaque] += std::uint64_t(end - at);
            at = end;
        }
    }
}

ColorPalette::ColorPalette(const ColorCount& count) {
    std::vector<Counted> colors(count.counts().begin(), count.counts().end());
    // By use; the colour itself decides between equals, so that every run makes the same palette.
    std::ranges::sort(colors, [](const Counted& a, const Counted& b) {
        return a.second != b.second ? a.second > b.second : a.first < b.first;
    });
    m_isExact = colors.size() <= kMostColors;
    const std::size_t exact = m_isExact ? colors.size() : kPinnedColors;
    for (std::size_t i = 0; i < exact; ++i) {
        m_colors.push_back(colors[i].first);
    }
    if (!m_isExact) {
        const std::span rest = std::span(colors).subspan(exact);
        for (const QRgb mean : medianCut(rest, kMostColors - kSpareColors - exact)) {
            if (std::ranges::find(m_colors, mean) == m_colors.end()) {
                m_colors.push_back(mean);
            }
        }
        addFarthest(m_colors, rest, kMostColors);
    }
    for (std::size_t i = 0; i < m_colors.size(); ++i) {
        m_indices.emplace(m_colors[i], std::uint8_t(i));
    }
}

std::uint8_t ColorPalette::indexOf(QRgb color) {
    color |= kOpaque;
    if (const auto known = m_indices.find(color); known != m_indices.end()) {
        return known->second;
    }
    std::size_t nearest = 0;
    int least = std::numeric_limits<int>::max();
    for (std::size_t i = 0; i < m_colors.size(); ++i) {
        if (const int far = distance(color, m_colors[i]); far < least) {
            least = far;
            nearest = i;
        }
    }
    m_indices.emplace(color, std::uint8_t(nearest));
    return std::uint8_t(nearest);
}

std::vector<std::uint8_t> ColorPalette::indexed(const QImage& image) {
    const QImage plain = image.convertToFormat(QImage::Format_RGB32);
    std::vector<std::uint8_t> made;
    made.reserve(std::size_t(plain.width()) * std::size_t(plain.height()));
    QRgb last = 0;
    std::uint8_t index = 0;
    for (int y = 0; y < plain.height(); ++y) {
        const std::span row(reinterpret_cast<const QRgb*>(plain.constScanLine(y)),
                            std::size_t(plain.width()));
        for (const QRgb color : row) {
            if ((color | kOpaque) != last) {
                last = color | kOpaque;
                index = indexOf(last);
            }
            made.push_back(index);
        }
    }
    return made;
}

} // namespace pagescape::gui
