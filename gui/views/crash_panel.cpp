// SPDX-License-Identifier: MIT
#include "views/crash_panel.h"

#include "stage/crash_text.h"
#include "views/crash_fate_bar.h"
#include "views/crash_list_view.h"
#include "views/flow_layout.h"
#include "views/link_label.h"

#include <QButtonGroup>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QSplitter>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace pagescape::gui {

namespace {

constexpr int kMostOutcomeRows = 8; // before the list scrolls

} // namespace

CrashPanel::CrashPanel(QWidget* parent)
    : QWidget(parent), m_script(std::make_shared<const CrashScript>()), m_title(new QLabel),
      m_syncs(new QPushButton), m_stops(new QWidget), m_list(new CrashListView),
      m_fate(new CrashFateBar), m_seed(new QSpinBox), m_progress(new QProgressBar),
      m_stop(new QPushButton(tr("Stop"))), m_found(new QLabel), m_outcomes(new QListWidget),
      m_verdict(new LinkLabel), m_saved(new LinkLabel) {
    m_title->setWordWrap(true);
    m_title->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_title->setObjectName(QStringLiteral("title"));
    m_syncs->setObjectName(QStringLiteral("syncs"));
    auto* top = new QHBoxLayout;
    top->addWidget(m_title, 1);
    top->addWidget(m_syncs, 0, Qt::AlignTop);
    auto* splitter = new QSplitter(Qt::Horizontal);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(makeLeft());
    splitter->addWidget(makeRight());
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(4, 4, 4, 4);
    column->setSpacing(4);
    column->addLayout(top);
    column->addWidget(makeTools());
    column->addWidget(splitter, 1);
    connectAll();
    clear();
}

QWidget* CrashPanel::makeLeft() {
    auto* left = new QWidget;
    auto* column = new QVBoxLayout(left);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    new FlowLayout(m_stops);
    m_stops->setAccessibleName(tr("Named stops"));
    column->addWidget(m_stops);
    column->addWidget(m_list, 1);
    column->addWidget(m_fate);
    return left;
}

QPushButton* CrashPanel::makeButton(const QString& name, const QString& text, const QString& tip) {
    auto* button = new QPushButton(text);
    button->setObjectName(name);
    button->setToolTip(tip);
    button->setAutoDefault(false);
    m_buttons.push_back(button);
    return button;
}

QWidget* CrashPanel::makeTools() {
    auto* tools = new QWidget;
    auto* flow = new FlowLayout(tools);
    QPushButton* survive = makeButton(QStringLiteral("survive-all"), tr("All survive"),
                                      tr("The disk has everything that was issued"));
    QPushButton* lose = makeButton(QStringLiteral("lose-all"), tr("All lost"),
                                   tr("The disk has only what a sync had confirmed"));
    QPushButton* random = makeButton(QStringLiteral("random"), tr("Random"),
                                     tr("Draw what became of each write; the same seed draws the "
                                        "same again"));
    QPushButton* worst = makeButton(QStringLiteral("worst"), tr("Worst case"),
                                    tr("Try every subset of the open writes, and torn ones"));
    QPushButton* crash = makeButton(QStringLiteral("crash"), tr("Crash"),
                                    tr("Build the file that is left and open it anew"));
    QPushButton* save = makeButton(QStringLiteral("export"), tr("Export image…"),
                                   tr("Save the file that is left, to check it with bbolt"));
    m_seed->setRange(1, 9999);
    m_seed->setPrefix(tr("seed "));
    m_seed->setAccessibleName(tr("Seed of the random draw"));
    m_seed->setObjectName(QStringLiteral("seed"));
    for (QWidget* widget : {static_cast<QWidget*>(survive), static_cast<QWidget*>(lose),
                            static_cast<QWidget*>(random), static_cast<QWidget*>(m_seed),
                            static_cast<QWidget*>(worst), static_cast<QWidget*>(crash),
                            static_cast<QWidget*>(save)}) {
        flow->addWidget(widget);
    }
    connect(survive, &QPushButton::clicked, this, &CrashPanel::surviveAllRequested);
    connect(lose, &QPushButton::clicked, this, &CrashPanel::loseAllRequested);
    connect(random, &QPushButton::clicked, this, [this] {
        Q_EMIT randomRequested(quint64(m_seed->value()));
        const QSignalBlocker block(m_seed); // the next click draws anew
        m_seed->setValue(m_seed->value() == m_seed->maximum() ? 1 : m_seed->value() + 1);
    });
    connect(m_seed, &QSpinBox::valueChanged, this,
            [this](int seed) { Q_EMIT randomRequested(quint64(seed)); });
    connect(worst, &QPushButton::clicked, this, &CrashPanel::searchRequested);
    connect(crash, &QPushButton::clicked, this, &CrashPanel::crashRequested);
    connect(save, &QPushButton::clicked, this, &CrashPanel::chooseFile);
    return tools;
}

