// SPDX-License-Identifier: MIT
#include "units/units.h"

#include <array>

namespace pagescape::gui {

namespace {

constexpr QChar kNarrowSpace(0x202F);

} // namespace

QString bytesText(quint64 bytes) {
    static constexpr std::array<const char*, 6> kUnits{"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    if (bytes < 1024) {
        return QString::number(bytes) + kNarrowSpace + QLatin1Char('B');
    }
    double value = static_cast<double>(bytes) / 1024;
    std::size_t unit = 0;
    while (value >= 1024 && unit + 1 < kUnits.size()) {
        value /= 1024;
        ++unit;
    }
    QString number = QString::number(value, 'f', value < 100 ? 1 : 0);
    if (number.endsWith(QLatin1String(".0"))) {
        number.chop(2);
    }
    return number + kNarrowSpace + QLatin1StringView(kUnits[unit]);
}

QString countText(quint64 count) {
    QString digits = QString::number(count);
    for (qsizetype at = digits.size() - 3; at > 0; at -= 3) {
        digits.insert(at, kNarrowSpace);
    }
    return digits;
}

} // namespace pagescape::gui
