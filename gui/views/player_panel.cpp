// SPDX-License-Identifier: MIT
#include "views/player_panel.h"

#include "models/caption.h"
#include "views/caption_font.h"
#include "views/key_entry.h"
#include "views/timeline_view.h"
#include "views/transport_bar.h"

#include <QEvent>
#include <QLabel>
#include <QScrollArea>
#include <QStackedLayout>
#include <QVBoxLayout>

namespace pagescape::gui {

PlayerPanel::PlayerPanel(GetPlayer* player, QWidget* parent)
    : QWidget(parent), m_player(player), m_entry(new KeyEntry),
      m_transport(new TransportBar(player)), m_timeline(new TimelineView), m_caption(new QLabel),
      m_cost(new QLabel), m_endCard(new QLabel), m_stepPart(new QWidget),
      m_endArea(new QScrollArea), m_texts(new QStackedLayout) {
    m_transport->setLevelToolTip(tr("Pages: one step a page. Comparisons: one step a comparison"));
    m_caption->setWordWrap(true);
    m_caption->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_caption->setFocusPolicy(Qt::StrongFocus);
    m_caption->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_caption->setAccessibleName(tr("Caption of this step"));
    m_endCard->setWordWrap(true);
    m_endCard->setTextFormat(Qt::RichText);
    m_endCard->setMargin(2);
    m_endCard->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_endArea->setWidget(m_endCard);
    m_endArea->setWidgetResizable(true);
    m_endArea->setFrameShape(QFrame::NoFrame);
    applyFont();

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(6, 4, 6, 4);
    column->setSpacing(4);
    column->addWidget(m_entry);
    column->addWidget(m_transport);
    column->addWidget(m_timeline);
    // The end card takes the place of caption and costs, so that the controls stay where they are.
    auto* step = new QVBoxLayout(m_stepPart);
    step->setContentsMargins(0, 0, 0, 0);
    step->setSpacing(4);
    step->addWidget(m_caption, 1);
    step->addWidget(m_cost);
    m_texts->addWidget(m_stepPart);
    m_texts->addWidget(m_endArea);
    column->addLayout(m_texts, 1);

    connect(m_timeline, &TimelineView::seekRequested, player, [player](int event) {
        player->setLevel(GetPlayer::Level::Byte); // every mark can be shown at byte level only
        player->seek(event);
    });
    connect(player, &GetPlayer::traceChanged, this, &PlayerPanel::onTrace);
    connect(player, &GetPlayer::frameChanged, this, &PlayerPanel::onFrame);
    connect(player, &GetPlayer::levelChanged, this, [this] { onFrame(m_player->frame()); });
    onTrace();
}

void PlayerPanel::applyFont() {
    showAsCaption(*m_caption, font());
    m_endArea->setMinimumHeight(4 * fontMetrics().lineSpacing() + 4);
}

void PlayerPanel::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange) {
        applyFont();
    }
}

void PlayerPanel::setTheme(const Theme& theme) {
    m_timeline->setTheme(theme);
    m_transport->setTheme(theme);
}

QSlider* PlayerPanel::slider() const {
    return m_transport->slider();
}

void PlayerPanel::onTrace() {
    const GetTracePtr& trace = m_player->trace();
    m_timeline->setTrace(trace);
    for (QWidget* part : {static_cast<QWidget*>(m_transport), static_cast<QWidget*>(m_timeline),
                          static_cast<QWidget*>(m_cost)}) {
        part->setVisible(trace != nullptr); // nothing to play: leave the room to the pictures
    }
    if (trace) {
        m_entry->setKey(trace->path, trace->key);
    }
    onFrame(m_player->frame());
    if (trace) {
        m_transport->focusForward(); // Space steps from here
    }
}

void PlayerPanel::onFrame(const PlayerFrame& frame) {
    const GetTracePtr& trace = m_player->trace();
    m_timeline->setPosition(frame.event);
    if (!trace) {
        m_caption->setText(tr("Choose a key in the bucket tree and press G, or type one above: the "
                              "engine looks it up, and you step through what it did."));
        m_cost->clear();
        m_texts->setCurrentWidget(m_stepPart);
        return;
    }
    m_caption->setText(captionAt(*trace, frame.event));
    m_cost->setText(costText(*trace, frame.event));
    const bool showsEnd = m_player->atEnd() && m_player->stepCount() > 0;
    if (showsEnd) {
        const EndCard card = endCard(*trace);
        QStringList text = card.lines;
        if (!trace->found) {
            text.prepend(m_caption->text()); // why the search ended there
        }
        m_endCard->setText(
            QStringLiteral("<b>%1</b><br>%2")
                .arg(card.title.toHtmlEscaped(), text.join(QLatin1Char(' ')).toHtmlEscaped()));
    }
    m_texts->setCurrentWidget(showsEnd ? static_cast<QWidget*>(m_endArea) : m_stepPart);
}

QString PlayerPanel::captionText() const {
    return m_caption->text();
}

QString PlayerPanel::costLine() const {
    return m_cost->text();
}

QString PlayerPanel::endCardText() const {
    return m_texts->currentWidget() == m_endArea ? m_endCard->text() : QString();
}

void PlayerPanel::focusCaption() {
    m_caption->setFocus(Qt::ShortcutFocusReason);
}

} // namespace pagescape::gui
