// SPDX-License-Identifier: MIT
#include "units/key_text.h"

#include <algorithm>

namespace pagescape::gui {

QString oneLine(Bytes bytes, ValueFormat format, std::size_t maxChars) {
    if (format != ValueFormat::Auto) {
        if (const auto shown = formatValue(bytes, format, maxChars)) {
            return QString::fromStdString(shown->text).simplified();
        }
    }
    return QString::fromStdString(shortText(bytes, maxChars));
}

int sharedStart(const QString& a, const QString& b) {
    const auto ends = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
    return static_cast<int>(ends.first - a.begin());
}

} // namespace pagescape::gui
