// SPDX-License-Identifier: MIT
// GrowthPicture: the whole picture of a growing file as a function of values: a line of numbers,
// the curves, the mapping at its addresses, and who waits at the last remap. Widget, tests and
// animations share it.
#pragma once

#include "paint/growth_painter.h"
#include "paint/remap_painter.h"
#include "paint/theme.h"
#include "stage/growth_series.h"

#include <QFont>
#include <QPainter>
#include <QRectF>

#include <vector>

namespace pagescape::gui {

/// What the layout of the picture depends on.
struct GrowthPictureSpec {
    const GrowthSeries* series = nullptr; ///< borrowed as long as the picture is used
    GrowthPoint present;                  ///< the lengths at `event`
    int event = -1;                       ///< the present one, of the log the series was read from
    bool boltsWay = false;                ///< who would wait in bolt
    GrowthMeasure measure;                ///< scale and whole rule count; the rest is made here
    QRectF room;                          ///< logical pixels
    qreal pixelRatio = 1;
};

/// Laid out once, painted often. Cost: the points of the series.
class GrowthPicture {
public:
    GrowthPicture() = default;
    GrowthPicture(const GrowthPictureSpec& spec, const QFont& font);

    /// `transition`: of the last remap, 0 to 1; `cursor`: index of a point of the series, -1: none.
    /// Does not fill the background. The painter's font must be the one of the layout.
    void paint(QPainter& painter, const Theme& theme, qreal transition = 1, int cursor = -1) const;

    /// The last remap at or before the present event; null when there was none.
    [[nodiscard]] const GrowthRemap* remap() const;
    [[nodiscard]] const GrowthLayout& growth() const { return m_growth; }
    [[nodiscard]] const RemapLayout& band() const { return m_band; }
    [[nodiscard]] const WaitLayout& waits() const { return m_waits; }
    [[nodiscard]] const RemapValues& values() const { return m_values; }
    [[nodiscard]] const std::vector<RemapLane>& lanes() const { return m_lanes; }
    [[nodiscard]] QRectF bandRect() const { return m_rooms.band; }

private:
    struct Rooms { // of the parts, from top to bottom
        QRectF head;
        QRectF curves;
        QRectF bandTitle;
        QRectF band;
        QRectF bandLegend;
        QRectF waitTitle;
        QRectF waits;
    };
    [[nodiscard]] Rooms rooms(qreal line) const;
    void paintTexts(QPainter& painter, const Theme& theme, int cursor) const;

    GrowthPictureSpec m_spec;
    Rooms m_rooms;
    RemapValues m_values;
    GrowthLayout m_growth;
    RemapLayout m_band;
    WaitLayout m_waits;
    std::vector<RemapLane> m_lanes;
};

} // namespace pagescape::gui
