// SPDX-License-Identifier: MIT
// Headline: what an opened file is, in a few sentences. Numbers are links that light their pages.
#pragma once

#include "pagescape/census.h"
#include "pagescape/check.h"

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

/// "3.8 MiB", "4 KiB", "20 B": binary units, one decimal where it says more.
[[nodiscard]] QString bytesText(quint64 bytes);
/// A count with thin spaces between groups of three digits.
[[nodiscard]] QString countText(quint64 count);

} // namespace pagescape::gui
