// SPDX-License-Identifier: MIT
// Paints the address strip.
#include "paint/strip_painter.h"

#include "paint/cell_painter.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <vector>

namespace pagescape::gui {
namespace {

constexpr qreal kResidentHeight = 5; // logical pixels of the resident bar at the lower edge
constexpr qreal kMarkerHalf = 5;     // half the width of the high-water mark's arrow

// The context that translators see.
struct Text {
    Q_DECLARE_TR_FUNCTIONS(AddressStrip)
};

// A label of the strip and where it may stand.
struct Label {
    QRectF room;
    QStringList texts; ///< from long to short; the longest that fits is shown
    QColor color;
};

// The widest stretch of a rectangle that no mark stands in.
QRectF widestGap(const QRectF& rect, std::vector<QRectF> marks) {
    std::ranges::sort(marks, {}, [](const QRectF& mark) { return mark.left(); });
    marks.emplace_back(rect.right(), rect.top(), 0, rect.height());
    QRectF widest(rect.topLeft(), QSizeF(0, rect.height()));
    qreal from = rect.left();
    for (const QRectF& mark : marks) {
        const qreal to = std::min(mark.left(), rect.right());
        if (to - from > widest.width()) {
            widest = QRectF(from, rect.top(), to - from, rect.height());
        }
        from = std::max(from, mark.right());
    }
    return widest;
}

void paintLabel(QPainter& painter, const Label& label, const std::vector<QRectF>& marks) {
    const QRectF room = widestGap(label.room, marks).adjusted(6, 0, -6, 0);
    const QFontMetricsF metrics(painter.font());
    const auto fits = [&](const QString& text) {
        return metrics.horizontalAdvance(text) <= room.width();
    };
    const auto text = std::ranges::find_if(label.texts, fits);
    if (text != label.texts.end()) {
        painter.setPen(label.color);
        painter.drawText(room, static_cast<int>(Qt::AlignCenter), *text);
    }
}

void paintPastEnd(QPainter& painter, const StripScene& scene) {
    const QRectF rect = scene.layout->pastEndRect();
    const Theme& theme = *scene.theme;
    if (rect.isEmpty()) {
        return;
    }
    painter.fillRect(rect, theme.color(Theme::Role::Background));
    painter.setPen(QPen(theme.color(Theme::Role::DimText), 1, Qt::DotLine));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(rect.adjusted(0, 0, -1, -1));
}

Label pastEndLabel(const StripScene& scene) {
    const QString bytes = bytesText(scene.values->mapLength - scene.values->fileSize);
    return {scene.layout->pastEndRect(),
            {Text::tr("mapped, past EOF %1").arg(bytes), Text::tr("past EOF"), bytes},
            scene.theme->color(Theme::Role::DimText)};
}

void paintFile(QPainter& painter, const StripScene& scene) {
    const StripLayout& layout = *scene.layout;
    const Theme& theme = *scene.theme;
    const QRectF file = layout.fileRect();
    if (file.isEmpty()) {
        return;
    }
    painter.fillRect(file, theme.color(Theme::Role::FieldElement));
    if (!layout.tailRect().isEmpty()) {
        painter.fillRect(layout.tailRect(), theme.color(Theme::Role::FieldUnused));
    }
    if (!layout.unmappedRect().isEmpty()) {
        painter.fillRect(layout.unmappedRect(), theme.color(Theme::Role::FieldUnexplained));
    }
    if (layout.residentShare()) {
        const qreal top = file.bottom() - kResidentHeight;
        painter.fillRect(QRectF(file.left(), top, file.width(), kResidentHeight), theme.ramp(0));
        for (const StripSpan& span : layout.resident()) {
            const int step = std::clamp(static_cast<int>(std::lround(span.share * 7)), 1, 7);
            painter.fillRect(QRectF(span.rect.left(), top, span.rect.width(), kResidentHeight),
                             theme.ramp(step));
        }
    }
    paintFrame(painter, file, 1, theme.color(Theme::Role::DimText));
}

Label fileLabel(const StripScene& scene) {
    const StripLayout& layout = *scene.layout;
    const QString size = bytesText(scene.values->fileSize);
    QStringList texts{Text::tr("file %1").arg(size), size};
    if (layout.residentShare()) {
        const int share = static_cast<int>(std::lround(*layout.residentShare() * 100));
        texts.prepend(Text::tr("file %1, %2 % in the page cache when opened").arg(size).arg(share));
    }
    return {layout.fileRect().adjusted(0, 0, 0, layout.residentShare() ? -kResidentHeight : 0),
            texts, scene.theme->color(Theme::Role::Text)};
}

// The addresses at the two ends, where they leave room for the other labels and no mark stands.
void paintAddresses(QPainter& painter, const StripScene& scene, std::vector<QRectF>& marks) {
    const StripValues& values = *scene.values;
    if (values.mapAddress == 0 || values.mapLength == 0) {
        return;
    }
    const QRectF area = scene.layout->area();
    const QString first = addressText(values.mapAddress);
    const QString last = addressText(values.mapAddress + values.mapLength);
    const qreal width = QFontMetricsF(painter.font()).horizontalAdvance(last) + 12;
    painter.setPen(scene.theme->color(Theme::Role::Text));
    const auto paint = [&](const QRectF& rect, const QString& text) {
        const auto crosses = [&](const QRectF& mark) { return mark.intersects(rect); };
        if (std::ranges::none_of(marks, crosses)) {
            painter.drawText(rect, static_cast<int>(Qt::AlignCenter), text);
            marks.push_back(rect);
        }
    };
    const QRectF file = scene.layout->fileRect();
    if (file.width() > 4 * width) {
        paint(QRectF(file.left(), file.top(), width, file.height() - kResidentHeight), first);
    }
    const QRectF end = scene.layout->pastEndRect().isEmpty() ? file : scene.layout->pastEndRect();
    if (end.width() > 4 * width && std::abs(end.right() - area.right()) < 1) {
        paint(QRectF(end.right() - width, end.top(), width, end.height()), last);
    }
}

void paintHighWater(QPainter& painter, const StripScene& scene) {
    const auto x = scene.layout->highWaterX();
    if (!x) {
        return;
    }
    const QRectF area = scene.layout->area();
    const QColor color = scene.theme->color(Theme::Role::Path);
    painter.fillRect(QRectF(*x - 1, area.top(), 2, area.height()), color);
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawPolygon(QPolygonF()
                        << QPointF(*x - kMarkerHalf, area.top())
                        << QPointF(*x + kMarkerHalf, area.top()) << QPointF(*x, area.top() + 6));
    painter.setRenderHint(QPainter::Antialiasing, false);
}

// The frame around the selected bytes; a page is often thinner than a pixel.
QRectF selectionRect(const StripScene& scene) {
    const QRectF rect = scene.layout->rangeRect(*scene.selected);
    const qreal grow = std::max(0.0, (5 - rect.width()) / 2);
    return rect.adjusted(-grow, 0, grow, 0);
}

// What no label may be crossed by: lines that stand for good, not the one under the pointer.
std::vector<QRectF> markRects(const StripScene& scene) {
    const QRectF area = scene.layout->area();
    std::vector<QRectF> marks;
    if (const auto x = scene.layout->highWaterX()) {
        marks.emplace_back(*x - kMarkerHalf, area.top(), 2 * kMarkerHalf, area.height());
    }
    if (scene.selected) {
        // Of a wide frame only the two sides are in the way.
        const QRectF frame = selectionRect(scene);
        marks.emplace_back(frame.left(), area.top(), std::min(2.0, frame.width()), area.height());
        marks.emplace_back(frame.right() - 2, area.top(), 2, area.height());
    }
    return marks;
}

} // namespace

void paintStrip(QPainter& painter, const StripScene& scene) {
    const QRectF area = scene.layout->area();
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.fillRect(area, scene.theme->color(Theme::Role::Surface));
    if (scene.layout->totalBytes() > 0) {
        paintFile(painter, scene);
        paintPastEnd(painter, scene);
        paintHighWater(painter, scene);
        if (scene.selected) {
            paintFrame(painter, selectionRect(scene), 2, scene.theme->color(Theme::Role::Accent));
        }
        std::vector<QRectF> marks = markRects(scene);
        paintAddresses(painter, scene, marks);
        paintLabel(painter, fileLabel(scene), marks);
        paintLabel(painter, pastEndLabel(scene), marks);
        if (scene.hovered) {
            painter.fillRect(
                QRectF(scene.layout->xOf(*scene.hovered), area.top(), 1, area.height()),
                scene.theme->color(Theme::Role::Hover));
        }
    }
    painter.restore();
}

QString stripSummary(const StripValues& values) {
    QString text = Text::tr("The file is %1 long").arg(bytesText(values.fileSize));
    if (values.mapLength > 0) {
        text += Text::tr("; %1 are mapped").arg(bytesText(values.mapLength));
    }
    if (values.mapAddress != 0) {
        text += Text::tr(" from %1 to %2")
                    .arg(addressText(values.mapAddress),
                         addressText(values.mapAddress + values.mapLength));
    }
    if (values.mapLength > values.fileSize) {
        text += Text::tr(", %1 of them past the end of the file")
                    .arg(bytesText(values.mapLength - values.fileSize));
    }
    if (values.highWaterBytes > 0) {
        text += Text::tr("; the high-water mark is at %1").arg(bytesText(values.highWaterBytes));
    }
    return text + QChar(u'.');
}

} // namespace pagescape::gui
