// SPDX-License-Identifier: MIT
// ProblemPanel: the findings of the check, each with a jump to its place.
#pragma once

#include "models/problem_model.h"
#include "state/selection_hub.h"

#include <QWidget>

QT_BEGIN_NAMESPACE
class QLabel;
class QTableView;
QT_END_NAMESPACE

namespace pagescape::gui {

/// The problems list. Selecting a row selects its place.
class ProblemPanel : public QWidget {
    Q_OBJECT
public:
    explicit ProblemPanel(SelectionHub* hub, QWidget* parent = nullptr);

    void setFindings(const std::vector<Finding>& findings, quint32 pageSize, bool isChecked);
    [[nodiscard]] QTableView* table() const { return m_table; }
    [[nodiscard]] ProblemModel& model() { return m_model; }

private:
    SelectionHub* m_hub;
    ProblemModel m_model;
    QLabel* m_summary;
    QTableView* m_table;
    QLabel* m_detail; ///< the whole text of the selected problem
};

} // namespace pagescape::gui
