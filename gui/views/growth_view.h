// SPDX-License-Identifier: MIT
// GrowthView: "Growth and remap": how a file and its mapping grow while a sandbox is driven, with
// the switches of the picture and a card that asks for the next mapping.
#pragma once

#include "paint/theme.h"
#include "stage/stage_log.h"

#include <QWidget>

QT_BEGIN_NAMESPACE
class QBoxLayout;
class QCheckBox;
class QComboBox;
class QPushButton;
class QScrollArea;
QT_END_NAMESPACE

namespace pagescape::gui {

class GrowthCanvas;
class PredictMapping;

/// One tab. It only reads the log.
class GrowthView final : public QWidget {
    Q_OBJECT
public:
    explicit GrowthView(QWidget* parent = nullptr);

    /// Borrowed until the next call; null shows nothing. Call refresh() whenever it changed.
    void setLog(const StageLog* log);
    /// Takes over what the log has more, or less after an undo. Cost: the new events; painting
    /// comes with the next frame.
    void refresh();
    /// The event that is present. At the newest one the view stays there as the log grows.
    void setPosition(int event);
    void setTheme(const Theme& theme);
    /// Whether a remap moves over 400 ms. Off where the desktop has effects switched off.
    void setAnimated(bool isOn);

    [[nodiscard]] GrowthCanvas* canvas() const { return m_canvas; }
    [[nodiscard]] PredictMapping* card() const { return m_card; }
    [[nodiscard]] QComboBox* scaleBox() const { return m_scale; }
    [[nodiscard]] QCheckBox* wholeRuleBox() const { return m_wholeRule; }
    [[nodiscard]] QCheckBox* boltsWayBox() const { return m_boltsWay; }
    [[nodiscard]] QCheckBox* animatedBox() const { return m_animated; }
    [[nodiscard]] QPushButton* askButton() const { return m_ask; }
    /// Asks for the mapping that follows the present one.
    void ask();
    [[nodiscard]] bool isAsking() const;

Q_SIGNALS:
    /// A point of the picture was chosen.
    void seekRequested(int event);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void closeCard();
    void placeCard();

    GrowthCanvas* m_canvas;
    PredictMapping* m_card;
    QScrollArea* m_cardArea;
    QBoxLayout* m_room; // canvas and card
    QComboBox* m_scale;
    QCheckBox* m_wholeRule;
    QCheckBox* m_boltsWay;
    QCheckBox* m_animated;
    QPushButton* m_ask;
};

} // namespace pagescape::gui
