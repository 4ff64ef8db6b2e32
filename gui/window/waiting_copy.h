// SPDX-License-Identifier: MIT
// Copies a database for a user who waits for it: the window stays alive, with progress and Stop.
#pragma once

#include "sandbox/make_sandbox.h"

#include <QString>

class QWidget;

namespace pagescape::gui {

/// copyForEditing() in the background; returns when it has ended. A dialog over `parent` shows how
/// far it is once it takes a while; its button stops the copy. Errors: those of copyForEditing();
/// Cancelled, also when the program ends meanwhile: what is there of the copy is then removed as
/// soon as it can be. Thread: GUI thread; its event loop runs meanwhile, input to `parent` is held
/// back from the start.
[[nodiscard]] Result<CopyResult> copyWhileWaiting(QWidget* parent, const QString& text,
                                                  const QString& original, const QString& target);

} // namespace pagescape::gui
