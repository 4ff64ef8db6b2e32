// SPDX-License-Identifier: MIT
// SelectionHub: the one selection that all views share, its history, and a separate hover channel.
// Views read it and propose; they do not know each other.
#pragma once

#include "state/place.h"

#include <QObject>

#include <cstddef>
#include <vector>

namespace pagescape::gui {

/// Owner of selection, hover and history. Thread: GUI thread.
class SelectionHub : public QObject {
    Q_OBJECT
public:
    explicit SelectionHub(QObject* parent = nullptr);

    /// Places remembered in each direction; the oldest one is forgotten first.
    static constexpr std::size_t kHistoryCap = 200;

    [[nodiscard]] const Place& selection() const { return m_selection; }
    [[nodiscard]] const Place& hover() const { return m_hover; }

    /// Selects a place and remembers the one before, when the page differs. Selecting the same
    /// place again does nothing, so views may echo without a loop.
    void select(const Place& place);
    /// Selects a place without remembering the one before: for steps of a player, which has a time
    /// line of its own.
    void show(const Place& place);
    /// Selects a page and nothing finer.
    void selectPage(PageId page);
    /// Shows a place in passing; an empty place ends it.
    void setHover(const Place& place);

    [[nodiscard]] bool canGoBack() const { return !m_back.empty(); }
    [[nodiscard]] bool canGoForward() const { return !m_forward.empty(); }
    /// Places behind and ahead, the nearest one last: for drop-down menus.
    [[nodiscard]] const std::vector<Place>& backList() const { return m_back; }
    [[nodiscard]] const std::vector<Place>& forwardList() const { return m_forward; }
    /// One step, or several at once (1: the nearest); more than there are goes as far as possible.
    void goBack(int steps = 1);
    void goForward(int steps = 1);
    /// Forgets selection and history: another file was opened.
    void clear();

Q_SIGNALS:
    void selectionChanged(const pagescape::gui::Place& place);
    void hoverChanged(const pagescape::gui::Place& place);
    void historyChanged(bool canGoBack, bool canGoForward);

private:
    void apply(const Place& place);
    void travel(std::vector<Place>& from, std::vector<Place>& to, int steps);

    Place m_selection;
    Place m_hover;
    std::vector<Place> m_back;
    std::vector<Place> m_forward;
};

} // namespace pagescape::gui
