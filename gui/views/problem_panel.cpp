// SPDX-License-Identifier: MIT
#include "views/problem_panel.h"

#include <QHeaderView>
#include <QLabel>
#include <QTableView>
#include <QVBoxLayout>

namespace pagescape::gui {

ProblemPanel::ProblemPanel(SelectionHub* hub, QWidget* parent)
    : QWidget(parent), m_hub(hub), m_summary(new QLabel), m_table(new QTableView),
      m_detail(new QLabel) {
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
    m_table->horizontalHeader()->setMinimumSectionSize(24);
    m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->setShowGrid(false);
    m_detail->setWordWrap(true);
    m_detail->setTextFormat(Qt::PlainText);
    m_detail->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_detail->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_detail->hide();

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(4, 4, 4, 4);
    column->addWidget(m_summary);
    column->addWidget(m_table, 1);
    column->addWidget(m_detail);
    column->addStretch(0);

    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& index) {
                m_detail->setText(index.data(ProblemRole).toString());
                m_detail->setVisible(!m_detail->text().isEmpty());
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
        // The text is as wide as it needs; in a narrow panel the list scrolls sideways.
        m_table->resizeColumnsToContents();
    }
    if (!m_table->currentIndex().isValid()) {
        m_detail->hide();
    }
    m_table->setVisible(!findings.empty());
}

} // namespace pagescape::gui
