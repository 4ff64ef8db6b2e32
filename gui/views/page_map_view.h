// SPDX-License-Identifier: MIT
// PageMapView: the page map as a widget. It owns scrolling, zoom, keyboard cursor and the cached
// picture; where pages lie, what they are coloured and how they are drawn is the layout's, lens'
// and painter's.
//
//   layer 1  cells, painted once into a pixmap, again only where they changed
//   layer 2  lit path, selection, cursor, overview     } painted over it, only where they changed
//   layer 3  hover                                     }
#pragma once

#include "models/session_values.h"
#include "pagescape/census.h"
#include "paint/page_map_painter.h"
#include "state/selection_hub.h"
#include "views/lens_loader.h"

#include <QAbstractScrollArea>
#include <QPixmap>
#include <QRegion>
#include <QTimer>
#include <QVariantAnimation>

#include <list>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

namespace pagescape::gui {

/// All pages of a file as cells. Never waits: pictures are built in a worker, hover reads the
/// census.
class PageMapView final : public QAbstractScrollArea {
    Q_OBJECT
public:
    explicit PageMapView(SelectionHub* hub, QWidget* parent = nullptr);
    ~PageMapView() override;

    /// Shows another file, or nothing. `sample` feeds the residency lens.
    void setCensus(std::shared_ptr<const Census> census,
                   std::shared_ptr<const ResidencySample> sample = nullptr);
    [[nodiscard]] const std::shared_ptr<const Census>& census() const { return m_census; }
    void setTheme(const Theme& theme);
    [[nodiscard]] const Theme& theme() const { return m_theme; }

    [[nodiscard]] Lens lens() const { return m_loader.lens(); }
    void setLens(Lens lens);
    /// What Lens::Changes shows, also of the next census; null for nothing.
    void setChanges(std::shared_ptr<const PageChanges> changes) {
        m_loader.setChanges(std::move(changes));
    }
    /// Classes shown in full; the others are dimmed. Choosing a lens shows all again.
    void setShownClasses(const ClassMask& shown);
    [[nodiscard]] const ClassMask& shownClasses() const { return m_shown; }
    /// What the legend counts; null until the first picture is ready.
    [[nodiscard]] const std::shared_ptr<const LensImage>& image() const { return m_loader.image(); }
    /// False while a picture is being built or due.
    [[nodiscard]] bool isUpToDate() const { return m_loader.isIdle(); }

    /// Index into kZoomSteps. Choosing one ends fitting.
    [[nodiscard]] int zoom() const { return m_layout.spec().zoom; }
    void setZoom(int zoom);
    /// The whole file in the window, also when the window's size changes. The start value.
    [[nodiscard]] bool isFitting() const { return m_isFitting; }
    /// One of kRowLengths; 0 fits the window.
    [[nodiscard]] int rowLength() const { return m_rowLength; }
    void setRowLength(int pages);

    /// Lights these pages and dims all others; nothing: the map as usual.
    void setLitPath(const std::optional<std::vector<PageId>>& pages);
    /// Marks what a writer just did for kSeenMs; then the marks fade, or go at once where the
    /// desktop has effects switched off. Empty marks: those there are go now.
    void setSeen(SeenMarks marks);
    /// What is marked; empty once the marks have gone.
    [[nodiscard]] const SeenMarks& seen() const { return m_seen; }
    static constexpr int kSeenMs = 4000;
    static constexpr int kFadeMs = 500;
    /// Milliseconds that marks stay before they fade.
    void setSeenDuration(int milliseconds) { m_seenMs = milliseconds; }
    /// Whether keys that are single letters or digits act.
    void setSingleKeysEnabled(bool enabled) { m_singleKeys = enabled; }

    /// Keyboard cursor.
    [[nodiscard]] PageId cursorPage() const { return m_cursor; }
    void moveCursorTo(PageId page);
    /// The selected run; empty for none.
    [[nodiscard]] const PageRange& selectedRun() const { return m_selected; }
    /// Proposes a page to the hub: the first one of its run.
    void selectPage(PageId page);
    /// Scrolls until the page is in the middle.
    void centerOnPage(PageId page);

