// SPDX-License-Identifier: MIT
#include "views/readers_panel.h"

#include "paint/reader_pattern.h"
#include "stage/reader_end.h"
#include "units/units.h"
#include "views/flow_layout.h"
#include "views/held_gauge.h"

#include <QHeaderView>
#include <QIcon>
#include <QKeyEvent>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QPixmap>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace pagescape::gui {

namespace {

constexpr std::size_t kMostRuns = 8; // of pages named in the sentence; the map lights all
constexpr int kRowsAtLeast = 3;
constexpr int kCharsWithSince = 46; // width of the table from which on all columns fit

QString pageCount(std::uint64_t pages) {
    return ReadersPanel::tr("%n page(s)", nullptr,
                            int(std::min<std::uint64_t>(pages, 1'000'000'000)));
}

QLabel* sentence() {
    auto* label = new QLabel;
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    return label;
}

} // namespace

ReadersPanel::ReadersPanel(QWidget* parent)
    : QWidget(parent), m_rule(sentence()), m_table(new QTableView), m_gauge(new HeldGauge),
      m_gaugeText(sentence()), m_whatIf(sentence()), m_end(sentence()),
      m_openButton(new QPushButton(tr("Open a reader"))),
      m_closeButton(new QPushButton(tr("Close"))), m_lookButton(new QPushButton) {
    buildTable();
    auto* buttons = new FlowLayout;
    buttons->addWidget(m_openButton);
    buttons->addWidget(m_closeButton);
    buttons->addWidget(m_lookButton);
    m_openButton->setToolTip(tr("Begins a read transaction on the newest version"));
    auto* column = new QVBoxLayout(this);
    const int gap = fontMetrics().height() / 3;
    column->setContentsMargins(gap, gap, gap, gap);
    column->setSpacing(gap);
    column->addLayout(buttons);
    column->addWidget(m_table, 1);
    column->addWidget(m_end);
    column->addWidget(m_whatIf);
    column->addWidget(m_gaugeText);
    column->addWidget(m_gauge);
    column->addWidget(m_rule);
    connectWidgets();
    setState({}, {}, -1);
}

void ReadersPanel::connectWidgets() {
    connect(m_openButton, &QPushButton::clicked, this, &ReadersPanel::openRequested);
    connect(m_closeButton, &QPushButton::clicked, this, [this] {
        if (m_chosen != 0) {
            Q_EMIT closeRequested(m_chosen);
        }
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        const QModelIndexList rows = m_table->selectionModel()->selectedRows();
        onCurrentRow(rows.isEmpty() ? -1 : rows.front().row());
    });
    connect(m_lookButton, &QPushButton::clicked, this, &ReadersPanel::askToLook);
    connect(m_table, &QTableView::doubleClicked, this, &ReadersPanel::askToLook);
    m_table->installEventFilter(this);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_table, &QTableView::customContextMenuRequested, this, &ReadersPanel::showMenu);
}

// Enter alone: what Qt calls activated is a single click on some desktops. And a narrow table gives
// its room to what a reader holds: since when it reads stands in the tool tips too.
bool ReadersPanel::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::Resize) {
        const int needed = fontMetrics().averageCharWidth() * kCharsWithSince;
        m_table->setColumnHidden(SinceColumn, m_table->width() < needed);
    }
    if (event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Return || key == Qt::Key_Enter) {
            askToLook();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void ReadersPanel::askToLook() {
    if (m_chosen != 0 && m_chosen != m_looked) {
        if (isStillOpen(m_chosen)) {
            Q_EMIT lookRequested(m_chosen);
        }
    } else if (m_looked != 0) {
        Q_EMIT lookRequested(0);
    }
}

// What the buttons do, for the row under the pointer: it is chosen by the press.
void ReadersPanel::showMenu(QPoint where) {
    QMenu menu;
    for (QPushButton* button : {m_lookButton, m_closeButton, m_openButton}) {
        QAction* action = menu.addAction(button->text());
        action->setEnabled(button->isEnabled());
        connect(action, &QAction::triggered, button, &QPushButton::click);
    }
    menu.exec(m_table->viewport()->mapToGlobal(where));
}

void ReadersPanel::setLooked(std::uint64_t reader) {
    m_looked = reader;
    for (int row = 0; row < m_model.rowCount(); ++row) {
        const QString text = seenText(m_report.readers[std::size_t(row)]);
        m_model.item(row, SeesColumn)->setText(text);
        m_model.item(row, SeesColumn)->setToolTip(text);
    }
    showButtons();
}

QString ReadersPanel::seenText(const ReaderHold& hold) const {
    const QString text = tr("transaction %1").arg(countText(hold.txid.value));
    return hold.reader == m_looked ? tr("%1, on show").arg(text) : text;
}

bool ReadersPanel::isStillOpen(std::uint64_t reader) const {
    for (std::size_t row = 0; row < m_report.readers.size(); ++row) {
        if (m_report.readers[row].reader == reader) {
            return m_isStillOpen[row];
        }
    }
    return false;
}

void ReadersPanel::buildTable() {
    m_model.setHorizontalHeaderLabels(
        {tr("Reader"), tr("Sees"), tr("Since"), tr("Holds"), tr("Bytes")});
    m_table->setModel(&m_model);
    m_table->setAccessibleName(tr("Open readers"));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setShowGrid(false);
    m_table->setTabKeyNavigation(false);
    const int line = fontMetrics().height();
    m_table->setIconSize({2 * line, line});
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setDefaultSectionSize(line * 3 / 2);
    m_table->setMinimumHeight(line * 3 / 2 * (kRowsAtLeast + 1) + line / 2);
    QHeaderView* header = m_table->horizontalHeader();
    header->setSectionResizeMode(QHeaderView::ResizeToContents);
    header->setSectionResizeMode(SinceColumn, QHeaderView::Stretch);
    header->setMinimumSectionSize(2 * line);
    header->setHighlightSections(false);
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    for (const Column column : {PagesColumn, BytesColumn}) {
        m_model.horizontalHeaderItem(column)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    }
}

QIcon ReadersPanel::iconOf(std::uint64_t reader) const {
    const QSize size = m_table->iconSize();
    QPixmap picture(size * devicePixelRatioF());
    picture.setDevicePixelRatio(devicePixelRatioF());
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    const QRectF rect(0, size.height() * 0.1, size.width(), size.height() * 0.8);
    paintReaderPattern(painter, rect, reader, m_theme, size.height() / 2.0);
    painter.end();
    QIcon icon(picture);
    icon.addPixmap(picture, QIcon::Selected);
    return icon;
}

void ReadersPanel::setState(const StageState& state, const Sitting& sitting, int event) {
    m_state = state;
    m_report = holdReport(state);
    const quint64 pageSize = state.pageSize;
    m_gauge->setValues({state.fileSize, m_report.heldPages * pageSize, m_report.duePages * pageSize,
                        state.freePages * pageSize});
    m_gaugeText->setText(m_gauge->summary());
    m_rule->setText(releaseRuleText(state).join(u' '));
    m_end->setText(readerEndText(state, m_report, sitting, event));
    m_end->setVisible(!m_end->text().isEmpty());
    fillTable(sitting, event);
    const auto isChosen = [this](const ReaderHold& hold) { return hold.reader == m_chosen; };
    if (std::none_of(m_report.readers.begin(), m_report.readers.end(), isChosen)) {
        m_chosen = 0;
    }
    selectChosen();
    showPreview();
    showButtons();
}

void ReadersPanel::fillTable(const Sitting& sitting, int event) {
    m_isFilling = true;
    m_model.removeRows(0, m_model.rowCount());
    m_isStillOpen.clear();
    for (const ReaderHold& hold : m_report.readers) {
        QString since = tr("before the sitting");
        bool isStillOpen = false;
        if (const auto bar = sitting.readerAt(hold.reader, event)) {
            const SittingReader& reader = sitting.readers()[*bar];
            isStillOpen = reader.close < 0;
            if (const auto command = sitting.commandAt(reader.open)) {
                since = tr("command %1: %2")
                            .arg(countText(*command + 1), sitting.commandText(*command));
            }
        }
        m_isStillOpen.push_back(isStillOpen);
        QList<QStandardItem*> row;
        for (const QString& text : {QString::number(hold.reader), seenText(hold), since,
                                    pageCount(hold.pages), bytesText(hold.bytes)}) {
            row += new QStandardItem(text);
            row.back()->setToolTip(text);
        }
        row[ReaderColumn]->setIcon(iconOf(hold.reader));
        row[ReaderColumn]->setAccessibleText(tr("Reader %1").arg(hold.reader));
        for (const Column column : {PagesColumn, BytesColumn}) {
            row[column]->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
        }
        m_model.appendRow(row);
    }
    // By itself the header does so only while it is on show.
    for (const Column column : {ReaderColumn, SeesColumn, PagesColumn, BytesColumn}) {
        m_table->resizeColumnToContents(column);
    }
    m_isFilling = false;
}

void ReadersPanel::selectChosen() {
    m_isFilling = true;
    m_table->clearSelection();
    for (std::size_t row = 0; row < m_report.readers.size(); ++row) {
        if (m_report.readers[row].reader == m_chosen && m_chosen != 0) {
            m_table->selectRow(int(row));
        }
    }
    m_isFilling = false;
}

void ReadersPanel::onCurrentRow(int row) {
    if (m_isFilling) {
        return;
    }
    const bool isRow = row >= 0 && row < int(m_report.readers.size());
    m_chosen = isRow ? m_report.readers[std::size_t(row)].reader : 0;
    showPreview();
    showButtons();
    Q_EMIT readerChosen(m_chosen);
}

void ReadersPanel::chooseReader(std::uint64_t reader) {
    const auto isIt = [&](const ReaderHold& hold) { return hold.reader == reader; };
    const bool isKnown = std::any_of(m_report.readers.begin(), m_report.readers.end(), isIt);
    m_chosen = isKnown ? reader : 0;
    selectChosen();
    showPreview();
    showButtons();
}

void ReadersPanel::showPreview() {
    std::vector<PageId> pages;
    if (m_chosen == 0) {
        m_whatIf->setText(m_report.readers.empty()
                              ? tr("No reader is open. Open one, change something and commit: the "
                                   "pages that it sees cannot be used again until it ends.")
                              : tr("Choose a reader to see what would become free if it ended."));
    } else {
        pages = releasedWithout(m_state, m_chosen);
        const std::size_t anyway = std::size_t(m_report.duePages);
        const bool wasLit = std::exchange(m_preview, pages) != pages;
        m_whatIf->setText(sentenceOf(m_chosen, anyway));
        if (wasLit) {
            Q_EMIT previewPages(m_preview);
        }
        return;
    }
    if (!std::exchange(m_preview, {}).empty()) {
        Q_EMIT previewPages({});
    }
}

QString ReadersPanel::sentenceOf(std::uint64_t reader, std::size_t anyway) const {
    const std::size_t all = m_preview.size();
    const QString name = QString::number(reader);
    QString text;
    if (all > anyway) {
        text = tr("If reader %1 ended, the next Begin would free %2 (%3): %4.")
                   .arg(name, pageCount(all), bytesText(all * m_state.pageSize),
                        pageRunsText(m_preview, kMostRuns));
        text += u' ' + (anyway == 0 ? tr("As long as it reads, none of them.")
                                    : tr("Of these, %1 in any case.").arg(pageCount(anyway)));
    } else if (all > 0) {
        text = tr("If reader %1 ended, the next Begin would free no more than in any case: %2 "
                  "(%3), %4. What it holds, other readers hold too.")
                   .arg(name, pageCount(all), bytesText(all * m_state.pageSize),
                        pageRunsText(m_preview, kMostRuns));
    } else if (m_report.heldPages == 0) {
        text = tr("If reader %1 ended, nothing would become free: no page waits.").arg(name);
    } else {
        text = tr("If reader %1 ended, nothing would become free: other readers hold all that "
                  "waits.")
                   .arg(name);
    }
    return text + u' ' + tr("Its end alone frees nothing: the next Begin looks.");
}

void ReadersPanel::showButtons() {
    const bool canClose = m_chosen != 0 && isStillOpen(m_chosen);
    m_openButton->setEnabled(!m_isBusy);
    m_closeButton->setEnabled(!m_isBusy && canClose);
    m_closeButton->setText(m_chosen == 0 ? tr("Close") : tr("Close reader %1").arg(m_chosen));
    m_closeButton->setToolTip(m_chosen == 0 ? tr("Choose a reader first")
                              : canClose    ? tr("Ends the chosen read transaction")
                                            : tr("It has ended since"));
    const bool leadsBack = m_looked != 0 && (m_chosen == 0 || m_chosen == m_looked);
    m_lookButton->setEnabled(leadsBack || canClose);
    m_lookButton->setText(leadsBack       ? tr("Back to the newest version")
                          : m_chosen == 0 ? tr("Look through")
                                          : tr("Look through reader %1").arg(m_chosen));
    m_lookButton->setToolTip(
        leadsBack       ? tr("Map, buckets, inspector and Get show the newest version again (Esc)")
        : m_chosen == 0 ? tr("Choose a reader first")
        : canClose ? tr("Map, buckets, inspector and Get show what this reader sees (Ctrl+Shift+R)")
                   : tr("It has ended since"));
}

void ReadersPanel::setBusy(bool isBusy) {
    m_isBusy = isBusy;
    showButtons();
}

void ReadersPanel::setTheme(const Theme& theme) {
    m_theme = theme;
    m_gauge->setTheme(theme);
    for (int row = 0; row < m_model.rowCount(); ++row) {
        m_model.item(row, ReaderColumn)->setIcon(iconOf(m_report.readers[std::size_t(row)].reader));
    }
}

QString ReadersPanel::ruleText() const {
    return m_rule->text();
}

QString ReadersPanel::endText() const {
    return m_end->text();
}

QString ReadersPanel::whatIfText() const {
    return m_whatIf->text();
}

} // namespace pagescape::gui
