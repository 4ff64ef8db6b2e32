// SPDX-License-Identifier: MIT
// The shared selection and its history. Guards are comparisons of values, so echoing views end at
// once.
#include "state/selection_hub.h"

#include <utility>

namespace pagescape::gui {

namespace {

// Remembers a place at the near end and forgets the farthest one above the cap.
void remember(std::vector<Place>& list, const Place& place) {
    if (place.isEmpty()) {
        return;
    }
    list.push_back(place);
    if (list.size() > SelectionHub::kHistoryCap) {
        list.erase(list.begin());
    }
}

} // namespace

SelectionHub::SelectionHub(QObject* parent) : QObject(parent) {}

void SelectionHub::select(const Place& place) {
    if (place == m_selection) {
        return;
    }
    // Moving inside one page refines the place; only another page is a step of the history.
    const bool isStep = place.page != m_selection.page && !m_selection.isEmpty();
    if (isStep) {
        remember(m_back, m_selection);
        m_forward.clear();
    }
    apply(place);
    if (isStep) {
        Q_EMIT historyChanged(canGoBack(), canGoForward());
    }
}

void SelectionHub::show(const Place& place) {
    if (place != m_selection) {
        apply(place);
    }
}

void SelectionHub::selectPage(PageId page) {
    Place place;
    place.page = page;
    select(place);
}

void SelectionHub::setHover(const Place& place) {
    if (place == m_hover) {
        return;
    }
    m_hover = place;
    Q_EMIT hoverChanged(place);
}

void SelectionHub::goBack(int steps) {
    travel(m_back, m_forward, steps);
}

void SelectionHub::goForward(int steps) {
    travel(m_forward, m_back, steps);
}

void SelectionHub::clear() {
    const bool hadHistory = canGoBack() || canGoForward();
    m_back.clear();
    m_forward.clear();
    setHover({});
    if (!(m_selection == Place{})) {
        apply({});
    }
    if (hadHistory) {
        Q_EMIT historyChanged(false, false);
    }
}

void SelectionHub::apply(const Place& place) {
    m_selection = place;
    // A copy: a listener may select something else while it is being told.
    const Place told = place;
    Q_EMIT selectionChanged(told);
}

void SelectionHub::travel(std::vector<Place>& from, std::vector<Place>& to, int steps) {
    if (from.empty() || steps <= 0) {
        return;
    }
    Place place = m_selection;
    for (int step = 0; step < steps && !from.empty(); ++step) {
        remember(to, place);
        place = std::move(from.back());
        from.pop_back();
    }
    apply(place);
    Q_EMIT historyChanged(canGoBack(), canGoForward());
}

} // namespace pagescape::gui
