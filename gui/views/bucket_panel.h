// SPDX-License-Identifier: MIT
// BucketPanel: where am I? The bucket tree with keys, the format that they are shown in, and
// "Trace Get" of the selected key.
#pragma once

#include "models/bucket_tree_model.h"
#include "paint/theme.h"
#include "state/selection_hub.h"

#include <QWidget>

QT_BEGIN_NAMESPACE
class QComboBox;
class QLabel;
class QTreeView;
QT_END_NAMESPACE

namespace pagescape::gui {

class PastNote;

/// The bucket tree. Clicking selects; G or the context menu traces a Get of the selected key.
class BucketPanel : public QWidget {
    Q_OBJECT
public:
    explicit BucketPanel(SelectionHub* hub, QWidget* parent = nullptr);

    void setSource(EntrySource* source, std::shared_ptr<const Census> census);
    void setFormats(BucketFormats keys, BucketFormats values);
    void setTheme(const Theme& theme);
    [[nodiscard]] BucketTreeModel& model() { return m_model; }
    [[nodiscard]] QTreeView* tree() const { return m_tree; }
    [[nodiscard]] QComboBox* formatBox() const { return m_formatBox; }
    /// Which moment it shows, where that could be mistaken.
    [[nodiscard]] PastNote* pastNote() const { return m_past; }

    /// The bucket under the cursor, or that of the key there.
    [[nodiscard]] std::vector<QByteArray> currentBucket() const;
    /// Puts the cursor on a bucket as soon as its parents are listed; selects nothing.
    void goTo(const std::vector<QByteArray>& bucket);

    /// The key under the cursor as a Get: false when a bucket or nothing is selected.
    bool currentKey(std::vector<QByteArray>& path, QByteArray& key) const;

Q_SIGNALS:
    void traceRequested(const std::vector<QByteArray>& path, const QByteArray& key);
    /// A bucket became current: its names, outermost first.
    void bucketSelected(const std::vector<QByteArray>& path);
    /// The user chose how the keys of a bucket are shown.
    void keyFormatChosen(const std::vector<QByteArray>& path, pagescape::ValueFormat format);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void onCurrent(const QModelIndex& index);
    void onSelection(const Place& place);
    void openMenu(QPoint point);
    void traceCurrent();
    void showFormat();
    void goOn();

    SelectionHub* m_hub;
    BucketTreeModel m_model;
    PastNote* m_past;
    QTreeView* m_tree;
    QLabel* m_formatLabel;
    QComboBox* m_formatBox;
    BucketFormats m_keyFormats;
    std::vector<QByteArray> m_target; // bucket to go to; empty: none
    bool m_isShowing = false;
};

} // namespace pagescape::gui
