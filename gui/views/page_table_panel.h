// SPDX-License-Identifier: MIT
// PageTablePanel: the table of pages, and above it a line that says which pages it lists.
#pragma once

#include "models/page_list_model.h"

#include <QWidget>

QT_BEGIN_NAMESPACE
class QLabel;
class QPushButton;
QT_END_NAMESPACE

namespace pagescape::gui {

class PageTableView;
class SelectionHub;

/// The line is hidden while the table simply lists every page.
class PageTablePanel final : public QWidget {
    Q_OBJECT
public:
    /// `pages` is not owned.
    PageTablePanel(SelectionHub* hub, PageListModel* pages, QWidget* parent = nullptr);

    [[nodiscard]] PageTableView* table() const { return m_table; }
    /// Lists only the pages that pass; `what` names them, as the legend does.
    void list(PageListModel::Filter filter, const QString& what);

public Q_SLOTS:
    void listAll();

private:
    void showLine();

    PageListModel* m_pages;
    QString m_what;
    QWidget* m_line;
    QLabel* m_text;
    QPushButton* m_all;
    QPushButton* m_before;
    QPushButton* m_after;
    PageTableView* m_table;
};

} // namespace pagescape::gui
