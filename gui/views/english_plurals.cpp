// SPDX-License-Identifier: MIT
#include "views/english_plurals.h"

#include <QRegularExpression>

namespace pagescape::gui {

QString EnglishPlurals::translate(const char* /*context*/, const char* sourceText,
                                  const char* /*disambiguation*/, int n) const {
    const QString text = QString::fromUtf8(sourceText);
    if (n < 0) {
        return {}; // no plural: Qt goes on to the next translator, then to the source
    }
    static const QRegularExpression plural(QStringLiteral("(?<=[a-z])\\(([a-z]+)\\)"));
    QString result = text;
    return n == 1 ? result.remove(plural) : result.replace(plural, QStringLiteral("\\1"));
}

} // namespace pagescape::gui
