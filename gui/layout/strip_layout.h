// SPDX-License-Identifier: MIT
// StripLayout: the address strip, one thin band that shows the file inside its mapping.
//
//   0x7f3a10000000                                                              0x7f3a10800000
//   |#### file 4.1 MiB, resident parts filled ####|: : mapped, past the end of the file : :|
//                                   ^ high-water mark
#pragma once

#include "pagescape/types.h"

#include <QPointF>
#include <QRectF>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace pagescape::gui {

/// What the strip shows. Sizes in bytes.
struct StripValues {
    quint64 fileSize = 0;
    quint64 mapLength = 0;
    quint64 mapAddress = 0;     ///< address of byte 0; 0 when the file is not mapped
    quint64 highWaterBytes = 0; ///< high-water mark times page size; 0 when unknown
    quint32 osPageSize = 4096;  ///< of one entry of `residency`
    std::span<const std::uint8_t>
        residency; ///< one byte, 0 or 1, an operating-system page; may be empty
};

/// One stretch of the file with its share of resident bytes.
struct StripSpan {
    QRectF rect;
    qreal share = 0; ///< 0 to 1
};

/// Byte to x and back, and the parts of the band.
class StripLayout {
public:
    StripLayout() = default;
    /// `area` is the room for the band itself, in logical pixels.
    StripLayout(const StripValues& values, const QRectF& area, qreal devicePixelRatio = 1);

    [[nodiscard]] QRectF area() const { return m_area; }
    /// Bytes that the band's width stands for: the longer of file and mapping.
    [[nodiscard]] quint64 totalBytes() const { return m_total; }
    [[nodiscard]] QRectF fileRect() const { return m_file; }
    /// Mapped, but behind the end of the file: touching it is SIGBUS. Empty when there is none.
    [[nodiscard]] QRectF pastEndRect() const { return m_pastEnd; }
    /// In the file, but not mapped. Empty when there is none.
    [[nodiscard]] QRectF unmappedRect() const { return m_unmapped; }
    /// Where the high-water mark stands; nothing when it is not known.
    [[nodiscard]] std::optional<qreal> highWaterX() const { return m_highWaterX; }
    /// The part of the file at or beyond the high-water mark. Empty when there is none.
    [[nodiscard]] QRectF tailRect() const { return m_tail; }
    /// Stretches of at least one device pixel with some resident bytes, merged where equal.
    [[nodiscard]] const std::vector<StripSpan>& resident() const { return m_resident; }
    /// Resident part of the file, 0 to 1; nothing without a sample.
    [[nodiscard]] std::optional<double> residentShare() const { return m_residentShare; }

    [[nodiscard]] qreal xOf(quint64 offset) const;
    /// The byte under a point of the band.
    [[nodiscard]] std::optional<quint64> offsetAt(QPointF point) const;
    /// A stretch of the file, at least one device pixel wide.
    [[nodiscard]] QRectF rangeRect(const ByteRange& range) const;

private:
    void addResidency(const StripValues& values);

    QRectF m_area;
    qreal m_ratio = 1;
    quint64 m_total = 0;
    QRectF m_file;
    QRectF m_pastEnd;
    QRectF m_unmapped;
    QRectF m_tail;
    std::optional<qreal> m_highWaterX;
    std::optional<double> m_residentShare;
    std::vector<StripSpan> m_resident;
};

} // namespace pagescape::gui
