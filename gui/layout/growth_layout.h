// SPDX-License-Identifier: MIT
// GrowthLayout: three lengths over transactions as stepped curves, and beside them the rule they
// follow: which length a need for so many bytes leads to. Both share the axis of bytes.
//
//    1 MiB +- - - - - - - - - -####- mapping 1 MiB      |      .--
//  512 KiB +- - - - -##########- - - file 1 MiB         |   .--
//  256 KiB +- -#######- - .......... used 600 KiB       | --
//          +-----transactions------>                    +-bytes needed->
#pragma once

#include <QPointF>
#include <QPolygonF>
#include <QRectF>

#include <array>
#include <cstdint>
#include <vector>

namespace pagescape::gui {

/// The three curves, and what a file and its mapping are for.
enum class GrowthCurve : std::uint8_t { Used, File, Map };
inline constexpr std::size_t kGrowthCurves = 3;

/// What the curves are made of: one point of them all.
struct GrowthSample {
    int event = -1;
    quint64 txid = 0;
    std::array<quint64, kGrowthCurves> bytes{}; ///< by GrowthCurve
    bool isRemap = false;
    bool isGrowth = false;
    [[nodiscard]] quint64 of(GrowthCurve curve) const { return bytes[std::size_t(curve)]; }
};

/// How it is laid out. Lengths in logical pixels, from the font.
struct GrowthMeasure {
    bool isLogarithmic = true;
    bool showsWholeRule = false; ///< the axis of bytes goes up to 4 GiB at least
    quint32 pageSize = 4096;     ///< bytes
    quint64 allocSize = quint64{16} << 20U;
    qreal lineHeight = 16;
    qreal axisWidth = 60;   ///< labels of the axis of bytes
    qreal labelWidth = 110; ///< labels at the ends of the curves
    qreal pixelRatio = 1;
};

/// A line of an axis.
struct GrowthTick {
    quint64 value = 0;
    qreal at = 0; ///< x or y
    bool hasLabel = false;
};

/// The length of a file that has to hold `target` bytes, where the mapping is `mapped` long.
/// Source: bbolt db.go grow.
[[nodiscard]] constexpr quint64 ruledFileLength(quint64 target, quint64 mapped, quint64 allocSize) {
    return mapped <= allocSize ? mapped : target + allocSize;
}
/// The length of a mapping that has to hold `needed` bytes; the largest where there is none.
[[nodiscard]] quint64 ruledMapLength(quint64 needed, quint32 pageSize);

/// Where everything stands; no font, no painter. Cost: the samples.
class GrowthLayout {
public:
    GrowthLayout() = default;
    GrowthLayout(std::vector<GrowthSample> samples, const QRectF& area,
                 const GrowthMeasure& measure);

    [[nodiscard]] QRectF area() const { return m_area; }
    [[nodiscard]] QRectF plotRect() const { return m_plot; }
    /// Room of the rule; empty where there is too little.
    [[nodiscard]] QRectF ruleRect() const { return m_rule; }
    [[nodiscard]] const GrowthMeasure& measure() const { return m_measure; }
    [[nodiscard]] const std::vector<GrowthSample>& samples() const { return m_samples; }

    [[nodiscard]] qreal xOf(quint64 txid) const;
    [[nodiscard]] qreal yOf(quint64 bytes) const;
    /// x in the rule of a need for so many bytes.
    [[nodiscard]] qreal ruleXOf(quint64 needed) const;
    [[nodiscard]] quint64 lowestBytes() const { return m_low; }
    [[nodiscard]] quint64 highestBytes() const { return m_high; }

    /// Horizontal and vertical lines only, at most four corners for each column of pixels.
    [[nodiscard]] const QPolygonF& curve(GrowthCurve curve) const {
        return m_curves[std::size_t(curve)];
    }
    /// Lengths that a mapping can have, as far as they can be told apart on the axis.
    [[nodiscard]] const std::vector<GrowthTick>& levels() const { return m_levels; }
    [[nodiscard]] const std::vector<GrowthTick>& transactions() const { return m_transactions; }
    /// Samples with a mark, one for each place on the screen.
    [[nodiscard]] const std::vector<int>& remapMarks() const { return m_remapMarks; }
    [[nodiscard]] const std::vector<int>& growthMarks() const { return m_growthMarks; }
    /// Middle of the label at the end of a curve, so that no two stand on each other.
    [[nodiscard]] qreal labelY(GrowthCurve curve) const { return m_labels[std::size_t(curve)]; }
    /// The rule for the mapping, and the one for the file, as stairs over the bytes needed.
    [[nodiscard]] const QPolygonF& ruleStairs(GrowthCurve curve) const {
        return curve == GrowthCurve::Map ? m_mapStairs : m_fileStairs;
    }

    /// The sample nearest to a point of the plot; -1: the point is elsewhere. Of samples in one
    /// place the last.
    [[nodiscard]] int sampleAt(QPointF point) const;

private:
    void placeRooms();
    void setRange();
    void addCurves();
    void addLevels();
    void addTransactions();
    void addMarks();
    void placeLabels();
    void addStairs();
    [[nodiscard]] qreal share(quint64 bytes) const; // of the axis of bytes, 0 to 1

    QRectF m_area;
    QRectF m_plot;
    QRectF m_rule;
    GrowthMeasure m_measure;
    std::vector<GrowthSample> m_samples;
    quint64 m_low = 0;
    quint64 m_high = 1;
    quint64 m_firstTx = 0;
    quint64 m_lastTx = 1;
    std::array<QPolygonF, kGrowthCurves> m_curves;
    std::array<qreal, kGrowthCurves> m_labels{};
    std::vector<GrowthTick> m_levels;
    std::vector<GrowthTick> m_transactions;
    std::vector<int> m_remapMarks;
    std::vector<int> m_growthMarks;
    QPolygonF m_mapStairs;
    QPolygonF m_fileStairs;
};

} // namespace pagescape::gui
