// SPDX-License-Identifier: MIT
#include "window/ready_layouts.h"

#include "views/map_panel.h"
#include "views/stage_view.h"
#include "window/actions.h"
#include "window/workspace.h"

#include <QApplication>
#include <QDockWidget>
#include <QLayout>
#include <QStatusBar>
#include <QToolBar>

#include <array>
#include <vector>

namespace pagescape::gui {

namespace {

constexpr double kLargeText = 1.2; // of the usual size

// What a layout shows, and its shares of the window.
struct Plan {
    std::vector<const char*> docks; ///< the ones that are tabs of one another: the last is in front
    double left = 0;                ///< of the width
    double right = 0;
    double bottom = 0;    ///< of the height
    double treeShare = 0; ///< of the centre's height
    bool isMapSmall = false;
    bool isInLab = false; ///< the picture of the commit in the centre, else the map
};

Plan planOf(ReadyLayout layout, bool isInLab) {
    switch (layout) {
    case ReadyLayout::Explore:
        return {{"buckets", "problems", "inspector"}, 0.19, 0.29, 0, 0.5, false, false};
    case ReadyLayout::Step: isInLab = false; break;
    case ReadyLayout::Commit: isInLab = true; break;
    case ReadyLayout::Present: break; // whichever of the two above it is now
    }
    return isInLab ? Plan{{"sandbox"}, 0, 0, 0.2, 0.5, false, true}
                   : Plan{{"player"}, 0, 0, 0.24, 0.66, true, false};
}

// The docks that are about a sandbox only.
constexpr std::array kLabDocks{"sandbox", "readers", "page-history"};

struct Choice {
    ReadyLayout layout;
    const char* id;
};
constexpr std::array kChoices{
    Choice{ReadyLayout::Explore, "layout-explore"}, Choice{ReadyLayout::Step, "layout-step"},
    Choice{ReadyLayout::Commit, "layout-commit"}, Choice{ReadyLayout::Present, "layout-present"}};

} // namespace

ReadyLayouts::ReadyLayouts(QMainWindow* window, Workspace* workspace, int version)
    : QObject(window), m_window(window), m_workspace(workspace), m_version(version),
      m_factory(window->saveState(version)), m_own(m_factory),
      m_ownTreeShare(workspace->treeShare()) {}

void ReadyLayouts::addActions(Actions& actions) {
    m_actions = &actions;
    const std::array texts{tr("&Explore: map, tree and inspector"), tr("&Step: tree and player"),
                           tr("&Commit: the picture of the lab"),
                           tr("&Present: few panels, large text")};
    for (std::size_t i = 0; i < kChoices.size(); ++i) {
        QAction* action = actions.add(QLatin1String(kChoices[i].id), texts[i],
                                      QKeySequence(Qt::CTRL | Qt::Key(Qt::Key_1 + int(i))));
        action->setCheckable(true);
        connect(action, &QAction::triggered, this,
                [this, layout = kChoices[i].layout] { choose(layout); });
    }
    QAction* own = actions.add(QStringLiteral("layout-own"), tr("My &own arrangement"),
                               QKeySequence(Qt::CTRL | Qt::Key_5));
    own->setCheckable(true);
    connect(own, &QAction::triggered, this, &ReadyLayouts::chooseOwn);
    QAction* again = actions.add(QStringLiteral("reset-layout"), tr("&Reset my arrangement"));
    connect(again, &QAction::triggered, this, &ReadyLayouts::reset);
    showActions();
}

QDockWidget* ReadyLayouts::dock(const char* name) const {
    return m_window->findChild<QDockWidget*>(QLatin1String(name), Qt::FindDirectChildrenOnly);
}

// Only what is on the screen can be kept, and only where it is the user's.
void ReadyLayouts::keepOwn() {
    if (m_isShown && !m_current) {
        m_own = m_window->saveState(m_version);
        const double share = m_workspace->treeShare();
        m_ownTreeShare = share > 0 ? share : m_ownTreeShare; // 0: the tab on show has no tree
    }
}

QByteArray ReadyLayouts::own() const {
    return m_isShown && !m_current ? m_window->saveState(m_version) : m_own;
}

void ReadyLayouts::setOwn(const QByteArray& state) {
    m_own = state.isEmpty() ? m_factory : state;
}

void ReadyLayouts::show(bool isInLab) {
    if (m_isShown && isInLab == m_isInLab) {
        return;
    }
    keepOwn();
    goToLab(isInLab);
    m_isShown = true;
    arrange();
}

void ReadyLayouts::goToLab(bool isInLab) {
    if (isInLab != m_isInLab && m_current != ReadyLayout::Present) {
        if (isInLab) {
            m_outsideLab = m_current;
            m_current = ReadyLayout::Commit;
        } else if (m_current == ReadyLayout::Commit) {
            m_current = m_outsideLab;
        }
    }
    m_isInLab = isInLab;
}

void ReadyLayouts::hide() {
    keepOwn();
    goToLab(false);
    m_isShown = false;
    for (QDockWidget* dock : m_window->findChildren<QDockWidget*>()) {
        dock->hide();
    }
}

void ReadyLayouts::choose(ReadyLayout layout) {
    keepOwn();
    m_current = layout;
    arrange();
}

void ReadyLayouts::chooseOwn() {
    m_current.reset();
    arrange();
}

void ReadyLayouts::reset() {
    m_own = m_factory;
    chooseOwn();
}

void ReadyLayouts::arrange() {
    if (m_isShown) {
        setLargeText(false); // beside many docks it would make the window wider than the screen
        if (m_current) {
            arrange(*m_current);
        } else {
            arrangeOwn();
        }
        setLargeText(m_current == ReadyLayout::Present);
    }
    showActions();
}

void ReadyLayouts::arrangeOwn() {
    m_window->statusBar()->show(); // no part of the saved state
    m_workspace->setMapSmall(false);
    if (!m_window->restoreState(m_own, m_version)) {
        m_window->restoreState(m_factory, m_version);
    }
    for (const char* name : kLabDocks) {
        dock(name)->setVisible(m_isInLab);
    }
    if (m_isInLab) {
        dock("sandbox")->raise();
    }
    shareCentre(m_ownTreeShare);
}

void ReadyLayouts::arrange(ReadyLayout layout) {
    const Plan plan = planOf(layout, m_isInLab);
    m_window->restoreState(m_factory, m_version); // every dock in its area, none floating
    for (QDockWidget* dock : m_window->findChildren<QDockWidget*>()) {
        dock->hide();
    }
    for (const char* name : plan.docks) {
        dock(name)->show();
        dock(name)->raise();
    }
    m_window->findChild<QToolBar*>()->setVisible(layout != ReadyLayout::Present);
    m_window->statusBar()->setVisible(layout != ReadyLayout::Present);
    const auto resize = [this](const char* name, double share, Qt::Orientation orientation) {
        const int whole = orientation == Qt::Horizontal ? m_window->width() : m_window->height();
        if (dock(name)->isVisible() && share > 0) {
            m_window->resizeDocks({dock(name)}, {int(whole * share)}, orientation);
        }
    };
    resize("buckets", plan.left, Qt::Horizontal);
    resize("inspector", plan.right, Qt::Horizontal);
    resize("player", plan.bottom, Qt::Vertical);
    resize("sandbox", plan.bottom, Qt::Vertical);
    if (dock("problems")->isVisible()) {
        m_window->resizeDocks({dock("buckets"), dock("problems")}, {4, 1}, Qt::Vertical);
    }
    m_workspace->setMapSmall(plan.isMapSmall);
    m_workspace->showTab(plan.isInLab ? static_cast<QWidget*>(m_workspace->stage)
                                      : m_workspace->map);
    shareCentre(plan.treeShare);
}

// A share of the height that the centre will have: the docks must be in their places first.
void ReadyLayouts::shareCentre(double ofTree) {
    m_window->layout()->activate();
    m_workspace->setTreeShare(ofTree);
}

// Of the content; menus and the titles of panels keep their size.
void ReadyLayouts::setLargeText(bool isLarge) {
    QFont font; // one that settles nothing: that of the program
    if (isLarge) {
        const QFont usual = QApplication::font();
        if (usual.pointSizeF() > 0) {
            font.setPointSizeF(usual.pointSizeF() * kLargeText);
        } else {
            font.setPixelSize(int(usual.pixelSize() * kLargeText));
        }
    }
    m_workspace->setFont(font);
    for (const QDockWidget* dock : m_window->findChildren<QDockWidget*>()) {
        dock->widget()->setFont(font);
    }
}

void ReadyLayouts::showActions() {
    if (m_actions == nullptr) {
        return;
    }
    for (const Choice& choice : kChoices) {
        m_actions->get(QLatin1String(choice.id))->setChecked(m_current == choice.layout);
    }
    m_actions->get(QStringLiteral("layout-own"))->setChecked(!m_current);
}

} // namespace pagescape::gui
