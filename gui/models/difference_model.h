// SPDX-License-Identifier: MIT
// DifferenceModel: the keys and buckets that differ between two versions, under the bucket they are
// in.
#pragma once

#include "models/comparison.h"
#include "models/roles.h"
#include "models/session_values.h"

#include <QAbstractItemModel>

#include <optional>
#include <vector>

namespace pagescape::gui {

/// Two levels: buckets, and in each the entries that differ, in stored order. An entry answers
/// KeyRole, KindRole (DiffKind), IsBucketRole, PageRole and PlaceRole: its place in the version
/// that is on show if it is there, else in the other one. A bucket counts its entries.
class DifferenceModel : public QAbstractItemModel {
    Q_OBJECT
public:
    enum Column { KeyColumn, BeforeColumn, AfterColumn, PageColumn, kColumnCount };

    explicit DifferenceModel(QObject* parent = nullptr);

    /// Begins anew: which sides can be shown in the window, for PlaceRole.
    void clear();
    /// Appends entries in the order of the comparison.
    void append(const std::vector<DifferenceEntry>& entries);
    /// The version that the window shows, and whether the other one can be reached from it too:
    /// then the place of an entry may be a page that only the other version uses. Nothing: neither.
    void setShown(std::optional<DiffOrigin> shown, bool isOneFile);
    /// How keys and values are written.
    void setFormats(BucketFormats keys, BucketFormats values);
    [[nodiscard]] std::size_t entryCount() const { return m_entryCount; }
    /// The entry at an index; null for a bucket.
    [[nodiscard]] const DifferenceEntry* entry(const QModelIndex& index) const;

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
    struct Group {
        std::shared_ptr<const std::vector<QByteArray>> path;
        std::vector<DifferenceEntry> entries;
    };

    [[nodiscard]] QVariant groupData(const Group& group, int column, int role) const;
    [[nodiscard]] QVariant entryData(const DifferenceEntry& entry, int column, int role) const;
    [[nodiscard]] QString text(const DifferenceEntry& entry, int column) const;
    [[nodiscard]] QString valueText(const DifferenceEntry& entry, DiffOrigin side) const;
    [[nodiscard]] DiffOrigin placeSide(const DifferenceEntry& entry) const;

    std::vector<Group> m_groups;
    std::size_t m_entryCount = 0;
    std::optional<DiffOrigin> m_shown = DiffOrigin::After;
    bool m_isOneFile = true;
    BucketFormats m_keys;
    BucketFormats m_values;
};

/// "+", "−" or "~".
[[nodiscard]] QString differenceSign(DiffKind kind);
/// "added", "removed" or "changed", translated.
[[nodiscard]] QString differenceWord(DiffKind kind);

} // namespace pagescape::gui
