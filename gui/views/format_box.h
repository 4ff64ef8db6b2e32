// SPDX-License-Identifier: MIT
// The list of value formats, for every box that offers them.
#pragma once

#include "pagescape/value_format.h"

#include <QString>

QT_BEGIN_NAMESPACE
class QComboBox;
QT_END_NAMESPACE

namespace pagescape::gui {

/// Name of a format in menus, translated.
[[nodiscard]] QString valueFormatTitle(ValueFormat format);
/// Fills a box with all formats, marks those under which `bytes` decode, and chooses one. Sends no
/// signal.
void fillFormatBox(QComboBox& box, Bytes bytes, ValueFormat chosen);
/// The format chosen in such a box.
[[nodiscard]] ValueFormat chosenFormat(const QComboBox& box);

} // namespace pagescape::gui
