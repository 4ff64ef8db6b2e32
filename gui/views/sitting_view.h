// SPDX-License-Identifier: MIT
// SittingView: when? The time line of a whole sitting of a sandbox: commands, write transactions as
// spans, readers as bars, new mappings, and where the player stands.
#pragma once

#include "layout/sitting_layout.h"
#include "paint/sitting_painter.h"
#include "paint/theme.h"
#include "stage/sitting.h"

#include <QWidget>

#include <cstdint>
#include <optional>
#include <vector>

namespace pagescape::gui {

/// Click or drag seeks. Ctrl and the wheel, or + - 0, zoom; the wheel moves. Left and Right step by
/// events, with Ctrl by commands, Page Up and Page Down by transactions. Up and Down choose a
/// reader; dragging the end of its bar, or Shift with Left and Right, asks what would become free
/// if it had ended there.
class SittingView final : public QWidget {
    Q_OBJECT
public:
    explicit SittingView(QWidget* parent = nullptr);

    /// Takes in what is new in the log of one sandbox, or what was undone. Cost: the new events.
    void follow(const StageLog& log);
    /// Forgets everything: another sandbox begins.
    void clear();
    /// Where the player stands: after this event; -1: before the first.
    void setPosition(int event);
    void setTheme(const Theme& theme);

    [[nodiscard]] const Sitting& sitting() const { return m_sitting; }
    [[nodiscard]] const SittingLayout& sittingLayout() const { return m_layout; }
    [[nodiscard]] int position() const { return m_position; }
    [[nodiscard]] std::optional<SittingWhatIf> whatIf() const { return m_whatIf; }
    /// Number of the chosen reader; 0: none.
    [[nodiscard]] std::uint64_t chosenReader() const;
    /// Chooses the bar of a reader that is open at the position; 0 or another number: none. Not
    /// told by readerChosen().
    void chooseReader(std::uint64_t reader);

    /// Moments that are marked; they are lines through all lanes.
    void setFlags(std::vector<SittingFlag> flags);
    [[nodiscard]] const std::vector<SittingFlag>& flags() const { return m_flags; }

    /// Lines about a point, as its tool tip has them.
    [[nodiscard]] QString textAt(QPointF point) const;
    /// Where the line stands, in sentences; also the accessible description.
    [[nodiscard]] QString summary() const;

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    void seekRequested(int event);
    /// The user chose a reader, or none (0).
    void readerChosen(std::uint64_t reader);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    enum class Drag { None, Seek, ReaderEnd };

    [[nodiscard]] SittingValues values() const;
    [[nodiscard]] SittingMetrics metrics() const;
    [[nodiscard]] QSize sizeFor(int readerLanes) const;
    void relayout();
    void describe();
    void setZoom(const SittingZoom& zoom);
    void choose(std::optional<std::size_t> bar);
    void seek(int event);
    [[nodiscard]] std::optional<std::size_t> barAt(QPointF point) const;
    /// The bar whose end can be taken hold of at a point.
    [[nodiscard]] std::optional<std::size_t> gripAt(QPointF point) const;
    [[nodiscard]] bool isOpenAt(std::size_t bar, int event) const;
    void dragEnd(int event);
    void stepCommand(int direction);
    void stepTransaction(int direction);
    void stepReader(int direction);
    void stepEnd(int direction);
    [[nodiscard]] QString commandOf(int event) const;
    [[nodiscard]] QString readerText(const SittingReader& bar) const;
    [[nodiscard]] QString spanText(const SittingSpan& span) const;

    Sitting m_sitting;
    SittingLayout m_layout;
    SittingZoom m_zoom;
    Theme m_theme = Theme::light();
    int m_position = -1;
    std::optional<std::size_t> m_chosen; // a bar
    std::optional<SittingWhatIf> m_whatIf;
    std::vector<SittingFlag> m_flags;
    Drag m_drag = Drag::None;
};

} // namespace pagescape::gui
