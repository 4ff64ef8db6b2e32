// SPDX-License-Identifier: MIT
// The page map for screen readers: a table whose cells are pages. Cells exist only while somebody
// asks for them, so a file of millions of pages costs nothing.
#pragma once

#include "views/accessible_items.h"
#include "views/page_map_view.h"

#include <QAccessible>
#include <QAccessibleWidget>

namespace pagescape::gui {

/// Makes QAccessible answer for page maps. Calling it again does nothing.
void installPageMapAccessibility();

/// A page map as a table; child n is page n.
class AccessiblePageMap final : public QAccessibleWidget, public QAccessibleTableInterface {
public:
    explicit AccessiblePageMap(PageMapView* view);

    /// Cells that exist now, AccessibleItems::kMost at the most.
    [[nodiscard]] std::size_t cellCount() const { return m_cells.count(); }

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

    mutable AccessibleItems m_cells;
};

/// One page of the map, made on demand.
class AccessiblePageCell final : public AccessibleItem<PageMapView>,
                                 public QAccessibleTableCellInterface {
public:
    AccessiblePageCell(PageMapView* view, PageId page);

    [[nodiscard]] PageId page() const { return m_page; }

    void* interface_cast(QAccessible::InterfaceType type) override;
    [[nodiscard]] bool isValid() const override;
    /// Name: the page in a sentence; description: what its life means.
    [[nodiscard]] QString text(QAccessible::Text type) const override;
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

    /// Press: select the page.
    void doAction(const QString& name) override;

protected:
    [[nodiscard]] QRect drawnRect() const override;

private:
    PageId m_page;
};

} // namespace pagescape::gui
