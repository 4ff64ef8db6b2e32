// SPDX-License-Identifier: MIT
#include "window/actions.h"

#include "paint/icon.h"

#include <QWidget>

namespace pagescape::gui {

Actions::Actions(QWidget* window) : QObject(window), m_window(window) {}

QAction* Actions::add(const QString& id, const QString& text, const QKeySequence& shortcut,
                      const QString& icon) {
    auto* action = new QAction(text, this);
    action->setObjectName(id);
    action->setShortcut(shortcut);
    action->setProperty("iconName", icon);
    m_window->addAction(action);
    m_actions.push_back(action);
    return action;
}

QAction* Actions::get(const QString& id) const {
    for (QAction* action : m_actions) {
        if (action->objectName() == id) {
            return action;
        }
    }
    Q_ASSERT_X(false, "Actions::get", qPrintable(id));
    return nullptr;
}

void Actions::setTheme(const Theme& theme) {
    for (QAction* action : m_actions) {
        const QString icon = action->property("iconName").toString();
        if (!icon.isEmpty()) {
            action->setIcon(themedIcon(icon, theme));
        }
    }
}

std::vector<std::pair<QString, QString>> Actions::viewKeys() {
    return {
        {tr("Arrow keys, Home, End, Page Up, Page Down"),
         tr("Move the cursor of the map, the tree or the bytes")},
        {tr("Space"), tr("In the map and the bytes: select what is under the cursor")},
        {tr("Enter"), tr("Follow the pointer of the selection")},
        {tr("Enter"), tr("In the picture of a commit: show the page of a node, or select a page")},
        {tr("1 … 6"), tr("In the map: choose a lens")},
        {tr("M"), tr("In the map, the tree and the bytes: previous version, and back")},
        {tr("?"),
         tr("In the picture of a commit: ask me about the next step; again: another question")},
        {tr("D"),
         tr("In the pictures of a sandbox: mark this moment; again: what differs between both")},
        {tr("+  −  0"), tr("In the map and the tree: zoom in, zoom out, fit")},
        {tr("L, Shift+L"), tr("In the map: isolate the next class of the legend, show all")},
        {tr("G"), tr("In the bucket tree: trace a Get of the selected key")},
        {tr("Space, Shift+Space"), tr("In the player: step forward, step back")},
        {tr("P"), tr("In the player: play or pause")},
        {tr(",  ."), tr("In the player: previous or next event of the same kind")},
        {tr("[  ]"), tr("In the player: slower, faster")},
        {tr("Up, Down; Page Up, Page Down"),
         tr("In the crash lab: move the crash; to the next named stop")},
        {tr("Shift+Up, Shift+Down"), tr("In the crash lab: choose a write")},
        {tr("Space; T, +, −"), tr("In the crash lab: the write survives or is lost; it is torn")},
        {tr("Enter, Ctrl+Enter"), tr("In a sandbox: put the pair of the fields; commit")},
        {tr("Ctrl held"), tr("The hover preview stays while the pointer moves on")},
        {tr("Enter"), tr("In the list of readers: look through the reader, and back")},
        {tr("Esc"), tr("Give up the finest selection, then leave the traced Get, then the reader "
                       "that is looked through")},
    };
}

} // namespace pagescape::gui
