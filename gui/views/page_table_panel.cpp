// SPDX-License-Identifier: MIT
#include "views/page_table_panel.h"

#include "units/units.h"
#include "views/page_table_view.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace pagescape::gui {

PageTablePanel::PageTablePanel(SelectionHub* hub, PageListModel* pages, QWidget* parent)
    : QWidget(parent), m_pages(pages), m_line(new QWidget), m_text(new QLabel),
      m_all(new QPushButton(tr("Show all pages"))), m_before(new QPushButton(tr("Rows before"))),
      m_after(new QPushButton(tr("Rows after"))), m_table(new PageTableView(hub)) {
    m_table->setPages(pages);
    auto* line = new QHBoxLayout(m_line);
    line->setContentsMargins(4, 2, 4, 2);
    line->addWidget(m_text, 1);
    line->addWidget(m_before);
    line->addWidget(m_after);
    line->addWidget(m_all);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_line);
    column->addWidget(m_table, 1);

    connect(m_all, &QPushButton::clicked, this, &PageTablePanel::listAll);
    connect(m_before, &QPushButton::clicked, this, [this] {
        m_pages->showPart(m_pages->firstRow() -
                          std::min<std::uint64_t>(m_pages->firstRow(), PageListModel::kMaxRows));
    });
    connect(m_after, &QPushButton::clicked, this,
            [this] { m_pages->showPart(m_pages->firstRow() + PageListModel::kMaxRows); });
    connect(m_pages, &QAbstractItemModel::modelReset, this, &PageTablePanel::showLine);
    connect(m_pages, &PageListModel::ordered, this, &PageTablePanel::showLine);
    showLine();
}

void PageTablePanel::list(PageListModel::Filter filter, const QString& what) {
    m_what = what;
    m_pages->setFilter(std::move(filter));
}

void PageTablePanel::listAll() {
    m_pages->setFilter(nullptr);
}

void PageTablePanel::showLine() {
    const std::uint64_t total = m_pages->totalRows();
    const std::uint64_t first = m_pages->firstRow();
    const bool isPart = total > PageListModel::kMaxRows;
    const bool isFiltered = m_pages->isFiltered();
    QString text = isFiltered ? tr("Only %1: %2 page(s)", nullptr,
                                   int(std::min<std::uint64_t>(total, 1'000'000'000)))
                                    .arg(m_what, countText(total))
                              : tr("All pages");
    if (isPart) {
        text += tr("; rows %1 to %2 of %3")
                    .arg(countText(first + 1),
                         countText(first + std::uint64_t(m_pages->rowCount())), countText(total));
    }
    m_text->setText(text);
    m_all->setVisible(isFiltered);
    m_before->setVisible(isPart);
    m_after->setVisible(isPart);
    m_before->setEnabled(first > 0);
    m_after->setEnabled(first + PageListModel::kMaxRows < total);
    m_line->setVisible(isFiltered || isPart);
}

} // namespace pagescape::gui
