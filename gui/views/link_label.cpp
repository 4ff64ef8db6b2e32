// SPDX-License-Identifier: MIT
#include "views/link_label.h"

namespace pagescape::gui {

LinkLabel::LinkLabel(QWidget* parent) : QLabel(parent) {
    setTextFormat(Qt::RichText);
    setTextInteractionFlags(Qt::TextBrowserInteraction);
    setWordWrap(true);
}

void LinkLabel::setHtml(const QString& html) {
    m_html = html;
    apply();
}

void LinkLabel::setTheme(const Theme& theme) {
    m_theme = theme;
    apply();
}

void LinkLabel::apply() {
    setText(QStringLiteral("<style>a { color: %1; }</style>%2")
                .arg(m_theme.color(Theme::Role::Accent).name(), m_html));
}

} // namespace pagescape::gui
