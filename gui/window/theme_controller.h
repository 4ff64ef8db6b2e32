// SPDX-License-Identifier: MIT
// ThemeController: turns the theme setting and the desktop's palette into one Theme for all views.
#pragma once

#include "paint/theme.h"
#include "state/view_settings.h"

#include <QObject>

namespace pagescape::gui {

/// Thread: GUI thread.
class ThemeController : public QObject {
    Q_OBJECT
public:
    explicit ThemeController(ViewSettings* settings, QObject* parent = nullptr);

    [[nodiscard]] const Theme& theme() const { return m_theme; }
    /// Light becomes dark and back, as an explicit choice.
    void toggle();

Q_SIGNALS:
    void themeChanged(const pagescape::gui::Theme& theme);

private:
    void apply();

    ViewSettings* m_settings;
    bool m_desktopIsDark = false;
    Theme m_theme = Theme::light();
};

/// Whether a palette is that of a dark desktop: its window is darker than its text.
[[nodiscard]] bool isDarkPalette(const QPalette& palette);

} // namespace pagescape::gui
