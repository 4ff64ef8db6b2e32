// SPDX-License-Identifier: MIT
// BucketPanel: where am I? The bucket tree with keys, a filter, and "Trace Get" of the selected
// key.
#pragma once

#include "models/bucket_tree_model.h"
#include "state/selection_hub.h"

#include <QWidget>

QT_BEGIN_NAMESPACE
class QTreeView;
QT_END_NAMESPACE

namespace pagescape::gui {

/// The bucket tree. Clicking selects; G or the context menu traces a Get of the selected key.
class BucketPanel : public QWidget {
    Q_OBJECT
public:
    explicit BucketPanel(SelectionHub* hub, QWidget* parent = nullptr);

    void setSource(EntrySource* source, std::shared_ptr<const Census> census);
    void setFormats(BucketTreeModel::FormatLookup keys, BucketTreeModel::FormatLookup values);
    [[nodiscard]] BucketTreeModel& model() { return m_model; }
    [[nodiscard]] QTreeView* tree() const { return m_tree; }

    /// The key under the cursor as a Get: false when a bucket or nothing is selected.
    bool currentKey(std::vector<QByteArray>& path, QByteArray& key) const;

Q_SIGNALS:
    void traceRequested(const std::vector<QByteArray>& path, const QByteArray& key);
    /// A bucket became current: its names, outermost first.
    void bucketSelected(const std::vector<QByteArray>& path);

private:
    void onCurrent(const QModelIndex& index);
    void onSelection(const Place& place);
    void openMenu(QPoint point);
    void traceCurrent();

    SelectionHub* m_hub;
    BucketTreeModel m_model;
    QTreeView* m_tree;
    bool m_isShowing = false;
};

} // namespace pagescape::gui
