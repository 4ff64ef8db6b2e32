// SPDX-License-Identifier: MIT
#include "diff/page_lists.h"

#include <algorithm>
#include <numeric>
#include <optional>

namespace pagescape {

namespace {

void append(std::vector<PageIdSpan>& spans, PageId id) {
    if (!spans.empty() && pageAfter(spans.back().first, spans.back().count) == id) {
        ++spans.back().count;
    } else {
        spans.push_back({id, 1});
    }
}

} // namespace

PageDiff pageLists(const PageSet& before, const PageSet& after, const PageSet& changed) {
    PageDiff lists;
    PageId from{0};
    while (true) {
        const auto left = before.nextFrom(from);
        const auto right = after.nextFrom(from);
        if (!left && !right) {
            return lists;
        }
        const PageId id = std::min(left.value_or(PageId{~std::uint64_t{0}}),
                                   right.value_or(PageId{~std::uint64_t{0}}));
        if (left != right) {
            append(left == id ? lists.onlyBefore : lists.onlyAfter, id);
        } else {
            append(changed.contains(id) ? lists.changed : lists.same, id);
        }
        from = pageAfter(id, 1);
    }
}

std::uint64_t pagesIn(const std::vector<PageIdSpan>& spans) {
    return std::accumulate(
        spans.begin(), spans.end(), std::uint64_t{0},
        [](std::uint64_t sum, const PageIdSpan& span) { return sum + span.count; });
}

} // namespace pagescape
