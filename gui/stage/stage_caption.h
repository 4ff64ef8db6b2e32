// SPDX-License-Identifier: MIT
// Captions of what a writing engine does: one or two sentences with cause and numbers for each
// event. Lookups share the captions of models/caption.h.
#pragma once

#include "stage/stage_log.h"

#include <QString>
#include <QStringList>

namespace pagescape::gui {

/// The caption of an event, given the state before it.
[[nodiscard]] QString stageCaption(const StageEvent& event, const StageState& before);

/// The caption shown at a place of the log; at -1 an introduction. Cost: that of stateAt().
[[nodiscard]] QString stageCaptionAt(const StageLog& log, int index);

/// Short name of an event's kind for lists and break points, translated: "page made".
[[nodiscard]] QString stageKindText(const StageEvent& event);
/// The same by kindOf(), for all kinds there are.
[[nodiscard]] QString stageKindText(std::size_t kind);

/// What a transaction came to, once it has ended: bytes asked for against bytes written, pages that
/// wait and for whom. Empty while it is open.
[[nodiscard]] QStringList transactionSummary(const StageState& state);

} // namespace pagescape::gui
