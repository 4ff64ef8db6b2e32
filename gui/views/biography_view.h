// SPDX-License-Identifier: MIT
// BiographyView: what a page was, line by line, with a jump to each moment.
#pragma once

#include "stage/page_biography.h"

#include <QWidget>

#include <memory>
#include <vector>

QT_BEGIN_NAMESPACE
class QLabel;
class QTableView;
QT_END_NAMESPACE

namespace pagescape::gui {

class BiographyModel;

/// The lines of pageBiography() as a table. Click or Enter seeks to the event of a line.
class BiographyView final : public QWidget {
    Q_OBJECT
public:
    enum Column { EventColumn, TransactionColumn, WhatColumn, ColumnCount };

    explicit BiographyView(QWidget* parent = nullptr);
    ~BiographyView() override;

    /// `isCut`: the log was full, so later lines are missing.
    void setBiography(PageId page, std::vector<BiographyEntry> entries, bool isCut = false);
    /// Forgets the page.
    void clear();
    /// Where the player stands: the line that holds after this event stands out.
    void setPosition(int event);

    [[nodiscard]] QTableView* table() const { return m_table; }
    [[nodiscard]] QString headline() const;
    /// Row of the line that holds at the position; -1: none.
    [[nodiscard]] int presentRow() const;

Q_SIGNALS:
    void seekRequested(int event);

private:
    void ask(int row);
    void fitRows();

    std::unique_ptr<BiographyModel> m_model;
    QLabel* m_headline;
    QTableView* m_table;
};

} // namespace pagescape::gui
