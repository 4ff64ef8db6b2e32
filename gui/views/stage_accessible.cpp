// SPDX-License-Identifier: MIT
#include "views/stage_accessible.h"

namespace pagescape::gui {

namespace {

QAccessibleInterface* makeInterface(const QString& className, QObject* object) {
    if (className == QLatin1String(StageView::staticMetaObject.className())) {
        return new AccessibleStage(static_cast<StageView*>(object));
    }
    return nullptr;
}

} // namespace

void installStageAccessibility() {
    static const bool isInstalled = [] {
        QAccessible::installFactory(makeInterface);
        return true;
    }();
    Q_UNUSED(isInstalled)
}

// The list

AccessibleStage::AccessibleStage(StageView* view) : QAccessibleWidget(view, QAccessible::List) {}

AccessibleStage::~AccessibleStage() {
    for (const auto& [index, kept] : m_items) {
        QAccessible::deleteAccessibleInterface(kept.id);
    }
}

StageView* AccessibleStage::view() const {
    return static_cast<StageView*>(widget());
}

int AccessibleStage::childCount() const {
    return view() ? view()->targetCount() : 0;
}

QAccessibleInterface* AccessibleStage::child(int index) const {
    if (index < 0 || index >= childCount()) {
        return nullptr;
    }
    if (const auto found = m_items.find(index); found != m_items.end()) {
        return QAccessible::accessibleInterface(found->second.id);
    }
    if (m_items.size() >= kMaxItems) {
        const auto oldest = m_items.find(m_ages.front());
        QAccessible::deleteAccessibleInterface(oldest->second.id);
        m_items.erase(oldest);
        m_ages.pop_front();
    }
    auto* item = new AccessibleStageItem(view(), index);
    m_ages.push_back(index);
    m_items[index] = {QAccessible::registerAccessibleInterface(item), std::prev(m_ages.end())};
    return item;
}

int AccessibleStage::indexOfChild(const QAccessibleInterface* child) const {
    const auto* item = dynamic_cast<const AccessibleStageItem*>(child);
    return item ? item->index() : -1;
}

QAccessibleInterface* AccessibleStage::childAt(int x, int y) const {
    if (!view()) {
        return nullptr;
    }
    const QPoint point = view()->viewport()->mapFromGlobal(QPoint(x, y));
    const auto target =
        view()->viewport()->rect().contains(point) ? view()->targetAt(point) : std::nullopt;
    return target ? child(view()->indexOf(*target)) : nullptr;
}

QAccessibleInterface* AccessibleStage::focusChild() const {
    return view() && view()->hasFocus() && view()->cursor()
               ? child(view()->indexOf(*view()->cursor()))
               : nullptr;
}

QString AccessibleStage::text(QAccessible::Text type) const {
    return type == QAccessible::Value && view() ? view()->pictureText()
                                                : QAccessibleWidget::text(type);
}

QAccessible::State AccessibleStage::state() const {
    QAccessible::State state = QAccessibleWidget::state();
    state.readOnly = true;
    return state;
}

// An item

AccessibleStageItem::AccessibleStageItem(StageView* view, int index)
    : m_view(view), m_index(index) {}

void* AccessibleStageItem::interface_cast(QAccessible::InterfaceType type) {
    return type == QAccessible::ActionInterface ? static_cast<QAccessibleActionInterface*>(this)
                                                : nullptr;
}

bool AccessibleStageItem::isValid() const {
    return m_view && m_index < m_view->targetCount();
}

QAccessibleInterface* AccessibleStageItem::parent() const {
    return QAccessible::queryAccessibleInterface(m_view.data());
}

QString AccessibleStageItem::text(QAccessible::Text type) const {
    if (!isValid()) {
        return {};
    }
    QStringList lines = m_view->targetText(m_view->targetOf(m_index)).split(u'\n');
    switch (type) {
    case QAccessible::Name: return lines.first();
    case QAccessible::Description: lines.removeFirst(); return lines.join(QStringLiteral(". "));
    default: return {};
    }
}

QRect AccessibleStageItem::rect() const {
    if (!isValid()) {
        return {};
    }
    const QRect rect = m_view->targetRect(m_view->targetOf(m_index));
    return {m_view->viewport()->mapToGlobal(rect.topLeft()), rect.size()};
}

QAccessible::State AccessibleStageItem::state() const {
    QAccessible::State state;
    if (!isValid()) {
        state.invalid = true;
        return state;
    }
    const StageTarget target = m_view->targetOf(m_index);
    state.focusable = true;
    state.readOnly = true;
    state.focused = m_view->hasFocus() && m_view->cursor() == target;
    state.offscreen = !m_view->viewport()->rect().intersects(m_view->targetRect(target));
    return state;
}

QStringList AccessibleStageItem::actionNames() const {
    return {pressAction()};
}

void AccessibleStageItem::doAction(const QString& name) {
    if (name == pressAction() && isValid()) {
        const StageTarget target = m_view->targetOf(m_index);
        m_view->setCursorTarget(target);
        m_view->activate(target);
    }
}

} // namespace pagescape::gui
