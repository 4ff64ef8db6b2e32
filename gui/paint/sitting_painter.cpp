// SPDX-License-Identifier: MIT
#include "paint/sitting_painter.h"

#include "paint/cell_painter.h"
#include "paint/reader_pattern.h"
#include "paint/sitting_ruler.h"
#include "units/units.h"

#include <QCoreApplication>
#include <QFontMetricsF>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace pagescape::gui {

namespace {

using Role = Theme::Role;

constexpr std::size_t kMostOfAPixel = 64; // marks of one pixel that are looked at
constexpr qsizetype kReaderName = 3;      // in sittingLaneNames()
constexpr qreal kNarrow = 3;              // pixels below which a span is a tick and nothing more

// The context that translators see.
struct Text {
    Q_DECLARE_TR_FUNCTIONS(SittingPainter)
};

// Room between a lane's edge and what stands in it.
QRectF inLane(const QRectF& lane) {
    const qreal gap = lane.height() * 0.1;
    return lane.adjusted(0, gap, 0, -gap);
}

class SittingPainter {
public:
    SittingPainter(QPainter& painter, const SittingScene& scene)
        : m_painter(painter), m_scene(scene), m_layout(*scene.layout), m_sitting(*scene.sitting),
          m_theme(*scene.theme), m_metrics(painter.font()) {}

    void paint() {
        paintGutter();
        if (m_sitting.events() == 0) {
            m_painter.setPen(color(Role::DimText));
            m_painter.drawText(m_layout.plot(), int(Qt::AlignCenter) | Qt::TextWordWrap,
                               Text::tr("Nothing has happened yet: run a command."));
            return;
        }
        m_painter.setClipRect(m_layout.plot().adjusted(-1, 0, 1, 0));
        paintCommands();
        paintSpans();
        paintReaders();
        paintMarks();
        SittingRuler ruler(m_painter, m_scene);
        ruler.paintTicks();
        ruler.paintPosition();
        paintLabels();
        paintFlags();
        m_painter.setClipping(false);
        ruler.paintFlag();
        ruler.paintOverview();
    }

private:
    [[nodiscard]] QColor color(Role role) const { return m_theme.color(role); }
    [[nodiscard]] qreal em() const { return m_layout.lineHeight() / 2; }

    // What is written on bars. It comes last, so that no line crosses it.
    struct Label {
        QRectF plate;
        QString text;
        QColor on;       // invalid: what lies under it shows
        qreal frame = 1; // width of the frame around it, which stays
    };

    void paintLabels() {
        m_painter.setPen(color(Role::Text));
        for (const Label& label : m_labels) {
            if (label.on.isValid()) {
                m_painter.fillRect(label.plate.adjusted(label.frame, label.frame, -1, -label.frame),
                                   label.on);
            }
            m_painter.drawText(label.plate, int(Qt::AlignCenter), label.text);
        }
    }

    // The longest of the texts that fits; nothing when none does.
    void paintLabel(const QRectF& room, const QStringList& texts, const QColor& on,
                    qreal frame = 1) {
        const auto fits = [&](const QString& text) {
            return m_metrics.horizontalAdvance(text) + em() <= room.width();
        };
        const auto text = std::find_if(texts.begin(), texts.end(), fits);
        if (text == texts.end()) {
            return;
        }
        const QRectF plate(room.left(), room.top(), m_metrics.horizontalAdvance(*text) + em(),
                           room.height());
        m_labels.push_back({plate, *text, on, frame});
    }