    /// Where a page lies, and what lies at a point, in viewport coordinates.
    [[nodiscard]] const PageMapLayout& mapLayout() const { return m_layout; }
    [[nodiscard]] QRect pageRect(PageId page) const;
    [[nodiscard]] std::optional<PageId> pageAt(const QPoint& point) const;
    /// The page in the middle of what is in sight; nothing without pages.
    [[nodiscard]] std::optional<PageId> middlePage() const;
    /// The page map's inset, in viewport coordinates; empty while all pages are visible.
    [[nodiscard]] QRectF overviewRect() const;

    [[nodiscard]] QSize sizeHint() const override { return {640, 360}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {160, 84}; }

public Q_SLOTS:
    /// The census went on: new picture soon, at most ten a second.
    void refresh();
    void zoomIn();
    void zoomOut();
    void zoomToFit();
    /// A decoded page for the miniature in its cell; see miniaturesWanted.
    void addMiniature(const pagescape::gui::PageSnapshot& snapshot);

Q_SIGNALS:
    void lensChanged(pagescape::gui::Lens lens);
    void zoomChanged(int zoom, bool isFitting);
    void rowLengthChanged(int pages);
    /// Another picture is there: count the legend again.
    void imageChanged();
    /// Enter on the selected page, or a double click: follow its pointer.
    void followRequested(pagescape::PageId page);
    /// Keys L and Shift+L.
    void nextClassRequested();
    void allClassesRequested();
    /// Cells are big enough to show the pages' bytes, and these visible pages are not at hand.
    void miniaturesWanted(const std::vector<pagescape::PageId>& pages);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    bool viewportEvent(QEvent* event) override;
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    [[nodiscard]] bool hasPages() const { return m_census && m_census->pageCount() > 0; }
    [[nodiscard]] PageMapScene scene() const;
    void applyLayout(PageMapSpec spec);
    void relayout();
    void zoomTo(int zoom, bool isFitting, std::optional<QPointF> anchor);
    void syncScrollBars();
    void paintBase();
    void invalidateBase();
    void placeOverview();
    void updatePage(const std::optional<PageId>& page);
    void updateRun(const PageRange& run);
    void onImageChanged();
    void onSelectionChanged(const Place& place);
    void onHoverChanged(const Place& place);
    void hoverAt(const QPoint& point, const QPoint& globalPoint);
    void endHover();
    bool moveByKey(const QKeyEvent& event);
    bool actByKey(const QKeyEvent& event);
    bool jumpInOverview(QPointF point);
    void showToolTip(const QPoint& globalPoint, PageId page);
    void askForMiniatures();
    void invalidateCell(PageId page);
    void fadeSeen();

    SelectionHub* m_hub;
    std::shared_ptr<const Census> m_census;
    LensLoader m_loader;
    Theme m_theme = Theme::light();
    PageMapLayout m_layout;
    ClassMask m_shown = allClasses();
    int m_rowLength = 0;
    bool m_isFitting = true;
    bool m_singleKeys = true;
    bool m_dragsOverview = false;
    QRectF m_overviewFrame;   // empty: no inset is shown
    bool m_isSyncing = false; // the scroll bars follow the layout, not the layout the bars
    int m_wheelRest = 0;
    qint64 m_scrollUnit = 1; // device pixels a scroll bar step, so that any file fits an int

    PageId m_cursor;
    std::optional<PageId> m_hovered;
    PageRange m_selected;
    std::vector<PageId> m_path;
    bool m_isPathActive = false;

    SeenMarks m_seen;
    double m_seenStrength = 1;
    int m_seenMs = kSeenMs;
    QTimer m_seenTimer;
    QVariantAnimation m_seenFade;

    QPixmap m_base;
    QRegion m_dirty; // of m_base, logical pixels

    static constexpr std::size_t kMaxMiniatures = 1024;
    std::unordered_map<PageId, PageSnapshot> m_miniatures;
    std::list<PageId> m_miniatureAges; // oldest first
    std::vector<PageId> m_asked;
};

} // namespace pagescape::gui
