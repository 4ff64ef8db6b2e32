// SPDX-License-Identifier: MIT
// PageMapLayout: where each page of a file lies in the page map. Pure arithmetic over a few
// numbers; painting, hit testing and scroll bars all ask it, so that they cannot disagree.
//
//   gutter | cell cell cell ...   one row = 2^n pages, so that ids can be read off the row's label
//   gutter | cell cell cell ...   one cell = one page, or 4^k neighbouring pages below 1 px a page
//
// Cells are whole device pixels. Points and rectangles are logical, relative to the viewport, with
// the scroll position taken into account.
#pragma once

#include "pagescape/types.h"

#include <QPointF>
#include <QRectF>
#include <QSizeF>
#include <QtGlobal>

#include <array>
#include <optional>
#include <span>

namespace pagescape::gui {

/// A half-open range of page ids.
struct PageRange {
    quint64 begin = 0;
    quint64 end = 0;

    [[nodiscard]] quint64 size() const { return end - begin; }
    [[nodiscard]] bool isEmpty() const { return end <= begin; }
    [[nodiscard]] bool contains(PageId id) const { return begin <= id.value && id.value < end; }
    friend bool operator==(const PageRange&, const PageRange&) = default;
};

/// One zoom level: `cellPixels` logical pixels for a cell of `pagesPerCell` pages. At least one of
/// the two is 1.
struct ZoomStep {
    int cellPixels = 1;
    int pagesPerCell = 1; ///< a power of 4
    friend bool operator==(const ZoomStep&, const ZoomStep&) = default;
};

/// All zoom levels, from far to near.
inline constexpr std::array<ZoomStep, 18> kZoomSteps{{
    {1, 4096},
    {1, 1024},
    {1, 256},
    {1, 64},
    {1, 16},
    {1, 4},
    {1, 1},
    {2, 1},
    {3, 1},
    {4, 1},
    {6, 1},
    {8, 1},
    {12, 1},
    {16, 1},
    {24, 1},
    {32, 1},
    {48, 1},
    {64, 1},
}};
inline constexpr int kZoomStepCount = static_cast<int>(kZoomSteps.size());
/// Index of "8 px": what a file opens with when it is small.
inline constexpr int kDefaultZoom = 11;
/// Row lengths the user may choose, in pages; 0 means "fit the window".
inline constexpr std::array<int, 8> kRowLengths{{0, 16, 32, 64, 128, 256, 512, 1024}};

/// What a layout depends on.
struct PageMapSpec {
    quint64 pageCount = 0;
    int zoom = kDefaultZoom; ///< index into kZoomSteps; clamped
    int rowPages = 0;        ///< pages in a row, a power of 2 of at least 16; 0: fit the viewport
    QSizeF viewport;         ///< logical pixels
    qreal devicePixelRatio = 1;
    qreal gutter = 0; ///< logical pixels left of the cells for row labels
    friend bool operator==(const PageMapSpec&, const PageMapSpec&) = default;
};

/// The mapping between pages, cells and points. A small value; make a new one when the spec
/// changes.
class PageMapLayout {
public:
    PageMapLayout() : PageMapLayout(PageMapSpec{}) {}
    explicit PageMapLayout(const PageMapSpec& spec);

    [[nodiscard]] const PageMapSpec& spec() const { return m_spec; }
    [[nodiscard]] ZoomStep zoomStep() const {
        return kZoomSteps[static_cast<std::size_t>(m_spec.zoom)];
    }
    [[nodiscard]] quint64 pagesPerCell() const { return m_pagesPerCell; }
    /// The level of the lens pyramid that has one entry a cell.
    [[nodiscard]] int mipLevel() const { return m_mipLevel; }
    [[nodiscard]] quint64 pagesPerRow() const { return m_cellsPerRow * m_pagesPerCell; }
    [[nodiscard]] quint64 cellsPerRow() const { return m_cellsPerRow; }
    [[nodiscard]] quint64 cellCount() const;
    [[nodiscard]] quint64 rowCount() const;
    /// Edge of a cell in device pixels, and in logical ones (not always whole).
    [[nodiscard]] int cellDevicePixels() const { return m_cell; }
    [[nodiscard]] qreal cellSize() const { return m_cell / m_spec.devicePixelRatio; }
    /// Left edge of the cells in device pixels: the gutter, rounded.
    [[nodiscard]] int gutterDevicePixels() const { return m_gutter; }
    /// Air above, below and right of the cells in device pixels, for the frames around outer cells.
    [[nodiscard]] int insetDevicePixels() const { return m_inset; }

