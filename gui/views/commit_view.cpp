// SPDX-License-Identifier: MIT
#include "views/commit_view.h"

#include "views/predict_commit.h"
#include "views/stage_view.h"

#include <QBoxLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QTimer>

#include <algorithm>

namespace pagescape::gui {

namespace {

constexpr int kAbreastInLines = 46; // width, in line heights, from which the card stands beside

} // namespace

CommitView::CommitView(StageView* stage, StagePlayer* player, QWidget* parent)
    : QWidget(parent), m_stage(stage), m_player(player), m_card(new PredictCommit),
      m_cardArea(new QScrollArea), m_room(new QBoxLayout(QBoxLayout::LeftToRight, this)) {
    m_cardArea->setWidget(m_card);
    m_cardArea->setWidgetResizable(true);
    m_cardArea->setFrameShape(QFrame::NoFrame);
    m_cardArea->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_cardArea->hide();
    m_room->setContentsMargins(0, 0, 0, 0);
    m_room->setSpacing(0);
    m_room->addWidget(m_stage, 3);
    m_room->addWidget(m_cardArea, 1);
    setFocusProxy(m_stage);
    connect(m_card, &PredictCommit::closed, this, &CommitView::closeCard);
    connect(m_card, &PredictCommit::answered, this, [this] {
        // Once the card has its new height.
        QTimer::singleShot(0, m_cardArea, [this] {
            m_cardArea->verticalScrollBar()->setValue(m_cardArea->verticalScrollBar()->maximum());
        });
    });
    connect(m_card, &PredictCommit::revealRequested, m_player, &Playback::seek);
    connect(m_player, &StagePlayer::stageChanged, this, &CommitView::onMoved);
}

bool CommitView::isAsking() const {
    return !m_cardArea->isHidden();
}

QString CommitView::whyNot() {
    return tr(
        "There is nothing to ask here: put something first, or go back to before the meta was "
        "made, with Step through.");
}

bool CommitView::ask() {
    if (m_player->log() == nullptr) {
        return false;
    }
    const auto questions = commitQuestions(*m_player->log(), m_player->position());
    if (questions.empty()) {
        return false;
    }
    // The one behind the one on show, if that is about this moment.
    const auto now = std::ranges::find(questions, m_card->question().kind, &CommitQuestion::kind);
    const bool isOnShow =
        isAsking() && now != questions.end() && m_card->question().askedAt == now->askedAt;
    const std::size_t next =
        isOnShow ? (std::size_t(now - questions.begin()) + 1) % questions.size() : 0;
    showQuestion(questions[next]);
    return true;
}

void CommitView::showQuestion(const CommitQuestion& question) {
    m_card->ask(question);
    placeCard();
    m_cardArea->show();
    m_cardArea->verticalScrollBar()->setValue(0);
    m_card->buttons().front()->setFocus(Qt::OtherFocusReason);
}

void CommitView::onMoved() {
    const StageLog* log = m_player->log();
    if (log == nullptr) {
        m_cardArea->hide();
        return;
    }
    m_card->follow(*log);
    if (!m_asksAlways || m_player->position() == m_askedAt || m_player->atEnd()) {
        return;
    }
    m_askedAt = m_player->position();
    if (const auto question = dueCommitQuestion(*log, m_player->position())) {
        m_player->pause();
        showQuestion(*question);
        Q_EMIT asked();
    }
}

void CommitView::closeCard() {
    if (isAsking()) {
        m_cardArea->hide();
        m_stage->setFocus(Qt::OtherFocusReason);
    }
}

// Beside the picture where there is room, else below it.
void CommitView::placeCard() {
    const bool isAbreast = width() > kAbreastInLines * fontMetrics().height();
    m_room->setDirection(isAbreast ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
    m_card->ensurePolished();
    for (QPushButton* option : m_card->buttons()) {
        option->ensurePolished(); // its width is asked for before it was ever shown
    }
    m_cardArea->setMinimumWidth(m_card->minimumSizeHint().width() +
                                m_cardArea->verticalScrollBar()->sizeHint().width());
    m_cardArea->setMinimumHeight(isAbreast ? 0 : 8 * fontMetrics().lineSpacing());
}

void CommitView::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    placeCard();
}

} // namespace pagescape::gui
