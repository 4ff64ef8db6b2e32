// SPDX-License-Identifier: MIT
// LinkLabel: a line of rich text whose links have the theme's colour. A plain label takes it from
// the palette that the program has when the text is set, and keeps it when the theme changes.
#pragma once

#include "paint/theme.h"

#include <QLabel>

namespace pagescape::gui {

class LinkLabel final : public QLabel {
    Q_OBJECT
public:
    explicit LinkLabel(QWidget* parent = nullptr);
    void setHtml(const QString& html);
    void setTheme(const Theme& theme);

private:
    void apply();

    QString m_html;
    Theme m_theme = Theme::light();
};

} // namespace pagescape::gui
