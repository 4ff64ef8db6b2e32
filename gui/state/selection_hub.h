// SPDX-License-Identifier: MIT
// SelectionHub: the one selection that all views share, its history, and a separate hover channel.
// Views read it and propose; they do not know each other.
#pragma once

#include "state/place.h"

#include <QObject>

#include <vector>

namespace pagescape::gui {

/// Owner of selection, hover and history. Thread: GUI thread.
class SelectionHub : public QObject {
    Q_OBJECT
public:
    explicit SelectionHub(QObject* parent = nullptr);

    [[nodiscard]] const Place& selection() const { return m_selection; }
    [[nodiscard]] const Place& hover() const { return m_hover; }

    /// Selects a place and remembers the one before, when the page differs. Selecting the same place
    /// again does nothing, so views may echo without a loop.
    void select(const Place& place);
    /// Selects a page and nothing finer.
    void selectPage(PageId page);
    /// Shows a place in passing; an empty place ends it.
    void setHover(const Place& place);

    [[nodiscard]] bool canGoBack() const { return !m_back.empty(); }
    [[nodiscard]] bool canGoForward() const { return !m_forward.empty(); }
    void goBack();
    void goForward();
    /// Forgets selection and history: another file was opened.
    void clear();

Q_SIGNALS:
    void selectionChanged(const pagescape::gui::Place& place);
    void hoverChanged(const pagescape::gui::Place& place);
    void historyChanged(bool canGoBack, bool canGoForward);

private:
    void apply(const Place& place);

    Place m_selection;
    Place m_hover;
    std::vector<Place> m_back;
    std::vector<Place> m_forward;
};

} // namespace pagescape::gui
