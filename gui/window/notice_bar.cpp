// SPDX-License-Identifier: MIT
#include "window/notice_bar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>

namespace pagescape::gui {

NoticeBar::NoticeBar(QWidget* parent)
    : QFrame(parent), m_text(new QLabel), m_button(new QPushButton) {
    setFrameShape(QFrame::StyledPanel);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::ToolTipBase);
    setForegroundRole(QPalette::ToolTipText);
    m_text->setForegroundRole(QPalette::ToolTipText);
    m_text->setWordWrap(true);
    auto* close = new QToolButton;
    close->setText(QStringLiteral("×"));
    close->setAccessibleName(tr("Dismiss the notice"));
    close->setAutoRaise(true);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(8, 3, 4, 3);
    row->addWidget(m_text, 1);
    row->addWidget(m_button);
    row->addWidget(close);
    connect(close, &QToolButton::clicked, this, &NoticeBar::clear);
    connect(m_button, &QPushButton::clicked, this, [this] {
        const auto action = m_action;
        clear();
        if (action) {
            action();
        }
    });
    clear();
}

void NoticeBar::post(const QString& text, const QString& button, std::function<void()> action) {
    m_text->setText(text);
    m_action = std::move(action);
    m_button->setText(button);
    m_button->setVisible(!button.isEmpty());
    setVisible(true);
}

void NoticeBar::clear() {
    m_text->clear();
    m_action = {};
    setVisible(false);
}

QString NoticeBar::text() const {
    return m_text->text();
}

} // namespace pagescape::gui
