// SPDX-License-Identifier: MIT
#include "layout/growth_layout.h"

#include "pagescape/format.h"
#include "pagescape/page_file.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace pagescape::gui {

namespace {

constexpr quint64 kWholeRule = quint64{4} << 30U; // three steps of 1 GiB can be seen
constexpr qreal kClosestLevels = 3;               // logical pixels
constexpr qreal kRuleShare = 0.26;                // of the width
constexpr std::size_t kMostStairs = 2048;

// The step after a length of the mapping.
quint64 levelAfter(quint64 level) {
    return level < format::kMapStep ? level * 2 : level + format::kMapStep;
}

qreal snapped(qreal value, qreal ratio) {
    return std::round(value * ratio) / ratio;
}

// 1, 2 or 5 times a power of ten, at least `least`.
quint64 roundStep(double least) {
    quint64 step = 1;
    while (true) {
        for (const quint64 factor : {quint64{1}, quint64{2}, quint64{5}}) {
            if (double(step * factor) >= least) {
                return step * factor;
            }
        }
        step *= 10;
    }
}

} // namespace

quint64 ruledMapLength(quint64 needed, quint32 pageSize) {
    return mappingLength(needed, pageSize).value_or(format::kLargestMapping);
}

GrowthLayout::GrowthLayout(std::vector<GrowthSample> samples, const QRectF& area,
                           const GrowthMeasure& measure)
    : m_area(area), m_measure(measure), m_samples(std::move(samples)) {
    placeRooms();
    if (m_samples.empty() || m_plot.isEmpty()) {
        return;
    }
    setRange();
    addCurves();
    addLevels();
    addTransactions();
    addMarks();
    placeLabels();
    addStairs();
}

void GrowthLayout::placeRooms() {
    const qreal line = m_measure.lineHeight;
    QRectF room = m_area.adjusted(m_measure.axisWidth, line * 0.7, -line * 0.4, -line * 2.2);
    const qreal rule = m_area.width() * kRuleShare;
    if (room.width() - rule - m_measure.labelWidth > 10 * line && rule > 5 * line) {
        m_rule = QRectF(room.right() - rule, room.top(), rule, room.height());
        room.setRight(m_rule.left() - line * 0.8);
    }
    room.setRight(room.right() - m_measure.labelWidth);
    if (room.width() < line || room.height() < line) {
        m_rule = {};
        return;
    }
    m_plot = room;
}

void GrowthLayout::setRange() {
    quint64 low = format::kSmallestMapping / 2;
    quint64 high = format::kSmallestMapping;
    for (const GrowthSample& sample : m_samples) {
        const auto [least, most] = std::ranges::minmax(sample.bytes);
        low = least > 0 ? std::min(low, least) : low;
        high = std::max(high, most);
    }
    // The next length is in sight where that costs little: it is what one waits for.
    const quint64 next = levelAfter(ruledMapLength(high, m_measure.pageSize));
    if (m_measure.isLogarithmic || high >= format::kMapStep) {
        high = next;
    }
    if (m_measure.showsWholeRule) {
        high = std::max(high, kWholeRule);
    }
    if (m_measure.isLogarithmic) {
        m_low = low;
        m_high = high + high / 8;
    } else {
        m_low = 0;
        m_high = high + high / 16;
    }
    m_firstTx = m_samples.front().txid;
    m_lastTx = m_firstTx;
    for (const GrowthSample& sample : m_samples) {
        m_firstTx = std::min(m_firstTx, sample.txid);
        m_lastTx = std::max(m_lastTx, sample.txid);
    }
    m_lastTx = std::max(m_lastTx, m_firstTx + 1);
}

qreal GrowthLayout::share(quint64 bytes) const {
    if (m_measure.isLogarithmic) {
        const double low = std::log2(double(std::max<quint64>(m_low, 1)));
        const double span = std::log2(double(m_high)) - low;
        return std::max(0.0, (std::log2(double(std::max<quint64>(bytes, 1))) - low) / span);
    }
    return (double(bytes) - double(m_low)) / double(m_high - m_low);
}

qreal GrowthLayout::xOf(quint64 txid) const {
    const double at = double(txid - std::min(txid, m_firstTx)) / double(m_lastTx - m_firstTx);
    return snapped(m_plot.left() + at * m_plot.width(), m_measure.pixelRatio);
}

qreal GrowthLayout::yOf(quint64 bytes) const {
    return snapped(m_plot.bottom() - share(bytes) * m_plot.height(), m_measure.pixelRatio);
}

qreal GrowthLayout::ruleXOf(quint64 needed) const {
    return snapped(m_rule.left() + share(needed) * m_rule.width(), m_measure.pixelRatio);
}

// Of the samples in one column of pixels only first, least, most and last are drawn.
void GrowthLayout::addCurves() {
    for (std::size_t i = 0; i < kGrowthCurves; ++i) {
        QPolygonF& line = m_curves[i];
        qreal lastX = xOf(m_samples.front().txid);
        qreal lastY = yOf(m_samples.front().bytes[i]);
        line << QPointF(lastX, lastY);
        std::size_t at = 0;
        while (at < m_samples.size()) {
            const qreal x = xOf(m_samples[at].txid);
            quint64 least = m_samples[at].bytes[i];
            quint64 most = least;
            quint64 final = least;
            for (; at < m_samples.size() && xOf(m_samples[at].txid) == x; ++at) {
                final = m_samples[at].bytes[i];
                least = std::min(least, final);
                most = std::max(most, final);
            }
            const qreal y = yOf(final);
            if (y == lastY && yOf(least) == y && yOf(most) == y) {
                continue; // the line goes on
            }
            line << QPointF(x, lastY);
            for (const qreal between : {yOf(least), yOf(most)}) {
                if (between != lastY && between != y) {
                    line << QPointF(x, between);
                }
            }
            line << QPointF(x, y);
            lastY = y;
        }
        line << QPointF(m_plot.right(), lastY);
    }
}

