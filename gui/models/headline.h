// SPDX-License-Identifier: MIT
// Headline: what an opened file is, in a few sentences. Numbers are links that light their pages.
#pragma once

#include "pagescape/census.h"
#include "pagescape/check.h"
#include "units/units.h"

#include <QString>

#include <vector>

namespace pagescape::gui {

/// The headline as rich text and as plain text. Links are "pages:all", "pages:used", "pages:free",
/// "pages:leaked", "page:<id>" and "problems:".
struct Headline {
    QString html;
    QString plain;
};

/// From what the census and the check know so far. `checkDone` tells whether "no damage" is final.
[[nodiscard]] Headline headline(const Census& census, const std::vector<Finding>& findings,
                                bool checkDone);

} // namespace pagescape::gui
