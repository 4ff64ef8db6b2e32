// SPDX-License-Identifier: MIT
#include "window/workspace.h"

#include "models/page_list_model.h"
#include "views/address_strip_view.h"
#include "views/biography_view.h"
#include "views/branch_box.h"
#include "views/breadcrumb_bar.h"
#include "views/bucket_panel.h"
#include "views/commit_view.h"
#include "views/crash_panel.h"
#include "views/difference_panel.h"
#include "views/go_to_box.h"
#include "views/growth_view.h"
#include "views/inspector_panel.h"
#include "views/link_label.h"
#include "views/map_panel.h"
#include "views/page_map_view.h"
#include "views/page_table_panel.h"
#include "views/player_panel.h"
#include "views/problem_panel.h"
#include "views/readers_panel.h"
#include "views/sandbox_panel.h"
#include "views/scratch_bar.h"
#include "views/sitting_view.h"
#include "views/stage_view.h"
#include "views/statistics_panel.h"
#include "views/tree_view.h"
#include "window/notice_bar.h"

#include <QHBoxLayout>
#include <QSplitter>
#include <QStackedLayout>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

#include <algorithm>

namespace pagescape::gui {

namespace {

// The least height of a tab, in lines of text.
constexpr int kTabLines = 12;
constexpr int kSmallTabLines = 6;

} // namespace

Workspace::Workspace(QWidget* parent)
    : QWidget(parent), hub(new SelectionHub(this)), player(new GetPlayer(nullptr, this)),
      stagePlayer(new StagePlayer(nullptr, this)), notice(new NoticeBar), crumbs(new BreadcrumbBar),
      goTo(new GoToBox), headline(new LinkLabel), strip(new AddressStripView(hub)),
      map(new MapPanel(hub)), pages(new PageListModel(this)), table(new PageTablePanel(hub, pages)),
      tree(new TreeView(hub)), stage(new StageView), commit(new CommitView(stage, stagePlayer)),
      growth(new GrowthView), crash(new CrashPanel), buckets(new BucketPanel(hub)),
      inspector(new InspectorPanel(hub)), problems(new ProblemPanel(hub)),
      playerPanel(new PlayerPanel(player)), sandboxPanel(new SandboxPanel(stagePlayer)),
      sitting(new SittingView), branches(new BranchBox), readers(new ReadersPanel),
      biography(new BiographyView), differences(new DifferencePanel(hub)),
      statistics(new StatisticsPanel(hub)), m_tabs(new QTabBar), m_upper(new QStackedWidget),
      m_splitter(new QSplitter(Qt::Vertical)), m_frame(new QLabel), m_path(new QWidget),
      m_line(new QWidget) {
    m_frame->setObjectName(QStringLiteral("frame"));
    m_frame->setWordWrap(true);
    m_frame->setMargin(4);
    m_frame->setAutoFillBackground(true);
    m_frame->hide();
    headline->setAccessibleName(tr("Headline"));
    goTo->setMinimumWidth(250);
    goTo->setMaximumWidth(360);
    addTabs();
    sandboxPanel->setTimeline(sitting);
    sandboxPanel->scratch()->addAtEnd(branches);
    const bool isAnimated = style()->styleHint(QStyle::SH_Widget_Animation_Duration) > 0;
    stage->setAnimated(isAnimated);
    setSandboxTabs(false);
    connect(map, &MapPanel::listRequested, this, &Workspace::listClass);

    auto* path = new QHBoxLayout(m_path);
    path->setContentsMargins(0, 0, 0, 0);
    path->addWidget(crumbs, 1);
    path->addWidget(goTo);
    m_splitter->addWidget(m_upper);
    m_splitter->addWidget(tree);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setSizes({300, 280});
    m_splitter->setChildrenCollapsible(false);
    // One line for both: a notice must not push the views down.
    auto* line = new QStackedLayout(m_line);
    line->setContentsMargins(0, 0, 0, 0);
    line->addWidget(headline);
    line->addWidget(notice);
    connect(notice, &NoticeBar::contentChanged, line, [this, line] {
        line->setCurrentWidget(notice->text().isEmpty() ? static_cast<QWidget*>(headline) : notice);
        makeRoom();
    });
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(6, 4, 6, 4);
    column->setSpacing(4);
    column->addWidget(m_frame);
    column->addWidget(m_tabs);
    column->addWidget(m_path);
    column->addWidget(m_line);
    column->addWidget(strip);
    column->addWidget(m_splitter, 1);
}

Workspace::~Workspace() = default;

void Workspace::addTabs() {
    m_tabs->setDocumentMode(true);
    m_tabs->setExpanding(false);
    m_tabs->setAccessibleName(tr("Views"));
    const auto add = [this](QWidget* page, const QString& text) {
        // The tallest tab must not make the window taller than the screen, least of all one that is
        // not on show.
        page->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Ignored);
        m_upper->addWidget(page);
        m_tabs->addTab(text);
    };
    add(map, tr("Page map"));
    add(table, tr("Table"));
    add(commit, tr("Commit"));
    add(growth, tr("Growth"));
    add(crash, tr("Crash lab"));
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int index) {
        m_upper->setCurrentIndex(index);
        makeRoom();
        Q_EMIT tableShown(m_upper->currentWidget() == table);
    });
    makeRoom();
}

