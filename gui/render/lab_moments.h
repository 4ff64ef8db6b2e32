// SPDX-License-Identifier: MIT
// Which moments of a log an animation shows, and for how long: all that decides something, and a
// few of what repeats itself.
#pragma once

#include "render/lab_run.h"
#include "stage/stage_log.h"

#include <vector>

namespace pagescape::gui {

/// One picture of an animation.
struct LabMoment {
    int event = -1;      ///< shown after this event of the log; -1: before the first
    double progress = 1; ///< of what moves at that event, 0 to 1
    int milliseconds = 0;
    friend bool operator==(const LabMoment&, const LabMoment&) = default;
};

/// Of the events `first` to `last` those that matter to a part of the lab, in order; the first and
/// the last are among them, and the last stays longest. At most kMostMoments. Cost: each event
/// once.
[[nodiscard]] std::vector<LabMoment> labMoments(Lab lab, const StageLog& log, int first, int last);
inline constexpr std::size_t kMostMoments = 120;

} // namespace pagescape::gui
