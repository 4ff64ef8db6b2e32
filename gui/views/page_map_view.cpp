// SPDX-License-Identifier: MIT
#include "views/page_map_view.h"

#include "views/a11y.h"
#include "views/focus_frame.h"
#include "views/page_map_accessible.h"
#include "views/page_text.h"

#include <QPaintEvent>
#include <QPainter>
#include <QScrollBar>
#include <QStyle>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace pagescape::gui {

namespace {

// From this cell size on the painter draws a miniature of the page's bytes.
constexpr int kMiniatureCell = 64;

QRect outerRect(const QRectF& rect) {
    return rect.toAlignedRect();
}

} // namespace

PageMapView::PageMapView(SelectionHub* hub, QWidget* parent)
    : QAbstractScrollArea(parent), m_hub(hub) {
    installPageMapAccessibility();
    setAccessibleName(tr("Page map"));
    setAccessibleDescription(
        tr("Every page of the file as a cell; arrow keys move, Enter selects"));
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::NoFrame);
    viewport()->setMouseTracking(true);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    connect(&m_loader, &LensLoader::imageChanged, this, &PageMapView::onImageChanged);
    connect(m_hub, &SelectionHub::selectionChanged, this, &PageMapView::onSelectionChanged);
    connect(m_hub, &SelectionHub::hoverChanged, this, &PageMapView::onHoverChanged);
    m_seenTimer.setSingleShot(true);
    connect(&m_seenTimer, &QTimer::timeout, this, &PageMapView::fadeSeen);
    m_seenFade.setStartValue(1.0);
    m_seenFade.setEndValue(0.0);
    m_seenFade.setDuration(kFadeMs);
    connect(&m_seenFade, &QVariantAnimation::valueChanged, this, [this](const QVariant& value) {
        m_seenStrength = value.toDouble();
        viewport()->update();
    });
    connect(&m_seenFade, &QVariantAnimation::finished, this, [this] { setSeen({}); });
}

PageMapView::~PageMapView() = default;

void PageMapView::setCensus(std::shared_ptr<const Census> census,
                            std::shared_ptr<const ResidencySample> sample) {
    m_census = std::move(census);
    m_shown = allClasses();
    m_cursor = PageId{0};
    m_hovered.reset();
    m_selected = {};
    m_path.clear();
    m_isPathActive = false;
    m_miniatures.clear();
    m_miniatureAges.clear();
    m_asked.clear();
    PageMapSpec spec = m_layout.spec();
    spec.pageCount = m_census ? m_census->pageCount() : 0;
    m_layout = PageMapLayout(spec);
    relayout();
    m_loader.setCensus(m_census, std::move(sample));
    onSelectionChanged(m_hub->selection());
    a11y::emitEvent(this, QAccessible::ObjectReorder);
}

void PageMapView::setTheme(const Theme& theme) {
    m_theme = theme;
    invalidateBase();
}

void PageMapView::setLens(Lens lens) {
    if (lens == m_loader.lens()) {
        return;
    }
    m_shown = allClasses();
    m_loader.setLens(lens);
    Q_EMIT lensChanged(lens);
}

void PageMapView::setShownClasses(const ClassMask& shown) {
    if (m_shown != shown) {
        m_shown = shown;
        m_loader.setIsolated(shown);
        invalidateBase();
    }
}

void PageMapView::refresh() {
    m_loader.refresh();
}

void PageMapView::onImageChanged() {
    invalidateBase();
    Q_EMIT imageChanged();
}

void PageMapView::setLitPath(const std::optional<std::vector<PageId>>& pages) {
    const std::vector<PageId> path = pages.value_or(std::vector<PageId>());
    if (path == m_path && pages.has_value() == m_isPathActive) {
        return;
    }
    m_path = path;
    m_isPathActive = pages.has_value();
    if (!m_path.empty() && m_layout.scrollTo(m_path.back())) {
        syncScrollBars();
    }
    invalidateBase(); // all the rest is dimmed or undimmed
}