QWidget* CrashPanel::makeRight() {
    auto* content = new QWidget;
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(4, 0, 4, 0);
    column->setSpacing(6);
    auto* search = new QHBoxLayout;
    m_progress->setAccessibleName(tr("Search for the worst case"));
    m_progress->setFormat(tr("%v of at most %m"));
    m_stop->setObjectName(QStringLiteral("stop-search"));
    search->addWidget(m_progress, 1);
    search->addWidget(m_stop);
    column->addLayout(search);
    m_found->setWordWrap(true);
    column->addWidget(m_found);
    m_outcomes->setAccessibleName(tr("Outcomes, worst first"));
    m_outcomes->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_outcomes->setWordWrap(true);
    column->addWidget(m_outcomes);
    m_verdict->setAccessibleName(tr("Verdict"));
    m_verdict->setObjectName(QStringLiteral("verdict"));
    column->addWidget(m_verdict);
    m_saved->setObjectName(QStringLiteral("saved"));
    m_saved->hide();
    column->addWidget(m_saved);
    column->addStretch(1);
    auto* scroll = new QScrollArea;
    scroll->setWidget(content);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setMinimumWidth(fontMetrics().averageCharWidth() * 28);
    return scroll;
}

void CrashPanel::connectAll() {
    connect(m_list, &CrashListView::cursorRequested, this, &CrashPanel::cursorRequested);
    connect(m_list, &CrashListView::fateRequested, this, &CrashPanel::fateRequested);
    connect(m_list, &CrashListView::pageActivated, this, &CrashPanel::pageActivated);
    connect(m_list, &CrashListView::currentRowChanged, this,
            [this] { m_fate->showOperation(*m_script, m_choice, m_list->currentRow()); });
    connect(m_fate, &CrashFateBar::fateRequested, this, &CrashPanel::fateRequested);
    connect(m_stop, &QPushButton::clicked, this, &CrashPanel::stopRequested);
    connect(m_syncs, &QPushButton::clicked, this,
            [this] { Q_EMIT syncToggleRequested(!m_isSynced); });
    const auto choose = [this](const QListWidgetItem* item) {
        Q_EMIT outcomeChosen(std::size_t(m_outcomes->row(item)));
        showFirstLoss();
    };
    connect(m_outcomes, &QListWidget::itemClicked, this, choose);
    connect(m_outcomes, &QListWidget::itemActivated, this, choose);
    connect(m_verdict, &QLabel::linkActivated, this, [this](const QString& link) {
        Q_EMIT pageActivated(PageId{link.section(u':', 1).toULongLong()});
    });
    connect(m_saved, &QLabel::linkActivated, this,
            [this] { Q_EMIT openImageRequested(m_savedPath); });
}

void CrashPanel::setScript(const CrashScriptPtr& script) {
    m_script = script;
    m_choice = {};
    m_saved->hide();
    m_list->setScript(script);
    showStops();
    refresh();
}

void CrashPanel::clear() {
    auto empty = std::make_shared<CrashScript>();
    empty->whyEmpty = tr("Edit a copy or a new database and commit: the writes and syncs of that "
                         "commit appear here, and the crash can be put between any two of them.");
    setScript(empty);
    setSearch(nullptr);
    setJudgement(nullptr, false);
}

void CrashPanel::showStops() {
    for (const StopButton& stop : m_stopButtons) {
        delete stop.button;
    }
    m_stopButtons.clear();
    // Of many commits the last one's, as the title; Page Up knows the others.
    const std::vector<std::size_t>& ends = m_script->commitEnds;
    const std::size_t begin = ends.size() > 1 ? ends[ends.size() - 2] : 0;
    auto* group = new QButtonGroup(m_stops);
    group->setExclusive(false);
    for (const CrashStop& stop : m_script->stops) {
        if (begin > 0 && stop.cursor <= begin) {
            continue;
        }
        auto* button = new QToolButton;
        button->setText(crashStopName(stop.kind));
        button->setToolTip(crashStopHint(stop.kind));
        button->setCheckable(true);
        button->setFocusPolicy(Qt::StrongFocus);
        m_stops->layout()->addWidget(button);
        group->addButton(button);
        m_stopButtons.push_back({button, stop.cursor});
        connect(button, &QToolButton::clicked, this, [this, cursor = stop.cursor] {
            Q_EMIT cursorRequested(cursor);
            setChoice(m_choice); // the buttons show where it is, whatever was clicked
        });
        button->show();
    }
}

