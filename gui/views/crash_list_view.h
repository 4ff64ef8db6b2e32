// SPDX-License-Identifier: MIT
// CrashListView: the operations of a commit in order, a crash that can be put between any two, and
// a box for each write that no sync had confirmed.
#pragma once

#include "layout/crash_layout.h"
#include "paint/theme.h"
#include "stage/crash_values.h"

#include <QAbstractScrollArea>

#include <optional>

namespace pagescape::gui {

/// Shows what it is given and says what is asked for; it decides nothing.
/// Mouse: drag the crash or click its column; click a box, or a sector of a write to tear it there.
/// Keys: Up, Down, Home, End move the crash, Page Up and Page Down to the next named stop;
/// Shift+Up, Shift+Down choose an operation, Space changes its box, T, + and - tear it, Enter shows
/// its page.
class CrashListView final : public QAbstractScrollArea {
    Q_OBJECT
public:
    explicit CrashListView(QWidget* parent = nullptr);

    /// Another material: the chosen operation is forgotten.
    void setScript(const CrashScriptPtr& script);
    void setChoice(const CrashChoice& choice);
    void setTheme(const Theme& theme);
    /// The operation that keys act on; nothing when there is none.
    [[nodiscard]] std::optional<std::size_t> currentRow() const { return m_current; }
    void setCurrentRow(std::optional<std::size_t> row);
    [[nodiscard]] const CrashLayout& crashLayout() const { return m_layout; }
    /// A rectangle of the layout in the viewport's coordinates.
    [[nodiscard]] QRectF inViewport(const QRectF& rect) const;
    /// The situation in one sentence; also the accessible description.
    [[nodiscard]] QString summary() const;

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    void cursorRequested(std::size_t cursor);
    void fateRequested(std::size_t operation, const pagescape::WriteFate& fate);
    void currentRowChanged();
    void pageActivated(pagescape::PageId page);

protected:
    bool viewportEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void relayout();
    void describe();
    void reveal(const QRectF& rect);
    void moveTo(std::ptrdiff_t cursor);
    void moveToStop(bool isNext);
    void moveCurrent(int by);
    void toggle(std::size_t row);
    void tear(std::size_t row, std::ptrdiff_t sectors);
    void tearBy(int by);
    void activate(std::size_t row);
    [[nodiscard]] bool handleKey(const QKeyEvent& event);
    [[nodiscard]] QPointF toList(QPointF viewportPoint) const;
    [[nodiscard]] QString textAt(QPointF listPoint) const;
    [[nodiscard]] const WriteFate* fateOf(std::size_t row) const;

    CrashScriptPtr m_script;
    CrashChoice m_choice;
    CrashLayout m_layout;
    Theme m_theme = Theme::light();
    std::optional<std::size_t> m_current;
    bool m_isDragging = false;
};

/// Survives and lost in turn; a torn write survives again.
[[nodiscard]] WriteFate toggledFate(const WriteFate& fate);
/// Torn after that many sectors; none is lost, all of them survives.
[[nodiscard]] WriteFate tornFate(std::ptrdiff_t kept, std::uint32_t sectors);

} // namespace pagescape::gui
