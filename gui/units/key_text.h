// SPDX-License-Identifier: MIT
// Keys and values as one line of text, in the format that was chosen for their bucket.
#pragma once

#include "pagescape/value_format.h"

#include <QString>

namespace pagescape::gui {

/// One line of at most `maxChars` characters. Bytes that do not fit the format, and all under Auto,
/// are shown as text where they are printable, else as hexadecimal.
[[nodiscard]] QString oneLine(Bytes bytes, ValueFormat format, std::size_t maxChars);
/// How many characters two texts begin with in common.
[[nodiscard]] int sharedStart(const QString& a, const QString& b);

} // namespace pagescape::gui
