// SPDX-License-Identifier: MIT
// PredictCommit: the card that asks about a commit before it shows.
#pragma once

#include "stage/commit_question.h"
#include "views/predict_card.h"

#include <vector>

namespace pagescape::gui {

/// One click or a number answers. Where the engine has answered already the player goes to the
/// event that does; else the card waits for the commit.
class PredictCommit final : public PredictCard {
    Q_OBJECT
public:
    explicit PredictCommit(QWidget* parent = nullptr);

    void ask(const CommitQuestion& question);
    /// As if the option, or the typed number, had been chosen.
    void answer(std::uint64_t value);
    /// More events came: answers what was left open.
    void follow(const StageLog& log);
    [[nodiscard]] const CommitQuestion& question() const { return m_question; }
    [[nodiscard]] const std::vector<CommitOption>& options() const { return m_options; }
    /// Answered by the user, and the engine has not done it yet.
    [[nodiscard]] bool isWaiting() const { return m_given && !m_question.answer; }

Q_SIGNALS:
    /// The event that gives the answer is to be shown.
    void revealRequested(int event);

protected:
    void chosen(std::size_t option) override;
    void typed(const QString& text) override;

private:
    void judge();

    CommitQuestion m_question;
    std::vector<CommitOption> m_options;
    std::optional<std::uint64_t> m_given;
};

} // namespace pagescape::gui
