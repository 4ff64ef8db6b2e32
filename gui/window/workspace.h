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
class QTabWidget;
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
    /// Brings the tab of the centre that a view is, or stands in, to the front.
    void showTab(QWidget* tab);
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
    void makeRoom();

    QTabWidget* m_upper;
    QLabel* m_frame;
    QWidget* m_line; ///< headline or notice
};

} // namespace pagescape::gui
