// SPDX-License-Identifier: MIT
#include "views/predict_commit.h"

#include <QLineEdit>
#include <QRegularExpression>

#include <algorithm>

namespace pagescape::gui {

namespace {

constexpr std::size_t kMostOptions = 5;

QString titleOf(CommitQuestion::Kind kind) {
    switch (kind) {
    case CommitQuestion::Kind::PageCount: return PredictCommit::tr("How many pages?");
    case CommitQuestion::Kind::NewLeaf: return PredictCommit::tr("Where does the new leaf go?");
    case CommitQuestion::Kind::Meta: break;
    }
    return PredictCommit::tr("Which meta page?");
}

} // namespace

PredictCommit::PredictCommit(QWidget* parent) : PredictCard({}, kMostOptions, parent) {
    setAccessibleName(tr("Predict the commit"));
    entry()->setPlaceholderText(tr("or type a number"));
    entry()->setAccessibleName(tr("Your answer, a number"));
}

void PredictCommit::ask(const CommitQuestion& question) {
    m_question = question;
    m_options = commitOptions(question);
    m_given.reset();
    setTitle(titleOf(question.kind));
    QStringList texts;
    for (const CommitOption& option : m_options) {
        texts += commitAnswerText(question.kind, option.value);
    }
    pose(commitQuestionText(question), texts);
}

void PredictCommit::chosen(std::size_t option) {
    if (option < m_options.size()) {
        answer(m_options[option].value);
    }
}

void PredictCommit::typed(const QString& text) {
    QString digits = text;
    digits.remove(
        QRegularExpression(QStringLiteral("\\s"), QRegularExpression::UseUnicodePropertiesOption));
    bool isNumber = false;
    const std::uint64_t value = digits.toULongLong(&isNumber);
    if (isNumber) {
        answer(value);
    } else {
        say({}, tr("The answer is a number: of pages, or of a page."));
    }
}

void PredictCommit::answer(std::uint64_t value) {
    m_given = value;
    if (m_question.answer) {
        judge();
    } else {
        say({}, tr("You said %1. Commit now: the engine answers.")
                    .arg(commitAnswerText(m_question.kind, value)));
    }
}

void PredictCommit::follow(const StageLog& log) {
    if (isWaiting()) {
        m_question = gui::answered(log, m_question);
        if (m_question.answer) {
            judge();
        }
    }
}

void PredictCommit::judge() {
    const bool isRight = *m_given == *m_question.answer;
    QString text = commitReason(m_question) + u'\n';
    text += isRight ? tr("As you said.")
                    : tr("You said %1.").arg(commitAnswerText(m_question.kind, *m_given));
    const auto option = std::ranges::find(m_options, *m_given, &CommitOption::value);
    if (!isRight && option != m_options.end() && option->idea != CommitOption::Idea::Rule) {
        text += u' ' + commitIdeaText(option->idea);
    }
    QString verdict = commitAnswerText(m_question.kind, *m_question.answer);
    verdict[0] = verdict[0].toUpper();
    say(verdict + u'.', text);
    Q_EMIT revealRequested(m_question.revealAt);
}

} // namespace pagescape::gui
