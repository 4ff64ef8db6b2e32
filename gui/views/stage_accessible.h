// SPDX-License-Identifier: MIT
// The stage for screen readers: a list of everything in the picture, nodes first, then pages, lanes
// and metas. Items exist only while somebody asks for them.
#pragma once

#include "views/stage_view.h"

#include <QAccessible>
#include <QAccessibleWidget>
#include <QPointer>

#include <list>
#include <unordered_map>

namespace pagescape::gui {

/// Makes QAccessible answer for stages. Calling it again does nothing.
void installStageAccessibility();

/// A stage as a list; child n is StageView::targetOf(n).
class AccessibleStage final : public QAccessibleWidget {
public:
    explicit AccessibleStage(StageView* view);
    ~AccessibleStage() override;

    /// Items kept at a time; the oldest goes first.
    static constexpr std::size_t kMaxItems = 4096;

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

    struct Kept {
        QAccessible::Id id = 0;
        std::list<int>::iterator age;
    };
    mutable std::unordered_map<int, Kept> m_items;
    mutable std::list<int> m_ages; // oldest first
};

/// One thing in the picture, made on demand.
class AccessibleStageItem final : public QAccessibleInterface, public QAccessibleActionInterface {
public:
    AccessibleStageItem(StageView* view, int index);

    [[nodiscard]] int index() const { return m_index; }

    void* interface_cast(QAccessible::InterfaceType type) override;
    [[nodiscard]] bool isValid() const override;
    [[nodiscard]] QObject* object() const override { return nullptr; }
    [[nodiscard]] QAccessibleInterface* childAt(int, int) const override { return nullptr; }
    [[nodiscard]] QAccessibleInterface* parent() const override;
    [[nodiscard]] QAccessibleInterface* child(int) const override { return nullptr; }
    [[nodiscard]] int childCount() const override { return 0; }
    [[nodiscard]] int indexOfChild(const QAccessibleInterface*) const override { return -1; }
    /// Name: its first sentence; description: the others.
    [[nodiscard]] QString text(QAccessible::Text type) const override;
    void setText(QAccessible::Text, const QString&) override {}
    [[nodiscard]] QRect rect() const override;
    [[nodiscard]] QAccessible::Role role() const override { return QAccessible::ListItem; }
    [[nodiscard]] QAccessible::State state() const override;

    [[nodiscard]] QStringList actionNames() const override;
    /// Press: what Enter does.
    void doAction(const QString& name) override;
    [[nodiscard]] QStringList keyBindingsForAction(const QString&) const override { return {}; }

private:
    QPointer<StageView> m_view;
    int m_index;
};

} // namespace pagescape::gui