void GrowthLayout::addLevels() {
    qreal last = m_plot.bottom() + m_measure.lineHeight;
    qreal lastLabel = last;
    for (quint64 level = format::kSmallestMapping; level <= m_high; level = levelAfter(level)) {
        const qreal y = yOf(level);
        if (y > m_plot.bottom()) {
            continue;
        }
        if (last - y < kClosestLevels) {
            if (y <= m_plot.top()) {
                break;
            }
            continue;
        }
        const bool hasLabel = lastLabel - y >= m_measure.lineHeight;
        m_levels.push_back({level, y, hasLabel});
        last = y;
        lastLabel = hasLabel ? y : lastLabel;
        if (level > (quint64{1} << 46U)) {
            break;
        }
    }
}

void GrowthLayout::addTransactions() {
    const qreal apart = m_measure.axisWidth;
    const double span = double(m_lastTx - m_firstTx);
    const quint64 step = roundStep(span * apart / std::max<qreal>(m_plot.width(), 1));
    for (quint64 txid = (m_firstTx + step - 1) / step * step; txid <= m_lastTx; txid += step) {
        m_transactions.push_back({txid, xOf(txid), true});
    }
}

void GrowthLayout::addMarks() {
    const auto add = [this](std::vector<int>& marks, int index, GrowthCurve curve) {
        const GrowthSample& sample = m_samples[std::size_t(index)];
        if (!marks.empty()) {
            const GrowthSample& last = m_samples[std::size_t(marks.back())];
            if (xOf(last.txid) == xOf(sample.txid) &&
                yOf(last.of(curve)) == yOf(sample.of(curve))) {
                marks.back() = index;
                return;
            }
        }
        marks.push_back(index);
    };
    for (int i = 0; i < int(m_samples.size()); ++i) {
        if (m_samples[std::size_t(i)].isRemap) {
            add(m_remapMarks, i, GrowthCurve::Map);
        }
        if (m_samples[std::size_t(i)].isGrowth) {
            add(m_growthMarks, i, GrowthCurve::File);
        }
    }
}

// Longest on top; each as near to its line as the one above lets it.
void GrowthLayout::placeLabels() {
    const GrowthSample& last = m_samples.back();
    constexpr std::array<GrowthCurve, kGrowthCurves> kOrder{GrowthCurve::Map, GrowthCurve::File,
                                                            GrowthCurve::Used};
    std::array<std::size_t, kGrowthCurves> order{};
    std::ranges::transform(kOrder, order.begin(), [](GrowthCurve c) { return std::size_t(c); });
    std::ranges::stable_sort(order, std::ranges::greater(),
                             [&](std::size_t curve) { return last.bytes[curve]; });
    const qreal line = m_measure.lineHeight;
    qreal top = m_plot.top() + line / 2;
    for (const std::size_t curve : order) {
        m_labels[curve] = std::max(yOf(last.bytes[curve]), top);
        top = m_labels[curve] + line;
    }
    qreal bottom = m_plot.bottom() - line / 2;
    for (auto curve = order.rbegin(); curve != order.rend(); ++curve) {
        m_labels[*curve] = std::min(m_labels[*curve], bottom);
        bottom = m_labels[*curve] - line;
    }
}

void GrowthLayout::addStairs() {
    if (m_rule.isEmpty()) {
        return;
    }
    const auto step = [this](QPolygonF& stairs, quint64 from, quint64 to, quint64 length) {
        stairs << QPointF(ruleXOf(from), yOf(std::min(length, m_high)))
               << QPointF(ruleXOf(std::min(to, m_high)), yOf(std::min(length, m_high)));
    };
    quint64 from = m_low;
    for (quint64 level = format::kSmallestMapping; from < m_high && level < m_high;
         level = levelAfter(level)) {
        if (level > from) {
            step(m_mapStairs, from, level, level);
            from = level;
        }
        if (m_mapStairs.size() > qsizetype(2 * kMostStairs)) {
            break;
        }
    }
    // The file is as long as the mapping up to the allocation size, then allocSize beyond need.
    from = m_low;
    quint64 length = format::kSmallestMapping;
    const quint64 coarsest = std::max<quint64>(m_measure.allocSize, m_high / kMostStairs);
    while (from < m_high && length < m_high) {
        if (length > from) {
            step(m_fileStairs, from, length, length);
            from = length;
        }
        const quint64 target = from + m_measure.pageSize;
        const quint64 mapped = ruledMapLength(target, m_measure.pageSize);
        length = mapped <= m_measure.allocSize ? mapped : target + coarsest;
    }
}

int GrowthLayout::sampleAt(QPointF point) const {
    if (m_samples.empty() || !m_plot.adjusted(-3, -3, 3, 3).contains(point)) {
        return -1;
    }
    const auto distance = [&](const GrowthSample& sample) {
        return std::abs(xOf(sample.txid) - point.x());
    };
    // Transactions ascend, so the nearest one stands beside where the point would be put.
    const auto after = std::ranges::upper_bound(
        m_samples, point.x(), {}, [this](const GrowthSample& sample) { return xOf(sample.txid); });
    if (after == m_samples.begin()) {
        return 0;
    }
    const auto before = std::prev(after);
    if (after == m_samples.end() || distance(*before) <= distance(*after)) {
        return int(before - m_samples.begin());
    }
    const qreal x = xOf(after->txid);
    auto last = after;
    while (std::next(last) != m_samples.end() && xOf(std::next(last)->txid) == x) {
        ++last;
    }
    return int(last - m_samples.begin());
}

} // namespace pagescape::gui
