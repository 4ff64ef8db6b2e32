// SPDX-License-Identifier: MIT
// Short texts that painters, tooltips and lists share, so that one thing reads the same everywhere.
#pragma once

#include "pagescape/types.h"

#include <QString>
#include <QtGlobal>

namespace pagescape::gui {

/// Printable text of key or value bytes, at most `limit` characters, with an ellipsis when cut. UTF-8
/// that can be printed is shown as it is, anything else as hexadecimal behind "0x".
[[nodiscard]] QString bytesPreview(Bytes bytes, int limit);
/// "4.1 MiB": binary units, at most one decimal.
[[nodiscard]] QString bytesText(quint64 bytes);
/// "0x7f3a10000000".
[[nodiscard]] QString addressText(quint64 address);
/// "16 777 216": grouped by thin spaces, as long ids are hard to read otherwise.
[[nodiscard]] QString countText(quint64 count);

} // namespace pagescape::gui
