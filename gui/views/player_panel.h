// SPDX-License-Identifier: MIT
// PlayerPanel: when? The time line of a traced Get with transport, caption, cost strip and end
// card.
#pragma once

#include "paint/theme.h"
#include "state/get_player.h"

#include <QWidget>

QT_BEGIN_NAMESPACE
class QLabel;
class QScrollArea;
class QSlider;
class QStackedLayout;
QT_END_NAMESPACE

namespace pagescape::gui {

class KeyEntry;
class TimelineView;
class TransportBar;

/// The player's face. The GetPlayer holds all state; this only shows it and passes clicks on.
class PlayerPanel : public QWidget {
    Q_OBJECT
public:
    explicit PlayerPanel(GetPlayer* player, QWidget* parent = nullptr);

    void setTheme(const Theme& theme);
    [[nodiscard]] KeyEntry* keyEntry() const { return m_entry; }
    [[nodiscard]] TimelineView* timeline() const { return m_timeline; }
    [[nodiscard]] QSlider* slider() const;
    [[nodiscard]] QString captionText() const;
    [[nodiscard]] QString costLine() const;
    [[nodiscard]] QString endCardText() const;
    /// Moves the focus to the caption, so that a screen reader reads it again (F2).
    void focusCaption();

protected:
    void changeEvent(QEvent* event) override;

private:
    void applyFont();
    void onTrace();
    void onFrame(const PlayerFrame& frame);

    GetPlayer* m_player;
    KeyEntry* m_entry;
    TransportBar* m_transport;
    TimelineView* m_timeline;
    QLabel* m_caption;
    QLabel* m_cost;
    QLabel* m_endCard;
    QWidget* m_stepPart; // caption and costs
    QScrollArea* m_endArea;
    QStackedLayout* m_texts; // one of the two
};

} // namespace pagescape::gui
