// SPDX-License-Identifier: MIT
// Animations of the lab: a GIF, or its pictures as PNG files.
#pragma once

#include "render/lab_moments.h"
#include "render/render.h"

#include <QSize>
#include <QString>

#include <optional>

namespace pagescape::gui {

/// How an animation looks and where it goes.
struct AnimationRequest {
    Lab lab = Lab::Commit;
    Theme::Mode theme = Theme::Mode::Light;
    QSize size{900, 560}; ///< pixels
    /// "x.gif"; "x-%03d.png" for a picture each, numbered from 1; or a folder, which is made where
    /// it is missing, for 001.png and so on.
    QString output;
};

/// Runs the script of a part of the lab and shows it. Needs a QGuiApplication. Files are written
/// whole or not at all, each of them.
[[nodiscard]] RenderOutcome renderLab(const AnimationRequest& request);
/// Shows events `first` to `last` of a log that somebody has: a sandbox of the window. `opening`
/// is the caption of the first picture; empty: that of its event.
[[nodiscard]] RenderOutcome renderLog(const AnimationRequest& request, const StageLog& log,
                                      int first, int last, const QString& opening = {});

/// The name of picture `number` by a pattern with one %d, which may be padded as in %03d; nothing
/// when it is no such pattern.
[[nodiscard]] std::optional<QString> numberedName(const QString& pattern, int number);

} // namespace pagescape::gui
