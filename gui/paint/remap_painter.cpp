// SPDX-License-Identifier: MIT
#include "paint/remap_painter.h"

#include "pagescape/page_file.h"
#include "paint/text.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <cmath>

namespace pagescape::gui {

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Remap)
};

using Role = Theme::Role;
constexpr qreal kPad = 4; // logical pixels between a text and the edge it stands at

// The longest text that fits into the rectangle, or beside it.
void paintRowText(QPainter& painter, const QRectF& rect, const QRectF& row,
                  const QStringList& texts) {
    const QFontMetricsF metrics(painter.font());
    const QRectF right(rect.right() + kPad, rect.top(), row.right() - rect.right() - kPad,
                       rect.height());
    const QRectF left(row.left(), rect.top(), rect.left() - row.left() - kPad, rect.height());
    for (const QString& text : texts) {
        const qreal width = metrics.horizontalAdvance(text);
        if (width + 2 * kPad <= rect.width()) {
            painter.drawText(rect, Qt::AlignCenter, text);
            return;
        }
        if (width <= right.width()) {
            painter.drawText(right, Qt::AlignLeft | Qt::AlignVCenter, text);
            return;
        }
        if (width <= left.width()) {
            painter.drawText(left, Qt::AlignRight | Qt::AlignVCenter, text);
            return;
        }
    }
}

void paintArrow(QPainter& painter, QPointF from, QPointF to, qreal size, const QColor& color) {
    const QPointF way = to - from;
    const qreal length = std::max(1.0, std::hypot(way.x(), way.y()));
    const QPointF along = way / length;
    const QPointF across(-along.y(), along.x());
    painter.setPen(QPen(color, 1.5));
    painter.drawLine(from, to - along * size * 0.6);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawPolygon(QPolygonF(
        {to, to - along * size + across * size * 0.5, to - along * size - across * size * 0.5}));
}

QStringList mappingTexts(quint64 address, quint64 length, const QString& name) {
    const QString bytes = bytesText(length);
    return {Text::tr("%1: %2 to %3, %4")
                .arg(name, addressText(address), addressText(address + length), bytes),
            Text::tr("%1: %2, %3").arg(name, addressText(address), bytes),
            Text::tr("%1, %2").arg(addressText(address), bytes), bytes};
}

void paintOld(QPainter& painter, const RemapScene& scene) {
    const Theme& theme = *scene.theme;
    const QRectF rect = scene.layout->oldRect();
    // Full at first, a ghost at the end; one that readers hold stays stronger.
    const qreal left = scene.isOldHeld ? 0.24 : 0.08;
    const qreal share = 0.45 + (left - 0.45) * scene.t;
    painter.setBrush(blended(theme.color(Role::GrowthMap), theme.color(Role::Background), share));
    QPen pen(theme.color(Role::DimText), 1, scene.isOldHeld ? Qt::SolidLine : Qt::DashLine);
    painter.setPen(pen);
    painter.drawRect(rect.adjusted(0, 0, -1, -1));
    if (scene.t < 1) {
        return; // the new one passes over the place of the text
    }
    painter.setPen(theme.color(Role::Text));
    const QString name = scene.isOldHeld ? Text::tr("old, still read") : Text::tr("old, unmapped");
    QRectF row = scene.layout->area();
    paintRowText(painter, rect, row,
                 mappingTexts(scene.values->oldAddress, scene.values->oldLength, name));
}

void paintNew(QPainter& painter, const RemapScene& scene) {
    const Theme& theme = *scene.theme;
    const RemapLayout& layout = *scene.layout;
    const QRectF rect = layout.movingRect(scene.t);
    const QColor ground = theme.color(Role::Background);
    painter.setPen(Qt::NoPen);
    painter.setBrush(ground);
    painter.drawRect(rect);
    // The parts move and grow with the mapping.
    const auto part = [&](const QRectF& whole, Role role, qreal share) {
        const qreal scale =
            layout.newRect().width() > 0 ? rect.width() / layout.newRect().width() : 1;
        painter.setBrush(blended(theme.color(role), ground, share));
        painter.drawRect(QRectF(rect.left(), rect.top(), whole.width() * scale, rect.height()));
    };
    part(layout.fileRect(), Role::GrowthFile, 0.16);
    part(layout.usedRect(), Role::GrowthUsed, 0.3);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(theme.color(Role::GrowthMap), 2));
    painter.drawRect(rect.adjusted(1, 1, -1, -1));
    painter.setPen(theme.color(Role::Text));
    if (scene.t >= 1) {
        paintRowText(painter, rect, layout.area(),
                     mappingTexts(scene.values->newAddress, scene.values->newLength,
                                  layout.hasOld() ? Text::tr("new") : Text::tr("mapping")));
    }
}

