// SPDX-License-Identifier: MIT
// Layer 1 of the page map: background, cells and row labels. Everything is placed in device pixels
// of the layout, so that cells meet without a seam at every scale factor.
#include "paint/byte_canvas_painter.h"
#include "paint/cell_painter.h"
#include "paint/page_map_painter.h"

#include <QImage>
#include <QPaintEngine>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <unordered_map>
#include <vector>

namespace pagescape::gui {
namespace {

// Logical cell edges from which more is drawn.
constexpr int kGlyphFrom = 12;
constexpr int kIdFrom = 28;
constexpr int kMiniatureFrom = 64;

bool isPathLit(const PageMapScene& scene) {
    return scene.isPathActive || !scene.path.empty();
}

// Below 6 px: one colour a cell, written straight into scan lines.
void paintAsImage(QPainter& painter, const PageMapScene& scene, const PageRange& rows,
                  const PageRange& columns) {
    const PageMapLayout& layout = *scene.layout;
    const auto cells = scene.image->level(layout.mipLevel());
    const auto colors =
        classColors(scene.image->lens(), *scene.theme, scene.shown, isPathLit(scene));
    const QRgb background = scene.theme->color(Theme::Role::Background).rgb();
    const int cell = layout.cellDevicePixels();
    const auto width = static_cast<int>(columns.size()) * cell;
    const auto height = static_cast<int>(rows.size()) * cell;
    QImage image(width, height, QImage::Format_RGB32);
    if (image.isNull()) {
        return; // nothing visible
    }
    std::vector<QRgb> line(static_cast<std::size_t>(width));
    for (quint64 row = rows.begin; row < rows.end; ++row) {
        const auto y = static_cast<int>(row - rows.begin) * cell;
        auto to = line.begin();
        const quint64 first = row * layout.cellsPerRow() + columns.begin;
        const quint64 known =
            first < cells.size() ? std::min<quint64>(columns.size(), cells.size() - first) : 0;
        for (quint64 i = 0; i < known; ++i) {
            to = std::fill_n(to, cell, colors[cells[first + i]]);
        }
        std::fill(to, line.end(), background);
        for (int copy = 0; copy < cell; ++copy) {
            std::memcpy(image.scanLine(y + copy), line.data(), line.size() * sizeof(QRgb));
        }
    }
    const auto left =
        layout.gutterDevicePixels() + static_cast<qint64>(columns.begin) * cell - layout.scrollX();
    const auto top =
        layout.insetDevicePixels() + static_cast<qint64>(rows.begin) * cell - layout.scrollY();
    painter.drawImage(QPointF(static_cast<qreal>(left), static_cast<qreal>(top)), image);
}

// Paints cells of 6 px and more. On a raster target each class is painted once into a tile.
class CellPainter {
public:
    CellPainter(QPainter& painter, const PageMapScene& scene)
        : m_painter(painter), m_scene(scene), m_logical(scene.layout->zoomStep().cellPixels),
          m_ratio(scene.layout->spec().devicePixelRatio),
          m_size(scene.layout->cellDevicePixels() - 1), // one pixel of background between cells
          m_useTiles(painter.paintEngine() != nullptr &&
                     painter.paintEngine()->type() == QPaintEngine::Raster) {
        m_idFont = painter.font();
        m_idFont.setPixelSize(std::max(
            7, static_cast<int>(std::lround(std::clamp(m_logical * 0.26, 8.0, 12.0) * m_ratio))));
        m_digitWidth = QFontMetricsF(m_idFont).horizontalAdvance(QLatin1Char('0'));
    }

    /// The page's cell with everything its size has room for. `isLit` overrides dimming.
    void paint(PageId page, LensClass lensClass, bool isLit) {
        const QRectF rect = scaled(m_scene.layout->cellRect(page));
        const ClassStyle& style = styleOf(lensClass, isLit);
        if (m_useTiles) {
            m_painter.drawImage(rect.topLeft(), tileOf(lensClass, isLit));
        } else {
            paintFace(m_painter, rect, style);
        }
        if (m_logical >= kIdFrom) {
            paintId(page, rect, style);
        }
        if (m_logical >= kMiniatureFrom && m_scene.description) {
            const PageDescription* description = m_scene.description(page);
            // An overflow page has no header: decoded on its own it would be shown as damage.
            const bool isLoneOverflow = description != nullptr && description->id == page &&
                                        style.glyph == Theme::glyph(PageClass::Overflow);
            if (description != nullptr && !isLoneOverflow) {
                const qreal head = rect.height() * 0.30;
                const qreal margin = std::round(2 * m_ratio);
                paintPageMiniature(m_painter, *description, page,
                                   rect.adjusted(margin, head, -margin, -margin), *m_scene.theme);
            }
        }
    }

private:
    [[nodiscard]] QRectF scaled(const QRectF& logical) const {
        return {std::round(logical.left() * m_ratio), std::round(logical.top() * m_ratio),
                static_cast<qreal>(m_size), static_cast<qreal>(m_size)};
    }

