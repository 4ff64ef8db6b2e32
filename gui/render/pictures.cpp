// SPDX-License-Identifier: MIT
#include "render/pictures.h"

#include "models/byte_text.h"
#include "models/caption.h"
#include "models/headline.h"
#include "models/tree_shape_builder.h"
#include "pagescape/diff.h"
#include "pagescape/value_format.h"
#include "paint/byte_canvas_painter.h"
#include "paint/page_map_painter.h"
#include "paint/tree_painter.h"
#include "session/file_report.h"
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
constexpr qreal kTitleHeight = 26;
constexpr qreal kCaptionHeight = 64;
constexpr qreal kTreeShare = 0.5; // of what a Get's texts leave; the rest is the page
constexpr qreal kReadableScale = 0.8;

QString tr(const char* text) {
    return QCoreApplication::translate("pagescape::gui::render", text);
}

RenderOutcome failed(const FileReport& report) {
    QStringList lines{report.error, report.evidence, report.advice};
    lines.removeAll(QString());
    return {RenderStatus::Failed, lines.join(QLatin1Char('\n'))};
}

RenderOutcome failed(const QString& file, const Error& error) {
    QStringList lines{tr("%1: %2").arg(file, QString::fromStdString(error.describe())),
                      QString::fromStdString(error.hint)};
    lines.removeAll(QString());
    return {RenderStatus::Failed, lines.join(QLatin1Char('\n'))};
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

RenderOutcome Picture::load(const RenderRequest& request) {
    m_request = request;
    m_theme = Theme::of(request.theme);
    ResidencySample lensSample;
    if (request.lens == Lens::Residency) {
        const auto found = sampleResidency(request.file); // before anything else is read
        lensSample.resident = found.pages;
        lensSample.osPageSize = quint32(systemPageSize());
    }
    OpenOptions options;
    options.previousVersion = request.previousVersion;
    options.heldMeta = request.heldMeta;
    auto file = PageFile::open(toPath(request.file), options);
    if (!file) {
        return failed(reportUnopened(request.file, file.error()));
    }
    m_file = std::make_shared<const PageFile>(std::move(*file));
    const FileLayout& layout = m_file->layout();
    if (layout.openError && request.view != RenderView::Page) {
        return failed(reportRefused(request.file, *m_file));
    }
    if (request.page && request.page->value >= layout.pageCount) {
        return {RenderStatus::Usage, tr("The file has %1 pages: --page takes 0 to %2.")
                                         .arg(layout.pageCount)
                                         .arg(layout.pageCount - 1)};
    }
    m_census = std::make_shared<Census>(m_file);
    if (const auto scanned = m_census->run(); !scanned && request.view != RenderView::Page) {
        return failed(request.file, scanned.error());
    }
    if (request.view == RenderView::Map) {
        lensSample.pageSize = layout.pageSize;
        std::shared_ptr<const PageChanges> changes = request.changes;
        if (request.lens == Lens::Changes && !changes) {
            const auto sides = bothSides(*m_file);
            auto summary = sides ? diffVersions(sides->first, sides->second)
                                 : Result<DiffSummary>(fail(sides.error()));
            if (!summary) {
                return failed(request.file, summary.error());
            }
            changes = std::make_shared<const PageChanges>(PageChanges{std::move(summary->pages)});
        }
        m_image = LensImage::build(request.lens, *m_census, &lensSample, {}, {}, changes.get());
    }
    return loadView();
}

RenderOutcome Picture::loadView() {
    const QSizeF room(m_request.size.width() - 2 * kMargin,
                      m_request.size.height() - 2 * kMargin - kTitleHeight);
    switch (m_request.view) {
    case RenderView::Map: m_isLoaded = true; break;
    case RenderView::Tree:
        return loadTree(m_request.page ? m_census->pathTo(*m_request.page) : std::vector<PageId>(),
                        room);
    case RenderView::Page: return loadPage(m_request.page.value_or(PageId{0}));
    case RenderView::Get: return loadGet();
    }
    return {};
}

// Draws as much of the tree as leaves its boxes readable. On a path, only that is unfolded.
RenderOutcome Picture::loadTree(const std::vector<PageId>& path, QSizeF room) {
    TreeShapeRequest request;
    request.bucket = findBucket(*m_census, m_request.bucket);
    if (request.bucket == kNoBucket) {
        return {RenderStatus::Missing,
                tr("No such bucket with a page of its own. List the buckets with pagescape-cli "
                   "buckets; an inline bucket lies inside a leaf of its parent.")};
    }
    request.path = path;
    for (int children = request.childrenUnasked; children > 0; --children) {
        request.childrenUnasked = children;
        request.unasked = path.empty() ? children * 5 / 2 : 0;
        m_shape = buildTreeShape(*m_file, *m_census, request);
        const QSizeF drawn = TreeLayout(m_shape).bounds().size();
        const bool isLow = !path.empty() || drawn.height() * kReadableScale <= room.height();
        if (isLow && drawn.width() * kReadableScale <= room.width()) {
            break;
        }
    }
    m_isLoaded = true;
    return {};
}

RenderOutcome Picture::loadPage(PageId page) {
    auto inspected = inspectPage(*m_file, page);
    if (!inspected) {
        return failed(m_request.file, inspected.error());
    }
    m_page = std::make_shared<const InspectedPage>(std::move(*inspected));
    m_isLoaded = true;
    return {};
}

RenderOutcome Picture::loadGet() {
    if (m_request.key.isEmpty()) {
        return {RenderStatus::Usage, tr("A Get needs a key: --bucket BUCKET --key KEY.")};
    }
    m_trace = std::make_shared<const GetTrace>(runGet(m_file, m_request.bucket, m_request.key));
    if (m_trace->events.empty() || !m_trace->error.isEmpty()) {
        return {RenderStatus::Failed, tr("%1: %2").arg(m_request.file, m_trace->error)};
    }
    const int last = int(m_trace->events.size()) - 1;
    if (m_request.step > last) {
        return {RenderStatus::Usage,
                tr("This Get has %1 events: --step takes 0 to %2.").arg(last + 1).arg(last)};
    }
    m_event = m_request.step < 0 ? last : m_request.step;
    const PlayerFrame frame = frameAt(*m_trace, m_event);
    while (!m_request.bucket.empty() && findBucket(*m_census, m_request.bucket) == kNoBucket) {
        m_request.bucket.pop_back(); // an inline bucket is drawn inside its parent's tree
    }
    const QSizeF room(m_request.size.width() - 2 * kMargin,
                      (m_request.size.height() - 2 * kMargin - kTitleHeight - kCaptionHeight) *
                          kTreeShare);
    for (const RenderOutcome& part :
         {loadTree(frame.litPages, room), loadPage(frame.currentPage.value_or(PageId{0}))}) {
        if (part.status != RenderStatus::Drawn) {
            m_isLoaded = false;
            return part;
        }
    }
    if (m_trace->found) {
        return {};
    }
    return {RenderStatus::Missing, endCard(*m_trace).title};
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
    QString heading = title();
    if (m_page && m_request.view == RenderView::Page) {
        heading += tr(" – page %1").arg(m_page->description.id.value);
    }
    if (m_trace) {
        heading += tr(" – Get %1").arg(quotedKey(m_trace->key));
    }
    paintText(painter, QRectF(rest.topLeft(), QSizeF(rest.width(), kTitleHeight)), heading, true);
    rest.setTop(rest.top() + kTitleHeight);

    switch (m_request.view) {
    case RenderView::Map: paintMap(painter, rest); break;
    case RenderView::Tree: paintTreeIn(painter, rest); break;
    case RenderView::Page: paintPageIn(painter, rest); break;
    case RenderView::Get: {
        paintText(painter, QRectF(rest.topLeft(), QSizeF(rest.width(), kCaptionHeight)),
                  captionAt(*m_trace, m_event) + QLatin1Char('\n') + costText(*m_trace, m_event),
                  false);
        rest.setTop(rest.top() + kCaptionHeight);
        QRectF upper = rest;
        upper.setHeight(rest.height() * kTreeShare);
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
