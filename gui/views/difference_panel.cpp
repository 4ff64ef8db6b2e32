// SPDX-License-Identifier: MIT
#include "views/difference_panel.h"

#include "units/units.h"
#include "views/difference_delegate.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QTreeView>
#include <QVBoxLayout>

#include <utility>

namespace pagescape::gui {

namespace {

constexpr int kGroupsUnfolded = 20; // buckets that are unfolded by themselves

} // namespace

DifferencePanel::DifferencePanel(SelectionHub* hub, QWidget* parent)
    : QWidget(parent), m_hub(hub), m_delegate(new DifferenceDelegate(this)), m_summary(new QLabel),
      m_progress(new QProgressBar), m_compare(new QPushButton(tr("Compare"))),
      m_stop(new QPushButton(tr("Stop"))), m_map(new QPushButton(tr("Show on map"))),
      m_end(new QPushButton(tr("Clear"))), m_tree(new QTreeView) {
    m_summary->setWordWrap(true);
    m_summary->setTextFormat(Qt::PlainText);
    m_summary->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_summary->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_progress->setRange(0, 0); // nobody knows how many differences there are
    m_progress->setAccessibleName(tr("Comparing"));
    m_compare->setToolTip(tr("Compare the newest version with the one before it"));
    m_stop->setAccessibleName(tr("Stop comparing"));
    m_map->setToolTip(tr("Colour the page map by what changed"));
    m_end->setToolTip(tr("Take the comparison off the map and the tree"));
    m_tree->setModel(&m_model);
    m_tree->setItemDelegateForColumn(DifferenceModel::KeyColumn, m_delegate);
    m_tree->setUniformRowHeights(true);
    m_tree->setAllColumnsShowFocus(true);
    m_tree->setAccessibleName(tr("Differences"));
    m_tree->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setSectionResizeMode(DifferenceModel::BeforeColumn, QHeaderView::Stretch);
    m_tree->header()->setSectionResizeMode(DifferenceModel::AfterColumn, QHeaderView::Stretch);

    auto* words = new QWidget;
    auto* wordColumn = new QVBoxLayout(words);
    wordColumn->setContentsMargins(0, 0, 4, 0);
    wordColumn->addWidget(m_summary);
    wordColumn->addStretch(1);
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(words);
    auto* buttons = new QHBoxLayout;
    for (QPushButton* button : {m_compare, m_stop, m_map, m_end}) {
        buttons->addWidget(button);
        button->setAutoDefault(false);
    }
    buttons->addWidget(m_progress);
    buttons->addStretch(1);
    auto* left = new QVBoxLayout;
    left->addWidget(scroll, 1);
    left->addLayout(buttons);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(4, 4, 4, 4);
    row->addLayout(left, 2);
    row->addWidget(m_tree, 3);

    connect(m_compare, &QPushButton::clicked, this, &DifferencePanel::compareRequested);
    connect(m_stop, &QPushButton::clicked, this, &DifferencePanel::stopRequested);
    connect(m_map, &QPushButton::clicked, this, &DifferencePanel::mapRequested);
    connect(m_end, &QPushButton::clicked, this, &DifferencePanel::endRequested);
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &DifferencePanel::onCurrent);
    clear();
}

void DifferencePanel::clear() {
    m_model.clear();
    m_comparison.reset();
    m_summary->setText(tr("Nothing is compared yet. Compare shows what the last transaction "
                          "changed."));
    showState(false);
}

void DifferencePanel::begin(const QString& title) {
    clear();
    m_title = title;
    m_summary->setText(title);
    showState(true);
}

void DifferencePanel::append(const std::vector<DifferenceEntry>& entries) {
    const int before = m_model.rowCount();
    m_model.append(entries);
    for (int row = before; row < m_model.rowCount() && row < kGroupsUnfolded; ++row) {
        m_tree->expand(m_model.index(row, 0));
    }
    if (!m_comparison) {
        m_summary->setText(
            tr("%1 %2 differences so far.").arg(m_title, countText(m_model.entryCount())));
    }
}

void DifferencePanel::setComparison(const ComparisonPtr& comparison,
                                    std::optional<quint64> samePages) {
    const bool isNew = m_comparison != comparison;
    m_comparison = comparison;
    const QString limits = limitsSentence(*comparison, m_model.entryCount());
    if (!comparison->error.isEmpty()) {
        m_summary->setText(limits);
    } else {
        QStringList lines{comparisonTitle(*comparison), entriesSentence(*comparison),
                          pagesSentence(*comparison, samePages), costSentence(*comparison)};
        if (comparison->isStopped) { // what pages differ is known at the end only
            lines.erase(lines.begin() + 2, lines.end());
        }
        if (!limits.isEmpty()) {
            lines += limits;
        }
        m_summary->setText(lines.join(u'\n'));
    }
    showState(false);
    if (isNew) {
        for (const int column : {DifferenceModel::KeyColumn, DifferenceModel::PageColumn}) {
            m_tree->resizeColumnToContents(column);
        }
        const int most = fontMetrics().averageCharWidth() * 34;
        m_tree->setColumnWidth(DifferenceModel::KeyColumn,
                               std::min(most, m_tree->columnWidth(DifferenceModel::KeyColumn)));
    }
}

void DifferencePanel::setTheme(const Theme& theme) {
    m_delegate->setTheme(theme);
    m_tree->viewport()->update();
}

QString DifferencePanel::summary() const {
    return m_summary->text();
}

void DifferencePanel::showState(bool isRunning) {
    const bool hasResult = m_comparison && m_comparison->error.isEmpty();
    m_progress->setVisible(isRunning);
    m_stop->setVisible(isRunning);
    m_compare->setVisible(!isRunning && !hasResult);
    m_map->setVisible(!isRunning && hasResult && !m_comparison->isStopped);
    m_end->setVisible(!isRunning && hasResult);
    m_tree->setVisible(isRunning || m_model.entryCount() > 0);
}

void DifferencePanel::onCurrent(const QModelIndex& index) {
    const DifferenceEntry* entry = m_model.entry(index);
    if (entry == nullptr) {
        return;
    }
    const Place place = index.data(PlaceRole).value<Place>();
    if (!place.isEmpty()) {
        m_hub->select(place);
    } else {
        Q_EMIT placeMissed(tr("This entry is in the other file only, on its page %1.")
                               .arg(index.data(PageRole).toULongLong()));
    }
}

} // namespace pagescape::gui
