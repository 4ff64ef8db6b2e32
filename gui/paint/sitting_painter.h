// SPDX-License-Identifier: MIT
// Paints the time line of a sitting. Where more happens than there are pixels, one mark stands for
// all that share its pixel, so the cost is that of the width and not of the sitting.
#pragma once

#include "layout/sitting_layout.h"
#include "paint/theme.h"
#include "stage/sitting.h"

#include <QPainter>
#include <QStringList>

#include <cstddef>
#include <optional>
#include <span>

namespace pagescape::gui {

/// "What if it ended here": a bar and an event after which its reader would have ended.
struct SittingWhatIf {
    std::size_t bar = 0;
    int event = 0;
    friend bool operator==(const SittingWhatIf&, const SittingWhatIf&) = default;
};

/// A moment that was marked.
struct SittingFlag {
    int event = 0; ///< it is the moment after it
    QString name;  ///< "A"
    friend bool operator==(const SittingFlag&, const SittingFlag&) = default;
};

/// All that the picture depends on. Pointers are borrowed for the call.
struct SittingScene {
    const SittingLayout* layout = nullptr;
    const Sitting* sitting = nullptr;
    const Theme* theme = nullptr;
    int position = -1;                 ///< the event whose "after" is on show
    std::optional<std::size_t> chosen; ///< a reader's bar
    std::optional<SittingWhatIf> whatIf;
    std::span<const SittingFlag> flags; ///< borrowed
};

/// The whole picture. The painter's font is used.
void paintSitting(QPainter& painter, const SittingScene& scene);

/// Names of the lanes from top to bottom: ruler, commands, transactions, readers, marks. For the
/// width of the gutter.
[[nodiscard]] QStringList sittingLaneNames(SittingLayout::Axis axis);

/// What stands beside a mark: "failed", "64 → 128 KiB", or "map 64 KiB" where it stays so long.
[[nodiscard]] QString sittingMarkText(const SittingMark& mark);
/// Which of two marks that lie on one another is named, `later` or not: a mapping that grew, or a
/// failure, rather than a mapping that stayed as long as it was; else the later one.
[[nodiscard]] bool isLaterNamed(const SittingMark& earlier, const SittingMark& later);

/// The rectangle in which the bar of a reader is painted; empty when it is out of sight.
[[nodiscard]] QRectF sittingBarRect(const SittingLayout& layout, const SittingReader& bar,
                                    int events);
/// The same of a transaction.
[[nodiscard]] QRectF sittingSpanRect(const SittingLayout& layout, const SittingSpan& span,
                                     int events);

} // namespace pagescape::gui
