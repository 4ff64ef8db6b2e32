// SPDX-License-Identifier: MIT
#include "views/tree_view.h"

#include "layout/free_corner.h"
#include "views/a11y.h"
#include "views/focus_frame.h"
#include "views/tree_accessible.h"

#include <QPaintEvent>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_set>
#include <utility>

namespace pagescape::gui {

namespace {

constexpr qreal kMargin = 16;
constexpr qreal kReadableScale = 0.7; // below it keys are left out
constexpr std::array<qreal, 13> kScales{0.03125, 0.0442, 0.0625, 0.0884, 0.125, 0.177, 0.25,
                                        0.354,   0.5,    0.7,    1.0,    1.4,   2.0};
constexpr QSizeF kOverviewSize{180, 72};
constexpr qreal kOverviewGap = 8;

} // namespace

TreeView::TreeView(SelectionHub* hub, QWidget* parent) : QAbstractScrollArea(parent), m_hub(hub) {
    installTreeAccessibility();
    setAccessibleName(tr("Tree"));
    setAccessibleDescription(
        tr("Pages of a bucket's tree; Up parent, Down child, Left and Right neighbours"));
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::NoFrame);
    viewport()->setMouseTracking(true);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    connect(m_hub, &SelectionHub::selectionChanged, this, &TreeView::onSelectionChanged);
    connect(m_hub, &SelectionHub::hoverChanged, this, &TreeView::onHoverChanged);
}

TreeView::~TreeView() = default;

void TreeView::setShape(TreeShape shape) {
    const std::optional<PageId> page =
        isValid(m_cursor) ? std::optional(nodeAt(m_cursor).page) : std::nullopt;
    const QPointF before = isValid(m_cursor) ? nodeRect(m_cursor).center() : QPointF();
    m_shape = std::move(shape);
    m_layout = TreeLayout(m_shape);
    ++m_shapeNumber;
    m_ownMarks.clear();
    for (const TreeShape::Node& node : m_shape.nodes) {
        m_ownMarks.push_back(node.isOnPath);
    }
    markPath();
    const std::optional<PageId> hovered = m_hub->hover().page;
    m_hovered = hovered ? m_layout.indexOf(*hovered) : -1;
    m_hoveredStub = -1;
    m_note.clear();
    m_overview = {};
    const int kept = page ? m_layout.indexOf(*page) : -1;
    m_cursor = kept >= 0 ? kept : (m_layout.nodeCount() > 0 ? 0 : -1);
    applyFit();
    if (isValid(m_cursor)) { // another tree: its root stands in the middle
        const QPointF held = kept >= 0 ? before : QPointF(viewport()->rect().center().x(), 0);
        const QPointF moved = nodeRect(m_cursor).center() - held;
        horizontalScrollBar()->setValue(horizontalScrollBar()->value() + qRound(moved.x()));
        verticalScrollBar()->setValue(verticalScrollBar()->value() + qRound(moved.y()));
    }
    const bool wasDrawn = m_selected >= 0;
    const std::optional<PageId> selected = m_hub->selection().page;
    m_selected = selected ? m_layout.indexOf(*selected) : -1;
    if (!wasDrawn && isValid(m_selected)) {
        m_cursor = m_selected; // it was selected elsewhere, and this shape is the answer
    }
    const int lit = deepestLitNode();
    reveal(lit >= 0 ? lit : m_cursor);
    viewport()->update();
    a11y::emitEvent(this, QAccessible::ObjectReorder);
}

void TreeView::setTheme(const Theme& theme) {
    m_theme = theme;
    m_overview = {};
    viewport()->update();
}

void TreeView::setChanges(std::shared_ptr<const PageChanges> changes) {
    m_changes = std::move(changes);
    m_overview = {};
    viewport()->update();
}

LensClass TreeView::changeOf(int node) const {
    return m_changes && isValid(node) ? m_changes->classOf(nodeAt(node).page) : kUnknownClass;
}

void TreeView::setLitPath(const std::optional<std::vector<PageId>>& pages) {
    if (pages == m_path) {
        return;
    }
    m_path = pages;
    markPath();
    reveal(deepestLitNode());
    m_overview = {};
    viewport()->update();
}

