// SPDX-License-Identifier: MIT
// Picture: one database file loaded for one picture, and the drawing of it.
#pragma once

#include "layout/byte_canvas_layout.h"
#include "layout/page_map_layout.h"
#include "layout/tree_layout.h"
#include "models/session_values.h"
#include "models/tree_shape.h"
#include "pagescape/census.h"
#include "pagescape/page_file.h"
#include "render/render.h"

#include <QPainter>

#include <memory>

namespace pagescape::gui {

/// Loads what a picture needs and paints it at any size.
class Picture {
public:
    /// Reads the file. A key that is missing can still be drawn.
    [[nodiscard]] RenderOutcome load(const RenderRequest& request);
    /// Whether there is something to paint.
    [[nodiscard]] bool isLoaded() const { return m_isLoaded; }
    void paint(QPainter& painter, const QRectF& area) const;
    [[nodiscard]] QString title() const;

private:
    [[nodiscard]] RenderOutcome loadView();
    [[nodiscard]] RenderOutcome loadGet();
    [[nodiscard]] RenderOutcome loadTree(const std::vector<PageId>& path, QSizeF room);
    [[nodiscard]] RenderOutcome loadPage(PageId page);
    void paintMap(QPainter& painter, const QRectF& area) const;
    void paintLegend(QPainter& painter, const QRectF& area) const;
    void paintTreeIn(QPainter& painter, const QRectF& area) const;
    void paintPageIn(QPainter& painter, const QRectF& area) const;
    void paintText(QPainter& painter, const QRectF& area, const QString& text, bool isTitle) const;

    RenderRequest m_request;
    Theme m_theme = Theme::light();
    std::shared_ptr<const PageFile> m_file;
    std::shared_ptr<Census> m_census;
    std::shared_ptr<const LensImage> m_image;
    TreeShape m_shape;
    PageSnapshot m_page;
    GetTracePtr m_trace;
    int m_event = -1;
    bool m_isLoaded = false;
};

} // namespace pagescape::gui
