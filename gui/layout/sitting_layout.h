// SPDX-License-Identifier: MIT
// SittingLayout: event to x and back, and the lanes of the time line of a sitting.
//
//   gutter         plot
//                  0        20        40        60          ruler
//   commands       |Put  |Commit |Open reader |Put ...
//   transactions   [-- 3 -----]               [--- 4 ...
//   readers                       [R1 ==================
//                                 [R2 =====]
//   mapping              o 64 KiB
#pragma once

#include <QRectF>

#include <span>

namespace pagescape::gui {

/// What a time line is laid out from. Events are numbers from 0.
struct SittingValues {
    int events = 0;
    std::span<const int> commands; ///< events at which commands begin, ascending; borrowed
    int readerLanes = 0;
    bool hasMarks = false; ///< new mappings or failures: they have a lane of their own
};

/// The part of the line that is shown.
struct SittingZoom {
    double factor = 1; ///< 1: everything fits
    double left = 0;   ///< units of the axis that lie before the plot
    friend bool operator==(const SittingZoom&, const SittingZoom&) = default;
};

/// Sizes in logical pixels; all of them follow the font.
struct SittingMetrics {
    qreal line = 16;   ///< height of a line of text
    qreal gutter = 80; ///< for the names of the lanes
    qreal margin = 6;
    qreal devicePixelRatio = 1;
};

/// Pure arithmetic; cheap to make anew. Thread: any.
class SittingLayout {
public:
    /// What one unit of the x axis is. Commands, each as wide as the next, when there are more
    /// events than pixels: then a generator of a million events does not hide all others.
    enum class Axis { Events, Commands };

    SittingLayout() = default;
    SittingLayout(const SittingValues& values, const QRectF& area, const SittingMetrics& metrics,
                  const SittingZoom& zoom);

    /// The height that shows every lane.
    [[nodiscard]] static qreal heightFor(const SittingValues& values,
                                         const SittingMetrics& metrics);

    [[nodiscard]] Axis axis() const { return m_axis; }
    [[nodiscard]] const SittingZoom& zoom() const { return m_zoom; }
    [[nodiscard]] double units() const { return m_units; }
    /// Factor at which one event is wide enough to be pointed at.
    [[nodiscard]] double mostZoom() const;
    /// The zoom by a factor around a point, which stays where it is. Clamped.
    [[nodiscard]] SittingZoom zoomed(double factor, qreal x) const;
    /// The same zoom moved so that an event is in sight; unchanged when it is.
    [[nodiscard]] SittingZoom showing(int event) const;
    /// The same zoom moved by pixels. Clamped.
    [[nodiscard]] SittingZoom moved(qreal pixels) const;

    /// Left edge of an event's cell; `events` is the end of the line. May lie outside the plot.
    [[nodiscard]] qreal xOf(int event) const;
    /// Where the line of "after this event" stands; -1: before the first.
    [[nodiscard]] qreal positionX(int event) const { return xOf(event + 1); }
    /// The event whose cell is at x; -1 left of the first, the last one right of it.
    [[nodiscard]] int eventAt(qreal x) const;
    /// Events that are at least partly in the plot: [first, end).
    [[nodiscard]] int firstVisible() const;
    [[nodiscard]] int endVisible() const;

    [[nodiscard]] QRectF plot() const { return m_plot; }
    [[nodiscard]] QRectF gutter() const { return m_gutter; }
    [[nodiscard]] QRectF ruler() const { return laneAt(0, 1); }
    [[nodiscard]] QRectF commandLane() const { return laneAt(1, 1); }
    [[nodiscard]] QRectF transactionLane() const { return laneAt(2, 1); }
    /// All lanes of readers that there is room for; empty without readers.
    [[nodiscard]] QRectF readerLanes() const { return laneAt(3, m_shownReaders); }
    [[nodiscard]] QRectF readerLane(int lane) const { return laneAt(3 + lane, 1); }
    [[nodiscard]] int shownReaderLanes() const { return m_shownReaders; }
    [[nodiscard]] int hiddenReaderLanes() const { return m_values.readerLanes - m_shownReaders; }
    /// Empty without marks, or without room for them.
    [[nodiscard]] QRectF markLane() const;
    [[nodiscard]] qreal lineHeight() const { return m_metrics.line; }

    /// The cells of events [first, last] in a lane, cut to the plot and at least one device pixel
    /// wide; empty when none of it is in the plot.
    [[nodiscard]] QRectF barRect(int first, int last, const QRectF& lane) const;

private:
    [[nodiscard]] QRectF laneAt(int index, int count) const;
    [[nodiscard]] double unitOf(int event) const;
    [[nodiscard]] int eventOfUnit(double unit) const;
    [[nodiscard]] double visibleUnits() const { return m_units / m_zoom.factor; }
    [[nodiscard]] SittingZoom clamped(SittingZoom zoom) const;

    SittingValues m_values;
    SittingMetrics m_metrics;
    SittingZoom m_zoom;
    Axis m_axis = Axis::Events;
    double m_units = 1;
    int m_lead = 0; // 1: events come before the first command
    int m_shownReaders = 0;
    bool m_showsMarks = false;
    QRectF m_plot;
    QRectF m_gutter;
};

} // namespace pagescape::gui
