// SPDX-License-Identifier: MIT
// One-colour icons, tinted with the theme's text colour.
#pragma once

#include "paint/theme.h"

#include <QIcon>
#include <QString>

namespace pagescape::gui {

/// The icon resources/icons/NAME.svg in the colours of a theme; empty when there is none of that
/// name.
[[nodiscard]] QIcon themedIcon(const QString& name, const Theme& theme);

} // namespace pagescape::gui
