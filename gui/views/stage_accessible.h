// SPDX-License-Identifier: MIT
// The stage for screen readers: a list of everything in the picture, nodes first, then pages, lanes
// and metas. Items exist only while somebody asks for them.
#pragma once

#include "views/accessible_items.h"
#include "views/stage_view.h"

#include <QAccessible>
#include <QAccessibleWidget>

namespace pagescape::gui {

/// Makes QAccessible answer for stages. Calling it again does nothing.
void installStageAccessibility();

/// A stage as a list; child n is StageView::targetOf(n).
class AccessibleStage final : public QAccessibleWidget {
public:
    explicit AccessibleStage(StageView* view);

    [[nodiscard]] int childCount() const override;
    [[nodiscard]] QAccessibleInterface* child(int index) const override;
    [[nodiscard]] int indexOfChild(const QAccessibleInterface* child) const override;
    [[nodiscard]] QAccessibleInterface* childAt(int x, int y) const override;
    [[nodiscard]] QAccessibleInterface* focusChild() const override;
    /// Description: what a crash would leave; value: the whole picture as text.
    [[nodiscard]] QString text(QAccessible::Text type) const override;
    [[nodiscard]] QAccessible::State state() const override;

private:
    [[nodiscard]] StageView* view() const;

    mutable AccessibleItems m_items;
};

/// One thing in the picture, made on demand.
class AccessibleStageItem final : public AccessibleItem<StageView> {
public:
    AccessibleStageItem(StageView* view, int index);

    [[nodiscard]] int index() const { return m_index; }

    [[nodiscard]] bool isValid() const override;
    /// Name: its first sentence; description: the others.
    [[nodiscard]] QString text(QAccessible::Text type) const override;
    [[nodiscard]] QAccessible::Role role() const override { return QAccessible::ListItem; }
    [[nodiscard]] QAccessible::State state() const override;

    /// Press: what Enter does.
    void doAction(const QString& name) override;

protected:
    [[nodiscard]] QRect drawnRect() const override;

private:
    int m_index;
};

} // namespace pagescape::gui
