// SPDX-License-Identifier: MIT
// GrowthCanvas: the picture of a growing file: three curves, the mapping at its addresses, and who
// waits at the last remap. Painted, with one cursor for pointer and keyboard.
#pragma once

#include "paint/growth_picture.h"
#include "paint/theme.h"
#include "stage/growth_series.h"

#include <QWidget>

#include <optional>

QT_BEGIN_NAMESPACE
class QVariantAnimation;
QT_END_NAMESPACE

namespace pagescape::gui {

/// Left and Right walk from point to point, Page Up and Page Down from remap to remap, Home and End
/// to the ends; Enter, Space or a click asks for that event; Escape lets the cursor go.
class GrowthCanvas final : public QWidget {
    Q_OBJECT
public:
    static constexpr int kTransitionMs = 400;

    explicit GrowthCanvas(QWidget* parent = nullptr);

    /// Borrowed until the next call; null shows nothing.
    void setLog(const StageLog* log);
    /// Reads what the log has more. Cost: its new events.
    void refresh();
    void setPosition(int event);
    void setTheme(const Theme& theme);
    void setLogarithmic(bool isOn);
    void setWholeRule(bool isOn);
    void setBoltsWay(bool isOn);
    /// Remaps move over 400 ms; never where the desktop has effects switched off.
    void setAnimated(bool isOn) { m_isAnimated = isOn; }
    /// The transition at a moment, 0 to 1; for tests and stills.
    void setTransition(qreal t);
    [[nodiscard]] qreal transition() const { return m_t; }

    [[nodiscard]] const GrowthSeries& series() const { return m_series; }
    /// The lengths at the present event.
    [[nodiscard]] const GrowthPoint& present() const { return m_present; }
    /// The last remap at or before the present event; null when there was none.
    [[nodiscard]] const GrowthRemap* remap() const;
    /// The point under the cursor, as an index of the series' points; -1: there is none.
    [[nodiscard]] int marked() const { return m_cursor; }
    void setMarked(int sample);
    /// The picture as it is laid out now; valid until the next change.
    [[nodiscard]] const GrowthPicture& picture();
    [[nodiscard]] const GrowthLayout& growthLayout() { return picture().growth(); }
    [[nodiscard]] const RemapLayout& remapLayout() { return picture().band(); }
    [[nodiscard]] const WaitLayout& waitLayout() { return picture().waits(); }
    [[nodiscard]] const RemapValues& remapValues() { return picture().values(); }
    /// What a point of the picture says.
    [[nodiscard]] QString textAt(QPointF point);
    /// All of it in sentences; also the accessible description.
    [[nodiscard]] QString summary() const;

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    void seekRequested(int event);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    [[nodiscard]] int now() const;
    void invalidate();
    void layOut();
    void showPresent(bool mayMove);
    void describe();
    void moveToRemap(int direction);

    const StageLog* m_log = nullptr;
    GrowthSeries m_series;
    GrowthPoint m_present;
    std::optional<int> m_position; // none: the newest event
    int m_remapEvent = -1;         // that is shown
    int m_cursor = -1;             // index of a point
    GrowthMeasure m_measure;
    bool m_boltsWay = false;
    bool m_isAnimated = true;
    bool m_isLaidOut = false;
    qreal m_t = 1;
    Theme m_theme = Theme::light();
    GrowthPicture m_picture;
    QVariantAnimation* m_motion;
};

} // namespace pagescape::gui
