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
    connect(close, &QToolButton::clicked, this, [this] {
        if (m_answer.isEmpty()) {
            clear();
        } else {
            say({}, false);
        }
    });
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
    m_notice = text;
    m_buttonText = button;
    m_action = std::move(action);
    m_answer.clear();
    m_stays = false;
    refresh();
}

void NoticeBar::answer(const QString& text) {
    say(text, false);
}

void NoticeBar::confirm(const QString& text) {
    say(text, true);
}

void NoticeBar::retract() {
    if (!m_stays) {
        say({}, false);
    }
}

void NoticeBar::say(const QString& answer, bool stays) {
    m_answer = answer;
    m_stays = stays;
    refresh();
}

void NoticeBar::clear() {
    post({});
}

void NoticeBar::refresh() {
    const bool isAnswer = !m_answer.isEmpty();
    m_text->setText(isAnswer ? m_answer : m_notice);
    m_button->setText(m_buttonText);
    m_button->setVisible(!isAnswer && !m_buttonText.isEmpty());
    Q_EMIT contentChanged();
}

QString NoticeBar::text() const {
    return m_text->text();
}

} // namespace pagescape::gui
