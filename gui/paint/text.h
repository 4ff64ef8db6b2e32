// SPDX-License-Identifier: MIT
// Short texts that painters, tooltips and lists share, so that one thing reads the same everywhere.
#pragma once

#include "pagescape/types.h"
#include "units/units.h"

#include <QString>
#include <QtGlobal>

namespace pagescape::gui {

/// Printable text of key or value bytes, at most `limit` characters, with an ellipsis when cut.
/// UTF-8 that can be printed is shown as it is; bytes that are mostly ASCII with a middle dot for
/// each other byte; anything else as hexadecimal behind "0x".
[[nodiscard]] QString bytesPreview(Bytes bytes, int limit);
/// "0x7f3a10000000".
[[nodiscard]] QString addressText(quint64 address);

} // namespace pagescape::gui
