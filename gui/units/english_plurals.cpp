// SPDX-License-Identifier: MIT
#include "units/english_plurals.h"

#include <QLatin1String>

namespace pagescape::gui {

QString EnglishPlurals::translate(const char* /*context*/, const char* sourceText,
                                  const char* /*disambiguation*/, int n) const {
    if (n < 0) {
        return {}; // no number: the text stands as it is
    }
    QString text = QString::fromUtf8(sourceText);
    for (const char* ending : {"s", "es", "ren"}) {
        const QString marked = QLatin1Char('(') + QLatin1String(ending) + QLatin1Char(')');
        text.replace(marked, n == 1 ? QString() : QLatin1String(ending));
    }
    return text;
}

} // namespace pagescape::gui