    static int slot(LensClass lensClass, bool isLit) { return lensClass * 2 + (isLit ? 1 : 0); }

    const ClassStyle& styleOf(LensClass lensClass, bool isLit) {
        const auto [entry, isNew] = m_styles.try_emplace(slot(lensClass, isLit));
        if (isNew) {
            const Theme& theme = *m_scene.theme;
            const ClassStyle style = lensClassStyle(*m_scene.image, lensClass, theme);
            const bool isDimmed = !isLit && (isPathLit(m_scene) || !m_scene.shown.test(lensClass));
            entry->second = isDimmed ? dimmedStyle(style, theme) : style;
        }
        return entry->second;
    }

    const QImage& tileOf(LensClass lensClass, bool isLit) {
        QImage& tile = m_tiles[slot(lensClass, isLit)];
        if (tile.isNull()) {
            tile = QImage(m_size, m_size, QImage::Format_RGB32);
            tile.fill(m_scene.theme->color(Theme::Role::Background));
            QPainter painter(&tile);
            painter.setFont(m_painter.font());
            paintFace(painter, QRectF(0, 0, m_size, m_size), styleOf(lensClass, isLit));
        }
        return tile;
    }

    // Shape and glyph: what all cells of a class have in common.
    void paintFace(QPainter& painter, const QRectF& rect, const ClassStyle& style) const {
        const qreal pixel = std::max(1.0, std::round(m_ratio));
        paintCellShape(painter, rect, style, *m_scene.theme, pixel);
        if (m_logical < kGlyphFrom || style.glyph.isNull()) {
            return;
        }
        QFont font = painter.font();
        const bool hasId = m_logical >= kIdFrom;
        const bool hasHead = m_logical >= kMiniatureFrom;
        const qreal share = hasHead ? 0.22 : hasId ? 0.42 : 0.66;
        font.setPixelSize(std::max(8, static_cast<int>(std::lround(rect.height() * share))));
        font.setBold(hasId);
        painter.setFont(font);
        painter.setPen(cellTextColor(style, *m_scene.theme));
        QRectF place = rect;
        if (hasHead) {
            place = QRectF(rect.left() + 4 * pixel, rect.top(), rect.width(), rect.height() * 0.30);
        } else if (hasId) {
            place.setHeight(rect.height() * 0.62);
        }
        const auto flags = hasHead ? Qt::AlignLeft | Qt::AlignVCenter : Qt::AlignCenter;
        painter.drawText(place, static_cast<int>(flags), QString(style.glyph));
    }

    void paintId(PageId page, const QRectF& rect, const ClassStyle& style) {
        const QString text = QString::number(page.value);
        if (m_digitWidth * static_cast<qreal>(text.size()) > rect.width() - 2) {
            return; // a cut id would be a wrong id
        }
        m_painter.setFont(m_idFont);
        m_painter.setPen(cellTextColor(style, *m_scene.theme));
        if (m_logical >= kMiniatureFrom) {
            const QRectF head(rect.left(), rect.top(), rect.width() - 4 * m_ratio,
                              rect.height() * 0.30);
            m_painter.drawText(head, static_cast<int>(Qt::AlignRight | Qt::AlignVCenter), text);
        } else {
            const QRectF foot = rect.adjusted(0, rect.height() * 0.56, 0, 0);
            m_painter.drawText(foot, static_cast<int>(Qt::AlignCenter), text);
        }
    }

