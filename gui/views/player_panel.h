// SPDX-License-Identifier: MIT
// PlayerPanel: when? The time line of a traced Get with transport, caption, cost strip and end
// card.
#pragma once

#include "paint/theme.h"
#include "state/get_player.h"

#include <QWidget>

QT_BEGIN_NAMESPACE
class QComboBox;
class QLabel;
class QScrollArea;
class QSlider;
class QStackedLayout;
class QToolButton;
QT_END_NAMESPACE

namespace pagescape::gui {

class KeyEntry;
class TimelineView;

/// The player's face. The GetPlayer holds all state; this only shows it and passes clicks on.
class PlayerPanel : public QWidget {
    Q_OBJECT
public:
    explicit PlayerPanel(GetPlayer* player, QWidget* parent = nullptr);

    void setTheme(const Theme& theme);
    [[nodiscard]] KeyEntry* keyEntry() const { return m_entry; }
    [[nodiscard]] TimelineView* timeline() const { return m_timeline; }
    [[nodiscard]] QSlider* slider() const { return m_slider; }
    [[nodiscard]] QString captionText() const;
    [[nodiscard]] QString costLine() const;
    [[nodiscard]] QString endCardText() const;
    /// Moves the focus to the caption, so that a screen reader reads it again (F2).
    void focusCaption();

private:
    void buildTransport();
    void onTrace();
    void onFrame(const PlayerFrame& frame);
    [[nodiscard]] QToolButton* button(const QString& name, const QString& icon, const QString& tip);

    GetPlayer* m_player;
    Theme m_theme = Theme::light();
    KeyEntry* m_entry;
    TimelineView* m_timeline;
    QSlider* m_slider;
    QLabel* m_step;
    QLabel* m_caption;
    QLabel* m_cost;
    QLabel* m_endCard;
    QWidget* m_stepPart; // caption and costs
    QScrollArea* m_endArea;
    QStackedLayout* m_texts; // one of the two
    QWidget* m_transport;
    QToolButton* m_first = nullptr;
    QToolButton* m_back = nullptr;
    QToolButton* m_play = nullptr;
    QToolButton* m_forward = nullptr;
    QToolButton* m_last = nullptr;
    QComboBox* m_level = nullptr;
    QComboBox* m_speed = nullptr;
};

} // namespace pagescape::gui
