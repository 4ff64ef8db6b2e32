// SPDX-License-Identifier: MIT
// PredictCard: a card that asks before something shows: a question, answers to click, a line to
// type another one, and then a verdict with its reason. What is asked is the business of the cards
// that derive from it.
#pragma once

#include <QFrame>
#include <QString>
#include <QStringList>

#include <vector>

QT_BEGIN_NAMESPACE
class QLabel;
class QLineEdit;
class QPushButton;
class QVBoxLayout;
QT_END_NAMESPACE

namespace pagescape::gui {

/// Escape or its button closes it. Thread: GUI thread.
class PredictCard : public QFrame {
    Q_OBJECT
public:
    /// Buttons for `mostOptions` answers are made.
    PredictCard(const QString& title, std::size_t mostOptions, QWidget* parent = nullptr);

    [[nodiscard]] const std::vector<QPushButton*>& buttons() const { return m_buttons; }
    [[nodiscard]] QLineEdit* entry() const { return m_entry; }
    [[nodiscard]] QString questionText() const;
    /// Empty until there is an answer.
    [[nodiscard]] QString feedbackText() const;

Q_SIGNALS:
    void closed();
    /// Text appeared: the card may need to be scrolled to it.
    void answered();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    /// Asks, with an answer on each button.
    void pose(const QString& question, const QStringList& options);
    void say(const QString& verdict, const QString& text);
    void setTitle(const QString& title);
    /// A button was clicked, or the typed text was entered.
    virtual void chosen(std::size_t option) = 0;
    virtual void typed(const QString& text) = 0;

private:
    std::vector<QPushButton*> m_buttons;
    QLabel* m_title;
    QLabel* m_text;
    QLabel* m_verdict;
    QLabel* m_feedback;
    QLineEdit* m_entry;
    QPushButton* m_check;
    QPushButton* m_close;
};

} // namespace pagescape::gui
