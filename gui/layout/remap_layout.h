// SPDX-License-Identifier: MIT
// Where a remap took the mapping, and who waits for it: a band of addresses with the old mapping
// above the new one, and bars of the writer and of readers in the order of events.
//
//   0x7f3a10000000  32 KiB          |    writer    -------|remap|---------
//        [::old::]                  |    reader 1  --------------------
//   [####new####:::::]              |    reader 2          -----------
#pragma once

#include <QPointF>
#include <QRectF>

#include <optional>
#include <vector>

namespace pagescape::gui {

/// Two mappings of one file. Bytes.
struct RemapValues {
    quint64 oldAddress = 0;
    quint64 oldLength = 0; ///< 0: there was none
    quint64 newAddress = 0;
    quint64 newLength = 0;
    quint64 used = 0;
    quint64 fileSize = 0;
};

/// Address to x, and the rectangles of both mappings. The axis is linear; a gap that would take
/// most of it is cut short and says so.
class RemapLayout {
public:
    RemapLayout() = default;
    RemapLayout(const RemapValues& values, const QRectF& area, qreal lineHeight,
                qreal pixelRatio = 1);

    [[nodiscard]] QRectF area() const { return m_area; }
    [[nodiscard]] bool hasOld() const { return m_values.oldLength > 0; }
    [[nodiscard]] bool isMoved() const {
        return hasOld() && m_values.oldAddress != m_values.newAddress;
    }
    [[nodiscard]] QRectF oldRect() const { return m_old; }
    [[nodiscard]] QRectF newRect() const { return m_new; }
    /// The new mapping on its way from the old one's place, `t` from 0 to 1.
    [[nodiscard]] QRectF movingRect(qreal t) const;
    /// Parts of the new mapping that are the file, and of that the pages in use.
    [[nodiscard]] QRectF fileRect() const { return part(m_values.fileSize); }
    [[nodiscard]] QRectF usedRect() const { return part(m_values.used); }
    /// A stretch of the axis that is cut short; its bytes.
    [[nodiscard]] QRectF cutRect() const { return m_cut; }
    [[nodiscard]] quint64 cutBytes() const { return m_cutBytes; }
    [[nodiscard]] qreal xOf(quint64 address) const;

private:
    [[nodiscard]] QRectF part(quint64 bytes) const;
    [[nodiscard]] qreal snap(qreal x) const;

    struct Stretch { // of addresses, and where it stands
        quint64 begin = 0;
        quint64 end = 0;
        qreal left = 0;
        qreal right = 0;
    };
    RemapValues m_values;
    QRectF m_area;
    qreal m_ratio = 1;
    std::vector<Stretch> m_stretches;
    QRectF m_old;
    QRectF m_new;
    QRectF m_cut;
    quint64 m_cutBytes = 0;
};

/// One bar of "who waits". Events; -1 as an end: it goes on.
struct WaitBar {
    int begin = -1;
    int end = -1;
    bool isWaiting = false;
    int waitBegin = -1;
    int waitEnd = -1;
};

/// Bars of the writer and of readers. Times are events in their order, not to scale: a commit has
/// thousands of them, and a reader may live for one.
class WaitLayout {
public:
    WaitLayout() = default;
    /// `remap` is the event all is about; `nameWidth` the room for names at the left.
    WaitLayout(std::vector<WaitBar> bars, int remap, const QRectF& area, qreal nameWidth,
               qreal lineHeight);

    [[nodiscard]] QRectF area() const { return m_area; }
    /// Bars there is room for, from the first; the rest is only counted.
    [[nodiscard]] int shownBars() const { return m_shown; }
    [[nodiscard]] int hiddenBars() const { return int(m_bars.size()) - m_shown; }
    [[nodiscard]] const std::vector<WaitBar>& bars() const { return m_bars; }
    [[nodiscard]] QRectF nameRect(int bar) const;
    [[nodiscard]] QRectF barRect(int bar) const;
    /// The part of a bar that is waiting; nothing when it does not.
    [[nodiscard]] std::optional<QRectF> waitRect(int bar) const;
    /// Line for what is not shown.
    [[nodiscard]] QRectF moreRect() const;
    [[nodiscard]] qreal remapX() const { return xOf(m_remap); }
    [[nodiscard]] qreal xOf(int event) const;

private:
    [[nodiscard]] QRectF rowRect(int bar) const;
    QRectF m_area;
    qreal m_nameWidth = 0;
    qreal m_lineHeight = 16;
    std::vector<WaitBar> m_bars;
    std::vector<int> m_times; // distinct events, ascending
    int m_remap = -1;
    int m_shown = 0;
};

} // namespace pagescape::gui