    QPainter& m_painter;
    const PageMapScene& m_scene;
    int m_logical;
    qreal m_ratio;
    int m_size;
    bool m_useTiles;
    QFont m_idFont;
    qreal m_digitWidth = 0;
    std::unordered_map<int, ClassStyle> m_styles;
    std::unordered_map<int, QImage> m_tiles;
};

void paintAsCells(QPainter& painter, const PageMapScene& scene, const PageRange& rows,
                  const PageRange& columns) {
    const PageMapLayout& layout = *scene.layout;
    const auto classes = scene.image->level(0);
    CellPainter cells(painter, scene);
    const QFont font = painter.font();
    for (quint64 row = rows.begin; row < rows.end; ++row) {
        const quint64 first = row * layout.cellsPerRow();
        for (quint64 column = columns.begin; column < columns.end; ++column) {
            const quint64 page = first + column;
            if (page >= classes.size()) {
                break;
            }
            cells.paint(PageId{page}, classes[page], false);
        }
    }
    painter.setFont(font);
}

void paintRowLabels(QPainter& painter, const PageMapScene& scene, const PageRange& rows) {
    const PageMapLayout& layout = *scene.layout;
    const qreal gutter = layout.spec().gutter;
    if (gutter <= 0) {
        return;
    }
    const QRectF area(0, 0, gutter, layout.spec().viewport.height());
    painter.fillRect(area, scene.theme->color(Theme::Role::Background));
    // Every 2^n-th row is labelled, as close as the font allows.
    const qreal lineHeight = painter.fontMetrics().height();
    quint64 every = 1;
    while (static_cast<qreal>(every) * layout.cellSize() < lineHeight) {
        every *= 2;
    }
    painter.setPen(scene.theme->color(Theme::Role::DimText));
    const quint64 firstLabelled = rows.begin - rows.begin % every;
    for (quint64 row = firstLabelled; row < rows.end; row += every) {
        QRectF rect = layout.rowLabelRect(row);
        const qreal middle = rect.center().y();
        rect.setHeight(std::max(rect.height(), lineHeight));
        // A label of rows smaller than itself starts at its row; of larger ones it is centred.
        rect.moveTop(every > 1 ? layout.rowLabelRect(row).top() : middle - rect.height() / 2);
        painter.drawText(rect.adjusted(0, 0, -6, 0),
                         static_cast<int>(Qt::AlignRight | Qt::AlignVCenter),
                         QString::number(layout.firstPageOfRow(row).value));
    }
}

} // namespace

void paintLitCells(QPainter& painter, const PageMapScene& scene) {
    const PageMapLayout& layout = *scene.layout;
    if (scene.image == nullptr || layout.zoomStep().cellPixels < kCellFrom) {
        return;
    }
    const qreal ratio = layout.spec().devicePixelRatio;
    painter.save();
    painter.scale(1 / ratio, 1 / ratio);
    CellPainter cells(painter, scene);
    for (const PageId page : scene.path) {
        if (page.value < scene.image->pageCount() &&
            layout.cellRect(page).intersects(layout.viewportRect())) {
            cells.paint(page, scene.image->at(page), true);
        }
    }
    painter.restore();
}

qreal pageMapGutter(const QFontMetricsF& metrics, quint64 pageCount) {
    const auto digits = QString::number(pageCount).size();
    return std::ceil(metrics.horizontalAdvance(QLatin1Char('0')) *
                     static_cast<qreal>(std::max<qsizetype>(3, digits))) +
           12;
}

void paintPageMapCells(QPainter& painter, const PageMapScene& scene, const QRectF& exposed) {
    painter.fillRect(exposed, scene.theme->color(Theme::Role::Background));
    if (scene.image == nullptr || scene.layout == nullptr) {
        return;
    }
    const PageMapLayout& layout = *scene.layout;
    const QRectF area = exposed.intersected(layout.viewportRect());
    const PageRange rows = layout.rowsIn(area);
    const PageRange columns = layout.columnsIn(area);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
    if (!rows.isEmpty() && !columns.isEmpty()) {
        painter.save();
        painter.setClipRect(area, Qt::IntersectClip);
        const qreal ratio = layout.spec().devicePixelRatio;
        painter.scale(1 / ratio, 1 / ratio);
        if (layout.zoomStep().cellPixels < kCellFrom) {
            paintAsImage(painter, scene, rows, columns);
        } else {
            paintAsCells(painter, scene, rows, columns);
        }
        painter.restore();
    }
    paintRowLabels(painter, scene, rows);
    painter.restore();
}

void paintClassSwatch(QPainter& painter, const QRectF& rect, const ClassStyle& style,
                      const Theme& theme) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    paintCellShape(painter, rect, style, theme, 1);
    if (!style.glyph.isNull() && rect.height() >= kGlyphFrom) {
        QFont font = painter.font();
        font.setPixelSize(std::max(8, static_cast<int>(std::lround(rect.height() * 0.66))));
        painter.setFont(font);
        painter.setPen(cellTextColor(style, theme));
        painter.drawText(rect, static_cast<int>(Qt::AlignCenter), QString(style.glyph));
    }
    painter.restore();
}

} // namespace pagescape::gui
