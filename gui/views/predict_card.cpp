// SPDX-License-Identifier: MIT
#include "views/predict_card.h"

#include "views/a11y.h"
#include "views/flow_layout.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace pagescape::gui {

PredictCard::PredictCard(const QString& title, std::size_t mostOptions, QWidget* parent)
    : QFrame(parent), m_title(new QLabel), m_text(new QLabel), m_verdict(new QLabel),
      m_feedback(new QLabel), m_entry(new QLineEdit), m_check(new QPushButton(tr("Answer"))),
      m_close(new QPushButton(tr("Close"))) {
    QFont bold = font();
    bold.setBold(true);
    m_title->setFont(bold);
    m_verdict->setFont(bold);
    setTitle(title);
    for (QLabel* label : {m_title, m_text, m_verdict, m_feedback}) {
        label->setWordWrap(true);
        label->setAlignment(Qt::AlignLeft | Qt::AlignTop);
        label->setTextFormat(Qt::PlainText); // rich text would break numbers at their spaces
    }
    m_feedback->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_feedback->setAccessibleName(tr("Answer"));
    m_check->setAutoDefault(false);
    m_close->setAutoDefault(false);

    auto* column = new QVBoxLayout(this);
    column->addWidget(m_title);
    column->addWidget(m_text);
    auto* choices = new FlowLayout(nullptr, 6);
    for (std::size_t i = 0; i < mostOptions; ++i) {
        auto* button = new QPushButton;
        button->setAutoDefault(false);
        m_buttons.push_back(button);
        choices->addWidget(button);
        connect(button, &QPushButton::clicked, this, [this, i] { chosen(i); });
    }
    column->addLayout(choices);
    auto* row = new QHBoxLayout;
    row->addWidget(m_entry, 1);
    row->addWidget(m_check);
    row->addWidget(m_close);
    column->addLayout(row);
    column->addWidget(m_verdict);
    column->addWidget(m_feedback);
    column->addStretch(1);
    connect(m_entry, &QLineEdit::returnPressed, this, [this] { typed(m_entry->text()); });
    connect(m_check, &QPushButton::clicked, this, [this] { typed(m_entry->text()); });
    connect(m_close, &QPushButton::clicked, this, &PredictCard::closed);
}

void PredictCard::setTitle(const QString& title) {
    m_title->setText(title);
}

void PredictCard::pose(const QString& question, const QStringList& options) {
    m_text->setText(question);
    for (std::size_t i = 0; i < m_buttons.size(); ++i) {
        const bool isUsed = i < std::size_t(options.size());
        m_buttons[i]->setVisible(isUsed);
        if (isUsed) {
            m_buttons[i]->setText(options[qsizetype(i)]);
        }
    }
    m_entry->clear();
    say({}, {});
}

void PredictCard::say(const QString& verdict, const QString& text) {
    m_verdict->setText(verdict);
    m_verdict->setVisible(!verdict.isEmpty());
    m_feedback->setText(text);
    m_feedback->setVisible(!text.isEmpty());
    if (!text.isEmpty()) {
        a11y::announce(m_feedback, feedbackText());
        Q_EMIT answered();
    }
}

QString PredictCard::questionText() const {
    return m_text->text();
}

QString PredictCard::feedbackText() const {
    const QString text = m_feedback->text();
    return m_verdict->text().isEmpty() ? text : m_verdict->text() + u' ' + text;
}

void PredictCard::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape) {
        event->accept();
        Q_EMIT closed();
        return;
    }
    QFrame::keyPressEvent(event);
}

} // namespace pagescape::gui
