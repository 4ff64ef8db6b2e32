// SPDX-License-Identifier: MIT
// Numbers as people read them; the one place for all layers.
#pragma once

#include <QString>
#include <QtGlobal>

namespace pagescape::gui {

/// "3.8 MiB", "4 KiB", "20 B": binary units, one decimal where it says more.
[[nodiscard]] QString bytesText(quint64 bytes);
/// A count with narrow spaces between groups of three digits.
[[nodiscard]] QString countText(quint64 count);

} // namespace pagescape::gui
