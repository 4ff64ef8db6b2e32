// SPDX-License-Identifier: MIT
#include "views/page_table_view.h"

#include <QHeaderView>
#include <QKeyEvent>

#include <array>

namespace pagescape::gui {

namespace {

constexpr std::array<int, PageListModel::kColumnCount> kColumnChars{9, 11, 18, 26, 7, 8, 9, 9, 9};

} // namespace

PageTableView::PageTableView(SelectionHub* hub, QWidget* parent) : QTableView(parent), m_hub(hub) {
    setAccessibleName(tr("Pages as a table"));
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setTabKeyNavigation(false);
    setWordWrap(false);
    setShowGrid(false);
    setAlternatingRowColors(true);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    // Fixed sections: rows of millions of pages are never measured.
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
    verticalHeader()->hide();
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setStretchLastSection(true);
    connect(m_hub, &SelectionHub::selectionChanged, this, [this] {
        const std::optional<PageId> page = m_hub->selection().page;
        if (page && m_pages && model() == m_pages) {
            m_pages->showPartOf(*page);
        }
        showSelection();
    });
    connect(this, &QAbstractItemView::doubleClicked, this, [this](const QModelIndex& index) {
        Q_EMIT followRequested(m_pages->pageAt(index.row()));
    });
}

void PageTableView::setPages(PageListModel* pages) {
    if (m_pages) {
        disconnect(m_pages, nullptr, this, nullptr);
    }
    m_pages = pages;
    setModel(nullptr);
    if (m_pages) {
        connect(m_pages, &PageListModel::ordered, this, &PageTableView::showSelection);
        connect(m_pages, &QAbstractItemModel::modelReset, this, &PageTableView::showSelection);
    }
    if (isVisible()) {
        attach();
    }
}

// A table sets aside a few bytes for each row of its model, so it takes the model when it is first
// seen.
void PageTableView::attach() {
    if (!m_pages || model() == m_pages) {
        return;
    }
    setModel(m_pages);
    setSortingEnabled(false);
    horizontalHeader()->setSortIndicator(PageListModel::IdColumn, Qt::AscendingOrder);
    setSortingEnabled(true);
    const int charWidth = fontMetrics().averageCharWidth();
    for (int column = 0; column < PageListModel::kColumnCount; ++column) {
        setColumnWidth(column, charWidth * kColumnChars[static_cast<std::size_t>(column)] + 12);
    }
    showSelection();
}

void PageTableView::showEvent(QShowEvent* event) {
    attach();
    QTableView::showEvent(event);
}

void PageTableView::showSelection() {
    const std::optional<PageId> page = m_hub->selection().page;
    if (!page || !m_pages || model() != m_pages) {
        return;
    }
    const int row = m_pages->rowOf(*page);
    if (row >= 0 && currentIndex().row() != row) {
        setCurrentIndex(m_pages->index(row, std::max(0, currentIndex().column())));
    }
}

void PageTableView::currentChanged(const QModelIndex& current, const QModelIndex& previous) {
    QTableView::currentChanged(current, previous);
    if (current.isValid() && current.row() != previous.row() && hasFocus()) {
        m_hub->selectPage(m_pages->pageAt(current.row()));
    }
}

void PageTableView::keyPressEvent(QKeyEvent* event) {
    const bool isEnter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (isEnter && currentIndex().isValid()) {
        event->accept();
        Q_EMIT followRequested(m_pages->pageAt(currentIndex().row()));
        return;
    }
    QTableView::keyPressEvent(event);
}

} // namespace pagescape::gui
