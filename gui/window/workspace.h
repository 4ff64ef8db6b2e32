// SPDX-License-Identifier: MIT
// Workspace: the views of one window and the state they share. It owns no file and knows no
// session.
#pragma once

#include "paint/lens.h"
#include "paint/theme.h"
#include "stage/stage_player.h"
#include "state/get_player.h"
#include "state/selection_hub.h"

#include <QWidget>

QT_BEGIN_NAMESPACE
class QLabel;
class QSplitter;
class QStackedWidget;
class QTabBar;
QT_END_NAMESPACE

namespace pagescape::gui {

class AddressStripView;
class BiographyView;
class BranchBox;
class BreadcrumbBar;
class BucketPanel;
class CommitView;
class CrashPanel;
class DifferencePanel;
class GoToBox;
class GrowthView;
class InspectorPanel;
class LinkLabel;
class MapPanel;
class NoticeBar;
class PageListModel;
class PageTablePanel;
class PlayerPanel;
class ProblemPanel;
class ReadersPanel;
class SandboxPanel;
class SittingView;
class StageView;
class StatisticsPanel;
class TreeView;

/// The centre of the window, and the panels that the window puts into docks.
class Workspace : public QWidget {
    Q_OBJECT
public:
    explicit Workspace(QWidget* parent = nullptr);
    ~Workspace() override;

    void setTheme(const Theme& theme);
    /// The map or its table twin.
    void showTable(bool isTable);
    void showCrashLab();
    /// Words above the views about what is worked on: a sandbox. Empty: none.
    void setFrameText(const QString& text);
    [[nodiscard]] QString frameText() const;
    /// Whether the tabs of a sandbox are there: commit, growth.
    void setSandboxTabs(bool areShown);
    /// Puts the focus into the box that goes to a page, an offset or a key.
    void askWhereTo();
    /// Brings the tab of the centre that a view is, or stands in, to the front.
    void showTab(QWidget* tab);
    /// The tree's share of the height that it has with the tab above it; 0 to 1. It reads 0 while
    /// the tab on show leaves the tree out.
    void setTreeShare(double share);
    [[nodiscard]] double treeShare() const;
    /// Whether the map gives what belongs to it away: tools, legend and address strip. The tree
    /// gets the height.
    void setMapSmall(bool isSmall);
    /// Shows the table with the pages that the map's lens gives a class to.
    void listClass(Lens lens, LensClass lensClass);

Q_SIGNALS:
    void tableShown(bool isTable);

public:
    // State that the views share.
    SelectionHub* const hub;
    GetPlayer* const player;
    StagePlayer* const stagePlayer;
    // In the centre.
    NoticeBar* const notice;
    BreadcrumbBar* const crumbs;
    GoToBox* const goTo;
    LinkLabel* const headline;
    AddressStripView* const strip;
    MapPanel* const map;
    PageListModel* const pages; ///< rows of the table
    PageTablePanel* const table;
    TreeView* const tree;
    StageView* const stage; ///< inside the commit view
    CommitView* const commit;
    GrowthView* const growth;
    CrashPanel* const crash;
    // For docks.
    BucketPanel* const buckets;
    InspectorPanel* const inspector;
    ProblemPanel* const problems;
    PlayerPanel* const playerPanel;
    SandboxPanel* const sandboxPanel;
    SittingView* const sitting; ///< inside the sandbox panel
    BranchBox* const branches;  ///< the same
    ReadersPanel* const readers;
    BiographyView* const biography;
    DifferencePanel* const differences;
    StatisticsPanel* const statistics;

private:
    void addTabs();
    void makeRoom();

    QTabBar* m_tabs;
    QStackedWidget* m_upper; ///< what the tabs show, in their order
    QSplitter* m_splitter;
    QLabel* m_frame;
    QWidget* m_path; ///< bread crumbs and the box to go elsewhere
    QWidget* m_line; ///< headline or notice
    bool m_isMapSmall = false;
};

} // namespace pagescape::gui
