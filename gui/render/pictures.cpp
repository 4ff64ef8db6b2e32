// SPDX-License-Identifier: MIT
#include "render/pictures.h"

#include "models/byte_text.h"
#include "models/caption.h"
#include "models/headline.h"
#include "models/tree_shape_builder.h"
#include "pagescape/value_format.h"
#include "paint/byte_canvas_painter.h"
#include "paint/page_map_painter.h"
#include "paint/tree_painter.h"
#include "session/get_runner.h"
#include "session/residency_sample.h"
#include "state/get_player.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QFontMetricsF>

#include <algorithm>

namespace pagescape::gui {

namespace {

constexpr qreal kMargin = 12;

QString tr(const char* text) {
    return QCoreApplication::translate("pagescape::gui::render", text);
}

QString sentence(const Error& error) {
    QString text = QString::fromStdString(error.describe());
    if (!error.hint.empty()) {
        text += QLatin1Char(' ') + QString::fromStdString(error.hint);
    }
    return text;
}

BucketIndex findBucket(const Census& census, const std::vector<QByteArray>& names) {
    for (std::size_t i = 0; i < census.bucketCount(); ++i) {
        const auto path = census.bucketPath(BucketIndex(i));
        if (std::ranges::equal(path, names, [](const std::string& a, const QByteArray& b) {
                return a == b.toStdString();
            })) {
            return BucketIndex(i);
        }
    }
    return kNoBucket;
}

} // namespace

QString Picture::title() const {
    return QFileInfo(m_request.file).fileName();
}

QString Picture::load(const RenderRequest& request) {
    m_request = request;
    m_theme = Theme::of(request.theme);
    ResidencySample lensSample;
    if (request.lens == Lens::Residency) {
        const auto found = sampleResidency(request.file); // before anything else is read
        lensSample.resident = found.pages;
        lensSample.osPageSize = quint32(systemPageSize());
    }
    auto file = PageFile::open(toPath(request.file));
    if (!file) {
        return tr("%1: %2").arg(request.file, sentence(file.error()));
    }
    m_file = std::make_shared<const PageFile>(std::move(*file));
    if (const auto& refused = m_file->layout().openError;
        refused && request.view != RenderView::Page) {
        return tr("%1: %2").arg(request.file, sentence(*refused));
    }
    m_census = std::make_shared<Census>(m_file);
    if (const auto scanned = m_census->run(); !scanned && request.view != RenderView::Page) {
        return tr("%1: %2").arg(request.file, sentence(scanned.error()));
    }
    switch (request.view) {
    case RenderView::Map:
        lensSample.pageSize = m_file->layout().pageSize;
        m_image = LensImage::build(request.lens, *m_census, &lensSample);
        return {};
    case RenderView::Tree:
        return loadTree(request.page ? m_census->pathTo(*request.page) : std::vector<PageId>());
    case RenderView::Page: return loadPage(request.page.value_or(PageId{0}));
    case RenderView::Get: return loadGet();
    }
    return {};
}

QString Picture::loadTree(const std::vector<PageId>& path) {
    TreeShapeRequest shape;
    shape.bucket = findBucket(*m_census, m_request.bucket);
    if (shape.bucket == kNoBucket) {
        return tr("No such bucket with a page of its own. List the buckets with pagescape-cli "
                  "buckets; an inline bucket lies inside a leaf of its parent.");
    }
    shape.path = path;
    m_path = path;
    m_shape = buildTreeShape(*m_file, *m_census, shape);
    return {};
}

QString Picture::loadPage(PageId page) {
    auto inspected = inspectPage(*m_file, page);
    if (!inspected) {
        return tr("%1: %2").arg(m_request.file, sentence(inspected.error()));
    }
    m_page = std::make_shared<const InspectedPage>(std::move(*inspected));
    return {};
}

QString Picture::loadGet() {
    const GetTrace trace = runGet(m_file, m_request.bucket, m_request.key);
    if (trace.events.empty() || !trace.error.isEmpty()) {
        return tr("%1: %2").arg(m_request.file, trace.error);
    }
    m_trace = std::make_shared<const GetTrace>(trace);
    const int last = int(trace.events.size()) - 1;
    m_event = m_request.step < 0 ? last : std::min(m_request.step, last);
    const PlayerFrame frame = frameAt(trace, m_event);
    std::vector<QByteArray> bucket = m_request.bucket;
    while (!bucket.empty() && findBucket(*m_census, bucket) == kNoBucket) {
        bucket.pop_back(); // an inline bucket is drawn inside its parent's tree
    }
    m_request.bucket = bucket;
    if (QString error = loadTree(frame.litPages); !error.isEmpty()) {
        return error;
    }
    return loadPage(frame.currentPage.value_or(PageId{0}));
}

void Picture::paintText(QPainter& painter, const QRectF& area, const QString& text,
                        bool isTitle) const {
    painter.save();
    QFont font = painter.font();
    font.setBold(isTitle);
    font.setPixelSize(isTitle ? 16 : 13);
    painter.setFont(font);
    painter.setPen(m_theme.color(Theme::Role::Text));
    painter.drawText(area, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextWordWrap, text);
    painter.restore();
}

void Picture::paint(QPainter& painter, const QRectF& area) const {
    painter.fillRect(area, m_theme.color(Theme::Role::Background));
    QFont font = painter.font();
    font.setPixelSize(12);
    painter.setFont(font);
    QRectF rest = area.adjusted(kMargin, kMargin, -kMargin, -kMargin);
    const qreal titleHeight = 26;
    QString heading = title();
    if (m_page && m_request.view == RenderView::Page) {
        heading += tr(" – page %1").arg(m_page->description.id.value);
    }
    if (m_trace) {
        heading += tr(" – Get %1").arg(quotedKey(m_trace->key));
    }
    paintText(painter, QRectF(rest.topLeft(), QSizeF(rest.width(), titleHeight)), heading, true);
    rest.setTop(rest.top() + titleHeight);

    switch (m_request.view) {
    case RenderView::Map: paintMap(painter, rest); break;
    case RenderView::Tree: paintTreeIn(painter, rest); break;
    case RenderView::Page: paintPageIn(painter, rest); break;
    case RenderView::Get: {
        const qreal caption = 64;
        paintText(painter, QRectF(rest.topLeft(), QSizeF(rest.width(), caption)),
                  captionAt(*m_trace, m_event) + QLatin1Char('\n') + costText(*m_trace, m_event),
                  false);
        rest.setTop(rest.top() + caption);
        QRectF upper = rest;
        upper.setHeight(rest.height() * 0.5);
        paintTreeIn(painter, upper);
        rest.setTop(upper.bottom() + kMargin);
        paintPageIn(painter, rest);
        break;
    }
    }
}

void Picture::paintMap(QPainter& painter, const QRectF& area) const {
    const qreal text = 22;
    paintText(painter, QRectF(area.topLeft(), QSizeF(area.width(), 2 * text)),
              headline(*m_census, {}, false).plain, false);
    const QRectF legend(area.left(), area.top() + 2 * text + 4, area.width(), text);
    paintLegend(painter, legend);
    const QRectF map = area.adjusted(0, 3 * text + 12, 0, 0);
    PageMapSpec spec;
    spec.pageCount = m_image->pageCount();
    spec.viewport = map.size();
    spec.gutter = pageMapGutter(QFontMetricsF(painter.font()), spec.pageCount);
    spec.zoom = PageMapLayout::zoomToFit(spec);
    const PageMapLayout layout(spec);
    PageMapScene scene;
    scene.image = m_image.get();
    scene.layout = &layout;
    scene.theme = &m_theme;
    if (m_request.page) {
        scene.selected = layout.pagesOfCell(*m_request.page);
    }
    painter.save();
    painter.setClipRect(map);
    painter.translate(map.topLeft());
    paintPageMap(painter, scene, QRectF(QPointF(), map.size()));
    painter.restore();
}

void Picture::paintLegend(QPainter& painter, const QRectF& area) const {
    const QFontMetricsF metrics(painter.font());
    qreal x = area.left();
    for (const LegendEntry& entry : lensLegend(*m_image, m_theme, m_census.get())) {
        const QString text = tr("%1 %2").arg(entry.name, countText(entry.pages));
        const qreal width = metrics.horizontalAdvance(text);
        if (x + 22 + width > area.right()) {
            break;
        }
        paintClassSwatch(painter, QRectF(x, area.top() + 3, 16, 16), entry.style, m_theme);
        painter.setPen(m_theme.color(Theme::Role::Text));
        painter.drawText(QPointF(x + 22, area.top() + 3 + metrics.ascent()), text);
        x += width + 40;
    }
}

void Picture::paintTreeIn(QPainter& painter, const QRectF& area) const {
    const TreeLayout layout(m_shape);
    TreeScene scene;
    scene.shape = &m_shape;
    scene.layout = &layout;
    scene.theme = &m_theme;
    scene.isPathActive = m_trace != nullptr;
    if (m_request.page) {
        scene.selected = layout.indexOf(*m_request.page);
    }
    painter.save();
    painter.setClipRect(area);
    paintTreeFitted(painter, scene, area);
    painter.restore();
}

void Picture::paintPageIn(QPainter& painter, const QRectF& area) const {
    ByteCanvasSpec spec;
    spec.byteCount = m_page->bytes.size();
    spec.pageSize = m_page->description.pageSize;
    spec.width = area.width();
    spec.rowHeight = QFontMetricsF(painter.font()).height() + 3;
    const ByteCanvasLayout layout(spec);
    ByteCanvasScene scene;
    scene.description = &m_page->description;
    scene.bytes = m_page->bytes;
    scene.layout = &layout;
    scene.theme = &m_theme;
    painter.save();
    painter.setClipRect(area);
    painter.translate(area.topLeft());
    if (m_trace) {
        const PlayerFrame frame = frameAt(*m_trace, m_event);
        scene.litElement = frame.element;
        if (frame.bytes) { // scroll to what the step is about
            const quint64 first = m_page->description.id.value * m_page->description.pageSize;
            if (frame.bytes->begin >= first) {
                const qreal top = layout.byteRect(frame.bytes->begin - first).top();
                const qreal most = std::max<qreal>(0, layout.size().height() - area.height());
                painter.translate(0, -std::clamp<qreal>(top - area.height() / 2, 0, most));
            }
        }
    }
    const QTransform offset = painter.worldTransform();
    const QRectF exposed(QPointF(0, area.top() - offset.dy()), area.size());
    paintByteCanvas(painter, scene, exposed);
    painter.restore();
}

} // namespace pagescape::gui