void paintCut(QPainter& painter, const RemapScene& scene) {
    const QRectF cut = scene.layout->cutRect();
    if (cut.isEmpty()) {
        return;
    }
    const qreal y = cut.center().y();
    const qreal step = cut.width() / 8;
    QPolygonF zigzag;
    for (int i = 1; i < 8; ++i) {
        zigzag << QPointF(cut.left() + i * step, y + (i % 2 == 0 ? -step / 2 : step / 2));
    }
    painter.setPen(QPen(scene.theme->color(Role::DimText), 1));
    painter.setBrush(Qt::NoBrush);
    painter.drawPolyline(zigzag);
    const QFontMetricsF metrics(painter.font());
    const QString text = Text::tr("%1 between").arg(bytesText(scene.layout->cutBytes()));
    const qreal width = metrics.horizontalAdvance(text);
    const qreal mostLeft = scene.layout->area().left();
    const qreal mostRight = scene.layout->area().right() - width;
    QRectF rect(0, y + step, width, metrics.height());
    rect.moveLeft(
        std::clamp(cut.center().x() - width / 2, mostLeft, std::max(mostLeft, mostRight)));
    // Beside the mapping that stands in this row.
    for (const QRectF& box : {scene.layout->newRect(), scene.layout->oldRect()}) {
        if (box.intersects(rect)) {
            const bool isLeft = box.center().x() < cut.center().x();
            rect.moveLeft(isLeft ? box.right() + kPad : box.left() - kPad - width);
        }
    }
    const bool isInside = rect.left() >= mostLeft && rect.left() <= mostRight;
    if (scene.t >= 1 && isInside && cut.height() > 3.4 * metrics.height()) {
        painter.drawText(rect, Qt::AlignCenter, text);
    }
}

QString listed(const QStringList& names) {
    return names.size() < 2
               ? names.join(QString())
               : Text::tr("%1 and %2")
                     .arg(names.first(names.size() - 1).join(QStringLiteral(", ")), names.last());
}

QStringList readerNames(const std::vector<GrowthReader>& readers, std::size_t most) {
    QStringList names;
    for (const GrowthReader& reader : readers) {
        if (names.size() == qsizetype(most)) {
            names += Text::tr("%n more", nullptr, int(readers.size() - most));
            break;
        }
        names += Text::tr("reader %1 (version %2)")
                     .arg(countText(reader.reader), countText(reader.txid.value));
    }
    return names;
}

} // namespace

void paintRemapBand(QPainter& painter, const RemapScene& scene) {
    if (scene.layout->newRect().isEmpty()) {
        return;
    }
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    paintCut(painter, scene);
    if (scene.layout->hasOld()) {
        paintOld(painter, scene);
    }
    paintNew(painter, scene);
    if (scene.layout->hasOld() && scene.t >= 1) {
        const QRectF from = scene.layout->oldRect();
        const QRectF to = scene.layout->newRect();
        painter.setRenderHint(QPainter::Antialiasing, true);
        paintArrow(painter, QPointF(from.center().x(), from.bottom() + 1),
                   QPointF(to.center().x(), to.top() - 1), to.top() - from.bottom() - 2,
                   scene.theme->color(Role::Accent));
    }
    painter.restore();
}