void PageMapView::setSeen(SeenMarks marks) {
    m_seenFade.stop();
    m_seenStrength = 1;
    m_seen = std::move(marks);
    if (m_seen.isEmpty()) {
        m_seenTimer.stop();
    } else {
        m_seenTimer.start(m_seenMs);
    }
    viewport()->update(); // they lie over the cells, which stay
}

void PageMapView::fadeSeen() {
    if (style()->styleHint(QStyle::SH_Widget_Animation_Duration, nullptr, this) == 0) {
        setSeen({});
    } else {
        m_seenFade.start();
    }
}

// Layout, zoom and scrolling

void PageMapView::setZoom(int zoom) {
    zoomTo(std::clamp(zoom, 0, kZoomStepCount - 1), false, std::nullopt);
}

void PageMapView::zoomIn() {
    setZoom(zoom() + 1);
}

void PageMapView::zoomOut() {
    setZoom(zoom() - 1);
}

void PageMapView::zoomToFit() {
    zoomTo(zoom(), true, std::nullopt);
}

void PageMapView::setRowLength(int pages) {
    if (pages != m_rowLength) {
        m_rowLength = pages;
        zoomTo(zoom(), m_isFitting, std::nullopt);
        Q_EMIT rowLengthChanged(pages);
    }
}

// Keeps what is under the anchor (or the cursor, when it is visible) where it is.
void PageMapView::zoomTo(int zoom, bool isFitting, std::optional<QPointF> anchor) {
    const QRectF cursor = m_layout.cellRect(m_cursor);
    const bool showsCursor = m_layout.viewportRect().intersects(cursor);
    const QPointF point = anchor        ? *anchor
                          : showsCursor ? cursor.center()
                                        : m_layout.viewportRect().center();
    const std::optional<PageId> page = m_layout.pageAt(point);
    m_isFitting = isFitting;
    PageMapSpec spec = m_layout.spec();
    spec.zoom = zoom;
    applyLayout(spec);
    if (page) {
        const QPointF moved = m_layout.cellRect(*page).center() - point;
        const qreal ratio = m_layout.spec().devicePixelRatio;
        m_layout.setScroll(m_layout.scrollX() + std::llround(moved.x() * ratio),
                           m_layout.scrollY() + std::llround(moved.y() * ratio));
        if (!anchor && showsCursor) {
            m_layout.scrollTo(m_cursor);
        }
        syncScrollBars();
    }
    Q_EMIT zoomChanged(this->zoom(), m_isFitting);
}

void PageMapView::relayout() {
    const int before = zoom();
    const bool showsCursor = m_layout.viewportRect().intersects(m_layout.cellRect(m_cursor));
    applyLayout(m_layout.spec());
    if (hasPages() && showsCursor && m_layout.scrollTo(m_cursor)) {
        syncScrollBars();
    }
    if (zoom() != before) {
        Q_EMIT zoomChanged(zoom(), m_isFitting);
    }
}

void PageMapView::applyLayout(PageMapSpec spec) {
    const PageRange seen = m_layout.visiblePages();
    const qreal top = seen.isEmpty() ? 0.0 : m_layout.cellRect(PageId{seen.begin}).top();
    spec.rowPages = m_rowLength;
    spec.viewport = viewport()->size();
    spec.devicePixelRatio = devicePixelRatioF();
    spec.gutter = pageMapGutter(QFontMetricsF(font()), spec.pageCount);
    if (m_isFitting) {
        PageMapSpec withoutBars = spec;
        withoutBars.viewport = maximumViewportSize();
        spec.zoom = PageMapLayout::zoomToFit(withoutBars);
    }
    m_layout = PageMapLayout(spec);
    if (!seen.isEmpty() && seen.begin > 0) {
        const PageId first{std::min<quint64>(seen.begin, spec.pageCount - 1)};
        const qreal moved = m_layout.cellRect(first).top() - top; // it stays at its height
        m_layout.setScroll(m_layout.scrollX(),
                           m_layout.scrollY() + std::llround(moved * spec.devicePixelRatio));
    }
    syncScrollBars();
    invalidateBase();
}

