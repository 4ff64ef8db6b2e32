// SPDX-License-Identifier: MIT
// The binary search of a page, with and without tracing. One body: the untraced instance contains
// no trace code at all.
#pragma once

#include "tree/tree_access.h"

#include <algorithm>

namespace pagescape {

/// Bytes two keys have to be compared over: the common prefix and the first difference.
[[nodiscard]] inline std::uint32_t comparedBytes(Bytes a, Bytes b) {
    const std::size_t common = std::min(a.size(), b.size());
    std::size_t at = 0;
    while (at < common && a[at] == b[at]) {
        ++at;
    }
    return static_cast<std::uint32_t>(at < common ? at + 1 : common);
}

/// Searches the elements of a page for the lowest key >= target, probing like Go's sort.Search so
/// that the trace shows bolt's own steps. Errors: CorruptPage for an element that leaves the page.
template <bool kTraced>
[[nodiscard]] Result<SearchResult> searchPage(const ReadTransaction& tx, const TreePage& page,
                                              Bytes target) {
    const bool isLeaf = page.view.isLeaf();
    std::uint32_t low = 0;
    std::uint32_t high = page.view.count();
    bool exact = false;
    while (low < high) {
        const std::uint32_t middle = low + (high - low) / 2;
        if constexpr (!kTraced) {
            if (isLeaf) { // whichever half comes next, its key is on the way
                page.view.prefetchLeafKey(low + (middle - low) / 2);
                page.view.prefetchLeafKey(middle + 1 + (high - middle - 1) / 2);
            }
        }
        Bytes key;
        if (isLeaf) {
            const auto element = page.view.leaf(middle);
            if (!element) {
                return fail(corruptPage(page.page, "Key or value leaves the page", middle));
            }
            key = element->key;
        } else {
            const auto element = page.view.branch(middle);
            if (!element) {
                return fail(corruptPage(page.page, "Key leaves the page", middle));
            }
            key = element->key;
        }
        const auto order = compareKeys(target, key);
        if constexpr (kTraced) {
            ProbeEvent event;
            event.page = page.page;
            event.low = low;
            event.high = high;
            event.middle = middle;
            event.key = TreeAccess::range(tx, key);
            event.bytesCompared = comparedBytes(target, key);
            event.order = order < 0 ? std::int8_t{-1} : order > 0 ? std::int8_t{1} : std::int8_t{0};
            TreeAccess::trace(tx)->onEvent(event);
        }
        if (order > 0) {
            low = middle + 1;
        } else {
            high = middle;
            exact = exact || order == 0;
        }
    }
    return SearchResult{low, exact};
}

/// The child that holds keys like the one searched: no exact match steps one to the left.
/// Source: bbolt cursor.go searchPage.
[[nodiscard]] inline std::uint32_t childIndex(SearchResult found) {
    return !found.exact && found.index > 0 ? found.index - 1 : found.index;
}

} // namespace pagescape
