// SPDX-License-Identifier: MIT
// ByteCanvasView: a page's bytes as coloured fields that read like text.
#pragma once

#include "layout/byte_canvas_layout.h"
#include "pagescape/value_format.h"
#include "views/page_bytes_view.h"

namespace pagescape::gui {

/// The byte canvas as a widget.
class ByteCanvasView final : public PageBytesView {
    Q_OBJECT
public:
    explicit ByteCanvasView(SelectionHub* hub, QWidget* parent = nullptr);
    /// The format that keys are shown in.
    void setKeyFormat(ValueFormat format);
    [[nodiscard]] const ByteCanvasLayout& layoutOfBytes() const { return m_layout; }

protected:
    void relayout() override;
    [[nodiscard]] std::optional<quint64> byteAt(QPointF point) const override;
    [[nodiscard]] QRectF contentRect(quint64 byte) const override;
    [[nodiscard]] quint64 bytesPerRow() const override { return m_layout.bytesPerRow(); }
    void paintEvent(QPaintEvent* event) override;

private:
    ByteCanvasLayout m_layout;
    ValueFormat m_keyFormat = ValueFormat::Auto;
};

} // namespace pagescape::gui