    void paintGutter() {
        QStringList names = sittingLaneNames(m_layout.axis());
        if (m_layout.hiddenReaderLanes() > 0 && m_layout.shownReaderLanes() == 1) {
            names[kReaderName] = Text::tr("readers 1/%1").arg(m_layout.hiddenReaderLanes() + 1);
        }
        const std::array<QRectF, 5> lanes{m_layout.ruler(), m_layout.commandLane(),
                                          m_layout.transactionLane(), m_layout.readerLanes(),
                                          m_layout.markLane()};
        for (std::size_t i = 0; i < lanes.size(); ++i) {
            if (lanes[i].isEmpty()) {
                continue;
            }
            const QRectF room(m_layout.gutter().left(), lanes[i].top(),
                              m_layout.gutter().width() - em(), m_layout.ruler().height());
            m_painter.setPen(color(Role::DimText));
            m_painter.drawText(
                room, int(Qt::AlignLeft | Qt::AlignVCenter),
                m_metrics.elidedText(names[qsizetype(i)], Qt::ElideRight, room.width()));
            m_painter.fillRect(QRectF(m_layout.gutter().left(), lanes[i].bottom() - 0.5,
                                      m_layout.plot().right() - m_layout.gutter().left(), 1),
                               color(Role::Line));
        }
        if (m_layout.hiddenReaderLanes() > 0 && m_layout.shownReaderLanes() > 1) {
            const QRectF last = m_layout.readerLane(m_layout.shownReaderLanes() - 1);
            m_painter.drawText(QRectF(m_layout.gutter().left(), last.top(),
                                      m_layout.gutter().width() - em(), last.height()),
                               int(Qt::AlignLeft | Qt::AlignVCenter),
                               Text::tr("+%1 more").arg(m_layout.hiddenReaderLanes()));
        }
    }

    // Index of the first item at or behind the pixel after x.
    template <typename Items, typename Event>
    std::size_t afterPixel(const Items& items, std::size_t from, qreal x, Event event) const {
        const int next = m_layout.eventAt(x + 1);
        const auto found =
            std::partition_point(items.begin() + std::ptrdiff_t(from) + 1, items.end(),
                                 [&](const auto& item) { return event(item) < next; });
        return std::size_t(found - items.begin());
    }

    void paintCommands() {
        const QRectF lane = inLane(m_layout.commandLane());
        const std::vector<int>& commands = m_sitting.commands();
        const auto present = m_sitting.commandAt(m_scene.position);
        std::size_t i = m_sitting.commandAt(m_layout.firstVisible()).value_or(0);
        while (i < commands.size() && commands[i] < m_layout.endVisible()) {
            const int end = i + 1 < commands.size() ? commands[i + 1] : m_sitting.events();
            const QRectF cell = m_layout.barRect(commands[i], end - 1, lane);
            if (cell.width() >= kNarrow) {
                m_painter.fillRect(cell, color(i % 2 == 0 ? Role::Surface : Role::Background));
                const QRectF room = cell.adjusted(em() / 2, 0, -1, 0);
                const QString text =
                    m_metrics.elidedText(m_sitting.commandText(i), Qt::ElideRight, room.width());
                if (text.size() > 2) {
                    const qreal wide = m_metrics.horizontalAdvance(text);
                    m_labels.push_back(
                        {QRectF(room.topLeft(), QSizeF(wide, room.height())), text, QColor()});
                }
            }
            // Many ticks side by side stay low, so that they do not become a wall.
            const qreal high = cell.width() > 2 * em() ? lane.height() : lane.height() / 3;
            m_painter.fillRect(QRectF(cell.left(), lane.bottom() - high, 1, high),
                               color(Role::DimText));
            if (i == present) {
                m_painter.fillRect(QRectF(cell.left(), lane.bottom() - 2, cell.width(), 2),
                                   color(Role::Path));
            }
            i = cell.width() >= kNarrow
                    ? i + 1
                    : afterPixel(commands, i, cell.left(), [](int event) { return event; });
        }
    }

