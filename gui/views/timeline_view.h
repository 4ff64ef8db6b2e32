// SPDX-License-Identifier: MIT
// TimelineView: the events of a trace as marks in a row; the present one stands out.
#pragma once

#include "models/session_values.h"
#include "paint/theme.h"

#include <QWidget>

#include <optional>

namespace pagescape::gui {

/// A row of events, one mark each, in order. Clicking seeks.
class TimelineView final : public QWidget {
    Q_OBJECT
public:
    explicit TimelineView(QWidget* parent = nullptr);

    void setTrace(GetTracePtr trace);
    void setPosition(int event);
    void setTheme(const Theme& theme);
    /// Rectangle of an event's mark.
    [[nodiscard]] QRectF markRect(int event) const;
    [[nodiscard]] std::optional<int> eventAt(QPointF point) const;
    [[nodiscard]] QSize sizeHint() const override { return {200, 30}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {80, 26}; }

Q_SIGNALS:
    void seekRequested(int event);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    bool event(QEvent* event) override;

private:
    [[nodiscard]] int count() const { return m_trace ? int(m_trace->events.size()) : 0; }

    GetTracePtr m_trace;
    int m_position = -1;
    Theme m_theme = Theme::light();
};

/// One letter for an event's kind: M meta, B bucket, P page, ? comparison, > child, V value,
/// = hit, - miss.
[[nodiscard]] QChar eventLetter(const TraceEvent& event);

} // namespace pagescape::gui
