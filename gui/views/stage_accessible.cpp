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
    installAccessibility(makeInterface);
}

// The list

AccessibleStage::AccessibleStage(StageView* view) : QAccessibleWidget(view, QAccessible::List) {}

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
    return m_items.at(index, [&] { return new AccessibleStageItem(view(), index); });
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
    : AccessibleItem(view), m_index(index) {}

bool AccessibleStageItem::isValid() const {
    return view() && m_index < view()->targetCount();
}

QString AccessibleStageItem::text(QAccessible::Text type) const {
    if (!isValid()) {
        return {};
    }
    QStringList lines = view()->targetText(view()->targetOf(m_index)).split(u'\n');
    switch (type) {
    case QAccessible::Name: return lines.first();
    case QAccessible::Description: lines.removeFirst(); return lines.join(QStringLiteral(". "));
    default: return {};
    }
}

QRect AccessibleStageItem::drawnRect() const {
    return view()->targetRect(view()->targetOf(m_index));
}

QAccessible::State AccessibleStageItem::state() const {
    return isValid() ? stateOf(view()->cursor() == view()->targetOf(m_index)) : invalidState();
}

void AccessibleStageItem::doAction(const QString& name) {
    if (name == pressAction() && isValid()) {
        const StageTarget target = view()->targetOf(m_index);
        view()->setCursorTarget(target);
        view()->activate(target);
    }
}

} // namespace pagescape::gui