void TreeView::markPath() {
    std::unordered_set<PageId> lit;
    if (m_path) {
        lit.insert(m_path->begin(), m_path->end());
    }
    for (std::size_t index = 0; index < m_shape.nodes.size(); ++index) {
        TreeShape::Node& node = m_shape.nodes[index];
        node.isOnPath = m_path ? lit.contains(node.page) : m_ownMarks[index];
    }
}

int TreeView::deepestLitNode() const {
    int node = -1;
    if (m_path) {
        for (auto page = m_path->rbegin(); page != m_path->rend() && node < 0; ++page) {
            node = m_layout.indexOf(*page);
        }
    }
    return node;
}

bool TreeView::isFolded(int node) const {
    return isValid(node) && !m_layout.stubRect(node).isEmpty();
}

// Geometry: viewport = scene * scale + origin

QSizeF TreeView::contentSize() const {
    return m_layout.bounds().size() * m_scale + QSizeF(2 * kMargin, 2 * kMargin);
}

QPointF TreeView::origin() const {
    const QSizeF content = contentSize();
    const QSizeF room = viewport()->size();
    // A small tree stands in the middle, at the top.
    const qreal x = content.width() <= room.width() ? (room.width() - content.width()) / 2
                                                    : -horizontalScrollBar()->value();
    const qreal y = content.height() <= room.height() ? 0 : -verticalScrollBar()->value();
    return QPointF(x + kMargin, y + kMargin) - m_layout.bounds().topLeft() * m_scale;
}

QPointF TreeView::toScene(QPointF point) const {
    return (point - origin()) / m_scale;
}

QRectF TreeView::toViewport(const QRectF& rect) const {
    return {rect.topLeft() * m_scale + origin(), rect.size() * m_scale};
}

QRectF TreeView::nodeRect(int node) const {
    return isValid(node) ? toViewport(m_layout.nodeRect(node)) : QRectF();
}

QRectF TreeView::stubRect(int node) const {
    return isFolded(node) ? toViewport(m_layout.stubRect(node)) : QRectF();
}

std::optional<TreeLayout::Hit> TreeView::hitAt(QPointF point) const {
    return m_layout.at(toScene(point));
}

qreal TreeView::fitScale() const {
    const QSizeF bounds = m_layout.bounds().size();
    if (bounds.isEmpty()) {
        return 1;
    }
    const QSizeF room = QSizeF(viewport()->size()) - QSizeF(2 * kMargin, 2 * kMargin);
    return std::clamp(std::min(room.width() / bounds.width(), room.height() / bounds.height()),
                      kScales.front(), 1.0);
}

void TreeView::applyFit() {
    const qreal before = m_scale;
    if (m_fit == Fit::All) {
        m_scale = fitScale();
    } else if (m_fit == Fit::Readable) {
        m_scale = std::max(fitScale(), kReadableScale);
    }
    syncScrollBars();
    if (m_scale != before) {
        Q_EMIT zoomScaleChanged(m_scale);
    }
}

void TreeView::setScale(qreal scale, QPointF anchor) {
    const QPointF held = toScene(anchor);
    m_scale = scale;
    syncScrollBars();
    const QPointF moved = held * m_scale + origin() - anchor;
    horizontalScrollBar()->setValue(horizontalScrollBar()->value() + qRound(moved.x()));
    verticalScrollBar()->setValue(verticalScrollBar()->value() + qRound(moved.y()));
    viewport()->update();
    Q_EMIT zoomScaleChanged(m_scale);
}

// The next step of the fixed scales in a direction, from wherever the scale is.
void TreeView::zoomBy(int steps, QPointF anchor) {
    qreal scale = m_scale;
    for (; steps > 0; --steps) {
        const auto next = std::find_if(kScales.begin(), kScales.end(),
                                       [scale](qreal step) { return step > scale * 1.001; });
        scale = next == kScales.end() ? scale : *next;
    }
    for (; steps < 0; ++steps) {
        const auto next = std::find_if(kScales.rbegin(), kScales.rend(),
                                       [scale](qreal step) { return step < scale / 1.001; });
        scale = next == kScales.rend() ? scale : *next;
    }
    if (scale != m_scale) {
        m_fit = Fit::None;
        setScale(scale, anchor);
    }
}

