// SPDX-License-Identifier: MIT
#include "views/player_panel.h"

#include "models/caption.h"
#include "paint/icon.h"
#include "views/key_entry.h"
#include "views/timeline_view.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QSlider>
#include <QStackedLayout>
#include <QToolButton>
#include <QVBoxLayout>

namespace pagescape::gui {

PlayerPanel::PlayerPanel(GetPlayer* player, QWidget* parent)
    : QWidget(parent), m_player(player), m_entry(new KeyEntry), m_timeline(new TimelineView),
      m_slider(new QSlider(Qt::Horizontal)), m_step(new QLabel), m_caption(new QLabel),
      m_cost(new QLabel), m_endCard(new QLabel), m_stepPart(new QWidget),
      m_endArea(new QScrollArea), m_texts(new QStackedLayout), m_transport(new QWidget) {
    m_slider->setAccessibleName(tr("Step"));
    m_slider->setPageStep(1);
    m_slider->setMinimumWidth(80);
    m_caption->setWordWrap(true);
    m_caption->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_caption->setFocusPolicy(Qt::StrongFocus);
    m_caption->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_caption->setAccessibleName(tr("Caption of this step"));
    QFont captionFont = font();
    captionFont.setPointSizeF(captionFont.pointSizeF() * 1.1);
    m_caption->setFont(captionFont);
    m_caption->setMinimumHeight(2 * QFontMetrics(captionFont).lineSpacing() + 4);
    m_endCard->setWordWrap(true);
    m_endCard->setTextFormat(Qt::RichText);
    m_endCard->setMargin(2);
    m_endCard->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_endArea->setWidget(m_endCard);
    m_endArea->setWidgetResizable(true);
    m_endArea->setFrameShape(QFrame::NoFrame);
    m_endArea->setMinimumHeight(4 * fontMetrics().lineSpacing() + 4);
    buildTransport();

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
    connect(m_slider, &QSlider::valueChanged, player, &GetPlayer::seekStep);
    connect(player, &GetPlayer::traceChanged, this, &PlayerPanel::onTrace);
    connect(player, &GetPlayer::frameChanged, this, &PlayerPanel::onFrame);
    connect(player, &GetPlayer::levelChanged, this, [this](GetPlayer::Level level) {
        m_level->setCurrentIndex(m_level->findData(int(level)));
        onFrame(m_player->frame());
    });
    connect(player, &GetPlayer::speedChanged, this,
            [this](double speed) { m_speed->setCurrentIndex(m_speed->findData(speed)); });
    connect(player, &GetPlayer::playingChanged, this, [this](bool isPlaying) {
        m_play->setProperty("iconName",
                            isPlaying ? QStringLiteral("pause") : QStringLiteral("play"));
        m_play->setIcon(themedIcon(m_play->property("iconName").toString(), m_theme));
        m_play->setAccessibleName(isPlaying ? tr("Pause") : tr("Play"));
    });
    onTrace();
}

QToolButton* PlayerPanel::button(const QString& name, const QString& icon, const QString& tip) {
    auto* made = new QToolButton;
    made->setProperty("iconName", icon);
    made->setAccessibleName(name);
    made->setToolTip(tip);
    made->setAutoRaise(true);
    return made;
}

void PlayerPanel::buildTransport() {
    m_first = button(tr("First"), QStringLiteral("first"), tr("To the start (Home)"));
    m_back = button(tr("Back"), QStringLiteral("previous"), tr("Step back (Shift+Space)"));
    m_play = button(tr("Play"), QStringLiteral("play"), tr("Play or pause (P)"));
    m_forward = button(tr("Forward"), QStringLiteral("next"), tr("Step forward (Space)"));
    m_last = button(tr("Last"), QStringLiteral("last"), tr("To the end (End)"));
    m_level = new QComboBox;
    m_level->setAccessibleName(tr("Level of detail"));
    m_level->addItem(tr("Pages"), int(GetPlayer::Level::Page));
    m_level->addItem(tr("Comparisons"), int(GetPlayer::Level::Byte));
    m_level->setToolTip(tr("Pages: one step a page. Comparisons: one step a comparison"));
    m_speed = new QComboBox;
    m_speed->setAccessibleName(tr("Speed"));
    for (const double speed : GetPlayer::speeds()) {
        m_speed->addItem(speed == GetPlayer::kInstant ? tr("instant") : tr("%1×").arg(speed),
                         speed);
    }
    m_speed->setCurrentIndex(m_speed->findData(m_player->speed()));

    auto* row = new QHBoxLayout(m_transport);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(2);
    for (QToolButton* control : {m_first, m_back, m_play, m_forward, m_last}) {
        row->addWidget(control);
    }
    row->addWidget(m_slider, 1);
    row->addWidget(m_step);
    row->addSpacing(8);
    row->addWidget(m_level);
    row->addWidget(m_speed);

    connect(m_first, &QToolButton::clicked, m_player, &GetPlayer::first);
    connect(m_back, &QToolButton::clicked, m_player, &GetPlayer::back);
    connect(m_play, &QToolButton::clicked, m_player, &GetPlayer::togglePlay);
    connect(m_forward, &QToolButton::clicked, m_player, &GetPlayer::forward);
    connect(m_last, &QToolButton::clicked, m_player, &GetPlayer::last);
    connect(m_level, &QComboBox::activated, this, [this] {
        m_player->setLevel(static_cast<GetPlayer::Level>(m_level->currentData().toInt()));
    });
    connect(m_speed, &QComboBox::activated, this,
            [this] { m_player->setSpeed(m_speed->currentData().toDouble()); });
}

void PlayerPanel::setTheme(const Theme& theme) {
    m_theme = theme;
    m_timeline->setTheme(theme);
    for (QToolButton* control : {m_first, m_back, m_play, m_forward, m_last}) {
        control->setIcon(themedIcon(control->property("iconName").toString(), theme));
    }
}

void PlayerPanel::onTrace() {
    const GetTracePtr& trace = m_player->trace();
    m_timeline->setTrace(trace);
    for (QWidget* part :
         {m_transport, static_cast<QWidget*>(m_timeline), static_cast<QWidget*>(m_cost)}) {
        part->setVisible(trace != nullptr); // nothing to play: leave the room to the pictures
    }
    if (trace) {
        m_entry->setKey(trace->path, trace->key);
    }
    onFrame(m_player->frame());
    if (trace) {
        m_forward->setFocus(Qt::OtherFocusReason); // Space steps from here
    }
}

void PlayerPanel::onFrame(const PlayerFrame& frame) {
    const GetTracePtr& trace = m_player->trace();
    {
        const QSignalBlocker block(m_slider);
        m_slider->setRange(0, m_player->stepCount());
        m_slider->setValue(m_player->stepNumber());
    }
    m_timeline->setPosition(frame.event);
    m_step->setText(tr("step %1 of %2").arg(m_player->stepNumber()).arg(m_player->stepCount()));
    m_back->setEnabled(!m_player->atStart());
    m_first->setEnabled(!m_player->atStart());
    m_forward->setEnabled(!m_player->atEnd());
    m_last->setEnabled(!m_player->atEnd());
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
