// SPDX-License-Identifier: MIT
// The drawn tree for screen readers: a tree whose children are the drawn boxes in pre-order, as
// Qt's own trees have it. Items exist only while somebody asks for them.
#pragma once

#include "views/accessible_items.h"
#include "views/tree_view.h"

#include <QAccessible>
#include <QAccessibleWidget>

namespace pagescape::gui {

/// Makes QAccessible answer for tree views. Calling it again does nothing.
void installTreeAccessibility();

/// A tree view; child n is node n of its shape.
class AccessibleTree final : public QAccessibleWidget {
public:
    explicit AccessibleTree(TreeView* view);

    [[nodiscard]] int childCount() const override;
    [[nodiscard]] QAccessibleInterface* child(int index) const override;
    [[nodiscard]] int indexOfChild(const QAccessibleInterface* child) const override;
    [[nodiscard]] QAccessibleInterface* childAt(int x, int y) const override;
    [[nodiscard]] QAccessibleInterface* focusChild() const override;

private:
    [[nodiscard]] TreeView* view() const;

    mutable AccessibleItems m_items;
    mutable quint64 m_shapeNumber = 0; // the items are of this shape
};

/// One drawn box.
class AccessibleTreeNode final : public AccessibleItem<TreeView> {
public:
    AccessibleTreeNode(TreeView* view, int node);

    [[nodiscard]] int node() const { return m_node; }

    [[nodiscard]] bool isValid() const override;
    /// Name: the page in a sentence; description: its level and its keys.
    [[nodiscard]] QString text(QAccessible::Text type) const override;
    [[nodiscard]] QAccessible::Role role() const override { return QAccessible::TreeItem; }
    [[nodiscard]] QAccessible::State state() const override;

    [[nodiscard]] QStringList actionNames() const override;
    /// Press: select the page; toggle: unfold or fold it.
    void doAction(const QString& name) override;

protected:
    [[nodiscard]] QRect drawnRect() const override;

private:
    quint64 m_shapeNumber;
    int m_node;
};

} // namespace pagescape::gui