    void paintSpans() {
        const std::vector<SittingSpan>& spans = m_sitting.spans();
        const int first = m_layout.firstVisible();
        std::size_t i = std::size_t(std::partition_point(spans.begin(), spans.end(),
                                                         [&](const SittingSpan& s) {
                                                             return s.end >= 0 && s.end < first;
                                                         }) -
                                    spans.begin());
        while (i < spans.size() && spans[i].begin < m_layout.endVisible()) {
            const QRectF rect = sittingSpanRect(m_layout, spans[i], m_sitting.events());
            if (rect.width() < kNarrow) {
                m_painter.fillRect(rect, color(Role::DimText));
                i = afterPixel(spans, i, rect.left(), [](const SittingSpan& s) { return s.begin; });
                continue;
            }
            paintSpan(spans[i], rect);
            ++i;
        }
    }

    void paintSpan(const SittingSpan& span, const QRectF& rect) {
        const QString txid = countText(span.txid);
        switch (span.outcome) {
        case SpanEnd::Committed:
            m_painter.fillRect(rect, color(Role::FieldElement));
            paintFrame(m_painter, rect, 1, color(Role::DimText));
            paintLabel(rect, {Text::tr("%1 committed").arg(txid), txid}, color(Role::FieldElement));
            break;
        case SpanEnd::RolledBack:
        case SpanEnd::Uncertain:
            m_painter.fillRect(rect, color(Role::Background));
            m_painter.setPen(QPen(color(Role::DimText), 1, Qt::DashLine));
            m_painter.setBrush(Qt::NoBrush);
            m_painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5));
            m_painter.drawLine(rect.bottomLeft(), rect.topRight());
            paintLabel(rect,
                       {span.outcome == SpanEnd::Uncertain ? Text::tr("%1 uncertain").arg(txid)
                                                           : Text::tr("%1 rolled back").arg(txid),
                        txid},
                       color(Role::Background));
            break;
        case SpanEnd::Open: { // no right edge: it goes on
            m_painter.fillRect(rect, color(Role::FieldKey));
            const QColor edge = color(Role::Path);
            m_painter.fillRect(QRectF(rect.left(), rect.top(), rect.width(), 1), edge);
            m_painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), edge);
            m_painter.fillRect(QRectF(rect.left(), rect.top(), 2, rect.height()), edge);
            paintLabel(rect, {Text::tr("%1 open").arg(txid), txid}, color(Role::FieldKey));
        }
        }
    }

    // Bars that end in a pixel where their lane has one already are passed over unseen.
    void paintReaders() {
        const std::vector<SittingReader>& bars = m_sitting.readers();
        const int first = m_layout.firstVisible();
        const int end = m_layout.endVisible();
        std::vector<int> painted(std::size_t(m_layout.shownReaderLanes()), first);
        for (std::size_t i = 0; i < bars.size() && bars[i].open < end; ++i) {
            const SittingReader& bar = bars[i];
            if (bar.lane >= m_layout.shownReaderLanes()) {
                continue;
            }
            int& until = painted[std::size_t(bar.lane)];
            if (bar.close >= 0 && bar.close < until) {
                continue;
            }
            paintReader(i, bar);
            if (bar.close >= 0) {
                until = std::max(until, m_layout.eventAt(m_layout.positionX(bar.close) + 1));
            }
        }
    }

    void paintReader(std::size_t index, const SittingReader& bar) {
        const QRectF whole = sittingBarRect(m_layout, bar, m_sitting.events());
        if (whole.isEmpty()) {
            return;
        }
        if (whole.width() < kNarrow) {
            m_painter.fillRect(whole, color(Role::DimText));
            return;
        }
        QRectF rect = whole;
        const bool isAsked = m_scene.whatIf && m_scene.whatIf->bar == index;
        const bool isMarked = isAsked || m_scene.chosen == index;
        if (isAsked) { // what would be left of it, and the rest as an outline
            rect.setRight(std::clamp(m_layout.positionX(m_scene.whatIf->event), whole.left() + 1,
                                     whole.right()));
            m_painter.setPen(QPen(color(Role::DimText), 1, Qt::DotLine));
            m_painter.setBrush(Qt::NoBrush);
            m_painter.drawRect(whole.adjusted(0.5, 0.5, -0.5, -0.5));
            paintLabel(whole.adjusted(rect.width() + em() / 2, 0, 0, 0),
                       {Text::tr("if it had ended here"), Text::tr("if")}, color(Role::Background));
        }
        paintReaderPattern(m_painter, rect, bar.reader, m_theme, em());
        if (bar.close < 0 && !isAsked) { // it goes on
            m_painter.setRenderHint(QPainter::Antialiasing, true);
            m_painter.setPen(Qt::NoPen);
            m_painter.setBrush(color(Role::DimText));
            m_painter.drawPolygon(QPolygonF() << QPointF(rect.right() - em(), rect.top())
                                              << QPointF(rect.right(), rect.center().y())
                                              << QPointF(rect.right() - em(), rect.bottom()));
            m_painter.setRenderHint(QPainter::Antialiasing, false);
        }
        paintLabel(rect.adjusted(0, 0, bar.close < 0 ? -em() : 0, 0),
                   {Text::tr("R%1 sees %2").arg(bar.reader).arg(countText(bar.txid)),
                    Text::tr("R%1").arg(bar.reader), QString::number(bar.reader)},
                   color(Role::Background), isMarked ? 2 : 1);
        if (isMarked) {
            const QColor accent = color(Role::Accent);
            paintFrame(m_painter, rect, 2, accent);
            // The grip at its end.
            m_painter.fillRect(QRectF(rect.right() - em() / 2, rect.top(), em() / 2, rect.height()),
                               accent);
        }
    }

    void paintMarks() {
        const QRectF lane = m_layout.markLane();
        if (lane.isEmpty()) {
            return;
        }
        const std::vector<SittingMark>& marks = m_sitting.marks();
        const auto eventOf = [](const SittingMark& mark) { return mark.event; };
        std::optional<SittingMark> named; // its name stands beside the newest mark at namedX
        qreal namedX = 0;
        std::size_t i =
            std::size_t(std::partition_point(marks.begin(), marks.end(),
                                             [&](const SittingMark& mark) {
                                                 return mark.event < m_layout.firstVisible();
                                             }) -
                        marks.begin());
        while (i < marks.size() && marks[i].event < m_layout.endVisible()) {
            const qreal x = m_layout.positionX(marks[i].event);
            const std::size_t next = afterPixel(marks, i, x, eventOf);
            SittingMark shown = marks[i];
            for (std::size_t at = i + 1; at < std::min(next, i + kMostOfAPixel); ++at) {
                shown = isLaterNamed(shown, marks[at]) ? marks[at] : shown;
            }
            paintMark(shown, x, lane);
            if (named && x - namedX < 2 * markHalf()) { // they lie on one another: one name
                shown = isLaterNamed(*named, shown) ? shown : *named;
            } else if (named) {
                paintMarkName(*named, namedX, lane, x - namedX);
            }
            named = shown;
            namedX = x;
            i = next;
        }
        if (named) {
            const qreal end = i < marks.size() ? m_layout.positionX(marks[i].event) : 0;
            paintMarkName(*named, namedX, lane, std::max(end, m_layout.plot().right()) - namedX);
        }
    }

    // A line through all lanes with its name on the ruler.
    void paintFlags() {
        const QRectF plot = m_layout.plot();
        for (const SittingFlag& flag : m_scene.flags) {
            const qreal x = std::round(m_layout.positionX(flag.event));
            if (x < plot.left() || x > plot.right()) {
                continue;
            }
            const QColor fill = color(Role::Path);
            m_painter.setPen(QPen(fill, 2, Qt::DashLine));
            m_painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
            const qreal width = m_metrics.horizontalAdvance(flag.name) + em();
            const QRectF ruler = m_layout.ruler();
            const QRectF label(std::min(x, plot.right() - width), ruler.top(), width,
                               ruler.height());
            m_painter.fillRect(label, fill);
            m_painter.setPen(m_theme.textOn(fill));
            m_painter.drawText(label, int(Qt::AlignCenter), flag.name);
        }
    }

    [[nodiscard]] qreal markHalf() const { return em() * 0.6; }

    void paintMark(const SittingMark& mark, qreal x, const QRectF& lane) {
        const qreal half = markHalf();
        const qreal y = lane.center().y();
        const bool isFailure = mark.bytes == 0;
        const QColor fill = color(isFailure ? Role::ProblemText : Role::Path);
        m_painter.setRenderHint(QPainter::Antialiasing, true);
        m_painter.setPen(Qt::NoPen);
        m_painter.setBrush(fill);
        if (isFailure) { // a cross; a new mapping is a diamond
            m_painter.setPen(QPen(fill, em() / 3, Qt::SolidLine, Qt::FlatCap));
            m_painter.drawLine(QPointF(x - half, y - half), QPointF(x + half, y + half));
            m_painter.drawLine(QPointF(x - half, y + half), QPointF(x + half, y - half));
        } else {
            m_painter.drawPolygon(QPolygonF() << QPointF(x - half, y) << QPointF(x, y - half)
                                              << QPointF(x + half, y) << QPointF(x, y + half));
        }
        m_painter.setRenderHint(QPainter::Antialiasing, false);
    }

    void paintMarkName(const SittingMark& mark, qreal x, const QRectF& lane, qreal room) {
        const qreal half = markHalf();
        const QString text = sittingMarkText(mark);
        const QRectF label(x + half + 2, lane.top(), m_metrics.horizontalAdvance(text) + 2,
                           lane.height());
        if (label.width() + 3 * half < room) {
            m_painter.setPen(color(Role::Text));
            m_painter.drawText(label, int(Qt::AlignLeft | Qt::AlignVCenter), text);
        }
    }

    QPainter& m_painter;
    std::vector<Label> m_labels;
    const SittingScene& m_scene;
    const SittingLayout& m_layout;
    const Sitting& m_sitting;
    const Theme& m_theme;
    QFontMetricsF m_metrics;
};

} // namespace

