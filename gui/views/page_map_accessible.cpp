// SPDX-License-Identifier: MIT
#include "views/page_map_accessible.h"

#include "units/units.h"
#include "views/page_text.h"

#include <QCoreApplication>

#include <algorithm>
#include <limits>

namespace pagescape::gui {

namespace {

struct MapText {
    Q_DECLARE_TR_FUNCTIONS(AccessiblePageMap)
};

int toInt(quint64 value) {
    return static_cast<int>(
        std::min<quint64>(value, static_cast<quint64>(std::numeric_limits<int>::max())));
}

QAccessibleInterface* makeInterface(const QString& className, QObject* object) {
    if (className == QLatin1String(PageMapView::staticMetaObject.className())) {
        return new AccessiblePageMap(static_cast<PageMapView*>(object));
    }
    return nullptr;
}

} // namespace

void installPageMapAccessibility() {
    installAccessibility(makeInterface);
}

// The table

AccessiblePageMap::AccessiblePageMap(PageMapView* view)
    : QAccessibleWidget(view, QAccessible::Table) {}

PageMapView* AccessiblePageMap::view() const {
    return static_cast<PageMapView*>(widget());
}

void* AccessiblePageMap::interface_cast(QAccessible::InterfaceType type) {
    return type == QAccessible::TableInterface ? static_cast<QAccessibleTableInterface*>(this)
                                               : QAccessibleWidget::interface_cast(type);
}

int AccessiblePageMap::childCount() const {
    return view() && view()->census() ? toInt(view()->census()->pageCount()) : 0;
}

QAccessibleInterface* AccessiblePageMap::child(int index) const {
    if (index < 0 || index >= childCount()) {
        return nullptr;
    }
    return m_cells.at(index, [&] {
        return new AccessiblePageCell(view(), PageId{static_cast<std::uint64_t>(index)});
    });
}

int AccessiblePageMap::indexOfChild(const QAccessibleInterface* child) const {
    const auto* cell = dynamic_cast<const AccessiblePageCell*>(child);
    return cell ? toInt(cell->page().value) : -1;
}

QAccessibleInterface* AccessiblePageMap::childAt(int x, int y) const {
    if (!view()) {
        return nullptr;
    }
    const QPoint point = view()->viewport()->mapFromGlobal(QPoint(x, y));
    if (!view()->viewport()->rect().contains(point)) {
        return nullptr;
    }
    const std::optional<PageId> page = view()->pageAt(point);
    return page ? child(toInt(page->value)) : nullptr;
}

QAccessibleInterface* AccessiblePageMap::focusChild() const {
    return view() && view()->hasFocus() ? child(toInt(view()->cursorPage().value)) : nullptr;
}

QAccessible::State AccessiblePageMap::state() const {
    QAccessible::State state = QAccessibleWidget::state();
    state.readOnly = true;
    return state;
}

QAccessibleInterface* AccessiblePageMap::cellAt(int row, int column) const {
    if (row < 0 || column < 0 || column >= columnCount()) {
        return nullptr;
    }
    const quint64 page = static_cast<quint64>(row) * static_cast<quint64>(columnCount()) +
                         static_cast<quint64>(column);
    return child(toInt(page));
}

int AccessiblePageMap::selectedCellCount() const {
    return view() ? toInt(view()->selectedRun().size()) : 0;
}

QList<QAccessibleInterface*> AccessiblePageMap::selectedCells() const {
    QList<QAccessibleInterface*> cells;
    if (view()) {
        const PageRange run = view()->selectedRun();
        for (quint64 page = run.begin; page < run.end && cells.size() < 64; ++page) {
            cells += child(toInt(page));
        }
    }
    return cells;
}

QString AccessiblePageMap::columnDescription(int column) const {
    return MapText::tr("column %1").arg(column);
}

QString AccessiblePageMap::rowDescription(int row) const {
    const quint64 perRow = view() ? view()->mapLayout().pagesPerRow() : 0;
    const quint64 first = static_cast<quint64>(std::max(row, 0)) * perRow;
    const quint64 count = static_cast<quint64>(childCount());
    if (first >= count) {
        return {};
    }
    return MapText::tr("pages %1 to %2")
        .arg(countText(first), countText(std::min(first + perRow, count) - 1));
}

int AccessiblePageMap::columnCount() const {
    return view() ? toInt(view()->mapLayout().pagesPerRow()) : 0;
}

int AccessiblePageMap::rowCount() const {
    return view() ? toInt(view()->mapLayout().rowCount()) : 0;
}

void AccessiblePageMap::modelChange(QAccessibleTableModelChangeEvent* /*event*/) {
    m_cells.clear();
}

// A cell

AccessiblePageCell::AccessiblePageCell(PageMapView* view, PageId page)
    : AccessibleItem(view), m_page(page) {}

void* AccessiblePageCell::interface_cast(QAccessible::InterfaceType type) {
    return type == QAccessible::TableCellInterface
               ? static_cast<QAccessibleTableCellInterface*>(this)
               : AccessibleItem::interface_cast(type);
}

bool AccessiblePageCell::isValid() const {
    return view() && view()->census() && m_page.value < view()->census()->pageCount();
}

QString AccessiblePageCell::text(QAccessible::Text type) const {
    if (!isValid()) {
        return {};
    }
    switch (type) {
    case QAccessible::Name: return pageSentence(*view()->census(), m_page);
    case QAccessible::Description: return lifeSentence(view()->census()->row(m_page).life);
    default: return {};
    }
}

QRect AccessiblePageCell::drawnRect() const {
    return view()->pageRect(m_page);
}

QAccessible::State AccessiblePageCell::state() const {
    if (!isValid()) {
        return invalidState();
    }
    QAccessible::State state = stateOf(view()->cursorPage() == m_page);
    state.selectable = true;
    state.selected = isSelected();
    return state;
}

bool AccessiblePageCell::isSelected() const {
    return isValid() && view()->selectedRun().contains(m_page);
}

int AccessiblePageCell::columnIndex() const {
    return isValid() ? toInt(m_page.value % view()->mapLayout().pagesPerRow()) : -1;
}

int AccessiblePageCell::rowIndex() const {
    return isValid() ? toInt(m_page.value / view()->mapLayout().pagesPerRow()) : -1;
}

void AccessiblePageCell::doAction(const QString& name) {
    if (name == pressAction() && isValid()) {
        view()->moveCursorTo(m_page);
        view()->selectPage(m_page);
    }
}

} // namespace pagescape::gui
