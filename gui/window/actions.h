// SPDX-License-Identifier: MIT
// Actions: every command of the window in one registry: id, text, shortcut, icon. Menus, tool bar
// and the key map are made from it, and a test holds it to account.
#pragma once

#include "paint/theme.h"

#include <QAction>
#include <QKeySequence>
#include <QObject>
#include <QString>

#include <vector>

namespace pagescape::gui {

/// Owns the actions. Thread: GUI thread.
class Actions : public QObject {
    Q_OBJECT
public:
    explicit Actions(QWidget* window);

    /// Makes an action that works everywhere in the window.
    QAction* add(const QString& id, const QString& text, const QKeySequence& shortcut = {},
                 const QString& icon = {});
    /// The action with that id; it must exist.
    [[nodiscard]] QAction* get(const QString& id) const;
    [[nodiscard]] const std::vector<QAction*>& all() const { return m_actions; }
    /// Tints the icons.
    void setTheme(const Theme& theme);

    /// Keys that single views handle themselves, for the key map: keys and what they do.
    [[nodiscard]] static std::vector<std::pair<QString, QString>> viewKeys();

private:
    QWidget* m_window;
    std::vector<QAction*> m_actions;
};

} // namespace pagescape::gui