void TreeView::zoomIn() {
    zoomBy(1,
           isValid(m_cursor) ? nodeRect(m_cursor).center() : QPointF(viewport()->rect().center()));
}

void TreeView::zoomOut() {
    zoomBy(-1,
           isValid(m_cursor) ? nodeRect(m_cursor).center() : QPointF(viewport()->rect().center()));
}

void TreeView::zoomToFit() {
    m_fit = Fit::All;
    applyFit();
    viewport()->update();
}

void TreeView::syncScrollBars() {
    const QSizeF content = contentSize();
    const QSize room = viewport()->size();
    horizontalScrollBar()->setRange(0,
                                    std::max(0, static_cast<int>(content.width()) - room.width()));
    horizontalScrollBar()->setPageStep(room.width());
    horizontalScrollBar()->setSingleStep(32);
    verticalScrollBar()->setRange(0,
                                  std::max(0, static_cast<int>(content.height()) - room.height()));
    verticalScrollBar()->setPageStep(room.height());
    verticalScrollBar()->setSingleStep(32);
}

void TreeView::reveal(int node) {
    if (!isValid(node)) {
        return;
    }
    const QRectF room = QRectF(viewport()->rect()).adjusted(kMargin, kMargin, -kMargin, -kMargin);
    const QRectF rect = toViewport(m_layout.familyRect(node, room.size() / m_scale));
    const auto shift = [](qreal low, qreal high, qreal roomLow, qreal roomHigh) {
        return low < roomLow ? low - roomLow : high > roomHigh ? high - roomHigh : 0.0;
    };
    horizontalScrollBar()->setValue(
        horizontalScrollBar()->value() +
        qRound(shift(rect.left(), rect.right(), room.left(), room.right())));
    verticalScrollBar()->setValue(
        verticalScrollBar()->value() +
        qRound(shift(rect.top(), rect.bottom(), room.top(), room.bottom())));
}

void TreeView::resizeEvent(QResizeEvent* /*event*/) {
    applyFit();
    reveal(m_cursor);
}

void TreeView::scrollContentsBy(int /*dx*/, int /*dy*/) {
    viewport()->update();
}

// Painting

TreeScene TreeView::scene() const {
    TreeScene scene;
    scene.shape = &m_shape;
    scene.layout = &m_layout;
    scene.theme = &m_theme;
    scene.selected = m_selected;
    scene.hovered = m_hovered;
    scene.cursor = m_cursor;
    scene.hasFocus = hasFocus();
    scene.changes = m_changes.get();
    scene.isPathActive = m_path.has_value();
    return scene;
}

void TreeView::paintEvent(QPaintEvent* event) {
    QPainter painter(viewport());
    painter.setClipRegion(event->region());
    painter.fillRect(event->rect(), m_theme.color(Theme::Role::Background));
    painter.setFont(font());
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(origin());
    painter.scale(m_scale, m_scale);
    const QRectF exposed = event->rect();
    paintTree(painter, scene(), {toScene(exposed.topLeft()), exposed.size() / m_scale}, m_scale);
    painter.restore();
    paintOverview(painter);
    paintNote(painter);
    if (hasFocus()) {
        paintFocusFrame(painter, viewport()->rect(), m_theme);
    }
}

QRectF TreeView::overviewRect() const {
    const QSizeF content = contentSize();
    const QRectF room = viewport()->rect();
    const bool showsAll =
        content.width() < room.width() + 1 && content.height() < room.height() + 1;
    const bool isTooSmall = room.width() < 2 * kOverviewSize.width();
    if (showsAll || isTooSmall || m_layout.nodeCount() == 0) {
        return {};
    }
    if (m_drag == Drag::Overview) {
        return m_overviewFrame; // it must not run away from the pointer
    }
    // A tree leaves some corner empty; where none is, the inset is not worth what it would hide.
    constexpr std::array kCorners{Qt::TopRightCorner, Qt::TopLeftCorner, Qt::BottomRightCorner,
                                  Qt::BottomLeftCorner};
    const auto isFree = [this](const QRectF& inset) {
        const QRectF area(toScene(inset.topLeft()), inset.size() / m_scale);
        return std::ranges::none_of(m_layout.nodesIn(area), [&](int node) {
            return area.intersects(m_layout.nodeRect(node) | m_layout.stubRect(node));
        });
    };
    for (const QSizeF& size : {kOverviewSize, kOverviewSize * 0.6}) {
        if (const auto rect = freeCorner(room, size, kOverviewGap, kCorners, isFree)) {
            return *rect;
        }
    }
    return {};
}

