// SPDX-License-Identifier: MIT
// Paints the address strip.
#include "paint/strip_painter.h"

#include "paint/cell_painter.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace pagescape::gui {
namespace {

constexpr qreal kResidentHeight = 5; // logical pixels of the resident bar at the lower edge

// The context that translators see.
struct Text {
    Q_DECLARE_TR_FUNCTIONS(AddressStrip)
};

// The longest text that fits, or nothing.
void paintFitting(QPainter& painter, const QRectF& rect, const QStringList& texts,
                  Qt::Alignment align) {
    const QFontMetricsF metrics(painter.font());
    for (const QString& text : texts) {
        if (metrics.horizontalAdvance(text) <= rect.width() - 12) {
            painter.drawText(rect.adjusted(6, 0, -6, 0),
                             static_cast<int>(Qt::Alignment(align | Qt::AlignVCenter).toInt()),
                             text);
            return;
        }
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
    painter.setPen(theme.color(Theme::Role::DimText));
    const quint64 bytes = scene.values->mapLength - scene.values->fileSize;
    paintFitting(painter, rect,
                 {Text::tr("mapped, past EOF %1").arg(bytesText(bytes)), Text::tr("past EOF"),
                  bytesText(bytes)},
                 Qt::AlignHCenter);
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
    painter.setPen(theme.color(Theme::Role::Text));
    const QString size = bytesText(scene.values->fileSize);
    QStringList texts{Text::tr("file %1").arg(size), size};
    if (layout.residentShare()) {
        const int share = static_cast<int>(std::lround(*layout.residentShare() * 100));
        texts.prepend(Text::tr("file %1, %2 % in the page cache").arg(size).arg(share));
    }
    paintFitting(painter, file.adjusted(0, 0, 0, layout.residentShare() ? -kResidentHeight : 0),
                 texts, Qt::AlignHCenter);
}

// The addresses at the two ends, where they leave room for the other labels.
void paintAddresses(QPainter& painter, const StripScene& scene) {
    const StripValues& values = *scene.values;
    if (values.mapAddress == 0 || values.mapLength == 0) {
        return;
    }
    const QRectF area = scene.layout->area();
    const QString first = addressText(values.mapAddress);
    const QString last = addressText(values.mapAddress + values.mapLength);
    const QFontMetricsF metrics(painter.font());
    const qreal width = metrics.horizontalAdvance(last) + 12;
    painter.setPen(scene.theme->color(Theme::Role::Text));
    const QRectF file = scene.layout->fileRect();
    if (file.width() > 4 * width) {
        painter.drawText(file.adjusted(6, 0, 0, -kResidentHeight),
                         static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter), first);
    }
    const QRectF end = scene.layout->pastEndRect().isEmpty() ? file : scene.layout->pastEndRect();
    if (end.width() > 4 * width && std::abs(end.right() - area.right()) < 1) {
        painter.drawText(end.adjusted(0, 0, -6, 0),
                         static_cast<int>(Qt::AlignRight | Qt::AlignVCenter), last);
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
    painter.drawPolygon(QPolygonF() << QPointF(*x - 5, area.top()) << QPointF(*x + 5, area.top())
                                    << QPointF(*x, area.top() + 6));
    painter.setRenderHint(QPainter::Antialiasing, false);
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
        paintAddresses(painter, scene);
        paintHighWater(painter, scene);
        if (scene.selected) {
            const QRectF rect = scene.layout->rangeRect(*scene.selected);
            const qreal grow =
                std::max(0.0, (5 - rect.width()) / 2); // a page is thinner than a pixel
            paintFrame(painter, rect.adjusted(-grow, 0, grow, 0), 2,
                       scene.theme->color(Theme::Role::Accent));
        }
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
