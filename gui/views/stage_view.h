// SPDX-License-Identifier: MIT
// StageView: a write transaction step by step: nodes in memory, pages of the file, what was written
// and what was synced, and which of the two metas counts. A function of two states, the event
// between them, and the theme.
#pragma once

#include "layout/stage_layout.h"
#include "paint/stage_figures.h"
#include "paint/stage_painter.h"
#include "paint/theme.h"
#include "stage/stage_state.h"

#include <QAbstractScrollArea>
#include <QVariantAnimation>

#include <optional>

namespace pagescape::gui {

/// The picture. Arrows move a cursor over cards, cells, lanes and metas; Enter asks for what is
/// under it; it scrolls where the text is too large for the room.
class StageView final : public QAbstractScrollArea {
    Q_OBJECT
public:
    explicit StageView(QWidget* parent = nullptr);

    /// Milliseconds of the transition between two neighbouring steps.
    static constexpr int kTransition = 400;

    /// What is shown: the state after `event`, and the one before it. `event` may be null: then
    /// nothing stands out. All is copied; pages are shared. Cost: all pages once.
    void setStage(const StageState& before, const StageState& now, const StageEvent* event);
    void setTheme(const Theme& theme);
    /// Whether a step from what is shown to its successor fades in. Off until set.
    void setAnimated(bool isAnimated);

    [[nodiscard]] const StageState& state() const { return m_now; }
    [[nodiscard]] const StageFigures& figures() const { return m_figures; }
    [[nodiscard]] const StageLayout& stageLayout() const { return m_layout; }
    /// 0 to 1: 1 unless a transition runs.
    [[nodiscard]] qreal progress() const { return m_progress; }
    /// Where the badge "in force" is drawn, in the picture.
    [[nodiscard]] QRectF badgeRect() const { return stageBadgeRect(scene()); }

    /// What is under a point of the viewport. Chips count as their pages and nodes.
    [[nodiscard]] std::optional<StageTarget> targetAt(QPointF point) const;
    /// Where a target is drawn in the viewport; empty when it is not.
    [[nodiscard]] QRect targetRect(const StageTarget& target) const;
    [[nodiscard]] const std::optional<StageTarget>& cursor() const { return m_cursor; }
    void setCursorTarget(const StageTarget& target);
    /// Does what Enter does: emits pageActivated() or nodeActivated().
    void activate(const StageTarget& target);
    /// Everything about a target in sentences: tooltips and screen readers.
    [[nodiscard]] QString targetText(const StageTarget& target) const;
    /// The whole picture as text, a line a thing.
    [[nodiscard]] QString pictureText() const;

    /// Targets in reading order: nodes, pages, lanes, metas.
    [[nodiscard]] int targetCount() const;
    [[nodiscard]] StageTarget targetOf(int index) const;
    [[nodiscard]] int indexOf(const StageTarget& target) const;

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    /// A page was asked for: by a click on its cell, chip or meta, or by Enter.
    void pageActivated(PageId page);
    /// A node was asked for: by a double click on its card or chip, or by Enter.
    void nodeActivated(std::uint32_t node);

protected:
    bool viewportEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void relayout();
    void describe();
    [[nodiscard]] StageScene scene() const;
    [[nodiscard]] QPointF toPicture(QPointF point) const;
    [[nodiscard]] std::optional<StageTarget> moved(const StageTarget& from, int key) const;
    [[nodiscard]] std::optional<StageTarget> movedNode(const StageTarget& from, int key) const;
    [[nodiscard]] std::optional<StageTarget> movedPage(const StageTarget& from, int key) const;
    [[nodiscard]] std::optional<StageTarget> enter(StageTarget::Kind kind, qreal x,
                                                   bool fromAbove) const;
    [[nodiscard]] StageTarget firstTarget() const;

    StageState m_now;
    StagePageImage m_image; // of m_figures
    StageFigures m_figures;
    StageLayout m_layout;
    Theme m_theme = Theme::light();
    std::optional<StageTarget> m_cursor;
    std::optional<StageTarget> m_hovered;
    QVariantAnimation m_transition;
    qreal m_progress = 1;
    bool m_isAnimated = false;
};

} // namespace pagescape::gui
