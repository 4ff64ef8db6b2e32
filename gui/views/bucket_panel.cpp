// SPDX-License-Identifier: MIT
#include "views/bucket_panel.h"

#include <QAction>
#include <QHeaderView>
#include <QMenu>
#include <QScopedValueRollback>
#include <QTreeView>
#include <QVBoxLayout>

namespace pagescape::gui {

BucketPanel::BucketPanel(SelectionHub* hub, QWidget* parent)
    : QWidget(parent), m_hub(hub), m_tree(new QTreeView) {
    m_tree->setModel(&m_model);
    m_tree->setUniformRowHeights(true);
    m_tree->setAlternatingRowColors(true);
    m_tree->setAccessibleName(tr("Buckets and keys"));
    m_tree->setContextMenuPolicy(Qt::CustomContextMenu);
    m_tree->header()->setStretchLastSection(true);
    m_tree->setMinimumWidth(160);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_tree);

    auto* trace = new QAction(tr("Trace &Get of this key"), m_tree);
    trace->setShortcut(Qt::Key_G);
    trace->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(trace, &QAction::triggered, this, &BucketPanel::traceCurrent);
    m_tree->addAction(trace);

    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex& index) { onCurrent(index); });
    connect(m_tree, &QTreeView::customContextMenuRequested, this, &BucketPanel::openMenu);
    connect(hub, &SelectionHub::selectionChanged, this, &BucketPanel::onSelection);
}

void BucketPanel::setSource(EntrySource* source, std::shared_ptr<const Census> census) {
    m_model.setSource(source, std::move(census));
    m_tree->expand(m_model.index(0, 0));
    m_tree->header()->setMinimumSectionSize(24);
    m_tree->header()->resizeSection(BucketTreeModel::NameColumn, 132);
    for (const int wide : {BucketTreeModel::EntriesColumn, BucketTreeModel::PagesColumn,
                           BucketTreeModel::DepthColumn, BucketTreeModel::SequenceColumn,
                           BucketTreeModel::FillColumn}) {
        m_tree->resizeColumnToContents(wide);
    }
}

void BucketPanel::setFormats(BucketTreeModel::FormatLookup keys,
                             BucketTreeModel::FormatLookup values) {
    m_model.setFormats(std::move(keys), std::move(values));
}

bool BucketPanel::currentKey(std::vector<QByteArray>& path, QByteArray& key) const {
    const QModelIndex index = m_tree->currentIndex();
    if (!index.isValid() || index.data(IsBucketRole).toBool()) {
        return false;
    }
    const QVariant found = index.siblingAtColumn(0).data(KeyRole);
    if (!found.isValid()) {
        return false;
    }
    path = m_model.bucketPathAt(index);
    key = found.toByteArray();
    return true;
}

void BucketPanel::onCurrent(const QModelIndex& index) {
    if (!index.isValid()) {
        return;
    }
    Q_EMIT bucketSelected(m_model.bucketPathAt(index));
    if (m_isShowing) {
        return;
    }
    const Place place = m_model.placeAt(index);
    if (!place.isEmpty()) {
        const QScopedValueRollback guard(m_isShowing, true);
        m_hub->select(place);
    }
}

void BucketPanel::onSelection(const Place& place) {
    if (m_isShowing || m_tree->currentIndex().data(PlaceRole).value<Place>() == place) {
        return;
    }
    const QScopedValueRollback guard(m_isShowing, true);
    m_tree->selectionModel()->clearSelection(); // another view moved on: no stale highlight here
}

void BucketPanel::traceCurrent() {
    std::vector<QByteArray> path;
    QByteArray key;
    if (currentKey(path, key)) {
        Q_EMIT traceRequested(path, key);
    }
}

void BucketPanel::openMenu(QPoint point) {
    std::vector<QByteArray> path;
    QByteArray key;
    QMenu menu;
    QAction* trace = menu.addAction(tr("Trace &Get of this key"), this, &BucketPanel::traceCurrent);
    trace->setEnabled(currentKey(path, key));
    menu.addAction(tr("&Expand"), this, [this] { m_tree->expand(m_tree->currentIndex()); });
    menu.addAction(tr("&Collapse all"), m_tree, &QTreeView::collapseAll);
    menu.exec(m_tree->viewport()->mapToGlobal(point));
}

} // namespace pagescape::gui
