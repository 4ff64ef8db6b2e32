// SPDX-License-Identifier: MIT
// HexView: a page's bytes as hexadecimal and text, 16 a line.
#pragma once

#include "layout/hex_layout.h"
#include "views/page_bytes_view.h"

namespace pagescape::gui {

/// The hex view as a widget.
class HexView final : public PageBytesView {
    Q_OBJECT
public:
    explicit HexView(SelectionHub* hub, QWidget* parent = nullptr);
    [[nodiscard]] const HexLayout& layoutOfBytes() const { return m_layout; }

protected:
    void relayout() override;
    [[nodiscard]] std::optional<quint64> byteAt(QPointF point) const override;
    [[nodiscard]] QRectF contentRect(quint64 byte) const override;
    [[nodiscard]] quint64 bytesPerRow() const override { return 16; }
    void paintEvent(QPaintEvent* event) override;

private:
    HexLayout m_layout;
};

} // namespace pagescape::gui
