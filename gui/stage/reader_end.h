// SPDX-License-Identifier: MIT
// What the end of a reader comes to: nothing, until the next writer begins and looks who reads.
#pragma once

#include "stage/reader_hold.h"
#include "stage/sitting.h"

#include <QString>

namespace pagescape::gui {

/// In words, what came of the newest end of a reader at or before an event: that its pages still
/// wait, or what the first Begin after it freed. `state` is the one after the event, `report` its
/// holdReport(). Empty when no reader has ended, and from the second Begin after it on. Cost: the
/// readers of the sitting.
[[nodiscard]] QString readerEndText(const StageState& state, const HoldReport& report,
                                    const Sitting& sitting, int event);

} // namespace pagescape::gui
