// SPDX-License-Identifier: MIT
// Paints bytes as hexadecimal and text: backgrounds of all ranges first, then the text, then the
// outlines, so that a later line never covers an outline.
#pragma once

#include "layout/hex_layout.h"
#include "pagescape/inspect.h"
#include "paint/theme.h"

#include <QPainter>

#include <optional>
#include <vector>

namespace pagescape::gui {

/// How strongly a range is outlined.
enum class HexStrength {
    None,
    Part,    ///< thin, dim: the part of the page around it
    Element, ///< thin: the enclosing element
    Field,   ///< thick: the field itself
};

/// A stretch of bytes that stands out.
struct HexRange {
    ByteRange range;                       ///< from byte 0 of the layout
    std::optional<Theme::Role> background; ///< none: outline only
    HexStrength strength = HexStrength::None;
    Theme::Role outline = Theme::Role::Accent;
};

/// Backgrounds of all leaf fields of a page that meet `visible`, from its description.
[[nodiscard]] std::vector<HexRange> hexFieldRanges(const PageDescription& description,
                                                   const ByteRange& visible);
/// Outlines for a field: itself, its element, the part of the page it is in.
[[nodiscard]] std::vector<HexRange> hexOutlines(const PageDescription& description, int field,
                                                Theme::Role role);

/// All that the picture depends on. Pointers are borrowed for the call.
struct HexScene {
    const HexLayout* layout = nullptr;
    const Theme* theme = nullptr;
    Bytes bytes;                   ///< all bytes of the layout
    std::vector<HexRange> ranges;  ///< painted in order
    std::optional<quint64> cursor; ///< byte of the keyboard cursor
    HexColumn cursorColumn = HexColumn::Hex;
    bool hasFocus = false;
};

/// Paints the lines that touch `exposed`, with the painter's font (whose digit width must be the
/// layout's charWidth).
void paintHex(QPainter& painter, const HexScene& scene, const QRectF& exposed);

} // namespace pagescape::gui
