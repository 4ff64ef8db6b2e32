// SPDX-License-Identifier: MIT
#include "store/span_list.h"

#include <algorithm>
#include <iterator>

namespace pagescape {

std::uint64_t FirstFitSpans::take(std::uint64_t length) {
    while (m_head < m_spans.size() && m_spans[m_head].length == 0) {
        ++m_head;
    }
    for (std::size_t i = m_head; length > 0 && i < m_spans.size(); ++i) {
        PageSpan& span = m_spans[i];
        if (span.length >= length) {
            const std::uint64_t first = span.first;
            span.first += length;
            span.length -= length;
            m_pages -= length;
            return first;
        }
    }
    return 0;
}

void FirstFitSpans::add(const std::vector<PageSpan>& spans) {
    std::vector<PageSpan> merged;
    merged.reserve(m_spans.size() - m_head + spans.size());
    const auto put = [&merged](const PageSpan& span) {
        if (span.length == 0) {
            return;
        }
        if (!merged.empty() && merged.back().first + merged.back().length == span.first) {
            merged.back().length += span.length;
        } else {
            merged.push_back(span);
        }
    };
    std::size_t own = m_head;
    for (const PageSpan& span : spans) {
        while (own < m_spans.size() && m_spans[own].first < span.first) {
            put(m_spans[own++]);
        }
        put(span);
        m_pages += span.length;
    }
    while (own < m_spans.size()) {
        put(m_spans[own++]);
    }
    m_spans = std::move(merged);
    m_head = 0;
}

bool FirstFitSpans::contains(std::uint64_t id) const {
    // The last span that begins at or before the page; a used-up span may share its beginning.
    auto after = std::upper_bound(
        m_spans.begin() + static_cast<std::ptrdiff_t>(m_head), m_spans.end(), id,
        [](std::uint64_t page, const PageSpan& span) { return page < span.first; });
    while (after != m_spans.begin() + static_cast<std::ptrdiff_t>(m_head)) {
        --after;
        if (after->length > 0) {
            return id - after->first < after->length;
        }
    }
    return false;
}

std::uint64_t FirstFitSpans::lengthFrom(std::uint64_t id) const {
    for (auto span = std::lower_bound(
             m_spans.begin() + static_cast<std::ptrdiff_t>(m_head), m_spans.end(), id,
             [](const PageSpan&one, std::uint64_t page) { return one.first < page; });
         span != m_spans.end() && span->first == id; ++span) {
        if (span->length > 0) { // not one that is used up
            return span->length;
        }
    }
    return 0;
}

std::vector<PageSpan> FirstFitSpans::spans() const {
    std::vector<PageSpan> all;
    std::copy_if(m_spans.begin() + static_cast<std::ptrdiff_t>(m_head), m_spans.end(),
                 std::back_inserter(all), [](const PageSpan& span) { return span.length > 0; });
    return all;
}

std::uint64_t BestFitSpans::take(std::uint64_t length) {
    const auto found = m_byLength.lower_bound({length, 0});
    if (length == 0 || found == m_byLength.end()) {
        return 0;
    }
    const PageSpan span{found->second, found->first};
    m_byLength.erase(found);
    m_byFirst.erase(span.first);
    m_pages -= span.length;
    if (span.length > length) {
        insert({span.first + length, span.length - length});
    }
    return span.first;
}

void BestFitSpans::insert(PageSpan span) {
    m_byFirst.emplace(span.first, span.length);
    m_byLength.emplace(span.length, span.first);
    m_pages += span.length;
}

void BestFitSpans::add(const std::vector<PageSpan>& spans) {
    for (PageSpan span : spans) {
        const auto drop = [this](std::map<std::uint64_t, std::uint64_t>::iterator at) {
            m_byLength.erase({at->second, at->first});
            m_pages -= at->second;
            m_byFirst.erase(at);
        };
        auto after = m_byFirst.lower_bound(span.first);
        if (after != m_byFirst.begin()) {
            const auto before = std::prev(after);
            if (before->first + before->second == span.first) {
                span = {before->first, before->second + span.length};
                drop(before);
            }
        }
        after = m_byFirst.lower_bound(span.first);
        if (after != m_byFirst.end() && span.first + span.length == after->first) {
            span.length += after->second;
            drop(after);
        }
        insert(span);
    }
}

bool BestFitSpans::contains(std::uint64_t id) const {
    const auto after = m_byFirst.upper_bound(id);
    return after != m_byFirst.begin() && id - std::prev(after)->first < std::prev(after)->second;
}

std::uint64_t BestFitSpans::lengthFrom(std::uint64_t id) const {
    const auto span = m_byFirst.find(id);
    return span == m_byFirst.end() ? 0 : span->second;
}

std::vector<PageSpan> BestFitSpans::spans() const {
    std::vector<PageSpan> all;
    for (const auto& [first, length] : m_byFirst) {
        all.push_back({first, length});
    }
    return all;
}

} // namespace pagescape
