// SPDX-License-Identifier: MIT
// Pictures without a window: the same layouts and painters as the widgets, into PNG, SVG or PDF.
#pragma once

#include "paint/lens.h"
#include "paint/theme.h"

#include <QByteArray>
#include <QSize>
#include <QString>

#include <optional>
#include <vector>

namespace pagescape::gui {

/// Which picture.
enum class RenderView { Map, Tree, Page, Get };

/// What `pagescape render` was asked for.
struct RenderRequest {
    QString file;
    RenderView view = RenderView::Map;
    Lens lens = Lens::Type;
    std::optional<PageId> page;         ///< selected page; needed for RenderView::Page
    std::vector<QByteArray> bucket;     ///< names, outermost first; empty: the root bucket
    QByteArray key;                     ///< for RenderView::Get
    bool previousVersion = false;       ///< look through the other meta
    std::optional<MetaFields> heldMeta; ///< look through an open reader; see OpenOptions::heldMeta
    /// What Lens::Changes shows; null: the previous version against the newest.
    std::shared_ptr<const PageChanges> changes;
    int step = -1; ///< event shown by RenderView::Get; -1: the last one
    Theme::Mode theme = Theme::Mode::Light;
    QSize size{1280, 800}; ///< logical pixels
    QString output;        ///< ends in .png, .svg or .pdf
};

/// What a request came to; the numbers are exit statuses of the program.
enum class RenderStatus {
    Drawn = 0,
    Missing = 1, ///< no such bucket, or no such key: then the picture shows where the search ended
    Usage = 2,   ///< the request makes no sense for this file
    Failed = 3,  ///< a file could not be read or written
};

/// `text` says why it is not Drawn.
struct RenderOutcome {
    RenderStatus status = RenderStatus::Drawn;
    QString text;
};

/// Draws the picture into the output file, which is written whole or not at all. Needs a
/// QGuiApplication. Never writes to the database file.
[[nodiscard]] RenderOutcome render(const RenderRequest& request);

/// Names of the command line: "map", "tree", "page", "get".
[[nodiscard]] std::optional<RenderView> renderViewFromName(const QString& name);
/// "type", "fill", "owner", "reachability", "residency", "changes".
[[nodiscard]] std::optional<Lens> lensFromName(const QString& name);
/// "1280x800".
[[nodiscard]] std::optional<QSize> sizeFromText(const QString& text);

} // namespace pagescape::gui
