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
    static const bool isInstalled = [] {
        QAccessible::installFactory(makeInterface);
        return true;
    }();
    Q_UNUSED(isInstalled)
}

// The tree

AccessibleTree::AccessibleTree(TreeView* view) : QAccessibleWidget(view, QAccessible::Tree) {}

AccessibleTree::~AccessibleTree() {
    dropItems();
}

TreeView* AccessibleTree::view() const {
    return static_cast<TreeView*>(widget());
}

void AccessibleTree::dropItems() const {
    for (const auto& [node, id] : m_items) {
        QAccessible::deleteAccessibleInterface(id);
    }
    m_items.clear();
}

int AccessibleTree::childCount() const {
    return view() ? view()->treeLayout().nodeCount() : 0;
}

QAccessibleInterface* AccessibleTree::child(int index) const {
    if (index < 0 || index >= childCount()) {
        return nullptr;
    }
    if (m_shapeNumber != view()->shapeNumber()) {
        dropItems();
        m_shapeNumber = view()->shapeNumber();
    }
    if (const auto found = m_items.find(index); found != m_items.end()) {
        return QAccessible::accessibleInterface(found->second);
    }
    auto* item = new AccessibleTreeNode(view(), index);
    m_items[index] = QAccessible::registerAccessibleInterface(item);
    return item;
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
    : m_view(view), m_shapeNumber(view->shapeNumber()), m_node(node) {}

void* AccessibleTreeNode::interface_cast(QAccessible::InterfaceType type) {
    return type == QAccessible::ActionInterface ? static_cast<QAccessibleActionInterface*>(this)
                                                : nullptr;
}

bool AccessibleTreeNode::isValid() const {
    return m_view && m_view->shapeNumber() == m_shapeNumber &&
           m_node < m_view->treeLayout().nodeCount();
}

QAccessibleInterface* AccessibleTreeNode::parent() const {
    return QAccessible::queryAccessibleInterface(m_view.data());
}

QString AccessibleTreeNode::text(QAccessible::Text type) const {
    if (!isValid()) {
        return {};
    }
    const TreeShape::Node& node = m_view->shape().nodes[static_cast<std::size_t>(m_node)];
    if (type == QAccessible::Name) {
        const QString change = lensClassName(Lens::Changes, m_view->changeOf(m_node));
        return changeGlyph(m_view->changeOf(m_node)).isNull()
                   ? nodeSentence(node)
                   : TreeText::tr("%1, %2").arg(nodeSentence(node), change);
    }
    if (type != QAccessible::Description) {
        return {};
    }
    const QString level = TreeText::tr("level %1").arg(m_view->treeLayout().levelOf(m_node) + 1);
    return node.firstKey.isEmpty() ? level
                                   : TreeText::tr("%1, first key %2").arg(level, node.firstKey);
}

QRect AccessibleTreeNode::rect() const {
    if (!isValid()) {
        return {};
    }
    const QRect box = m_view->nodeRect(m_node).toAlignedRect();
    return {m_view->viewport()->mapToGlobal(box.topLeft()), box.size()};
}

QAccessible::State AccessibleTreeNode::state() const {
    QAccessible::State state;
    if (!isValid()) {
        state.invalid = true;
        return state;
    }
    const bool hasDrawn = m_view->treeLayout().firstChild(m_node) >= 0;
    const bool hasHidden = !m_view->stubRect(m_node).isEmpty();
    state.focusable = true;
    state.selectable = true;
    state.readOnly = true;
    state.expandable = hasDrawn || hasHidden;
    state.expanded = hasDrawn;
    state.collapsed = hasHidden && !hasDrawn;
    state.selected = m_view->selectedNode() == m_node;
    state.focused = m_view->hasFocus() && m_view->cursorNode() == m_node;
    state.offscreen = !QRectF(m_view->viewport()->rect()).intersects(m_view->nodeRect(m_node));
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
        m_view->moveCursorTo(m_node);
        m_view->selectNode(m_node);
    } else if (name == toggleAction()) {
        m_view->toggleNode(m_node);
    }
}

} // namespace pagescape::gui