void Workspace::askWhereTo() {
    if (!m_path->isVisible()) {
        showTab(map);
    }
    goTo->activate();
}

void Workspace::setTheme(const Theme& theme) {
    headline->setTheme(theme);
    map->setTheme(theme);
    tree->setTheme(theme);
    crash->setTheme(theme);
    strip->setTheme(theme);
    goTo->setTheme(theme);
    buckets->setTheme(theme);
    inspector->setTheme(theme);
    playerPanel->setTheme(theme);
    sandboxPanel->setTheme(theme);
    stage->setTheme(theme);
    growth->setTheme(theme);
    sitting->setTheme(theme);
    readers->setTheme(theme);
    differences->setTheme(theme);
    statistics->setTheme(theme);
    QPalette frame = palette();
    frame.setColor(QPalette::Window, theme.color(Theme::Role::Path));
    frame.setColor(QPalette::WindowText, theme.textOn(theme.color(Theme::Role::Path)));
    m_frame->setPalette(frame);
}

void Workspace::setFrameText(const QString& text) {
    m_frame->setText(text);
    m_frame->setVisible(!text.isEmpty());
}

QString Workspace::frameText() const {
    return m_frame->text();
}

void Workspace::setSandboxTabs(bool areShown) {
    for (QWidget* tab : {static_cast<QWidget*>(commit), static_cast<QWidget*>(growth),
                         static_cast<QWidget*>(crash)}) {
        m_tabs->setTabVisible(m_upper->indexOf(tab), areShown);
    }
    if (!areShown) {
        showTab(map);
    }
}

// The pictures of a sandbox need the height, and what they leave out is about the file as it is.
// All of that is below the tabs, so that these stay where they are.
void Workspace::makeRoom() {
    const QWidget* tab = m_upper->currentWidget();
    const bool isOfFile = tab == map || tab == table;
    const bool isSmall = m_isMapSmall && tab == map;
    tree->setVisible(isOfFile);
    m_path->setVisible(isOfFile);
    m_line->setVisible(isOfFile || !notice->text().isEmpty());
    strip->setVisible(isOfFile && !isSmall);
    map->setToolsShown(!isSmall);
    m_upper->setMinimumHeight((isSmall ? kSmallTabLines : kTabLines) * fontMetrics().lineSpacing());
}

void Workspace::setMapSmall(bool isSmall) {
    m_isMapSmall = isSmall;
    makeRoom();
}

void Workspace::setTreeShare(double share) {
    constexpr int kWhole = 10'000; // the splitter makes it fit
    const int ofTree = int(std::clamp(share, 0.0, 1.0) * kWhole);
    m_splitter->setSizes({kWhole - ofTree, ofTree});
}

double Workspace::treeShare() const {
    const QList<int> sizes = m_splitter->sizes();
    const int whole = sizes[0] + sizes[1];
    return whole == 0 ? 0 : double(sizes[1]) / whole;
}

void Workspace::showTab(QWidget* tab) {
    while (tab != nullptr && m_upper->indexOf(tab) < 0) {
        tab = tab->parentWidget();
    }
    m_tabs->setCurrentIndex(m_upper->indexOf(tab));
}

void Workspace::showTable(bool isTable) {
    showTab(isTable ? static_cast<QWidget*>(table) : map);
}

void Workspace::showCrashLab() {
    showTab(crash);
}

void Workspace::listClass(Lens lens, LensClass lensClass) {
    const std::shared_ptr<const LensImage> image = map->map()->image();
    if (!image || image->lens() != lens) {
        return;
    }
    table->list([image, lensClass](PageId page) { return image->at(page) == lensClass; },
                lensClassName(lens, lensClass, map->map()->census().get()));
    showTable(true);
}

} // namespace pagescape::gui