void paintRemapLegend(QPainter& painter, const QRectF& room, const RemapValues& values,
                      const Theme& theme) {
    struct Part {
        QString text;
        Role role;
        qreal share;
    };
    const quint64 inFile = std::min(values.fileSize, values.newLength);
    const std::array<Part, 3> parts{{
        {Text::tr("used %1").arg(bytesText(values.used)), Role::GrowthUsed, 0.3},
        {Text::tr("file %1").arg(bytesText(values.fileSize)), Role::GrowthFile, 0.16},
        {Text::tr("mapped past the end of the file %1").arg(bytesText(values.newLength - inFile)),
         Role::Background, 1},
    }};
    const QFontMetricsF metrics(painter.font());
    const qreal side = metrics.height() * 0.6;
    qreal x = room.left();
    painter.save();
    for (const Part& part : parts) {
        const qreal width = metrics.horizontalAdvance(part.text) + side + kPad;
        if (x + width > room.right()) {
            break;
        }
        const QRectF swatch(std::round(x), std::round(room.center().y() - side / 2), side, side);
        painter.setBrush(
            blended(theme.color(part.role), theme.color(Role::Background), part.share));
        painter.setPen(QPen(theme.color(Role::DimText), 1));
        painter.drawRect(swatch);
        painter.drawText(QRectF(swatch.right() + kPad, room.top(), width, room.height()),
                         Qt::AlignLeft | Qt::AlignVCenter, part.text);
        x += width + metrics.height();
    }
    painter.restore();
}

void paintWaits(QPainter& painter, const WaitScene& scene) {
    const WaitLayout& layout = *scene.layout;
    const Theme& theme = *scene.theme;
    if (layout.shownBars() == 0) {
        return;
    }
    const QFontMetricsF metrics(painter.font());
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    for (int i = 0; i < layout.shownBars(); ++i) {
        const RemapLane& lane = (*scene.lanes)[std::size_t(i)];
        const QRectF name = layout.nameRect(i);
        painter.setPen(theme.color(Role::Text));
        painter.drawText(name, Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(laneName(lane), Qt::ElideMiddle, name.width() - kPad));
        const QRectF bar = layout.barRect(i);
        const Role role = lane.who == RemapLane::Who::Writer ? Role::GrowthFile : Role::GrowthUsed;
        painter.setPen(QPen(theme.color(role), 1));
        painter.setBrush(blended(theme.color(role), theme.color(Role::Background), 0.3));
        painter.drawRect(bar.adjusted(0, 0, -1, -1));
        if (const auto wait = layout.waitRect(i)) {
            painter.setPen(QPen(theme.color(Role::Text), 1));
            painter.setBrush(theme.color(Role::Background));
            painter.drawRect(wait->adjusted(0, 0, -1, -1));
            painter.setBrush(QBrush(theme.color(Role::DimText), Qt::BDiagPattern));
            painter.drawRect(wait->adjusted(0, 0, -1, -1));
            const QString text = lane.waitEnd < 0 ? Text::tr("waits, still") : Text::tr("waits");
            const qreal width = metrics.horizontalAdvance(text) + 2 * kPad;
            if (width < wait->width()) {
                const QRectF plate(wait->center().x() - width / 2, name.top() + 1, width,
                                   name.height() - 2);
                painter.fillRect(plate, theme.color(Role::Background));
                painter.drawText(plate, Qt::AlignCenter, text);
            }
        }
    }
    const QString below = layout.hiddenBars() > 0
                              ? Text::tr("and %1 more").arg(countText(quint64(layout.hiddenBars())))
                              : Text::tr("Events in their order, not to scale");
    if (layout.moreRect().bottom() <= layout.area().bottom() + 1) {
        painter.setPen(theme.color(Role::DimText));
        painter.drawText(layout.moreRect(), Qt::AlignLeft | Qt::AlignVCenter, below);
    }
    const qreal x = layout.remapX();
    const qreal bottom = layout.moreRect().top();
    painter.setPen(QPen(theme.color(Role::GrowthMap), 2));
    painter.drawLine(QPointF(x, layout.area().top()), QPointF(x, bottom));
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(QPen(theme.color(Role::Background), 1));
    painter.setBrush(theme.color(Role::GrowthMap));
    const qreal half = metrics.height() * 0.36;
    const QPointF at(x, layout.area().top() + half * 0.6);
    painter.drawPolygon(QPolygonF({at + QPointF(0, -half), at + QPointF(half, 0),
                                   at + QPointF(0, half), at + QPointF(-half, 0)}));
    painter.restore();
}

