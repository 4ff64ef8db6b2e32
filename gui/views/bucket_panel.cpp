// SPDX-License-Identifier: MIT
#include "views/bucket_panel.h"

#include "models/byte_text.h"
#include "views/format_box.h"
#include "views/key_delegate.h"
#include "views/key_entry.h"
#include "views/past_note.h"

#include <QAction>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QScopedValueRollback>
#include <QTreeView>
#include <QVBoxLayout>

namespace pagescape::gui {

BucketPanel::BucketPanel(SelectionHub* hub, QWidget* parent)
    : QWidget(parent), m_hub(hub), m_past(new PastNote), m_tree(new QTreeView),
      m_formatLabel(new QLabel), m_formatBox(new QComboBox) {
    m_tree->setModel(&m_model);
    m_tree->setUniformRowHeights(true);
    m_tree->setAlternatingRowColors(true);
    m_tree->setAccessibleName(tr("Buckets and keys"));
    m_tree->setContextMenuPolicy(Qt::CustomContextMenu);
    m_tree->header()->setStretchLastSection(true);
    m_tree->setMinimumWidth(160);
    m_tree->setIndentation(14);
    m_tree->setItemDelegateForColumn(BucketTreeModel::NameColumn, new KeyDelegate(m_tree));
    m_formatBox->setAccessibleName(tr("Format of the bucket's keys"));
    m_formatBox->setToolTip(tr("How the keys of this bucket are shown, here, in the tree and in "
                               "the bytes; a tick marks what the keys decode as"));
    m_formatBox->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_formatBox->setMinimumContentsLength(8);
    m_formatLabel->setBuddy(m_formatBox);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_past);
    auto* format = new QHBoxLayout;
    format->setContentsMargins(4, 0, 0, 0);
    format->addWidget(m_formatLabel);
    format->addWidget(m_formatBox, 1);
    column->addLayout(format);
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
    connect(m_formatBox, &QComboBox::activated, this, [this] {
        Q_EMIT keyFormatChosen(m_model.bucketPathAt(m_tree->currentIndex()),
                               chosenFormat(*m_formatBox));
    });
    connect(&m_model, &QAbstractItemModel::rowsInserted, this, [this] {
        showFormat();
        goOn();
    });
    showFormat();
}

void BucketPanel::setSource(EntrySource* source, std::shared_ptr<const Census> census) {
    m_target.clear();
    m_model.setSource(source, std::move(census));
    m_tree->expand(m_model.index(0, 0));
    m_tree->header()->setMinimumSectionSize(24);
    for (const int wide : {BucketTreeModel::EntriesColumn, BucketTreeModel::PagesColumn,
                           BucketTreeModel::DepthColumn, BucketTreeModel::SequenceColumn,
                           BucketTreeModel::FillColumn}) {
        m_tree->resizeColumnToContents(wide);
    }
}

void BucketPanel::setFormats(BucketFormats keys, BucketFormats values) {
    m_keyFormats = keys;
    m_model.setFormats(std::move(keys), std::move(values));
    showFormat();
}

void BucketPanel::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    // Names and keys need the room more than the figures behind them.
    m_tree->header()->resizeSection(BucketTreeModel::NameColumn,
                                    std::max(132, m_tree->viewport()->width() * 3 / 5));
}

void BucketPanel::setTheme(const Theme& theme) {
    m_past->setTheme(theme);
}

void BucketPanel::showFormat() {
    const QModelIndex index = m_tree->currentIndex().siblingAtColumn(0);
    const bool isBucket = index.data(IsBucketRole).toBool();
    const QModelIndex key = isBucket ? m_model.index(0, 0, index) : index;
    const std::vector<QByteArray> path = m_model.bucketPathAt(index);
    m_formatBox->setEnabled(index.isValid());
    m_formatLabel->setText(path.empty() ? tr("&Keys as")
                                        : tr("&Keys of %1 as").arg(bucketPathText({path.back()})));
    fillFormatBox(*m_formatBox, toBytes(key.data(KeyRole).toByteArray()),
                  m_keyFormats ? m_keyFormats(path) : ValueFormat::Auto);
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

std::vector<QByteArray> BucketPanel::currentBucket() const {
    return m_model.bucketPathAt(m_tree->currentIndex());
}

void BucketPanel::goTo(const std::vector<QByteArray>& bucket) {
    m_target = bucket;
    goOn();
}

// Each step may have to wait until the entries of a bucket are read.
void BucketPanel::goOn() {
    if (m_target.empty()) {
        return;
    }
    const QModelIndex index = m_model.find(m_target, {});
    if (m_model.bucketPathAt(index) == m_target) {
        m_target.clear();
        const QScopedValueRollback guard(m_isShowing, true);
        m_tree->setCurrentIndex(index);
    }
    m_tree->expand(index);
}

void BucketPanel::onCurrent(const QModelIndex& index) {
    if (!index.isValid()) {
        return;
    }
    showFormat();
    const Place place = m_model.placeAt(index);
    if (!m_isShowing && !place.isEmpty()) {
        const QScopedValueRollback guard(m_isShowing, true);
        m_hub->select(place);
    }
    Q_EMIT bucketSelected(m_model.bucketPathAt(index)); // last: it says more than the place does
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