void paintSitting(QPainter& painter, const SittingScene& scene) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    SittingPainter(painter, scene).paint();
    painter.restore();
}

QStringList sittingLaneNames(SittingLayout::Axis axis) {
    return {axis == SittingLayout::Axis::Events ? Text::tr("event") : Text::tr("command"),
            Text::tr("asked for"), Text::tr("transactions"), Text::tr("readers"),
            Text::tr("growth")};
}

QString sittingMarkText(const SittingMark& mark) {
    if (mark.bytes == 0) {
        return Text::tr("failed");
    }
    const QString now = bytesText(mark.bytes);
    if (!mark.isGrowth()) {
        return Text::tr("map %1").arg(now);
    }
    QString before = bytesText(mark.oldBytes);
    constexpr QChar kNarrowSpace(0x202F); // before the unit: one is enough when they are the same
    if (before.section(kNarrowSpace, -1) == now.section(kNarrowSpace, -1)) {
        before = before.section(kNarrowSpace, 0, -2);
    }
    return Text::tr("%1 → %2").arg(before, now);
}

bool isLaterNamed(const SittingMark& earlier, const SittingMark& later) {
    const auto isNews = [](const SittingMark& mark) { return mark.bytes == 0 || mark.isGrowth(); };
    return isNews(later) || !isNews(earlier);
}

QRectF sittingBarRect(const SittingLayout& layout, const SittingReader& bar, int events) {
    if (bar.lane >= layout.shownReaderLanes()) {
        return {};
    }
    const int last = bar.close < 0 ? events - 1 : bar.close;
    return layout.barRect(bar.open, last, inLane(layout.readerLane(bar.lane)));
}

QRectF sittingSpanRect(const SittingLayout& layout, const SittingSpan& span, int events) {
    const int last = span.end < 0 ? events - 1 : span.end;
    return layout.barRect(span.begin, last, inLane(layout.transactionLane()));
}

} // namespace pagescape::gui
