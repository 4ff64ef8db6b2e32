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
#include <QTabWidget>
#include <QVBoxLayout>

namespace pagescape::gui {

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
      statistics(new StatisticsPanel(hub)), m_upper(new QTabWidget), m_frame(new QLabel),
      m_line(new QWidget) {
    m_frame->setObjectName(QStringLiteral("frame"));
    m_frame->setWordWrap(true);
    m_frame->setMargin(4);
    m_frame->setAutoFillBackground(true);
    m_frame->hide();
    headline->setAccessibleName(tr("Headline"));
    goTo->setMinimumWidth(250);
    goTo->setMaximumWidth(360);
    m_upper->setDocumentMode(true);
    m_upper->addTab(map, tr("Page map"));
    m_upper->addTab(table, tr("Table"));
    m_upper->addTab(commit, tr("Commit"));
    m_upper->addTab(growth, tr("Growth"));
    m_upper->addTab(crash, tr("Crash lab"));
    // The tallest tab must not make the window taller than the screen, least of all one that is not
    // on show.
    for (int i = 0; i < m_upper->count(); ++i) {
        m_upper->widget(i)->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Ignored);
    }
    m_upper->setMinimumHeight(14 * fontMetrics().lineSpacing());
    sandboxPanel->setTimeline(sitting);
    sandboxPanel->scratch()->addAtEnd(branches);
    const bool isAnimated = style()->styleHint(QStyle::SH_Widget_Animation_Duration) > 0;
    stage->setAnimated(isAnimated);
    setSandboxTabs(false);
    connect(m_upper, &QTabWidget::currentChanged, this,
            [this] { Q_EMIT tableShown(m_upper->currentWidget() == table); });
    connect(m_upper, &QTabWidget::currentChanged, this, &Workspace::makeRoom);
    connect(map, &MapPanel::listRequested, this, &Workspace::listClass);

    auto* path = new QHBoxLayout;
    path->addWidget(crumbs, 1);
    path->addWidget(goTo);
    auto* splitter = new QSplitter(Qt::Vertical);
    splitter->addWidget(m_upper);
    splitter->addWidget(tree);
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({300, 280});
    splitter->setChildrenCollapsible(false);
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
    column->addLayout(path);
    column->addWidget(m_line);
    column->addWidget(strip);
    column->addWidget(splitter, 1);
}

Workspace::~Workspace() = default;

void Workspace::setTheme(const Theme& theme) {
    headline->setTheme(theme);
    map->setTheme(theme);
    tree->setTheme(theme);
    crash->setTheme(theme);
    strip->setTheme(theme);
    goTo->setTheme(theme);
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
        m_upper->setTabVisible(m_upper->indexOf(tab), areShown);
    }
    if (!areShown) {
        m_upper->setCurrentWidget(map);
    }
}

// The pictures of a sandbox need the height, and what they leave out is about the file as it is.
void Workspace::makeRoom() {
    const QWidget* tab = m_upper->currentWidget();
    const bool isOfFile = tab == map || tab == table;
    tree->setVisible(isOfFile);
    strip->setVisible(isOfFile);
    m_line->setVisible(isOfFile || !notice->text().isEmpty());
}

void Workspace::showTab(QWidget* tab) {
    while (tab != nullptr && m_upper->indexOf(tab) < 0) {
        tab = tab->parentWidget();
    }
    m_upper->setCurrentWidget(tab);
}

void Workspace::showTable(bool isTable) {
    m_upper->setCurrentWidget(isTable ? static_cast<QWidget*>(table) : map);
}

void Workspace::showCrashLab() {
    m_upper->setCurrentWidget(crash);
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
