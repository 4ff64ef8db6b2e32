// SPDX-License-Identifier: MIT
#include "views/accessible_items.h"

#include <algorithm>
#include <vector>

namespace pagescape::gui {

void installAccessibility(QAccessible::InterfaceFactory make) {
    static std::vector<QAccessible::InterfaceFactory> installed;
    if (std::find(installed.begin(), installed.end(), make) == installed.end()) {
        installed.push_back(make);
        QAccessible::installFactory(make);
    }
}

QAccessibleInterface* AccessibleItems::at(int number,
                                          const std::function<QAccessibleInterface*()>& make) {
    if (const auto found = m_items.find(number); found != m_items.end()) {
        return QAccessible::accessibleInterface(found->second.id);
    }
    if (m_items.size() >= kMost) {
        const auto oldest = m_items.find(m_ages.front());
        QAccessible::deleteAccessibleInterface(oldest->second.id);
        m_items.erase(oldest);
        m_ages.pop_front();
    }
    QAccessibleInterface* item = make();
    m_ages.push_back(number);
    m_items[number] = {QAccessible::registerAccessibleInterface(item), std::prev(m_ages.end())};
    return item;
}

void AccessibleItems::clear() {
    for (const auto& [number, kept] : m_items) {
        QAccessible::deleteAccessibleInterface(kept.id);
    }
    m_items.clear();
    m_ages.clear();
}

} // namespace pagescape::gui
