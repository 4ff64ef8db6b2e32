// SPDX-License-Identifier: MIT
// AddressStripView: the file inside its mapping as one thin band: length of both, high-water mark,
// addresses, and the part that was in memory before the program read anything.
#pragma once

#include "layout/strip_layout.h"
#include "paint/strip_painter.h"
#include "state/selection_hub.h"

#include <QWidget>

#include <memory>
#include <optional>
#include <vector>

namespace pagescape::gui {

/// The band under the tool bar. Click selects the page at a byte; Left and Right walk page by page.
class AddressStripView final : public QWidget {
    Q_OBJECT
public:
    explicit AddressStripView(SelectionHub* hub, QWidget* parent = nullptr);

    /// What is shown. `values.residency` is not used: `residency` is, and is kept.
    void setValues(StripValues values, std::vector<std::uint8_t> residency, quint32 pageSize);
    /// Why the resident part cannot be trusted; empty when it can.
    void setResidencyCaveat(const QString& caveat);
    void setTheme(const Theme& theme);

    [[nodiscard]] const StripValues& values() const { return m_values; }
    [[nodiscard]] const StripLayout& stripLayout() const { return m_layout; }
    /// A sentence about a point of the band, as its tooltip has it.
    [[nodiscard]] QString textAt(QPointF point) const;
    /// All figures in one sentence; also the accessible description.
    [[nodiscard]] QString summary() const;

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void relayout();
    void describe();
    [[nodiscard]] quint64 pageCount() const;
    void selectPage(quint64 page);
    void onSelectionChanged(const Place& place);
    void onHoverChanged(const Place& place);
    [[nodiscard]] QString residentText(quint64 offset) const;

    SelectionHub* m_hub;
    StripValues m_values;
    std::vector<std::uint8_t> m_residency;
    StripLayout m_layout;
    Theme m_theme = Theme::light();
    quint32 m_pageSize = 0;
    QString m_caveat;
    std::optional<ByteRange> m_selected;
    std::optional<quint64> m_hovered;
};

} // namespace pagescape::gui
