// SPDX-License-Identifier: MIT
#include "views/tree_accessible.h"

#include "views/page_text.h"

#include <QCoreApplication>

namespace pagescape::gui {

namespace {

struct TreeText {
    Q_DECLARE_TR_FUNCTIONS(AccessibleTree)
};

QAccessibleInterface* makeInterface(const QString& className, QObject* object) {
    if (className == QLatin1String(TreeView::staticMetaObject.className())) {
        return new AccessibleTree(static_cast<TreeView*>(object));
    }
    return nullptr;
}

} // namespace

void installTreeAccessibility() {
    installAccessibility(makeInterface);
}

// The tree

AccessibleTree::AccessibleTree(TreeView* view) : QAccessibleWidget(view, QAccessible::Tree) {}

TreeView* AccessibleTree::view() const {
    return static_cast<TreeView*>(widget());
}

int AccessibleTree::childCount() const {
    return view() ? view()->treeLayout().nodeCount() : 0;
}

QAccessibleInterface* AccessibleTree::child(int index) const {
    if (index < 0 || index >= childCount()) {
        return nullptr;
    }
    if (m_shapeNumber != view()->shapeNumber()) {
        m_items.clear();
        m_shapeNumber = view()->shapeNumber();
    }
    return m_items.at(index, [&] { return new AccessibleTreeNode(view(), index); });
}

int AccessibleTree::indexOfChild(const QAccessibleInterface* child) const {
    const auto* item = dynamic_cast<const AccessibleTreeNode*>(child);
    return item ? item->node() : -1;
}

QAccessibleInterface* AccessibleTree::childAt(int x, int y) const {
    if (!view()) {
        return nullptr;
    }
    const QPoint point = view()->viewport()->mapFromGlobal(QPoint(x, y));
    const std::optional<TreeLayout::Hit> hit =
        view()->viewport()->rect().contains(point) ? view()->hitAt(point) : std::nullopt;
    return hit ? child(hit->node) : nullptr;
}

QAccessibleInterface* AccessibleTree::focusChild() const {
    return view() && view()->hasFocus() ? child(view()->cursorNode()) : nullptr;
}

// A box

AccessibleTreeNode::AccessibleTreeNode(TreeView* view, int node)
    : AccessibleItem(view), m_shapeNumber(view->shapeNumber()), m_node(node) {}

bool AccessibleTreeNode::isValid() const {
    return view() && view()->shapeNumber() == m_shapeNumber &&
           m_node < view()->treeLayout().nodeCount();
}

QString AccessibleTreeNode::text(QAccessible::Text type) const {
    if (!isValid()) {
        return {};
    }
    const TreeShape::Node& node = view()->shape().nodes[static_cast<std::size_t>(m_node)];
    if (type == QAccessible::Name) {
        const QString change = lensClassName(Lens::Changes, view()->changeOf(m_node));
        return changeGlyph(view()->changeOf(m_node)).isNull()
                   ? nodeSentence(node)
                   : TreeText::tr("%1, %2").arg(nodeSentence(node), change);
    }
    if (type != QAccessible::Description) {
        return {};
    }
    const QString level = TreeText::tr("level %1").arg(view()->treeLayout().levelOf(m_node) + 1);
    return node.firstKey.isEmpty() ? level
                                   : TreeText::tr("%1, first key %2").arg(level, node.firstKey);
}

QRect AccessibleTreeNode::drawnRect() const {
    return view()->nodeRect(m_node).toAlignedRect();
}

QAccessible::State AccessibleTreeNode::state() const {
    if (!isValid()) {
        return invalidState();
    }
    QAccessible::State state = stateOf(view()->cursorNode() == m_node);
    const bool hasDrawn = view()->treeLayout().firstChild(m_node) >= 0;
    const bool hasHidden = !view()->stubRect(m_node).isEmpty();
    state.selectable = true;
    state.expandable = hasDrawn || hasHidden;
    state.expanded = hasDrawn;
    state.collapsed = hasHidden && !hasDrawn;
    state.selected = view()->selectedNode() == m_node;
    return state;
}

QStringList AccessibleTreeNode::actionNames() const {
    QStringList names{pressAction()};
    if (isValid() && state().expandable) {
        names += toggleAction();
    }
    return names;
}

void AccessibleTreeNode::doAction(const QString& name) {
    if (!isValid()) {
        return;
    }
    if (name == pressAction()) {
        view()->moveCursorTo(m_node);
        view()->selectNode(m_node);
    } else if (name == toggleAction()) {
        view()->toggleNode(m_node);
    }
}

} // namespace pagescape::gui
