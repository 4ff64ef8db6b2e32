// SPDX-License-Identifier: MIT
#include "views/biography_view.h"

#include "units/units.h"

#include <QAbstractTableModel>
#include <QFont>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace pagescape::gui {

namespace {

constexpr int kMostFittedRows = 500; // more would take a while; a tool tip has their words

} // namespace

/// One row for each line of a biography; the one that holds now is bold and marked.
class BiographyModel final : public QAbstractTableModel {
public:
    void setEntries(std::vector<BiographyEntry> entries) {
        beginResetModel();
        m_entries = std::move(entries);
        m_present = rowAt(m_position);
        endResetModel();
    }
    void setPosition(int event) {
        m_position = event;
        const int before = std::exchange(m_present, rowAt(event));
        for (const int row : {before, m_present}) {
            if (row >= 0 && row < rowCount()) {
                Q_EMIT dataChanged(index(row, 0), index(row, columnCount() - 1));
            }
        }
    }
    [[nodiscard]] int present() const { return m_present; }
    [[nodiscard]] int eventOf(int row) const { return m_entries[std::size_t(row)].event; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override {
        return parent.isValid() ? 0 : int(m_entries.size());
    }
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override {
        return parent.isValid() ? 0 : int(BiographyView::ColumnCount);
    }
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override {
        if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
            return {};
        }
        switch (section) {
        case BiographyView::EventColumn: return BiographyView::tr("Event");
        case BiographyView::TransactionColumn: return BiographyView::tr("Transaction");
        default: return BiographyView::tr("What it was");
        }
    }
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override {
        if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
            return {};
        }
        const BiographyEntry& entry = m_entries[std::size_t(index.row())];
        if (role == Qt::DisplayRole || role == Qt::ToolTipRole) {
            return textOf(entry, index.column(), index.row() == m_present);
        }
        if (role == Qt::FontRole && index.row() == m_present) {
            QFont font;
            font.setBold(true);
            return font;
        }
        if (role == Qt::TextAlignmentRole && index.column() == BiographyView::EventColumn) {
            return int(Qt::AlignRight | Qt::AlignVCenter);
        }
        if (role == Qt::TextAlignmentRole && index.column() == BiographyView::TransactionColumn) {
            return int(Qt::AlignCenter);
        }
        return {};
    }

private:
    [[nodiscard]] static QString textOf(const BiographyEntry& entry, int column, bool isPresent) {
        switch (column) {
        case BiographyView::EventColumn: {
            const QString event = entry.event < 0 ? BiographyView::tr("at first")
                                                  : countText(quint64(entry.event + 1));
            return isPresent ? QStringLiteral("\u25B8 ") + event : event;
        }
        case BiographyView::TransactionColumn:
            return entry.event < 0 ? QStringLiteral("\u2013") : countText(entry.txid.value);
        default: return entry.text;
        }
    }
    [[nodiscard]] int rowAt(int event) const {
        const auto after =
            std::partition_point(m_entries.begin(), m_entries.end(),
                                 [&](const BiographyEntry& entry) { return entry.event <= event; });
        return int(after - m_entries.begin()) - 1;
    }

    std::vector<BiographyEntry> m_entries;
    int m_position = -1;
    int m_present = -1;
};

BiographyView::BiographyView(QWidget* parent)
    : QWidget(parent), m_model(std::make_unique<BiographyModel>()), m_headline(new QLabel),
      m_table(new QTableView) {
    m_headline->setWordWrap(true);
    m_table->setModel(m_model.get());
    m_table->setAccessibleName(tr("What the page was"));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setShowGrid(false);
    m_table->setTabKeyNavigation(false);
    m_table->setAlternatingRowColors(true);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() * 3 / 2);
    m_table->setWordWrap(true);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    QHeaderView* header = m_table->horizontalHeader();
    header->setHighlightSections(false);
    header->setStretchLastSection(true);
    const int character = fontMetrics().averageCharWidth();
    header->setResizeContentsPrecision(kMostFittedRows);
    header->setSectionResizeMode(EventColumn, QHeaderView::ResizeToContents);
    m_table->setColumnWidth(TransactionColumn,
                            fontMetrics().horizontalAdvance(tr("Transaction")) + 2 * character);
    auto* column = new QVBoxLayout(this);
    const int gap = fontMetrics().height() / 3;
    column->setContentsMargins(gap, gap, gap, gap);
    column->setSpacing(gap);
    column->addWidget(m_headline);
    column->addWidget(m_table, 1);
    // The words need the height where the panel is narrow.
    connect(header, &QHeaderView::sectionResized, this, &BiographyView::fitRows);
    connect(m_table, &QTableView::clicked, this,
            [this](const QModelIndex& index) { ask(index.row()); });
    connect(m_table, &QTableView::activated, this,
            [this](const QModelIndex& index) { ask(index.row()); });
    clear();
}

BiographyView::~BiographyView() {
    m_table->setModel(nullptr); // it outlives the model
}

void BiographyView::fitRows() {
    if (m_model->rowCount() <= kMostFittedRows) {
        m_table->resizeRowsToContents();
    }
}

void BiographyView::ask(int row) {
    Q_EMIT seekRequested(m_model->eventOf(row));
}

void BiographyView::setBiography(PageId page, std::vector<BiographyEntry> entries, bool isCut) {
    QString text =
        entries.size() <= 1
            ? tr("Page %1: nothing has happened to it in this sitting.").arg(countText(page.value))
            : tr("Page %1: %n change(s) in this sitting.", nullptr, int(entries.size()) - 1)
                  .arg(countText(page.value));
    if (isCut) {
        text += u' ' + tr("The log is full: later ones are missing.");
    }
    m_headline->setText(text);
    m_model->setEntries(std::move(entries));
    fitRows();
    m_table->setEnabled(true);
}

void BiographyView::clear() {
    m_headline->setText(tr("Select a page to see what it was during this sitting."));
    m_model->setEntries({});
    m_table->setEnabled(false);
}

void BiographyView::setPosition(int event) {
    m_model->setPosition(event);
    if (const int row = m_model->present(); row >= 0) {
        m_table->scrollTo(m_model->index(row, 0));
    }
}

QString BiographyView::headline() const {
    return m_headline->text();
}

int BiographyView::presentRow() const {
    return m_model->present();
}

} // namespace pagescape::gui
