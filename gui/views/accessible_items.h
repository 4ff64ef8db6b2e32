// SPDX-License-Identifier: MIT
// What the drawn canvases share for screen readers: items that exist only while somebody asks for
// them, so that a picture of millions of things costs nothing.
#pragma once

#include <QAccessible>
#include <QPointer>
#include <QRect>
#include <QStringList>
#include <QWidget>

#include <functional>
#include <list>
#include <unordered_map>

namespace pagescape::gui {

/// Has QAccessible ask `make` for the interface of objects of a class. Calling it again with the
/// same function does nothing.
void installAccessibility(QAccessible::InterfaceFactory make);

/// The items of one canvas that were asked for, by their number. Owns them. Thread: GUI thread.
class AccessibleItems {
public:
    /// Items kept at a time; the oldest goes first.
    static constexpr std::size_t kMost = 4096;

    AccessibleItems() = default;
    ~AccessibleItems() { clear(); }
    AccessibleItems(const AccessibleItems&) = delete;
    AccessibleItems& operator=(const AccessibleItems&) = delete;

    /// The item with a number, from `make` when there is none yet.
    QAccessibleInterface* at(int number, const std::function<QAccessibleInterface*()>& make);
    void clear();
    [[nodiscard]] std::size_t count() const { return m_items.size(); }

private:
    struct Kept {
        QAccessible::Id id = 0;
        std::list<int>::iterator age;
    };
    std::unordered_map<int, Kept> m_items;
    std::list<int> m_ages; // oldest first
};

/// One thing drawn on a `View`: a leaf of the tree of interfaces that can be pressed. The view may
/// be gone before the item, when the window closes.
template <class View>
class AccessibleItem : public QAccessibleInterface, public QAccessibleActionInterface {
public:
    void* interface_cast(QAccessible::InterfaceType type) override {
        return type == QAccessible::ActionInterface ? static_cast<QAccessibleActionInterface*>(this)
                                                    : nullptr;
    }
    [[nodiscard]] QObject* object() const override { return nullptr; }
    [[nodiscard]] QAccessibleInterface* childAt(int, int) const override { return nullptr; }
    [[nodiscard]] QAccessibleInterface* parent() const override {
        return QAccessible::queryAccessibleInterface(m_view.data());
    }
    [[nodiscard]] QAccessibleInterface* child(int) const override { return nullptr; }
    [[nodiscard]] int childCount() const override { return 0; }
    [[nodiscard]] int indexOfChild(const QAccessibleInterface*) const override { return -1; }
    void setText(QAccessible::Text, const QString&) override {}
    [[nodiscard]] QRect rect() const override {
        const QRect drawn = isValid() ? drawnRect() : QRect();
        return drawn.isNull()
                   ? QRect()
                   : QRect(m_view->viewport()->mapToGlobal(drawn.topLeft()), drawn.size());
    }
    [[nodiscard]] QStringList actionNames() const override { return {pressAction()}; }
    [[nodiscard]] QStringList keyBindingsForAction(const QString&) const override { return {}; }

protected:
    explicit AccessibleItem(View* view) : m_view(view) {}
    [[nodiscard]] View* view() const { return m_view.data(); }
    /// Where it is drawn in the viewport; asked only while it is valid.
    [[nodiscard]] virtual QRect drawnRect() const = 0;
    /// What every valid item is: it can have the focus, is read-only, and may be scrolled away.
    [[nodiscard]] QAccessible::State stateOf(bool hasCursor) const {
        QAccessible::State state;
        state.focusable = true;
        state.readOnly = true;
        state.focused = hasCursor && m_view->hasFocus();
        state.offscreen = !m_view->viewport()->rect().intersects(drawnRect());
        return state;
    }
    [[nodiscard]] static QAccessible::State invalidState() {
        QAccessible::State state;
        state.invalid = true;
        return state;
    }

private:
    QPointer<View> m_view;
};

} // namespace pagescape::gui
