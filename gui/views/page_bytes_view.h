// SPDX-License-Identifier: MIT
// PageBytesView: what the byte canvas and the hex view share: one page, the linked selection, hover
// as a preview, and a keyboard cursor that is the hover of people without a mouse.
#pragma once

#include "models/session_values.h"
#include "paint/theme.h"
#include "state/selection_hub.h"

#include <QAbstractScrollArea>

#include <optional>

namespace pagescape::gui {

/// Shows the bytes of one page run. Arrow keys move the cursor, Space selects the field under it,
/// Enter follows a pointer, Esc gives the selection back to the page.
class PageBytesView : public QAbstractScrollArea {
    Q_OBJECT
public:
    PageBytesView(SelectionHub* hub, QWidget* parent = nullptr);

    void setPage(PageSnapshot page);
    [[nodiscard]] const PageSnapshot& page() const { return m_page; }
    void setTheme(const Theme& theme);
    /// Dims all but this element's key; -1 lights everything.
    void setLitElement(int element);

    [[nodiscard]] int selectedField() const { return m_selected; }
    [[nodiscard]] int hoveredField() const { return m_hovered; }

Q_SIGNALS:
    /// A field that points to another page was activated.
    void followRequested(pagescape::PageId page);

protected:
    /// Recomputes the layout for the present page and size.
    virtual void relayout() = 0;
    /// Byte of the run under a viewport point.
    [[nodiscard]] virtual std::optional<quint64> byteAt(QPointF point) const = 0;
    /// Rectangle of a byte in content coordinates.
    [[nodiscard]] virtual QRectF contentRect(quint64 byte) const = 0;
    [[nodiscard]] virtual quint64 bytesPerRow() const = 0;

    [[nodiscard]] const Theme& theme() const { return m_theme; }
    [[nodiscard]] int litElement() const { return m_litElement; }
    [[nodiscard]] std::optional<quint64> cursor() const { return m_cursor; }
    [[nodiscard]] const PageDescription* description() const;
    [[nodiscard]] QPointF scrollOffset() const;
    void setContentSize(QSizeF size, qreal step);

    void resizeEvent(QResizeEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool viewportEvent(QEvent* event) override;

private:
    void onSelection(const Place& place);
    void onHover(const Place& place);
    void moveCursor(qint64 by);
    void scrollToByte(quint64 byte);
    void follow(int field);
    [[nodiscard]] int fieldAtByte(quint64 byte) const;

    SelectionHub* m_hub;
    PageSnapshot m_page;
    Theme m_theme = Theme::light();
    std::optional<quint64> m_cursor;
    int m_selected = -1;
    int m_hovered = -1;
    int m_litElement = -1;
};

} // namespace pagescape::gui