void CrashPanel::setChoice(const CrashChoice& choice) {
    m_choice = choice;
    m_list->setChoice(choice);
    m_fate->showOperation(*m_script, choice, m_list->currentRow());
    for (const StopButton& stop : m_stopButtons) {
        const bool isHere = stop.cursor == choice.cursor();
        stop.button->setChecked(isHere);
        QFont marked = font(); // a pressed button alone hardly shows in the dark theme
        marked.setBold(isHere);
        stop.button->setFont(marked);
    }
    refresh();
}

// Among many writes the lost one may be out of sight.
void CrashPanel::showFirstLoss() {
    const auto isWhole = [](const WriteFate& fate) {
        return fate.kind == WriteFate::Kind::Survives;
    };
    const auto loss = std::ranges::find_if_not(m_choice.fates, isWhole);
    if (loss != m_choice.fates.end()) {
        m_list->setCurrentRow(m_choice.point.open[std::size_t(loss - m_choice.fates.begin())]);
    }
}

void CrashPanel::setJudgement(const CrashJudgementPtr& judgement, bool isComing) {
    m_isAsked = isComing || (judgement && m_isAsked);
    if (judgement) {
        const QString html = crashVerdictHtml(*judgement);
        m_verdict->setHtml(
            m_isAsked ? tr("<p>The file that is left was built and opened anew:</p>%1").arg(html)
                      : html);
        m_isAsked = false;
    } else if (m_script->rows.empty()) {
        m_verdict->setHtml({});
    } else {
        m_verdict->setHtml(isComing ? tr("Building the file and opening it anew…")
                                    : tr("The file is large: press Crash to judge it."));
    }
}

void CrashPanel::setSearch(const CrashSearchPtr& search) {
    m_search = search;
    m_isSearching = false;
    m_outcomes->clear();
    if (search) {
        for (const CrashOutcome& outcome : search->worst.outcomes) {
            m_outcomes->addItem(crashOutcomeText(outcome, search->expected));
        }
        m_found->setText(crashSearchText(*search));
        const int rows = std::clamp(m_outcomes->count(), 1, kMostOutcomeRows);
        const int height = m_outcomes->sizeHintForRow(0);
        m_outcomes->setFixedHeight(rows * std::max(height, fontMetrics().height()) +
                                   2 * m_outcomes->frameWidth());
    }
    m_found->setVisible(search != nullptr);
    m_outcomes->setVisible(m_outcomes->count() > 0);
    refresh();
}

void CrashPanel::setProgress(quint64 done, quint64 total) {
    m_isSearching = true;
    m_progress->setRange(0, int(total));
    m_progress->setValue(int(done));
    refresh();
}

void CrashPanel::setSyncs(bool isSynced, bool canChange) {
    m_isSynced = isSynced;
    m_canChangeSyncs = canChange;
    refresh();
}

void CrashPanel::refresh() {
    const bool hasCommit = !m_script->rows.empty();
    m_title->setText(hasCommit
                         ? QStringLiteral("<b>%1</b>. %2")
                               .arg(crashTitle(*m_script).toHtmlEscaped(), crashSyncText(*m_script))
                         : m_script->whyEmpty);
    m_title->setVisible(hasCommit);
    m_syncs->setText(m_isSynced ? tr("Turn syncs off and commit again")
                                : tr("Turn syncs on and commit again"));
    m_syncs->setToolTip(tr("Takes the commit back, reopens the sandbox with or without syncs, and "
                           "makes the same commit again"));
    m_syncs->setEnabled(hasCommit && m_canChangeSyncs);
    m_syncs->setVisible(hasCommit);
    for (QPushButton* button : m_buttons) {
        button->setEnabled(hasCommit);
    }
    m_seed->setEnabled(hasCommit);
    m_fate->setVisible(hasCommit);
    m_progress->setVisible(m_isSearching);
    m_stop->setVisible(m_isSearching);
}

void CrashPanel::chooseFile() {
    const QString path = QFileDialog::getSaveFileName(this, tr("Export the file after the crash"),
                                                      QStringLiteral("crash.db"),
                                                      tr("Databases (*.db);;All files (*)"));
    if (!path.isEmpty()) {
        Q_EMIT exportRequested(path);
    }
}

void CrashPanel::showSaved(const QString& path, const QString& error) {
    m_savedPath = path;
    const QString file = path.toHtmlEscaped();
    m_saved->setHtml(error.isEmpty() ? tr("Saved. <a href=\"open\">Open image</a>, or check it:<br>"
                                          "<code>bbolt check %1</code><br>"
                                          "<code>pagescape-cli check %1</code>")
                                           .arg(file)
                                     : error.toHtmlEscaped());
    m_saved->show();
}

QString CrashPanel::verdictText() const {
    return m_verdict->text();
}

void CrashPanel::setTheme(const Theme& theme) {
    m_list->setTheme(theme);
    m_verdict->setTheme(theme);
    m_saved->setTheme(theme);
}

void CrashPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    Q_EMIT shown();
}

} // namespace pagescape::gui
