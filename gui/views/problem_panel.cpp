// SPDX-License-Identifier: MIT
#include "views/problem_panel.h"

#include <QHeaderView>
#include <QLabel>
#include <QTableView>
#include <QVBoxLayout>

namespace pagescape::gui {

ProblemPanel::ProblemPanel(SelectionHub* hub, QWidget* parent)
    : QWidget(parent), m_hub(hub), m_summary(new QLabel), m_table(new QTableView) {
    m_summary->setWordWrap(true);
    m_summary->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_table->setModel(&m_model);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setAccessibleName(tr("Problems"));
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->setShowGrid(false);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(4, 4, 4, 4);
    column->addWidget(m_summary);
    column->addWidget(m_table, 1);
    column->addStretch(0);

    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& index) {
                const Place place = index.data(PlaceRole).value<Place>();
                if (!place.isEmpty()) {
                    m_hub->select(place);
                }
            });
    setFindings({}, 0, false);
}

void ProblemPanel::setFindings(const std::vector<Finding>& findings, quint32 pageSize,
                               bool isChecked) {
    m_model.setFindings(findings, pageSize);
    if (findings.empty()) {
        m_summary->setText(isChecked ? tr("No damage: every page was checked.")
                                     : tr("No damage found so far."));
    } else {
        m_summary->setText((isChecked ? tr("%n problem(s) found. Select one to see its place.",
                                           nullptr, int(findings.size()))
                                      : tr("%n problem(s) so far. Select one to see its place.",
                                           nullptr, int(findings.size()))));
        m_table->resizeColumnToContents(ProblemModel::SeverityColumn);
        m_table->resizeColumnToContents(ProblemModel::CodeColumn);
        m_table->resizeColumnToContents(ProblemModel::PageColumn);
    }
    m_table->setVisible(!findings.empty());
}

} // namespace pagescape::gui
