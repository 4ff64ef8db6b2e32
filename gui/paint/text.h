// SPDX-License-Identifier: MIT
// Short texts that painters, tooltips and lists share, so that one thing reads the same everywhere.
#pragma once

#include "pagescape/types.h"
#include "units/units.h"

#include <QFontMetricsF>
#include <QString>
#include <QtGlobal>

namespace pagescape::gui {

/// Printable text of key or value bytes, at most `limit` characters, with an ellipsis when cut.
/// UTF-8 that can be printed is shown as it is; bytes that are mostly ASCII with a middle dot for
/// each other byte; anything else as hexadecimal behind "0x".
[[nodiscard]] QString bytesPreview(Bytes bytes, int limit);
/// A key cut to a width so that it can still be told from its neighbours: first the `shared`
/// characters that all of them begin with are given up, then what `mode` says.
[[nodiscard]] QString elidedKey(const QString& text, int shared, const QFontMetricsF& metrics,
                                qreal width, Qt::TextElideMode mode = Qt::ElideMiddle);
/// "0x7f3a10000000".
[[nodiscard]] QString addressText(quint64 address);

} // namespace pagescape::gui
