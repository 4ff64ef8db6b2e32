// SPDX-License-Identifier: MIT
#include "window/theme_controller.h"

#include "window/outlined_style.h"

#include <QApplication>

namespace pagescape::gui {

bool isDarkPalette(const QPalette& palette) {
    return palette.color(QPalette::Window).lightness() <
           palette.color(QPalette::WindowText).lightness();
}

ThemeController::ThemeController(ViewSettings* settings, QObject* parent)
    : QObject(parent), m_settings(settings),
      m_desktopIsDark(isDarkPalette(QApplication::palette())) {
    // Fusion follows any palette, so that widgets and canvases always belong together.
    QApplication::setStyle(new OutlinedStyle);
    connect(settings, &ViewSettings::themeModeChanged, this, &ThemeController::apply);
    apply();
}

void ThemeController::toggle() {
    m_settings->setThemeMode(m_theme.mode() == Theme::Mode::Dark ? ThemeMode::Light
                                                                 : ThemeMode::Dark);
}

void ThemeController::apply() {
    const ThemeMode mode = m_settings->themeMode();
    const bool isDark = mode == ThemeMode::Dark || (mode == ThemeMode::Follow && m_desktopIsDark);
    m_theme = Theme::of(isDark ? Theme::Mode::Dark : Theme::Mode::Light);
    QApplication::setPalette(m_theme.palette());
    Q_EMIT themeChanged(m_theme);
}

} // namespace pagescape::gui
