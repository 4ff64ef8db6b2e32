// SPDX-License-Identifier: MIT
// Paints the operations of a commit with the crash among them: what is durable, what may be lost,
// what was never issued.
#pragma once

#include "layout/crash_layout.h"
#include "paint/theme.h"
#include "stage/crash_values.h"

#include <QPainter>

#include <optional>

namespace pagescape::gui {

/// All that the picture depends on. Pointers are borrowed for the call.
struct CrashScene {
    const CrashLayout* layout = nullptr;
    const CrashScript* script = nullptr;
    const CrashChoice* choice = nullptr;
    const Theme* theme = nullptr;
    std::optional<std::size_t> current; ///< the operation that keys and the fate bar act on
    bool hasFocus = false;
};

/// Paints what lies in `exposed`; the painter's origin is the list's. Cost: the rows in it.
void paintCrash(QPainter& painter, const CrashScene& scene, const QRectF& exposed);

/// The class whose colour and letter a written page has.
[[nodiscard]] PageClass crashPageClass(PageKind kind);

} // namespace pagescape::gui