// Boxes and lines only. A tree is often a hundred times wider than high, so it is stretched, and
// what the painter draws would be stretched with it.
void TreeView::paintWhole(QPainter& painter, const QTransform& toInset) const {
    painter.setPen(QPen(m_theme.color(Theme::Role::DimText), 0));
    for (int node = 0; node < m_layout.nodeCount(); ++node) {
        if (m_layout.parentOf(node) >= 0) {
            painter.drawLine(toInset.map(m_layout.edge(node)));
        }
    }
    for (int node = 0; node < m_layout.nodeCount(); ++node) {
        QColor color = m_theme.classColor(treeNodeClass(nodeAt(node)));
        color.setAlphaF(m_path && !nodeAt(node).isOnPath ? 0.35F : 1.0F);
        const QRectF box = toInset.mapRect(m_layout.nodeRect(node));
        painter.fillRect(box.adjusted(0, 0, std::max(0.0, 1 - box.width()), 0), color);
    }
}

void TreeView::paintOverview(QPainter& painter) {
    const QRectF rect = overviewRect();
    if (rect.isEmpty()) {
        return;
    }
    const QRectF bounds = m_layout.bounds();
    const qreal xScale = (rect.width() - 8) / bounds.width();
    const qreal yScale = (rect.height() - 8) / bounds.height();
    const QSize wanted = (rect.size() * devicePixelRatioF()).toSize();
    if (m_overview.size() != wanted || m_overview.devicePixelRatio() != devicePixelRatioF()) {
        m_overview = QPixmap(wanted);
        m_overview.setDevicePixelRatio(devicePixelRatioF());
        m_overview.fill(m_theme.color(Theme::Role::Surface));
        QPainter inner(&m_overview);
        paintWhole(inner, QTransform::fromTranslate(-bounds.left(), -bounds.top()) *
                              QTransform::fromScale(xScale, yScale) *
                              QTransform::fromTranslate(4, 4));
    }
    painter.drawPixmap(rect.topLeft(), m_overview);
    const QRectF seen = QRectF(toScene({0, 0}), QSizeF(viewport()->size()) / m_scale) & bounds;
    const QRectF frame(rect.left() + 4 + (seen.left() - bounds.left()) * xScale,
                       rect.top() + 4 + (seen.top() - bounds.top()) * yScale, seen.width() * xScale,
                       seen.height() * yScale);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(m_theme.color(Theme::Role::Line), 1));
    painter.drawRect(rect);
    painter.setPen(QPen(m_theme.color(Theme::Role::Accent), 2));
    painter.drawRect(frame);
}

void TreeView::paintNote(QPainter& painter) {
    if (m_note.isEmpty()) {
        return;
    }
    const QRect room = viewport()->rect().adjusted(12, 0, -12, -8);
    QRect text =
        painter.boundingRect(room, Qt::AlignBottom | Qt::AlignLeft | Qt::TextWordWrap, m_note);
    const QRect box = text.adjusted(-6, -3, 6, 3);
    painter.setPen(QPen(m_theme.color(Theme::Role::Line), 1));
    painter.setBrush(m_theme.color(Theme::Role::Surface));
    painter.drawRect(box);
    painter.setPen(m_theme.color(Theme::Role::Text));
    painter.drawText(text, Qt::AlignLeft | Qt::TextWordWrap, m_note);
}

void TreeView::updateNode(int node) {
    if (isValid(node)) {
        const QRectF rect = nodeRect(node) | stubRect(node);
        viewport()->update(rect.adjusted(-6, -6, 6, 6).toAlignedRect());
    }
}

} // namespace pagescape::gui
