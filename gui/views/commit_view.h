// SPDX-License-Identifier: MIT
// CommitView: the Commit tab: the picture of a write transaction, and beside it, when one asks, the
// card that asks back.
#pragma once

#include "stage/commit_question.h"
#include "stage/stage_player.h"

#include <QWidget>

QT_BEGIN_NAMESPACE
class QBoxLayout;
class QScrollArea;
QT_END_NAMESPACE

namespace pagescape::gui {

class PredictCommit;
class StageView;

/// Key ? asks about the next step; again: another question about the same moment.
class CommitView final : public QWidget {
    Q_OBJECT
public:
    /// `stage` becomes its child; `player` is borrowed.
    CommitView(StageView* stage, StagePlayer* player, QWidget* parent = nullptr);

    [[nodiscard]] PredictCommit* card() const { return m_card; }
    [[nodiscard]] bool isAsking() const;
    /// Asks about the moment on show. False when there is nothing to ask; see whyNot().
    bool ask();
    /// Why nothing can be asked at the moment on show, and what to do.
    [[nodiscard]] static QString whyNot();
    /// Whether the player stops before what decides, and the card asks. Off until set.
    void setAsksAlways(bool asksAlways) { m_asksAlways = asksAlways; }
    [[nodiscard]] bool asksAlways() const { return m_asksAlways; }

Q_SIGNALS:
    /// A question was asked by itself, at a step.
    void asked();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void onMoved();
    void showQuestion(const CommitQuestion& question);
    void closeCard();
    void placeCard();

    StageView* m_stage;
    StagePlayer* m_player;
    PredictCommit* m_card;
    QScrollArea* m_cardArea;
    QBoxLayout* m_room;
    bool m_asksAlways = false;
    int m_askedAt = -1; // by itself: not twice at one step
};

} // namespace pagescape::gui
