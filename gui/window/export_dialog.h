// SPDX-License-Identifier: MIT
// Asks where an exported picture goes.
#pragma once

#include "render/render.h"

#include <QFileDialog>

namespace pagescape::gui {

/// A file dialog that says which picture is meant, proposes a name, and gives a name without an
/// ending the one of the chosen kind.
class ExportDialog final : public QFileDialog {
    Q_OBJECT
public:
    /// `file` is the opened database. `hasAnimation`: a GIF of a sandbox's command is offered, too.
    ExportDialog(const QString& file, RenderView view, bool hasAnimation = false,
                 QWidget* parent = nullptr);
    /// The chosen file; empty before one was chosen.
    [[nodiscard]] QString output() const;
};

/// "library-map.png" for library.db.
[[nodiscard]] QString proposedPictureName(const QString& file, RenderView view);

} // namespace pagescape::gui
