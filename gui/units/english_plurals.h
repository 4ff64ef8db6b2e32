// SPDX-License-Identifier: MIT
// Plural forms of the source language. Texts say "%n page(s)"; without a translation file Qt would
// show just that, so this translator settles the form by the number.
#pragma once

#include <QTranslator>

namespace pagescape::gui {

/// Install it before any other translator: those come first when both know a text.
class EnglishPlurals final : public QTranslator {
    Q_OBJECT
public:
    using QTranslator::QTranslator;
    [[nodiscard]] QString translate(const char* context, const char* sourceText,
                                    const char* disambiguation = nullptr,
                                    int n = -1) const override;
    [[nodiscard]] bool isEmpty() const override { return false; }
};

} // namespace pagescape::gui
