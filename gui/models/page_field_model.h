// SPDX-License-Identifier: MIT
// PageFieldModel: the fields of one page as a tree, groups above their scalars.
#pragma once

#include "models/roles.h"
#include "models/session_values.h"
#include "state/place.h"

#include <QAbstractItemModel>

#include <vector>

namespace pagescape::gui {

/// Fields of a page snapshot. Answers PlaceRole, PageRole, ElementRole, FileOffsetRole, SizeRole,
/// PointerRole, FieldIndexRole, KindRole, ProblemRole.
class PageFieldModel : public QAbstractItemModel {
    Q_OBJECT
public:
    enum Column { NameColumn, OffsetColumn, SizeColumn, ValueColumn, ProblemColumn, kColumnCount };

    explicit PageFieldModel(QObject* parent = nullptr);

    /// Shows another page; null for none.
    void setPage(PageSnapshot page);
    [[nodiscard]] const PageSnapshot& page() const { return m_page; }

    /// The row of a field (index into PageDescription::fields), and of the field at a byte of the
    /// run.
    [[nodiscard]] QModelIndex indexOfField(int field) const;
    [[nodiscard]] QModelIndex indexAtByte(quint64 offsetInRun) const;

    [[nodiscard]] QModelIndex index(int row, int column,
                                    const QModelIndex& parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex& child) const override;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index,
                                int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

private:
    [[nodiscard]] QVariant display(const Field& field, int column) const;
    [[nodiscard]] Place placeOf(const Field& field) const;
    [[nodiscard]] quint64 fileOffset(const Field& field) const;

    PageSnapshot m_page;
    std::vector<int> m_top;                   // fields without a parent
    std::vector<std::vector<int>> m_children; // for each field
    std::vector<int> m_rows;                  // row of each field below its parent
};

/// A field's translated name, such as "key size"; for elements with their number.
[[nodiscard]] QString fieldTitle(const Field& field);
/// A field's value as one line; keys and values as short text, numbers in decimal.
[[nodiscard]] QString fieldValueText(const Field& field, Bytes run);
/// The page that a field points to, when it does.
[[nodiscard]] std::optional<PageId> fieldPointer(const Field& field);

} // namespace pagescape::gui
