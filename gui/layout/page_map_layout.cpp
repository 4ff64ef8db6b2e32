// SPDX-License-Identifier: MIT
// Arithmetic of the page map. All positions are computed in device pixels and divided at the end.
#include "layout/page_map_layout.h"

#include "layout/free_corner.h"

#include <algorithm>
#include <cmath>

namespace pagescape::gui {
namespace {

constexpr qreal kInset = 4;          // logical pixels
constexpr quint64 kFewestCells = 16; // a row below that cannot be aimed at

qint64 toDevice(qreal logical, qreal ratio) {
    return std::llround(logical * ratio);
}

quint64 ceilDivide(quint64 value, quint64 divisor) {
    return value / divisor + (value % divisor == 0 ? 0 : 1);
}

// The greatest power of two that is at most `value`; 1 for 0.
quint64 floorPowerOfTwo(quint64 value) {
    quint64 power = 1;
    while (power <= value / 2) {
        power *= 2;
    }
    return power;
}

// [first, last] pixels of a half-open logical interval, as cell numbers [begin, end).
PageRange cellsBetween(qreal low, qreal high, qreal ratio, qint64 offset, int cell, quint64 count) {
    const auto first = static_cast<qint64>(std::floor(low * ratio)) + offset;
    const auto last = static_cast<qint64>(std::ceil(high * ratio)) + offset;
    if (last <= 0 || last <= first) {
        return {};
    }
    const quint64 begin = first <= 0 ? 0 : static_cast<quint64>(first / cell);
    const quint64 end = ceilDivide(static_cast<quint64>(last), static_cast<quint64>(cell));
    return {std::min(begin, count), std::min(end, count)};
}

} // namespace

PageMapLayout::PageMapLayout(const PageMapSpec& spec) : m_spec(spec) {
    m_spec.zoom = std::clamp(m_spec.zoom, 0, kZoomStepCount - 1);
    if (!(m_spec.devicePixelRatio > 0)) {
        m_spec.devicePixelRatio = 1;
    }
    const qreal ratio = m_spec.devicePixelRatio;
    const ZoomStep step = zoomStep();
    m_pagesPerCell = static_cast<quint64>(step.pagesPerCell);
    for (quint64 pages = m_pagesPerCell; pages > 1; pages /= 4) {
        ++m_mipLevel;
    }
    m_cell = std::max(1, static_cast<int>(toDevice(step.cellPixels, ratio)));
    m_gutter = static_cast<int>(std::max<qint64>(0, toDevice(m_spec.gutter, ratio)));
    m_inset = static_cast<int>(toDevice(kInset, ratio));
    m_viewWidth = std::max<qint64>(0, toDevice(m_spec.viewport.width(), ratio));
    m_viewHeight = std::max<qint64>(0, toDevice(m_spec.viewport.height(), ratio));

    if (m_spec.rowPages > 0) {
        // A chosen row length counts pages. Where several pages share a cell it grows, for a row of
        // a few pixels would be of no use.
        const auto pages = floorPowerOfTwo(static_cast<quint64>(m_spec.rowPages));
        m_cellsPerRow = std::max(kFewestCells, pages / m_pagesPerCell);
    } else {
        const qint64 room = std::max<qint64>(0, m_viewWidth - m_gutter - m_inset);
        const auto fitting = static_cast<quint64>(room / m_cell);
        m_cellsPerRow = std::max(kFewestCells, floorPowerOfTwo(fitting));
    }
}

quint64 PageMapLayout::cellCount() const {
    return ceilDivide(m_spec.pageCount, m_pagesPerCell);
}

quint64 PageMapLayout::rowCount() const {
    return ceilDivide(cellCount(), m_cellsPerRow);
}

qint64 PageMapLayout::contentDeviceWidth() const {
    return m_gutter + static_cast<qint64>(m_cellsPerRow) * m_cell + m_inset;
}

qint64 PageMapLayout::contentDeviceHeight() const {
    return static_cast<qint64>(rowCount()) * m_cell + 2 * m_inset;
}

qint64 PageMapLayout::maxScrollX() const {
    return std::max<qint64>(0, contentDeviceWidth() - m_viewWidth);
}

qint64 PageMapLayout::maxScrollY() const {
    return std::max<qint64>(0, contentDeviceHeight() - m_viewHeight);
}

void PageMapLayout::setScroll(qint64 x, qint64 y) {
    m_scrollX = std::clamp<qint64>(x, 0, maxScrollX());
    m_scrollY = std::clamp<qint64>(y, 0, maxScrollY());
}

QRectF PageMapLayout::cellRect(PageId page) const {
    const quint64 cell = page.value / m_pagesPerCell;
    const auto column = static_cast<qint64>(cell % m_cellsPerRow);
    const auto row = static_cast<qint64>(cell / m_cellsPerRow);
    const qreal ratio = m_spec.devicePixelRatio;
    const auto left = static_cast<qreal>(m_gutter + column * m_cell - m_scrollX);
    const auto top = static_cast<qreal>(m_inset + row * m_cell - m_scrollY);
    return {left / ratio, top / ratio, m_cell / ratio, m_cell / ratio};
}

std::optional<PageId> PageMapLayout::pageAt(QPointF point) const {
    const qreal ratio = m_spec.devicePixelRatio;
    const auto deviceX = static_cast<qint64>(std::floor(point.x() * ratio));
    const auto deviceY = static_cast<qint64>(std::floor(point.y() * ratio));
    if (deviceX < m_gutter || deviceY < 0 || deviceX >= m_viewWidth || deviceY >= m_viewHeight) {
        return std::nullopt;
    }
    const auto column = static_cast<quint64>((deviceX - m_gutter + m_scrollX) / m_cell);
    const qint64 contentY = deviceY + m_scrollY - m_inset;
    if (contentY < 0) {
        return std::nullopt;
    }
    const auto row = static_cast<quint64>(contentY / m_cell);
    if (column >= m_cellsPerRow || row >= rowCount()) {
        return std::nullopt;
    }
    const quint64 cell = row * m_cellsPerRow + column;
    if (cell >= cellCount()) {
        return std::nullopt;
    }
    return PageId{cell * m_pagesPerCell};
}

PageRange PageMapLayout::pagesOfCell(PageId page) const {
    const quint64 begin = page.value - page.value % m_pagesPerCell;
    if (begin >= m_spec.pageCount) {
        return {};
    }
    return {begin, begin + std::min(m_pagesPerCell, m_spec.pageCount - begin)};
}

quint64 PageMapLayout::rowOf(PageId page) const {
    return page.value / m_pagesPerCell / m_cellsPerRow;
}

PageRange PageMapLayout::rowsIn(const QRectF& area) const {
    return cellsBetween(area.top(), area.bottom(), m_spec.devicePixelRatio, m_scrollY - m_inset,
                        m_cell, rowCount());
}

PageRange PageMapLayout::columnsIn(const QRectF& area) const {
    return cellsBetween(area.left(), area.right(), m_spec.devicePixelRatio, m_scrollX - m_gutter,
                        m_cell, m_cellsPerRow);
}

PageRange PageMapLayout::visiblePages(const QRectF& area) const {
    const PageRange rows = rowsIn(area);
    const quint64 count = m_spec.pageCount;
    return {std::min(rows.begin * pagesPerRow(), count), std::min(rows.end * pagesPerRow(), count)};
}

QRectF PageMapLayout::rowLabelRect(quint64 row) const {
    const qreal ratio = m_spec.devicePixelRatio;
    const auto top = static_cast<qreal>(m_inset + static_cast<qint64>(row) * m_cell - m_scrollY);
    return {0, top / ratio, m_gutter / ratio, m_cell / ratio};
}

PageId PageMapLayout::moved(PageId page, qint64 columns, qint64 rows) const {
    if (m_spec.pageCount == 0) {
        return page;
    }
    const auto last = static_cast<qint64>(cellCount() - 1);
    const auto perRow = static_cast<qint64>(m_cellsPerRow);
    // Clamped before multiplying, so that "very many rows" is a way to ask for the end.
    const qint64 rowLimit = last / perRow + 1;
    const qint64 shift =
        std::clamp(columns, -last - 1, last + 1) + std::clamp(rows, -rowLimit, rowLimit) * perRow;
    const auto from = static_cast<qint64>(page.value / m_pagesPerCell);
    qint64 cell = from + shift;
    // A move by rows that leaves the file stays in its column where it can.
    if (columns == 0 && (cell < 0 || cell > last)) {
        cell = rows < 0 ? from % perRow : last - (last - from % perRow) % perRow;
        if (cell < 0 || cell > last) {
            cell = from;
        }
    }
    cell = std::clamp<qint64>(cell, 0, last);
    return PageId{static_cast<quint64>(cell) * m_pagesPerCell};
}

bool PageMapLayout::scrollTo(PageId page) {
    const quint64 cell = page.value / m_pagesPerCell;
    const qint64 left = static_cast<qint64>(cell % m_cellsPerRow) * m_cell;
    const qint64 top =
        static_cast<qint64>(cell / m_cellsPerRow) * m_cell; // with the inset scrolled in
    const qint64 width = std::max<qint64>(m_cell, m_viewWidth - m_gutter - m_inset);
    const qint64 height = std::max<qint64>(m_cell, m_viewHeight - 2 * m_inset);
    const qint64 oldX = m_scrollX;
    const qint64 oldY = m_scrollY;
    const qint64 x = std::clamp(oldX, std::max<qint64>(0, left + m_cell - width), left);
    const qint64 y = std::clamp(oldY, std::max<qint64>(0, top + m_cell - height), top);
    setScroll(x, y);
    return m_scrollX != oldX || m_scrollY != oldY;
}

void PageMapLayout::centerOn(PageId page) {
    const quint64 cell = page.value / m_pagesPerCell;
    const qint64 left = static_cast<qint64>(cell % m_cellsPerRow) * m_cell;
    const qint64 top = m_inset + static_cast<qint64>(cell / m_cellsPerRow) * m_cell;
    setScroll(left - (m_viewWidth - m_gutter - m_cell) / 2, top - (m_viewHeight - m_cell) / 2);
}

int PageMapLayout::zoomToFit(PageMapSpec spec) {
    for (int zoom = kZoomStepCount - 1; zoom > 0; --zoom) {
        spec.zoom = zoom;
        if (PageMapLayout(spec).isAllVisible()) {
            return zoom;
        }
    }
    return 0;
}

PageMapOverview::PageMapOverview(quint64 pageCount, const QRectF& frame, qreal devicePixelRatio)
    : m_pageCount(pageCount), m_ratio(devicePixelRatio > 0 ? devicePixelRatio : 1) {
    const qint64 width = toDevice(frame.width(), m_ratio);
    const qint64 height = toDevice(frame.height(), m_ratio);
    if (pageCount == 0 || width < 1 || height < 1) {
        return;
    }
    // Small files get bigger cells, large ones several pages a cell.
    int cell = std::max(1, static_cast<int>(toDevice(4, m_ratio)));
    const auto fits = [&](int size, quint64 pagesPerCell) {
        const auto columns = static_cast<quint64>(width / size);
        const auto rows = static_cast<quint64>(height / size);
        return columns > 0 && rows > 0 &&
               ceilDivide(ceilDivide(pageCount, pagesPerCell), columns) <= rows;
    };
    while (cell > 1 && !fits(cell, 1)) {
        --cell;
    }
    m_cell = cell;
    while (!fits(m_cell, m_pagesPerCell)) {
        m_pagesPerCell *= 4;
        ++m_mipLevel;
    }
    m_cellsPerRow = static_cast<quint64>(width / m_cell);
    m_rows = ceilDivide(ceilDivide(pageCount, m_pagesPerCell), m_cellsPerRow);
    const auto deviceWidth = static_cast<qreal>(m_cellsPerRow) * m_cell;
    const auto deviceHeight = static_cast<qreal>(m_rows) * m_cell;
    const qreal left = std::round(frame.left() * m_ratio);
    const qreal bottom = std::round(frame.bottom() * m_ratio);
    m_rect = QRectF(left / m_ratio, (bottom - deviceHeight) / m_ratio, deviceWidth / m_ratio,
                    deviceHeight / m_ratio);
}

QRectF PageMapOverview::defaultFrame(const PageMapLayout& layout) {
    const QSizeF view = layout.spec().viewport;
    const QSizeF size(std::min(160.0, view.width() / 4), std::min(120.0, view.height() / 3));
    if (layout.isAllVisible() || size.width() < 32 || size.height() < 16) {
        return {};
    }
    constexpr qreal kMargin = 8;
    return {view.width() - size.width() - kMargin, view.height() - size.height() - kMargin,
            size.width(), size.height()};
}

QRectF PageMapOverview::frameBeside(const PageMapLayout& layout, std::span<const PageId> pages) {
    const QRectF usual = defaultFrame(layout);
    if (usual.isEmpty()) {
        return {};
    }
    constexpr std::array kCorners{Qt::BottomRightCorner, Qt::TopRightCorner, Qt::BottomLeftCorner,
                                  Qt::TopLeftCorner};
    const QRectF view = layout.viewportRect();
    const QRectF room(QPointF(layout.spec().gutter, 0), view.bottomRight()); // beside row labels
    const auto isFree = [&](const QRectF& inset) {
        return std::ranges::none_of(
            pages, [&](PageId page) { return layout.cellRect(page).intersects(inset); });
    };
    return freeCorner(room, usual.size(), view.right() - usual.right(), kCorners, isFree)
        .value_or(QRectF());
}

std::optional<PageId> PageMapOverview::pageAt(QPointF point) const {
    if (isEmpty() || !m_rect.contains(point)) {
        return std::nullopt;
    }
    const auto column =
        static_cast<quint64>((point.x() - m_rect.left()) * m_ratio) / static_cast<quint64>(m_cell);
    const auto row =
        static_cast<quint64>((point.y() - m_rect.top()) * m_ratio) / static_cast<quint64>(m_cell);
    const quint64 cell =
        std::min(row, m_rows - 1) * m_cellsPerRow + std::min(column, m_cellsPerRow - 1);
    return PageId{std::min(cell * m_pagesPerCell, m_pageCount - 1)};
}

QRectF PageMapOverview::bandOf(const PageRange& pages) const {
    if (isEmpty() || pages.isEmpty()) {
        return {};
    }
    const quint64 perRow = m_pagesPerCell * m_cellsPerRow;
    const quint64 firstRow = std::min(pages.begin / perRow, m_rows - 1);
    const quint64 endRow = std::clamp(ceilDivide(pages.end, perRow), firstRow + 1, m_rows);
    const qreal cell = m_cell / m_ratio;
    return {m_rect.left(), m_rect.top() + static_cast<qreal>(firstRow) * cell, m_rect.width(),
            static_cast<qreal>(endRow - firstRow) * cell};
}

} // namespace pagescape::gui
