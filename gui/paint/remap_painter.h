// SPDX-License-Identifier: MIT
// Paints where a remap took the mapping, and who waits for it, and says both in words.
#pragma once

#include "layout/remap_layout.h"
#include "paint/theme.h"
#include "stage/growth_series.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QString>

#include <vector>

namespace pagescape::gui {

/// The band of addresses. Pointers are borrowed for the call.
struct RemapScene {
    const RemapLayout* layout = nullptr;
    const RemapValues* values = nullptr;
    const Theme* theme = nullptr;
    qreal t = 1;           ///< 0: the mapping is where it was; 1: where it is
    bool isOldHeld = true; ///< a reader keeps the old mapping
};
void paintRemapBand(QPainter& painter, const RemapScene& scene);
/// What the parts of the new mapping are, in one line.
void paintRemapLegend(QPainter& painter, const QRectF& room, const RemapValues& values,
                      const Theme& theme);

/// The bars of "who waits".
struct WaitScene {
    const WaitLayout* layout = nullptr;
    const std::vector<RemapLane>* lanes = nullptr; ///< one for each bar
    const Theme* theme = nullptr;
};
void paintWaits(QPainter& painter, const WaitScene& scene);

/// The lanes as the layout takes them, in their order.
[[nodiscard]] std::vector<WaitBar> waitBars(const std::vector<RemapLane>& lanes);
/// "reader 2, version 17".
[[nodiscard]] QString laneName(const RemapLane& lane);
/// What one lane does, in a sentence.
[[nodiscard]] QString laneText(const RemapLane& lane);
/// Room for the names of some lanes.
[[nodiscard]] qreal laneNameWidth(const std::vector<RemapLane>& lanes,
                                  const QFontMetricsF& metrics);

/// "Remap in transaction 12: 64 KiB became 128 KiB, and moved." Null: there was none yet; of a
/// mapping that is longer than the `present` file asks for it says that nobody waits for it.
[[nodiscard]] QString remapTitle(const GrowthRemap* remap, const GrowthPoint& present);
/// Who waits at a remap, seen from event `now`, here or in bolt.
[[nodiscard]] QString waitText(const GrowthRemap& remap, int now, bool boltsWay);

} // namespace pagescape::gui
