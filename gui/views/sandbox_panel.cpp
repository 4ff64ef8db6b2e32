// SPDX-License-Identifier: MIT
#include "views/sandbox_panel.h"

#include "stage/cost_text.h"
#include "stage/stage_caption.h"
#include "units/units.h"
#include "views/caption_font.h"
#include "views/scratch_bar.h"
#include "views/transport_bar.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>

namespace pagescape::gui {

namespace {

// What the transaction is at, in one line.
QString situationText(const StageState& state) {
    const auto tr = [](const char* text) { return SandboxPanel::tr(text); };
    const StageCosts& costs = state.costs;
    switch (state.tx) {
    case StageTx::None: return tr("No transaction is open.");
    case StageTx::Open:
        return tr("Transaction %1 is open: %2, %3, %4 in memory. File writes: 0.")
            .arg(countText(state.txid.value), putsText(costs.puts), deletesText(costs.deletes),
                 nodesText(state.nodes.size()));
    case StageTx::Committing:
        return tr("Transaction %1 commits: %2, %3 written in %4, %5.")
            .arg(countText(state.txid.value), pagesMadeText(costs.pagesMade),
                 bytesText(costs.writtenBytes), runsText(costs.writes), syncsText(costs.syncs));
    case StageTx::Committed:
    case StageTx::RolledBack:
    case StageTx::Uncertain: break;
    }
    return transactionSummary(state).join(QLatin1Char(' '));
}

} // namespace

SandboxPanel::SandboxPanel(StagePlayer* player, QWidget* parent)
    : QWidget(parent), m_player(player), m_scratch(new ScratchBar),
      m_transport(new TransportBar(player)), m_stepThrough(new QToolButton),
      m_breaks(new QToolButton), m_ask(new QToolButton), m_caption(new QLabel),
      m_summary(new QLabel), m_words(new QScrollArea), m_column(new QVBoxLayout(this)) {
    m_transport->setLevelToolTip(
        tr("How much a step shows: a transaction, an operation, a page, or every comparison"));
    m_stepThrough->setObjectName(QStringLiteral("stepThrough"));
    m_stepThrough->setToolTip(tr("Go to where the last command began, and step from there"));
    m_stepThrough->setText(tr("Step through"));
    m_stepThrough->setFocusPolicy(Qt::StrongFocus);
    m_caption->setWordWrap(true);
    m_caption->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_caption->setFocusPolicy(Qt::StrongFocus);
    m_caption->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_caption->setObjectName(QStringLiteral("caption"));
    m_caption->setAccessibleName(tr("Caption of this step"));
    m_summary->setWordWrap(true);
    m_summary->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    addWords();
    for (QWidget* row : {static_cast<QWidget*>(m_scratch), static_cast<QWidget*>(m_transport)}) {
        row->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    }
    addBreakMenu();
    addAskButton();

    auto* transport = new QHBoxLayout;
    transport->addWidget(m_transport, 1);
    transport->addWidget(m_stepThrough);
    transport->addWidget(m_breaks);
    transport->addWidget(m_ask);
    m_column->setContentsMargins(6, 4, 6, 4);
    m_column->setSpacing(4);
    m_column->addWidget(m_scratch);
    m_column->addLayout(transport);
    m_column->addWidget(m_words, 1);

    connect(m_stepThrough, &QToolButton::clicked, this, [this] {
        m_player->toCommandStart();
        m_transport->focusForward();
    });
    connect(player, &StagePlayer::stageChanged, this, &SandboxPanel::refresh);
    refresh();
}

// Long words scroll: they must not take the room of the controls above them, nor move these.
void SandboxPanel::addWords() {
    auto* content = new QWidget;
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    column->addWidget(m_caption);
    column->addWidget(m_summary, 1);
    m_words->setWidget(content);
    m_words->setWidgetResizable(true);
    m_words->setFrameShape(QFrame::NoFrame);
    m_words->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_words->setFocusPolicy(Qt::NoFocus);
    applyFont();
}

void SandboxPanel::applyFont() {
    showAsCaption(*m_caption, font());
    m_words->setMinimumHeight(m_caption->minimumHeight() + 2 * fontMetrics().lineSpacing() + 2);
}

void SandboxPanel::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange) {
        applyFont();
    }
}

void SandboxPanel::setTimeline(QWidget* timeline) {
    m_column->insertWidget(2, timeline);
}

void SandboxPanel::addBreakMenu() {
    m_breaks->setText(tr("Pause at"));
    m_breaks->setObjectName(QStringLiteral("breaks"));
    m_breaks->setToolTip(tr("Kinds of events at which playing pauses"));
    m_breaks->setPopupMode(QToolButton::InstantPopup);
    auto* menu = new QMenu(m_breaks);
    for (std::size_t kind = 0; kind < kStageKindCount; ++kind) {
        QAction* action = menu->addAction(stageKindText(kind));
        action->setCheckable(true);
        connect(action, &QAction::toggled, this, [this, kind](bool isOn) {
            StageKinds kinds = m_player->breakKinds();
            m_player->setBreakKinds(kinds.set(kind, isOn));
        });
    }
    m_breaks->setMenu(menu);
}

void SandboxPanel::addAskButton() {
    m_ask->setText(tr("Ask me"));
    m_ask->setObjectName(QStringLiteral("askMe"));
    m_ask->setToolTip(tr("Asks about the next step of the commit before it shows: key ? in the "
                         "picture"));
    m_ask->setPopupMode(QToolButton::MenuButtonPopup);
    m_ask->setFocusPolicy(Qt::StrongFocus);
    auto* menu = new QMenu(m_ask);
    QAction* always = menu->addAction(tr("Ask at every commit that is stepped through"));
    always->setCheckable(true);
    always->setObjectName(QStringLiteral("askAlways"));
    m_ask->setMenu(menu);
    connect(m_ask, &QToolButton::clicked, this, &SandboxPanel::questionRequested);
    connect(always, &QAction::toggled, this, &SandboxPanel::askingChanged);
}

void SandboxPanel::setTheme(const Theme& theme) {
    m_transport->setTheme(theme);
}

void SandboxPanel::refresh() {
    const StageEvent* event = m_player->event();
    m_caption->setText(event != nullptr ? stageCaption(*event, m_player->before())
                                        : stageCaptionAt(StageLog(), -1));
    QString summary = situationText(m_player->now());
    if (const StageLog* log = m_player->log(); log != nullptr && log->isFull()) {
        summary += QLatin1Char(' ') +
                   tr("The recording is full: the last %1 events can be seen in the file, but not "
                      "stepped through. Undo, or open the sandbox again, to record more.")
                       .arg(countText(log->droppedEvents()));
    }
    m_summary->setText(summary);
    m_stepThrough->setEnabled(m_player->position() >= 0);
}

QString SandboxPanel::captionText() const {
    return m_caption->text();
}

QString SandboxPanel::summaryText() const {
    return m_summary->text();
}

void SandboxPanel::focusCaption() {
    m_caption->setFocus(Qt::ShortcutFocusReason);
}

} // namespace pagescape::gui
