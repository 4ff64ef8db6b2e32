// SPDX-License-Identifier: MIT
// HeldGauge: how much of the file readers keep from being used again, as one bar: in use, held,
// free at the next Begin, free now.
#pragma once

#include "paint/theme.h"

#include <QWidget>

#include <array>
#include <vector>

namespace pagescape::gui {

/// Parts of the file in bytes.
struct HeldValues {
    quint64 fileSize = 0;
    quint64 held = 0; ///< by readers
    quint64 due = 0;  ///< becomes free at the next Begin
    quint64 free = 0; ///< may be written to now
    friend bool operator==(const HeldValues&, const HeldValues&) = default;
};

/// The bar, and under it its parts in words. Its accessible description says the same.
class HeldGauge final : public QWidget {
    Q_OBJECT
public:
    explicit HeldGauge(QWidget* parent = nullptr);

    void setValues(const HeldValues& values);
    void setTheme(const Theme& theme);
    [[nodiscard]] const HeldValues& values() const { return m_values; }
    /// "72 KiB of 600 KiB are held by readers (12 %)."
    [[nodiscard]] QString summary() const;

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }
    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    struct Part {
        QString text;
        quint64 bytes = 0;
    };
    enum Kind { Held, Due, Free, Rest, KindCount };

    [[nodiscard]] std::array<Part, KindCount> parts() const;
    void paintPart(QPainter& painter, const QRectF& rect, Kind kind) const;
    /// Places of the legend's entries under each other or beside, as the width allows.
    [[nodiscard]] std::vector<QRectF> legendRects(qreal width) const;

    HeldValues m_values;
    Theme m_theme = Theme::light();
};

} // namespace pagescape::gui
