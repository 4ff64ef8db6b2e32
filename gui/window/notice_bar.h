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

/// A notice with an optional action. Hidden while there is none.
class NoticeBar : public QFrame {
    Q_OBJECT
public:
    explicit NoticeBar(QWidget* parent = nullptr);
    /// Shows a sentence; `button` empty: only a close button.
    void post(const QString& text, const QString& button = {}, std::function<void()> action = {});
    void clear();
    [[nodiscard]] QString text() const;

private:
    QLabel* m_text;
    QPushButton* m_button;
    std::function<void()> m_action;
};

} // namespace pagescape::gui
