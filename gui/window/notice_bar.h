// SPDX-License-Identifier: MIT
// NoticeBar: one sentence above the views that stays until it is dismissed or acted on.
#pragma once

#include <QFrame>

#include <functional>

QT_BEGIN_NAMESPACE
class QLabel;
class QPushButton;
QT_END_NAMESPACE

namespace pagescape::gui {

/// A notice with an optional action, and in front of it the answer to what the user just did. Who
/// owns it shows it while it has a text.
class NoticeBar : public QFrame {
    Q_OBJECT
public:
    explicit NoticeBar(QWidget* parent = nullptr);
    /// Shows a sentence; `button` empty: only a close button.
    void post(const QString& text, const QString& button = {}, std::function<void()> action = {});
    /// Shows an answer, such as "no such key". The notice behind it comes back afterwards.
    void answer(const QString& text);
    /// The same, but it stays when the user goes on, until something else is said.
    void confirm(const QString& text);
    /// Takes the answer away, unless it is one that stays: the user went on.
    void retract();
    void clear();
    [[nodiscard]] QString text() const;

Q_SIGNALS:
    void contentChanged();

private:
    void say(const QString& answer, bool stays);
    void refresh();

    QLabel* m_text;
    QPushButton* m_button;
    QString m_answer;
    bool m_stays = false; // the answer, see confirm()
    QString m_notice;
    QString m_buttonText;
    std::function<void()> m_action;
};

} // namespace pagescape::gui