std::vector<WaitBar> waitBars(const std::vector<RemapLane>& lanes) {
    std::vector<WaitBar> bars;
    bars.reserve(lanes.size());
    for (const RemapLane& lane : lanes) {
        bars.push_back({lane.begin, lane.end, lane.isWaiting, lane.waitBegin, lane.waitEnd});
    }
    return bars;
}

QString laneName(const RemapLane& lane) {
    switch (lane.who) {
    case RemapLane::Who::Writer:
        return Text::tr("writer, transaction %1").arg(countText(lane.txid.value));
    case RemapLane::Who::Reader:
        return Text::tr("reader %1, version %2")
            .arg(countText(lane.reader), countText(lane.txid.value));
    case RemapLane::Who::Later: break;
    }
    return Text::tr("new reader %1").arg(countText(lane.reader));
}

QString laneText(const RemapLane& lane) {
    if (lane.isWaiting) {
        const QString whom = lane.who == RemapLane::Who::Writer
                                 ? Text::tr("for every reader that was open at the remap")
                                 : Text::tr("behind the writer");
        return lane.waitEnd < 0
                   ? Text::tr("%1: in bolt it would still wait %2").arg(laneName(lane), whom)
                   : Text::tr("%1: in bolt it would wait %2").arg(laneName(lane), whom);
    }
    if (lane.who == RemapLane::Who::Writer) {
        return Text::tr("%1: goes on at once").arg(laneName(lane));
    }
    return lane.end < 0 ? Text::tr("%1: still open").arg(laneName(lane))
                        : Text::tr("%1: has ended").arg(laneName(lane));
}

qreal laneNameWidth(const std::vector<RemapLane>& lanes, const QFontMetricsF& metrics) {
    qreal width = 0;
    for (const RemapLane& lane : lanes) {
        width = std::max(width, metrics.horizontalAdvance(laneName(lane)));
    }
    return width + 2 * kPad;
}

QString remapTitle(const GrowthRemap* remap, const GrowthPoint& present) {
    if (remap == nullptr) {
        const QString mapped = bytesText(present.map.length);
        const QString address = addressText(present.map.address);
        const auto rule = mappingLength(present.fileSize, 1);
        const auto least = mappingLength(present.used, 1);
        return rule && least && *rule < present.map.length
                   ? Text::tr("No remap, nobody waits: %1 mapped from the start at %2; %3 would do "
                              "for what is used")
                         .arg(mapped, address, bytesText(*least))
                   : Text::tr("No remap yet: %1 mapped at %2").arg(mapped, address);
    }
    const RemapEvent& event = remap->map;
    const QString place = remap->isMoved() ? Text::tr("moved") : Text::tr("grew in place");
    if (event.oldLength == event.newLength) {
        return Text::tr("Last remap, transaction %1: %2 again, %3. The rule remaps at \"needed "
                        "is as long as the mapping\" already")
            .arg(countText(remap->txid), bytesText(event.newLength),
                 remap->isMoved() ? place : Text::tr("in place"));
    }
    return Text::tr("Last remap, transaction %1: %2 became %3, %4")
        .arg(countText(remap->txid), bytesText(event.oldLength), bytesText(event.newLength), place);
}

QString waitText(const GrowthRemap& remap, int now, bool boltsWay) {
    std::vector<GrowthReader> open;
    std::ranges::copy_if(remap.readers, std::back_inserter(open),
                         [now](const GrowthReader& reader) { return reader.isOpenAt(now); });
    const QString all = listed(readerNames(remap.readers, 3));
    if (boltsWay) {
        if (remap.readers.empty()) {
            return Text::tr("In bolt, not here: no reader was open, so the writer has the map "
                            "lock at once.");
        }
        return Text::tr("In bolt, not here: a remap needs the map lock alone. The writer waits for "
                        "%1, new readers wait for the writer; who commits beside a reader of his "
                        "own waits for ever.")
            .arg(all);
    }
    if (remap.readers.empty()) {
        return Text::tr("Nobody waits: no reader was open, the writer goes on at once.");
    }
    if (open.empty()) {
        return Text::tr("Nobody waits. %1 kept the old mapping and ended since: it is unmapped.")
            .arg(all);
    }
    return Text::tr("Nobody waits: the writer goes on at once. The old mapping stays until its "
                    "readers end: %1.")
        .arg(listed(readerNames(open, 3)));
}

} // namespace pagescape::gui