void PageMapView::syncScrollBars() {
    // The bars must tell the scroll area about their range, or it would not show them; what they
    // say about their value on the way is not meant.
    const bool wasSyncing = std::exchange(m_isSyncing, true);
    const auto sync = [this](QScrollBar* bar, qint64 maximum, qint64 value, qreal page) {
        bar->setPageStep(std::max(1, static_cast<int>(page / static_cast<qreal>(m_scrollUnit))));
        bar->setSingleStep(std::max(
            1, static_cast<int>(std::max(m_layout.cellDevicePixels(), 16) / m_scrollUnit)));
        bar->setRange(0, static_cast<int>(maximum / m_scrollUnit));
        bar->setValue(static_cast<int>(value / m_scrollUnit));
    };
    constexpr qint64 kMaxSteps = 1 << 30;
    m_scrollUnit = 1 + std::max(m_layout.maxScrollX(), m_layout.maxScrollY()) / kMaxSteps;
    const qreal ratio = m_layout.spec().devicePixelRatio;
    sync(horizontalScrollBar(), m_layout.maxScrollX(), m_layout.scrollX(),
         viewport()->width() * ratio);
    sync(verticalScrollBar(), m_layout.maxScrollY(), m_layout.scrollY(),
         viewport()->height() * ratio);
    m_isSyncing = wasSyncing;
    invalidateBase();
}

void PageMapView::scrollContentsBy(int /*dx*/, int /*dy*/) {
    if (m_isSyncing) {
        return;
    }
    m_layout.setScroll(horizontalScrollBar()->value() * m_scrollUnit,
                       verticalScrollBar()->value() * m_scrollUnit);
    invalidateBase();
}

void PageMapView::resizeEvent(QResizeEvent* /*event*/) {
    relayout();
}

void PageMapView::changeEvent(QEvent* event) {
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        relayout();
    }
    QAbstractScrollArea::changeEvent(event);
}

void PageMapView::centerOnPage(PageId page) {
    if (hasPages()) {
        m_layout.centerOn(PageId{std::min<quint64>(page.value, m_census->pageCount() - 1)});
        syncScrollBars();
    }
}

QRect PageMapView::pageRect(PageId page) const {
    return outerRect(m_layout.cellRect(page));
}

std::optional<PageId> PageMapView::pageAt(const QPoint& point) const {
    return hasPages() ? m_layout.pageAt(point) : std::nullopt;
}

std::optional<PageId> PageMapView::middlePage() const {
    const QPoint middle = viewport()->rect().center();
    std::optional<PageId> nearest = pageAt(middle);
    if (nearest || !hasPages()) {
        return nearest;
    }
    // Between cells, or beside a last row that is not full.
    const PageRange seen = m_layout.visiblePages();
    int least = std::numeric_limits<int>::max();
    for (quint64 id = seen.begin; id < seen.end; ++id) {
        const int distance = (pageRect(PageId{id}).center() - middle).manhattanLength();
        if (distance < least) {
            least = distance;
            nearest = PageId{id};
        }
    }
    return nearest;
}

QRectF PageMapView::overviewRect() const {
    return m_overviewFrame.isEmpty() ? QRectF()
                                     : PageMapOverview(m_layout.spec().pageCount, m_overviewFrame,
                                                       m_layout.spec().devicePixelRatio)
                                           .rect();
}

// Keeps the inset away from the cursor and the selection, but never from the pointer that drags it.
void PageMapView::placeOverview() {
    if (m_dragsOverview) {
        return;
    }
    std::vector<PageId> kept{m_cursor};
    if (!m_selected.isEmpty()) {
        kept.push_back(PageId{m_selected.begin});
    }
    const QRectF frame = hasPages() ? PageMapOverview::frameBeside(m_layout, kept) : QRectF();
    if (frame != m_overviewFrame) {
        m_overviewFrame = frame;
        viewport()->update();
    }
}

// Painting

