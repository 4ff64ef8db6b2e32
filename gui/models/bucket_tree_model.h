// SPDX-License-Identifier: MIT
// BucketTreeModel: buckets, nested buckets and keys as a lazy tree in stored order. Children arrive
// in chunks from an EntrySource; figures of buckets come from the census and are refreshed as it
// goes on.
#pragma once

#include "models/entry_source.h"
#include "models/roles.h"
#include "models/session_values.h"
#include "pagescape/census.h"
#include "pagescape/value_format.h"
#include "state/place.h"

#include <QAbstractItemModel>
#include <QPointer>

#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

namespace pagescape::gui {

/// One top-level row, the root bucket; below it everything else. Answers PlaceRole, PageRole,
/// ElementRole, KeyRole, SharedCharsRole, BucketIndexRole, IsBucketRole, IsInlineRole, FillRole,
/// ProblemRole.
class BucketTreeModel : public QAbstractItemModel {
    Q_OBJECT
public:
    enum Column {
        NameColumn,
        EntriesColumn,
        PagesColumn,
        DepthColumn,
        SequenceColumn,
        FillColumn,
        ValueColumn,
        kColumnCount
    };
    /// Entries fetched at a time.
    static constexpr int kChunk = 500;

    explicit BucketTreeModel(QObject* parent = nullptr);
    ~BucketTreeModel() override;

    /// Shows another file; null for none. Neither is owned; `source` must outlive its use here.
    void setSource(EntrySource* source, std::shared_ptr<const Census> census);

    /// Which formats keys and values of a bucket are shown in. Unset: Auto.
    void setFormats(BucketFormats keys, BucketFormats values);

    /// The place to select for an index.
    [[nodiscard]] Place placeAt(const QModelIndex& index) const;
    /// Bucket names down to the index: for a bucket its own path, for a key that of its bucket.
    [[nodiscard]] std::vector<QByteArray> bucketPathAt(const QModelIndex& index) const;
    /// The deepest index already loaded on the way to a key (or bucket when `key` is null).
    [[nodiscard]] QModelIndex find(const std::vector<QByteArray>& bucket,
                                   const QByteArray& key) const;

    [[nodiscard]] QModelIndex index(int row, int column,
                                    const QModelIndex& parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex& child) const override;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] bool hasChildren(const QModelIndex& parent = {}) const override;
    [[nodiscard]] bool canFetchMore(const QModelIndex& parent) const override;
    void fetchMore(const QModelIndex& parent) override;
    [[nodiscard]] QVariant data(const QModelIndex& index,
                                int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

public Q_SLOTS:
    /// Reads the buckets' figures from the census again.
    void refreshFigures();

private:
    struct Node;
    [[nodiscard]] Node* nodeAt(const QModelIndex& index) const;
    [[nodiscard]] QModelIndex indexOf(const Node& node, int column = 0) const;
    [[nodiscard]] QVariant display(const Node& node, int column) const;
    [[nodiscard]] QString bucketFigure(const Node& node, int column) const;
    [[nodiscard]] QString keyText(const Node& node) const;
    [[nodiscard]] int sharedChars(const Node& node) const;
    [[nodiscard]] QString valueText(const Node& node) const;
    [[nodiscard]] QVariant fillOf(const Node& node) const;
    [[nodiscard]] std::vector<QByteArray> pathOf(const Node& node) const;
    [[nodiscard]] std::optional<BucketInfo> censusBucket(const Node& node) const;
    [[nodiscard]] BucketIndex censusIndexOf(const Node& node) const;
    void indexBuckets();
    void tellChildrenChanged(const Node& node, int firstColumn, int lastColumn);
    void onEntries(const EntryChunk& chunk);
    void append(Node& parent, const EntryChunk& chunk);

    QPointer<EntrySource> m_source;
    std::shared_ptr<const Census> m_census;
    BucketFormats m_keyFormat;
    BucketFormats m_valueFormat;
    std::unique_ptr<Node> m_root;
    std::unordered_map<quint64, BucketIndex> m_censusIndex; // by header page and element
    std::size_t m_indexed = 0;                              // buckets of the census in that map
    std::unordered_map<quint64, Node*> m_requests;
    quint64 m_nextRequest = 0;
};

} // namespace pagescape::gui
