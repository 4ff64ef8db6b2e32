// SPDX-License-Identifier: MIT
// ProblemModel: the findings of the check, in the order found.
#pragma once

#include "models/roles.h"
#include "pagescape/check.h"

#include <QAbstractTableModel>

#include <vector>

namespace pagescape::gui {

/// One row a finding. Answers PlaceRole, PageRole, FileOffsetRole, SeverityRole, ProblemRole,
/// SortRole.
class ProblemModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { SeverityColumn, CodeColumn, PageColumn, TextColumn, kColumnCount };

    explicit ProblemModel(QObject* parent = nullptr);

    /// Shows findings. When they extend the present ones, rows are added; else everything is new.
    /// `pageSize` turns byte offsets into places.
    void setFindings(const std::vector<Finding>& findings, quint32 pageSize);
    [[nodiscard]] const std::vector<Finding>& findings() const { return m_findings; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index,
                                int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

private:
    std::vector<Finding> m_findings;
    quint32 m_pageSize = 0;
};

/// "Error", "Warning" or "Note", translated.
[[nodiscard]] QString severityText(Severity severity);
/// "Damaged meta page" and the like: what a finding's code means, translated.
[[nodiscard]] QString findingTitle(FindingCode code);

} // namespace pagescape::gui