PageMapScene PageMapView::scene() const {
    PageMapScene scene;
    scene.image = m_loader.shown().get();
    scene.layout = &m_layout;
    scene.theme = &m_theme;
    scene.shown = m_shown;
    scene.hovered = m_hovered;
    scene.cursor = hasPages() ? std::optional(m_cursor) : std::nullopt;
    scene.hasFocus = hasFocus();
    scene.selected = m_selected;
    scene.path = m_path;
    scene.isPathActive = m_isPathActive;
    scene.seen = m_seen.isEmpty() ? nullptr : &m_seen;
    scene.seenStrength = m_seenStrength;
    scene.overviewFrame = m_overviewFrame;
    scene.description = [this](PageId page) -> const PageDescription* {
        const auto found = m_miniatures.find(page);
        return found == m_miniatures.end() ? nullptr : &found->second->description;
    };
    return scene;
}

void PageMapView::invalidateBase() {
    placeOverview();
    m_dirty = viewport()->rect();
    viewport()->update();
}

void PageMapView::invalidateCell(PageId page) {
    const QRect rect = outerRect(m_layout.cellRect(page));
    m_dirty += rect;
    viewport()->update(rect);
}

void PageMapView::paintBase() {
    const qreal ratio = devicePixelRatioF();
    const QSize wanted = viewport()->size() * ratio;
    if (m_base.size() != wanted || m_base.devicePixelRatio() != ratio) {
        m_base = QPixmap(wanted);
        m_base.setDevicePixelRatio(ratio);
        m_dirty = viewport()->rect();
    }
    if (m_dirty.isEmpty()) {
        return;
    }
    QPainter painter(&m_base);
    painter.setFont(font());
    painter.setClipRegion(m_dirty);
    paintPageMapCells(painter, scene(), m_dirty.boundingRect());
    m_dirty = {};
    askForMiniatures();
}

void PageMapView::paintEvent(QPaintEvent* event) {
    paintBase();
    QPainter painter(viewport());
    painter.setClipRegion(event->region());
    painter.setFont(font());
    painter.drawPixmap(QPointF(0, 0), m_base);
    if (hasPages()) {
        paintPageMapOverlay(painter, scene());
    }
    if (hasFocus()) {
        paintFocusFrame(painter, viewport()->rect(), m_theme);
    }
}

void PageMapView::updatePage(const std::optional<PageId>& page) {
    if (page && hasPages()) {
        viewport()->update(outerRect(overlayRect(m_layout, *page)));
    }
}

void PageMapView::updateRun(const PageRange& run) {
    if (run.size() > 64) { // a long run covers whole rows
        viewport()->update();
        return;
    }
    for (quint64 page = run.begin; page < run.end; ++page) {
        updatePage(PageId{page});
    }
}

// Miniatures

void PageMapView::askForMiniatures() {
    if (!hasPages() || m_layout.zoomStep().cellPixels < kMiniatureCell) {
        return;
    }
    const PageRange visible = m_layout.visiblePages();
    std::vector<PageId> wanted;
    for (quint64 id = visible.begin; id < visible.end && wanted.size() < kMaxMiniatures; ++id) {
        const PageKind kind = m_census->row(PageId{id}).kind;
        const bool hasHeader = kind != PageKind::Overflow && kind != PageKind::Tail;
        if (hasHeader && !m_miniatures.contains(PageId{id})) {
            wanted.push_back(PageId{id});
        }
    }
    if (!wanted.empty() && wanted != m_asked) {
        m_asked = wanted;
        Q_EMIT miniaturesWanted(wanted);
    }
}

void PageMapView::addMiniature(const PageSnapshot& snapshot) {
    if (!snapshot || !hasPages()) {
        return;
    }
    const PageId page = snapshot->description.id;
    if (m_miniatures.insert_or_assign(page, snapshot).second) {
        m_miniatureAges.push_back(page);
    }
    if (m_miniatures.size() > kMaxMiniatures) {
        m_miniatures.erase(m_miniatureAges.front());
        m_miniatureAges.pop_front();
    }
    invalidateCell(page);
}

} // namespace pagescape::gui
