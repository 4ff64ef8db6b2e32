// SPDX-License-Identifier: MIT
// How a reader looks: a pattern and a colour by its number, the same on every picture. Patterns
// carry the meaning, and the number stands beside them; the colour only helps.
#pragma once

#include "paint/theme.h"

#include <QPainter>
#include <QRectF>

#include <cstdint>

namespace pagescape::gui {

/// Patterns that can be told apart; reader 7 looks like reader 1 with another colour.
inline constexpr int kReaderPatternCount = 6;

/// Fills `rect` with the pattern of a reader over a tint of its colour, and frames it. `pitch` is
/// the distance of two lines in logical pixels: take it from the font.
void paintReaderPattern(QPainter& painter, const QRectF& rect, std::uint64_t reader,
                        const Theme& theme, qreal pitch);

} // namespace pagescape::gui
