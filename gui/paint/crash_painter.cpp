// SPDX-License-Identifier: MIT
#include "paint/crash_painter.h"

#include "paint/cell_painter.h"
#include "stage/crash_text.h"
#include "units/units.h"

#include <QCoreApplication>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace pagescape::gui {
namespace {

constexpr double kDurableShare = 0.55; // of the tint over the background
constexpr std::uint32_t kMostCells = 16;

struct Text {
    Q_DECLARE_TR_FUNCTIONS(CrashLab)
};

// How one row stands to the crash.
enum class Standing { Durable, Open, Ahead };

struct Row {
    std::size_t index = 0;
    const CrashRow* values = nullptr;
    Standing standing = Standing::Ahead;
    WriteFate fate;
};

Row rowAt(const CrashScene& scene, std::size_t index) {
    Row row{index, &scene.script->rows[index], Standing::Ahead, {}};
    if (const auto open = scene.choice->openIndex(index)) {
        row.standing = Standing::Open;
        row.fate = scene.choice->fates[*open];
    } else if (index < scene.choice->cursor()) {
        row.standing = Standing::Durable;
    }
    return row;
}

QColor backgroundOf(const CrashScene& scene, Standing standing) {
    const Theme& theme = *scene.theme;
    const QColor background = theme.color(Theme::Role::Background);
    switch (standing) {
    case Standing::Durable:
        return blended(theme.color(Theme::Role::FieldValue), background, kDurableShare);
    case Standing::Open: return background;
    case Standing::Ahead: break;
    }
    return theme.color(Theme::Role::Surface);
}

void drawText(QPainter& painter, const QRectF& rect, const QString& text, int flags) {
    const QFontMetricsF metrics(painter.font());
    painter.drawText(rect, flags | int(Qt::AlignVCenter),
                     metrics.elidedText(text, Qt::ElideRight, rect.width()));
}

// A tick, nothing, or a slanted half.
void paintBox(QPainter& painter, const CrashScene& scene, const Row& row) {
    const QRectF cell = scene.layout->boxRect(row.index);
    const qreal edge = std::round(cell.height() * 0.56);
    const QRectF box(std::round(cell.center().x() - edge / 2),
                     std::round(cell.center().y() - edge / 2), edge, edge);
    const Theme& theme = *scene.theme;
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(QPen(theme.color(Theme::Role::Text), std::max(1.0, edge / 10)));
    painter.setBrush(theme.color(Theme::Role::Background));
    painter.drawRect(box);
    painter.setBrush(Qt::NoBrush);
    QPen pen(theme.color(Theme::Role::Accent), std::max(1.5, edge / 6));
    pen.setCapStyle(Qt::RoundCap);
    if (row.fate.kind == WriteFate::Kind::Survives) {
        painter.setPen(pen);
        const auto at = [&](qreal x, qreal y) {
            return box.topLeft() + QPointF(edge * x, edge * y);
        };
        painter.drawPolyline(QPolygonF{at(0.2, 0.55), at(0.42, 0.77), at(0.82, 0.22)});
    } else if (row.fate.kind != WriteFate::Kind::Lost) {
        painter.fillRect(box.adjusted(edge / 5, edge / 5, -edge / 5, -edge / 5),
                         theme.color(Theme::Role::Path));
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
}

void paintGlyph(QPainter& painter, const CrashScene& scene, const Row& row) {
    const QRectF cell = scene.layout->glyphRect(row.index);
    const qreal inset = std::round(cell.height() * 0.14);
    const QRectF rect = cell.adjusted(inset, inset, -inset, -inset);
    const Theme& theme = *scene.theme;
    if (row.values->kind == CrashRow::Kind::Resize) {
        painter.setPen(theme.color(Theme::Role::DimText));
        drawText(painter, rect, QStringLiteral("↧"), Qt::AlignHCenter);
        return;
    }
    const PageClass pageClass = crashPageClass(row.values->kindAt(0, scene.script->pageSize));
    const QColor fill = theme.classColor(pageClass);
    const bool isWhole = row.standing != Standing::Ahead && row.fate.kind != WriteFate::Kind::Lost;
    if (isWhole) {
        painter.fillRect(rect, fill);
    }
    if (!isWhole || theme.needsOutline(pageClass)) {
        paintFrame(painter, rect, 1,
                   isWhole ? theme.color(Theme::Role::DimText)
                           : theme.color(row.standing == Standing::Ahead ? Theme::Role::Line
                                                                         : Theme::Role::DimText));
    }
    painter.setPen(isWhole ? theme.textOn(fill) : theme.color(Theme::Role::DimText));
    painter.drawText(rect, int(Qt::AlignCenter), QString(Theme::glyph(pageClass)));
}

// One cell a sector, or a bar where there are many: filled is what the disk has.
void paintSectors(QPainter& painter, const CrashScene& scene, const Row& row) {
    const QRectF rect = scene.layout->sectorsRect(row.index);
    const std::uint32_t sectors = row.values->sectors;
    if (rect.isEmpty() || sectors == 0) {
        return;
    }
    const Theme& theme = *scene.theme;
    const auto isKept = [&](std::uint32_t sector) {
        switch (row.fate.kind) {
        case WriteFate::Kind::Survives: return row.standing != Standing::Ahead;
        case WriteFate::Kind::Lost: return false;
        case WriteFate::Kind::Torn: return sector < row.fate.sectors;
        case WriteFate::Kind::Scattered: break;
        }
        return ((row.fate.pattern >> (sector % 64U)) & 1U) != 0;
    };
    const std::uint32_t cells = std::min(sectors, kMostCells);
    const qreal step = rect.width() / qreal(cells);
    const qreal gap = cells > 1 ? std::max(1.0, rect.height() / 7) : 0;
    for (std::uint32_t i = 0; i < cells; ++i) {
        const auto sector = std::uint32_t(std::uint64_t(i) * sectors / cells);
        const QRectF cell(rect.left() + qreal(i) * step, rect.top(), step - gap, rect.height());
        if (isKept(sector)) {
            const PageKind kind = row.values->kindAt(sector, scene.script->pageSize);
            painter.fillRect(cell, theme.classColor(crashPageClass(kind)));
            paintFrame(painter, cell, 1, theme.color(Theme::Role::DimText));
        } else {
            paintFrame(painter, cell, 1,
                       theme.color(row.standing == Standing::Ahead ? Theme::Role::Line
                                                                   : Theme::Role::DimText));
        }
    }
}

void paintOperation(QPainter& painter, const CrashScene& scene, const Row& row) {
    const CrashLayout& layout = *scene.layout;
    const Theme& theme = *scene.theme;
    const bool isAhead = row.standing == Standing::Ahead;
    const QColor dim = theme.color(Theme::Role::DimText);
    const QColor text = isAhead ? dim : theme.color(Theme::Role::Text);
    if (row.standing == Standing::Open) {
        paintBox(painter, scene, row);
    }
    paintGlyph(painter, scene, row);
    paintSectors(painter, scene, row);
    painter.setPen(text);
    drawText(painter, layout.textRect(row.index), crashRowText(*row.values), Qt::AlignLeft);
    painter.setPen(dim);
    const qreal unit = layout.values().unit;
    if (row.values->kind == CrashRow::Kind::Write) {
        drawText(painter, layout.bytesRect(row.index).adjusted(0, 0, -unit, 0),
                 bytesText(row.values->bytes), Qt::AlignRight);
    }
    const bool isHarmed =
        row.standing == Standing::Open && row.fate.kind != WriteFate::Kind::Survives;
    painter.setPen(isHarmed ? theme.color(Theme::Role::ProblemText) : text);
    drawText(painter, layout.stateRect(row.index),
             crashRowState(*scene.script, *scene.choice, row.index), Qt::AlignLeft);
}

// A line across: nothing passes it before the disk has said yes.
void paintSync(QPainter& painter, const CrashScene& scene, const Row& row) {
    const CrashLayout& layout = *scene.layout;
    const bool isReturned = row.index < scene.choice->cursor();
    const QColor color = scene.theme->color(isReturned ? Theme::Role::Text : Theme::Role::DimText);
    const QRectF cell = layout.rowRect(row.index);
    const QString text =
        isReturned ? Text::tr("sync: the disk has all above") : Text::tr("sync: not reached");
    const qreal left = layout.boxRect(row.index).left();
    const qreal unit = layout.values().unit;
    const qreal textLeft = layout.textRect(row.index).left();
    const qreal width = QFontMetricsF(painter.font()).horizontalAdvance(text);
    const qreal y = std::round(cell.center().y());
    painter.setPen(QPen(color, isReturned ? 3 : 1, isReturned ? Qt::SolidLine : Qt::DashLine));
    painter.drawLine(QPointF(left, y), QPointF(textLeft - unit / 2, y));
    painter.drawLine(QPointF(textLeft + width + unit / 2, y), QPointF(cell.right() - unit, y));
    painter.setPen(color);
    painter.drawText(QRectF(textLeft, cell.top(), cell.right() - textLeft, cell.height()),
                     int(Qt::AlignLeft | Qt::AlignVCenter), text);
}

// The track in the gutter, with a mark at each named stop.
void paintGutter(QPainter& painter, const CrashScene& scene, const QRectF& exposed) {
    const CrashLayout& layout = *scene.layout;
    const QRectF gutter = layout.gutterRect();
    const Theme& theme = *scene.theme;
    painter.fillRect(gutter.intersected(exposed), theme.color(Theme::Role::Surface));
    const qreal x = std::round(gutter.center().x());
    const qreal half = layout.values().rowHeight / 2;
    painter.setPen(QPen(theme.color(Theme::Role::DimText), 1));
    painter.drawLine(QPointF(x, half), QPointF(x, gutter.height() - half));
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setBrush(theme.color(Theme::Role::Surface));
    for (const CrashStop& stop : scene.script->stops) {
        if (stop.cursor == scene.choice->cursor()) {
            continue;
        }
        // Where the row would have to give way: the edge above the next operation.
        const qreal y = stop.cursor < layout.values().rowCount ? layout.rowRect(stop.cursor).top()
                                                               : layout.height();
        painter.drawEllipse(QPointF(x, std::min(y, layout.height() - half / 2)), half / 3.2,
                            half / 3.2);
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
}

void paintStrip(QPainter& painter, const CrashScene& scene) {
    const CrashLayout& layout = *scene.layout;
    const QRectF strip = layout.cursorRect();
    const QColor fill = scene.theme->color(Theme::Role::ProblemText);
    painter.fillRect(strip.adjusted(0, 1, 0, -1), fill);
    painter.setPen(scene.theme->textOn(fill));
    // A handle in the gutter, words from the tick boxes on.
    const QRectF handle(0, strip.top(), layout.gutterRect().width(), strip.height());
    painter.drawText(handle, int(Qt::AlignCenter), QStringLiteral("⇕"));
    QFont bold = painter.font();
    const QFont plain = bold;
    bold.setBold(true);
    painter.setFont(bold);
    const QRectF room(handle.right(), strip.top(), strip.width() - handle.width(), strip.height());
    drawText(painter, room, Text::tr("Crash: %1").arg(crashChoiceText(*scene.choice)),
             Qt::AlignLeft);
    painter.setFont(plain);
}

} // namespace

PageClass crashPageClass(PageKind kind) {
    switch (kind) {
    case PageKind::Branch: return PageClass::Branch;
    case PageKind::Leaf: return PageClass::Leaf;
    case PageKind::Freelist: return PageClass::Freelist;
    case PageKind::Meta: return PageClass::Meta;
    default: break;
    }
    return PageClass::NotRead;
}

void paintCrash(QPainter& painter, const CrashScene& scene, const QRectF& exposed) {
    const CrashLayout& layout = *scene.layout;
    const std::size_t count = scene.script->rows.size();
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.fillRect(exposed, scene.theme->color(Theme::Role::Background));
    paintGutter(painter, scene, exposed);
    const std::size_t first = layout.cursorAt(exposed.top());
    for (std::size_t i = first == 0 ? 0 : first - 1; i < count; ++i) {
        const QRectF rect = layout.rowRect(i);
        if (rect.top() > exposed.bottom()) {
            break;
        }
        const Row row = rowAt(scene, i);
        painter.fillRect(rect, backgroundOf(scene, row.standing));
        painter.setPen(scene.theme->color(Theme::Role::DimText));
        painter.drawText(layout.numberRect(i).adjusted(0, 0, -layout.values().unit / 2, 0),
                         int(Qt::AlignRight | Qt::AlignVCenter), countText(i + 1));
        if (row.values->kind == CrashRow::Kind::Sync) {
            paintSync(painter, scene, row);
        } else {
            paintOperation(painter, scene, row);
        }
        if (scene.current == i) {
            paintFrame(painter, rect.adjusted(1, 0, -1, 0), scene.hasFocus ? 2 : 1,
                       scene.theme->color(Theme::Role::Accent));
        }
    }
    paintStrip(painter, scene);
    painter.restore();
}

} // namespace pagescape::gui
