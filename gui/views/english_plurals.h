// SPDX-License-Identifier: MIT
// The source texts write a plural as "%n page(s)". Without a translation file Qt shows just that;
// this makes "1 page" and "2 pages" of it.
#pragma once

#include <QTranslator>

namespace pagescape::gui {

/// Resolves "(s)", "(ren)" and the like in source texts. Install it before any other translator, so
/// that a real translation wins.
class EnglishPlurals final : public QTranslator {
    Q_OBJECT
public:
    using QTranslator::QTranslator;

    [[nodiscard]] bool isEmpty() const override { return false; }
    [[nodiscard]] QString translate(const char* context, const char* sourceText,
                                    const char* disambiguation, int n) const override;
};

} // namespace pagescape::gui
