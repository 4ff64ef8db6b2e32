// SPDX-License-Identifier: MIT
#include "views/field_tree.h"

#include "models/page_field_model.h"

#include <QHeaderView>

#include <algorithm>

namespace pagescape::gui {

namespace {

constexpr int kValueChars = 14; // fewer say nothing about a key

} // namespace

FieldTree::FieldTree(QWidget* parent) : QTreeView(parent) {
    setUniformRowHeights(true);
    setAlternatingRowColors(true);
    setAccessibleName(tr("Fields of the page"));
    setMouseTracking(true);
    setIndentation(14);
}

void FieldTree::setModel(QAbstractItemModel* model) {
    QTreeView::setModel(model);
    header()->setStretchLastSection(false);
    // What is read most stands beside the name.
    header()->moveSection(PageFieldModel::ValueColumn, 1);
    header()->setSectionResizeMode(PageFieldModel::ValueColumn, QHeaderView::Stretch);
    header()->setSectionResizeMode(PageFieldModel::ProblemColumn, QHeaderView::Stretch);
    fitColumns();
}

void FieldTree::setHasProblems(bool hasProblems) {
    m_hasProblems = hasProblems;
    fitColumns();
}

void FieldTree::resizeEvent(QResizeEvent* event) {
    QTreeView::resizeEvent(event);
    fitColumns();
}

void FieldTree::fitColumns() {
    const int digit = fontMetrics().horizontalAdvance(QLatin1Char('0'));
    const int room = viewport()->width();
    const int most = std::max(room * 2 / 5, m_hasProblems ? 0 : room - kValueChars * digit);
    const int name = std::min(sizeHintForColumn(PageFieldModel::NameColumn), most);
    header()->resizeSection(PageFieldModel::NameColumn, name);
    setColumnHidden(PageFieldModel::ProblemColumn, !m_hasProblems);
    int rest = m_hasProblems ? 0 : room - name - kValueChars * digit;
    for (const int column : {PageFieldModel::SizeColumn, PageFieldModel::OffsetColumn}) {
        const int width = 8 * digit;
        rest -= width;
        header()->resizeSection(column, width);
        setColumnHidden(column, rest < 0);
    }
}

} // namespace pagescape::gui
