// SPDX-License-Identifier: MIT
// Paints the curves of growth and the rule beside them. Every line is named where it ends and has a
// stroke of its own, so that nothing is told by colour alone.
#pragma once

#include "layout/growth_layout.h"
#include "paint/theme.h"
#include "stage/growth_series.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QString>

#include <vector>

namespace pagescape::gui {

/// All that the picture depends on. Pointers are borrowed for the call.
struct GrowthScene {
    const GrowthLayout* layout = nullptr;
    const Theme* theme = nullptr;
    GrowthSample present; ///< lengths at the present event
    int cursor = -1;      ///< index of a sample
};

void paintGrowth(QPainter& painter, const GrowthScene& scene);

/// The series as the layout takes it, one sample a point.
[[nodiscard]] std::vector<GrowthSample> growthSamples(const GrowthSeries& series);
[[nodiscard]] GrowthSample growthSample(const GrowthPoint& point);
/// Room for labels in a font; what it says of scale and sizes stays.
[[nodiscard]] GrowthMeasure growthMeasure(GrowthMeasure measure, const QFontMetricsF& metrics);

/// "mapping", "file", "used".
[[nodiscard]] QString growthCurveName(GrowthCurve curve);
/// The numbers of a point in one line.
[[nodiscard]] QString growthText(const GrowthPoint& point);
/// What happened at a point and why: for a tooltip and for screen readers.
[[nodiscard]] QString growthStepText(const GrowthPoint& point);

} // namespace pagescape::gui
