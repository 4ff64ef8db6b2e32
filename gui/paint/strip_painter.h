// SPDX-License-Identifier: MIT
// Paints the address strip: file, resident part, high-water mark, and what is mapped past its end.
#pragma once

#include "layout/strip_layout.h"
#include "paint/text.h"
#include "paint/theme.h"

#include <QPainter>
#include <QString>

#include <optional>

namespace pagescape::gui {

/// All that the picture depends on. Pointers are borrowed for the call.
struct StripScene {
    const StripLayout* layout = nullptr;
    const StripValues* values = nullptr;
    const Theme* theme = nullptr;
    std::optional<ByteRange> selected; ///< bytes of the file
    std::optional<quint64> hovered;    ///< byte of the file or mapping
};

/// The band with its labels; the layout's area is the band, addresses stand left and right inside
/// it where they fit.
void paintStrip(QPainter& painter, const StripScene& scene);

/// One sentence for a tooltip and for screen readers.
[[nodiscard]] QString stripSummary(const StripValues& values);

} // namespace pagescape::gui
