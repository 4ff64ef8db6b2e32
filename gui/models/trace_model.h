// SPDX-License-Identifier: MIT
// TraceModel: the events of a traced Get as a table: number, kind, page, caption.
#pragma once

#include "models/roles.h"
#include "models/session_values.h"

#include <QAbstractTableModel>

namespace pagescape::gui {

/// One row an event. Answers EventIndexRole, PageRole, PlaceRole, KindRole.
class TraceModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { NumberColumn, KindColumn, PageColumn, CaptionColumn, kColumnCount };

    explicit TraceModel(QObject* parent = nullptr);

    void setTrace(GetTracePtr trace);
    [[nodiscard]] const GetTracePtr& trace() const { return m_trace; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index,
                                int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

private:
    GetTracePtr m_trace;
};

/// Name of an event's kind, translated: "comparison", "page read", …
[[nodiscard]] QString eventKindText(const TraceEvent& event);

} // namespace pagescape::gui
