// SPDX-License-Identifier: MIT
// TransportBar: the row of controls under a time line: buttons, slider, "step 7 of 23", level of
// detail and speed.
#pragma once

#include "paint/theme.h"

#include <QWidget>

QT_BEGIN_NAMESPACE
class QComboBox;
class QHBoxLayout;
class QLabel;
class QSlider;
class QToolButton;
QT_END_NAMESPACE

namespace pagescape::gui {

class Playback;

/// Drives any player and follows it. The Playback holds all state and must live longer.
class TransportBar : public QWidget {
    Q_OBJECT
public:
    explicit TransportBar(Playback* playback, QWidget* parent = nullptr);

    void setTheme(const Theme& theme);
    /// What the levels of this player mean.
    void setLevelToolTip(const QString& text);
    [[nodiscard]] QSlider* slider() const { return m_slider; }
    /// "step 7 of 23"
    [[nodiscard]] QString stepText() const;
    /// Moves the focus to the forward button: Space steps from there.
    void focusForward();

private:
    void buildButtons(QHBoxLayout* row);
    void buildBoxes(QHBoxLayout* row);
    void onSteps();
    void onMoved();
    void onPlaying(bool isPlaying);
    [[nodiscard]] QToolButton* button(const QString& id, const QString& name, const QString& tip);

    Playback* m_playback;
    Theme m_theme = Theme::light();
    QToolButton* m_first = nullptr;
    QToolButton* m_back = nullptr;
    QToolButton* m_play = nullptr;
    QToolButton* m_forward = nullptr;
    QToolButton* m_last = nullptr;
    QSlider* m_slider;
    QLabel* m_step;
    QComboBox* m_level;
    QComboBox* m_speed;
};

} // namespace pagescape::gui