    /// Size of everything, gutter included, in device pixels.
    [[nodiscard]] qint64 contentDeviceWidth() const;
    [[nodiscard]] qint64 contentDeviceHeight() const;
    /// The farthest that scrolling makes sense, in device pixels; 0 when all fits.
    [[nodiscard]] qint64 maxScrollX() const;
    [[nodiscard]] qint64 maxScrollY() const;
    /// Scroll position in device pixels, clamped. The gutter does not scroll sideways.
    void setScroll(qint64 x, qint64 y);
    [[nodiscard]] qint64 scrollX() const { return m_scrollX; }
    [[nodiscard]] qint64 scrollY() const { return m_scrollY; }
    [[nodiscard]] bool isAllVisible() const { return maxScrollX() == 0 && maxScrollY() == 0; }

    /// Rectangle of the cell that shows a page. May lie outside the viewport.
    [[nodiscard]] QRectF cellRect(PageId page) const;
    /// First page of the cell at a point; nothing beside the cells or behind the last page.
    [[nodiscard]] std::optional<PageId> pageAt(QPointF point) const;
    /// All pages of the cell that shows `page`, clipped to the file.
    [[nodiscard]] PageRange pagesOfCell(PageId page) const;
    /// The row a page is in.
    [[nodiscard]] quint64 rowOf(PageId page) const;
    /// Rows of which some pixel lies in `area`, as [begin, end).
    [[nodiscard]] PageRange rowsIn(const QRectF& area) const;
    /// Cells of a row of which some pixel lies in `area`, as [begin, end) of column numbers.
    [[nodiscard]] PageRange columnsIn(const QRectF& area) const;
    /// Pages of all rows of which some pixel lies in `area`.
    [[nodiscard]] PageRange visiblePages(const QRectF& area) const;
    [[nodiscard]] PageRange visiblePages() const { return visiblePages(viewportRect()); }
    [[nodiscard]] QRectF viewportRect() const { return {QPointF(0, 0), m_spec.viewport}; }
    /// Room for the label of a row.
    [[nodiscard]] QRectF rowLabelRect(quint64 row) const;
    [[nodiscard]] PageId firstPageOfRow(quint64 row) const { return PageId{row * pagesPerRow()}; }

    /// The page `columns` cells right and `rows` rows down, kept inside the file. Left and right
    /// wrap into the neighbouring rows, as page ids do.
    [[nodiscard]] PageId moved(PageId page, qint64 columns, qint64 rows) const;
    /// Scrolls as little as possible until the page's cell is wholly visible. Returns whether it
    /// moved.
    bool scrollTo(PageId page);
    /// Scrolls so that the page's cell lies in the middle.
    void centerOn(PageId page);

    /// The nearest zoom step at which the whole file fits the viewport; the farthest if none does.
    [[nodiscard]] static int zoomToFit(PageMapSpec spec);

private:
    PageMapSpec m_spec;
    quint64 m_pagesPerCell = 1;
    quint64 m_cellsPerRow = 16;
    int m_mipLevel = 0;
    int m_cell = 1;
    int m_gutter = 0;
    int m_inset = 0;
    qint64 m_viewWidth = 0;
    qint64 m_viewHeight = 0;
    qint64 m_scrollX = 0;
    qint64 m_scrollY = 0;
};

/// The whole file in a small inset: row-major like the map, with as many pages a cell as needed.
class PageMapOverview {
public:
    /// `frame` is the room in logical pixels; the picture takes its full width and as much height
    /// as it needs. Nothing to draw when the file has no page.
    PageMapOverview(quint64 pageCount, const QRectF& frame, qreal devicePixelRatio);

    /// The usual place: lower right corner of the viewport. Empty when the map shows all anyway.
    [[nodiscard]] static QRectF defaultFrame(const PageMapLayout& layout);
    /// The first corner, from the usual place on, in which the inset covers none of these pages;
    /// empty when the map shows all, or when there is no such corner.
    [[nodiscard]] static QRectF frameBeside(const PageMapLayout& layout,
                                            std::span<const PageId> pages);

    [[nodiscard]] bool isEmpty() const { return m_cellsPerRow == 0 || m_rows == 0; }
    [[nodiscard]] int mipLevel() const { return m_mipLevel; }
    [[nodiscard]] quint64 pagesPerCell() const { return m_pagesPerCell; }
    [[nodiscard]] quint64 cellsPerRow() const { return m_cellsPerRow; }
    [[nodiscard]] quint64 rowCount() const { return m_rows; }
    [[nodiscard]] int cellDevicePixels() const { return m_cell; }
    /// What the picture really covers.
    [[nodiscard]] QRectF rect() const { return m_rect; }
    [[nodiscard]] std::optional<PageId> pageAt(QPointF point) const;
    /// Band of the inset that stands for a range of pages; at least one cell high.
    [[nodiscard]] QRectF bandOf(const PageRange& pages) const;

private:
    quint64 m_pageCount = 0;
    quint64 m_pagesPerCell = 1;
    quint64 m_cellsPerRow = 0;
    quint64 m_rows = 0;
    int m_mipLevel = 0;
    int m_cell = 1;
    qreal m_ratio = 1;
    QRectF m_rect;
};

} // namespace pagescape::gui
