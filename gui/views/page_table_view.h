// SPDX-License-Identifier: MIT
// PageTableView: the table twin of the page map. A plain table, so every screen reader knows it.
#pragma once

#include "models/page_list_model.h"
#include "state/selection_hub.h"

#include <QTableView>

namespace pagescape::gui {

/// Rows are pages; the current row is the selection. A header click sorts in the background.
class PageTableView final : public QTableView {
    Q_OBJECT
public:
    explicit PageTableView(SelectionHub* hub, QWidget* parent = nullptr);

    /// Shows these pages. Not owned. Use this instead of setModel.
    void setPages(PageListModel* pages);
    [[nodiscard]] PageListModel* pages() const { return m_pages; }

Q_SIGNALS:
    /// Enter or a double click on a row.
    void followRequested(pagescape::PageId page);

protected:
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;
    void showEvent(QShowEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void attach();
    void showSelection();

    SelectionHub* m_hub;
    PageListModel* m_pages = nullptr;
};

} // namespace pagescape::gui
