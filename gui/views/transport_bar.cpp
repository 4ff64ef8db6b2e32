// SPDX-License-Identifier: MIT
#include "views/transport_bar.h"

#include "paint/icon.h"
#include "state/playback.h"
#include "units/units.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSlider>
#include <QToolButton>

#include <algorithm>

namespace pagescape::gui {

namespace {

// Page Up and Down cross a long row in this many strides; a short one goes step by step.
constexpr int kStrides = 100;

} // namespace

TransportBar::TransportBar(Playback* playback, QWidget* parent)
    : QWidget(parent), m_playback(playback), m_slider(new QSlider(Qt::Horizontal)),
      m_step(new QLabel), m_level(new QComboBox), m_speed(new QComboBox) {
    m_slider->setObjectName(QStringLiteral("step"));
    m_slider->setAccessibleName(tr("Step"));
    m_slider->setMinimumWidth(80);

    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(2);
    buildButtons(row);
    row->addWidget(m_slider, 1);
    row->addWidget(m_step);
    row->addSpacing(8);
    buildBoxes(row);

    connect(m_slider, &QSlider::valueChanged, playback, &Playback::seekStep);
    connect(playback, &Playback::stepsChanged, this, &TransportBar::onSteps);
    connect(playback, &Playback::moved, this, &TransportBar::onMoved);
    connect(playback, &Playback::playingChanged, this, &TransportBar::onPlaying);
    connect(playback, &Playback::speedChanged, this,
            [this](double speed) { m_speed->setCurrentIndex(m_speed->findData(speed)); });
    onSteps();
    if (playback->isPlaying()) {
        onPlaying(true);
    }
}

QToolButton* TransportBar::button(const QString& id, const QString& name, const QString& tip) {
    auto* made = new QToolButton;
    made->setObjectName(id);
    made->setProperty("iconName", id);
    made->setAccessibleName(name);
    made->setToolTip(tip);
    made->setAutoRaise(true);
    return made;
}

void TransportBar::buildButtons(QHBoxLayout* row) {
    m_first = button(QStringLiteral("first"), tr("First"), tr("To the start (Home)"));
    m_back = button(QStringLiteral("previous"), tr("Back"), tr("Step back (Shift+Space)"));
    m_play = button(QStringLiteral("play"), tr("Play"), tr("Play or pause (P)"));
    m_forward = button(QStringLiteral("next"), tr("Forward"), tr("Step forward (Space)"));
    m_last = button(QStringLiteral("last"), tr("Last"), tr("To the end (End)"));
    for (QToolButton* control : {m_first, m_back, m_play, m_forward, m_last}) {
        row->addWidget(control);
    }
    connect(m_first, &QToolButton::clicked, m_playback, &Playback::first);
    connect(m_back, &QToolButton::clicked, m_playback, &Playback::back);
    connect(m_play, &QToolButton::clicked, m_playback, &Playback::togglePlay);
    connect(m_forward, &QToolButton::clicked, m_playback, &Playback::forward);
    connect(m_last, &QToolButton::clicked, m_playback, &Playback::last);
}

void TransportBar::buildBoxes(QHBoxLayout* row) {
    m_level->setObjectName(QStringLiteral("level"));
    m_level->setAccessibleName(tr("Level of detail"));
    m_level->addItems(m_playback->levelNames());
    m_speed->setObjectName(QStringLiteral("speed"));
    m_speed->setAccessibleName(tr("Speed"));
    for (const double speed : Playback::speeds()) {
        m_speed->addItem(speed == Playback::kInstant ? tr("instant") : tr("%1×").arg(speed), speed);
    }
    m_speed->setCurrentIndex(m_speed->findData(m_playback->speed()));
    row->addWidget(m_level);
    row->addWidget(m_speed);
    connect(m_level, &QComboBox::activated, m_playback, &Playback::setLevelIndex);
    connect(m_speed, &QComboBox::activated, this,
            [this] { m_playback->setSpeed(m_speed->currentData().toDouble()); });
}

void TransportBar::setTheme(const Theme& theme) {
    m_theme = theme;
    for (QToolButton* control : {m_first, m_back, m_play, m_forward, m_last}) {
        control->setIcon(themedIcon(control->property("iconName").toString(), theme));
    }
}

void TransportBar::setLevelToolTip(const QString& text) {
    m_level->setToolTip(text);
}

QString TransportBar::stepText() const {
    return m_step->text();
}

void TransportBar::focusForward() {
    m_forward->setFocus(Qt::OtherFocusReason);
}

void TransportBar::onSteps() {
    m_level->setCurrentIndex(m_playback->levelIndex());
    m_slider->setPageStep(std::max(1, m_playback->stepCount() / kStrides));
    onMoved();
}

void TransportBar::onMoved() {
    const int step = m_playback->stepNumber();
    const int count = m_playback->stepCount();
    {
        const QSignalBlocker block(m_slider);
        m_slider->setRange(0, count);
        m_slider->setValue(step);
    }
    m_step->setText(
        tr("step %1 of %2")
            .arg(countText(static_cast<quint64>(step)), countText(static_cast<quint64>(count))));
    m_back->setEnabled(!m_playback->atStart());
    m_first->setEnabled(!m_playback->atStart());
    m_forward->setEnabled(!m_playback->atEnd());
    m_last->setEnabled(!m_playback->atEnd());
}

void TransportBar::onPlaying(bool isPlaying) {
    m_play->setProperty("iconName", isPlaying ? QStringLiteral("pause") : QStringLiteral("play"));
    m_play->setIcon(themedIcon(m_play->property("iconName").toString(), m_theme));
    m_play->setAccessibleName(isPlaying ? tr("Pause") : tr("Play"));
}

} // namespace pagescape::gui
