// SPDX-License-Identifier: MIT
// The page map for screen readers: a table whose cells are pages. Cells exist only while somebody
// asks for them, so a file of millions of pages costs nothing.
#pragma once

#include "views/page_map_view.h"

#include <QAccessible>
#include <QAccessibleWidget>
#include <QPointer>

#include <list>
#include <unordered_map>

namespace pagescape::gui {

/// Makes QAccessible answer for page maps. Calling it again does nothing.
void installPageMapAccessibility();

/// A page map as a table; child n is page n.
class AccessiblePageMap final : public QAccessibleWidget, public QAccessibleTableInterface {
public:
    explicit AccessiblePageMap(PageMapView* view);
    ~AccessiblePageMap() override;

    /// Cells kept at a time; the oldest goes first.
    static constexpr std::size_t kMaxCells = 4096;
    [[nodiscard]] std::size_t cellCount() const { return m_cells.size(); }

    void* interface_cast(QAccessible::InterfaceType type) override;
    [[nodiscard]] int childCount() const override;
    [[nodiscard]] QAccessibleInterface* child(int index) const override;
    [[nodiscard]] int indexOfChild(const QAccessibleInterface* child) const override;
    [[nodiscard]] QAccessibleInterface* childAt(int x, int y) const override;
    [[nodiscard]] QAccessibleInterface* focusChild() const override;
    [[nodiscard]] QAccessible::State state() const override;

    [[nodiscard]] QAccessibleInterface* caption() const override { return nullptr; }
    [[nodiscard]] QAccessibleInterface* summary() const override { return nullptr; }
    [[nodiscard]] QAccessibleInterface* cellAt(int row, int column) const override;
    [[nodiscard]] int selectedCellCount() const override;
    [[nodiscard]] QList<QAccessibleInterface*> selectedCells() const override;
    [[nodiscard]] QString columnDescription(int column) const override;
    /// "pages 32 to 63".
    [[nodiscard]] QString rowDescription(int row) const override;
    [[nodiscard]] int selectedColumnCount() const override { return 0; }
    [[nodiscard]] int selectedRowCount() const override { return 0; }
    [[nodiscard]] int columnCount() const override;
    [[nodiscard]] int rowCount() const override;
    [[nodiscard]] QList<int> selectedColumns() const override { return {}; }
    [[nodiscard]] QList<int> selectedRows() const override { return {}; }
    [[nodiscard]] bool isColumnSelected(int) const override { return false; }
    [[nodiscard]] bool isRowSelected(int) const override { return false; }
    bool selectRow(int) override { return false; }
    bool selectColumn(int) override { return false; }
    bool unselectRow(int) override { return false; }
    bool unselectColumn(int) override { return false; }
    void modelChange(QAccessibleTableModelChangeEvent* event) override;

private:
    [[nodiscard]] PageMapView* view() const;
    void dropCells() const;

    struct Kept {
        QAccessible::Id id = 0;
        std::list<PageId>::iterator age;
    };
    mutable std::unordered_map<PageId, Kept> m_cells;
    mutable std::list<PageId> m_ages; // oldest first
};

/// One page of the map, made on demand.
class AccessiblePageCell final : public QAccessibleInterface,
                                 public QAccessibleTableCellInterface,
                                 public QAccessibleActionInterface {
public:
    AccessiblePageCell(PageMapView* view, PageId page);

    [[nodiscard]] PageId page() const { return m_page; }

    void* interface_cast(QAccessible::InterfaceType type) override;
    [[nodiscard]] bool isValid() const override;
    [[nodiscard]] QObject* object() const override { return nullptr; }
    [[nodiscard]] QAccessibleInterface* childAt(int, int) const override { return nullptr; }
    [[nodiscard]] QAccessibleInterface* parent() const override;
    [[nodiscard]] QAccessibleInterface* child(int) const override { return nullptr; }
    [[nodiscard]] int childCount() const override { return 0; }
    [[nodiscard]] int indexOfChild(const QAccessibleInterface*) const override { return -1; }
    /// Name: the page in a sentence; description: what its life means.
    [[nodiscard]] QString text(QAccessible::Text type) const override;
    void setText(QAccessible::Text, const QString&) override {}
    [[nodiscard]] QRect rect() const override;
    [[nodiscard]] QAccessible::Role role() const override { return QAccessible::Cell; }
    [[nodiscard]] QAccessible::State state() const override;

    [[nodiscard]] bool isSelected() const override;
    [[nodiscard]] QList<QAccessibleInterface*> columnHeaderCells() const override { return {}; }
    [[nodiscard]] QList<QAccessibleInterface*> rowHeaderCells() const override { return {}; }
    [[nodiscard]] int columnIndex() const override;
    [[nodiscard]] int rowIndex() const override;
    [[nodiscard]] int columnExtent() const override { return 1; }
    [[nodiscard]] int rowExtent() const override { return 1; }
    [[nodiscard]] QAccessibleInterface* table() const override { return parent(); }

    [[nodiscard]] QStringList actionNames() const override;
    /// Press: select the page.
    void doAction(const QString& name) override;
    [[nodiscard]] QStringList keyBindingsForAction(const QString&) const override { return {}; }

private:
    QPointer<PageMapView> m_view; // gone before the cell, when the window closes
    PageId m_page;
};

} // namespace pagescape::gui
